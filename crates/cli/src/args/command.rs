//! From words to one command. Each group is built only when its name is met.

use super::account::{ServiceAccountVerb, UserVerb};
use super::audit::AuditVerb;
use super::central::{self, CentralVerb};
use super::completion::CompletionArgs;
use super::component::{self, ComponentVerb};
use super::config::ConfigVerb;
use super::demo::DemoArgs;
use super::doctor::DoctorArgs;
use super::import::ImportVerb;
use super::integration::IntegrationVerb;
use super::key::KeyVerb;
use super::keyvault::KeyvaultVerb;
use super::login::{LoginArgs, LogoutArgs};
use super::run::RunArgs;
use super::secret::{self, SecretVerb};
use super::server::ServerVerb;
use super::stack::StackVerb;
use super::{FreeForm, GlobalArgs};
use crate::argv;
use clap::{ArgMatches, Args, Command as Clap, FromArgMatches, Subcommand};
use std::ffi::OsString;
use strongroom_core::ComponentType;

/// One command and its arguments.
#[derive(Debug)]
pub(crate) enum Command {
    /// `strongroom <type> …`
    Component(ComponentType, ComponentVerb),
    /// `strongroom secrets-manager secret …`
    Secret(SecretVerb),
    /// `strongroom secret …`
    Central(CentralVerb),
    /// `strongroom user …`
    User(UserVerb),
    /// `strongroom service-account …`
    ServiceAccount(ServiceAccountVerb),
    /// `strongroom login URL`
    Login(LoginArgs),
    /// `strongroom logout`
    Logout(LogoutArgs),
    /// `strongroom status`
    Status,
    /// `strongroom stack …`
    Stack(StackVerb),
    /// `strongroom integration …`
    Integration(IntegrationVerb),
    /// `strongroom run …`
    Run(RunArgs),
    /// `strongroom doctor`
    Doctor(DoctorArgs),
    /// `strongroom demo`
    Demo(DemoArgs),
    /// `strongroom keyvault …`
    Keyvault(KeyvaultVerb),
    /// `strongroom server …`
    Server(ServerVerb),
    /// `strongroom audit …`
    Audit(AuditVerb),
    /// `strongroom import …`
    Import(ImportVerb),
    /// `strongroom key …`
    Key(KeyVerb),
    /// `strongroom config …`
    Config(ConfigVerb),
    /// `strongroom completion SHELL`
    Completion(CompletionArgs),
}

const ABOUT: &str = "Keeps the secrets of machine-learning stacks";

const HELP: &str = "\
First steps:
  strongroom demo                                        see it work, without an account
  strongroom secrets-manager register local --flavor=local
  strongroom stack update -x local                       put it on the active stack
  strongroom secrets-manager secret register db --password=@password.txt
  strongroom run --secret db -- python step.py           give its values to one program

With Azure Key Vault:
  strongroom secrets-manager register azure_secrets --flavor=azure --key_vault_name=my-vault
  strongroom stack update -x azure_secrets
  strongroom doctor                                      say what is missing";

/// The whole grammar; the groups are filled in when they are built.
pub(crate) fn root() -> Clap {
    let root = trunk()
        .subcommand(central_group())
        .subcommand(leaf("login", "Sign in to a central server").defer(options::<LoginArgs>))
        .subcommand(leaf("logout", "End a sign-in, at the server and here").defer(options::<LogoutArgs>))
        .subcommand(leaf("status", "Where secrets are kept, and who is signed in"))
        .subcommand(group("user", "The people who may use the central store").defer(verbs::<UserVerb>))
        .subcommand(
            group("service-account", "The programs that may use the central store").defer(verbs::<ServiceAccountVerb>),
        )
        .subcommand(group("stack", "Stacks: named sets of components").defer(verbs::<StackVerb>))
        .subcommand(component_group(ComponentType::SecretsManager, 0))
        .subcommand(leaf("run", "Run a program with secrets in its environment").defer(options::<RunArgs>))
        .subcommand(leaf("doctor", "Check configuration, stack, vault and identity").defer(options::<DoctorArgs>))
        .subcommand(leaf("demo", "Show everything at work, without an account").defer(options::<DemoArgs>))
        .subcommand(group("integration", "What is built in, and what it needs").defer(verbs::<IntegrationVerb>))
        .subcommand(group("keyvault", "The embedded Key Vault").defer(verbs::<KeyvaultVerb>))
        .subcommand(group("server", "The central server").defer(verbs::<ServerVerb>))
        .subcommand(group("audit", "Who did what in the central store").defer(verbs::<AuditVerb>))
        .subcommand(group("import", "Take secrets over from elsewhere").defer(verbs::<ImportVerb>))
        .subcommand(group("key", "The key that seals a central store").defer(verbs::<KeyVerb>))
        .subcommand(group("config", "The settings").defer(verbs::<ConfigVerb>))
        .subcommand(leaf("completion", "Complete commands in a shell").defer(options::<CompletionArgs>));
    ComponentType::ALL
        .iter()
        .filter(|kind| **kind != ComponentType::SecretsManager)
        .fold(root, |root, kind| root.subcommand(component_group(*kind, 2000)))
}

