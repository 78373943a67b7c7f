//! Unscoped secrets of services with [`crate::Unscoped::PerKey`]: one item per key, held together by tags.
//!
//! A vault has no transactions, so every entry that Strongroom writes carries one tag more than ZenML's, which says which
//! write it belongs to and how many entries that write has. A reader finds a torn write by it. Entries that ZenML wrote
//! carry none and are taken as they are; before they are changed, one of them (the anchor) is marked as pending, and it is
//! the last to be written or deleted.

use super::ManagerLayout;
use crate::layout::carry;
use crate::{Error, Item, ItemMeta, ItemName, Result, Schema, Secret, SecretName, Tags, Value, Values};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use secrecy::{ExposeSecret, SecretString};

/// Tag: the secret that an entry belongs to.
pub(crate) const SECRET: &str = "zenml-group-key";
const KEY: &str = "zenml-key-name";
const SCHEMA: &str = "zenml-schema-name";
/// Tag of ours: `ID.COUNT` of the write, or `ID.pending` on the anchor of a write that is not done.
pub(crate) const WRITE: &str = "strongroom-write";
const PENDING: &str = "pending";

/// The item of one key: `zenml-` and the hex of the base64 of `NAME-KEY` (ZenML 0.12 to 0.44, Azure).
///
/// # Errors
/// [`crate::Kind::Invalid`] when name and key together are too long for `longest` characters.
pub fn unscoped_item_name(secret: &SecretName, key: &str, longest: usize) -> Result<ItemName> {
    let plain = format!("{secret}-{key}");
    let name = format!("zenml-{}", hex::encode(BASE64_STANDARD.encode(&plain)));
    if name.len() > longest {
        let limit = (longest - "zenml-".len()) / 8 * 3;
        let used = plain.len();
        return Err(Error::invalid(format!(
            "secret `{secret}` with key `{key}` is too long for an unscoped secret: {used} of {limit} bytes"
        ))
        .with_hint("shorten the name or the key, or use a scoped secrets manager"));
    }
    name.parse()
}

/// Which write an entry belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Write {
    id: String,
    /// How many entries the write has.
    count: usize,
}

impl Write {
    /// A new write of `count` entries under an `id` that no other write has.
    pub(crate) fn new(id: String, count: usize) -> Self {
        Self { id, count }
    }

    fn tag(&self) -> String {
        format!("{}.{}", self.id, self.count)
    }
}

/// Why the entries of a secret do not make up a whole, if they do not.
pub(crate) fn torn<'a>(entries: impl IntoIterator<Item = &'a Tags>) -> Option<String> {
    let (mut total, mut seen): (usize, Option<&str>) = (0, None);
    for tags in entries {
        total += 1;
        let Some(write) = tags.get(WRITE) else { continue };
        if write.ends_with(PENDING) {
            return Some("a write was begun and not finished".to_owned());
        }
        if *seen.get_or_insert(write) != write {
            return Some("its keys come from two different writes".to_owned());
        }
    }
    let count: usize = seen?.rsplit_once('.').and_then(|(_, count)| count.parse().ok()).unwrap_or(usize::MAX);
    (total < count).then(|| format!("only {total} of {count} keys are there"))
}

/// The error for a secret whose entries are [`torn`].
pub(crate) fn torn_error(name: &SecretName, why: &str) -> Error {
    Error::corrupt(format!("secret `{name}` is torn: {why}"))
        .with_hint(format!("an earlier write was interrupted; set all keys anew with `update {name}`, or delete it"))
}

impl ManagerLayout {
    /// The entries of a secret, all of one write. `before` gives each entry what it replaces.
    ///
    /// # Errors
    /// [`crate::Kind::Invalid`] when there is no key, or an entry exceeds the service's limits.
    pub(crate) fn encode_group(&self, secret: &Secret, id: &str, before: &[Item]) -> Result<Vec<Item>> {
        let name = &secret.name;
        if secret.values.is_empty() {
            return Err(Error::invalid(format!("unscoped secret `{name}` needs at least one key"))
                .with_hint("an unscoped secret is stored key by key; without keys nothing would be stored"));
        }
        if secret.values.get("").is_some() {
            return Err(Error::invalid(format!("unscoped secret `{name}` cannot have an empty key")));
        }
        let write = Write::new(id.to_owned(), secret.values.len());
        let entry = |(key, value): (&str, &Value)| {
            let item_name = unscoped_item_name(name, key, self.rules.items.longest)?;
            let identity = Tags::from_iter([(SECRET.to_owned(), name.to_string()), (KEY.to_owned(), key.to_owned())]);
            let mut tags = identity.clone();
            tags.insert(SCHEMA.into(), secret.schema.name().into());
            tags.insert(WRITE.into(), write.tag());
            let value = SecretString::from(value.python_text());
            let mut item = Item { identity, ..Item::new(item_name, value, tags) };
            if let Some(before) = before.iter().find(|before| same_item(&before.name, &item.name)) {
                item = carry(item, before);
            }
            self.rules.check(&item)?;
            Ok(item)
        };
        secret.values.iter().map(entry).collect()
    }

    /// The secret that `entries` make up, not yet checked against its schema; whether they are torn was asked before.
    ///
    /// # Errors
    /// [`crate::Kind::Corrupt`] when an entry names no key, or the key `name`.
    pub(crate) fn decode_group(&self, name: &SecretName, entries: &[Item]) -> Result<Secret> {
        let unreadable = |error: Error| error.within(format!("secret `{name}` cannot be read"));
        let mut values = Values::new();
        let mut schema = None;
        for entry in entries {
            let key = entry.tags.get(KEY).filter(|key| !["", "name"].contains(&key.as_str())).ok_or_else(|| {
                unreadable(Error::corrupt(format!("entry `{}` has no usable `{KEY}` tag", entry.name)))
            })?;
            values.insert(key, Value::text(entry.value.expose_secret()));
            schema = entry.tags.get(SCHEMA).or(schema);
        }
        let schema = schema.map_or(Schema::ARBITRARY, |schema| Schema::stored(schema));
        Ok(Secret { name: name.clone(), schema, values })
    }

