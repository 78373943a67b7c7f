//! Rows of accounts.

use crate::database::{Connection, Row};
use strongroom_core::central::{Account, AccountKind};
use strongroom_core::{Error, Result};
use uuid::Uuid;

const SELECT: &str =
    "SELECT id, kind, name, full_name, email, description, role, active, created, updated FROM account";

pub(super) fn kind_text(kind: AccountKind) -> &'static str {
    match kind {
        AccountKind::User => "user",
        AccountKind::Service => "service",
    }
}

/// What messages call an account of that kind.
pub(super) fn what(kind: AccountKind) -> &'static str {
    match kind {
        AccountKind::User => "user",
        AccountKind::Service => "service account",
    }
}

fn account(row: &mut Row) -> Result<Account> {
    Ok(Account {
        id: row.id()?,
        kind: if row.text()? == "service" { AccountKind::Service } else { AccountKind::User },
        name: row.text()?,
        full_name: row.text()?,
        email: row.optional_text()?,
        description: row.text()?,
        role: row.text()?.parse().map_err(|_| Error::corrupt("the role of an account is damaged"))?,
        active: row.flag()?,
        created: row.time()?,
        updated: row.time()?,
    })
}

/// The account of that id.
pub(crate) async fn by_id(connection: &mut Connection, id: Uuid) -> Result<Option<Account>> {
    let row = connection.row(&format!("{SELECT} WHERE id = ?"), &[id.into()]).await?;
    row.map(|mut row| account(&mut row)).transpose()
}

/// The id of the account of that name, whatever its kind.
pub(crate) async fn account_id(connection: &mut Connection, name: &str) -> Result<Option<Uuid>> {
    let row = connection.row("SELECT id FROM account WHERE name = ?", &[name.into()]).await?;
    row.map(|mut row| row.id()).transpose()
}

/// The account of that kind and of that name or id.
pub(super) async fn named(connection: &mut Connection, kind: AccountKind, text: &str) -> Result<Account> {
    let by_name = connection.row(&format!("{SELECT} WHERE name = ?"), &[text.into()]).await?;
    let found = match (by_name, Uuid::parse_str(text)) {
        (Some(mut row), _) => Some(account(&mut row)?),
        (None, Ok(id)) => by_id(connection, id).await?,
        (None, Err(_)) => None,
    };
    found.filter(|account| account.kind == kind).ok_or_else(|| Error::not_found(what(kind), text))
}

/// All accounts of that kind.
pub(super) async fn of_kind(connection: &mut Connection, kind: AccountKind) -> Result<Vec<Account>> {
    let rows = connection.rows(&format!("{SELECT} WHERE kind = ?"), &[kind_text(kind).into()]).await?;
    rows.into_iter().map(|mut row| account(&mut row)).collect()
}

/// Refuses what the columns have no room for.
pub(super) fn check_texts(full_name: Option<&str>, email: Option<&str>) -> Result<()> {
    match [full_name, email].into_iter().flatten().any(|text| text.chars().count() > 255) {
        false => Ok(()),
        true => Err(Error::invalid("a full name or an address for mail has at most 255 characters")),
    }
}

pub(crate) fn check_name(kind: AccountKind, name: &str) -> Result<()> {
    let length = name.chars().count();
    if name.trim().is_empty() || length > 255 || name.chars().any(char::is_control) {
        let what = what(kind);
        return Err(Error::invalid(format!(
            "the name of a {what} has 1 to 255 characters, none of them a control character"
        )));
    }
    Ok(())
}
