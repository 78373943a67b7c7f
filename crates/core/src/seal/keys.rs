//! Several keys at once: while a store goes from one to the next, both open it.

use super::{Key, key_id, open};
use crate::{Error, Result};
use std::sync::Arc;
use zeroize::Zeroizing;

/// The keys of one file, the newest first; at least one.
#[derive(Debug, Clone)]
pub struct Keys(Vec<Arc<Key>>);

impl From<Arc<Key>> for Keys {
    fn from(key: Arc<Key>) -> Self {
        Self(vec![key])
    }
}

impl Keys {
    /// The keys in the text that [`Self::to_text`] wrote: one a line.
    ///
    /// # Errors
    /// [`crate::Kind::Corrupt`] when a line is no key, there is none, or one is there twice; without any of the text.
    pub fn from_text(text: &str) -> Result<Self> {
        let lines: Vec<_> = text.lines().filter(|line| !line.trim().is_empty()).collect();
        let several = lines.len() > 1;
        let read = |(at, line): (usize, &&str)| {
            Key::from_text(line).map(Arc::new).map_err(|error| match several {
                true => Error::corrupt(format!("line {}: {error}", at + 1)),
                false => error,
            })
        };
        let keys: Vec<_> = lines.iter().enumerate().map(read).collect::<Result<_>>()?;
        if keys.is_empty() {
            return Err(Error::corrupt("not a key of Strongroom"));
        }
        let is_double = |(at, key): (usize, &Arc<Key>)| keys[..at].iter().any(|other| other.id() == key.id());
        if keys.iter().enumerate().any(is_double) {
            return Err(Error::corrupt("the same key is there twice"));
        }
        Ok(Self(keys))
    }

    /// The keys as lines, for the file that keeps them.
    pub fn to_text(&self) -> Zeroizing<String> {
        let texts: Vec<_> = self.0.iter().map(|key| key.to_text()).collect();
        let mut text = Zeroizing::new(String::with_capacity(texts.iter().map(|text| text.len()).sum()));
        for line in &texts {
            text.push_str(line);
        }
        text
    }

    /// The newest key.
    pub fn newest(&self) -> &Arc<Key> {
        &self.0[0]
    }

    /// The key of that id.
    pub fn get(&self, id: &str) -> Option<&Arc<Key>> {
        self.0.iter().find(|key| key.id() == id)
    }

    /// The ids of all keys, the newest first.
    pub fn ids(&self) -> Vec<String> {
        self.0.iter().map(|key| key.id()).collect()
    }

    /// These keys, and a newer one.
    #[must_use]
    pub fn with_newer(&self, key: Arc<Key>) -> Self {
        Self([&[key][..], &self.0].concat())
    }

    /// The text of a record that one of the keys sealed for `context`.
    ///
    /// # Errors
    /// As [`open`].
    pub fn open(&self, context: &[&str], record: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
        let id = key_id(record)?;
        match (self.get(&id), &*self.0) {
            (Some(key), _) | (None, [key]) => open(key, context, record),
            (None, _) => {
                let own = self.ids().join("`, `");
                Err(Error::corrupt(format!("sealed with key `{id}`; there are the keys `{own}`")))
            }
        }
    }
}
