//! What each command does. The path is the grammar: `commands/stack/register.rs` is `strongroom stack register`.

pub(crate) mod account;
pub(crate) mod audit;
pub(crate) mod central;
pub(crate) mod completion;
pub(crate) mod component;
pub(crate) mod config;
pub(crate) mod demo;
pub(crate) mod doctor;
pub(crate) mod import;
pub(crate) mod integration;
pub(crate) mod key;
pub(crate) mod keyvault;
pub(crate) mod login;
pub(crate) mod run;
pub(crate) mod secret;
pub(crate) mod server;
pub(crate) mod stack;

use crate::args::Command;
use crate::exit::ExitStatus;
use crate::output::Hint;
use crate::session::Session;
use strongroom_core::{ComponentType, Result};

/// Runs one command.
pub(crate) fn dispatch(command: Command, session: &Session) -> Result<ExitStatus> {
    let is_manager = matches!(command, Command::Component(ComponentType::SecretsManager, _) | Command::Secret(_));
    if is_manager {
        session.printer.hint(Hint::Deprecated);
    }
    match command {
        Command::Component(kind, verb) => component::dispatch(kind, verb, session),
        Command::Secret(verb) => secret::dispatch(verb, session),
        Command::Central(verb) => central::dispatch(verb, session),
        Command::User(verb) => account::user::dispatch(verb, session),
        Command::ServiceAccount(verb) => account::service::dispatch(verb, session),
        Command::Login(args) => login::login(args, session),
        Command::Logout(args) => login::logout(args, session),
        Command::Status => login::status(session),
        Command::Stack(verb) => stack::dispatch(verb, session),
        Command::Integration(verb) => integration::dispatch(verb, session),
        Command::Run(args) => run::run(args, session),
        Command::Doctor(args) => doctor::run(args, session),
        Command::Demo(args) => demo::run(args, session),
        Command::Keyvault(verb) => keyvault::dispatch(verb, session),
        Command::Server(verb) => server::dispatch(verb, session),
        Command::Audit(verb) => audit::dispatch(verb, session),
        Command::Import(verb) => import::dispatch(verb, session),
        Command::Key(verb) => key::dispatch(verb, session),
        Command::Config(verb) => config::dispatch(verb, session),
        Command::Completion(args) => completion::run(args, session),
    }
}
