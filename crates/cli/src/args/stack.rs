//! `strongroom stack …`

use super::list::ListArgs;
use crate::output::OutputFormat;
use clap::{Args, Subcommand};
use strongroom_core::ComponentType;

/// The verbs.
#[derive(Debug, Subcommand)]
pub(crate) enum StackVerb {
    /// Register a stack
    #[command(after_help = REGISTER_HELP)]
    Register(RegisterArgs),
    /// Put components on a stack, in place of those of the same type
    #[command(after_help = UPDATE_HELP)]
    Update(UpdateArgs),
    /// Take components off a stack
    #[command(after_help = "Example:\n  strongroom stack remove-component -x")]
    RemoveComponent(RemoveComponentArgs),
    /// Make a stack the active one
    Set(StackName),
    /// Show which stack is active
    Get,
    /// Show all of one stack
    Describe(OptionalStack),
    /// List the stacks
    #[command(after_help = super::list::HELP)]
    List(StackListArgs),
    /// Delete a stack
    Delete(DeleteArgs),
    /// Give a stack another name
    Rename(RenameArgs),
    /// Register a stack of the same components
    Copy(CopyArgs),
    /// Write a stack to a YAML file that `import`, here or in ZenML, reads
    Export(ExportArgs),
    /// Register the stack and the components of a YAML file
    Import(ImportArgs),
    /// Accepted for ZenML's sake: the catalogue has one user
    #[command(hide = true)]
    Share(ShareArgs),
    /// Accepted for ZenML's sake: there is nothing to provision
    #[command(hide = true)]
    Up,
    /// Accepted for ZenML's sake: there is nothing to suspend
    #[command(hide = true)]
    Down(DownArgs),
}

const REGISTER_HELP: &str = "\
As in ZenML, -o means --orchestrator here; the format of the output is chosen by --output.
-al, -an and -dv are taken for --alerter, --annotator and --data-validator.

Examples:
  strongroom stack register prod -a default -o default -x azure_secrets --set
  strongroom stack register ml -a blobs -o kube -c registry -al slack -dv expectations";

const UPDATE_HELP: &str = "\
Without STACK the active stack is changed. As in ZenML, -o means --orchestrator here; the format
of the output is chosen by --output. -al, -an and -dv are taken too.

Examples:
  strongroom stack update -x azure_secrets
  strongroom stack update prod -o kube -dv expectations";

macro_rules! optional_parts {
    ($($field:ident, $kind:ident, ($($arg:tt)+), $what:literal;)+) => {
        /// One component of each type that a stack can do without, by name, id, or the beginning of one.
        #[derive(Debug, Default, Args)]
        pub(crate) struct OptionalParts {
            $(
                #[arg($($arg)+, value_name = "NAME", help = concat!("The ", $what))]
                pub(crate) $field: Option<String>,
            )+
        }

        impl OptionalParts {
            /// The components that are named.
            pub(crate) fn named(self) -> Vec<(ComponentType, String)> {
                let all = [$((ComponentType::$kind, self.$field)),+];
                all.into_iter().filter_map(|(kind, name)| Some((kind, name?))).collect()
            }
        }

        /// One switch per type that a stack can do without.
        #[derive(Debug, Default, Args)]
        pub(crate) struct PartSwitches {
            $(
                #[arg($($arg)+, help = concat!("Take off the ", $what))]
                pub(crate) $field: bool,
            )+
        }

        impl PartSwitches {
            /// The types that are switched on.
            pub(crate) fn chosen(self) -> Vec<ComponentType> {
                let all = [$((ComponentType::$kind, self.$field)),+];
                all.into_iter().filter_map(|(kind, chosen)| chosen.then_some(kind)).collect()
            }
        }
    };
}

optional_parts! {
    container_registry, ContainerRegistry, (short = 'c', long = "container-registry", alias = "container_registry"), "container registry";
    model_registry, ModelRegistry, (short = 'r', long = "model-registry", alias = "model_registry"), "model registry";
    secrets_manager, SecretsManager, (short = 'x', long = "secrets-manager", alias = "secrets_manager"), "secrets manager";
    step_operator, StepOperator, (short = 's', long = "step-operator", alias = "step_operator"), "step operator";
    feature_store, FeatureStore, (short = 'f', long = "feature-store", alias = "feature_store"), "feature store";
    model_deployer, ModelDeployer, (short = 'd', long = "model-deployer", alias = "model_deployer"), "model deployer";
    experiment_tracker, ExperimentTracker, (short = 'e', long = "experiment-tracker", alias = "experiment_tracker"), "experiment tracker";
    alerter, Alerter, (long = "alerter"), "alerter";
    annotator, Annotator, (long = "annotator"), "annotator";
    data_validator, DataValidator, (long = "data-validator", alias = "data_validator"), "data validator";
    image_builder, ImageBuilder, (short = 'i', long = "image-builder", alias = "image_builder"), "image builder";
}

