//! Names, parsed once at the door.

use crate::{Error, Result};
use std::fmt;

/// The longest name that the catalogue and ZenML keep, in characters.
const LONGEST: usize = 255;

macro_rules! name {
    ($(#[$doc:meta])* $type:ident, $what:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $type(String);

        impl $type {
            /// The name as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl std::str::FromStr for $type {
            type Err = Error;

            fn from_str(text: &str) -> Result<Self> {
                Self::try_from(text.to_owned())
            }
        }

        impl TryFrom<String> for $type {
            type Error = Error;

            fn try_from(text: String) -> Result<Self> {
                check($what, &text)?;
                Ok(Self(text))
            }
        }
    };
}

name! {
    /// What a user calls a secret: 1 to 255 characters, none of them a control character.
    ///
    /// Services narrow this further; see [`crate::NameRule`].
    SecretName, "secret"
}
name! {
    /// The namespace of a namespace-scoped manager.
    Namespace, "namespace"
}
name! {
    /// The name of one entry in a service.
    ItemName, "item"
}

fn check(what: &str, text: &str) -> Result<()> {
    if text.is_empty() {
        return Err(Error::invalid(format!("a {what} needs a name")));
    }
    if text.chars().any(char::is_control) {
        return Err(Error::invalid(format!("the {what} name {text:?} has a control character")));
    }
    let length = text.chars().count();
    if length > LONGEST {
        return Err(Error::invalid(format!("the {what} name is {length} characters long; {LONGEST} is the limit")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_checked_at_the_door() {
        assert!("a b.ü".parse::<SecretName>().is_ok());
        for bad in ["", "a\nb", "a\0", &"x".repeat(256)] {
            assert!(bad.parse::<SecretName>().is_err(), "{bad:?}");
        }
    }
}
