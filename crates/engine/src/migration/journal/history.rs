//! What all records of a journal come to.

use super::super::text::Shape;
use super::super::{Unfinished, Wishes};
use super::record::{Record, Written, name};
use indexmap::IndexMap;
use std::collections::BTreeSet;
use strongroom_core::central::Visibility;
use strongroom_core::{Error, Result, SecretName};
use uuid::Uuid;

/// A secret of the manager, and what it is in the store.
type Pair = (SecretName, SecretName, Visibility);

/// How a secret came to be in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) enum Origin {
    /// It did not yet.
    Nowhere,
    /// A migration made it.
    Created,
    /// A migration gave it other values; before, it had this revision and schema.
    Updated { revision: u32, schema: Option<String> },
    /// It was there.
    Kept,
}

/// A write that was begun and is not known to have ended.
#[derive(Debug, Clone)]
pub(in super::super) struct Intent {
    /// The secret that is changed; none if one is made.
    pub(in super::super) id: Option<Uuid>,
    /// Its revision before.
    pub(in super::super) revision: u32,
    schema: Option<String>,
    pub(in super::super) digest: String,
    shape: Shape,
}

/// What migrations did with one secret.
#[derive(Debug, Clone)]
pub(in super::super) struct Entry {
    pub(in super::super) name: SecretName,
    pub(in super::super) target: SecretName,
    pub(in super::super) visibility: Visibility,
    pub(in super::super) origin: Origin,
    /// Which secret it is in the store, and in which revision; meaningful unless it is nowhere.
    pub(in super::super) id: Uuid,
    pub(in super::super) revision: u32,
    pub(in super::super) digest: String,
    pub(in super::super) shape: Shape,
    pub(in super::super) in_flight: Option<Intent>,
    /// Whether the last run was to delete it from the manager.
    pub(in super::super) delete: bool,
    /// Whether deleting it was begun, and whether it is gone.
    pub(in super::super) deleting: bool,
    pub(in super::super) deleted: bool,
    /// Whether it belongs to the last run.
    pub(in super::super) in_run: bool,
}

/// What all migrations between one manager and one store did, and what is not taken back.
#[derive(Debug, Default)]
pub(in super::super) struct History {
    run: Option<(String, Wishes)>,
    failed: Option<usize>,
    entries: IndexMap<Pair, Entry>,
    /// Those of the last run that nobody wanted.
    pub(in super::super) skipped: BTreeSet<SecretName>,
    /// Those of the last run that could not be migrated.
    pub(in super::super) refused: BTreeSet<SecretName>,
}

impl Entry {
    /// Whether the secret that a write was to change, or did change, is this one.
    pub(in super::super) fn meant(&self, id: Uuid, revision: u32) -> bool {
        match &self.in_flight {
            Some(intent) => (intent.id, intent.revision) == (Some(id), revision),
            None => self.origin != Origin::Nowhere && (self.id, self.revision) == (id, revision),
        }
    }
}

impl History {
    /// All that is not taken back.
    pub(in super::super) fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.values()
    }

    /// What was done with a secret.
    pub(in super::super) fn entry(&self, name: &SecretName, target: &SecretName, of: Visibility) -> Option<&Entry> {
        self.entries.get(&(name.clone(), target.clone(), of))
    }

    /// The last run, if something of it is left to do.
    pub(in super::super) fn unfinished(&self) -> Option<Unfinished> {
        let (begun, wishes) = self.run.clone().filter(|_| self.failed != Some(0))?;
        let (mut verified, mut decided) = (0, self.refused.len());
        for entry in self.entries.values().filter(|entry| entry.in_run) {
            decided += 1;
            verified += usize::from(entry.in_flight.is_none());
        }
        Some(Unfinished { begun, wishes, verified, decided, failed: self.failed })
    }

    /// Adds one record.
    pub(super) fn add(&mut self, record: Record) -> Result<()> {
        match record {
            Record::Begin { at, private, names, map, delete, unasked } => {
                let visibility = visibility(private);
                let names = names.into_iter().map(name).collect::<Result<_>>()?;
                let map = map.into_iter().map(|(from, to)| Ok((name(from)?, name(to)?))).collect::<Result<_>>()?;
                self.run = Some((at, Wishes { visibility, names, map, delete, unasked }));
                self.failed = None;
                self.skipped.clear();
                self.refused.clear();
                self.entries.values_mut().for_each(|entry| entry.in_run = false);
            }
            Record::Skip { name: text } => drop(self.skipped.insert(name(text)?)),
            Record::Refuse { name: text } => drop(self.refused.insert(name(text)?)),
            Record::Write { name, target, private, id, revision, schema, digest, shape, delete } => {
                let entry = self.touched(pair(name, target, private)?, delete);
                entry.in_flight = Some(Intent { id, revision, schema, digest, shape });
            }
            Record::Written(Written { name, target, private, id, revision }) => {
                let entry = self.known(&pair(name, target, private)?)?;
                let intent = entry.in_flight.take().ok_or_else(|| Error::corrupt("a write ends that never began"))?;
                let goes_on = matches!(entry.origin, Origin::Created | Origin::Updated { .. })
                    && (Some(entry.id), entry.revision) == (intent.id, intent.revision);
                entry.origin = match (std::mem::replace(&mut entry.origin, Origin::Created), intent.id) {
                    (origin, Some(_)) if goes_on => origin,
                    (_, Some(_)) => Origin::Updated { revision: intent.revision, schema: intent.schema },
                    (_, None) => Origin::Created,
                };
                (entry.id, entry.revision) = (id, revision);
                (entry.digest, entry.shape) = (intent.digest, intent.shape);
            }
            Record::Keep { written: Written { name, target, private, id, revision }, digest, shape, delete } => {
                let entry = self.touched(pair(name, target, private)?, delete);
                entry.in_flight = None;
                if entry.origin == Origin::Nowhere || (entry.id, entry.revision) != (id, revision) {
                    entry.origin = Origin::Kept;
                }
                (entry.id, entry.revision, entry.digest, entry.shape) = (id, revision, digest, shape);
            }
            Record::Delete { name, target, private } => self.known(&pair(name, target, private)?)?.deleting = true,
            Record::Deleted { name, target, private } => self.known(&pair(name, target, private)?)?.deleted = true,
            Record::End { failed } => self.failed = Some(failed),
            Record::Undone { name, target, private } => drop(self.entries.shift_remove(&pair(name, target, private)?)),
        }
        Ok(())
    }

    /// The entry of a secret that the last run decided on; the manager has it at this time.
    fn touched(&mut self, pair: Pair, delete: bool) -> &mut Entry {
        let entry = self.entries.entry(pair).or_insert_with_key(|(name, target, visibility)| Entry {
            name: name.clone(),
            target: target.clone(),
            visibility: *visibility,
            origin: Origin::Nowhere,
            id: Uuid::nil(),
            revision: 0,
            digest: String::new(),
            shape: Shape::default(),
            in_flight: None,
            delete,
            deleting: false,
            deleted: false,
            in_run: true,
        });
        (entry.delete, entry.deleting, entry.deleted, entry.in_run) = (delete, false, false, true);
        entry
    }

    fn known(&mut self, pair: &Pair) -> Result<&mut Entry> {
        self.entries.get_mut(pair).ok_or_else(|| Error::corrupt("a step was taken that nobody decided on"))
    }
}

fn pair(from: String, target: String, private: bool) -> Result<Pair> {
    Ok((name(from)?, name(target)?, visibility(private)))
}

fn visibility(private: bool) -> Visibility {
    if private { Visibility::Private } else { Visibility::Public }
}
