//! `cargo xtask check`: everything that must hold, stage by stage, with times.

use crate::shell::{Outcome, cargo, command, root, run};
use crate::{deploy, docs, fuzz, interop, servers};
use std::time::Instant;

/// The version of cargo-deny that reads `deny.toml`; cargo checks its hash against the registry's index.
const CARGO_DENY: &str = "0.20.2";

struct Stage {
    name: &'static str,
    run: fn() -> Outcome,
}

const STAGES: &[Stage] = &[
    Stage { name: "fmt", run: || cargo(&["fmt", "--all", "--check"], &[]) },
    Stage {
        name: "clippy",
        run: || cargo(&["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"], &[]),
    },
    Stage {
        name: "docs of the code",
        run: || {
            cargo(
                &["doc", "--workspace", "--no-deps", "--locked", "--document-private-items"],
                &[("RUSTDOCFLAGS", "-D warnings")],
            )
        },
    },
    Stage {
        name: "tests",
        run: || {
            servers::with_servers(servers::OF_TESTS, |environment| {
                cargo(&["test", "--workspace", "--locked"], environment)
            })
        },
    },
    Stage { name: "references", run: || docs::reference(true) },
    Stage { name: "demo", run: || cargo(&["run", "--locked", "--package", "strongroom", "--", "demo"], &[]) },
    Stage { name: "interop", run: || interop::interop(false) },
    Stage { name: "deploy", run: deploy::deploy },
    Stage { name: "fuzz", run: || fuzz::fuzz(&fuzz::Fuzz::all()) },
    Stage { name: "dependencies", run: dependencies },
];

/// Runs every stage, or those whose name contains `only`; stops at the first that fails.
fn stages(only: Option<&str>) -> (Vec<(String, Outcome, f64)>, Vec<&'static str>) {
    let (mut done, mut left_out) = (Vec::new(), Vec::new());
    let mut failed = false;
    for stage in STAGES {
        if failed || only.is_some_and(|only| !stage.name.contains(only)) {
            left_out.push(stage.name);
            continue;
        }
        println!("== {}", stage.name);
        let start = Instant::now();
        let outcome = (stage.run)();
        failed = outcome.is_err();
        done.push((stage.name.to_owned(), outcome, start.elapsed().as_secs_f64()));
    }
    (done, left_out)
}

pub(crate) fn run_checks(only: Option<&str>) -> Outcome {
    let (done, left_out) = stages(only);
    println!("\nwhat ran:");
    for (name, outcome, seconds) in &done {
        println!("  {seconds:7.1} s  {name}: {}", if outcome.is_ok() { "passed" } else { "FAILED" });
    }
    let vault = std::env::var_os("STRONGROOM_TEST_VAULT_URL")
        .is_none()
        .then_some("a real Azure Key Vault (STRONGROOM_TEST_VAULT_URL is not set)");
    let galera = std::env::var_os("STRONGROOM_TEST_GALERA_URLS")
        .is_none()
        .then_some("a Galera cluster (STRONGROOM_TEST_GALERA_URLS is not set)");
    let left_out: Vec<_> = left_out.into_iter().chain(vault).chain(galera).chain(interop::left_out()).collect();
    println!("left out: {}", if left_out.is_empty() { "nothing".to_owned() } else { left_out.join(", ") });
    done.into_iter().try_for_each(|(name, outcome, _)| outcome.map_err(|error| format!("{name}: {error}")))
}

fn dependencies() -> Outcome {
    // what other platforms need is looked at, too
    cargo(&["fetch", "--locked"], &[])?;
    let tools = root().join("target/tools");
    let deny = tools.join("bin/cargo-deny");
    if !deny.exists() {
        let version = format!("cargo-deny@{CARGO_DENY}");
        cargo(&["install", "--locked", "--debug", &version, "--root", &tools.to_string_lossy()], &[])?;
    }
    run(&mut command(
        deny,
        &["--offline", "--locked", "check", "--hide-inclusion-graph", "bans", "licenses", "sources"],
    ))
}
