//! `strongroom <type> …`: the same verbs for all types of stack components.

use super::FreeForm;
use super::list::ListArgs;
use clap::{Args, Subcommand};
use strongroom_core::ComponentType;

/// The verbs.
#[derive(Debug, Subcommand)]
pub(crate) enum ComponentVerb {
    /// Register a component
    #[command(after_help = REGISTER_HELP)]
    Register(RegisterArgs),
    /// Change attributes or labels of a component
    #[command(after_help = UPDATE_HELP)]
    Update(UpdateArgs),
    /// Take attributes or labels away from a component
    RemoveAttribute(RemoveAttributeArgs),
    /// Show all of one component
    Describe(OptionalName),
    /// Show which component is on the active stack
    Get,
    /// List the components
    #[command(after_help = super::list::HELP)]
    List(ComponentListArgs),
    /// Give a component another name
    Rename(RenameArgs),
    /// Delete a component; what it stands for stays
    Delete(NameArgs),
    /// Register a component like another one
    Copy(CopyArgs),
    /// Accepted for ZenML's sake: the catalogue has one user
    #[command(hide = true)]
    Share(OptionalName),
    /// Accepted for ZenML's sake: there is nothing to provision
    #[command(hide = true)]
    Up(OptionalName),
    /// Accepted for ZenML's sake: there is nothing to suspend
    #[command(hide = true)]
    Down(DownArgs),
    /// Accepted for ZenML's sake: there is nothing that logs
    #[command(hide = true)]
    Logs(LogsArgs),
    /// Explain what components of this type are for
    Explain,
    /// The implementations there are, and their attributes
    #[command(subcommand, arg_required_else_help = true)]
    Flavor(FlavorVerb),
}

const REGISTER_HELP: &str = "\
Attributes are given as --ATTRIBUTE=VALUE, in any order; --ATTRIBUTE=@FILE reads the value from a
file. `flavor describe FLAVOR` shows which attributes a flavor has. The options above keep their
meaning wherever they stand; an attribute of such a name goes behind `--`.

Examples:
  strongroom secrets-manager register azure_secrets --flavor=azure --key_vault_name=my-vault
  strongroom secrets-manager register team -f azure --key_vault_name=my-vault --scope=global
  strongroom orchestrator register kube -f kubernetes --kubernetes_context=prod -l team=ml";

const UPDATE_HELP: &str = "\
Attributes that are not named stay as they are; `remove-attribute` takes one away.

Examples:
  strongroom secrets-manager update azure_secrets --timeout=60
  strongroom secrets-manager update azure_secrets -l owner=platform";

/// `register`
#[derive(Debug, Args)]
pub(crate) struct RegisterArgs {
    /// What to call the component
    pub(crate) name: String,
    /// Which implementation it is; see `flavor list`
    #[arg(short, long)]
    pub(crate) flavor: String,
    /// A label; may be given several times
    #[arg(short, long = "label", value_name = "KEY=VALUE")]
    pub(crate) labels: Vec<String>,
    /// Accepted for ZenML's sake: the catalogue has one user
    #[arg(long, hide = true)]
    pub(crate) share: bool,
    /// The attributes; set after parsing.
    #[arg(skip)]
    pub(crate) attributes: FreeForm,
}

/// `update`
#[derive(Debug, Args)]
pub(crate) struct UpdateArgs {
    /// Name or id; without it, the component on the active stack
    pub(crate) name: Option<String>,
    /// A label; may be given several times
    #[arg(short, long = "label", value_name = "KEY=VALUE")]
    pub(crate) labels: Vec<String>,
    /// The attributes; set after parsing.
    #[arg(skip)]
    pub(crate) attributes: FreeForm,
}

/// `remove-attribute`
#[derive(Debug, Args)]
pub(crate) struct RemoveAttributeArgs {
    /// Name or id
    pub(crate) name: String,
    /// The attributes to take away
    #[arg(value_name = "ATTRIBUTE", required_unless_present = "labels")]
    pub(crate) attributes: Vec<String>,
    /// A label to take away; may be given several times
    #[arg(short, long = "label", value_name = "KEY")]
    pub(crate) labels: Vec<String>,
}

/// A component that must be named.
#[derive(Debug, Args)]
pub(crate) struct NameArgs {
    /// Name or id
    pub(crate) name: String,
}

/// A component that may be named.
#[derive(Debug, Args)]
pub(crate) struct OptionalName {
    /// Name, id, or the beginning of one; without it, the component on the active stack
    pub(crate) name: Option<String>,
}

/// `list`
#[derive(Debug, Args)]
pub(crate) struct ComponentListArgs {
    #[command(flatten)]
    pub(crate) list: ListArgs,
    /// Only those of this flavor
    #[arg(long, value_name = "FILTER")]
    pub(crate) flavor: Vec<String>,
    /// Only those of this type
    #[arg(long = "type", value_name = "FILTER", hide = true)]
    pub(crate) kind: Vec<String>,
}

/// `rename`
#[derive(Debug, Args)]
pub(crate) struct RenameArgs {
    /// Name or id
    pub(crate) name: String,
    /// What to call it from now on
    pub(crate) new_name: String,
}

/// `copy`
#[derive(Debug, Args)]
pub(crate) struct CopyArgs {
    /// Name, id, or the beginning of one
    pub(crate) source: String,
    /// What to call the copy
    pub(crate) target: String,
}

/// `down`
#[derive(Debug, Args)]
pub(crate) struct DownArgs {
    #[command(flatten)]
    pub(crate) component: OptionalName,
    /// Deprovision instead of suspending
    #[arg(short, long)]
    pub(crate) force: bool,
}

/// `logs`
#[derive(Debug, Args)]
pub(crate) struct LogsArgs {
    #[command(flatten)]
    pub(crate) component: OptionalName,
    /// Go on with what is logged from now on
    #[arg(short, long)]
    pub(crate) follow: bool,
}

/// `flavor`
#[derive(Debug, Subcommand)]
pub(crate) enum FlavorVerb {
    /// List the flavors of this type
    List,
    /// Show the attributes of a flavor
    Describe(NameArgs),
}

/// What components of this type are for, in a few words.
pub(crate) fn purpose(kind: ComponentType) -> &'static str {
    match kind {
        ComponentType::Alerter => "tell people what a pipeline did",
        ComponentType::Annotator => "let people label data",
        ComponentType::ArtifactStore => "keep what steps hand on to each other",
        ComponentType::ContainerRegistry => "keep container images",
        ComponentType::DataValidator => "check and profile data",
        ComponentType::ExperimentTracker => "log parameters and metrics of training runs",
        ComponentType::FeatureStore => "serve features to training and prediction",
        ComponentType::ImageBuilder => "build container images",
        ComponentType::ModelDeployer => "serve models",
        ComponentType::ModelRegistry => "keep versions of models",
        ComponentType::Orchestrator => "run the steps of a pipeline",
        ComponentType::SecretsManager => "keep secrets in a vault, region or file of your own",
        ComponentType::StepOperator => "run single steps on special machines",
    }
}
