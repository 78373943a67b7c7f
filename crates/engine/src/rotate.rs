//! Going from one sealing key to the next: what every key sealed, the change, and the look back.
//!
//! The signing secret is sealed anew first, which puts the new key in force; then, some rows a transaction, all revisions. A record's
//! body is bound to its head, so each is opened and sealed as a whole, with a new data key. Whatever was done when it is interrupted is
//! done: the next run finds what is left by the key ids in the rows.

mod work;

use crate::access::{Caller, Wish, authorize};
use crate::engine::{Engine, SIGNING};
use crate::values::is_elsewhere;
use std::collections::BTreeMap;
use strongroom_core::seal;
use strongroom_core::{Error, Kind, Result};
use uuid::Uuid;
use work::{Place, Reseal, Switch, stride};

/// Which keys sealed what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyStatus {
    /// The key that seals now.
    pub in_force: String,
    /// How many records each key sealed, by its id; those of the file are there with none.
    pub records: BTreeMap<String, u64>,
    /// Records that are none, or damaged so that they do not say.
    pub damaged: u64,
    /// Revisions whose values are elsewhere.
    pub elsewhere: u64,
}

/// A record that could not be sealed anew, or not be read afterwards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// Whose it is; the store's own when `None`.
    pub secret: Option<Uuid>,
    /// Which revision of it.
    pub revision: u32,
    /// What is wrong.
    pub problem: String,
}

/// What a rotation did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rotated {
    /// The key that is in force now.
    pub key: String,
    /// How many records were sealed anew.
    pub resealed: u64,
    /// How many were sealed with that key before.
    pub already: u64,
    /// How many were read back, and are as they should be.
    pub verified: u64,
    /// What could not be; nothing of it was changed.
    pub unread: Vec<Unread>,
}

impl Engine {
    /// Which keys sealed what.
    ///
    /// # Errors
    /// What the database fails with.
    pub async fn key_status(&self) -> Result<KeyStatus> {
        let mut reader = self.database.read().await?;
        let in_force = work::in_force(&mut reader).await?;
        let is_elsewhere = is_elsewhere(&mut reader).await?;
        let mut status = KeyStatus { in_force, records: BTreeMap::new(), damaged: 0, elsewhere: 0 };
        for id in self.keys.keys().ids() {
            status.records.insert(id, 0);
        }
        *status.records.entry(status.in_force.clone()).or_default() += 1;
        let mut after = Place::default();
        loop {
            let rows = stride(&mut reader, &after).await?;
            let Some(last) = rows.last() else { return Ok(status) };
            after = last.place;
            for row in rows {
                match seal::key_id(&row.receipt) {
                    Ok(id) => *status.records.entry(id).or_default() += 1,
                    Err(_) if is_elsewhere => status.elsewhere += 1,
                    Err(_) => status.damaged += 1,
                }
            }
        }
    }

    /// Puts the newest key of the file in force, seals with it all that others sealed, and reads everything back.
    ///
    /// # Errors
    /// [`Kind::Forbidden`] for all but administrators, [`Kind::Conflict`] when another rotation is under way, and what the database fails
    /// with; what was done by then stays. Records that cannot be read are told of in the answer.
    pub async fn rotate_key(&self, caller: &Caller, mut progress: impl FnMut(u64)) -> Result<Rotated> {
        authorize(caller, Wish::ManageAccounts, None)?;
        let keys = self.keys.keys();
        let key = keys.newest().id();
        let before = work::in_force(&mut *self.database.read().await?).await?;
        let mut rotated = Rotated { key: key.clone(), resealed: 0, already: 0, verified: 0, unread: vec![] };
        if before == key {
            rotated.already += 1;
        } else {
            self.one_at_a_time(&before).await?;
            let switch = Switch { caller: caller.clone(), keys: keys.clone(), before };
            self.database.change(switch).await?;
            rotated.resealed += 1;
        }
        self.keys.seals_with(&key);
        let mut after = Some(Place::default());
        while let Some(place) = after {
            let work = Reseal { keys: keys.clone(), store: self.server_id, after: place };
            let done = self.database.change(work).await?;
            rotated.resealed += done.resealed;
            rotated.already += done.already;
            rotated.unread.extend(done.unread);
            progress(done.resealed + done.already);
            after = done.last;
        }
        self.read_back(&keys, &mut rotated).await?;
        Ok(rotated)
    }

    /// A rotation that another machine began with a key of its own must be finished there.
    async fn one_at_a_time(&self, in_force: &str) -> Result<()> {
        let KeyStatus { records, .. } = self.key_status().await?;
        let keys = self.keys.keys();
        match records.iter().find(|(id, count)| **count > 0 && *id != in_force && keys.get(id).is_none()) {
            None => Ok(()),
            Some((id, _)) => Err(Error::new(
                Kind::Conflict,
                format!("records are sealed with key `{id}`, which is not in the key file"),
            )
            .with_hint("finish the earlier rotation with the key file that it was begun with")),
        }
    }

    async fn read_back(&self, keys: &seal::Keys, rotated: &mut Rotated) -> Result<()> {
        let mut reader = self.database.read().await?;
        let mut after = Place::default();
        let row = reader.row("SELECT content FROM setting WHERE name = 'signing'", &[]).await?;
        let signing = row.ok_or_else(|| Error::corrupt("the store does not know itself"))?.blob()?;
        let newest = keys.newest();
        match seal::open(newest, &SIGNING, &signing) {
            Ok(_) => rotated.verified += 1,
            Err(error) => rotated.unread.push(Unread { secret: None, revision: 0, problem: error.to_string() }),
        }
        let store = self.server_id.to_string();
        loop {
            let rows = stride(&mut reader, &after).await?;
            let Some(last) = rows.last() else { return Ok(()) };
            after = last.place;
            for row in rows.into_iter().filter(|row| seal::is_sealed(&row.receipt)) {
                let Place { secret, revision } = row.place;
                let context = [&*store, &secret.to_string(), &revision.to_string()];
                match seal::open(newest, &context, &row.receipt) {
                    Ok(_) => rotated.verified += 1,
                    // told of already
                    Err(_)
                        if rotated.unread.iter().any(|one| (one.secret, one.revision) == (Some(secret), revision)) => {}
                    Err(error) => {
                        let problem = error.to_string();
                        rotated.unread.push(Unread { secret: Some(secret), revision, problem });
                    }
                }
            }
        }
    }
}
