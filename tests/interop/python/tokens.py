"""Signs tokens as the vault's own authority does, and some that it never would: `tokens.py IDENTITY FOLDER`.

IDENTITY is the `identity.json` in the data folder of a `strongroom keyvault serve`. So the vault's checks face tokens
that differ from good ones in one claim, or in the key, only."""

import base64
import hashlib
import json
import pathlib
import sys
import time

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

HOUR = 3600
VAULT = "https://vault.azure.net"

identity = json.loads(pathlib.Path(sys.argv[1]).read_text())
tenant = identity["tenant_id"]
key = serialization.load_der_private_key(base64.b64decode(identity["signing_key"]), None)
# The name of the key is the digest of its public half, as PKCS#1.
public = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.PKCS1)
kid = base64.urlsafe_b64encode(hashlib.sha256(public).digest()[:20]).decode().rstrip("=")
now = int(time.time())


def access(signer=key, audience=VAULT, begin=now, end=now + HOUR):
    issuer = f"https://sts.windows.net/{tenant}/"
    claims = {"aud": audience, "iss": issuer, "iat": begin, "nbf": begin, "exp": end, "tid": tenant, "ver": "1.0"}
    return jwt.encode(claims, signer, "RS256", {"kid": kid})


federated = {
    "iss": f"https://federation.strongroom.localhost/{tenant}",
    "sub": "system:serviceaccount:strongroom:step",
    "aud": "api://AzureADTokenExchange",
    "iat": now,
    "nbf": now,
    "exp": now + HOUR,
}
tokens = {
    "INTEROP_TOKEN": access(),
    "INTEROP_TOKEN_MALFORMED": "this.is.no-token",
    "INTEROP_TOKEN_FORGED": access(signer=rsa.generate_private_key(65537, 2048)),
    "INTEROP_TOKEN_AUDIENCE": access(audience="https://management.azure.com"),
    "INTEROP_TOKEN_EXPIRED": access(begin=now - 2 * HOUR, end=now - HOUR),
    "AZURE_FEDERATED_TOKEN_FILE": jwt.encode(federated, key, "RS256", {"kid": kid}),
}
for name, token in tokens.items():
    pathlib.Path(sys.argv[2], name).write_text(token)