/// ZenML's options of one hyphen and two letters, which clap does not have, and what they stand for.
pub(crate) const TWO_LETTERS: &[(&str, &str)] =
    &[("-al", "--alerter"), ("-an", "--annotator"), ("-dv", "--data-validator")];

/// `register`
#[derive(Debug, Args)]
pub(crate) struct RegisterArgs {
    /// What to call the stack
    pub(crate) name: String,
    /// The artifact store
    #[arg(short, long, alias = "artifact_store", value_name = "NAME")]
    pub(crate) artifact_store: String,
    /// The orchestrator
    #[arg(short, long, value_name = "NAME")]
    pub(crate) orchestrator: String,
    #[command(flatten)]
    pub(crate) parts: OptionalParts,
    /// Make it the active stack
    #[arg(long)]
    pub(crate) set: bool,
    /// Accepted for ZenML's sake: the catalogue has one user
    #[arg(long, hide = true)]
    pub(crate) share: bool,
    /// How to show data: table, json or yaml
    // Takes the place of the global one, whose `-o` is the orchestrator here.
    #[arg(long, value_name = "FORMAT", help_heading = "Global options", hide_possible_values = true)]
    pub(crate) output: Option<OutputFormat>,
}

/// `update`
#[derive(Debug, Args)]
pub(crate) struct UpdateArgs {
    /// Name or id; without it, the active stack
    pub(crate) stack_name: Option<String>,
    /// The artifact store
    #[arg(short, long, alias = "artifact_store", value_name = "NAME")]
    pub(crate) artifact_store: Option<String>,
    /// The orchestrator
    #[arg(short, long, value_name = "NAME")]
    pub(crate) orchestrator: Option<String>,
    #[command(flatten)]
    pub(crate) parts: OptionalParts,
    /// How to show data: table, json or yaml
    #[arg(long, value_name = "FORMAT", help_heading = "Global options", hide_possible_values = true)]
    pub(crate) output: Option<OutputFormat>,
}

/// `remove-component`
#[derive(Debug, Args)]
pub(crate) struct RemoveComponentArgs {
    /// Name or id; without it, the active stack
    pub(crate) stack_name: Option<String>,
    #[command(flatten)]
    pub(crate) parts: PartSwitches,
}

/// A stack that must be named.
#[derive(Debug, Args)]
pub(crate) struct StackName {
    /// Name, id, or the beginning of one
    pub(crate) stack_name: String,
}

/// A stack that may be named.
#[derive(Debug, Args)]
pub(crate) struct OptionalStack {
    /// Name, id, or the beginning of one; without it, the active stack
    pub(crate) stack_name: Option<String>,
}

/// `list`
#[derive(Debug, Args)]
pub(crate) struct StackListArgs {
    #[command(flatten)]
    pub(crate) list: ListArgs,
    /// Only those with this component, by its id
    #[arg(long, alias = "component_id", value_name = "FILTER")]
    pub(crate) component_id: Vec<String>,
}

/// `delete`
#[derive(Debug, Args)]
pub(crate) struct DeleteArgs {
    /// Name or id
    pub(crate) stack_name: String,
    /// Do not ask
    #[arg(short, long)]
    pub(crate) yes: bool,
    /// Also delete its components that no other stack has
    #[arg(short, long)]
    pub(crate) recursive: bool,
}

/// `rename`
#[derive(Debug, Args)]
pub(crate) struct RenameArgs {
    /// Name or id
    pub(crate) stack_name: String,
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
    /// Accepted for ZenML's sake: the catalogue has one user
    #[arg(long, hide = true)]
    pub(crate) share: bool,
}

/// `export`
#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    /// Name, id, or the beginning of one; without it, the active stack
    pub(crate) stack_name: Option<String>,
    /// The file to write, `-` for stdout [default: the name of the stack and `.yaml`]
    pub(crate) filename: Option<String>,
}

/// `import`
#[derive(Debug, Args)]
pub(crate) struct ImportArgs {
    /// What to call the stack, or the file
    pub(crate) stack_name: String,
    /// The file to read [default: the name of the stack and `.yaml`]
    #[arg(short, long)]
    pub(crate) filename: Option<String>,
    /// Read files of any version of ZenML
    #[arg(long, alias = "ignore_version_mismatch")]
    pub(crate) ignore_version_mismatch: bool,
    /// Give a component another name here: TYPE:NAME=NEW-NAME; may be given several times
    #[arg(long = "rename", value_name = "TYPE:NAME=NEW")]
    pub(crate) renames: Vec<String>,
}

/// `share`
#[derive(Debug, Args)]
pub(crate) struct ShareArgs {
    #[command(flatten)]
    pub(crate) stack: OptionalStack,
    /// Share its components too
    #[arg(short, long)]
    pub(crate) recursive: bool,
}

/// `down`
#[derive(Debug, Args)]
pub(crate) struct DownArgs {
    /// Deprovision instead of suspending
    #[arg(short, long)]
    pub(crate) force: bool,
}
