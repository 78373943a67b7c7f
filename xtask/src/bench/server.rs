//! `cargo xtask bench server`: reading and creating secrets beside a bare handler, OpenBao and ZenML, in turns on one machine.

mod contender;
mod load;
mod openbao;
mod process;
mod strongroom;
mod zenml;

use crate::shell::{Outcome, output, target};
use contender::Contender;
use load::{Load, Seen};
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

/// How long each contender is loaded in one round.
const SECONDS: Duration = Duration::from_secs(5);
/// Connections that ask at once.
const CONNECTIONS: u32 = 32;

/// Where the contenders keep what they need.
fn folder() -> PathBuf {
    target().join("bench")
}

/// Runs the contenders in turns, `rounds` times, and prints what was seen.
pub(super) fn server(rounds: u32, without: &[String], profile: &str) -> Outcome {
    output(Command::new("wrk").arg("--version").env("LC_ALL", "C")).or_else(|said| {
        // it prints its version and fails
        if said.contains("wrk") && !said.contains("cannot start") { Ok(said) } else { Err("install `wrk`".to_owned()) }
    })?;
    fs::create_dir_all(folder()).map_err(|error| format!("cannot create {:?}: {error}", folder()))?;
    let ours = strongroom::start(profile)?;
    let bare = strongroom::bare(&ours, profile)?;
    let mut contenders = vec![ours];
    contenders.extend(bare);
    for (name, start) in [("openbao", openbao::start as fn() -> Outcome<Contender>), ("zenml", zenml::start)] {
        if !without.iter().any(|left_out| left_out == name) {
            contenders.push(start()?);
        }
    }
    println!("{}", about(&contenders)?);
    let (mut reads, mut creates) = (vec![Vec::new(); contenders.len()], vec![Vec::new(); contenders.len()]);
    for round in 0..rounds {
        for (at, contender) in contenders.iter().enumerate() {
            reads[at].push(load::run(&Load::get(contender), CONNECTIONS, SECONDS)?);
            if let Some(load) = Load::create(contender, round) {
                creates[at].push(load::run(&load, CONNECTIONS, SECONDS)?);
            }
        }
    }
    table("GET one secret by id", &contenders, &reads);
    table("create a secret of 5 keys", &contenders, &creates);
    for contender in &contenders {
        println!("{:<14} memory after the load: {:.1} MB", contender.name, contender.memory()?);
    }
    Ok(())
}

fn about(contenders: &[Contender]) -> Outcome<String> {
    let names: Vec<_> = contenders.iter().map(|contender| contender.name).collect();
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let idle = contenders[0].memory()?;
    Ok(format!(
        "{cores} cores, {CONNECTIONS} connections, {} s each in turns: {}\nstrongroom: ready in {:.0} ms on an existing \
         database, {idle:.1} MB idle",
        SECONDS.as_secs(),
        names.join(", "),
        contenders[0].ready.as_secs_f64() * 1e3,
    ))
}

/// One line for each contender, with the first one's rate as a multiple of its.
fn table(title: &str, contenders: &[Contender], seen: &[Vec<Seen>]) {
    println!("\n{title:<28}    min  median     max  requests/s   p99 ms   strongroom is");
    let first = median(seen[0].iter().map(|seen| seen.rate));
    for (contender, seen) in contenders.iter().zip(seen).filter(|(_, seen)| !seen.is_empty()) {
        let rates: Vec<_> = seen.iter().map(|seen| seen.rate).collect();
        let (least, most) =
            rates.iter().fold((f64::MAX, 0.0_f64), |(low, high), &rate| (low.min(rate), high.max(rate)));
        let middle = median(rates.into_iter());
        let p99 = median(seen.iter().map(|seen| seen.p99));
        println!(
            "  {:<26}{least:>7.0} {middle:>7.0} {most:>7.0} {:>20.2}   {:.2} times",
            contender.name,
            p99,
            first / middle
        );
    }
}

fn median(figures: impl Iterator<Item = f64>) -> f64 {
    let mut figures: Vec<_> = figures.collect();
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or_default()
}
