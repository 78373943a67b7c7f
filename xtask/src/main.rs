//! `cargo xtask check|bench|docs|faults|fuzz|interop|servers`: what a contributor and CI run.
#![allow(clippy::print_stdout, clippy::print_stderr)] // a tool that reports to a terminal

mod bench;
mod check;
mod deploy;
mod docs;
mod fuzz;
mod interop;
mod servers;
mod shell;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Checks, measures and documents Strongroom.
#[derive(Parser)]
#[command(bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Install what the tests need under `target/`, then run everything that CI runs
    Check {
        /// Run only the stages whose name contains this
        #[arg(long)]
        only: Option<String>,
    },
    /// Measure and print figures; nothing passes or fails by them
    #[command(subcommand)]
    Bench(bench::Bench),
    /// Write the command-line reference into `docs/reference/`
    Docs {
        /// Fail when what is committed differs from what would be written
        #[arg(long)]
        check: bool,
    },
    /// Run every command under every fault of vault and network, and compare what is seen with `docs/faults.md`
    Faults {
        /// Write what is seen instead
        #[arg(long)]
        write: bool,
    },
    /// Feed parsers what a coverage-guided fuzzer makes of the inputs in `fuzz/corpus/`
    Fuzz(fuzz::Fuzz),
    /// Run stock Azure SDKs and ZenML against the embedded Key Vault and the central server, and compare what they see with `docs/compatibility.md`
    Interop {
        /// Write what they see instead
        #[arg(long)]
        write: bool,
    },
    /// Start and stop the servers that tests use, under `target/servers`
    #[command(subcommand)]
    Servers(servers::Servers),
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().task {
        Task::Check { only } => check::run_checks(only.as_deref()),
        Task::Bench(bench) => bench::measure(&bench),
        Task::Docs { check } => docs::reference(check),
        Task::Faults { write } => servers::faults(write),
        Task::Fuzz(which) => fuzz::fuzz(&which),
        Task::Interop { write } => interop::interop(write),
        Task::Servers(task) => servers::servers(&task),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
