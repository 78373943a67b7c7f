//! All secrets of a manager, read side by side, and what lies beside them in its vault.

use super::{AT_ONCE, SecretsManager};
use crate::layout::Whose;
use crate::layout::group::torn;
use crate::{Error, Filter, Item, ItemMeta, ItemName, Kind, Result, Secret, SecretName};
use futures::channel::mpsc;
use futures::{StreamExt, TryStreamExt};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};

/// What [`SecretsManager::survey`] found.
#[derive(Debug, Default)]
pub struct Survey {
    /// Each secret that was looked for, or why it cannot be read.
    pub secrets: BTreeMap<SecretName, Result<Secret>>,
    /// What a secrets manager or a central store wrote into the same vault, and is no secret of this manager.
    pub others: Vec<Other>,
}

/// An item that is no secret of the manager whose vault it is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Other {
    /// The item.
    pub item: ItemName,
    /// Why it is none.
    pub whose: Whose,
}

/// Once the service has failed to answer this often, nothing more is begun.
const PATIENCE: usize = AT_ONCE;

impl SecretsManager {
    /// Reads the secrets of these names, or all there are. `progress` is told how many were read, and how many are known by
    /// then. One secret that cannot be read does not hinder the others.
    ///
    /// Scoped: a listing (none when names are given) and one call per secret, as soon as its name is known. Unscoped: a listing
    /// and one call per key.
    ///
    /// # Errors
    /// What listing fails with.
    pub async fn survey(
        &self,
        names: Option<&[SecretName]>,
        progress: &(dyn Fn(usize, usize) + Sync),
    ) -> Result<Survey> {
        if self.is_per_key() {
            self.survey_groups(names, progress).await
        } else {
            self.survey_items(names, progress).await
        }
    }

    async fn survey_items(
        &self,
        names: Option<&[SecretName]>,
        progress: &(dyn Fn(usize, usize) + Sync),
    ) -> Result<Survey> {
        let (found, to_read) = mpsc::unbounded();
        let known = &AtomicUsize::new(0);
        let listing = async move {
            let mut others = Vec::new();
            let tell = |name| {
                known.fetch_add(1, Ordering::Relaxed);
                let _ = found.unbounded_send(name); // the reader stays until this side is gone
            };
            let Some(names) = names else {
                let (mut items, mut seen) = (self.backend.list(Filter::default()), BTreeSet::new());
                while let Some(ItemMeta { name: item, tags, .. }) = items.try_next().await? {
                    match self.layout.whose(&item, &tags) {
                        Some(Whose::Own(name)) if seen.insert(name.clone()) => tell(name),
                        Some(Whose::Own(_)) | None => {}
                        Some(whose) => others.push(Other { item, whose }),
                    }
                }
                return Ok(others);
            };
            names.iter().collect::<BTreeSet<_>>().into_iter().cloned().for_each(tell);
            Ok(others)
        };
        let (read, unanswered) = (&AtomicUsize::new(0), &Unanswered::default());
        let reading = to_read
            .map(|name| async move {
                let secret = unanswered.unless_gone(self.require(&name)).await;
                progress(1 + read.fetch_add(1, Ordering::Relaxed), known.load(Ordering::Relaxed));
                (name, secret)
            })
            .buffer_unordered(AT_ONCE)
            .collect();
        let (others, secrets): (Result<_>, _) = futures::future::join(listing, reading).await;
        Ok(Survey { secrets, others: others? })
    }

    async fn survey_groups(
        &self,
        names: Option<&[SecretName]>,
        progress: &(dyn Fn(usize, usize) + Sync),
    ) -> Result<Survey> {
        let (mut groups, mut others) = (BTreeMap::<SecretName, Vec<ItemName>>::new(), Vec::new());
        if let Some(names) = names {
            groups.extend(names.iter().map(|name| (name.clone(), vec![])));
        }
        let mut items = self.backend.list(Filter::default());
        while let Some(ItemMeta { name: item, tags, .. }) = items.try_next().await? {
            match self.layout.whose(&item, &tags) {
                Some(Whose::Own(name)) if names.is_none() => groups.entry(name).or_default().push(item),
                Some(Whose::Own(name)) => groups.get_mut(&name).into_iter().for_each(|own| own.push(item.clone())),
                Some(whose) if names.is_none() => others.push(Other { item, whose }),
                Some(_) | None => {}
            }
        }
        let known = groups.len();
        let (done, unanswered) = (&AtomicUsize::new(0), &Unanswered::default());
        let entries = groups.iter().flat_map(|(name, items)| items.iter().map(move |item| (name, item)));
        let read: Vec<(&SecretName, Result<Option<Item>>)> = futures::stream::iter(entries)
            .map(|(name, item)| async move { (name, unanswered.unless_gone(self.backend.get(item, None)).await) })
            .buffered(AT_ONCE)
            .inspect(|_| progress(done.fetch_add(1, Ordering::Relaxed).min(known), known))
            .collect()
            .await;
        let mut whole = BTreeMap::<SecretName, Result<Vec<Item>>>::new();
        for (name, item) in read {
            let entry = whole.entry(name.clone()).or_insert_with(|| Ok(vec![]));
            match (item, entry.as_mut()) {
                (Ok(item), Ok(items)) => items.extend(item.filter(|item| !item.is_revived)),
                (Err(error), Ok(_)) => *entry = Err(error),
                (_, Err(_)) => {}
            }
        }
        let mut survey = Survey { others, ..Survey::default() };
        for (name, own) in groups {
            let secret = match whole.remove(&name) {
                None => Err(Error::not_found("secret", &name)),
                Some(Err(error)) => Err(error),
                Some(Ok(items)) if items.len() == own.len() && torn(items.iter().map(|item| &item.tags)).is_none() => {
                    self.assemble(&name, &items)
                }
                // somebody may be writing it: look again
                Some(Ok(_)) => self.require(&name).await,
            };
            survey.secrets.insert(name, secret);
        }
        progress(known, known);
        Ok(survey)
    }
}

/// Counts calls that the service did not answer.
#[derive(Debug, Default)]
struct Unanswered(AtomicUsize);

impl Unanswered {
    /// Makes the call, unless the service seems to be gone.
    async fn unless_gone<T>(&self, call: impl Future<Output = Result<T>>) -> Result<T> {
        if self.0.load(Ordering::Relaxed) >= PATIENCE {
            return Err(Error::new(Kind::Unavailable, "not tried: the service did not answer for others")
                .with_hint("try again when it does"));
        }
        let done = call.await;
        if done.as_ref().is_err_and(|error| error.kind() == Kind::Unavailable) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
        done
    }
}
