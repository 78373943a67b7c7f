//! `secrets-manager secret migrate`: what moves, what is asked, what is reported, and the way back.

mod crash;
mod faults;
mod server;

use crate::room::{Room, same};
use crate::terminal::at_terminal;
use serde_json::{Value, json};
use snapbox::str;
use std::fs;
use std::os::unix::fs::PermissionsExt;

/// The words of a migration.
fn migrate<'a>(words: &[&'a str]) -> Vec<&'a str> {
    ["secrets-manager", "secret", "migrate"].iter().chain(words).copied().collect()
}

/// The words of a command about secrets of the manager.
fn secret<'a>(words: &[&'a str]) -> Vec<&'a str> {
    ["secrets-manager", "secret"].iter().chain(words).copied().collect()
}

/// The values of a secret of the manager.
fn in_manager(room: &Room, name: &str) -> Option<Value> {
    document(room, &secret(&["get", name, "-o", "json"])).map(|document| document["values"].clone())
}

/// A secret of the store.
fn in_store(room: &Room, name: &str) -> Option<Value> {
    document(room, &["secret", "get", name, "-o", "json"]).filter(|document| document["name"] == name)
}

fn document(room: &Room, words: &[&str]) -> Option<Value> {
    let output = room.run(words);
    if output.status.success() {
        return Some(serde_json::from_slice(&output.stdout).unwrap());
    }
    let line: Value = serde_json::from_slice(&output.stderr).unwrap();
    assert_eq!(line["error"]["kind"], "not_found", "{}", room.show(&output));
    None
}

/// Runs a migration with `-o json`; its exit code and what it reports by secret.
fn report(room: &Room, words: &[&str]) -> (Option<i32>, Value) {
    let output = room.run(migrate(words).iter().chain(&["-o", "json"]));
    let document = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", room.show(&output)));
    (output.status.code(), document)
}

/// One secret of a report.
fn row<'d>(document: &'d Value, name: &str) -> &'d Value {
    let rows = document["secrets"].as_array().unwrap();
    rows.iter().find(|row| row["name"] == name).unwrap_or_else(|| panic!("{name}: {document}"))
}

fn digits_blotted(shown: &str) -> String {
    let words = shown.split_inclusive(char::is_whitespace).map(|word| {
        let bare = word.trim_end();
        let is_digest = bare.len() == 32 && bare.bytes().all(|byte| byte.is_ascii_hexdigit());
        if is_digest { word.replace(bare, "[DIGEST]") } else { word.to_owned() }
    });
    words.collect()
}

fn filled() -> Room {
    let room = Room::with_local_manager();
    room.succeeds(secret(&["register", "db", "--user=me", "--password=cAnArY"]));
    room.succeeds(secret(&["register", "aws", "--schema=aws", "--aws_access_key_id=AK", "--aws_secret_access_key=SK"]));
    room.succeeds(secret(&["register", "typed", "--schema=seldon_s3", "--rclone_config_s3_region=cAnArY"]));
    room
}

