//! Who one embedded Key Vault is: its tenant, its client with a secret, and its keys. Kept in one file, so that it is
//! there whole or not at all.

use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::Path;

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rand;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use strongroom_core::{Error, Kind, Result};
use uuid::Uuid;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::tls;

/// The identity of one instance; a new one for every instance in memory.
pub(crate) struct Identity {
    pub(crate) tenant_id: Uuid,
    pub(crate) client_id: Uuid,
    /// The object id of the client's service principal, the `oid` of its tokens.
    pub(crate) object_id: Uuid,
    pub(crate) client_secret: SecretString,
    /// RSA 2048, PKCS#8 DER: signs tokens.
    pub(crate) signing_key: Zeroizing<Vec<u8>>,
    /// PKCS#8 PEM: signs the listeners' certificate.
    pub(crate) ca_key: SecretString,
    pub(crate) ca_certificate: String,
    /// AES-256: seals values in the database, and backups.
    pub(crate) sealing_key: Zeroizing<Vec<u8>>,
}

/// How an [`Identity`] lies in its file; binary keys in base64.
#[derive(Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
#[serde(deny_unknown_fields)]
struct Stored {
    format: u8,
    tenant_id: String,
    client_id: String,
    object_id: String,
    client_secret: String,
    signing_key: String,
    ca_key: String,
    ca_certificate: String,
    sealing_key: String,
}

const FORMAT: u8 = 1;
const FILE: &str = "identity.json";

impl Identity {
    /// A new identity with keys of its own.
    pub(crate) fn fresh() -> Result<Self> {
        let tenant_id = Uuid::new_v4();
        let (ca_key, ca_certificate) = tls::new_authority(tenant_id)?;
        let signing_key = KeyPair::generate(KeySize::Rsa2048)
            .and_then(|pair| AsDer::<Pkcs8V1Der<'_>>::as_der(&pair).map(|der| Zeroizing::new(der.as_ref().to_vec())))
            .map_err(|_| Error::new(Kind::Unavailable, "the signing key for tokens could not be made"))?;
        Ok(Self {
            tenant_id,
            client_id: Uuid::new_v4(),
            object_id: Uuid::new_v4(),
            client_secret: URL_SAFE_NO_PAD.encode(&*random()?).into(),
            signing_key,
            ca_key,
            ca_certificate,
            sealing_key: random()?,
        })
    }

    /// The identity kept in `directory`, or a new one that is then kept there. `in_use` says that a database sealed
    /// with it is there already: then a missing file is not made up for.
    pub(crate) fn load_or_create(directory: &Path, in_use: bool) -> Result<Self> {
        let path = directory.join(FILE);
        match fs::read(&path).map(Zeroizing::new) {
            Ok(bytes) => Self::parse(&bytes).map_err(|error| error.within(format!("cannot read `{}`", path.display()))),
            Err(error) if error.kind() == ErrorKind::NotFound && !in_use => {
                let identity = Self::fresh()?;
                identity.keep(directory, &path).map_err(|error| cannot("write", &path, error))?;
                Ok(identity)
            }
            Err(error) if error.kind() == ErrorKind::NotFound => Err(Error::corrupt(format!(
                "`{}` is missing, and with it the key of the vaults beside it",
                path.display()
            ))
            .with_hint("bring the file back from a backup, or name another folder")),
            Err(error) => Err(cannot("read", &path, error)),
        }
    }

    fn parse(bytes: &[u8]) -> Result<Self> {
        let stored: Stored = serde_json::from_slice(bytes).map_err(|error| Error::payload("the identity", &error))?;
        if stored.format != FORMAT {
            return Err(Error::new(Kind::Unsupported, format!("format {} is newer than this program", stored.format)));
        }
        let damaged = |what: &'static str| move || Error::corrupt(format!("`{what}` is damaged"));
        let id = |text: &str, what| Uuid::parse_str(text).ok().ok_or_else(damaged(what));
        let key = |text: &str, what| STANDARD.decode(text).ok().map(Zeroizing::new).ok_or_else(damaged(what));
        let sealing_key = key(&stored.sealing_key, "sealing_key")?;
        if sealing_key.len() != KEY_LENGTH {
            return Err(damaged("sealing_key")());
        }
        Ok(Self {
            tenant_id: id(&stored.tenant_id, "tenant_id")?,
            client_id: id(&stored.client_id, "client_id")?,
            object_id: id(&stored.object_id, "object_id")?,
            client_secret: stored.client_secret.as_str().into(),
            signing_key: key(&stored.signing_key, "signing_key")?,
            ca_key: stored.ca_key.as_str().into(),
            ca_certificate: stored.ca_certificate.clone(),
            sealing_key,
        })
    }

    /// Writes the file beside its place, flushes it and moves it there: a crash leaves none or all of it.
    fn keep(&self, directory: &Path, path: &Path) -> std::io::Result<()> {
        let stored = Stored {
            format: FORMAT,
            tenant_id: self.tenant_id.to_string(),
            client_id: self.client_id.to_string(),
            object_id: self.object_id.to_string(),
            client_secret: self.client_secret.expose_secret().to_owned(),
            signing_key: STANDARD.encode(&*self.signing_key),
            ca_key: self.ca_key.expose_secret().to_owned(),
            ca_certificate: self.ca_certificate.clone(),
            sealing_key: STANDARD.encode(&*self.sealing_key),
        };
        let bytes = Zeroizing::new(serde_json::to_vec_pretty(&stored)?);
        // tempfile creates 0600.
        let mut file = tempfile::NamedTempFile::new_in(directory)?;
        file.write_all(&bytes)?;
        file.as_file().sync_all()?;
        file.persist(path)?;
        File::open(directory)?.sync_all()
    }
}

const KEY_LENGTH: usize = 32;

fn random() -> Result<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(vec![0; KEY_LENGTH]);
    rand::fill(&mut bytes).map_err(|_| Error::new(Kind::Unavailable, "the system gives no random bytes"))?;
    Ok(bytes)
}

/// An I/O failure on one of the instance's files.
pub(crate) fn cannot(verb: &str, path: &Path, error: std::io::Error) -> Error {
    let kind = match error.kind() {
        ErrorKind::PermissionDenied => Kind::Forbidden,
        ErrorKind::NotFound => Kind::NotFound,
        _ => Kind::Unavailable,
    };
    Error::new(kind, format!("cannot {verb} `{}`", path.display())).with_source(error)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn an_identity_stays_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let first = Identity::load_or_create(folder.path(), false).unwrap();
        let second = Identity::load_or_create(folder.path(), true).unwrap();
        assert_eq!(first.tenant_id, second.tenant_id);
        assert_eq!(first.client_secret.expose_secret(), second.client_secret.expose_secret());
        assert_eq!(first.signing_key, second.signing_key);
        assert_eq!(first.ca_certificate, second.ca_certificate);
    }

    #[test]
    fn a_lost_or_damaged_identity_is_not_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let lost = Identity::load_or_create(folder.path(), true).err().unwrap();
        assert_eq!(lost.kind(), Kind::Corrupt);
        fs::write(folder.path().join(FILE), br#"{"client_secret": "canary""#).unwrap();
        let damaged = Identity::load_or_create(folder.path(), true).err().unwrap();
        assert_eq!(damaged.kind(), Kind::Corrupt);
        assert!(!format!("{damaged:?}").contains("canary"));
    }

    #[cfg(unix)]
    #[test]
    fn the_file_is_for_its_owner_only() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        Identity::load_or_create(folder.path(), false).unwrap();
        let mode = fs::metadata(folder.path().join(FILE)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
