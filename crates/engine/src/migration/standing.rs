//! What the store has of the names that secrets shall get, and whether a write whose end is not known was carried out.

use super::Migration;
use super::journal::{Entry, Intent, Record, Written};
use super::plan::{Existing, Item, Standing, action};
use std::collections::BTreeMap;
use strongroom_core::central::{CentralSecret, SecretId, Visibility};
use strongroom_core::query::Query;
use strongroom_core::{Error, Kind, Result, SecretName, Values};

/// How many secrets of the store one page lists.
const PAGE: usize = 1000;

impl Migration<'_> {
    /// The secrets of the store that this caller sees with that visibility.
    pub(super) async fn known(&self, visibility: Visibility) -> Result<BTreeMap<SecretName, Existing>> {
        let mut known = BTreeMap::new();
        let Some(store) = &self.target else { return Ok(known) };
        let mut query = Query::<CentralSecret>::default();
        query.size = PAGE;
        query.filter("private", if visibility == Visibility::Private { "true" } else { "false" })?;
        loop {
            let page = store.list(&query).await?;
            let fits = |secret: &CentralSecret| secret.visibility == visibility && secret.project.name == "default";
            known.extend(page.items.into_iter().filter(fits).map(|secret| {
                let CentralSecret { id, name, revision, schema, .. } = secret;
                (name, Existing { id, revision, schema })
            }));
            if query.page >= page.pages {
                return Ok(known);
            }
            query.page += 1;
        }
    }

    pub(super) async fn look(
        &self,
        mut item: Item,
        known: &BTreeMap<SecretName, Existing>,
        visibility: Visibility,
        goes_on: bool,
    ) -> (Item, Result<()>) {
        let entry = |name: &SecretName, target: &SecretName| {
            self.journal.history(|history| history.entry(name, target, visibility).cloned())
        };
        let looked = async {
            if let Some(Entry { in_flight: Some(intent), name, target, .. }) = entry(&item.secret.name, &item.target) {
                self.settle(&name, &target, visibility, &intent, known.get(&target)).await?;
            }
            self.standing(&item.target, &item.digest, known).await
        };
        match looked.await {
            Ok(standing) => {
                if let (true, Standing::Differs(there)) = (item.decided, &standing) {
                    // what was decided on was another secret, or none
                    item.decided = entry(&item.secret.name, &item.target)
                        .is_some_and(|entry| entry.meant(there.id, there.revision));
                }
                let entry = entry(&item.secret.name, &item.target).filter(|entry| goes_on && entry.in_flight.is_none());
                item.earlier = entry.filter(|entry| entry.in_run).map(|entry| action(&entry.origin));
                item.standing = standing;
                (item, Ok(()))
            }
            Err(error) => (item, Err(error)),
        }
    }

    /// Notes of all writes whose end is not known whether they were carried out.
    pub(super) async fn settle_all(&self) -> Result<()> {
        let in_flight = |entry: &&Entry| entry.in_flight.is_some();
        let entries: Vec<Entry> =
            self.journal.history(|history| history.entries().filter(in_flight).cloned().collect());
        let mut known = BTreeMap::new();
        for Entry { name, target, visibility, in_flight, .. } in &entries {
            if !known.contains_key(visibility) {
                known.insert(*visibility, self.known(*visibility).await?);
            }
            let there = known.get(visibility).and_then(|known| known.get(target));
            if let Some(intent) = in_flight {
                self.settle(name, target, *visibility, intent, there).await?;
            }
        }
        Ok(())
    }

    /// Notes that a write whose end is not known was carried out, if it was.
    async fn settle(
        &self,
        name: &SecretName,
        target: &SecretName,
        visibility: Visibility,
        intent: &Intent,
        there: Option<&Existing>,
    ) -> Result<()> {
        let Some(there) = there else { return Ok(()) };
        let fits = match intent.id {
            None => there.revision == 1,
            // a server that keeps no revisions says that each is the first
            Some(id) => there.id == id && [intent.revision, intent.revision + 1].contains(&there.revision),
        };
        if fits && self.digest_of(there.id).await? == Some(intent.digest.clone()) {
            let (name, target) = (name.to_string(), target.to_string());
            let private = visibility == Visibility::Private;
            let written = Written { name, target, private, id: there.id, revision: there.revision };
            self.journal.add(vec![Record::Written(written)])?;
        }
        Ok(())
    }

    pub(super) async fn standing(
        &self,
        target: &SecretName,
        digest: &str,
        known: &BTreeMap<SecretName, Existing>,
    ) -> Result<Standing> {
        let Some(there) = known.get(target) else { return Ok(Standing::Absent) };
        Ok(match self.digest_of(there.id).await? {
            None => Standing::Absent,
            Some(found) if found == digest => Standing::Same(there.clone()),
            Some(_) => Standing::Differs(there.clone()),
        })
    }

    /// The digest of a secret of the store; `None` when it is gone.
    pub(super) async fn digest_of(&self, id: SecretId) -> Result<Option<String>> {
        match self.store()?.get(id, None).await {
            Ok(secret) => Ok(Some(self.digest(&values_of(secret)?))),
            Err(error) if error.kind() == Kind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// The values, for whoever may read them.
pub(super) fn values_of(secret: CentralSecret) -> Result<Values> {
    let CentralSecret { name, values, .. } = secret;
    values.ok_or_else(|| {
        Error::new(Kind::Forbidden, format!("not allowed to read the values of secret `{name}` in the central store"))
            .with_hint("a migration reads back what it wrote; use an account that may")
    })
}
