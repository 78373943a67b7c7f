//! `credentials.json`: which servers were signed in to, and with what. For this user only, and never shown.

use crate::home::{self, Home};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize, Serializer};
use std::collections::BTreeMap;
use strongroom_core::{Error, Result};
use zeroize::Zeroizing;

/// All of the file.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Credentials {
    /// The address of the server that commands use.
    pub(crate) active: Option<String>,
    /// By address.
    #[serde(default)]
    pub(crate) servers: BTreeMap<String, Server>,
}

/// One server.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Server {
    /// A PEM file of further certificates to trust.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) ca_certificate: Option<String>,
    /// What to sign in with.
    #[serde(flatten)]
    pub(crate) proof: Proof,
}

/// What a sign-in left behind. A password is not kept, only the token it got.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Proof {
    /// The key of a service account.
    ApiKey(#[serde(serialize_with = "exposed")] SecretString),
    /// A token, and the second (Unix) it ends.
    Token {
        /// The token itself.
        #[serde(serialize_with = "exposed")]
        secret: SecretString,
        /// When it ends, if the server said.
        expires: Option<i64>,
    },
}

fn exposed<S: Serializer>(secret: &SecretString, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(secret.expose_secret())
}

impl Credentials {
    /// What is kept; nothing when there is no file.
    ///
    /// # Errors
    /// [`strongroom_core::Kind::Corrupt`] when the file is damaged, [`strongroom_core::Kind::Forbidden`] when it cannot be read.
    pub(crate) fn read(home: &Home) -> Result<Self> {
        let Some(text) = home::read_optional(&home.credentials())?.map(Zeroizing::new) else {
            return Ok(Self::default());
        };
        serde_json::from_str(&text).map_err(|error| {
            Error::payload(&format!("`{}`", home.credentials().display()), &error)
                .with_hint("delete it, and sign in again")
        })
    }

    /// Writes all of it, or leaves the old file as it was.
    ///
    /// # Errors
    /// [`strongroom_core::Kind::Forbidden`] when it cannot be written.
    pub(crate) fn write(&self, home: &Home) -> Result<()> {
        let text = serde_json::to_vec_pretty(self).map_err(|error| Error::payload("the credentials", &error))?;
        let text = Zeroizing::new(text);
        let file = home.credentials();
        if let Some(folder) = file.parent() {
            home::make_folder(folder)?;
        }
        home::write_new(&file, &text, true)
    }
}
