//! `demo`: the README's first command.

use crate::room::{Room, programs};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::time::Instant;

/// A room with a user's own configuration, temporary files of its own, and a path to programs.
fn room(path: &str) -> Room {
    let room = Room::with_local_manager().with("PATH", path);
    room.succeeds(["secrets-manager", "secret", "register", "mine", "--k=v"]);
    fs::create_dir(room.path("tmp")).unwrap();
    let tmp = room.path("tmp").to_string_lossy().into_owned();
    // What would lead the demo astray, if it listened.
    room.with("TMPDIR", &tmp)
        .with("STRONGROOM_ACTIVE_STACK", "absent")
        .with("AZURE_TENANT_ID", "nonsense")
        .with("HTTPS_PROXY", "http://127.0.0.1:1")
}

/// Every file of the user, and its content.
fn files(room: &Room) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<_> = fs::read_dir(room.home())
        .unwrap()
        .flatten()
        .filter(|entry| entry.metadata().unwrap().is_file())
        .map(|entry| (entry.file_name().to_string_lossy().into_owned(), fs::read(entry.path()).unwrap()))
        .collect();
    files.sort();
    files
}

#[test]
fn the_demo_shows_everything_and_leaves_nothing() {
    let room = room(&programs());
    let before = files(&room);
    let begun = Instant::now();
    let shown = room.succeeds(["demo"]);
    assert!(begun.elapsed().as_secs() < 20, "{:?}", begun.elapsed());
    for expected in [
        "$ strongroom integration install azure\n",
        "$ strongroom secrets-manager register azure_secrets --flavor=azure --key_vault_name=demo-vault --vault_url=https://localhost:",
        "Successfully registered secrets_manager `azure_secrets`.\n",
        "$ strongroom stack update -x azure_secrets\nStack `default` successfully updated!\n",
        "ok    get              secrets can be read",
        "aws_access_key_id      AKIAEXAMPLE\n",
        "\"aws_session_token\": \"a-token-of-no-session\"\n",
        "--scope=namespace --namespace=team-a\n",
        "aws_access_key_id      AKIATEAM\n",
        "\na step of team-a has AKIATEAM and a key of 24 characters\n",
        "$ strongroom secrets-manager secret delete aws --yes\nDeleted secret `aws` from secrets manager `team_secrets`.\n",
        "$ strongroom secrets-manager secret list\nNo secrets registered.\n",
        "$ strongroom secrets-manager secret list --stack default\nSECRET_NAMES\naws\n",
        "--key_vault_name=YOUR-VAULT\n",
    ] {
        assert!(shown.contains(expected), "{expected:?} is not in:\n{shown}");
    }
    assert!(!shown.contains("FAIL") && !shown.contains("error:"), "{shown}");
    assert_eq!(files(&room), before, "the user's own configuration is left alone");
    assert_eq!(fs::read_dir(room.path("tmp")).unwrap().count(), 0, "temporary files are gone");
}

#[test]
fn a_step_that_fails_ends_the_demo_and_cleans_up() {
    // no `sh` there
    let room = room("/nowhere");
    let output = room.run(["demo"]);
    assert_eq!(output.status.code(), Some(1), "{}", room.show(&output));
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(stderr.contains("the demo ends here: `strongroom run --secret aws -- sh -c"), "{stderr}");
    assert_eq!(fs::read_dir(room.path("tmp")).unwrap().count(), 0, "temporary files are gone");
}

#[test]
fn a_demo_that_is_interrupted_cleans_up() {
    let room = room(&programs());
    let mut child = room.command(["demo"]).spawn().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    while !line.starts_with("$ ") {
        line.clear();
        assert!(stdout.read_line(&mut line).unwrap() > 0, "it showed no command");
    }
    kill(Pid::from_raw(child.id().try_into().unwrap()), Signal::SIGINT).unwrap();
    let mut rest = String::new();
    stdout.read_to_string(&mut rest).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert!(!rest.contains("YOUR-VAULT"), "it went on to the end: {rest}");
    assert_eq!(fs::read_dir(room.path("tmp")).unwrap().count(), 0, "temporary files are gone");
}
