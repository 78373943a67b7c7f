//! What each secret of the manager would become in the store, and what is there already.

use super::journal::{Entry, Origin, Record};
use super::text::Shape;
use super::{Action, Doomed, IN_STORE, Migration, Outcome, Wishes};
use futures::StreamExt;
use std::collections::BTreeMap;
use strongroom_core::central::{SecretId, Visibility, check_central_values};
use strongroom_core::{Error, Kind, Other, Result, Secret, SecretName, Survey, Values};

/// The longest name of a schema that a store takes.
const LONGEST_SCHEMA: usize = 255;

/// A secret of the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Existing {
    pub(super) id: SecretId,
    pub(super) revision: u32,
    pub(super) schema: Option<String>,
}

/// What the store has of the name that an item shall get.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Nothing.
    Absent,
    /// A secret with the same values.
    Same(Existing),
    /// A secret with other values.
    Differs(Existing),
}

/// One secret that can be migrated.
#[derive(Debug)]
pub struct Item {
    /// The secret, as the manager has it.
    pub secret: Secret,
    /// The name it shall have in the store; changed by [`Migration::rename`].
    pub(super) target: SecretName,
    pub(super) text: Values,
    pub(super) shape: Shape,
    pub(super) digest: String,
    pub(super) standing: Standing,
    /// What an earlier run, which this one goes on with, did in the store.
    pub(super) earlier: Option<Action>,
    /// Whether it was decided on by the run that is resumed.
    pub decided: bool,
    /// Whether it shall be migrated.
    pub migrate: bool,
    /// Whether it shall be deleted from the manager, once it is verified in the store.
    pub delete: bool,
}

/// All that a run can do.
#[derive(Debug)]
pub struct Plan {
    /// What can be migrated, by name.
    pub items: Vec<Item>,
    /// What cannot be migrated, and what an earlier run did to its end.
    pub settled: Vec<Outcome>,
    /// What a run that was killed had deleted in part; the store has all of it.
    pub half_deleted: Vec<(Doomed, Outcome)>,
    /// What else is in the vault.
    pub others: Vec<Other>,
    pub(super) wishes: Wishes,
    known: BTreeMap<SecretName, Existing>,
}

impl Item {
    /// The name it shall have in the store.
    pub fn target(&self) -> &SecretName {
        &self.target
    }

    /// What the store has of that name.
    pub fn standing(&self) -> &Standing {
        &self.standing
    }

    /// What migrating it does, or did, in the store.
    pub fn action(&self) -> Action {
        match (&self.standing, self.earlier) {
            _ if !self.migrate => Action::Declined,
            (Standing::Same(_), Some(earlier)) => earlier,
            (Standing::Same(_), None) => Action::Skipped,
            (Standing::Absent, _) => Action::Created,
            (Standing::Differs(_), _) => Action::Updated,
        }
    }

    /// What would become of it.
    pub fn foreseen(&self) -> Outcome {
        let there = match &self.standing {
            Standing::Absent => None,
            Standing::Same(there) | Standing::Differs(there) => Some(there),
        };
        Outcome {
            name: self.secret.name.clone(),
            target: self.target.clone(),
            action: self.action(),
            deleted: false,
            id: there.map(|there| there.id),
            revision: there.map(|there| there.revision),
            digest: Some(self.digest.clone()),
            error: None,
        }
    }
}

impl Plan {
    /// Whether another item shall have this name.
    pub fn is_taken(&self, name: &SecretName, but: usize) -> bool {
        self.items.iter().enumerate().any(|(index, item)| index != but && item.migrate && item.target == *name)
    }
}

/// An outcome that is a failure before anything was done.
fn refused(name: SecretName, target: SecretName, error: Error) -> Outcome {
    Outcome {
        name,
        target,
        action: Action::Failed,
        deleted: false,
        id: None,
        revision: None,
        digest: None,
        error: Some(error),
    }
}

