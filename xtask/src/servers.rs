//! `cargo xtask servers`: what the tests need at hand, started on free ports of the loopback address and stopped by process id.

mod galera;
mod mariadb;
mod packages;
mod postgres;
mod process;
mod starting;
mod state;
mod toxiproxy;
mod user;
mod vault;

pub(crate) use packages::need;

use crate::shell::{Outcome, cargo, target};
use clap::Subcommand;
use starting::{Export, Starting};
use state::{Running, State};
use std::time::{Duration, Instant};

/// How long a server may take until it is ready; a node of Galera takes 7 s, more on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);

/// What to do with the servers.
#[derive(Subcommand)]
pub(crate) enum Servers {
    /// Install what is missing, start servers, and print what to put into the environment
    Up {
        /// Which: vault, toxiproxy, postgres, mariadb (these four unless named), galera
        names: Vec<String>,
    },
    /// Stop all that run, and drop their data
    Down,
    /// Say what runs
    Status,
}

/// A server: how it is made ready and started.
struct Server {
    name: &'static str,
    /// Whether `up` without names starts it.
    is_usual: bool,
    /// Installs it and tells its version.
    install: fn() -> Outcome<String>,
    /// Starts it and tells its users where it is.
    start: fn(&mut Starting) -> Outcome<Vec<Export>>,
}

const SERVERS: &[Server] = &[
    Server { name: "vault", is_usual: true, install: vault::install, start: vault::start },
    Server { name: "toxiproxy", is_usual: true, install: toxiproxy::install, start: toxiproxy::start },
    Server { name: "postgres", is_usual: true, install: postgres::install, start: postgres::start },
    Server { name: "mariadb", is_usual: true, install: mariadb::install, start: mariadb::start },
    Server { name: "galera", is_usual: false, install: galera::install, start: galera::start },
];

/// Those that the tests of the workspace need.
pub(crate) const OF_TESTS: &[&str] = &["toxiproxy", "postgres", "mariadb"];

pub(crate) fn servers(task: &Servers) -> Outcome {
    let mut state = State::open(target().join("servers"))?;
    match task {
        Servers::Up { names } => {
            up(&mut state, &chosen(names)?)?;
            state.print();
            println!();
            state.exports().for_each(|(name, value)| println!("export {name}={value}"));
        }
        Servers::Down => state.down()?,
        Servers::Status => state.print(),
    }
    Ok(())
}

/// Does `work` with servers of its own, given as environment; they are stopped whatever comes of it.
pub(crate) fn with_servers(names: &[&str], work: impl FnOnce(&[(&str, &str)]) -> Outcome) -> Outcome {
    let mut state = State::open(target().join("servers-of-check"))?;
    // left by one that was killed
    state.down()?;
    let names: Vec<_> = names.iter().map(|name| (*name).to_owned()).collect();
    let done = chosen(&names).and_then(|servers| up(&mut state, &servers)).and_then(|()| {
        state.print();
        let required = ("STRONGROOM_TEST_SERVERS", "required");
        let exports = state.exports().map(|(name, value)| (name.as_str(), value.as_str()));
        work(&exports.chain([required]).collect::<Vec<_>>())
    });
    // the first failure is the one to read
    done.and(state.down())
}

/// The fault campaign of the command line's tests; it writes `docs/faults.md`, or compares with it.
pub(crate) fn faults(write: bool) -> Outcome {
    with_servers(&["toxiproxy"], |environment| {
        let written = write.then_some(("SNAPSHOTS", "overwrite"));
        let environment: Vec<_> = environment.iter().copied().chain(written).collect();
        cargo(&["test", "--locked", "--package", "strongroom", "--test", "it", "faults::"], &environment)
    })
}

fn chosen(names: &[String]) -> Outcome<Vec<&'static Server>> {
    let unknown = names.iter().find(|name| SERVERS.iter().all(|server| server.name != **name));
    if let Some(unknown) = unknown {
        let known: Vec<_> = SERVERS.iter().map(|server| server.name).collect();
        return Err(format!("there is no server `{unknown}`; there are {}", known.join(", ")));
    }
    let wanted = |server: &&Server| {
        if names.is_empty() { server.is_usual } else { names.iter().any(|name| name == server.name) }
    };
    Ok(SERVERS.iter().filter(wanted).collect())
}

/// Starts those that do not run, side by side. What came up stays up, also when another fails.
fn up(state: &mut State, servers: &[&'static Server]) -> Outcome {
    let missing: Vec<_> = servers.iter().filter(|server| !state.runs(server.name)).collect();
    missing.iter().try_for_each(|server| state.remove(server.name))?;
    let outcomes: Vec<_> = std::thread::scope(|scope| {
        let state = &*state;
        let threads: Vec<_> = missing.iter().map(|server| scope.spawn(|| start(state, server))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap_or_else(|_| Err("a thread panicked".into()))).collect()
    });
    let mut failed = Ok(());
    for (server, outcome) in missing.iter().zip(outcomes) {
        match outcome {
            Ok(running) => state.add(server.name, running)?,
            Err(error) => failed = failed.and(Err(format!("{}: {error}", server.name))),
        }
    }
    failed
}

fn start(state: &State, server: &Server) -> Outcome<Running> {
    let version = (server.install)()?;
    let begun = Instant::now();
    let mut starting = Starting::new(state.folder(server.name))?;
    let started = (server.start)(&mut starting);
    let Starting { folders, processes } = starting;
    let running = |exports| Running { version, folders, processes, exports };
    match started {
        Ok(exports) => {
            println!("  {:5.1} s  {} is ready", begun.elapsed().as_secs_f64(), server.name);
            Ok(running(exports))
        }
        Err(error) => Err(running(Vec::new()).stop().err().map_or(error.clone(), |worse| format!("{error}\n{worse}"))),
    }
}