/// The program without its groups.
fn trunk() -> Clap {
    GlobalArgs::augment_args(Clap::new("strongroom"))
        .about(ABOUT)
        .after_help(HELP)
        .version(env!("CARGO_PKG_VERSION"))
        .subcommand_required(true)
        .arg_required_else_help(true)
}

/// The part of the grammar that the names of a command lead to. clap gives the global options to every command that is
/// there, so that leaving out the others takes a fifth off `secret get`.
fn narrowed(root: Clap, names: &[String]) -> Clap {
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    match *names {
        ["secrets-manager", "secret", ..] => {
            let group = component(ComponentType::SecretsManager, 0);
            trunk().subcommand(group.defer(|group| group.subcommand(secret_group())))
        }
        [name, ..] => match root.find_subcommand(name) {
            Some(group) => trunk().subcommand(group.clone()),
            None => root,
        },
        [] => root,
    }
}

fn leaf(name: &'static str, about: &'static str) -> Clap {
    Clap::new(name).about(about)
}

fn group(name: &'static str, about: &'static str) -> Clap {
    leaf(name, about).subcommand_required(true).arg_required_else_help(true)
}

/// Fills in the verbs of a group, whose own description stays.
fn verbs<V: Subcommand>(group: Clap) -> Clap {
    let about = group.get_about().cloned();
    V::augment_subcommands(group).about(about.unwrap_or_default()).long_about(None)
}

/// Fills in the options of a command, whose own description stays.
fn options<A: Args>(leaf: Clap) -> Clap {
    let about = leaf.get_about().cloned();
    A::augment_args(leaf).about(about.unwrap_or_default()).long_about(None)
}

fn component_group(kind: ComponentType, order: usize) -> Clap {
    component(kind, order).defer(|group| {
        let name = group.get_name().to_owned();
        let group = verbs::<ComponentVerb>(group)
            .mut_subcommand("register", |register| with_usage(register, &[&name, "register"]))
            .mut_subcommand("update", |update| with_usage(update, &[&name, "update"]));
        if name == "secrets-manager" { group.subcommand(secret_group()) } else { group }
    })
}

/// The group of a type of components, without its verbs.
fn component(kind: ComponentType, order: usize) -> Clap {
    let mut about = format!("{}: {}", capitalised(&kind.plural().replace('_', " ")), component::purpose(kind));
    if order > 0 {
        about.push_str(" (configuration only)");
    }
    // ZenML's own name of the type is accepted as well: `secrets_manager`
    let alias = Some(kind.as_str()).filter(|name| *name != kind.group());
    let short = (kind == ComponentType::SecretsManager).then_some("secrets");
    Clap::new(kind.group())
        .about(about)
        .aliases(alias.into_iter().chain(short))
        .subcommand_required(true)
        .arg_required_else_help(true)
        .display_order(order)
}

fn secret_group() -> Clap {
    group("secret", "The secrets of the secrets manager on the active stack").alias("secrets").defer(|group| {
        verbs::<SecretVerb>(group)
            .mut_subcommand("register", |register| with_usage(register, &["secrets-manager", "secret", "register"]))
            .mut_subcommand("update", |update| with_usage(update, &["secrets-manager", "secret", "update"]))
    })
}

fn central_group() -> Clap {
    group("secret", "Secrets of the central store: on a server after `login`, else on this machine").defer(|group| {
        verbs::<CentralVerb>(group)
            .mut_subcommand("create", |create| with_usage(create, &["secret", "create"]))
            .mut_subcommand("update", |update| with_usage(update, &["secret", "update"]))
    })
}

/// The usage of a command that takes free-form pairs, which clap knows nothing of.
fn with_usage(leaf: Clap, names: &[&str]) -> Clap {
    let rest = match *names {
        ["secret", _] => "<NAME> [OPTIONS] [--KEY=VALUE]...",
        [_, "register"] => "<NAME> --flavor <FLAVOR> [OPTIONS] [--ATTRIBUTE=VALUE]...",
        [_, "update"] => "[NAME] [OPTIONS] [--ATTRIBUTE=VALUE]...",
        _ => "<NAME> [OPTIONS] [--KEY=VALUE]...",
    };
    leaf.override_usage(format!("strongroom {} {rest}", names.join(" ")))
}

