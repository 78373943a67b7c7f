//! Sealing of values at rest and of backups: AES-256-GCM with the instance's key and a random nonce.

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use zeroize::Zeroizing;

use crate::identity::Identity;

/// The first byte of everything sealed, so that another way of sealing can follow.
const FORMAT: u8 = 1;

/// The sealing key of one instance.
pub(crate) struct Seal(RandomizedNonceKey);

impl Seal {
    pub(crate) fn new(identity: &Identity) -> Self {
        Self(RandomizedNonceKey::new(&AES_256_GCM, &identity.sealing_key).expect("the identity checked the length"))
    }

    /// `plain` sealed to `place`: it opens nowhere else.
    pub(crate) fn close(&self, place: &str, plain: &[u8]) -> Vec<u8> {
        // Sealed in place, so that no plain copy is left behind.
        let mut bytes = plain.to_vec();
        let nonce = self
            .0
            .seal_in_place_append_tag(Aad::from(place), &mut bytes)
            .expect("values are far shorter than the cipher's limit");
        [&[FORMAT], nonce.as_ref().as_slice(), &bytes].concat()
    }

    /// What was sealed to `place`; nothing if it was not, or not with this key.
    pub(crate) fn open(&self, place: &str, sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let (&format, rest) = sealed.split_first()?;
        let (nonce, bytes) = rest.split_at_checked(NONCE_LEN)?;
        if format != FORMAT {
            return None;
        }
        let mut bytes = Zeroizing::new(bytes.to_vec());
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let length = self.0.open_in_place(nonce, Aad::from(place), &mut bytes).ok()?.len();
        bytes.truncate(length);
        Some(bytes)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn opens_only_whole_and_in_its_place() {
        let seal = Seal::new(&Identity::fresh().unwrap());
        let sealed = seal.close("here", b"canary");
        assert_eq!(seal.open("here", &sealed).unwrap().as_slice(), b"canary");
        assert!(!sealed.windows(6).any(|window| window == b"canary"));
        assert!(seal.open("there", &sealed).is_none());
        assert!(Seal::new(&Identity::fresh().unwrap()).open("here", &sealed).is_none());
        for at in 0..sealed.len() {
            let mut damaged = sealed.clone();
            damaged[at] ^= 1;
            assert!(seal.open("here", &damaged).is_none(), "byte {at}");
            assert!(seal.open("here", &sealed[..at]).is_none(), "cut at {at}");
        }
        assert_eq!(seal.open("", &seal.close("", b"")).unwrap().as_slice(), b"");
    }
}
