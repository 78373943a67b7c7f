//! `strongroom audit list`

use crate::args::audit::AuditListArgs;
use crate::exit::ExitStatus;
use crate::output::{Table, moment};
use crate::session::Session;
use strongroom_api::audit::AuditEntry;
use strongroom_core::central::AuditRecord;
use strongroom_core::query::Query;
use strongroom_core::{Error, Result};
use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

/// Shows the newest records that fit.
pub(super) fn list(args: AuditListArgs, session: &Session) -> Result<ExitStatus> {
    let query = query(args)?;
    let central = session.central()?;
    let page = session.block_on(central.audit.audit(&query))?;
    let entries: Vec<_> = page.items.iter().cloned().map(AuditEntry::from).collect();
    if entries.is_empty() {
        session.printer.done("No records found for the given filters.");
        return session.printer.data_or_text(&entries, String::new).map(|()| ExitStatus::Success);
    }
    session.printer.data(&entries, || {
        let row = |record: &AuditRecord| {
            let AuditRecord { seq, at, actor, action, target, revision, address, outcome, .. } = record;
            let revision = revision.map_or_else(String::new, |number| number.to_string());
            let texts = [actor, action, target].map(|text| text.escape_default().to_string());
            let [actor, action, target] = texts;
            [seq.to_string(), moment(*at), actor, action, target, revision, address.clone(), outcome.clone()]
        };
        Table::new(["SEQ", "AT", "ACTOR", "ACTION", "TARGET", "REVISION", "ADDRESS", "OUTCOME"])
            .with_rows(page.items.iter().map(row))
    })?;
    session.printer.done(format!("{} of {} records that fit.", entries.len(), page.total));
    Ok(ExitStatus::Success)
}

fn query(args: AuditListArgs) -> Result<Query<AuditRecord>> {
    let AuditListArgs { actor, secret, action, since, until, limit } = args;
    let mut query = Query::default();
    query.size = limit.into();
    query.sort_by("desc:seq")?;
    for actor in &actor {
        query.filter("actor", actor)?;
    }
    for action in &action {
        query.filter("action", action)?;
    }
    if let Some(secret) = secret {
        query.filter("action", "startswith:secret.")?;
        let field = if Uuid::parse_str(&secret).is_ok() { "target_id" } else { "target" };
        query.filter(field, &format!("equals:{secret}"))?;
    }
    for (operation, time) in [("gte", since), ("lte", until)] {
        if let Some(time) = time {
            query.filter("created", &format!("{operation}:{}", when(&time)?))?;
        }
    }
    Ok(query)
}

/// A time as filters have it; `2h` is two hours ago.
fn when(text: &str) -> Result<String> {
    let mut letters = text.chars();
    let unit = match letters.next_back() {
        Some('m') => 60,
        Some('h') => 3600,
        Some('d') => 86_400,
        _ => return Ok(text.to_owned()),
    };
    let Ok(count) = letters.as_str().parse::<u32>() else { return Ok(text.to_owned()) };
    let ago = OffsetDateTime::now_utc().checked_sub(Duration::seconds(i64::from(count) * unit));
    let ago = ago.and_then(|time| time.replace_nanosecond(0).ok()).and_then(|time| time.format(&Rfc3339).ok());
    ago.ok_or_else(|| Error::invalid(format!("`{text}` is too long ago")))
}