#[test]
fn everything_moves_and_the_report_says_how() {
    let room = filled();
    same(
        digits_blotted(&room.cli(migrate(&["--dry-run", "--delete"]))),
        str![[r#"
exit: 0
----- stdout -----
SECRET_NAME  IN_STORE_AS  ACTION  DELETE  REVISION  DIGEST
aws          aws          create  yes
db           db           create  yes
typed        typed        create  yes
----- stderr -----
This was a dry run: nothing was written.

"#]],
    );
    assert!(!room.home().join("store.db").exists() && !room.home().join("migrations").exists());
    same(
        digits_blotted(&room.cli(migrate(&["--non-interactive"]))),
        str![[r#"
exit: 0
----- stdout -----
SECRET_NAME  IN_STORE_AS  ACTION   DELETED  REVISION  DIGEST
aws          aws          created  no       1         [DIGEST]
db           db           created  no       1         [DIGEST]
typed        typed        created  no       1         [DIGEST]
----- stderr -----
note: made the key `[ROOM]/home/store.key`; keep a copy: stored secrets cannot be read without it
Congratulations! Your secrets were migrated successfully: 3 created, 0 updated, 0 skipped, 0 deleted.
They are still in the secrets manager; `strongroom secrets-manager secret migrate --delete` takes them out.

"#]],
    );
    let aws = in_store(&room, "aws").unwrap();
    assert_eq!(aws["schema"], "aws");
    assert_eq!(aws["values"], json!({"aws_access_key_id": "AK", "aws_secret_access_key": "SK"}));
    let typed = json!({"rclone_config_s3_type": "s3", "rclone_config_s3_provider": "aws", "rclone_config_s3_env_auth": "False",
        "rclone_config_s3_region": "cAnArY"});
    assert_eq!(in_store(&room, "typed").unwrap()["values"], typed);
    same(
        digits_blotted(&room.cli(migrate(&["--non-interactive", "--delete"]))),
        str![[r#"
exit: 0
----- stdout -----
SECRET_NAME  IN_STORE_AS  ACTION   DELETED  REVISION  DIGEST
aws          aws          skipped  yes      1         [DIGEST]
db           db           skipped  yes      1         [DIGEST]
typed        typed        skipped  yes      1         [DIGEST]
----- stderr -----
Secret `aws` already exists in the central store and has the same values. Skipping migration...
Secret `db` already exists in the central store and has the same values. Skipping migration...
Secret `typed` already exists in the central store and has the same values. Skipping migration...
Congratulations! Your secrets were migrated successfully: 0 created, 0 updated, 3 skipped, 3 deleted.

"#]],
    );
    assert_eq!(room.json(secret(&["list"])), json!([]));
    same(
        room.cli(migrate(&["--non-interactive"])),
        str![[r#"
exit: 0
----- stderr -----
Your Secrets Manager is empty. Nothing to migrate.

"#]],
    );
}

#[test]
fn the_journal_is_for_its_user_only_and_holds_no_value() {
    let room = filled();
    room.succeeds(migrate(&["--non-interactive", "--delete"]));
    let folder = room.home().join("migrations");
    let journal = fs::read_dir(&folder).unwrap().next().unwrap().unwrap().path();
    let text = fs::read_to_string(&journal).unwrap();
    assert!(!text.contains("cAnArY") && !text.contains("AK"), "{text}");
    for (path, mode) in [(&folder, 0o700), (&journal, 0o600), (&room.home().join("migration.key"), 0o600)] {
        assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o777, mode, "{}", path.display());
    }
    // a line that was being written when the power failed is no line; a damaged one is said
    fs::write(&journal, format!("{text}{{\"step\":\"del")).unwrap();
    assert_eq!(report(&room, &["--non-interactive"]).0, Some(0));
    fs::write(&journal, text.replacen("\"step\"", "\"stop\"", 2)).unwrap();
    let shown = room.cli(migrate(&["--non-interactive"]));
    assert!(shown.contains("is damaged at line 1"), "{shown}");
}

#[test]
fn a_person_decides_about_each_secret() {
    let room = filled();
    room.succeeds(["secret", "create", "db", "--other=1"]);
    room.succeeds(["secret", "create", "taken", "--other=2"]);
    let answers = [
        ("Would you like to migrate this secret ? [y/n/all]", "n\r"),
        ("Would you like to migrate this secret ? [y/n/all]", "\r"),
        ("Would you like to overwrite it ? [y/n/all]", "\r"),
        ("Please enter a new name for the secret.", "typed\r"),
        ("Please enter a new name for the secret.", "taken\r"),
        ("Would you like to overwrite it ? [y/n/all]", "n\r"),
        ("Please enter a new name for the secret.", "db2\r"),
        ("Would you like to delete the secret ? [y/n/all]", "all\r"),
        ("Would you like to migrate this secret ? [y/n/all]", "all\r"),
    ];
    let (status, screen) = at_terminal(&room, &migrate(&["--delete"]), &answers);
    assert!(status.success(), "{screen}");
    assert!(!screen.contains("cAnArY") && screen.contains("Secret: db"), "{screen}");
    assert!(screen.contains("another secret will be `typed`"), "{screen}");
    assert!(in_store(&room, "aws").is_none() && in_manager(&room, "aws").is_some());
    assert_eq!(in_store(&room, "db").unwrap()["values"], json!({"other": "1"}));
    assert_eq!(in_store(&room, "db2").unwrap()["values"], json!({"user": "me", "password": "cAnArY"}));
    assert!(in_store(&room, "typed").is_some());
    assert!(in_manager(&room, "db").is_none() && in_manager(&room, "typed").is_none());

    let (_, screen) = at_terminal(&room, &migrate(&["--show-secrets"]), &[("this secret ?", "\u{3}")]);
    assert!(screen.contains("SK"), "{screen}");
    assert!(in_store(&room, "aws").is_none());
}

#[test]
fn answers_in_lines_and_answers_that_are_missing() {
    let room = filled();
    let output = room.run_with_stdin(migrate(&["db", "aws"]), "n\ny\n");
    assert!(output.status.success(), "{}", room.show(&output));
    assert!(in_store(&room, "aws").is_none() && in_store(&room, "db").is_some());
    let shown = room.show(&room.run_with_stdin(migrate(&["aws", "typed"]), "y\n"));
    assert!(shown.starts_with("exit: 1") && shown.contains("`--non-interactive` says yes to all"), "{shown}");
    assert!(in_store(&room, "aws").is_none(), "nothing is done before all is decided");
    let shown = room.show(&room.run_with_stdin(migrate(&[]), "maybe\n"));
    assert!(shown.contains("is neither `y` nor `n` nor `all`"), "{shown}");
}

#[test]
fn names_are_chosen_mapped_and_checked() {
    let room = filled();
    let shown = room.cli(migrate(&["db", "absent", "--non-interactive"]));
    assert!(shown.starts_with("exit: 1") && shown.contains("secret `absent` does not exist"), "{shown}");
    assert!(in_store(&room, "db").is_none(), "a name that is missing aborts everything");
    let (code, document) = report(&room, &["--non-interactive", "--map", "db=prod/db", "--scope", "user"]);
    assert_eq!((code, &row(&document, "db")["target"]), (Some(0), &json!("prod/db")));
    assert_eq!(in_store(&room, "prod/db").unwrap()["private"], true);
    for (pair, why) in [("db", "is no pair of names"), ("none=x", "a name is mapped that is not migrated")] {
        let shown = room.cli(migrate(&["--non-interactive", "--map", pair]));
        assert!(shown.contains(why), "{shown}");
    }
    // two secrets cannot become one
    let (code, document) = report(&room, &["--non-interactive", "--map", "db=aws"]);
    assert_eq!(code, Some(1));
    for name in ["aws", "db"] {
        assert_eq!(row(&document, name)["error"]["kind"], "conflict", "{document}");
    }
    assert_eq!(row(&document, "typed")["action"], "created");
}

#[test]
fn what_is_overwritten_loses_its_other_keys_and_comes_back() {
    let room = filled();
    room.succeeds(["secret", "create", "db", "--other=1", "--user=you"]);
    room.succeeds(["secret", "create", "aws", "--private", "--mine=1"]);
    let (code, document) = report(&room, &["--non-interactive", "--delete"]);
    assert_eq!(code, Some(0), "{document}");
    assert_eq!(row(&document, "db")["action"], "updated");
    assert_eq!(row(&document, "aws")["action"], "created", "a private secret is another one");
    assert_eq!(in_store(&room, "db").unwrap()["values"], json!({"user": "me", "password": "cAnArY"}));
    assert_eq!(in_store(&room, "db").unwrap()["schema"], "arbitrary");

    // somebody goes on with one of them: that one stays, and everything is in the manager again
    room.succeeds(["secret", "update", "typed", "--rclone_config_s3_region=other"]);
    assert!(
        room.cli(migrate(&["--rollback", "--dry-run"])).contains("Would take back the migration of these 3 secrets")
    );
    let undone = room.json(migrate(&["--rollback", "--non-interactive"]));
    let action = |name: &str| {
        let row = undone.as_array().unwrap().iter().find(|row| row["name"] == name).unwrap();
        assert_eq!(row["restored"], true, "{undone}");
        row["action"].as_str().unwrap().to_owned()
    };
    assert_eq!((action("db"), action("aws"), action("typed")), ("rolled back".into(), "removed".into(), "left".into()));
    assert_eq!(in_store(&room, "db").unwrap()["values"], json!({"other": "1", "user": "you"}));
    assert_eq!(in_store(&room, "db").unwrap().get("schema"), None);
    assert_eq!(in_store(&room, "aws").unwrap()["private"], true, "only the private one is left");
    assert_eq!(in_manager(&room, "typed").unwrap()["rclone_config_s3_env_auth"], false, "booleans are booleans again");
    assert_eq!(in_manager(&room, "typed").unwrap()["rclone_config_s3_region"], "cAnArY");
    let aws = room.json(secret(&["get", "aws"]));
    assert_eq!(aws["schema"], "aws");
    let again = room.cli(migrate(&["--rollback", "--non-interactive"]));
    assert!(again.starts_with("exit: 1") && again.contains("there is no migration to take back"), "{again}");
}

#[test]
fn a_secret_that_is_gone_from_the_manager_does_not_go_from_the_store() {
    let room = filled();
    room.succeeds(migrate(&["--non-interactive"]));
    // its owner trusts the migration
    room.succeeds(secret(&["delete", "db", "-y"]));
    room.succeeds(migrate(&["--rollback", "--non-interactive"]));
    assert!(in_store(&room, "db").is_none());
    assert_eq!(in_manager(&room, "db").unwrap(), json!({"user": "me", "password": "cAnArY"}));
}

#[test]
fn two_migrations_at_once_are_one_too_many() {
    let room = filled();
    room.succeeds(migrate(&["--non-interactive"]));
    let journal = fs::read_dir(room.home().join("migrations")).unwrap().next().unwrap().unwrap().path();
    let held = fs::File::open(&journal).unwrap();
    held.lock().unwrap();
    let shown = room.cli(migrate(&["--non-interactive"]));
    assert!(shown.contains("another process migrates between this manager and this store"), "{shown}");
    assert!(room.cli(migrate(&["--dry-run"])).starts_with("exit: 0"), "looking is allowed");
    drop(held);
    room.succeeds(migrate(&["--non-interactive"]));
}

#[test]
fn there_is_nothing_to_resume_after_a_run_that_did_all() {
    let room = filled();
    room.succeeds(migrate(&["--non-interactive"]));
    let shown = room.cli(migrate(&["--resume"]));
    assert!(shown.starts_with("exit: 1") && shown.contains("there is no migration to go on with"), "{shown}");
    for words in [&["--resume", "db"][..], &["--rollback", "--delete"], &["--resume", "--rollback"]] {
        assert_eq!(room.run(migrate(words)).status.code(), Some(2), "{words:?}");
    }
}
