//! What all commands share.

use crate::room::{Room, same};
use snapbox::str;

#[test]
fn the_version_is_one_line() {
    let room = Room::new();
    assert_eq!(
        room.cli(["--version"]),
        format!("exit: 0\n----- stdout -----\nstrongroom {}\n", env!("CARGO_PKG_VERSION"))
    );
}

#[test]
fn without_a_command_the_help_is_shown() {
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
  -h, --help  Print help (see more with '--help')

Global options:
  -o, --output <FORMAT>  How to show data: a table for people, or one JSON or YAML document
                         [possible values: table, json, yaml]
      --stack <STACK>    Work on this stack (name or id) instead of the active one
      --verbose          Log what happens on stderr, never a value

"#]],
    );
}
