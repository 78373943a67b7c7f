//! The back-end over one file.

use super::RULES;
use super::contents::Contents;
use super::disk::{self, Lock};
use super::key_file::{KeyFile, RESTORE};
use super::plain::Plain;
use super::sealed::Sealed;
use async_trait::async_trait;
use futures::stream::{self, BoxStream, StreamExt};
use std::fmt;
use std::path::{Path, PathBuf};
use strongroom_core::{
    Backend, DeleteMode, Error, Filter, Item, ItemMeta, ItemName, Kind, PutMode, Result, Revision, Rules, Tags,
    Validity, seal,
};

/// A secrets file. Nothing is read before the first call; a call reads the whole file anew.
#[derive(Debug)]
pub(super) struct LocalFile {
    path: PathBuf,
    /// Whether to seal the file if it does not exist yet.
    seal_new: bool,
    key: KeyFile,
}

impl LocalFile {
    pub(super) fn new(path: PathBuf, seal_new: bool, key: KeyFile) -> Self {
        Self { path, seal_new, key }
    }

    /// What is in the file; `None` when there is none, or it is empty.
    fn read(&self, path: &Path) -> Result<Option<Contents>> {
        let Some(bytes) = disk::read(path)?.filter(|bytes| !bytes.is_empty()) else { return Ok(None) };
        let contents = match seal::is_sealed(&bytes) {
            true => self.unseal(&bytes).map(Contents::Sealed),
            false => Plain::read(&bytes).map(Contents::Plain).map_err(damaged),
        };
        contents.map(Some).map_err(|error| error.within(format!("secrets file `{self}` cannot be read")))
    }

    fn unseal(&self, bytes: &[u8]) -> Result<Sealed> {
        let sealed_by = seal::key_id(bytes).map_err(damaged)?;
        let key = self.key.load()?.ok_or_else(|| self.key.missing(&self.path))?;
        let is_other = key.id() != sealed_by;
        Sealed::read(bytes, key).map_err(|error| match is_other {
            true => error.within(format!("`{}` is another key", self.key.path().display())).with_hint(RESTORE),
            false => damaged(error),
        })
    }

    /// What is in the file, for reading.
    fn contents(&self) -> Result<Option<Contents>> {
        self.read(&self.path)
    }

    /// Rewrites the file as `work` changes it. No other process writes it meanwhile; readers see the old or the new file.
    fn change<T>(&self, work: impl FnOnce(&mut Contents) -> Result<T>) -> Result<T> {
        let path = disk::target(&self.path);
        let lock = Lock::take(&path)?;
        let mut contents = match self.read(&path)? {
            Some(contents) => contents,
            None if self.seal_new => Contents::Sealed(Sealed::new(self.key.load_or_make()?)),
            None => Contents::Plain(Plain::default()),
        };
        let done = work(&mut contents)?;
        lock.replace(&contents.write()?)?;
        Ok(done)
    }
}

/// Adds the way out; an error that is not about damage has its own.
fn damaged(error: Error) -> Error {
    if error.kind() == Kind::Corrupt { error.with_hint(DAMAGED) } else { error }
}

const DAMAGED: &str = "nothing was changed; put the file back from a copy, or move it away to begin anew";

impl fmt::Display for LocalFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.path.display().fmt(f)
    }
}

#[async_trait]
impl Backend for LocalFile {
    fn rules(&self) -> &'static Rules {
        &RULES
    }

    async fn get(&self, name: &ItemName, at: Option<&Revision>) -> Result<Option<Item>> {
        let Some(contents) = self.contents()? else { return Ok(None) };
        let Some(value) = contents.get(name.as_str())? else { return Ok(None) };
        let revision = contents.revision(name.as_str());
        if at.is_some_and(|at| revision.as_ref() != Some(at)) {
            return Ok(None); // a file has no earlier writes
        }
        let item = Item::new(name.clone(), value, Tags::new());
        Ok(Some(Item { revision, ..item }))
    }

    async fn put(&self, item: &Item, mode: PutMode<'_>) -> Result<Revision> {
        let name = &item.name;
        RULES.check(item)?;
        self.change(|contents| {
            match (mode, contents.revision(name.as_str())) {
                (PutMode::Upsert, _) | (PutMode::Create, None) => {}
                (PutMode::Create, Some(_)) => return Err(Error::already_exists("item", name)),
                (PutMode::Replace(expected), Some(current)) if *expected == current => {}
                (PutMode::Replace(_), _) => {
                    return Err(Error::new(Kind::Conflict, format!("item `{name}` was changed by another process")));
                }
            }
            contents.set(name.as_str(), &item.value)?;
            contents.revision(name.as_str()).ok_or_else(|| Error::not_found("item", name))
        })
    }

    fn list(&self, filter: Filter) -> BoxStream<'_, Result<ItemMeta>> {
        // nothing has tags here
        let names: Vec<ItemName> = match self.contents() {
            Err(error) => return stream::iter([Err(error)]).boxed(),
            Ok(Some(contents)) if filter.matches(&Tags::new()) => {
                // ZenML can store names that no other service takes; they stay in the file and cannot be asked for
                contents.names().into_iter().filter_map(|name| name.parse().ok()).collect()
            }
            Ok(_) => vec![],
        };
        let meta = |name| {
            Ok(ItemMeta { name, tags: Tags::new(), enabled: true, validity: Validity::default(), updated: None })
        };
        stream::iter(names.into_iter().map(meta)).boxed()
    }

    async fn delete(&self, name: &ItemName, _mode: DeleteMode) -> Result<bool> {
        let is_there = self.contents()?.is_some_and(|contents| contents.revision(name.as_str()).is_some());
        if !is_there {
            return Ok(false);
        }
        self.change(|contents| Ok(contents.remove(name.as_str())))
    }
}
