//! `run`: what the program gets, what it may not get, its signals and its exit code.

use crate::room::{Room, same};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use snapbox::str;
use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::ExitStatusExt;
use std::process::Stdio;

/// A room with some secrets, whose programs are found.
fn room() -> Room {
    let room = Room::with_local_manager().finding_programs();
    for words in [
        &["aws", "--aws_access_key_id=AKIA", "--aws_secret_access_key=hunter2"][..],
        &["db", "--user=me", "--password=$(id) `id` 'q' \"Q\" \\"],
        &["bad", "--user=you", "--PATH=/evil", "--LD_PRELOAD=/evil.so", "--values={\"a-b\": \"1\"}"],
        &["nul", "--values={\"k\": \"canary\\u0000\"}"],
    ] {
        let register = ["secrets-manager", "secret", "register"];
        room.succeeds(register.iter().chain(words));
    }
    room
}

#[test]
fn a_step_in_any_language_sees_its_keys() {
    let room = room();
    let script = "printf '%s|' \"$aws_access_key_id\" \"$user\" \"$password\"; echo \"${HOME-no home}\"";
    same(
        room.cli(["run", "--secret", "aws", "--secret=db", "--secret", "aws", "--", "sh", "-c", script]),
        str![[r#"
exit: 0
----- stdout -----
AKIA|me|$(id) `id` 'q' "Q" \|no home

"#]],
    );
    let script = "env | grep _user; env | grep -c aws";
    same(
        room.cli(["run", "--secret", "db", "--prefix", "APP_", "--only-keys=user", "--", "sh", "-c", script]),
        str![[r#"
exit: 1
----- stdout -----
APP_user=me
0

"#]],
    );
    // The words behind `--` are the program's, whatever they look like.
    same(
        room.cli(["run", "--secret", "db", "--", "echo", "-o", "json", "--secret", "--", "-x"]),
        str![[r#"
exit: 0
----- stdout -----
-o json --secret -- -x

"#]],
    );
}

#[test]
fn what_it_refuses() {
    let room = room();
    for words in [
        &["run", "--secret", "bad", "--", "true"][..],
        &["run", "--secret", "bad", "--only-keys", "PATH,user", "--", "true"],
        &["run", "--secret", "bad", "--only-keys", "LD_PRELOAD", "--", "true"],
        &["run", "--secret", "nul", "--", "true"],
        &["run", "--secret", "aws", "--secret", "absent", "--", "true"],
        &["run", "--secret", "aws", "--only-keys", "nope", "--", "true"],
        &["run", "--secret", "bad", "--secret", "db", "--only-keys", "user", "--", "true"],
        &["run", "--", "true"],
        &["run", "--secret", "aws"],
    ] {
        let output = room.run(words);
        assert!(output.stdout.is_empty() && matches!(output.status.code(), Some(1 | 2)), "{words:?}");
        assert!(!String::from_utf8_lossy(&output.stderr).contains("canary"), "{words:?}");
    }
    same(
        room.cli(["run", "--secret", "bad", "--only-keys", "user,PATH", "--", "true"]),
        str![[r#"
exit: 1
----- stderr -----
error: key `PATH` of secret `bad` would set `PATH`, which can change what programs run

hint: `--allow PATH` sets it, `--prefix` gives it another name, `--only-keys` leaves it out

"#]],
    );
    same(
        room.cli(["run", "--secret", "bad", "--secret", "db", "--only-keys", "user", "--", "true"]),
        str![[r#"
exit: 1
----- stderr -----
error: secrets `bad` and `db` both have a key `user`

hint: run with one of them, or choose keys by `--only-keys`

"#]],
    );
    same(
        room.cli(["run", "--", "true"]),
        str![[r#"
exit: 2
----- stderr -----
error: the following required arguments were not provided:
  --secret <NAME>

Usage: strongroom run --secret <NAME> -- <COMMAND>...

For more information, try '--help'.

"#]],
    );
    assert_eq!(
        room.succeeds(["run", "--secret=bad", "--only_keys=PATH", "--allow=PATH", "--", "/bin/sh", "-c", "echo $PATH"]),
        "/evil\n"
    );
    assert_eq!(
        room.succeeds(["run", "--secret=bad", "--only-keys=PATH", "--prefix=X", "--", "sh", "-c", "echo $XPATH"]),
        "/evil\n"
    );
}

#[test]
fn scenario_39_dangerous_names_are_refused_unless_they_are_named() {
    let room = Room::with_local_manager().finding_programs();
    for name in ["LD_PRELOAD", "LD_AUDIT", "BASH_ENV", "PATH", "NODE_OPTIONS", "PYTHONPATH", "DYLD_INSERT_LIBRARIES"] {
        let (secret, pair) = (name.to_lowercase().replace('_', "-"), format!("--{name}=/canary"));
        room.succeeds(["secrets-manager", "secret", "register", &secret, &pair]);
        let refused = room.run(["run", "--secret", &secret, "--", "true"]);
        let shown = room.show(&refused);
        assert!(refused.status.code() == Some(1) && shown.contains(name) && !shown.contains("canary"), "{shown}");
        let other = room.run(["run", "--secret", &secret, "--allow", "LD_OTHER", "--", "true"]);
        assert_eq!(other.status.code(), Some(1), "{name} is not the one that was named");
        let script = format!("echo ${name}");
        let words = ["run", "--secret", &secret, "--allow", name, "--", "/bin/sh", "-c", &script];
        assert_eq!(room.succeeds(words), "/canary\n", "{name}");
    }
}

#[test]
fn scenario_38_exit_codes_are_the_programs_own() {
    let room = room();
    let code = |words: &[&str]| room.run(["run", "--secret", "aws", "--"].iter().chain(words)).status.code();
    for expected in [0, 1, 2, 3, 125, 255] {
        assert_eq!(code(&["sh", "-c", &format!("exit {expected}")]), Some(expected));
    }
    let plain = room.file("plain", "no program");
    fs::set_permissions(&plain, fs::Permissions::from_mode(0o600)).unwrap();
    assert_eq!(code(&["./plain"]), Some(126));
    assert_eq!(code(&["no-such-program"]), Some(127));
    same(
        room.cli(["run", "--secret", "aws", "-o", "json", "--", "no-such-program", "secret-argument"]),
        str![[r#"
exit: 127
----- stderr -----
{"error":{"kind":"not_found","message":"cannot run `no-such-program`","causes":["No such file or directory (os error 2)"]}}

"#]],
    );
    let output = room.run(["run", "--secret", "aws", "--", "sh", "-c", "kill -TERM $$"]);
    assert_eq!(output.status.signal(), Some(15), "killed as the program was");
    // As a shell counts it.
    let strongroom = env!("CARGO_BIN_EXE_strongroom");
    let line = format!("{strongroom} run --secret aws -- sh -c 'kill -TERM $$'; echo $?");
    assert_eq!(room.succeeds(["run", "--secret", "aws", "--", "sh", "-c", &line]), "143\n");
}

#[test]
fn scenario_38_signals_reach_the_program_itself() {
    let room = room();
    let script = "trap 'echo caught; exit 7' TERM; echo $$; while :; do sleep 0.05; done";
    let mut child = room.command(["run", "--secret", "aws", "--", "sh", "-c", script]).spawn().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    stdout.read_line(&mut line).unwrap();
    assert_eq!(line.trim(), child.id().to_string(), "the program has taken the place of the wrapper");
    kill(Pid::from_raw(child.id().try_into().unwrap()), Signal::SIGTERM).unwrap();
    line.clear();
    stdout.read_line(&mut line).unwrap();
    assert_eq!((line.as_str(), child.wait().unwrap().code()), ("caught\n", Some(7)));
}

#[test]
fn a_broken_pipe_kills_the_program_as_in_a_shell() {
    let room = room();
    let mut command = room.command(["run", "--secret", "aws", "--", "yes"]);
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert_eq!((line.as_str(), child.wait().unwrap().signal()), ("y\n", Some(Signal::SIGPIPE as i32)));
}

#[test]
fn input_and_environment_are_handed_on() {
    let room = room().with("STRONGROOM_AZURE_TOKEN", "canary").with("MINE", "kept");
    let output = room.run_with_stdin(["run", "--secret", "aws", "--", "sh", "-c", "cat; env"], "typed\n");
    let shown = room.show(&output);
    assert!(shown.contains("typed\n") && shown.contains("MINE=kept\n"), "{shown}");
    assert!(!shown.contains("canary"), "a token for the vault is not for the step: {shown}");
}

#[test]
fn open_files_are_not_handed_on() {
    let room = room();
    // Others may hand files on to every test; ours lie in the room.
    let listed = room.succeeds(["run", "--secret", "aws", "--", "sh", "-c", "ls -l /proc/$$/fd"]);
    let kept = room.home().canonicalize().unwrap();
    assert!(listed.contains("pipe:") && !listed.contains(&*kept.to_string_lossy()), "{listed}");
}

#[test]
fn nothing_runs_when_a_secret_cannot_be_had() {
    let room = room();
    let words = ["run", "--secret", "aws", "--secret", "absent", "-o", "json", "--", "touch", "ran"];
    same(
        room.cli(words),
        str![[r#"
exit: 1
----- stderr -----
{"error":{"kind":"not_found","message":"secret `absent` does not exist","causes":[]}}

"#]],
    );
    assert!(!room.path("ran").exists());
}
