//! The clients: what each is called, needs and is pinned by.

use super::folder;
use super::install::{self, Place};
use super::vault::Vault;
use crate::shell::{Outcome, command, output, root};
use std::fs;
use std::process::Command;

/// A program in tests/interop.
pub(super) struct Client {
    /// Its column in the table.
    pub(super) name: &'static str,
    /// Its folder under tests/interop, and part of its vault's name.
    pub(super) folder: &'static str,
    /// What must be on the machine.
    tools: &'static [&'static str],
    /// Where the table finds the versions: a file from the root, and what stands before each.
    pub(super) pinned: (&'static str, &'static [(&'static str, &'static str)]),
    install: fn(&Place) -> Outcome,
    /// How it is run against the embedded Key Vault.
    on_vault: Option<OnVault>,
    /// Its program for the central server, which runs with its own Python.
    on_central: Option<&'static str>,
}

/// How a client is run against the embedded Key Vault.
struct OnVault {
    /// Whether it can be led to a vault by Azure's names only.
    needs_names: bool,
    program: fn(&Place, &Vault) -> Outcome<Command>,
}

pub(super) const CLIENTS: &[Client] = &[
    Client {
        name: "Python",
        folder: "python",
        tools: &["python3"],
        pinned: (
            "tests/interop/python/requirements.txt",
            &[("azure-keyvault-secrets", "azure-keyvault-secrets=="), ("azure-identity", "azure-identity==")],
        ),
        install: install::python,
        on_vault: Some(OnVault { needs_names: false, program: install::python_program }),
        on_central: None,
    },
    Client {
        name: "JavaScript",
        folder: "javascript",
        tools: &["node", "npm"],
        pinned: (
            "tests/interop/javascript/package.json",
            &[
                ("@azure/keyvault-secrets", "\"@azure/keyvault-secrets\": \""),
                ("@azure/identity", "\"@azure/identity\": \""),
            ],
        ),
        install: install::javascript,
        on_vault: Some(OnVault {
            needs_names: false,
            program: |place, _| Ok(command("node", &[&install::text(place.installed.join("main.js"))])),
        }),
        on_central: None,
    },
    Client {
        name: "Go",
        folder: "go",
        tools: &["go"],
        pinned: ("tests/interop/go/go.mod", &[("azsecrets", "azsecrets v"), ("azidentity", "azidentity v")]),
        install: install::go,
        on_vault: Some(OnVault {
            needs_names: false,
            program: |place, _| Ok(command(place.installed.join("interop"), &[])),
        }),
        on_central: None,
    },
    Client {
        name: "Java",
        folder: "java",
        tools: &["java", "javac", "keytool", "mvn"],
        pinned: (
            "tests/interop/java/lib.sha256",
            &[
                ("azure-security-keyvault-secrets", "azure-security-keyvault-secrets-"),
                ("azure-identity", "azure-identity-"),
            ],
        ),
        install: install::java,
        on_vault: Some(OnVault { needs_names: false, program: install::java_program }),
        on_central: None,
    },
    Client {
        name: "Rust",
        folder: "rust",
        tools: &[],
        pinned: (
            "Cargo.lock",
            &[
                ("azure_security_keyvault_secrets", "name = \"azure_security_keyvault_secrets\"\nversion = \""),
                ("azure_identity", "name = \"azure_identity\"\nversion = \""),
            ],
        ),
        install: install::rust,
        on_vault: Some(OnVault {
            needs_names: false,
            program: |place, _| Ok(command(place.installed.join("interop"), &[])),
        }),
        on_central: None,
    },
    Client {
        name: "az",
        folder: "az",
        tools: &["python3"],
        pinned: ("tests/interop/az/requirements.txt", &[("azure-cli", "azure-cli==")]),
        install: install::python,
        on_vault: Some(OnVault { needs_names: true, program: install::python_program }),
        on_central: None,
    },
    Client {
        name: "ZenML 0.44.1",
        folder: "zenml",
        tools: &["python3"],
        pinned: (
            "tests/interop/zenml/requirements.txt",
            &[
                ("zenml", "\nzenml=="),
                ("azure-keyvault-secrets", "azure-keyvault-secrets=="),
                ("azure-identity", "azure-identity=="),
            ],
        ),
        install: install::python,
        on_vault: Some(OnVault { needs_names: true, program: install::python_program }),
        on_central: Some("central.py"),
    },
    Client {
        name: "ZenML 0.98.0",
        folder: "zenml098",
        tools: &["python3"],
        pinned: (
            "tests/interop/zenml098/requirements.txt",
            &[
                ("zenml", "\nzenml=="),
                ("azure-keyvault-secrets", "azure-keyvault-secrets=="),
                ("azure-identity", "azure-identity=="),
            ],
        ),
        install: install::python,
        on_vault: Some(OnVault { needs_names: true, program: install::python_program }),
        on_central: Some("central.py"),
    },
    Client {
        name: "schemathesis",
        folder: "schemathesis",
        tools: &["python3"],
        pinned: ("tests/interop/schemathesis/requirements.txt", &[("schemathesis", "\nschemathesis==")]),
        install: install::python,
        on_vault: None,
        on_central: Some("central.py"),
    },
];

impl Client {
    /// Installs it under `target/interop`, which may take a minute the first time.
    pub(super) fn install(&self) -> Outcome {
        for tool in self.tools {
            let found = output(command("sh", &["-c", "command -v \"$0\""]).arg(tool));
            found.map_err(|_| format!("`{tool}` is not on this machine, so {} cannot be run", self.name))?;
        }
        let place = self.place();
        fs::create_dir_all(&place.installed)
            .map_err(|error| format!("cannot create {:?}: {error}", place.installed))?;
        (self.install)(&place).map_err(|error| format!("{} cannot be installed: {error}", self.name))
    }

    /// Whether it is run against the embedded Key Vault, reached by Azure's names or by other ones.
    pub(super) fn uses_vault(&self, by_names: bool) -> bool {
        self.on_vault.as_ref().is_some_and(|on_vault| by_names || !on_vault.needs_names)
    }

    /// Whether it is run against the central server.
    pub(super) fn uses_central(&self) -> bool {
        self.on_central.is_some()
    }

    /// What runs its scenarios on a vault, without the environment.
    pub(super) fn on_vault(&self, vault: &Vault) -> Outcome<Command> {
        let on_vault = self.on_vault.as_ref().ok_or_else(|| format!("{} has no program for a vault", self.name))?;
        (on_vault.program)(&self.place(), vault)
    }

    /// What runs its scenarios on the central server, without the environment.
    pub(super) fn on_central(&self) -> Outcome<Command> {
        let file = self.on_central.ok_or_else(|| format!("{} has no program for the central server", self.name))?;
        Ok(install::python_file(&self.place(), file))
    }

    fn place(&self) -> Place {
        let source = root().join("tests/interop").join(self.folder);
        Place { source, installed: folder().join(self.folder) }
    }
}