impl Migration<'_> {
    /// What would become of the secrets that `survey` found. All are looked at, and those that cannot be migrated do not hinder
    /// the others. With `resume`, the decisions of the last run stand. Nothing is changed but the journal.
    ///
    /// # Errors
    /// [`Kind::NotFound`] when a secret that is asked for by name is not there, and what listing the store fails with.
    pub async fn plan(&self, survey: Survey, wishes: Wishes, resume: bool) -> Result<Plan> {
        let Survey { secrets, others } = survey;
        let known = self.known(wishes.visibility).await?;
        let goes_on = self.unfinished().is_some();
        let mut plan = Plan { items: vec![], settled: vec![], half_deleted: vec![], others, wishes, known };
        for outcome in self.gone_already(&plan.wishes, resume || goes_on) {
            let is_gone = match secrets.get(&outcome.name) {
                None => true,
                Some(Err(error)) => error.kind() == Kind::NotFound,
                Some(Ok(_)) => false,
            };
            if is_gone {
                self.journal.add(vec![deleted(&outcome, plan.wishes.visibility)])?;
                plan.settled.push(outcome);
            }
        }
        let mut items = Vec::new();
        for (name, secret) in secrets {
            let target = plan.wishes.map.get(&name).unwrap_or(&name).clone();
            match secret.and_then(|secret| self.item(secret, target.clone())) {
                Ok(item) => items.push(item),
                Err(_) if plan.settled.iter().any(|done| done.name == name && done.deleted) => {}
                Err(error) if error.kind() == Kind::NotFound && plan.wishes.names.contains(&name) => {
                    return Err(error.with_hint("`strongroom secrets-manager secret list` shows those there are"));
                }
                Err(error) => match self.half_deleted(&name, plan.wishes.visibility, &error).await? {
                    Some(half) => plan.half_deleted.push(half),
                    None => plan.settled.push(refused(name, target, error)),
                },
            }
        }
        if let Some(name) = plan.wishes.map.keys().find(|name| !items.iter().any(|item| item.secret.name == **name))
            && !plan.settled.iter().any(|outcome| outcome.name == *name)
            && !plan.half_deleted.iter().any(|(half, _)| half.name == *name)
        {
            return Err(Error::not_found("secret", name).within("a name is mapped that is not migrated"));
        }
        if resume {
            items.retain_mut(|item| self.decide(item, &plan.wishes));
        }
        let looked: Vec<_> = futures::stream::iter(items)
            .map(|item| self.look(item, &plan.known, plan.wishes.visibility, goes_on))
            .buffered(IN_STORE)
            .collect()
            .await;
        for (item, standing) in looked {
            match standing {
                Ok(()) => plan.items.push(item),
                Err(error) => plan.settled.push(refused(item.secret.name, item.target, error)),
            }
        }
        refuse_clashes(&mut plan);
        Ok(plan)
    }

    /// Gives an item of a plan another name in the store, and looks at what is there of that name.
    ///
    /// # Errors
    /// What reading the store fails with.
    pub async fn rename(&self, plan: &mut Plan, index: usize, target: SecretName) -> Result<()> {
        let Plan { items, known, .. } = plan;
        let Some(item) = items.get_mut(index) else { return Ok(()) };
        let standing = self.standing(&target, &item.digest, known).await?;
        (item.target, item.standing, item.earlier) = (target, standing, None);
        Ok(())
    }

    fn item(&self, secret: Secret, target: SecretName) -> Result<Item> {
        let (text, shape) = Shape::text(&secret.values);
        check_central_values(&text)?;
        let schema = secret.schema.name().chars().count();
        if schema > LONGEST_SCHEMA {
            return Err(Error::invalid(format!(
                "the name of its schema is {schema} characters long; {LONGEST_SCHEMA} is the limit"
            )));
        }
        let digest = self.digest(&text);
        let (standing, earlier) = (Standing::Absent, None);
        Ok(Item {
            secret,
            target,
            text,
            shape,
            digest,
            standing,
            earlier,
            decided: false,
            migrate: true,
            delete: false,
        })
    }

    /// What the run that is resumed decided about an item; whether it is to be migrated.
    fn decide(&self, item: &mut Item, wishes: &Wishes) -> bool {
        self.journal.history(|history| {
            let name = &item.secret.name;
            let decided = history
                .entries()
                .find(|entry| entry.in_run && entry.name == *name && entry.visibility == wishes.visibility);
            match decided {
                Some(Entry { target, delete, .. }) => {
                    (item.target, item.delete, item.decided) = (target.clone(), *delete, true);
                    true
                }
                // what could not be read was not decided on
                None => history.refused.contains(name),
            }
        })
    }

    /// What a run that was interrupted had deleted from the manager.
    fn gone_already(&self, wishes: &Wishes, goes_on: bool) -> Vec<Outcome> {
        self.journal.history(|history| {
            let wanted = |entry: &&Entry| {
                entry.deleting
                    && entry.in_flight.is_none()
                    && entry.visibility == wishes.visibility
                    && (wishes.names.contains(&entry.name) || wishes.names.is_empty() && goes_on && entry.in_run)
            };
            let gone = |entry: &Entry| Outcome { deleted: true, ..outcome(entry) };
            history.entries().filter(wanted).map(gone).collect()
        })
    }

    /// A secret that cannot be read because a run was killed while it deleted one item of it after the other.
    async fn half_deleted(
        &self,
        name: &SecretName,
        visibility: Visibility,
        error: &Error,
    ) -> Result<Option<(Doomed, Outcome)>> {
        let begun = |entry: &&Entry| {
            let is_verified = entry.in_flight.is_none() && entry.visibility == visibility;
            entry.name == *name && entry.deleting && !entry.deleted && is_verified
        };
        let entry = self.journal.history(|history| history.entries().find(begun).cloned());
        let Some(entry) = entry.filter(|_| error.kind() == Kind::Corrupt) else { return Ok(None) };
        if self.digest_of(entry.id).await? != Some(entry.digest.clone()) {
            return Ok(None);
        }
        let Entry { name, target, digest, .. } = entry.clone();
        Ok(Some((Doomed { name, target, visibility, digest, is_half: true }, outcome(&entry))))
    }
}

