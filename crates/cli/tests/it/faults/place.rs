//! A vault with secrets, what may go wrong on the way to it, and a user.

use super::fault::Fault;
use crate::room::Room;
use crate::vault::{Faulty, register};
use serde_json::{Value as Json, json};
use std::process::Output;
use std::sync::Arc;
use std::time::Duration;
use strongroom_backends::{Context, flavor};
use strongroom_core::{Configuration, ManagerLayout, Owner, Schema, Secret, SecretsManager, Value};
use strongroom_keyvault::Timing;
use strongroom_testkit::canary::CANARY;
use strongroom_testkit::{Link, Toxiproxy};
use uuid::Uuid;

/// How secrets are spelt in the vault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    /// A secret is one item.
    Scoped,
    /// A key is one item.
    Unscoped,
}

impl Layout {
    fn scope(self) -> &'static str {
        match self {
            Self::Scoped => "global",
            Self::Unscoped => "none",
        }
    }
}

/// Values long enough to be cut on the way.
pub(super) fn values(word: &str) -> Json {
    json!({"long": format!("{}{word}", CANARY.repeat(200)), "word": word})
}

/// Secrets that are there: one to read, one to change, one to delete, and more, so that a list is long as well.
pub(super) const NAMES: [&str; 14] = [
    "kept", "changed", "gone", "more-a", "more-b", "more-c", "more-d", "more-e", "more-f", "more-g", "more-h",
    "more-i", "more-j", "more-k",
];

/// The stack whose commands take the way on which things go wrong, and have the fault's time.
pub(super) const FAULTY: &str = "default";
/// The stack whose commands go straight to the vault, and have more time than they need.
pub(super) const CALM: &str = "calm";
/// In seconds.
pub(super) const PATIENCE: u32 = 120;

/// One of its own for each fault.
pub(super) struct Place {
    pub(super) vault: Faulty,
    pub(super) link: Option<Link>,
    pub(super) layout: Layout,
    pub(super) room: Room,
}

impl Place {
    /// With all of [`NAMES`], for commands that reach the vault through toxiproxy if there is one.
    pub(super) fn new(layout: Layout, fault: &Fault, toxiproxy: Option<&Toxiproxy>) -> Self {
        let vault = Faulty::start();
        let mut more = vec![format!("--scope={}", layout.scope()), format!("--timeout={}", fault.timeout)];
        let port = vault.vault().url().rsplit(':').next().unwrap().parse().unwrap();
        let link = toxiproxy.map(|toxiproxy| toxiproxy.link(port));
        more.extend(link.as_ref().map(|link| format!("--vault_url=https://localhost:{}", link.port())));
        let room = vault.room(&more.iter().map(String::as_str).collect::<Vec<_>>()).finding_programs();
        let scope = format!("--scope={}", layout.scope());
        register(&room, CALM, &vault.vault().attributes(), &[&scope, &format!("--timeout={PATIENCE}")]);
        room.succeeds(["stack", "register", CALM, "-o", "default", "-a", "default", "-x", CALM]);
        room.file("old.json", values("old").to_string());
        room.file("new.json", values("new").to_string());
        fill(&vault, layout, &room);
        Self { vault, link, layout, room }
    }

    /// A command about secrets that meets no fault.
    pub(super) fn calmly(&self, words: &[&str]) -> Output {
        let start = ["-o", "json", "--stack", CALM, "secrets-manager", "secret"];
        self.room.run(start.iter().chain(words))
    }

    /// Nothing goes wrong any more.
    pub(super) fn heal(&self) {
        self.vault.faults().clear();
        let switches = self.vault.vault().running().switches();
        switches.set_empty_pages(0);
        switches.set_timing(Timing::default());
        // what is in progress is done by then
        switches.advance_clock(Duration::from_secs(120));
        if let Some(link) = &self.link {
            link.heal();
        }
    }
}

/// Writes the secrets, not by the command line: that takes longer.
fn fill(vault: &Faulty, layout: Layout, room: &Room) {
    let azure = flavor("azure").unwrap();
    let mut configuration: Configuration = vault.vault().attributes().into_iter().collect();
    configuration.insert("scope".to_owned(), layout.scope().to_owned());
    let owner = Owner { id: Uuid::nil(), name: "kv".to_owned() };
    let spelt = ManagerLayout::new(azure.rules, &configuration, owner).unwrap();
    let context = Context {
        id: Uuid::nil(),
        local_stores: room.path("stores"),
        key_file: room.path("key"),
        journal: room.path("journal"),
        env: vault.vault().lookup(),
        notice: Arc::new(|_| {}),
    };
    let manager = SecretsManager::new(spelt, (azure.open)(&configuration, &context).unwrap());
    let old = values("old");
    let text = |key: &str| (key.to_owned(), Value::text(old[key].as_str().unwrap()));
    vault.runtime.block_on(async {
        for name in NAMES {
            let values = [text("long"), text("word")].into_iter().collect();
            let secret = Secret::new(name.parse().unwrap(), Schema::ARBITRARY, values).unwrap();
            manager.register(&secret).await.unwrap();
        }
    });
}
