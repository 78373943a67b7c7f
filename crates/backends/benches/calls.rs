//! Calls to the vault for each operation, beside those of ZenML 0.44.1 in the same vault: 200 secrets of 5 keys and 1,000
//! secrets of other programs.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

use std::sync::Arc;
use strongroom_backends::{Context, flavor};
use strongroom_core::{ManagerLayout, Owner, SecretsManager};
use strongroom_testkit::{Costs, TestVault, costs, fill};
use uuid::Uuid;

const SECRETS: usize = 200;
const KEYS: usize = 5;
const FOREIGN: usize = 1000;

/// ZenML 0.44.1, scoped: it lists the whole vault to learn whether a name is there.
const ZENML: Costs = Costs { register: 50, get: 1, update: 50, delete: 49, list: 48 };

#[tokio::main]
async fn main() {
    println!("calls to a vault with {SECRETS} secrets of {KEYS} keys and {FOREIGN} foreign ones");
    println!("{:<24}{:>9}{:>9}{:>9}{:>9}{:>9}", "", "register", "get", "update", "delete", "list");
    row("ZenML 0.44.1, scoped", ZENML);
    for (name, scope) in [("Strongroom, scoped", "component"), ("Strongroom, unscoped", "none")] {
        row(name, measure(scope).await);
    }
    println!("a delete waits until the name is free: one poll here, and in Azure as many as that takes");
}

async fn measure(scope: &str) -> Costs {
    let vault = TestVault::start().await;
    let home = tempfile::tempdir().unwrap();
    let more = [("scope", scope), ("timeout", "300")].map(|(name, value)| (name.to_owned(), value.to_owned()));
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
    fill(&manager, SECRETS, KEYS, FOREIGN).await;
    costs(&manager, vault.faults(), KEYS).await
}

fn row(name: &str, costs: Costs) {
    let Costs { register, get, update, delete, list } = costs;
    println!("{name:<24}{register:>9}{get:>9}{update:>9}{delete:>9}{list:>9}");
}
