//! Requests that are sent again because their answer was lost: what one did is noted for a day, so that it is done once.

use crate::database::{Change, Connection, now};
use crate::engine::Acting;
use strongroom_core::{Error, Kind, Result};
use time::Duration;
use uuid::Uuid;

/// How long the same request is known again.
const MEMORY: Duration = Duration::days(1);

impl Acting {
    /// The same, for a request with this idempotency key: the account, API key or project that it makes is made once, a key is
    /// rotated once, a secret rolled back once.
    #[must_use]
    pub fn once(self, key: &[u8]) -> Self {
        Self { request_key: Some(key.into()), ..self }
    }

    /// What tells the request from others that do such a thing; `None` when it has no key.
    pub(crate) fn request(&self, doing: &str) -> Option<Uuid> {
        let key = self.request_key.as_deref()?;
        let text = [self.caller.id.as_bytes(), doing.as_bytes(), b"\0", key].concat();
        Some(Uuid::new_v8(self.engine.digest("made", &text)[..16].try_into().expect("a digest is longer")))
    }
}

/// The id of what the same request made before.
pub(crate) async fn made_before(connection: &mut Connection, request: Option<Uuid>) -> Result<Option<Uuid>> {
    let Some(request) = request else { return Ok(None) };
    let row = connection.row("SELECT secret_id FROM request WHERE id = ?", &[request.into()]).await?;
    row.map(|mut row| row.id()).transpose()
}

/// What the same request made before was removed since: it is not made again.
pub(crate) fn is_gone() -> Error {
    Error::new(Kind::Conflict, "what an earlier request with this idempotency key made was removed since")
}

/// Notes that the request made `id`, or its `revision`, and forgets those of more than a day ago.
pub(crate) async fn note(change: &mut Change, request: Option<Uuid>, id: Uuid, revision: u32) -> Result<()> {
    let (Some(request), now) = (request, now()) else { return Ok(()) };
    change.connection.execute("DELETE FROM request WHERE at < ?", &[(now - MEMORY).into()]).await?;
    // the column has its name from when secrets alone were noted
    let sql = "INSERT INTO request (id, secret_id, revision, at) VALUES (?, ?, ?, ?)";
    let params = [request.into(), id.into(), revision.into(), now.into()];
    change.connection.execute(sql, &params).await.map(|_| ()).map_err(|error| match error.kind() {
        Kind::AlreadyExists => Error::new(Kind::Conflict, "the same request is under way"),
        _ => error,
    })
}
