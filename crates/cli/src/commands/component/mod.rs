//! `strongroom <type> …`: one file per verb, the same for all types.

mod accepted;
pub(super) mod attributes;
mod copy;
mod delete;
mod describe;
mod explain;
mod flavor;
mod get;
mod list;
mod register;
mod remove_attribute;
mod rename;
mod update;

pub(super) use list::page_footer;

use crate::args::component::ComponentVerb;
use crate::exit::ExitStatus;
use crate::session::Session;
use strongroom_core::{Component, ComponentType, Error, Kind, Result};
use strongroom_engine::Match;

/// Runs one verb on components of type `kind`.
pub(crate) fn dispatch(kind: ComponentType, verb: ComponentVerb, session: &Session) -> Result<ExitStatus> {
    match verb {
        ComponentVerb::Register(args) => register::register(kind, args, session),
        ComponentVerb::Update(args) => update::update(kind, args, session),
        ComponentVerb::RemoveAttribute(args) => remove_attribute::remove_attribute(kind, args, session),
        ComponentVerb::Describe(args) => describe::describe(kind, args, session),
        ComponentVerb::Get => get::get(kind, session),
        ComponentVerb::List(args) => list::list(kind, args, session),
        ComponentVerb::Rename(args) => rename::rename(kind, args, session),
        ComponentVerb::Delete(args) => delete::delete(kind, args, session),
        ComponentVerb::Copy(args) => copy::copy(kind, args, session),
        ComponentVerb::Share(args) => accepted::share(kind, args, session),
        ComponentVerb::Up(args) => accepted::provision(kind, args, session),
        ComponentVerb::Down(args) => accepted::suspend(kind, args, session),
        ComponentVerb::Logs(args) => accepted::logs(kind, args, session),
        ComponentVerb::Explain => explain::explain(kind, session),
        ComponentVerb::Flavor(verb) => flavor::dispatch(kind, verb, session),
    }
}

/// The component that `name` stands for, or the one on the active stack.
fn find(session: &Session, kind: ComponentType, name: Option<&str>, how: Match) -> Result<Component> {
    if let Some(name) = name {
        return session.catalogue()?.component(kind, name, how).map_err(|error| pointed(error, kind));
    }
    session.active_component(kind)?.ok_or_else(|| {
        let stack = session.active_stack().map_or_else(|_| "default".to_owned(), |stack| stack.name);
        Error::new(Kind::NotFound, format!("no {} on the active stack `{stack}`, and none is named", kind.words()))
            .with_hint(format!("`strongroom {} list` shows those there are", kind.group()))
    })
}

/// The same error, and where to look when nothing of that name is there.
fn pointed(error: Error, kind: ComponentType) -> Error {
    match error.kind() {
        Kind::NotFound if error.hint().is_none() => {
            error.with_hint(format!("`strongroom {} list` shows those there are", kind.group()))
        }
        _ => error,
    }
}
