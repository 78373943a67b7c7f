//! Sealing: encryption of what lies on a disk, so that only the holder of the key reads it, and changes are found out.
//!
//! A sealed record, all lengths in bytes:
//!
//! | field | length | |
//! |---|---|---|
//! | magic | 15 | `strongroom-seal` |
//! | format | 1 | 1 |
//! | key id | 8 | which key: the beginning of SHA-256(`strongroom/key-id/1` ‖ key) |
//! | salt | 16 | random; the wrap key is HKDF-SHA-256(key, salt, `strongroom/wrap/1`) |
//! | wrapped | 80 | AES-256-GCM under the wrap key, nonce zero: data key (32) ‖ place (32), and tag |
//! | nonce | 12 | random |
//! | body | 64·n + 16 | AES-256-GCM under the data key: text ‖ `80` ‖ zeros to a multiple of 64, and tag |
//!
//! Place is SHA-256(`strongroom/place/1` ‖ for each part of the context: its length in 8 bytes, big-endian ‖ part). All that
//! stands before an encrypted field is its associated data. Both the wrap key and the data key are used once, so neither
//! nonce can repeat. `vectors/seal/` holds records made by another implementation.

mod key;
mod keys;

pub use key::Key;
pub use keys::Keys;

use crate::{Error, Kind, Result};
use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::digest::{self, SHA256};
use aws_lc_rs::hkdf;
use zeroize::Zeroizing;

const MAGIC: &[u8] = b"strongroom-seal";
const FORMAT: u8 = 1;
const KEY_ID: usize = 8;
const SALT: usize = 16;
const DATA_KEY: usize = 32;
const PLACE: usize = 32;
const TAG: usize = 16;
/// Texts are padded to multiples of this, so that a length tells little.
const BLOCK: usize = 64;

/// Where the wrapped field begins, where it ends, and where the body begins.
const WRAPPED: usize = MAGIC.len() + 1 + KEY_ID + SALT;
const NONCE: usize = WRAPPED + DATA_KEY + PLACE + TAG;
const BODY: usize = NONCE + NONCE_LEN;

/// What makes one record differ from the next of the same text.
struct Chance {
    salt: [u8; SALT],
    data_key: Zeroizing<[u8; DATA_KEY]>,
    nonce: [u8; NONCE_LEN],
}

impl Chance {
    fn new() -> Result<Self> {
        let mut chance = Self { salt: [0; SALT], data_key: Zeroizing::new([0; DATA_KEY]), nonce: [0; NONCE_LEN] };
        for bytes in [&mut chance.salt[..], &mut chance.data_key[..], &mut chance.nonce[..]] {
            random(bytes)?;
        }
        Ok(chance)
    }
}

/// From the system, not from aws-lc: that gathers entropy of its own first, 30 ms in each new process.
fn random(bytes: &mut [u8]) -> Result<()> {
    getrandom::fill(bytes)
        .map_err(|error| Error::new(Kind::Unavailable, "no random bytes").with_source(error.to_string()))
}

/// Whether `bytes` are a sealed record, of whatever format.
pub fn is_sealed(bytes: &[u8]) -> bool {
    bytes.starts_with(MAGIC)
}

/// Seals `text` under `key`. `context` says where the record belongs; [`open`] must be given the same.
///
/// # Errors
/// [`Kind::Unavailable`] when the system has no randomness.
pub fn seal(key: &Key, context: &[&str], text: &[u8]) -> Result<Vec<u8>> {
    Ok(seal_with(key, context, text, &Chance::new()?))
}

fn seal_with(key: &Key, context: &[&str], text: &[u8], chance: &Chance) -> Vec<u8> {
    let padded = (text.len() + 1).next_multiple_of(BLOCK);
    let mut record = Vec::with_capacity(BODY + padded + TAG);
    record.extend_from_slice(MAGIC);
    record.push(FORMAT);
    record.extend_from_slice(&key.id_bytes());
    record.extend_from_slice(&chance.salt);

    let mut inner = Zeroizing::new([0; DATA_KEY + PLACE]);
    inner[..DATA_KEY].copy_from_slice(&*chance.data_key);
    inner[DATA_KEY..].copy_from_slice(place(context).as_ref());
    let tag = encrypt(&wrap_key(key, &chance.salt), [0; NONCE_LEN], &record, &mut *inner);
    record.extend_from_slice(&*inner);
    record.extend_from_slice(&tag);

    record.extend_from_slice(&chance.nonce);
    // the capacity was reserved, so the clear text is never copied elsewhere before it is encrypted in place
    record.extend_from_slice(text);
    record.push(0x80);
    record.resize(BODY + padded, 0);
    let (head, body) = record.split_at_mut(BODY);
    let tag = encrypt(&aead(&*chance.data_key), chance.nonce, head, body);
    record.extend_from_slice(&tag);
    record
}

