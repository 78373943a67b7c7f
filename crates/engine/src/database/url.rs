//! The address of a database.

use secrecy::{ExposeSecret, SecretString};
use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use strongroom_core::{Error, Result};

/// Where the database is: `sqlite:PATH`, `postgres://…` or `mysql://…`. It may hold a password and is never shown.
#[derive(Clone)]
pub struct DatabaseUrl(SecretString);

impl DatabaseUrl {
    /// All of it, for the client library that connects.
    pub(super) fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// The file `path`.
    pub fn sqlite(path: &Path) -> Self {
        Self(SecretString::from(format!("sqlite:{}", path.display())))
    }

    /// Whether it holds a password.
    pub fn has_password(&self) -> bool {
        let Some((_, rest)) = self.0.expose_secret().split_once("://") else { return false };
        let (address, options) = rest.split_once('?').unwrap_or((rest, ""));
        let authority = address.split('/').next().unwrap_or_default();
        let is_beside_the_user = authority.rsplit_once('@').is_some_and(|(user, _)| user.contains(':'));
        is_beside_the_user || options.split('&').any(|option| option.starts_with("password="))
    }

    /// The file of an embedded database.
    pub fn file(&self) -> Option<PathBuf> {
        let text = self.0.expose_secret();
        let path = text.strip_prefix("sqlite:")?;
        // ZenML's spelling has four slashes before an absolute path, three before a relative one
        Some(PathBuf::from(path.strip_prefix("///").unwrap_or(path)))
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = self.0.expose_secret().split(':').next().unwrap_or_default();
        write!(f, "DatabaseUrl({scheme}:…)")
    }
}

impl FromStr for DatabaseUrl {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        match text.split_once(':') {
            Some(("sqlite" | "postgres" | "postgresql" | "mysql" | "mariadb", rest)) if !rest.is_empty() => {
                Ok(Self(SecretString::from(text)))
            }
            _ => Err(Error::invalid("the address of the database cannot be used")
                .with_hint("write it as `sqlite:PATH`, `postgres://USER@HOST/NAME` or `mysql://USER@HOST/NAME`")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_in_addresses_are_noticed() {
        for (text, has) in [
            ("postgres://me:pw@db:5432/store", true),
            ("mysql://me:pw@db/store?ssl-mode=REQUIRED", true),
            ("postgres://db/store?user=me&password=pw", true),
            ("postgres://me@db:5432/store?sslrootcert=/etc/a:b@c", false),
            ("postgres://db:5432/store", false),
            ("sqlite:/srv/a:b@c.db", false),
            ("sqlite:////srv/a:b@c.db", false),
        ] {
            let url: DatabaseUrl = text.parse().expect("an address");
            assert_eq!(url.has_password(), has, "{text}");
        }
    }
}