/// Upper case for the first letter.
pub(crate) fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// The command of these names, if it takes free-form pairs: built alone, with the global options.
pub(crate) fn free_form(names: &[String]) -> Option<Clap> {
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    let leaf = Clap::new(names.last().copied().unwrap_or_default().to_owned());
    let leaf = match *names {
        ["secrets-manager", "secret", "register"] => secret::RegisterArgs::augment_args(leaf),
        ["secrets-manager", "secret", "update"] => secret::UpdateArgs::augment_args(leaf),
        ["secret", "create"] => central::CreateArgs::augment_args(leaf),
        ["secret", "update"] => central::UpdateArgs::augment_args(leaf),
        [group, verb] if group.parse::<ComponentType>().is_ok() => match verb {
            "register" => component::RegisterArgs::augment_args(leaf),
            "update" => component::UpdateArgs::augment_args(leaf),
            _ => return None,
        },
        _ => return None,
    };
    Some(with_usage(GlobalArgs::augment_args(leaf), &names))
}

/// Parses a command line, program name first.
///
/// # Errors
/// Wrong usage, and requests for help or the version.
pub(crate) fn parse(words: Vec<OsString>) -> Result<(GlobalArgs, Command), clap::Error> {
    let root = root();
    let names = argv::names(&root, &words);
    let mut root = narrowed(root, &names);
    let (words, pairs) = argv::split(&root, words)?;
    let matches = root.try_get_matches_from_mut(words)?;
    // Taking the grammar apart is a tenth of the work of `secret get`, just before the process ends.
    std::mem::forget(root);
    let globals = GlobalArgs::from_arg_matches(&matches)?;
    let (name, inner) = matches.subcommand().expect("clap requires one");
    let command = match name {
        "secret" => Command::Central(CentralVerb::from_arg_matches(inner)?),
        "user" => Command::User(UserVerb::from_arg_matches(inner)?),
        "service-account" => Command::ServiceAccount(ServiceAccountVerb::from_arg_matches(inner)?),
        "login" => Command::Login(LoginArgs::from_arg_matches(inner)?),
        "logout" => Command::Logout(LogoutArgs::from_arg_matches(inner)?),
        "status" => Command::Status,
        "stack" => Command::Stack(StackVerb::from_arg_matches(inner)?),
        "integration" => Command::Integration(IntegrationVerb::from_arg_matches(inner)?),
        "server" => Command::Server(ServerVerb::from_arg_matches(inner)?),
        "audit" => Command::Audit(AuditVerb::from_arg_matches(inner)?),
        "import" => Command::Import(ImportVerb::from_arg_matches(inner)?),
        "key" => Command::Key(KeyVerb::from_arg_matches(inner)?),
        "keyvault" => Command::Keyvault(KeyvaultVerb::from_arg_matches(inner)?),
        "config" => Command::Config(ConfigVerb::from_arg_matches(inner)?),
        "run" => Command::Run(RunArgs::from_arg_matches(inner)?),
        "doctor" => Command::Doctor(DoctorArgs::from_arg_matches(inner)?),
        "demo" => Command::Demo(DemoArgs::from_arg_matches(inner)?),
        "completion" => Command::Completion(CompletionArgs::from_arg_matches(inner)?),
        group => component_command(group, inner)?,
    };
    Ok((globals, command.with_pairs(pairs)))
}

fn component_command(group: &str, matches: &ArgMatches) -> Result<Command, clap::Error> {
    if let Some(("secret", inner)) = matches.subcommand() {
        return Ok(Command::Secret(SecretVerb::from_arg_matches(inner)?));
    }
    let kind = group.parse().expect("every other group is a type of component");
    Ok(Command::Component(kind, ComponentVerb::from_arg_matches(matches)?))
}

impl Command {
    /// The same command with the free-form pairs of its line. The splitter gives pairs to these commands only.
    fn with_pairs(mut self, pairs: FreeForm) -> Self {
        match &mut self {
            Self::Component(_, ComponentVerb::Register(args)) => args.attributes = pairs,
            Self::Component(_, ComponentVerb::Update(args)) => args.attributes = pairs,
            Self::Secret(SecretVerb::Register(args)) => args.values.pairs = pairs,
            Self::Secret(SecretVerb::Update(args)) => args.values.pairs = pairs,
            Self::Central(CentralVerb::Create(args)) => args.values.pairs = pairs,
            Self::Central(CentralVerb::Update(args)) => args.values.pairs = pairs,
            _ => debug_assert!(pairs.is_empty(), "pairs for a command that takes none"),
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_grammar_is_sound() {
        root().debug_assert();
    }
}
