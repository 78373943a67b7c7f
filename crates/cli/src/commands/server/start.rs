//! `strongroom server start`

use crate::args::server::StartArgs;
use crate::env;
use crate::exit::ExitStatus;
use crate::home;
use crate::input::typed_address;
use crate::output::OutputFormat;
use crate::session::Session;
use crate::settings::{Origin, ServerSettings};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use std::path::Path;
use strongroom_core::{Error, Kind, Result};
use strongroom_engine::{DatabaseUrl, Engine, EngineOptions};
use strongroom_server::{Running, ServerOptions, Tls, serve};
use tokio::signal::unix::{Signal, SignalKind, signal};
use zeroize::Zeroizing;

/// What clients are told when it is ready.
#[derive(Serialize)]
struct Ready<'a> {
    url: &'a str,
    metrics_url: Option<&'a str>,
    pid: u32,
}

/// Serves until it is told to stop.
pub(super) fn start(args: &StartArgs, session: &Session) -> Result<ExitStatus> {
    let settings = ServerSettings::merge(args, &session.env, &session.settings.server)?;
    let options = ServerOptions {
        listen: settings.listen.value,
        metrics_listen: settings.metrics_listen.value,
        tls: tls(&settings, session)?,
        behind_proxy: settings.behind_proxy.value,
    };
    options.check()?;
    let admin = match (&settings.admin_user.value, &settings.admin_password_file.value) {
        (Some(name), Some(file)) => Some((name.as_str(), password(file)?)),
        _ => None,
    };
    let engine = engine_options(&settings, session)?;
    let runtime = tokio::runtime::Runtime::new()
        .map_err(|error| Error::new(Kind::Unavailable, "cannot start the runtime").with_source(error))?;
    runtime.block_on(async {
        // Listened for before anybody is told that it is ready: whoever is told may send one at once.
        let mut stops = [SignalKind::terminate(), SignalKind::interrupt(), SignalKind::hangup()].map(signal);
        let engine = Engine::open(engine).await?;
        if let Some((name, password)) = admin {
            engine.ensure_administrator(name, password).await?;
        }
        let code = engine.first_administrator().await?;
        let running = serve(engine, &options).await?;
        session.printer.text(&ready_line(&running, session.printer.format())?)?;
        if let Some(code) = code {
            let (code, url) = (code.expose_secret(), &running.url);
            session.printer.note(format!(
                "there is no administrator yet; become one with the one-time code {code}: \
                 strongroom login {url} --username NAME --claim {code}"
            ));
        }
        session.printer.finish();
        let [terminate, interrupt, hangup] = &mut stops;
        tokio::select! {
            () = told(terminate) => {}
            () = told(interrupt) => {}
            () = told(hangup) => {}
        }
        running.stop().await
    })?;
    Ok(ExitStatus::Success)
}

/// Returns when the signal comes; never if it cannot be listened for, and then it ends the process.
async fn told(signal: &mut std::io::Result<Signal>) {
    match signal {
        Ok(signal) => drop(signal.recv().await),
        Err(_) => std::future::pending().await,
    }
}

fn engine_options(settings: &ServerSettings, session: &Session) -> Result<EngineOptions> {
    home::make_folder(session.home.data())?;
    let own = session.home.store();
    let database = match &settings.database.value {
        None => DatabaseUrl::sqlite(&own),
        Some(url) => match settings.database.origin {
            Origin::Flag(option) => typed_address(option, url, session)?,
            Origin::Variable(_) | Origin::File | Origin::Default => url.parse()?,
        },
    };
    let values = session.values_at(&settings.secrets_store)?;
    if session.env.get(env::ZENML_SECRETS_STORE_ENCRYPTION_KEY).is_some() {
        session.printer.note(format!(
            "{} is not used here: values in SQL are sealed with the key file",
            env::ZENML_SECRETS_STORE_ENCRYPTION_KEY
        ));
    }
    let file = settings.key_file.value.clone().unwrap_or_else(|| session.home.store_key());
    let keys = session.store_keys(&file, database.file().as_deref())?;
    let kept_revisions = settings.keep_revisions.value;
    Ok(EngineOptions { values, kept_revisions, ..EngineOptions::new(database, keys) })
}

fn tls(settings: &ServerSettings, session: &Session) -> Result<Tls> {
    match (&settings.tls_certificate.value, &settings.tls_key.value) {
        (Some(certificate), Some(key)) => Ok(Tls::Files { certificate: certificate.clone(), key: key.clone() }),
        _ if settings.tls_self_signed.value => {
            home::make_folder(session.home.data())?;
            let file = session.home.data().join("server-certificate.pem");
            session.printer.note(format!("clients must trust the certificate `{}`", file.display()));
            Ok(Tls::SelfSigned(file))
        }
        _ => Ok(Tls::None),
    }
}

/// The password in a file, without the end of its line.
fn password(file: &Path) -> Result<SecretString> {
    let text = std::fs::read_to_string(file).map(Zeroizing::new).map_err(|error| {
        Error::new(Kind::NotFound, format!("cannot read the password from `{}`", file.display())).with_source(error)
    })?;
    Ok(SecretString::from(text.trim_end_matches(['\r', '\n'])))
}

/// One line on stdout, whatever the format.
fn ready_line(running: &Running, format: OutputFormat) -> Result<String> {
    if format == OutputFormat::Table {
        return Ok(format!("The central store is ready: {}\n", running.url));
    }
    let ready = Ready { url: &running.url, metrics_url: running.metrics_url.as_deref(), pid: std::process::id() };
    // JSON on one line is YAML too.
    let line = serde_json::to_string(&ready).map_err(|_| Error::corrupt("the address is not Unicode"))?;
    Ok(line + "\n")
}