    /// `entry` as it is, marked as the anchor of the write `id`.
    pub(crate) fn mark_pending(entry: &Item, id: &str) -> Item {
        let mut marked = entry.clone();
        marked.tags.insert(WRITE.into(), format!("{id}.{PENDING}"));
        marked.identity = entry
            .tags
            .iter()
            .filter(|(tag, _)| [SECRET, KEY].contains(&tag.as_str()))
            .map(|(tag, value)| (tag.clone(), value.clone()))
            .collect();
        marked
    }

    /// The entry among `listed` that has the name of `item` and belongs to another secret or key.
    pub(crate) fn collision<'a>(&self, item: &Item, listed: &'a [ItemMeta]) -> Option<&'a ItemMeta> {
        listed.iter().find(|meta| {
            let same = [SECRET, KEY].iter().all(|tag| meta.tags.get(*tag) == item.tags.get(*tag));
            same_item(&meta.name, &item.name) && !same
        })
    }
}

/// Whether an entry was written by someone else than us, or is pending.
pub(crate) fn is_unmarked(tags: &Tags) -> bool {
    !tags.contains_key(WRITE)
}

/// Whether two items are one on a service that folds case.
pub(crate) fn same_item(a: &ItemName, b: &ItemName) -> bool {
    a.as_str().eq_ignore_ascii_case(b.as_str())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::{NameRule, Owner, Rules, Unscoped};
    use serde_json::Value as Json;

    static RULES: Rules = Rules {
        service: "Azure Key Vault",
        scopes: true,
        separator: '-',
        names: NameRule { legal: |_| true, words: "", longest: 100 },
        items: NameRule { legal: |_| true, words: "", longest: 255 },
        folds_case: true,
        value_bytes: 25_600,
        tags: 15,
        tag_length: 512,
        compare_and_set: false,
        unscoped: Unscoped::PerKey,
    };

    #[derive(Debug, serde::Deserialize)]
    struct Case {
        secret: String,
        schema: String,
        values: Vec<(String, Json)>,
        items: Vec<Entry>,
    }

    #[derive(Debug, serde::Deserialize)]
    struct Entry {
        item: String,
        tags: Vec<(String, String)>,
        value: String,
    }

    #[test]
    fn entries_are_zenmls_with_one_tag_more() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../vectors/azure/unscoped-secrets.json");
        let cases: Vec<Case> = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        let attributes = [("scope".to_owned(), "none".to_owned())].into_iter().collect();
        let layout =
            ManagerLayout::new(&RULES, &attributes, Owner { id: uuid::Uuid::nil(), name: "m".into() }).unwrap();
        for case in cases {
            let values = case.values.iter().map(|(key, value)| match value {
                Json::String(text) => (key.clone(), Value::text(text)),
                Json::Number(number) if number.as_f64() == Some(1e16) => (key.clone(), Value::text("1e+16")),
                other => (key.clone(), Value::Json(other.to_string().into())),
            });
            let schema = Schema::named(&case.schema).unwrap();
            let secret = Secret::new(case.secret.parse().unwrap(), schema, values.collect()).unwrap();
            let Ok(entries) = layout.encode_group(&secret, "id", &[]) else {
                assert!(case.items.is_empty(), "{case:?}"); // ZenML writes nothing and calls that registered
                continue;
            };
            assert_eq!(entries.len(), case.items.len(), "{}", case.secret);
            for (entry, expected) in entries.iter().zip(&case.items) {
                assert_eq!((entry.name.as_str(), entry.value.expose_secret()), (&*expected.item, &*expected.value));
                let mut tags: Vec<_> = entry.tags.clone().into_iter().collect();
                assert_eq!(tags.pop().unwrap(), (WRITE.to_owned(), format!("id.{}", entries.len())));
                assert_eq!(tags, expected.tags);
            }
            let mut read = layout.decode_group(&secret.name, &entries).unwrap();
            read.values = read.schema.check_stored(read.values).unwrap();
            let text = |secret: &Secret| {
                secret.values.iter().map(|(key, value)| format!("{key}={}", value.python_text())).collect::<Vec<_>>()
            };
            assert_eq!(text(&read), text(&secret));
        }
    }

    fn tags(write: Option<&str>) -> Tags {
        write.map(|write| (WRITE.to_owned(), write.to_owned())).into_iter().collect()
    }

    #[test]
    fn a_torn_write_is_told_from_a_whole_one() {
        let whole: &[&[Option<&str>]] = &[
            &[None, None],                     // ZenML's
            &[Some("a.2"), Some("a.2")],       // ours
            &[Some("a.2"), None],              // ZenML wrote one of ours
            &[Some("a.2"), Some("a.2"), None], // ZenML added one
        ];
        let broken: &[&[Option<&str>]] =
            &[&[Some("a.2")], &[Some("a.2"), Some("b.2")], &[Some("b.pending"), None], &[Some("nonsense")]];
        for case in whole {
            let entries: Vec<Tags> = case.iter().map(|write| tags(*write)).collect();
            assert_eq!(torn(&entries), None, "{case:?}");
        }
        for case in broken {
            let entries: Vec<Tags> = case.iter().map(|write| tags(*write)).collect();
            assert!(torn(&entries).is_some(), "{case:?}");
        }
    }
}
