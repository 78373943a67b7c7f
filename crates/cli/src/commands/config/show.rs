//! `strongroom config show`

use crate::env;
use crate::exit::ExitStatus;
use crate::output::Table;
use crate::session::Session;
use crate::settings::{Setting, Settings};
use serde::Serialize;
use std::path::Path;
use strongroom_core::Result;

/// One setting and where it comes from.
#[derive(Serialize)]
struct Entry {
    name: String,
    /// `null` when nothing is set; `***` when it is a secret.
    value: Option<String>,
    origin: String,
}

/// Shows what counts for a run like this one: settings, places of files, and what back-ends read from the environment.
pub(super) fn show(session: &Session) -> Result<ExitStatus> {
    let Settings { output, active_stack, hints, log } = &session.settings;
    let home = &session.home;
    let place = |name: &str, path: &Path| Entry {
        name: name.to_owned(),
        value: Some(path.display().to_string()),
        origin: if session.env.get(env::HOME).is_some() { env::HOME } else { "default" }.to_owned(),
    };
    let mut entries = vec![
        of("output", output, |output| Some(output.to_string())),
        of("active_stack", active_stack, Clone::clone),
        of("hints", hints, |hints| Some(hints.to_string())),
        of("log", log, Clone::clone),
        place("config_file", &home.config_file()),
        place("catalogue", &home.catalogue()),
        place("local_stores", &home.local_stores()),
        place("key_file", &home.key_file()),
        place("keyvault", &home.keyvault()),
        place("locks", &home.locks()),
    ];
    entries.extend(env::PASSED_ON.iter().filter_map(|(name, is_secret)| {
        let value = session.env.get(name)?;
        let value = if *is_secret { "***".to_owned() } else { without_credentials(value) };
        Some(Entry { name: (*name).to_owned(), value: Some(value), origin: "environment".to_owned() })
    }));
    session.printer.data(&entries, || {
        let row = |Entry { name, value, origin }: &Entry| {
            [name.clone(), value.clone().unwrap_or_else(|| "-".to_owned()), origin.clone()]
        };
        Table::new(["SETTING", "VALUE", "FROM"]).with_rows(entries.iter().map(row))
    })?;
    Ok(ExitStatus::Success)
}

fn of<T>(name: &str, setting: &Setting<T>, text: impl Fn(&T) -> Option<String>) -> Entry {
    Entry { name: name.to_owned(), value: text(&setting.value), origin: setting.origin.to_string() }
}

/// A proxy may carry a user and password before its host.
fn without_credentials(value: String) -> String {
    match (value.find("://"), value.rfind('@')) {
        (Some(scheme), Some(at)) if at > scheme => format!("{}***{}", &value[..scheme + 3], &value[at..]),
        _ => value,
    }
}
