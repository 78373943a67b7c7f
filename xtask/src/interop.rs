//! `cargo xtask interop`: stock Azure SDKs, the Azure CLI and ZenML against `strongroom keyvault serve`, and `docs/compatibility.md`.
//! What the programs in tests/interop are given and report is in the README there.

mod clients;
mod install;
mod namespace;
mod process;
mod table;
mod vault;

use crate::shell::{Outcome, cargo, root, target};
use clients::{CLIENTS, Client};
use namespace::Namespace;
use process::finish;
use std::path::PathBuf;
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
    let on_loopback: Vec<_> = CLIENTS.iter().filter(|client| !client.needs_names).collect();
    let mut seen = run("over loopback", &on_loopback, None)?;
    match Namespace::check() {
        Ok(()) => seen.add(run("with every default", &everybody, Some(Namespace::new(CLIENTS)?))?)?,
        Err(why) if write => return Err(format!("{FILE} tells of namespaces, which cannot be made here: {why}")),
        Err(why) => {
            println!("  LEFT OUT: every SDK with every default, az and ZenML: no namespaces can be made here: {why}")
        }
    }
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

/// One server for these clients, a vault for each, all at once.
fn run(way: &str, clients: &[&'static Client], namespace: Option<Namespace>) -> Outcome<Report> {
    let vault = Vault::start(namespace)?;
    let lines = at_once(clients, |client| {
        let start = Instant::now();
        let mut command = vault.enter(client.program(&vault)?, client)?;
        let log = folder().join(format!("{} {way}.log", client.name));
        let printed =
            finish(&mut command, &log, PATIENCE).map_err(|error| format!("{} {way}: {error}", client.name))?;
        println!("  {:5.1} s  {} {way}", start.elapsed().as_secs_f64(), client.name);
        Ok(printed)
    });
    vault.stop()?;
    Report::read(&lines?)
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
