//! Signing out: the end of a token before it expires.

use super::Recognized;
use super::token::LEEWAY;
use crate::access::Caller;
use crate::audit::{Action, Event};
use crate::database::{Change, Work, now};
use crate::engine::Engine;
use async_trait::async_trait;
use strongroom_core::Result;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

impl Engine {
    /// Ends the token that somebody was recognized by: no replica takes it from now on. Other tokens of the account stay good.
    ///
    /// # Errors
    /// What the database fails with.
    pub async fn sign_out(&self, recognized: &Recognized) -> Result<()> {
        let Recognized { caller, token, expires, .. } = recognized;
        self.database.change(End { caller: caller.clone(), token: *token, expires: *expires }).await
    }

    /// Forgets the tokens that were ended and have expired since. Servers call it every minute.
    ///
    /// # Errors
    /// What the database fails with.
    pub async fn forget_ended_tokens(&self) -> Result<()> {
        let sql = "SELECT id FROM ended_token WHERE until < ? LIMIT 1";
        // mostly there is nothing to forget, and nothing to write
        match self.database.read().await?.row(sql, &[now().into()]).await? {
            Some(_) => self.database.change(Forget).await,
            None => Ok(()),
        }
    }
}

/// Not quiet: whoever remembers the caller reads it anew, and finds the token ended.
struct End {
    caller: Caller,
    token: Uuid,
    expires: OffsetDateTime,
}

#[async_trait]
impl Work for End {
    type Done = ();

    async fn run(&mut self, change: &mut Change) -> Result<()> {
        let Self { caller, token, expires } = self;
        let sql = "SELECT until FROM ended_token WHERE id = ?";
        if change.connection.row(sql, &[(*token).into()]).await?.is_some() {
            return Ok(()); // signed out twice at once
        }
        let sql = "INSERT INTO ended_token (id, until) VALUES (?, ?)";
        let until = *expires + Duration::seconds(i64::from(LEEWAY));
        change.connection.execute(sql, &[(*token).into(), until.into()]).await?;
        let (target, target_id) = (&*caller.name, Some(caller.id));
        change
            .record(caller, &Event { action: Action::SignOut, target_id, target, revision: None, outcome: "done" })
            .await
    }
}

struct Forget;

#[async_trait]
impl Work for Forget {
    type Done = ();
    const QUIET: bool = true;

    async fn run(&mut self, change: &mut Change) -> Result<()> {
        change.connection.execute("DELETE FROM ended_token WHERE until < ?", &[now().into()]).await.map(|_| ())
    }
}
