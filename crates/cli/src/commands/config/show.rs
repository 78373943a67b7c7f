//! `strongroom config show`

use crate::args::server::StartArgs;
use crate::env;
use crate::exit::ExitStatus;
use crate::output::Table;
use crate::session::Session;
use crate::settings::{Origin, SecretsStore, ServerSettings, Setting, Settings};
use serde::Serialize;
use std::path::{Path, PathBuf};
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
    let Settings { output, active_stack, hints, log, server } = &session.settings;
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
    entries.extend(of_server(&ServerSettings::merge(&StartArgs::default(), &session.env, server)?));
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

/// What is set for `server start`; the rest is in its help.
fn of_server(settings: &ServerSettings) -> Vec<Entry> {
    let ServerSettings {
        listen,
        database,
        key_file,
        tls_certificate,
        tls_key,
        tls_self_signed,
        behind_proxy,
        admin_user,
        admin_password_file,
        metrics_listen,
        keep_revisions,
        secrets_store: SecretsStore { kind, options, form, variables },
    } = settings;
    let path = |path: &Option<PathBuf>| path.as_ref().map(|path| path.display().to_string());
    let mut entries = vec![
        of("server.listen", listen, |listen| Some(listen.to_string())),
        of("server.database", database, |url| url.clone().map(without_credentials)),
        of("server.key_file", key_file, path),
        of("server.tls_certificate", tls_certificate, path),
        of("server.tls_key", tls_key, path),
        of("server.tls_self_signed", tls_self_signed, |flag| Some(flag.to_string())),
        of("server.behind_proxy", behind_proxy, |flag| Some(flag.to_string())),
        of("server.admin_user", admin_user, Clone::clone),
        of("server.admin_password_file", admin_password_file, path),
        of("server.metrics_listen", metrics_listen, |listen| listen.map(|listen| listen.to_string())),
        of("server.keep_revisions", keep_revisions, |count| Some(count.to_string())),
        of("server.secrets_store.type", kind, |kind| Some(kind.to_string())),
        of("server.secrets_store.format", form, |form| Some(form.to_string())),
    ];
    entries.extend(
        options
            .iter()
            .map(|(name, value)| of(&format!("server.secrets_store.{name}"), value, |text| Some(text.clone()))),
    );
    entries.extend(variables.iter().map(|(name, _)| Entry {
        name: format!("server.secrets_store: {name}"),
        value: Some("***".to_owned()),
        origin: env::ZENML_SECRETS_STORE_TYPE.to_owned(),
    }));
    entries.retain(|entry| entry.origin != Origin::Default.to_string());
    entries
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
