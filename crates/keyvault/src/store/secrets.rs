//! Secrets without their versions: names, and where in its life each is.

use rusqlite::{OptionalExtension, Row, named_params};

use super::{Version, View};
use crate::refusal::Refusal;
use crate::rules::SecretName;
use crate::switches::Millis;

/// One name in a vault.
#[derive(Debug, Clone)]
pub(crate) struct Secret {
    pub(super) row: i64,
    pub(crate) vault: i64,
    /// The name without case, unique in its vault.
    pub(crate) key: String,
    /// The name as it was first written.
    pub(crate) name: String,
    /// Belongs to a certificate.
    pub(crate) managed: bool,
    state: i64,
    busy_until: Millis,
    /// When it was deleted, in seconds.
    pub(crate) deleted: Option<i64>,
    /// When it will be purged by itself, in seconds.
    pub(crate) purge: Option<i64>,
}

const LIVE: i64 = 0;
const DELETED: i64 = 1;
const PURGING: i64 = 2;

/// Where in its life a secret is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
    Live,
    /// Recovered, but not yet to be seen.
    Recovering,
    /// Deleted, but not yet to be seen as such.
    Deleting,
    Deleted,
    /// Purged, but its name is still taken.
    Purging,
    /// As if it had never been.
    Gone,
}

impl Secret {
    pub(crate) fn phase(&self, now: Millis) -> Phase {
        let busy = now < self.busy_until;
        match self.state {
            LIVE if busy => Phase::Recovering,
            LIVE => Phase::Live,
            PURGING if busy => Phase::Purging,
            PURGING => Phase::Gone,
            _ if self.purge.is_some_and(|at| at <= now.div_euclid(1000)) => Phase::Gone,
            _ if busy => Phase::Deleting,
            _ => Phase::Deleted,
        }
    }

    pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            row: row.get("secret_row")?,
            vault: row.get("vault")?,
            key: row.get("key")?,
            name: row.get("name")?,
            managed: row.get("managed")?,
            state: row.get("state")?,
            busy_until: row.get("busy_until")?,
            deleted: row.get("deleted")?,
            purge: row.get("purge")?,
        })
    }
}

/// The columns that [`Secret::read`] wants, of table `s`.
pub(super) const COLUMNS: &str =
    "s.id AS secret_row, s.vault, s.key, s.name, s.managed, s.state, s.busy_until, s.deleted, s.purge";

