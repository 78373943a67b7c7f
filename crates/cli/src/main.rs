//! The command line of Strongroom.

mod args;
mod argv;
mod commands;
mod env;
mod exit;
mod home;
mod input;
mod log;
mod output;
mod panic;
mod prompt;
mod session;
mod settings;
mod zenml;

use crate::env::Env;
use crate::exit::ExitStatus;
use crate::output::OutputFormat;
use crate::session::Session;
use std::ffi::OsString;
use std::io;
use std::process::ExitCode;
use strongroom_core::Error;

fn main() -> ExitCode {
    let env = Env::of_process();
    let words: Vec<_> = std::env::args_os().collect();
    let terminal =
        Terminal { format: argv::output_asked(&words, &env), colours: output::wants_colour(&io::stderr(), &env) };
    panic::catch(|| run(words, env, terminal)).unwrap_or_else(|error| terminal.fail(&error)).into()
}

/// How to tell of a failure before the settings are known.
#[derive(Debug, Clone, Copy)]
struct Terminal {
    format: OutputFormat,
    colours: bool,
}

/// One run of the program, from its words to its exit status.
fn run(words: Vec<OsString>, env: Env, mut terminal: Terminal) -> ExitStatus {
    let (globals, command) = match args::parse(words) {
        Ok(parsed) => parsed,
        Err(stop) => return terminal.stop(&stop),
    };
    let session = match Session::open(&globals, env) {
        Ok(session) => session,
        Err(error) => return terminal.fail(&error),
    };
    terminal.format = session.printer.format();
    let log = session.settings.log.value.as_deref();
    match log
        .map_or(Ok(()), |what| log::start(what, terminal.colours))
        .and_then(|()| commands::dispatch(command, &session))
    {
        Ok(status) => {
            session.printer.finish();
            status
        }
        Err(error) => terminal.fail(&error),
    }
}

impl Terminal {
    fn fail(self, error: &Error) -> ExitStatus {
        if prompt::is_interrupt(error) {
            return ExitStatus::Interrupted;
        }
        output::print_error(error, self.format, self.colours);
        commands::run::exit_code(error).map_or(ExitStatus::Failure, ExitStatus::NotStarted)
    }

    /// Wrong usage, or help that was asked for.
    fn stop(self, stop: &clap::Error) -> ExitStatus {
        if stop.use_stderr() {
            output::print_usage(stop, self.format, self.colours);
            return ExitStatus::Usage;
        }
        // There is nobody to tell when nobody reads it.
        let _ = stop.print();
        ExitStatus::Success
    }
}
