//! `cargo xtask fuzz`: coverage-guided fuzzing with the stable compiler; `docs/fuzzing.md` describes it.
//!
//! libFuzzer comes as C++ with the crate `libfuzzer-sys`, which cargo builds, and LLVM's own pass puts the counters into
//! our code. So it takes no nightly compiler and no further tool.

use crate::shell::{Outcome, cargo, command, output, root, target};
use std::collections::VecDeque;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::thread;

/// How many targets run side by side.
const AT_ONCE: usize = 2;

/// Edge counters and compared values, as libFuzzer reads them; one unit per crate, so that they stay in order.
const FLAGS: &[&str] = &[
    "--cfg=fuzzing",
    "-Ccodegen-units=1",
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
];

/// Which targets to run, and how long.
#[derive(clap::Args)]
pub(crate) struct Fuzz {
    /// One of `fuzz/targets/` [default: all of them]
    target: Option<String>,
    /// How long each of them runs
    #[arg(long, default_value_t = 60, value_name = "N")]
    seconds: u32,
}

impl Fuzz {
    /// What CI runs.
    pub(crate) fn all() -> Self {
        Self { target: None, seconds: 60 }
    }
}

/// Builds the targets and runs them from the committed corpus, two at a time.
pub(crate) fn fuzz(Fuzz { target, seconds }: &Fuzz) -> Outcome {
    let mut chosen = targets()?;
    if let Some(one) = target {
        let known = chosen.join(", ");
        chosen.retain(|name| name == one);
        if chosen.is_empty() {
            return Err(format!("there is no fuzz target `{one}`; targets: {known}"));
        }
    }
    let built = build(target.as_deref())?;
    let names: Vec<_> = chosen.iter().map(String::as_str).collect();
    println!("{seconds} s each: {}", names.join(", "));
    let waiting = Mutex::new(VecDeque::from(names));
    let next = || waiting.lock().expect("no holder panics").pop_front();
    let work = || -> Vec<Outcome> { std::iter::from_fn(&next).map(|name| run_one(name, &built, *seconds)).collect() };
    let outcomes = thread::scope(|scope| {
        let workers: Vec<_> = (0..AT_ONCE).map(|_| scope.spawn(work)).collect();
        workers.into_iter().flat_map(|worker| worker.join().expect("no worker panics")).collect::<Vec<_>>()
    });
    let failures: Vec<_> = outcomes.into_iter().filter_map(Result::err).collect();
    if failures.is_empty() { Ok(()) } else { Err(failures.join("\n")) }
}

/// One per file.
fn targets() -> Outcome<Vec<String>> {
    let folder = root().join("fuzz/targets");
    let files = fs::read_dir(&folder).map_err(|error| format!("cannot read {folder:?}: {error}"))?;
    let mut names: Vec<_> =
        files.flatten().filter_map(|file| Some(file.path().file_stem()?.to_string_lossy().into_owned())).collect();
    names.sort();
    Ok(names)
}

/// Builds all targets, or one of them; the folder of the programs.
fn build(only: Option<&str>) -> Outcome<PathBuf> {
    let version = output(&mut command("rustc", &["-vV"]))?;
    // with a target named, build scripts and macros get no counters
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).ok_or("rustc names no host")?;
    let folder = target().join("fuzz/build");
    let (manifest, folder_text) = (root().join("fuzz/Cargo.toml"), folder.to_string_lossy());
    let (manifest, mut arguments) = (manifest.to_string_lossy(), vec!["build", "--locked", "--quiet"]);
    arguments.extend(["--manifest-path", &manifest, "--target-dir", &folder_text, "--target", host]);
    arguments.extend(only.iter().flat_map(|only| ["--bin", *only]));
    cargo(&arguments, &[("RUSTFLAGS", &FLAGS.join(" "))])?;
    Ok(folder.join(host).join("debug"))
}

fn run_one(name: &str, built: &Path, seconds: u32) -> Outcome {
    let folder = target().join("fuzz").join(name);
    let (found, log) = (folder.join("corpus"), folder.join("log"));
    fs::create_dir_all(&found).map_err(|error| format!("cannot make {found:?}: {error}"))?;
    let program = built.join(name);
    let file = File::create(&log).map_err(|error| format!("cannot make {log:?}: {error}"))?;
    let mut libfuzzer = Command::new(&program);
    libfuzzer.current_dir(root()).arg(&found).arg(root().join("fuzz/corpus").join(name)).args([
        format!("-max_total_time={seconds}"),
        format!("-artifact_prefix={}/", folder.display()),
        "-timeout=20".to_owned(),
        "-rss_limit_mb=2048".to_owned(),
        "-max_len=8192".to_owned(),
    ]);
    let status = libfuzzer.stdout(std::process::Stdio::null()).stderr(file).status();
    let status = status.map_err(|error| format!("cannot start {program:?}: {error}"))?;
    let said = fs::read(&log).map_err(|error| format!("cannot read {log:?}: {error}"))?;
    let said = String::from_utf8_lossy(&said);
    if !status.success() {
        return Err(failure(name, &program, &said));
    }
    let (first, last) = coverage(&said).ok_or_else(|| format!("{name}: no coverage was counted; see {log:?}"))?;
    let runs = said.lines().find_map(|line| line.strip_prefix("Done ")?.split(' ').next()).unwrap_or("?");
    println!("  {name}: {runs} runs, {last} edges, {first} of them by what was there at the start");
    Ok(())
}

/// The edges that the corpus reaches, and those reached in the end.
fn coverage(said: &str) -> Option<(u64, u64)> {
    let edges = |line: &str| line.split_once("cov: ")?.1.split(' ').next()?.parse::<u64>().ok();
    let mut counted = said.lines().filter_map(edges).filter(|edges| *edges > 0);
    let first = counted.next()?;
    Some((first, counted.next_back().unwrap_or(first)))
}

/// What a person needs: what went wrong, by which input, and how to see it again.
fn failure(name: &str, program: &Path, said: &str) -> String {
    let what = said.lines().skip_while(|line| !line.contains("panicked at") && !line.contains("ERROR: libFuzzer"));
    let what: Vec<_> = what.take_while(|line| !line.starts_with("MS: ")).take(12).collect();
    let input = said.lines().find_map(|line| line.split_once("Test unit written to ").map(|(_, path)| path));
    let again = match input {
        Some(input) => format!("{} {input}", program.display()),
        None => format!("cargo xtask fuzz {name}"),
    };
    format!("{name} failed:\n{}\ninput: {}\nagain: {again}", what.join("\n"), input.unwrap_or("none was written"))
}
