//! Rows of secrets, and the realms in which their names are unique.

use crate::access::{Caller, Subject, Wish, authorize, hidden};
use crate::database::{Connection, Param, Row};
use crate::values::Receipt;
use strongroom_core::central::{CentralSecret, Named, SecretId, Visibility};
use strongroom_core::{Error, Result, SecretName};
use uuid::Uuid;

pub(super) const COLUMNS: &str = "SELECT s.id, s.name, s.private, s.owner_id, a.name, s.project_id, p.name, s.schema_name, s.revision, \
     s.created, s.updated";
pub(super) const TABLES: &str =
    " FROM secret s JOIN account a ON a.id = s.owner_id JOIN project p ON p.id = s.project_id";
/// What the caller, the first parameter, sees.
pub(super) const VISIBLE: &str = "(s.private = 0 OR s.owner_id = ?)";

/// The realm of a name: public secrets have one for all (another for each project but the default one, which only ZenML 0.44
/// makes use of), private secrets one for each owner.
pub(crate) fn realm(visibility: Visibility, owner: Uuid, project: Uuid, default_project: Uuid) -> String {
    let place = if project == default_project { String::new() } else { format!("/{project}") };
    match visibility {
        Visibility::Public => format!("public{place}"),
        Visibility::Private => format!("user/{owner}{place}"),
    }
}

pub(super) fn secret(row: &mut Row) -> Result<CentralSecret> {
    Ok(CentralSecret {
        id: row.id()?,
        name: SecretName::try_from(row.text()?).map_err(|_| Error::corrupt("the name of a secret is damaged"))?,
        visibility: if row.flag()? { Visibility::Private } else { Visibility::Public },
        owner: Named { id: row.id()?, name: row.text()? },
        project: Named { id: row.id()?, name: row.text()? },
        schema: row.optional_text()?,
        revision: row.count()?,
        created: row.time()?,
        updated: row.time()?,
        values: None,
    })
}

/// The secret of that id, if `caller` may do `wish` to it.
pub(super) async fn secret_for(
    connection: &mut Connection,
    caller: &Caller,
    wish: Wish,
    id: SecretId,
) -> Result<CentralSecret> {
    let sql = format!("{COLUMNS}{TABLES} WHERE s.id = ?");
    let row = connection.row(&sql, &[id.into()]).await?;
    let mut row = row.ok_or_else(|| hidden(&id.to_string()))?;
    let secret = secret(&mut row)?;
    allow(caller, wish, &secret, &id.to_string())?;
    Ok(secret)
}

/// Refuses the name of a schema that no database keeps.
pub(super) fn check_schema(schema: Option<&str>) -> Result<()> {
    match schema.is_some_and(|schema| schema.chars().count() > 255) {
        true => Err(Error::invalid("the name of a schema has at most 255 characters")),
        false => Ok(()),
    }
}

/// As [`authorize`]; what is hidden is told by what the caller asked for.
pub(super) fn allow(caller: &Caller, wish: Wish, secret: &CentralSecret, asked: &str) -> Result<()> {
    let is_private = secret.visibility == Visibility::Private;
    authorize(caller, wish, Some(Subject { name: asked, owner: secret.owner.id, is_private }))
}

/// The secret of that id with the receipt of one of its revisions, the current one if none is named.
pub(crate) async fn with_receipt(
    connection: &mut Connection,
    id: SecretId,
    revision: Option<u32>,
) -> Result<Option<(CentralSecret, Option<(u32, Receipt)>)>> {
    let wanted = if revision.is_some() { "?" } else { "s.revision" };
    let sql = format!(
        "{COLUMNS}, r.number, r.receipt{TABLES} LEFT JOIN revision r ON r.secret_id = s.id AND r.number = {wanted} WHERE s.id = ?"
    );
    let given = [Param::from(revision.unwrap_or_default()), id.into()];
    let params = if revision.is_some() { &given[..] } else { &given[1..] };
    let Some(mut row) = connection.row(&sql, params).await? else { return Ok(None) };
    let secret = secret(&mut row)?;
    let receipt = match row.optional_int()? {
        None => None,
        Some(number) => {
            let number = u32::try_from(number).map_err(|_| Error::corrupt("the number of a revision is damaged"))?;
            Some((number, Receipt(row.blob()?)))
        }
    };
    Ok(Some((secret, receipt)))
}

/// All secrets that `caller` sees, the oldest first; `narrow` is a further condition, from ` AND ` on, with its parameters.
pub(super) async fn visible<'a>(
    connection: &mut Connection,
    caller: &Caller,
    narrow: &str,
    params: Vec<Param<'a>>,
) -> Result<Vec<CentralSecret>> {
    authorize(caller, Wish::SeeSecret, None)?;
    let sql = format!("{COLUMNS}{TABLES} WHERE {VISIBLE}{narrow} ORDER BY s.created, s.id");
    let params: Vec<_> = [caller.id.into()].into_iter().chain(params).collect();
    connection.rows(&sql, &params).await?.iter_mut().map(secret).collect()
}

/// The id of the secret of that name in a realm.
pub(crate) async fn taken(connection: &mut Connection, realm: &str, name: &SecretName) -> Result<Option<SecretId>> {
    let sql = "SELECT id FROM secret WHERE realm = ? AND name = ?";
    let row = connection.row(sql, &[realm.into(), name.as_str().into()]).await?;
    row.map(|mut row| row.id()).transpose()
}

pub(super) fn already_there(visibility: Visibility, name: &SecretName) -> Error {
    Error::already_exists(&format!("a {visibility} secret"), name)
}
