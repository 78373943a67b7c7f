//! `strongroom stack import`

use super::view::StackView;
use crate::args::stack::ImportArgs;
use crate::commands::component::attributes;
use crate::exit::ExitStatus;
use crate::session::Session;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read};
use strongroom_core::{Component, ComponentType, Error, Kind, Result};
use strongroom_engine::{Imported, Match, StackFile, ZENML_VERSION};
use uuid::Uuid;

#[derive(Serialize)]
struct Done {
    stack: StackView,
    created: Vec<Component>,
    reused: Vec<Component>,
}

type Renames = BTreeMap<(ComponentType, String), String>;

/// Registers a stack and its components from a file, all or nothing.
pub(super) fn import(args: ImportArgs, session: &Session) -> Result<ExitStatus> {
    let ImportArgs { stack_name, filename, ignore_version_mismatch, renames } = args;
    let renames = parse_renames(renames)?;
    let names_file = [".yaml", ".yml"].iter().any(|ending| stack_name.ends_with(ending));
    let (name, file) = match filename {
        Some(file) => (Some(stack_name), file),
        None if names_file => (None, stack_name),
        None => (Some(stack_name.clone()), format!("{stack_name}.yaml")),
    };
    let described = StackFile::parse(&read(&file)?).map_err(|error| error.within(format!("cannot import `{file}`")))?;
    let name = name.unwrap_or_else(|| described.stack_name.clone());
    check_version(&described, ignore_version_mismatch)?;
    let warnings = check_components(&described)?;
    let catalogue = session.catalogue()?;
    if catalogue.stack(&name, Match::Exact).is_ok_and(|stack| stack.name == name) {
        return Err(Error::already_exists("stack", &name)
            .with_hint(format!("choose another name: `strongroom stack import NAME -f {file}`")));
    }
    let Imported { stack, created, reused } =
        catalogue.import_stack(&described, &name, &renames).map_err(|error| match error.kind() {
            Kind::AlreadyExists => error.with_hint("give it another name here: `--rename TYPE:NAME=NEW`"),
            _ => error,
        })?;
    warnings.iter().for_each(|warning| session.printer.warn(warning));
    let parts = created.iter().map(|part| ("new", part)).chain(reused.iter().map(|part| ("there already", part)));
    let mut message = format!("Imported stack '{}' from file '{file}'.", stack.name);
    for (state, Component { kind, name, .. }) in parts {
        message.push_str(&format!("\n  {}: {name} ({state})", kind.words()));
    }
    session.printer.changed(&Done { stack: StackView::of(session, stack)?, created, reused }, message)?;
    Ok(ExitStatus::Success)
}

fn read(file: &str) -> Result<String> {
    let mut text = String::new();
    let read = match file {
        "-" => io::stdin().read_to_string(&mut text).map(|_| text),
        _ => fs::read_to_string(file),
    };
    read.map_err(|error| {
        let kind = if error.kind() == io::ErrorKind::NotFound { Kind::NotFound } else { Kind::Forbidden };
        Error::new(kind, format!("cannot read `{file}`")).with_source(error)
    })
}

fn check_version(described: &StackFile, ignore: bool) -> Result<()> {
    let version = &described.zenml_version;
    if ignore || version == ZENML_VERSION {
        return Ok(());
    }
    Err(Error::invalid(format!("the file was written by ZenML {version}, and this reads files of {ZENML_VERSION}"))
        .with_hint("`--ignore-version-mismatch` reads it nevertheless"))
}

fn check_components(described: &StackFile) -> Result<Vec<String>> {
    let mut warnings = Vec::new();
    for (kind, component) in &described.components {
        let (flavor, configuration) = (&component.flavor, &component.configuration);
        let found = attributes::check(*kind, flavor, configuration, Uuid::nil(), &component.name)
            .map_err(|error| error.within(format!("{} `{}` cannot be imported", kind.words(), component.name)))?;
        warnings.extend(found);
    }
    Ok(warnings)
}

fn parse_renames(texts: Vec<String>) -> Result<Renames> {
    let parse = |text: String| {
        let bad = || Error::invalid(format!("`{text}` does not rename a component")).with_hint("write TYPE:NAME=NEW");
        let (component, new) = text.rsplit_once('=').ok_or_else(bad)?;
        let (kind, name) = component.split_once(':').ok_or_else(bad)?;
        Ok(((kind.parse()?, name.to_owned()), new.to_owned()))
    };
    texts.into_iter().map(parse).collect()
}
