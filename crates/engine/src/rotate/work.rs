//! The transactions of a rotation.

use super::Unread;
use crate::access::Caller;
use crate::audit::{Action, Event};
use crate::database::{Change, Connection, Work};
use crate::engine::SIGNING;
use async_trait::async_trait;
use strongroom_core::seal::{self, Keys};
use strongroom_core::{Error, Kind, Result};
use uuid::Uuid;

/// How many revisions are sealed anew in one transaction.
const STRIDE: usize = 200;

/// A revision.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) secret: Uuid,
    pub(super) revision: u32,
}

pub(super) struct SealedRow {
    pub(super) place: Place,
    pub(super) receipt: Vec<u8>,
}

/// The next revisions after `after`; none is the end.
pub(super) async fn stride(connection: &mut Connection, after: &Place) -> Result<Vec<SealedRow>> {
    let sql = format!(
        "SELECT secret_id, number, receipt FROM revision WHERE secret_id > ? OR (secret_id = ? AND number > ?) \
         ORDER BY secret_id, number LIMIT {STRIDE}"
    );
    let params = [after.secret.into(), after.secret.into(), after.revision.into()];
    let rows = connection.rows(&sql, &params).await?;
    rows.into_iter()
        .map(|mut row| {
            let place = Place { secret: row.id()?, revision: row.count()? };
            Ok(SealedRow { place, receipt: row.blob()? })
        })
        .collect()
}

/// The id of the key in force: the one that sealed the signing secret.
pub(super) async fn in_force(connection: &mut Connection) -> Result<String> {
    let row = connection.row("SELECT content FROM setting WHERE name = 'signing'", &[]).await?;
    seal::key_id(&row.ok_or_else(|| Error::corrupt("the store does not know itself"))?.blob()?)
}

impl Change {
    /// The id of the key in force, in this transaction.
    pub(crate) async fn key_in_force(&mut self) -> Result<&str> {
        if self.in_force.is_none() {
            self.in_force = Some(in_force(&mut self.connection).await?);
        }
        Ok(self.in_force.as_deref().unwrap_or_default())
    }
}

fn overtaken() -> Error {
    Error::new(Kind::Conflict, "another rotation is under way")
        .with_hint("finish it with the key file that it was begun with")
}

/// Puts the newest key in force.
pub(super) struct Switch {
    pub(super) caller: Caller,
    pub(super) keys: Keys,
    pub(super) before: String,
}

#[async_trait]
impl Work for Switch {
    type Done = ();

    async fn run(&mut self, change: &mut Change) -> Result<()> {
        let Self { caller, keys, before } = self;
        change.in_force = None;
        let connection = &mut change.connection;
        let row = connection.row("SELECT content FROM setting WHERE name = 'signing'", &[]).await?;
        let sealed = row.ok_or_else(|| Error::corrupt("the store does not know itself"))?.blob()?;
        if seal::key_id(&sealed)? != *before {
            return Err(overtaken());
        }
        let text = keys.open(&SIGNING, &sealed)?;
        let anew = seal::seal(keys.newest(), &SIGNING, &text)?;
        let sql = "UPDATE setting SET content = ? WHERE name = 'signing'";
        connection.execute(sql, &[anew.as_slice().into()]).await?;
        let target = keys.newest().id();
        let event =
            Event { action: Action::SealRotate, target_id: None, target: &target, revision: None, outcome: "done" };
        change.record(caller, &event).await
    }
}

/// Seals the next revisions anew that another key sealed.
pub(super) struct Reseal {
    pub(super) keys: Keys,
    pub(super) store: Uuid,
    pub(super) after: Place,
}

#[derive(Default)]
pub(super) struct Resealed {
    pub(super) resealed: u64,
    pub(super) already: u64,
    pub(super) unread: Vec<Unread>,
    /// Where to go on; the end when `None`.
    pub(super) last: Option<Place>,
}

#[async_trait]
impl Work for Reseal {
    type Done = Resealed;

    async fn run(&mut self, change: &mut Change) -> Result<Resealed> {
        let Self { keys, store, after } = self;
        let (newest, store) = (keys.newest(), store.to_string());
        let id = newest.id();
        change.in_force = None;
        if change.key_in_force().await? != id {
            return Err(overtaken());
        }
        let rows = stride(&mut change.connection, after).await?;
        let mut done = Resealed { last: rows.last().map(|row| row.place), ..Resealed::default() };
        for SealedRow { place: Place { secret, revision }, receipt } in rows {
            if !seal::is_sealed(&receipt) {
                continue; // its values are elsewhere
            }
            if seal::key_id(&receipt).is_ok_and(|known| known == id) {
                done.already += 1;
                continue;
            }
            let context = [&*store, &secret.to_string(), &revision.to_string()];
            let text = match keys.open(&context, &receipt) {
                Ok(text) => text,
                Err(error) => {
                    done.unread.push(Unread { secret: Some(secret), revision, problem: error.to_string() });
                    continue;
                }
            };
            let anew = seal::seal(newest, &context, &text)?;
            let sql = "UPDATE revision SET receipt = ? WHERE secret_id = ? AND number = ?";
            change.connection.execute(sql, &[anew.as_slice().into(), secret.into(), revision.into()]).await?;
            done.resealed += 1;
        }
        Ok(done)
    }
}
