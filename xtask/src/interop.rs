//! `cargo xtask interop`: stock Azure SDKs, the Azure CLI and ZenML against `strongroom keyvault serve`, stock ZenML against
//! `strongroom server start`, and `docs/compatibility.md`.
//! What the programs in tests/interop are given and report is in the README there.

mod central;
mod clients;
mod install;
mod namespace;
mod process;
mod server;
mod table;
mod vault;

use crate::shell::{Outcome, cargo, root, target};
use central::Central;
use clients::{CLIENTS, Client};
use namespace::Namespace;
use process::finish;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};
use table::Report;
use vault::Vault;

const FILE: &str = "docs/compatibility.md";

/// How long one client may take; ZenML was seen to take 90 s, 155 s on a busy machine, the others under 60 s.
const PATIENCE: Duration = Duration::from_secs(600);

/// Installs and runs every client, then compares what they saw with the committed table, or writes it.
pub(crate) fn interop(write: bool) -> Outcome {
    let start = Instant::now();
    cargo(&["build", "--quiet", "--locked", "--package", "strongroom"], &[])?;
    let everybody: Vec<_> = CLIENTS.iter().collect();
    at_once(&everybody, |client| client.install())?;
    println!("  {:5.1} s  built and installed", start.elapsed().as_secs_f64());
    let central = Report::read(&at_once(&chosen(Client::uses_central), on_central)?)?;
    let mut seen = on_vaults("over loopback", &chosen(|client| client.uses_vault(false)), None)?;
    match Namespace::check() {
        Ok(()) => {
            let by_names = chosen(|client| client.uses_vault(true));
            seen.add(on_vaults("with every default", &by_names, Some(Namespace::new(CLIENTS)?))?)?;
        }
        Err(why) if write => return Err(format!("{FILE} tells of namespaces, which cannot be made here: {why}")),
        Err(why) => {
            println!(
                "  LEFT OUT: every SDK with every default, az and ZenML on a vault: no namespaces can be made here: {why}"
            )
        }
    }
    seen.join(central)?;
    let (file, text) = (root().join(FILE), table::markdown(&seen, CLIENTS)?);
    if write {
        return std::fs::write(&file, text).map_err(|error| format!("cannot write {FILE}: {error}"));
    }
    let committed = std::fs::read_to_string(&file).map_err(|error| format!("cannot read {FILE}: {error}"))?;
    if table::matches(&committed, &text) {
        Ok(())
    } else {
        Err(format!("{FILE} is not what was seen; run `cargo xtask interop --write` and look at the difference"))
    }
}

/// What this machine cannot run, for the summary of `cargo xtask check`.
pub(crate) fn left_out() -> Option<&'static str> {
    Namespace::check().err().map(|_| "Azure SDKs with every default, az and ZenML (no namespaces can be made here)")
}

/// Where everything is installed and kept.
fn folder() -> PathBuf {
    target().join("interop")
}

fn chosen(is_chosen: impl Fn(&Client) -> bool) -> Vec<&'static Client> {
    CLIENTS.iter().filter(|client| is_chosen(client)).collect()
}

/// A central server for the client alone.
fn on_central(client: &'static Client) -> Outcome<String> {
    let central = Central::start(client)?;
    let printed = finished(client, "on a central server", &mut central.enter(client.on_central()?, client)?);
    central.stop()?;
    printed
}

/// One server for these clients, a vault for each, all at once.
fn on_vaults(way: &str, clients: &[&'static Client], namespace: Option<Namespace>) -> Outcome<Report> {
    let vault = Vault::start(namespace)?;
    let lines = at_once(clients, |client| finished(client, way, &mut vault.enter(client.on_vault(&vault)?, client)?));
    vault.stop()?;
    Report::read(&lines?)
}

/// What the client's program printed, once it has succeeded.
fn finished(client: &Client, way: &str, program: &mut Command) -> Outcome<String> {
    let start = Instant::now();
    let log = folder().join(format!("{} {way}.log", client.name));
    let printed = finish(program, &log, PATIENCE).map_err(|error| format!("{} {way}: {error}", client.name))?;
    println!("  {:5.1} s  {} {way}", start.elapsed().as_secs_f64(), client.name);
    Ok(printed)
}

/// Does the same for each client, side by side; the first failure is the outcome.
fn at_once<T: Send>(
    clients: &[&'static Client],
    work: impl Fn(&'static Client) -> Outcome<T> + Sync,
) -> Outcome<Vec<T>> {
    std::thread::scope(|scope| {
        let threads: Vec<_> = clients.iter().map(|client| scope.spawn(|| work(client))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap_or_else(|_| Err("a thread panicked".into()))).collect()
    })
}
