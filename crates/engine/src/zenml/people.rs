//! Who is in ZenML's database: users, what they may do, and workspaces.

use super::source::{columns, damaged, id, id_of, moment};
use crate::database::Connection;
use std::collections::HashMap;
use strongroom_core::central::Role;
use strongroom_core::{Error, Result};
use time::OffsetDateTime;
use uuid::Uuid;

/// The role of 0.44 that nobody can rename.
const ADMIN: &str = "admin";

#[derive(Debug)]
pub(super) struct User {
    pub(super) id: Uuid,
    pub(super) name: String,
    pub(super) full_name: String,
    pub(super) email: Option<String>,
    pub(super) description: String,
    pub(super) is_service: bool,
    pub(super) role: Role,
    pub(super) active: bool,
    pub(super) created: OffsetDateTime,
    pub(super) updated: OffsetDateTime,
}

/// All users, the oldest first.
pub(super) async fn users(connection: &mut Connection) -> Result<Vec<User>> {
    let columns = columns(connection, "user").await?;
    let text = |name: &str| match columns.iter().any(|column| column == name) {
        true => format!("CAST(`{name}` AS CHAR)"),
        false => "NULL".to_owned(),
    };
    let fields = ["id", "name", "full_name", "email", "description", "is_service_account", "is_admin", "active"];
    let wanted: Vec<_> = fields.into_iter().chain(["created", "updated"]).map(text).collect();
    let roles = roles(connection).await?;
    let rows = connection.rows(&format!("SELECT {} FROM `user` ORDER BY created", wanted.join(", ")), &[]).await?;
    rows.into_iter()
        .map(|mut row| {
            let (id, name) = (id(&mut row)?.ok_or_else(damaged)?, row.text()?);
            let mut text = || row.optional_text();
            let (full_name, email, description) = (text()?, text()?, text()?);
            let mut flag = || Ok::<_, Error>(text()?.map(|text| text != "0"));
            let (is_service, is_admin, active) = (flag()?, flag()?, flag()?);
            Ok(User {
                id,
                name,
                full_name: full_name.unwrap_or_default(),
                email,
                description: description.unwrap_or_default(),
                is_service: is_service.unwrap_or(false),
                role: match (is_admin, &roles) {
                    (Some(true), _) => Role::Admin,
                    (Some(false), _) | (None, None) => Role::Editor,
                    (None, Some(roles)) => roles.get(&id).copied().unwrap_or(Role::Lister),
                },
                active: active.unwrap_or(true),
                created: moment(&mut row)?,
                updated: moment(&mut row)?,
            })
        })
        .collect()
}

/// What each user of 0.44 may do, of those that have a role at all; `None` in databases without roles.
///
/// Its server heeds the roles of the users themselves, whatever workspace they are given in, and no roles of teams; so is it here.
async fn roles(connection: &mut Connection) -> Result<Option<HashMap<Uuid, Role>>> {
    if columns(connection, "user_role_assignment").await?.is_empty() {
        return Ok(None);
    }
    let sql = "SELECT CAST(a.user_id AS CHAR), r.name, CAST(p.name AS CHAR) FROM user_role_assignment a JOIN role r ON r.id = a.role_id \
         LEFT JOIN role_permission p ON p.role_id = r.id";
    let mut roles = HashMap::new();
    for mut row in connection.rows(sql, &[]).await? {
        let (user, role, permission) = (id_of(&mut row)?, row.text()?, row.optional_text()?);
        let may = match permission.as_deref() {
            _ if role == ADMIN => Role::Admin,
            Some("write" | "WRITE") => Role::Editor,
            Some("read" | "READ") => Role::Reader,
            _ => Role::Lister,
        };
        // the first of all roles is the one that may most
        roles.entry(user).and_modify(|most: &mut Role| *most = may.min(*most)).or_insert(may);
    }
    Ok(Some(roles))
}

/// The names of all workspaces of 0.44.
pub(super) async fn workspaces(connection: &mut Connection) -> Result<HashMap<Uuid, String>> {
    let rows = connection.rows("SELECT CAST(id AS CHAR), name FROM workspace", &[]).await?;
    rows.into_iter().map(|mut row| Ok((id(&mut row)?.ok_or_else(damaged)?, row.text()?))).collect()
}
