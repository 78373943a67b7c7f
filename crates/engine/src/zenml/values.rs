//! The column `values` of ZenML's table `secret`: the JSON of a map, in base64; or AES-256-GCM of it under SHA-256 of a text, in base64
//! of IV (12 bytes) ‖ tag (16) ‖ ciphertext. Nothing in a row says which.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use secrecy::SecretString;
use std::fmt;
use strongroom_core::{Error, Result, Value, Values, parse_values};
use zeroize::Zeroizing;

const TAG: usize = 16;

/// What ZenML's server was given as `ZENML_SECRETS_STORE_ENCRYPTION_KEY`.
pub struct EncryptionKey(LessSafeKey);

impl EncryptionKey {
    /// The key that ZenML makes of this text.
    pub fn new(text: &str) -> Self {
        let hash = digest(&SHA256, text.as_bytes());
        Self(LessSafeKey::new(UnboundKey::new(&AES_256_GCM, hash.as_ref()).expect("a key of 32 bytes")))
    }
}

impl fmt::Debug for EncryptionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EncryptionKey")
    }
}

/// What became of a row.
#[derive(Debug)]
pub(super) enum Read {
    /// Its values, and whether they were encrypted.
    Values { values: Values, encrypted: bool },
    /// It may be encrypted, with another key if one was given.
    Sealed,
    /// It is neither.
    Damaged(&'static str),
}

/// Reads a row. With a key, it is tried first: its tag tells for certain. What it does not open is plain only if it is a map of texts.
pub(super) fn read(column: &str, key: Option<&EncryptionKey>) -> Read {
    let Ok(bytes) = BASE64_STANDARD.decode(column.trim()).map(Zeroizing::new) else {
        return Read::Damaged("it is no base64, or cut off");
    };
    if let Some(text) = key.and_then(|key| decrypted(key, &bytes)) {
        return match values(&text) {
            Ok(values) => Read::Values { values, encrypted: true },
            Err(_) => Read::Damaged("what was encrypted is no map of keys to texts"),
        };
    }
    match values(&bytes) {
        Ok(values) => Read::Values { values, encrypted: false },
        // text that begins as a map is no ciphertext
        Err(_) if bytes.len() <= NONCE_LEN + TAG || bytes.starts_with(b"{") => {
            Read::Damaged("it is no map of keys to texts")
        }
        Err(_) => Read::Sealed,
    }
}

fn decrypted(EncryptionKey(key): &EncryptionKey, bytes: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let (nonce, rest) = bytes.split_at_checked(NONCE_LEN)?;
    let (tag, text) = rest.split_at_checked(TAG)?;
    let mut text = Zeroizing::new([text, tag].concat());
    let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
    let length = key.open_in_place(nonce, Aad::empty(), &mut text).ok()?.len();
    text.truncate(length);
    Some(text)
}

/// A map of texts; a key that is `null` has no value and is left out, as ZenML does.
fn values(bytes: &[u8]) -> Result<Values> {
    let text = std::str::from_utf8(bytes).map_err(|_| Error::corrupt("the values are no text"))?;
    let read = parse_values("the values", &SecretString::from(text))?;
    let mut kept = Values::new();
    for (key, value) in read.iter() {
        match value {
            Value::Text(_) => kept.insert(key.to_owned(), value.clone()),
            Value::Json(_) if value.expose() == "null" => {}
            Value::Json(_) => return Err(Error::corrupt("a value is no text")),
        }
    }
    Ok(kept)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const KEY: &str = "0123456789abcdef";
    /// Made by ZenML's own code, with the IV 000102..0b.
    const SEALED: &str = "AAECAwQFBgcICQoLASaSBg2G5QnqBLtrvXNL6wBDK2BdHdB7hkAJ1Az7D/iUS9j4pF+8B7I=";
    const PLAIN: &str = "eyJhIjogIjEiLCAiYiI6ICJcdTAwZTkifQ==";

    fn expected() -> Values {
        [("a", "1"), ("b", "é")].into_iter().map(|(key, text)| (key.to_owned(), Value::text(text))).collect()
    }

    #[test]
    fn both_forms_are_read_with_the_key_and_the_plain_one_without() {
        let key = EncryptionKey::new(KEY);
        let Read::Values { values, encrypted: true } = read(SEALED, Some(&key)) else { panic!("not read") };
        assert_eq!(values, expected());
        for key in [Some(&key), None] {
            let Read::Values { values, encrypted: false } = read(PLAIN, key) else { panic!("not read") };
            assert_eq!(values, expected());
        }
    }

    #[test]
    fn another_key_or_none_never_gives_values() {
        assert!(matches!(read(SEALED, None), Read::Sealed));
        assert!(matches!(read(SEALED, Some(&EncryptionKey::new("0123456789abcdeg"))), Read::Sealed));
    }

    #[test]
    fn every_flipped_bit_and_every_cut_of_a_sealed_row_is_no_value() {
        let key = EncryptionKey::new(KEY);
        let bytes = BASE64_STANDARD.decode(SEALED).unwrap();
        for at in 0..bytes.len() {
            for bit in 0..8 {
                let mut changed = bytes.clone();
                changed[at] ^= 1 << bit;
                let read = read(&BASE64_STANDARD.encode(changed), Some(&key));
                assert!(!matches!(read, Read::Values { .. }), "byte {at}");
            }
        }
        for length in 0..SEALED.len() {
            assert!(!matches!(read(&SEALED[..length], Some(&key)), Read::Values { .. }), "cut off at {length}");
        }
        for length in 0..PLAIN.len() {
            assert!(!matches!(read(&PLAIN[..length], None), Read::Values { .. }), "cut off at {length}");
        }
    }

    #[test]
    fn what_is_no_map_of_texts_is_damaged_and_null_is_no_value() {
        for text in ["[]", "\"a\"", "{\"a\": 1}", "{\"a\": {}}", "{\"a\": \"1\"", "null"] {
            assert!(matches!(read(&BASE64_STANDARD.encode(text), None), Read::Damaged(_)), "{text}");
        }
        let Read::Values { values, .. } = read(&BASE64_STANDARD.encode("{\"a\": null, \"b\": \"1\"}"), None) else {
            panic!("not read")
        };
        assert_eq!(values.keys().collect::<Vec<_>>(), ["b"]);
    }
}