impl View<'_> {
    /// The secret of that name, whatever its phase but gone.
    pub(crate) fn find(&self, vault: i64, name: &SecretName, now: Millis) -> Result<Option<Secret>, Refusal> {
        let sql = format!("SELECT {COLUMNS} FROM secrets s WHERE s.vault = ?1 AND s.key = ?2");
        let found = self.connection.prepare_cached(&sql)?.query_row((vault, name.key()), Secret::read).optional()?;
        Ok(found.filter(|secret| secret.phase(now) != Phase::Gone))
    }

    /// The secret of that name if it is live.
    pub(crate) fn live(&self, vault: i64, name: &SecretName, now: Millis) -> Result<Option<Secret>, Refusal> {
        Ok(self.find(vault, name, now)?.filter(|secret| secret.phase(now) == Phase::Live))
    }

    /// Takes a name that is free.
    pub(crate) fn add(&self, vault: i64, name: &SecretName, managed: bool) -> Result<Secret, Refusal> {
        let (key, name) = (name.key(), name.as_str().to_owned());
        self.connection
            .prepare_cached("INSERT INTO secrets (vault, key, name, managed) VALUES (?1, ?2, ?3, ?4)")?
            .execute((vault, &key, &name, managed))?;
        let row = self.connection.last_insert_rowid();
        Ok(Secret { row, vault, key, name, managed, state: LIVE, busy_until: 0, deleted: None, purge: None })
    }

    /// Deletes softly: to be seen as deleted from `busy_until` on, to be purged by itself at `purge`.
    pub(crate) fn bury(
        &self,
        secret: &mut Secret,
        deleted: i64,
        purge: i64,
        busy_until: Millis,
    ) -> Result<(), Refusal> {
        (secret.state, secret.busy_until) = (DELETED, busy_until);
        (secret.deleted, secret.purge) = (Some(deleted), Some(purge));
        self.keep(secret)
    }

    /// Brings back all versions, to be seen from `busy_until` on.
    pub(crate) fn unbury(&self, secret: &mut Secret, busy_until: Millis) -> Result<(), Refusal> {
        (secret.state, secret.busy_until) = (LIVE, busy_until);
        (secret.deleted, secret.purge) = (None, None);
        self.keep(secret)
    }

    /// Destroys all versions at once; the name stays taken until `busy_until`.
    pub(crate) fn purge(&self, secret: &mut Secret, busy_until: Millis) -> Result<(), Refusal> {
        self.connection.prepare_cached("DELETE FROM versions WHERE secret = ?1")?.execute([secret.row])?;
        (secret.state, secret.busy_until) = (PURGING, busy_until);
        self.keep(secret)
    }

    fn keep(&self, secret: &Secret) -> Result<(), Refusal> {
        self.connection
            .prepare_cached("UPDATE secrets SET state = ?2, busy_until = ?3, deleted = ?4, purge = ?5 WHERE id = ?1")?
            .execute((secret.row, secret.state, secret.busy_until, secret.deleted, secret.purge))?;
        Ok(())
    }

    /// Forgets what is gone.
    pub(super) fn sweep(&self, now: Millis) -> Result<(), Refusal> {
        self.connection
            .prepare_cached(
                "DELETE FROM secrets
                 WHERE state <> 0 AND ((state = 2 AND busy_until <= ?1) OR (state = 1 AND purge <= ?1 / 1000))",
            )?
            .execute([now])?;
        Ok(())
    }

    /// Up to `rows` live (or deleted) secrets behind the key `after`, in the order of their keys, each with its current
    /// version but not its value.
    pub(crate) fn list(
        &self,
        vault: i64,
        deleted: bool,
        after: &str,
        rows: u32,
        now: Millis,
    ) -> Result<Vec<(Secret, Version)>, Refusal> {
        let sql = format!(
            "SELECT {COLUMNS}, {} FROM secrets s
             JOIN versions v ON v.id = (SELECT max(id) FROM versions WHERE secret = s.id)
             WHERE s.vault = :vault AND s.state = :state AND s.busy_until <= :now AND s.key > :after
               AND (s.purge IS NULL OR s.purge > :now / 1000)
             ORDER BY s.key LIMIT :rows",
            super::versions::COLUMNS
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let state = if deleted { DELETED } else { LIVE };
        let parameters =
            named_params! { ":vault": vault, ":state": state, ":now": now, ":after": after, ":rows": rows };
        let found = statement.query_map(parameters, |row| Ok((Secret::read(row)?, Version::read(row)?)))?;
        Ok(found.collect::<Result<_, _>>()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(state: i64, busy_until: Millis, purge: Option<i64>) -> Secret {
        let (key, name) = ("a".into(), "A".into());
        Secret { row: 1, vault: 1, key, name, managed: false, state, busy_until, deleted: purge.map(|_| 1), purge }
    }

    #[test]
    fn phases_end_when_their_time_is_over() {
        assert_eq!(secret(LIVE, 0, None).phase(1), Phase::Live);
        assert_eq!(secret(LIVE, 2_000, None).phase(1_999), Phase::Recovering);
        assert_eq!(secret(LIVE, 2_000, None).phase(2_000), Phase::Live);
        assert_eq!(secret(DELETED, 2_000, Some(100)).phase(1_999), Phase::Deleting);
        assert_eq!(secret(DELETED, 2_000, Some(100)).phase(99_999), Phase::Deleted);
        assert_eq!(secret(DELETED, 2_000, Some(100)).phase(100_000), Phase::Gone);
        assert_eq!(secret(PURGING, 2_000, Some(100)).phase(1_999), Phase::Purging);
        assert_eq!(secret(PURGING, 2_000, Some(100)).phase(2_000), Phase::Gone);
    }
}
