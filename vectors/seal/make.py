"""Makes `records.json`: sealed records, by Python's `cryptography` from the description in `crates/core/src/seal.rs`.

A second implementation, so that a mistake in the first is not repeated in its own test. Run: `python make.py` (cryptography 42 or later).
"""

import base64
import hashlib
import json
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

CASES = [
    # what, context, text
    ("empty", ["local secrets file"], b""),
    ("short", ["local secrets file"], b'{"items":{}}'),
    ("one byte short of a block", ["a", "b"], b"x" * 63),
    ("a whole block", ["a", "b"], b"x" * 64),
    ("ends like the padding", [], b"\x80\x00\x00"),
    ("odd context", ["", "\u00e9", "\U0001f511"], "gr\u00fc\u00dfe".encode()),
]


def seed(number, name, length):
    """Bytes that look random and are the same in every run."""
    return hashlib.sha512(f"{number} {name}".encode()).digest()[:length]


def seal(key, context, text, salt, data_key, nonce):
    """One record."""
    key_id = hashlib.sha256(b"strongroom/key-id/1" + key).digest()[:8]
    place = hashlib.sha256(b"strongroom/place/1")
    for part in context:
        encoded = part.encode()
        place.update(len(encoded).to_bytes(8, "big") + encoded)
    head = b"strongroom-seal" + bytes([1]) + key_id + salt
    wrap_key = HKDF(SHA256(), 32, salt, b"strongroom/wrap/1").derive(key)
    inner = data_key + place.digest()
    head += AESGCM(wrap_key).encrypt(bytes(12), inner, head) + nonce
    padded = text + b"\x80"
    padded += bytes(-len(padded) % 64)
    return head + AESGCM(data_key).encrypt(nonce, padded, head)


def case(number, what, context, text):
    """One case."""
    key = seed(number, "key", 32)
    salt = seed(number, "salt", 16)
    data_key = seed(number, "data key", 32)
    nonce = seed(number, "nonce", 12)
    return {
        "what": what,
        "key": "strongroom-key-1:" + base64.b64encode(key).decode(),
        "key_id": hashlib.sha256(b"strongroom/key-id/1" + key).digest()[:8].hex(),
        "context": context,
        "text": text.hex(),
        "salt": salt.hex(),
        "data_key": data_key.hex(),
        "nonce": nonce.hex(),
        "record": seal(key, context, text, salt, data_key, nonce).hex(),
    }


if __name__ == "__main__":
    cases = [case(number, *parts) for number, parts in enumerate(CASES)]
    path = Path(__file__).with_name("records.json")
    path.write_text(json.dumps(cases, indent=1) + "\n")
