//! What all commands share.

use crate::room::{Room, same};
use snapbox::str;
use std::fs::{self, File};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Stdio;

#[test]
fn the_version_is_one_line() {
    let room = Room::new();
    assert_eq!(
        room.cli(["--version"]),
        format!("exit: 0\n----- stdout -----\nstrongroom {}\n", env!("CARGO_PKG_VERSION"))
    );
}

#[test]
fn help_teaches() {
    let room = Room::new();
    same(
        room.cli(["--help"]),
        str![[r#"
exit: 0
----- stdout -----
Keeps the secrets of machine-learning stacks

Usage: strongroom [OPTIONS] <COMMAND>

Commands:
  secrets-manager     Secrets managers: keep secrets in a vault, region or file of your own
  secret              Secrets of the central store: on a server after `login`, else on this machine
  login               Sign in to a central server
  logout              End a sign-in, at the server and here
  status              Where secrets are kept, and who is signed in
  user                The people who may use the central store
  service-account     The programs that may use the central store
  stack               Stacks: named sets of components
  run                 Run a program with secrets in its environment
  doctor              Check configuration, stack, vault and identity
  demo                Show everything at work, without an account
  integration         What is built in, and what it needs
  keyvault            The embedded Key Vault
  server              The central server
  audit               Who did what in the central store
  import              Take secrets over from elsewhere
  key                 The key that seals a central store
  config              The settings
  completion          Complete commands in a shell
  help                Print this message or the help of the given subcommand(s)
  alerter             Alerters: tell people what a pipeline did (configuration only)
  annotator           Annotators: let people label data (configuration only)
  artifact-store      Artifact stores: keep what steps hand on to each other (configuration only)
  container-registry  Container registries: keep container images (configuration only)
  data-validator      Data validators: check and profile data (configuration only)
  experiment-tracker  Experiment trackers: log parameters and metrics of training runs
                      (configuration only)
  feature-store       Feature stores: serve features to training and prediction (configuration only)
  image-builder       Image builders: build container images (configuration only)
  model-deployer      Model deployers: serve models (configuration only)
  model-registry      Model registries: keep versions of models (configuration only)
  orchestrator        Orchestrators: run the steps of a pipeline (configuration only)
  step-operator       Step operators: run single steps on special machines (configuration only)

Options:
  -h, --help     Print help
  -V, --version  Print version

Global options:
  -o, --output <FORMAT>  How to show data: table, json or yaml
      --stack <STACK>    Work on this stack (name or id) instead of the active one
      --verbose          Log what happens on stderr, never a value

First steps:
  strongroom demo                                        see it work, without an account
  strongroom secrets-manager register local --flavor=local
  strongroom stack update -x local                       put it on the active stack
  strongroom secrets-manager secret register db --password=@password.txt
  strongroom run --secret db -- python step.py           give its values to one program

With Azure Key Vault:
  strongroom secrets-manager register azure_secrets --flavor=azure --key_vault_name=my-vault
  strongroom stack update -x azure_secrets
  strongroom doctor                                      say what is missing

"#]],
    );
    same(
        room.cli(["secrets-manager", "register", "--help"]),
        str![[r#"
exit: 0
----- stdout -----
Register a component

Usage: strongroom secrets-manager register <NAME> --flavor <FLAVOR> [OPTIONS] [--ATTRIBUTE=VALUE]...

Arguments:
  <NAME>  What to call the component

Options:
  -f, --flavor <FLAVOR>    Which implementation it is; see `flavor list`
  -l, --label <KEY=VALUE>  A label; may be given several times
  -h, --help               Print help

Global options:
  -o, --output <FORMAT>  How to show data: table, json or yaml
      --stack <STACK>    Work on this stack (name or id) instead of the active one
      --verbose          Log what happens on stderr, never a value

Attributes are given as --ATTRIBUTE=VALUE, in any order; --ATTRIBUTE=@FILE reads the value from a
file. `flavor describe FLAVOR` shows which attributes a flavor has. The options above keep their
meaning wherever they stand; an attribute of such a name goes behind `--`.

Examples:
  strongroom secrets-manager register azure_secrets --flavor=azure --key_vault_name=my-vault
  strongroom secrets-manager register team -f azure --key_vault_name=my-vault --scope=global
  strongroom orchestrator register kube -f kubernetes --kubernetes_context=prod -l team=ml

"#]],
    );
    same(
        room.cli(["stack", "update", "-h"]),
        str![[r#"
exit: 0
----- stdout -----
Put components on a stack, in place of those of the same type

Usage: strongroom stack update [OPTIONS] [STACK_NAME]

Arguments:
  [STACK_NAME]  Name or id; without it, the active stack

Options:
  -a, --artifact-store <NAME>      The artifact store
  -o, --orchestrator <NAME>        The orchestrator
  -c, --container-registry <NAME>  The container registry
  -r, --model-registry <NAME>      The model registry
  -x, --secrets-manager <NAME>     The secrets manager
  -s, --step-operator <NAME>       The step operator
  -f, --feature-store <NAME>       The feature store
  -d, --model-deployer <NAME>      The model deployer
  -e, --experiment-tracker <NAME>  The experiment tracker
      --alerter <NAME>             The alerter
      --annotator <NAME>           The annotator
      --data-validator <NAME>      The data validator
  -i, --image-builder <NAME>       The image builder
  -h, --help                       Print help

Global options:
      --stack <STACK>    Work on this stack (name or id) instead of the active one
      --verbose          Log what happens on stderr, never a value
      --output <FORMAT>  How to show data: table, json or yaml

Without STACK the active stack is changed. As in ZenML, -o means --orchestrator here; the format
of the output is chosen by --output. -al, -an and -dv are taken too.

Examples:
  strongroom stack update -x azure_secrets
  strongroom stack update prod -o kube -dv expectations

"#]],
    );
}

#[test]
fn a_group_without_a_verb_shows_its_verbs() {
    let room = Room::new();
    same(
        room.cli(["stack"]),
        str![[r#"
exit: 2
----- stderr -----
Stacks: named sets of components

Usage: strongroom stack [OPTIONS] <COMMAND>

Commands:
  register          Register a stack
  update            Put components on a stack, in place of those of the same type
  remove-component  Take components off a stack
  set               Make a stack the active one
  get               Show which stack is active
  describe          Show all of one stack
  list              List the stacks
  delete            Delete a stack
  rename            Give a stack another name
  copy              Register a stack of the same components
  export            Write a stack to a YAML file that `import`, here or in ZenML, reads
  import            Register the stack and the components of a YAML file
  help              Print this message or the help of the given subcommand(s)

Options:
  -h, --help  Print help

Global options:
  -o, --output <FORMAT>  How to show data: table, json or yaml
      --stack <STACK>    Work on this stack (name or id) instead of the active one
      --verbose          Log what happens on stderr, never a value

"#]],
    );
}

#[test]
fn wrong_usage_is_2() {
    let room = Room::new();
    same(
        room.cli(["nonsense"]),
        str![[r#"
exit: 2
----- stderr -----
error: unrecognized subcommand 'nonsense'

Usage: strongroom [OPTIONS] <COMMAND>

For more information, try '--help'.

"#]],
    );
    same(
        room.cli(["stack", "lst"]),
        str![[r#"
exit: 2
----- stderr -----
error: unrecognized subcommand 'lst'

  tip: a similar subcommand exists: 'list'

Usage: strongroom stack [OPTIONS] <COMMAND>

For more information, try '--help'.

"#]],
    );
    same(
        room.cli(["stack", "list", "--nonsense"]),
        str![[r#"
exit: 2
----- stderr -----
error: unexpected argument '--nonsense' found

Usage: strongroom stack list [OPTIONS]

For more information, try '--help'.

"#]],
    );
    same(
        room.cli(["stack", "list", "-o", "toml"]),
        str![[r#"
exit: 2
----- stderr -----
error: invalid value 'toml' for '--output <FORMAT>'
  [possible values: table, json, yaml]

For more information, try '--help'.

"#]],
    );
    same(
        room.cli(["secrets-manager", "register", "x"]),
        str![[r#"
exit: 2
----- stderr -----
error: the following required arguments were not provided:
  --flavor <FLAVOR>

Usage: strongroom secrets-manager register <NAME> --flavor <FLAVOR> [OPTIONS] [--ATTRIBUTE=VALUE]...

For more information, try '--help'.

"#]],
    );
    assert!(!room.home().exists(), "wrong usage changes nothing");
}

#[test]
fn wrong_usage_is_one_json_line_for_programs() {
    let room = Room::new();
    same(
        room.cli(["-o", "json"]),
        str![[r#"
exit: 2
----- stderr -----
{"error":{"kind":"invalid","message":"the command is not complete","hint":"`--help` shows what may follow","causes":[]}}

"#]],
    );
    same(
        room.cli(["nonsense", "-o", "json"]),
        str![[r#"
exit: 2
----- stderr -----
{"error":{"kind":"invalid","message":"unrecognized subcommand 'nonsense'","hint":"Usage: strongroom [OPTIONS] <COMMAND>","causes":[]}}

"#]],
    );
    same(
        room.cli(["stack", "list", "--nonsense", "--output=json"]),
        str![[r#"
exit: 2
----- stderr -----
{"error":{"kind":"invalid","message":"unexpected argument '--nonsense' found","hint":"Usage: strongroom stack list [OPTIONS]","causes":[]}}

"#]],
    );
    same(
        room.cli(["secrets-manager", "register", "x", "-ojson"]),
        str![[r#"
exit: 2
----- stderr -----
{"error":{"kind":"invalid","message":"the following required arguments were not provided: --flavor <FLAVOR>","hint":"Usage: strongroom secrets-manager register <NAME> --flavor <FLAVOR> [OPTIONS] [--ATTRIBUTE=VALUE]...","causes":[]}}

"#]],
    );
    same(
        room.cli(["secrets-manager", "register", "x", "--flavr", "azure", "-o", "json"]),
        str![[r#"
exit: 2
----- stderr -----
{"error":{"kind":"invalid","message":"there is no option `--flavr`","hint":"did you mean `--flavor`? A key is written `--flavr=value`","causes":[]}}

"#]],
    );
    let room = room.with("STRONGROOM_OUTPUT", "json");
    same(
        room.cli(["stack", "lst"]),
        str![[r#"
exit: 2
----- stderr -----
{"error":{"kind":"invalid","message":"unrecognized subcommand 'lst'","hint":"a similar subcommand exists: 'list'","causes":[]}}

"#]],
    );
}

#[test]
fn failures_are_told_apart_from_their_hints() {
    let room = Room::new();
    same(
        room.cli(["stack", "set", "absent"]),
        str![[r#"
exit: 1
----- stderr -----
error: stack `absent` does not exist

hint: `strongroom stack list` shows those there are

"#]],
    );
    same(
        room.cli(["stack", "set", "absent", "-o", "json"]),
        str![[r#"
exit: 1
----- stderr -----
{"error":{"kind":"not_found","message":"stack `absent` does not exist","hint":"`strongroom stack list` shows those there are","causes":[]}}

"#]],
    );
    same(
        room.cli(["stack", "set", "absent", "-o", "yaml"]),
        str![[r#"
exit: 1
----- stderr -----
error: stack `absent` does not exist

hint: `strongroom stack list` shows those there are

"#]],
    );
}

#[test]
fn the_output_option_stands_anywhere() {
    let room = Room::new();
    let expected = room.succeeds(["-o", "json", "stack", "get"]);
    assert!(expected.starts_with('{'), "{expected}");
    for words in [["stack", "-o", "json", "get"], ["stack", "get", "--output", "json"], ["stack", "get", "-o", "json"]]
    {
        assert_eq!(room.succeeds(words), expected);
    }
    let by_environment = Room::new().with("STRONGROOM_OUTPUT", "yaml");
    assert!(by_environment.succeeds(["stack", "get"]).starts_with("id: "));
}

#[test]
fn files_are_for_their_owner_only() {
    let room = Room::with_local_manager().with("STRONGROOM_NO_HINTS", "0");
    room.succeeds(["secrets-manager", "list"]);
    let mut seen = 0;
    let mut check = |path: &Path| {
        let mode = fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, if path.is_dir() { 0o700 } else { 0o600 }, "{}", path.display());
        seen += 1;
    };
    let mut folders = vec![room.home()];
    while let Some(folder) = folders.pop() {
        check(&folder);
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { check(&path) }
        }
    }
    assert!(seen >= 4, "home, catalogue, hints and a hint");
}

#[test]
fn hints_are_shown_once_and_never_to_programs() {
    let room = Room::new().with("STRONGROOM_NO_HINTS", "0");
    same(
        room.cli(["secrets-manager", "list", "-o", "json"]),
        str![[r#"
exit: 0
----- stdout -----
[]

"#]],
    );
    same(
        room.cli(["secrets-manager", "list"]),
        str![[r#"
exit: 0
----- stderr -----
hint: secrets managers are deprecated in ZenML in favour of centralized secrets; Strongroom goes on supporting them, and `strongroom secrets-manager secret migrate` moves their secrets there (shown once; STRONGROOM_NO_HINTS=1 switches hints off)
No components found for the given filters.

"#]],
    );
    same(
        room.cli(["secrets-manager", "list"]),
        str![[r#"
exit: 0
----- stderr -----
No components found for the given filters.

"#]],
    );
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let room = Room::new();
    let mut child = room.command(["integration", "list", "-o", "json"]).stdout(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), b"".as_slice()));
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_behind_stdout_is_a_failure() {
    let room = Room::new();
    let full = File::options().write(true).open("/dev/full").unwrap();
    let output = room.command(["stack", "get"]).stdout(full).output().unwrap();
    same(
        room.show(&output),
        str![[r#"
exit: 1
----- stderr -----
error: cannot write to standard output
  caused by: No space left on device (os error 28)

"#]],
    );
}

#[test]
fn output_for_a_pipe_has_no_colours() {
    let room = Room::new();
    for words in [&["--help"][..], &["stack", "list"], &["stack", "set", "absent"], &["nonsense"]] {
        assert!(!room.cli(words).contains('\u{1b}'), "{words:?}");
    }
}

#[test]
fn logging_is_off_unless_asked_for() {
    let room = Room::new().with("STRONGROOM_LOG", "nonsense=loud");
    same(
        room.cli(["stack", "get"]),
        str![[r#"
exit: 1
----- stderr -----
error: `nonsense=loud` cannot be understood as what to log
  caused by: error parsing level filter: expected one of "off", "error", "warn", "info", "debug", "trace", or a number 0-5

hint: STRONGROOM_LOG=debug, or strongroom_backends=trace

"#]],
    );
    let room = room.with("STRONGROOM_LOG", "trace");
    room.succeeds(["stack", "get"]);
    room.succeeds(["--verbose", "stack", "get"]);
}

#[test]
fn scripts_for_completion_name_every_group() {
    let room = Room::new();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = room.succeeds(["completion", shell]);
        for word in ["secrets-manager", "remove-attribute", "integration", "stack"] {
            assert!(script.contains(word), "{shell}: {word}");
        }
    }
    same(
        room.cli(["completion", "tcsh"]),
        str![[r#"
exit: 2
----- stderr -----
error: invalid value 'tcsh' for '<SHELL>'
  [possible values: bash, elvish, fish, powershell, zsh]

  tip: a similar value exists: 'zsh'

For more information, try '--help'.

"#]],
    );
}

#[test]
fn without_a_home_there_is_a_way_out() {
    let room = Room::new();
    let output = room.command(["stack", "get"]).env_remove("STRONGROOM_HOME").env("HOME", room.path("user")).output();
    same(
        room.show(&output.unwrap()),
        str![[r#"
exit: 0
----- stdout -----
The global active stack is: 'default'

"#]],
    );
    assert!(room.path("user/.local/share/strongroom/catalogue.db").exists());
}
