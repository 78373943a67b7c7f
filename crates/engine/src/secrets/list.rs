//! Lists: what all databases judge alike is asked of them, so that a page costs what is on it; parts of texts are looked for here.

use super::rows::{self, COLUMNS, TABLES, VISIBLE, secret};
use crate::access::{Caller, Wish, authorize};
use crate::database::{Connection, Dialect, Param};
use strongroom_core::Result;
use strongroom_core::central::CentralSecret;
use strongroom_core::query::{Exact, Page, Query, Wanted};
use uuid::Uuid;

/// The page of secrets that `caller` sees.
///
/// # Errors
/// As [`Query::page_of`], and what the database fails with.
pub(super) async fn list(
    connection: &mut Connection,
    caller: &Caller,
    query: &Query<CentralSecret>,
) -> Result<Page<CentralSecret>> {
    let (filters, is_all) = query.exact();
    let conditions: Vec<_> = filters.iter().filter_map(condition).collect();
    let is_all = is_all && conditions.len() == filters.len();
    if query.any && !is_all {
        // when one is enough, none may be left out
        return query.page_of(rows::visible(connection, caller, "", vec![]).await?);
    }
    let (texts, params): (Vec<_>, Vec<_>) = conditions.into_iter().unzip();
    let params: Vec<_> = params.into_iter().flatten().collect();
    let narrow = match &*texts.join(if query.any { " OR " } else { " AND " }) {
        "" => String::new(),
        joined => format!(" AND ({joined})"),
    };
    if !is_all {
        return query.page_of(rows::visible(connection, caller, &narrow, params).await?);
    }
    authorize(caller, Wish::SeeSecret, None)?;
    let mut params: Vec<_> = [caller.id.into()].into_iter().chain(params).collect();
    let counted = connection.row(&format!("SELECT COUNT(*) FROM secret s WHERE {VISIBLE}{narrow}"), &params).await?;
    let total = counted.map(|mut row| row.int()).transpose()?.and_then(|count| count.try_into().ok()).unwrap_or(0);
    let pages = query.pages(total)?;
    let order = order(query, connection.dialect());
    // only the secrets of the page meet the other tables
    let tables = TABLES.replacen(
        "secret s",
        &format!("(SELECT * FROM secret s WHERE {VISIBLE}{narrow} ORDER BY {order} LIMIT ? OFFSET ?) s"),
        1,
    );
    let (page, size) = (query.page, query.size);
    let number = |count: usize| Param::from(i64::try_from(count).unwrap_or(i64::MAX));
    params.extend([number(size), number((page - 1).saturating_mul(size))]);
    let rows = connection.rows(&format!("{COLUMNS}{tables} ORDER BY {order}"), &params).await;
    let items = rows?.iter_mut().map(secret).collect::<Result<_>>()?;
    Ok(Page { items, page, pages, total })
}

/// A filter in SQL; `None` when only we judge it as we do.
fn condition<'a>(Exact { field, wanted, negated }: &Exact<'a>) -> Option<(String, Vec<Param<'a>>)> {
    let (mut either, mut params) = (Vec::new(), Vec::new());
    match wanted {
        Wanted::Within(first, last) => {
            let column = if *field == "created" { "created" } else { "updated" };
            either.push(format!("s.{column} BETWEEN ? AND ?"));
            params.extend([(*first).into(), (*last).into()]);
        }
        Wanted::OneOf(texts) => {
            for text in texts {
                let (one, with) = equals(field, text)?;
                either.extend(one.map(str::to_owned));
                params.extend(with);
            }
        }
    }
    // nothing is one of none
    let sql = if either.is_empty() { "1 = 0".to_owned() } else { either.join(" OR ") };
    Some((format!("{}({sql})", if *negated { "NOT " } else { "" }), params))
}

/// That a field is this text; no condition at all when it never is, and `None` when only we judge it as we do.
fn equals<'a>(field: &str, text: &'a str) -> Option<(Option<&'static str>, Vec<Param<'a>>)> {
    let id = Uuid::parse_str(text).ok();
    let is_flag = |word: &str| text.eq_ignore_ascii_case(word);
    let (sql, params) = match (field, id) {
        // Postgres takes no such text, not even to compare with
        _ if text.contains('\0') => return None,
        ("name", _) => ("s.name = ?", vec![text.into()]),
        ("id", Some(id)) => ("s.id = ?", vec![id.into()]),
        ("user_id", Some(id)) => ("s.owner_id = ?", vec![id.into()]),
        ("user", Some(id)) => {
            ("s.owner_id = ? OR s.owner_id IN (SELECT id FROM account WHERE name = ?)", vec![id.into(), text.into()])
        }
        // an id with its dashes elsewhere is one to us
        ("user", None) if text.replace('-', "").len() != 32 => {
            ("s.owner_id IN (SELECT id FROM account WHERE name = ?)", vec![text.into()])
        }
        ("private", _) if is_flag("true") => ("s.private = 1", vec![]),
        ("private", _) if is_flag("false") => ("s.private = 0", vec![]),
        ("scope", _) if text == "user" => ("s.private = 1", vec![]),
        ("scope", _) if text == "workspace" => ("s.private = 0", vec![]),
        ("private" | "scope", _) => return Some((None, vec![])),
        _ => return None,
    };
    Some((Some(sql), params))
}

/// The order of [`Query::page_of`]: text by its bytes, and what is equal by age.
fn order(query: &Query<CentralSecret>, dialect: Dialect) -> String {
    let (field, descending) = query.order();
    let (column, descending) = match field {
        "id" => ("s.id", descending),
        "created" => ("s.created", descending),
        "updated" => ("s.updated", descending),
        "private" => ("s.private", descending),
        // by their words, `user` comes before `workspace`
        "scope" => ("s.private", !descending),
        "user" | "user_id" => ("s.owner_id", descending),
        _ if dialect == Dialect::Postgres => ("s.name COLLATE \"C\"", descending),
        _ => ("s.name", descending),
    };
    let word = if descending { " DESC" } else { "" };
    match column {
        "s.created" => format!("s.created{word}, s.id"),
        _ => format!("{column}{word}, s.created, s.id"),
    }
}

#[cfg(test)]
mod tests;