pub(super) fn action(origin: &Origin) -> Action {
    match origin {
        Origin::Created => Action::Created,
        Origin::Updated { .. } => Action::Updated,
        Origin::Kept | Origin::Nowhere => Action::Skipped,
    }
}

/// What earlier runs did with a secret.
fn outcome(entry: &Entry) -> Outcome {
    Outcome {
        name: entry.name.clone(),
        target: entry.target.clone(),
        action: action(&entry.origin),
        deleted: false,
        id: Some(entry.id),
        revision: Some(entry.revision),
        digest: Some(entry.digest.clone()),
        error: None,
    }
}

fn deleted(outcome: &Outcome, visibility: Visibility) -> Record {
    let private = visibility == Visibility::Private;
    Record::Deleted { name: outcome.name.to_string(), target: outcome.target.to_string(), private }
}

/// Two secrets cannot become one.
fn refuse_clashes(plan: &mut Plan) {
    let mut counts = BTreeMap::<SecretName, usize>::new();
    plan.items.iter().for_each(|item| *counts.entry(item.target.clone()).or_default() += 1);
    let (clashing, rest) =
        std::mem::take(&mut plan.items).into_iter().partition(|item: &Item| counts.get(&item.target) > Some(&1));
    plan.items = rest;
    plan.settled.extend(clashing.into_iter().map(|item: Item| {
        let error = Error::new(Kind::Conflict, format!("several secrets would become `{}`", item.target))
            .with_hint("give them different names by `--map OLD=NEW`");
        refused(item.secret.name, item.target, error)
    }));
}
