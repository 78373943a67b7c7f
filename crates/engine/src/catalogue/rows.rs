//! Rows and the types they hold.

use super::fault;
use rusqlite::{Connection, Row, params};
use std::collections::BTreeMap;
use strongroom_core::{Component, ComponentId, ComponentType, Error, Result, Stack, StackId};
use time::format_description::FormatItem;
use time::macros::format_description;
use time::{OffsetDateTime, PrimitiveDateTime};
use uuid::Uuid;

const COMPONENT: &str = "SELECT id, type, name, flavor, configuration, labels, created, updated FROM component";
const STACK: &str = "SELECT id, name, created, updated FROM stack";

/// Text of a time. Always 27 characters, so that text sorts by time.
const TIME: &[FormatItem<'_>] =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:6]Z");

/// The present moment, as exactly as rows keep it.
pub(super) fn now() -> OffsetDateTime {
    let now = OffsetDateTime::now_utc();
    now.replace_nanosecond(now.microsecond() * 1000).expect("less than a second")
}

fn time_text(time: OffsetDateTime) -> String {
    time.to_offset(time::UtcOffset::UTC).format(&TIME).expect("years of four digits")
}

fn time_from(text: &str) -> Option<OffsetDateTime> {
    PrimitiveDateTime::parse(text, &TIME).ok().map(PrimitiveDateTime::assume_utc)
}

fn damaged(table: &str, id: &str) -> Error {
    Error::corrupt(format!("the row of {table} `{id}` in the catalogue is damaged"))
}

/// The components that `condition` picks, oldest first.
pub(super) fn components(
    connection: &Connection,
    condition: &str,
    values: &[&dyn rusqlite::ToSql],
) -> Result<Vec<Component>> {
    let sql = format!("{COMPONENT} {condition} ORDER BY created, id");
    let mut statement = connection.prepare_cached(&sql).map_err(fault)?;
    let mut rows = statement.query(values).map_err(fault)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next().map_err(fault)? {
        found.push(component(row)?);
    }
    Ok(found)
}

fn component(row: &Row<'_>) -> Result<Component> {
    let text = |index: usize| row.get_ref(index).and_then(|cell| Ok(cell.as_str()?)).map_err(fault);
    let id = text(0)?;
    let read = || {
        Some(Component {
            id: Uuid::parse_str(id).ok()?,
            kind: text(1).ok()?.parse().ok()?,
            name: text(2).ok()?.to_owned(),
            flavor: text(3).ok()?.to_owned(),
            configuration: serde_json::from_str(text(4).ok()?).ok()?,
            labels: serde_json::from_str(text(5).ok()?).ok()?,
            created: time_from(text(6).ok()?)?,
            updated: time_from(text(7).ok()?)?,
        })
    };
    read().ok_or_else(|| damaged("component", id))
}

/// Writes all columns of a component, new or not.
pub(super) fn write_component(connection: &Connection, component: &Component) -> Result<()> {
    let Component { id, name, kind, flavor, configuration, labels, created, updated } = component;
    let sql = "INSERT INTO component (id, type, name, flavor, configuration, labels, created, updated)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
               ON CONFLICT (id) DO UPDATE SET name = ?3, flavor = ?4, configuration = ?5, labels = ?6, updated = ?8";
    let json = "a map of text is JSON";
    let values = params![
        id.to_string(),
        kind.as_str(),
        name,
        flavor,
        serde_json::to_string(configuration).expect(json),
        serde_json::to_string(labels).expect(json),
        time_text(*created),
        time_text(*updated),
    ];
    connection.execute(sql, values).map_err(fault).map(drop)
}

/// The stacks that `condition` picks, oldest first.
pub(super) fn stacks(connection: &Connection, condition: &str, values: &[&dyn rusqlite::ToSql]) -> Result<Vec<Stack>> {
    let sql = format!("{STACK} {condition} ORDER BY created, id");
    let mut statement = connection.prepare_cached(&sql).map_err(fault)?;
    let mut rows = statement.query(values).map_err(fault)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next().map_err(fault)? {
        found.push(stack(connection, row)?);
    }
    Ok(found)
}

fn stack(connection: &Connection, row: &Row<'_>) -> Result<Stack> {
    let text = |index: usize| row.get_ref(index).and_then(|cell| Ok(cell.as_str()?)).map_err(fault);
    let id = text(0)?;
    let read = || {
        Some((
            Uuid::parse_str(id).ok()?,
            text(1).ok()?.to_owned(),
            time_from(text(2).ok()?)?,
            time_from(text(3).ok()?)?,
        ))
    };
    let (id, name, created, updated) = read().ok_or_else(|| damaged("stack", id))?;
    Ok(Stack { id, name, components: parts(connection, id)?, created, updated })
}

fn parts(connection: &Connection, stack: StackId) -> Result<BTreeMap<ComponentType, ComponentId>> {
    let id = stack.to_string();
    let sql = "SELECT type, component FROM stack_component WHERE stack = ?1";
    let mut statement = connection.prepare_cached(sql).map_err(fault)?;
    let mut rows = statement.query([&id]).map_err(fault)?;
    let mut parts = BTreeMap::new();
    while let Some(row) = rows.next().map_err(fault)? {
        let text = |index: usize| row.get_ref(index).and_then(|cell| Ok(cell.as_str()?)).map_err(fault);
        let (kind, component) = (text(0)?.parse().ok(), Uuid::parse_str(text(1)?).ok());
        let (kind, component) = kind.zip(component).ok_or_else(|| damaged("stack", &id))?;
        parts.insert(kind, component);
    }
    Ok(parts)
}

/// Writes a stack, new or not, and which components it has.
pub(super) fn write_stack(connection: &Connection, stack: &Stack) -> Result<()> {
    let Stack { id, name, components, created, updated } = stack;
    let id = id.to_string();
    let sql = "INSERT INTO stack (id, name, created, updated) VALUES (?1, ?2, ?3, ?4)
               ON CONFLICT (id) DO UPDATE SET name = ?2, updated = ?4";
    connection.execute(sql, params![id, name, time_text(*created), time_text(*updated)]).map_err(fault)?;
    connection.execute("DELETE FROM stack_component WHERE stack = ?1", [&id]).map_err(fault)?;
    let sql = "INSERT INTO stack_component (stack, type, component) VALUES (?1, ?2, ?3)";
    for (kind, component) in components {
        connection.execute(sql, params![id, kind.as_str(), component.to_string()]).map_err(fault)?;
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn times_come_back_as_they_went() {
        let now = now();
        let text = time_text(now);
        assert_eq!((text.len(), time_from(&text).unwrap()), (27, now));
    }
}
