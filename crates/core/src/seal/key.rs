//! The key that seals.

use super::{KEY_ID, random};
use crate::{Error, Result};
use aws_lc_rs::digest::{self, SHA256};
use aws_lc_rs::hmac;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use std::fmt;
use zeroize::Zeroizing;

/// What its text begins with.
const LABEL: &str = "strongroom-key-1:";
const LENGTH: usize = 32;

/// A key of 32 random bytes, wiped when it is dropped. It can be written out by [`Key::to_text`] only.
pub struct Key(Zeroizing<[u8; LENGTH]>);

impl Key {
    /// A new key.
    ///
    /// # Errors
    /// [`crate::Kind::Unavailable`] when the system has no randomness.
    pub fn generate() -> Result<Self> {
        let mut bytes = Zeroizing::new([0; LENGTH]);
        random(&mut *bytes)?;
        Ok(Self(bytes))
    }

    /// The key in the text that [`Self::to_text`] wrote. White space around it is ignored.
    ///
    /// # Errors
    /// [`crate::Kind::Corrupt`], without any of the text.
    pub fn from_text(text: &str) -> Result<Self> {
        let encoded = text.trim().strip_prefix(LABEL).ok_or_else(|| Error::corrupt("not a key of Strongroom"))?;
        // one byte more than a key, so that a longer one is told from it
        let mut room = Zeroizing::new([0; LENGTH + 4]);
        match BASE64_STANDARD.decode_slice(encoded, &mut *room) {
            Ok(LENGTH) => {}
            Ok(_) | Err(_) => return Err(Error::corrupt("the key is cut off or damaged")),
        }
        let mut bytes = Zeroizing::new([0; LENGTH]);
        bytes.copy_from_slice(&room[..LENGTH]);
        Ok(Self(bytes))
    }

    /// The key as one line, for the file that keeps it.
    pub fn to_text(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(LABEL.len() + LENGTH * 2));
        text.push_str(LABEL);
        BASE64_STANDARD.encode_string(*self.0, &mut text);
        text.push('\n');
        text
    }

    /// Tells this key from others: 16 hexadecimal digits that say nothing about the key.
    pub fn id(&self) -> String {
        hex::encode(self.id_bytes())
    }

    pub(super) fn id_bytes(&self) -> [u8; KEY_ID] {
        let mut digest = digest::Context::new(&SHA256);
        digest.update(b"strongroom/key-id/1");
        digest.update(&*self.0);
        digest.finish().as_ref()[..KEY_ID].try_into().expect("a digest is longer")
    }

    pub(super) fn expose(&self) -> &[u8] {
        &*self.0
    }

    /// A fingerprint of `text`, 32 hexadecimal digits, that cannot be compared with guesses without the key.
    pub fn fingerprint(&self, text: &[u8]) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &*self.0);
        let mut context = hmac::Context::with_key(&key);
        context.update(b"strongroom/fingerprint/1");
        context.update(text);
        hex::encode(&context.sign().as_ref()[..16])
    }
}

/// The id only.
impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Key").field(&self.id()).finish()
    }
}
