//! `strongroom run`: one program with secrets in its environment.

mod dangerous;
mod program;
mod variables;

pub(crate) use program::exit_code;

use crate::args::run::RunArgs;
use crate::exit::ExitStatus;
use crate::session::Session;
use strongroom_core::{Result, SecretName};
use variables::Wanted;

/// Fetches secrets, side by side, and becomes the program. Nothing is started unless everything fits.
pub(crate) fn run(args: RunArgs, session: &Session) -> Result<ExitStatus> {
    let RunArgs { secrets, prefix, only_keys, allow, command } = args;
    let mut names: Vec<SecretName> = Vec::new();
    for name in secrets {
        let name = name.parse()?;
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let secrets = session.read(&session.active_manager()?, &names)?;
    let variables = Wanted { prefix: &prefix, only_keys: &only_keys, allow: &allow }.of(&secrets)?;
    session.printer.finish();
    Err(program::become_program(&command, &variables))
}
