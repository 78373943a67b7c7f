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
    /// Whether it can be led to a vault by Azure's names only.
    pub(super) needs_names: bool,
    install: fn(&Place) -> Outcome,
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
        needs_names: false,
        install: install::python,
        program: install::python_program,
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
        needs_names: false,
        install: install::javascript,
        program: |place, _| Ok(command("node", &[&install::text(place.installed.join("main.js"))])),
    },
    Client {
        name: "Go",
        folder: "go",
        tools: &["go"],
        pinned: ("tests/interop/go/go.mod", &[("azsecrets", "azsecrets v"), ("azidentity", "azidentity v")]),
        needs_names: false,
        install: install::go,
        program: |place, _| Ok(command(place.installed.join("interop"), &[])),
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
        needs_names: false,
        install: install::java,
        program: install::java_program,
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
        needs_names: false,
        install: install::rust,
        program: |place, _| Ok(command(place.installed.join("interop"), &[])),
    },
    Client {
        name: "az",
        folder: "az",
        tools: &["python3"],
        pinned: ("tests/interop/az/requirements.txt", &[("azure-cli", "azure-cli==")]),
        needs_names: true,
        install: install::python,
        program: install::python_program,
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
        needs_names: true,
        install: install::python,
        program: install::python_program,
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

    /// What runs its scenarios, without the environment.
    pub(super) fn program(&self, vault: &Vault) -> Outcome<Command> {
        (self.program)(&self.place(), vault)
    }

    fn place(&self) -> Place {
        let source = root().join("tests/interop").join(self.folder);
        Place { source, installed: folder().join(self.folder) }
    }
}
