//! `cargo xtask bench`: figures, not verdicts.

mod server;

use crate::shell::{Outcome, cargo, root, run};
use clap::Subcommand;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// How often each command is timed; the two take turns.
const ROUNDS: usize = 200;

#[derive(Subcommand)]
pub(crate) enum Bench {
    /// Calls to the vault for each operation, beside ZenML 0.44.1's
    Calls,
    /// `secret get` of the local flavor as a whole process, beside an empty Rust program
    Cli,
    /// Reading and creating secrets of the central server, beside a bare handler, OpenBao and ZenML, in turns
    Server {
        /// How often each takes its turn
        #[arg(long, default_value_t = 3)]
        rounds: u32,
        /// Leave out `openbao` or `zenml`
        #[arg(long, value_name = "NAME")]
        without: Vec<String>,
        /// How ours is built: `dist` as it is shipped, or `release`
        #[arg(long, value_name = "PROFILE", default_value = "dist")]
        profile: String,
    },
    /// Migration of 1,000 secrets from a vault that takes 20 ms for each call, beside the bound set by latency and limits
    Migrate,
}

pub(crate) fn measure(bench: &Bench) -> Outcome {
    match bench {
        Bench::Calls => cargo(
            &["bench", "--profile", "dev", "--quiet", "--package", "strongroom-backends", "--bench", "calls"],
            &[],
        ),
        Bench::Cli => cli(),
        Bench::Server { rounds, without, profile } => server::server(*rounds, without, profile),
        Bench::Migrate => {
            cargo(&["bench", "--quiet", "--locked", "--package", "strongroom", "--bench", "migrate"], &[])
        }
    }
}

fn cli() -> Outcome {
    cargo(&["build", "--release", "--locked", "--package", "strongroom"], &[])?;
    let target = root().join("target");
    let (strongroom, empty) = (target.join("release/strongroom"), empty_program(&target)?);
    let home = target.join("bench-cli-home");
    std::fs::remove_dir_all(&home).ok();
    for words in [
        &["secrets-manager", "register", "local_secrets", "--flavor=local"][..],
        &["stack", "update", "-x", "local_secrets"],
        &["secrets-manager", "secret", "register", "bench", "--a=1", "--b=2"],
    ] {
        run_quietly(&mut in_home(&strongroom, &home, words))?;
    }
    let get = &["secrets-manager", "secret", "get", "bench", "-o", "json"];
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        theirs.push(time(&mut in_home(&empty, &home, &[]))?);
        ours.push(time(&mut in_home(&strongroom, &home, get))?);
    }
    let (ours, theirs) = (Figures::of(ours), Figures::of(theirs));
    println!("whole process, {ROUNDS} runs in turn, milliseconds:      min   median      max");
    println!("  strongroom secrets-manager secret get (local)  {ours}");
    println!("  empty Rust program                             {theirs}");
    println!("  ratio of medians: {:.2}", ours.median / theirs.median);
    Ok(())
}

fn empty_program(target: &Path) -> Outcome<PathBuf> {
    let (source, binary) = (target.join("empty.rs"), target.join("empty"));
    std::fs::write(&source, "fn main() {}\n").map_err(|error| format!("cannot write {}: {error}", source.display()))?;
    run(Command::new("rustc").arg("-O").arg(&source).arg("-o").arg(&binary))?;
    Ok(binary)
}

fn in_home(program: &Path, home: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(program);
    command
        .args(words)
        .env_clear()
        .env("STRONGROOM_HOME", home)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

fn run_quietly(command: &mut Command) -> Outcome {
    command.stderr(Stdio::inherit());
    run(command)
}

fn time(command: &mut Command) -> Outcome<Duration> {
    let start = Instant::now();
    run(command)?;
    Ok(start.elapsed())
}

struct Figures {
    min: f64,
    median: f64,
    max: f64,
}

impl Figures {
    fn of(mut times: Vec<Duration>) -> Self {
        times.sort();
        let at = |index: usize| times.get(index).map_or(0.0, |time| time.as_secs_f64() * 1e3);
        Self { min: at(0), median: at(times.len() / 2), max: at(times.len().saturating_sub(1)) }
    }
}

impl std::fmt::Display for Figures {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:6.2} {:8.2} {:8.2}", self.min, self.median, self.max)
    }
}
