//! The revisions of a secret.

use crate::access::Caller;
use crate::database::Change;
use crate::keys::retired;
use crate::values::Receipt;
use strongroom_core::central::SecretId;
use strongroom_core::{Result, seal};
use time::OffsetDateTime;

pub(crate) async fn add_revision(
    change: &mut Change,
    caller: &Caller,
    id: SecretId,
    number: u32,
    created: OffsetDateTime,
    receipt: &Receipt,
) -> Result<()> {
    let sql = "INSERT INTO revision (secret_id, number, author_id, author, created, receipt) VALUES (?, ?, ?, ?, ?, ?)";
    let bytes: &[u8] = &receipt.0;
    if seal::is_sealed(bytes) {
        let (sealed_with, in_force) = (seal::key_id(bytes)?, change.key_in_force().await?);
        if sealed_with != in_force {
            return Err(retired(&sealed_with, in_force.to_owned()));
        }
    }
    let params =
        [id.into(), number.into(), caller.id.into(), caller.name.as_str().into(), created.into(), bytes.into()];
    change.connection.execute(sql, &params).await.map(|_| ())
}

/// The values of a revision are the same, kept anew.
pub(crate) async fn replace_receipt(change: &mut Change, id: SecretId, number: u32, receipt: &Receipt) -> Result<()> {
    let sql = "UPDATE revision SET receipt = ? WHERE secret_id = ? AND number = ?";
    let bytes: &[u8] = &receipt.0;
    change.connection.execute(sql, &[bytes.into(), id.into(), number.into()]).await.map(|_| ())
}

pub(crate) async fn trim(change: &mut Change, id: SecretId, current: u32, kept: u32) -> Result<()> {
    let sql = "DELETE FROM revision WHERE secret_id = ? AND number <= ?";
    change.connection.execute(sql, &[id.into(), current.saturating_sub(kept).into()]).await.map(|_| ())
}
