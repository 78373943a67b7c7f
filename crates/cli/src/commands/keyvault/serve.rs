//! `strongroom keyvault serve`

use crate::args::keyvault::ServeArgs;
use crate::exit::ExitStatus;
use crate::home;
use crate::output::{OutputFormat, Printer};
use crate::session::Session;
use secrecy::ExposeSecret;
use serde::Serialize;
use std::path::Path;
use strongroom_core::{Error, Kind, Result};
use strongroom_keyvault::{Options, Running, Storage, VaultAddress, VaultName, start};
use tokio::signal::unix::{Signal, SignalKind, signal};

/// What clients are told when it is ready.
#[derive(Serialize)]
struct Ready<'a> {
    vaults: Vec<Vault<'a>>,
    authority: &'a str,
    tenant_id: &'a str,
    client_id: &'a str,
    client_secret: &'a str,
    ca_certificate: &'a Path,
    pid: u32,
}

#[derive(Serialize)]
struct Vault<'a> {
    name: &'a str,
    url: &'a str,
}

/// Serves until it is told to stop.
pub(super) fn serve(args: ServeArgs, session: &Session) -> Result<ExitStatus> {
    let options = options(args, session)?;
    if !options.listen.ip().is_loopback() {
        session.printer.warn("other machines can reach it; it is for tests, not for production secrets");
    }
    let runtime = tokio::runtime::Runtime::new()
        .map_err(|error| Error::new(Kind::Unavailable, "cannot start the runtime").with_source(error))?;
    runtime.block_on(async {
        // Listened for before anybody is told that it is ready: whoever is told may send one at once.
        let mut stops = [SignalKind::terminate(), SignalKind::interrupt(), SignalKind::hangup()].map(signal);
        let running = start(options).await?;
        session.printer.text(&ready_line(&running, session.printer.format())?)?;
        session.printer.finish();
        explain(&running, &session.printer);
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

fn options(args: ServeArgs, session: &Session) -> Result<Options> {
    let ServeArgs { listen, vaults, data, memory, dns_names, recoverable_days, purge_protection } = args;
    let vaults = match vaults.as_slice() {
        [] => vec![VaultName::default()],
        names => names.iter().map(|name| name.parse()).collect::<Result<_>>()?,
    };
    let storage = match (memory, data) {
        (true, _) => Storage::Memory,
        // Clients are told paths below it, and may run elsewhere.
        (false, Some(folder)) => Storage::Directory(std::path::absolute(&folder).unwrap_or(folder)),
        (false, None) => {
            home::make_folder(session.home.data())?;
            Storage::Directory(session.home.keyvault())
        }
    };
    Ok(Options { listen, vaults, storage, dns_names, recoverable_days, purge_protection, ..Options::default() })
}

/// One line on stdout, whatever the format.
fn ready_line(running: &Running, format: OutputFormat) -> Result<String> {
    let vaults: Vec<_> =
        running.vaults().iter().map(|VaultAddress { name, url }| Vault { name: name.as_str(), url }).collect();
    if format == OutputFormat::Table {
        let vaults: Vec<_> = vaults.iter().map(|Vault { name, url }| format!("`{name}` at {url}")).collect();
        return Ok(format!("The embedded Key Vault is ready: {}\n", vaults.join(", ")));
    }
    let ready = Ready {
        vaults,
        authority: running.authority(),
        tenant_id: running.tenant_id(),
        client_id: running.client_id(),
        client_secret: running.client_secret().expose_secret(),
        ca_certificate: running.ca_certificate(),
        pid: std::process::id(),
    };
    // JSON on one line is YAML too.
    let line = serde_json::to_string(&ready).map_err(|_| Error::corrupt("the paths are not Unicode"))?;
    Ok(line + "\n")
}

/// Tells people how to use the first vault.
fn explain(running: &Running, printer: &Printer) {
    let (name, url) = running.vaults().first().map(|vault| (vault.name.as_str(), &*vault.url)).unwrap_or_default();
    let (authority, tenant, client) = (running.authority(), running.tenant_id(), running.client_id());
    let (secret, certificate) = (running.client_secret().expose_secret(), running.ca_certificate().display());
    printer.done(format!(
        "
In another shell:
  export AZURE_AUTHORITY_HOST={authority}
  export AZURE_TENANT_ID={tenant} AZURE_CLIENT_ID={client}
  export AZURE_CLIENT_SECRET={secret}
  strongroom secrets-manager register {name} --flavor=azure --key_vault_name={name} --vault_url={url} \\
      --ca_certificate={certificate} --verify_challenge_resource=false
  strongroom stack update -x {name}

Ctrl-C stops it."
    ));
}
