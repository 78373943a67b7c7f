//! What differs from service to service, as data: each service's folder holds one [`Rules`] value.

use crate::{Error, Item, Result};
use secrecy::ExposeSecret;

/// The limits and habits of one service.
#[derive(Debug)]
pub struct Rules {
    /// The service's name in messages, such as "Azure Key Vault".
    pub service: &'static str,
    /// Whether several managers can share the service by scopes.
    pub scopes: bool,
    /// Joins the segments of a scoped item name.
    pub separator: char,
    /// What ZenML allows in the names of scoped secrets and in namespaces.
    pub names: NameRule,
    /// What the service allows in the name of an item.
    pub items: NameRule,
    /// Whether the service treats `Foo` and `foo` as one name.
    pub folds_case: bool,
    /// The largest value of one item, in bytes of UTF-8.
    pub value_bytes: usize,
    /// How many tags an item may carry, and the longest tag name or value in characters.
    pub tags: usize,
    /// See [`Rules::tags`].
    pub tag_length: usize,
    /// Whether the service itself decides [`crate::PutMode::Create`] and [`crate::PutMode::Replace`] in one step.
    pub compare_and_set: bool,
    /// How a secret of an unscoped manager is spelled.
    pub unscoped: Unscoped,
}

/// How unscoped (`none`) managers spell a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unscoped {
    /// One item per secret, named like the secret.
    Whole,
    /// One item per key, its name made from both by [`crate::unscoped_item_name`] and tagged with both (ZenML's legacy form).
    PerKey,
}

/// Which names are legal.
#[derive(Debug)]
pub struct NameRule {
    /// Decides for one character.
    pub legal: fn(char) -> bool,
    /// The legal characters in words, for the error.
    pub words: &'static str,
    /// The longest name, in characters.
    pub longest: usize,
}

impl NameRule {
    /// Checks `name`, called `what` in the error.
    ///
    /// # Errors
    /// [`crate::Kind::Invalid`] naming the first illegal character, or length and limit.
    pub fn check(&self, what: &str, name: &str) -> Result<()> {
        if let Some(bad) = name.chars().find(|&character| !(self.legal)(character)) {
            return Err(Error::invalid(format!("invalid {what} `{name}`: {bad:?} is not allowed"))
                .with_hint(format!("it must contain only {}", self.words)));
        }
        let length = name.chars().count();
        if name.is_empty() || length > self.longest {
            let longest = self.longest;
            return Err(Error::invalid(format!(
                "invalid {what} `{name}`: {length} characters; 1 to {longest} are allowed"
            )));
        }
        Ok(())
    }
}

impl Rules {
    /// Measures an item before anything is sent.
    ///
    /// # Errors
    /// [`crate::Kind::Invalid`] with what is used and what is allowed.
    pub fn check(&self, item: &Item) -> Result<()> {
        let (name, service) = (&item.name, self.service);
        self.items.check("item name", name.as_str())?;
        let used = item.value.expose_secret().len();
        if used > self.value_bytes {
            let limit = self.value_bytes;
            return Err(Error::invalid(format!(
                "the value of `{name}` is too large for {service}: {used} of {limit} bytes"
            ))
            .with_hint("split the secret in two, or keep the large value elsewhere"));
        }
        if item.tags.len() > self.tags {
            let (used, limit) = (item.tags.len(), self.tags);
            return Err(Error::invalid(format!("`{name}` has too many tags for {service}: {used} of {limit}")));
        }
        for (tag, value) in &item.tags {
            let (used, limit) = (tag.chars().count().max(value.chars().count()), self.tag_length);
            if used > limit {
                return Err(Error::invalid(format!(
                    "tag `{tag}` of `{name}` is too long for {service}: {used} of {limit} characters"
                )));
            }
        }
        Ok(())
    }
}
