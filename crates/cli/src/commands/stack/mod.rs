//! `strongroom stack …`: one file per verb.

mod accepted;
mod copy;
mod delete;
mod describe;
mod export;
mod get;
mod import;
mod list;
mod register;
mod remove_component;
mod rename;
mod set;
mod update;
mod view;

use crate::args::stack::StackVerb;
use crate::exit::ExitStatus;
use crate::session::Session;
use strongroom_core::{ComponentId, ComponentType, Error, Kind, Result, Stack};
use strongroom_engine::Match;

/// Runs one verb.
pub(crate) fn dispatch(verb: StackVerb, session: &Session) -> Result<ExitStatus> {
    match verb {
        StackVerb::Register(args) => register::register(args, session),
        StackVerb::Update(args) => update::update(args, session),
        StackVerb::RemoveComponent(args) => remove_component::remove_component(args, session),
        StackVerb::Set(args) => set::set(args, session),
        StackVerb::Get => get::get(session),
        StackVerb::Describe(args) => describe::describe(args, session),
        StackVerb::List(args) => list::list(args, session),
        StackVerb::Delete(args) => delete::delete(args, session),
        StackVerb::Rename(args) => rename::rename(args, session),
        StackVerb::Copy(args) => copy::copy(args, session),
        StackVerb::Export(args) => export::export(args, session),
        StackVerb::Import(args) => import::import(args, session),
        StackVerb::Share(args) => accepted::share(args, session),
        StackVerb::Up => accepted::provision(session),
        StackVerb::Down(args) => accepted::suspend(args, session),
    }
}

/// The stack that `name` stands for, or the active one.
fn find(session: &Session, name: Option<&str>, how: Match) -> Result<Stack> {
    let Some(name) = name else { return session.active_stack() };
    session.catalogue()?.stack(name, how).map_err(|error| match error.kind() {
        Kind::NotFound => error.with_hint("`strongroom stack list` shows those there are"),
        _ => error,
    })
}

/// The ids of components that were named.
fn resolve(
    session: &Session,
    named: impl IntoIterator<Item = (ComponentType, String)>,
) -> Result<Vec<(ComponentType, ComponentId)>> {
    let catalogue = session.catalogue()?;
    let resolve = |(kind, name): (ComponentType, String)| match catalogue.component(kind, &name, Match::Prefix) {
        Ok(component) => Ok((kind, component.id)),
        Err(error) if error.kind() == Kind::NotFound => Err(missing(error, kind)),
        Err(error) => Err(error),
    };
    named.into_iter().map(resolve).collect()
}

fn missing(error: Error, kind: ComponentType) -> Error {
    let group = kind.group();
    error.with_hint(format!("`strongroom {group} list` shows those there are, `strongroom {group} register` adds one"))
}
