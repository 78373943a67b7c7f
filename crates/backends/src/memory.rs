//! A back-end in memory: for tests, and as the shortest example of one.

use async_trait::async_trait;
use futures::stream::{self, BoxStream, StreamExt};
use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard};
use strongroom_core::{
    Backend, DeleteMode, Error, Filter, Item, ItemMeta, ItemName, Kind, NameRule, PutMode, Result, Revision, Rules,
    Unscoped,
};
use time::OffsetDateTime;

/// No limits but those of names.
pub static RULES: Rules = Rules {
    service: "memory",
    scopes: true,
    separator: '-',
    names: ANY_NAME,
    items: ANY_NAME,
    folds_case: false,
    value_bytes: usize::MAX,
    tags: usize::MAX,
    tag_length: usize::MAX,
    compare_and_set: true,
    unscoped: Unscoped::Whole,
};

const ANY_NAME: NameRule =
    NameRule { legal: |character| !character.is_control(), words: "printable characters", longest: 255 };

/// Items in memory, gone with the process. Deleted items cannot be brought back.
#[derive(Debug, Default)]
pub struct Memory {
    items: Mutex<Items>,
}

#[derive(Debug, Default)]
struct Items {
    /// All writes of each item, oldest first.
    writes: HashMap<ItemName, Vec<Written>>,
    /// How many writes there have been.
    count: u64,
}

#[derive(Debug)]
struct Written {
    item: Item,
    at: OffsetDateTime,
}

impl Memory {
    /// A store without items.
    pub fn new() -> Self {
        Self::default()
    }

    fn items(&self) -> MutexGuard<'_, Items> {
        self.items.lock().expect("no holder of the lock panics")
    }
}

impl fmt::Display for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("memory")
    }
}

#[async_trait]
impl Backend for Memory {
    fn rules(&self) -> &'static Rules {
        &RULES
    }

    async fn get(&self, name: &ItemName, at: Option<&Revision>) -> Result<Option<Item>> {
        let items = self.items();
        let Some(writes) = items.writes.get(name) else { return Ok(None) };
        let found = match at {
            None => writes.last(),
            Some(at) => writes.iter().find(|written| written.item.revision.as_ref() == Some(at)),
        };
        Ok(found.map(|written| written.item.clone()))
    }

    async fn put(&self, item: &Item, mode: PutMode<'_>) -> Result<Revision> {
        let mut items = self.items();
        let name = &item.name;
        let current = items.writes.get(name).and_then(|writes| writes.last()?.item.revision.clone());
        match (mode, current) {
            (PutMode::Upsert, _) | (PutMode::Create, None) => {}
            (PutMode::Create, Some(_)) => return Err(Error::already_exists("item", name)),
            (PutMode::Replace(expected), Some(current)) if *expected == current => {}
            (PutMode::Replace(_), _) => {
                return Err(Error::new(Kind::Conflict, format!("item `{name}` was changed by someone else")));
            }
        }
        items.count += 1;
        let revision = Revision(items.count.to_string());
        let mut item = item.clone();
        item.identity.clear();
        item.revision = Some(revision.clone());
        let name = item.name.clone();
        items.writes.entry(name).or_default().push(Written { item, at: OffsetDateTime::now_utc() });
        Ok(revision)
    }

    fn list(&self, filter: Filter) -> BoxStream<'_, Result<ItemMeta>> {
        let items = self.items();
        let last = items.writes.values().filter_map(|writes| writes.last());
        let found: Vec<_> = last
            .filter(|written| filter.matches(&written.item.tags))
            .map(|Written { item, at }| {
                Ok(ItemMeta {
                    name: item.name.clone(),
                    tags: item.tags.clone(),
                    enabled: true,
                    validity: item.validity,
                    updated: Some(*at),
                })
            })
            .collect();
        stream::iter(found).boxed()
    }

    async fn delete(&self, name: &ItemName, _mode: DeleteMode) -> Result<bool> {
        Ok(self.items().writes.remove(name).is_some())
    }
}
