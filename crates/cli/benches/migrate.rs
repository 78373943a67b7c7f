//! `secrets-manager secret migrate` as a whole process: secrets of an embedded Key Vault that takes 20 ms for each call, into the
//! store of this machine, beside the bound that latency and the number of calls at once set.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};
use strongroom_backends::{Context, flavor};
use strongroom_core::{ManagerLayout, Owner, SecretsManager};
use strongroom_testkit::{Fault, Operation, TestVault, fill};
use tokio::runtime::Runtime;
use uuid::Uuid;

const SECRETS: usize = 1000;
const KEYS: usize = 5;
/// Secrets on one page of Key Vault.
const PAGE: usize = 25;
/// Calls at once, as `core::manager` has it.
const AT_ONCE: usize = 32;
const LATENCY: Duration = Duration::from_millis(20);
const ROUNDS: usize = 5;

fn main() {
    // The vault lives in this process, the migration is one of its own.
    let runtime = Runtime::new().unwrap();
    let vault = runtime.block_on(TestVault::start());
    runtime.block_on(fill_vault(&vault));
    let (pages, turns) = (SECRETS.div_ceil(PAGE), SECRETS.div_ceil(AT_ONCE));
    // the first page must be there before anything can be read; then the pages come beside the secrets
    let bound = LATENCY * u32::try_from(1 + turns.max(pages)).unwrap();
    let in_turn = LATENCY * u32::try_from(pages + turns).unwrap();
    println!("{SECRETS} secrets of {KEYS} keys, {} ms for each call, {AT_ONCE} calls at once", LATENCY.as_millis());
    println!(
        "bound: {:.2} s (list and read side by side); listing first: {:.2} s",
        bound.as_secs_f64(),
        in_turn.as_secs_f64()
    );
    println!("seconds   bound  listing first   calls: list    get  others");
    let mut times: Vec<_> = (0..ROUNDS).map(|_| round(&vault, bound, in_turn)).collect();
    times.sort();
    let median = times[ROUNDS / 2].as_secs_f64();
    println!("median {median:.2} s: {:.2} of the bound", median / bound.as_secs_f64());
}

/// One migration into a new store; how long it took.
fn round(vault: &TestVault, bound: Duration, in_turn: Duration) -> Duration {
    let home = tempfile::tempdir().unwrap();
    let mut register = vec!["secrets-manager".to_owned(), "register".into(), "kv".into(), "--flavor=azure".into()];
    register.extend(vault.attributes().iter().map(|(name, value)| format!("--{name}={value}")));
    register.push("--scope=global".into());
    run(vault, home.path(), &register);
    run(vault, home.path(), &["stack", "update", "-x", "kv"].map(str::to_owned));
    vault.faults().clear();
    vault.faults().add_any(0, usize::MAX, Fault::Latency(LATENCY));
    let begun = Instant::now();
    run(vault, home.path(), &["secrets-manager", "secret", "migrate", "--non-interactive"].map(str::to_owned));
    let took = begun.elapsed();
    let (list, get) = (vault.faults().count(Operation::List), vault.faults().count(Operation::Get));
    let others = vault.faults().calls() - list - get;
    vault.faults().clear();
    let ratio = |of: Duration| took.as_secs_f64() / of.as_secs_f64();
    println!("{:7.2} {:7.2} {:14.2} {list:13} {get:6} {others:7}", took.as_secs_f64(), ratio(bound), ratio(in_turn));
    took
}

fn run(vault: &TestVault, home: &Path, words: &[String]) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_strongroom"));
    command.args(words).env_clear().env("STRONGROOM_HOME", home).env("STRONGROOM_NO_HINTS", "1");
    command.envs(vault.environment()).stdin(Stdio::null()).stdout(Stdio::null());
    assert!(command.status().unwrap().success(), "{words:?}");
}

async fn fill_vault(vault: &TestVault) {
    let home = tempfile::tempdir().unwrap();
    let more = [("scope", "global"), ("timeout", "300")].map(|(name, value)| (name.to_owned(), value.to_owned()));
    let configuration = vault.attributes().into_iter().chain(more).collect();
    let context = Context {
        id: Uuid::nil(),
        local_stores: home.path().join("stores"),
        key_file: home.path().join("key"),
        journal: home.path().join("journal"),
        env: vault.lookup(),
        notice: Arc::new(|_| {}),
    };
    let azure = flavor("azure").unwrap();
    let owner = Owner { id: Uuid::nil(), name: "bench".to_owned() };
    let layout = ManagerLayout::new(azure.rules, &configuration, owner).unwrap();
    let manager = SecretsManager::new(layout, (azure.open)(&configuration, &context).unwrap());
    fill(&manager, SECRETS, KEYS, 0).await;
}
