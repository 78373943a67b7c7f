//! `--interactive`: questions at a terminal, and answers in lines.

use crate::room::{Room, same};
use crate::terminal::at_terminal;
use serde_json::{Value, json};
use snapbox::str;

/// The words of a command about secrets.
fn secret<'a>(words: &[&'a str]) -> Vec<&'a str> {
    ["secrets-manager", "secret"].iter().chain(words).copied().collect()
}

fn values(room: &Room, name: &str) -> Value {
    room.json(["secrets-manager", "secret", "get", name])["values"].clone()
}

#[test]
fn a_person_is_asked_and_nothing_is_shown() {
    let room = Room::with_local_manager();
    let answers = [
        ("Please enter a secret key", "user\r"),
        ("Please enter the secret value for the key [user]:", "cAnArY\r"),
        ("Do you want to add another", "y\r"),
        ("Please enter a secret key", "a-b\r"),
        ("Please enter the secret value for the key [a-b]:", "@@cAnArY\r"),
        ("Do you want to add another", "\r"),
    ];
    let (status, screen) = at_terminal(&room, &secret(&["register", "x", "-i"]), &answers);
    assert!(status.success(), "{screen}");
    assert!(!screen.contains("cAnArY"), "{screen}");
    assert_eq!(values(&room, "x"), json!({"user": "cAnArY", "a-b": "@cAnArY"}));

    let answers = [("New value for user:", "\r"), ("New value for a-b:", "changed\r")];
    let (status, screen) = at_terminal(&room, &secret(&["update", "x", "--interactive"]), &answers);
    assert!(status.success(), "{screen}");
    assert_eq!(values(&room, "x"), json!({"user": "cAnArY", "a-b": "changed"}));
}

#[test]
fn a_typed_secret_is_asked_for_key_by_key() {
    let room = Room::with_local_manager();
    let answers = [
        ("Secret value for aws_access_key_id:", "id\r"),
        ("Secret value for aws_secret_access_key:", "key\r"),
        ("Secret value for aws_session_token:", "\r"),
    ];
    let (status, screen) = at_terminal(&room, &secret(&["register", "x", "-s", "aws", "-i"]), &answers);
    assert!(status.success(), "{screen}");
    assert_eq!(values(&room, "x"), json!({"aws_access_key_id": "id", "aws_secret_access_key": "key"}));
}

#[test]
fn ctrl_c_leaves_everything_as_it_was() {
    let room = Room::with_local_manager();
    let (status, screen) =
        at_terminal(&room, &secret(&["register", "x", "-i"]), &[("Please enter a secret key", "\u{3}")]);
    assert_eq!(status.code(), Some(130), "{screen}");
    let answers = [("Please enter a secret key", "k\r"), ("Please enter the secret value", "\u{3}")];
    let (status, _) = at_terminal(&room, &secret(&["register", "x", "-i"]), &answers);
    assert_eq!(status.code(), Some(130));
    assert_eq!(room.json(secret(&["list"])), json!([]));
}

#[test]
fn a_hidden_answer_can_be_standard_input() {
    let room = Room::with_local_manager();
    let (status, screen) = at_terminal(&room, &secret(&["register", "x", "--k=-"]), &[("Value of k:", "cAnArY\r")]);
    assert!(status.success() && !screen.contains("cAnArY"), "{screen}");
    assert_eq!(values(&room, "x"), json!({"k": "cAnArY"}));
}

#[test]
fn a_value_at_a_terminal_ends_with_a_line() {
    let room = Room::with_local_manager();
    room.succeeds(secret(&["register", "x", "--k=v"]));
    let (_, screen) = at_terminal(&room, &secret(&["get", "x", "-k", "k"]), &[]);
    assert_eq!(screen, "v\n");
}

#[test]
fn deleting_asks() {
    let room = Room::with_local_manager();
    room.succeeds(secret(&["register", "x", "--k=v"]));
    let (status, screen) = at_terminal(&room, &secret(&["delete", "x"]), &[("(y/N)", "n\r")]);
    assert!(status.success() && screen.contains("Aborting secret deletion..."), "{screen}");
    let (status, screen) = at_terminal(&room, &secret(&["cleanup"]), &[("(y/N)", "\r")]);
    assert!(status.success() && screen.contains("Aborting deletion of all secrets..."), "{screen}");
    assert_eq!(values(&room, "x"), json!({"k": "v"}));
    let (status, screen) = at_terminal(&room, &secret(&["delete", "x"]), &[("(y/N)", "y\r")]);
    assert!(status.success() && screen.contains("Deleted secret `x`"), "{screen}");
}

#[test]
fn lines_answer_where_there_is_no_terminal() {
    let room = Room::with_local_manager();
    room.file("pem", "one\ntwo\n");
    let run = |words: &[&str], stdin: &str| room.show(&room.run_with_stdin(secret(words), stdin));
    same(
        run(&["register", "x", "-i"], "user\nme\ny\npem\n@pem\nn\n"),
        str![[r#"
exit: 0
----- stderr -----
note: made the key `[ROOM]/home/local.key`; keep a copy: sealed secrets cannot be read without it
Successfully registered secret `x` in secrets manager `safe`: `user`, `pem`.

"#]],
    );
    assert_eq!(values(&room, "x"), json!({"user": "me", "pem": "one\ntwo\n"}));
    same(
        run(&["update", "x", "-i"], "\r\nnew\n"),
        str![[r#"
exit: 0
----- stderr -----
You can overwrite each value, one by one. Press enter to keep it.
Successfully updated secret `x` in secrets manager `safe`.

"#]],
    );
    assert_eq!(values(&room, "x"), json!({"user": "me", "pem": "new"}));
    same(
        run(&["register", "y", "--schema=basic_auth", "-i"], "me\n\n"),
        str![[r#"
exit: 1
----- stderr -----
Press enter to leave out keys that you do not want to set.
error: secret values do not conform with the secret schema `basic_auth`: `password` is required

hint: keys of `basic_auth`: username, password

"#]],
    );
    for (words, stdin, message) in [
        (&["register", "y", "-i"][..], "", "the input ends before the answer to `Please enter a secret key`"),
        (&["register", "y", "-i"], "\n", "a key cannot be empty"),
        (
            &["register", "y", "-i"],
            "k\n",
            "the input ends before the answer to `Please enter the secret value for the key [k]:`",
        ),
        (&["register", "y", "-i"], "k\nv\ny\nk\n", "key `k` is given twice"),
        (
            &["register", "y", "-i"],
            "k\nv\nmaybe\n",
            "the answer to `Do you want to add another key-value pair to this secret?` is neither `y` nor `n`",
        ),
        (
            &["register", "y", "-i"],
            "k\n@canary\n",
            "the value of `k` begins with `@`, and names no file that can be read",
        ),
        (&["update", "x", "-i"], "v\n", "the input ends before the answer to `New value for pem:`"),
    ] {
        let shown = run(words, stdin);
        assert!(shown.contains(&format!("error: {message}\n")), "{words:?}: {shown}");
        assert!(!shown.contains("canary"), "{shown}");
    }
    assert_eq!(room.json(secret(&["list"])), json!([{"name": "x"}]));
    // The end of the input is a no.
    assert!(run(&["register", "y", "-i"], "k\nv").starts_with("exit: 0"));
    assert_eq!(values(&room, "y"), json!({"k": "v"}));
}