/// The text of a record that `key` sealed for `context`.
///
/// # Errors
/// [`Kind::Unsupported`] when the format is a newer one. Else [`Kind::Corrupt`], which says what is wrong: no record, cut off,
/// another key and which, sealed for another place, or changed since.
pub fn open(key: &Key, context: &[&str], record: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
    let id = key_id(record)?;
    if id != key.id() {
        let own = key.id();
        return Err(Error::corrupt(format!("sealed with key `{id}`; this is key `{own}`")));
    }
    let mut inner = Zeroizing::new([0; DATA_KEY + PLACE + TAG]);
    inner.copy_from_slice(&record[WRAPPED..NONCE]);
    let salt = &record[WRAPPED - SALT..WRAPPED];
    decrypt(&wrap_key(key, salt), [0; NONCE_LEN], &record[..WRAPPED], &mut *inner)
        .ok_or_else(|| Error::corrupt("the head of the sealed record was changed"))?;
    if inner[DATA_KEY..DATA_KEY + PLACE] != *place(context).as_ref() {
        return Err(Error::corrupt("the sealed record belongs to another place"));
    }
    let nonce = record[NONCE..BODY].try_into().expect("a field of this length");
    let mut body = Zeroizing::new(record[BODY..].to_vec());
    let length = decrypt(&aead(&inner[..DATA_KEY]), nonce, &record[..BODY], &mut body)
        .and_then(|text| text.iter().rposition(|byte| *byte != 0).filter(|end| text[*end] == 0x80))
        .ok_or_else(|| Error::corrupt("the sealed record was changed"))?;
    body.truncate(length);
    Ok(body)
}

/// The id of the key that sealed a record.
///
/// # Errors
/// [`Kind::Corrupt`] when it is no record or cut off, [`Kind::Unsupported`] when its format is a newer one.
pub fn key_id(record: &[u8]) -> Result<String> {
    let rest = record.strip_prefix(MAGIC).ok_or_else(|| Error::corrupt("not a sealed record"))?;
    match rest.first() {
        Some(&FORMAT) => {}
        Some(0) | None => return Err(Error::corrupt("the sealed record is cut off or damaged")),
        Some(format) => {
            let message = format!("a newer version of Strongroom sealed it (format {format}; this one knows {FORMAT})");
            return Err(Error::new(Kind::Unsupported, message).with_hint("update this installation of Strongroom"));
        }
    }
    let whole = record.len() >= BODY + BLOCK + TAG && (record.len() - BODY - TAG).is_multiple_of(BLOCK);
    if !whole {
        return Err(Error::corrupt("the sealed record is cut off"));
    }
    Ok(hex::encode(&rest[1..=KEY_ID]))
}

fn place(context: &[&str]) -> digest::Digest {
    let mut digest = digest::Context::new(&SHA256);
    digest.update(b"strongroom/place/1");
    for part in context {
        digest.update(&(part.len() as u64).to_be_bytes());
        digest.update(part.as_bytes());
    }
    digest.finish()
}

fn wrap_key(key: &Key, salt: &[u8]) -> LessSafeKey {
    let mut bytes = Zeroizing::new([0; DATA_KEY]);
    hkdf::Salt::new(hkdf::HKDF_SHA256, salt)
        .extract(key.expose())
        .expand(&[b"strongroom/wrap/1"], hkdf::HKDF_SHA256)
        .and_then(|output| output.fill(&mut *bytes))
        .expect("32 bytes are within what HKDF gives");
    aead(&*bytes)
}

fn aead(key: &[u8]) -> LessSafeKey {
    LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key).expect("a key of 32 bytes"))
}

/// Encrypts in place and returns the tag.
fn encrypt(key: &LessSafeKey, nonce: [u8; NONCE_LEN], before: &[u8], text: &mut [u8]) -> Vec<u8> {
    let nonce = Nonce::assume_unique_for_key(nonce);
    let tag = key.seal_in_place_separate_tag(nonce, Aad::from(before), text).expect("shorter than 64 GB");
    tag.as_ref().to_vec()
}

/// Decrypts in place and returns the text, or `None` when anything was changed.
fn decrypt<'a>(key: &LessSafeKey, nonce: [u8; NONCE_LEN], before: &[u8], sealed: &'a mut [u8]) -> Option<&'a mut [u8]> {
    key.open_in_place(Nonce::assume_unique_for_key(nonce), Aad::from(before), sealed).ok()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
