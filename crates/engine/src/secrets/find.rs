//! Finding one secret.

use super::rows;
use crate::access::hidden;
use crate::engine::Acting;
use strongroom_core::central::{CentralSecret, Lookup, Visibility};
use strongroom_core::{Error, Result};
use uuid::Uuid;

pub(super) async fn find(
    acting: &Acting,
    text: &str,
    visibility: Option<Visibility>,
    lookup: Lookup,
) -> Result<CentralSecret> {
    let Acting { engine, caller, .. } = acting;
    let mut reader = engine.database.read().await?;
    let fits = |secret: &CentralSecret| visibility.is_none_or(|wanted| secret.visibility == wanted);
    if let Ok(id) = Uuid::parse_str(text) {
        let found = rows::visible(&mut reader, caller, " AND s.id = ?", vec![id.into()]).await?;
        return found.into_iter().find(fits).ok_or_else(|| hidden(text));
    }
    let mut exact = rows::visible(&mut reader, caller, " AND s.name = ?", vec![text.into()]).await?;
    exact.retain(fits);
    // public before private, as ZenML 0.98 does
    exact.sort_by_key(|secret| secret.visibility);
    if !exact.is_empty() {
        let first = exact[0].visibility;
        exact.retain(|secret| secret.visibility == first);
        return only_one(text, exact);
    }
    let mut all = rows::visible(&mut reader, caller, "", vec![]).await?;
    all.retain(|secret| !text.is_empty() && fits(secret));
    let beginning = text.to_ascii_lowercase();
    let (by_id, rest): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|secret| secret.id.to_string().starts_with(&beginning));
    if !by_id.is_empty() {
        return only_one(text, by_id);
    }
    let partial = match lookup {
        Lookup::Exact => Vec::new(),
        Lookup::Partial => {
            rest.into_iter().filter(|secret| secret.name.as_str().to_ascii_lowercase().contains(&beginning)).collect()
        }
    };
    only_one(text, partial)
}

fn only_one(text: &str, mut found: Vec<CentralSecret>) -> Result<CentralSecret> {
    match found.len() {
        0 => Err(hidden(text).with_hint("`strongroom secret list` shows those there are")),
        1 => Ok(found.swap_remove(0)),
        count => {
            let shown: Vec<_> =
                found.iter().take(10).map(|secret| format!("`{}` ({})", secret.name, secret.id)).collect();
            Err(Error::invalid(format!("`{text}` fits {count} secrets: {}", shown.join(", ")))
                .with_hint("use the id of one of them"))
        }
    }
}
