//! Writing into the store, and reading back what was written.

use super::journal::{Record, Written};
use super::plan::{Existing, Item, Plan, Standing};
use super::standing::values_of;
use super::{Action, Doomed, IN_STORE, Migration, Outcome};
use futures::StreamExt;
use std::sync::atomic::{AtomicUsize, Ordering};
use strongroom_core::central::{NewSecret, SecretChange, Secrets, ValuesChange, Visibility};
use strongroom_core::{Error, Kind, Result};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

impl Migration<'_> {
    /// Does to the store what the plan says, and says what became of each secret, and which may now be deleted from the manager.
    /// `progress` is told how many are done.
    ///
    /// # Errors
    /// When the journal cannot be written. What goes wrong with one secret is in its outcome.
    pub async fn write(&self, plan: Plan, progress: &(dyn Fn(usize) + Sync)) -> Result<(Vec<Outcome>, Vec<Doomed>)> {
        let Plan { items, settled, half_deleted, others: _, wishes, .. } = plan;
        let mut records = vec![wishes.record(now())];
        records.extend(items.iter().map(|item| item.record(wishes.visibility)));
        let failed = settled.iter().filter(|outcome| outcome.error.is_some());
        records.extend(failed.map(|outcome| Record::Refuse { name: outcome.name.to_string() }));
        self.journal.note(records)?;

        let done = &AtomicUsize::new(0);
        let unanswered = &AtomicUsize::new(0);
        let visibility = wishes.visibility;
        let write = |item: Item| async move {
            let written = match (item.migrate, unanswered.load(Ordering::Relaxed) < IN_STORE) {
                (false, _) => Ok(None),
                (true, true) => self.carry_out(&item, visibility).await.map(Some),
                (true, false) => Err(Error::new(Kind::Unavailable, "not tried: the store did not answer for others")
                    .with_hint("try again when it does")),
            };
            let is_unanswered = written.as_ref().is_err_and(|error| error.kind() == Kind::Unavailable);
            unanswered.fetch_add(usize::from(is_unanswered), Ordering::Relaxed);
            progress(1 + done.fetch_add(1, Ordering::Relaxed));
            (item, written)
        };
        let written: Vec<_> = futures::stream::iter(items).map(write).buffered(IN_STORE).collect().await;
        self.journal.sync()?;

        let (mut outcomes, mut doomed) = (settled, Vec::new());
        for (half, outcome) in half_deleted {
            outcomes.push(outcome);
            doomed.push(half);
        }
        for (item, written) in written {
            let outcome = item.foreseen();
            let Item { secret, target, digest, delete, .. } = item;
            outcomes.push(match written {
                Ok(Some(Existing { id, revision, schema: _ })) => {
                    if delete {
                        let (name, is_half) = (secret.name, false);
                        doomed.push(Doomed { name, target, visibility, digest, is_half });
                    }
                    Outcome { id: Some(id), revision: Some(revision), ..outcome }
                }
                Ok(None) => outcome,
                Err(error) => Outcome { action: Action::Failed, error: Some(error), ..outcome },
            });
        }
        outcomes.sort_by(|one, other| one.name.cmp(&other.name));
        Ok((outcomes, doomed))
    }

    /// Notes that the run came to its end.
    ///
    /// # Errors
    /// When the journal cannot be written.
    pub fn end(&self, outcomes: &[Outcome]) -> Result<()> {
        let failed = outcomes.iter().filter(|outcome| outcome.error.is_some()).count();
        self.journal.note(vec![Record::End { failed }])
    }

    async fn carry_out(&self, item: &Item, visibility: Visibility) -> Result<Existing> {
        let store = self.store()?;
        let Item { secret, target, text, standing, .. } = item;
        let schema = Some(secret.schema.name().to_owned());
        let written = match standing {
            Standing::Absent => {
                let new = NewSecret { visibility, schema, ..NewSecret::new(target.clone(), text.clone()) };
                store.create(new).await?
            }
            Standing::Differs(Existing { id, revision, .. }) => {
                let values = Some(ValuesChange::Replace(text.clone()));
                let change = SecretChange { values, schema, if_revision: Some(*revision), ..SecretChange::default() };
                store.update(*id, change).await?
            }
            Standing::Same(there) => {
                // what was read while the plan was made may have been changed since
                self.verify(item, store, there).await?;
                return Ok(there.clone());
            }
        };
        let there = Existing { id: written.id, revision: written.revision, schema: written.schema };
        self.verify(item, store, &there).await?;
        let (name, target, private) = (secret.name.to_string(), target.to_string(), visibility == Visibility::Private);
        let written = Written { name, target, private, id: there.id, revision: there.revision };
        self.journal.add(vec![Record::Written(written)])?;
        Ok(there)
    }

    async fn verify(&self, item: &Item, store: &dyn Secrets, there: &Existing) -> Result<()> {
        let read = store.get(there.id, None).await?;
        let revision = read.revision;
        if self.digest(&values_of(read)?) == item.digest {
            return Ok(());
        }
        let target = &item.target;
        Err(if revision == there.revision {
            Error::corrupt(format!("the store gives other values for `{target}` than it was given"))
                .with_hint("nothing was deleted from the secrets manager")
        } else {
            Error::new(Kind::Conflict, format!("somebody else changed `{target}` in the store"))
                .with_hint("migrate it again")
        })
    }
}

impl Item {
    /// The record of what was decided about it.
    fn record(&self, visibility: Visibility) -> Record {
        let Self { secret, target, shape, digest, standing, delete, .. } = self;
        let (name, target, digest) = (secret.name.to_string(), target.to_string(), digest.clone());
        let (shape, delete, private) = (shape.clone(), *delete, visibility == Visibility::Private);
        match standing {
            _ if !self.migrate => Record::Skip { name },
            Standing::Absent => {
                Record::Write { name, target, private, id: None, revision: 0, schema: None, digest, shape, delete }
            }
            Standing::Differs(Existing { id, revision, schema }) => {
                let (id, revision, schema) = (Some(*id), *revision, schema.clone());
                Record::Write { name, target, private, id, revision, schema, digest, shape, delete }
            }
            Standing::Same(Existing { id, revision, .. }) => {
                let written = Written { name, target, private, id: *id, revision: *revision };
                Record::Keep { written, digest, shape, delete }
            }
        }
    }
}

fn now() -> String {
    OffsetDateTime::now_utc().format(&Rfc3339).unwrap_or_default()
}
