//! Becoming another program, and saying why that failed as shells do.

use super::variables::Variables;
use crate::env;
use std::error::Error as StdError;
use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::process::Command;
use std::{fmt, io};
use strongroom_core::{Error, Kind};

/// As shells have it: there is no such program.
const NOT_FOUND: u8 = 127;
/// As shells have it: it is there and cannot be run.
const NOT_RUN: u8 = 126;

/// Why a program could not be started, with the exit code that says so.
#[derive(Debug)]
struct NotStarted {
    code: u8,
    cause: io::Error,
}

impl fmt::Display for NotStarted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.cause.fmt(f)
    }
}

impl StdError for NotStarted {}

/// Puts the program in the place of this one: no process is left between it and whoever sends signals or waits for its exit
/// code. Returns only when that fails.
///
/// Values go into the environment of the new program and nowhere else. A token that was given to this program for the vault
/// is not handed on.
pub(super) fn become_program(command: &[OsString], variables: &Variables<'_>) -> Error {
    let Some((program, arguments)) = command.split_first() else {
        return Error::invalid("there is no program to run");
    };
    let cause = Command::new(program).args(arguments).env_remove(env::AZURE_TOKEN).envs(variables).exec();
    let shown = program.to_string_lossy();
    let (code, kind) = match cause.kind() {
        io::ErrorKind::NotFound => (NOT_FOUND, Kind::NotFound),
        io::ErrorKind::PermissionDenied => (NOT_RUN, Kind::Forbidden),
        _ => (NOT_RUN, Kind::Unavailable),
    };
    Error::new(kind, format!("cannot run `{shown}`")).with_source(NotStarted { code, cause })
}

/// The exit code that `error` asks for, if it says that a program could not be started.
pub(crate) fn exit_code(error: &Error) -> Option<u8> {
    error.source()?.downcast_ref::<NotStarted>().map(|failure| failure.code)
}
