//! Secrets of the central store on this machine: each verb, what it shows, and what it refuses.

use crate::room::{Room, same};
use snapbox::str;
use std::fs;
use std::os::unix::fs::PermissionsExt;

fn mode(path: &std::path::Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn the_whole_life_of_a_secret() {
    let room = Room::new();
    same(
        room.cli(["secret", "list"]),
        str![[r#"
exit: 0
----- stderr -----
note: made the key `[ROOM]/home/store.key`; keep a copy: stored secrets cannot be read without it
No secrets found for the given filters.

"#]],
    );
    same(
        room.cli(["secret", "create", "db", "--user=me", "--password=hunter2"]),
        str![[r#"
exit: 0
----- stderr -----
Secret 'db' successfully created.

"#]],
    );
    same(
        room.cli(["secret", "create", "db", "--user=you"]),
        str![[r#"
exit: 1
----- stderr -----
error: a public secret `db` already exists

"#]],
    );
    same(
        room.cli(["secret", "create", "db", "--private", "--user=mine"]),
        str![[r#"
exit: 0
----- stderr -----
Secret 'db' successfully created.

"#]],
    );
    same(
        room.cli(["secret", "list"]),
        str![[r#"
exit: 0
----- stdout -----
NAME  ID                                    VISIBILITY  OWNER
db    [ID]  public      default
db    [ID]  private     default
----- stderr -----
Page `(1/1)`, `2` items found for the applied filters.

"#]],
    );
    same(
        room.cli(["secret", "get", "db"]),
        str![[r#"
exit: 0
----- stdout -----
SECRET KEY  SECRET VALUE
user        me
password    hunter2
----- stderr -----
Fetched public secret with name `db` and ID `[ID]`:

"#]],
    );
    same(
        room.cli(["secret", "get", "db", "-p", "True", "-o", "json"]),
        str![[r#"
exit: 0
----- stdout -----
{
  "id": "[ID]",
  "name": "db",
  "private": true,
  "revision": 1,
  "owner": "default",
  "project": "default",
  "created": "[TIME]",
  "updated": "[TIME]",
  "values": {
    "user": "mine"
  }
}

"#]],
    );
    same(
        room.cli(["secret", "update", "db", "--password=hunter3", "--if-version", "1", "-r", "user"]),
        str![[r#"
exit: 0
----- stderr -----
Secret 'db' successfully updated.

"#]],
    );
    same(
        room.cli(["secret", "update", "db", "--password=hunter3"]),
        str![[r#"
exit: 0
----- stderr -----
Secret 'db' is like this already: nothing was written.

"#]],
    );
    same(
        room.cli(["secret", "update", "db", "--password=hunter4", "--if-version", "1"]),
        str![[r#"
exit: 1
----- stderr -----
error: secret `db` is at revision 2, not 1

hint: read it again, and make the change to what is there now

"#]],
    );
    same(
        room.cli(["secret", "update", "db", "-r", "absent"]),
        str![[r#"
exit: 1
----- stderr -----
error: secret `db` has no key `absent`

hint: keys: `password`

"#]],
    );
    same(
        room.cli(["secret", "history", "db"]),
        str![[r#"
exit: 0
----- stdout -----
CURRENT  REVISION  CREATED               AUTHOR
*        2         [TIME]  default
         1         [TIME]  default

"#]],
    );
    same(
        room.cli(["secret", "rollback", "db", "--to", "1", "-y"]),
        str![[r#"
exit: 0
----- stderr -----
Secret 'db' has the values of revision 1 again, as revision 3.

"#]],
    );
    assert_eq!(room.succeeds(["secret", "get", "db", "--key", "password"]), "hunter2");
    assert_eq!(room.succeeds(["secret", "get", "db", "--revision", "2", "--key", "password"]), "hunter3");
    same(
        room.cli(["secret", "rename", "db", "-n", "database"]),
        str![[r#"
exit: 0
----- stderr -----
Secret 'db' successfully renamed to 'database'.

"#]],
    );
    assert_eq!(room.succeeds(["secret", "get", "atab", "-k", "user"]), "me");
    same(
        room.cli(["secret", "delete", "datab", "-y"]),
        str![[r#"
exit: 1
----- stderr -----
error: secret `datab` does not exist

hint: `strongroom secret list` shows those there are

"#]],
    );
    same(
        room.cli(["secret", "delete", "database", "-y"]),
        str![[r#"
exit: 0
----- stderr -----
Secret 'database' successfully deleted.

"#]],
    );
    same(
        room.cli(["secret", "get", "database"]),
        str![[r#"
exit: 1
----- stderr -----
error: secret `database` does not exist

hint: `strongroom secret list` shows those there are

"#]],
    );
}

#[test]
fn the_words_of_zenml_0_44_are_understood() {
    let room = Room::new();
    room.succeeds(["secret", "create", "s", "--scope", "user", "--a=1"]);
    assert_eq!(room.json(["secret", "get", "s", "-s", "user"])["private"], true);
    room.succeeds(["secret", "update", "s", "--new-scope", "workspace", "--remove_keys", "a", "--b=2"]);
    let secret = room.json(["secret", "get", "s", "--scope=workspace"]);
    assert_eq!((&secret["private"], &secret["values"]), (&false.into(), &serde_json::json!({"b": "2"})));
    room.succeeds(["secret", "rename", "s", "--new_name", "t"]);
    assert_eq!(room.json(["secret", "list", "--scope", "user"]), serde_json::json!([]));
}

#[test]
fn lists_never_show_values() {
    let room = Room::new();
    room.succeeds(["secret", "create", "s", "--a=canary"]);
    for format in ["table", "json", "yaml"] {
        assert!(!room.succeeds(["secret", "list", "-o", format]).contains("canary"));
    }
}

#[test]
fn an_export_is_private_and_refuses_to_overwrite() {
    let room = Room::new();
    room.succeeds(["secret", "create", "s", "--b=two\nlines\n", "--a=1"]);
    same(
        room.cli(["secret", "export", "s"]),
        str![[r#"
exit: 0
----- stderr -----
Secret 's' successfully exported to 's.yaml'.

"#]],
    );
    let file = room.path("s.yaml");
    assert_eq!(fs::read_to_string(&file).unwrap(), "a: '1'\nb: 'two\n\n  lines\n\n  '\n");
    assert_eq!(mode(&file), 0o600);
    same(
        room.cli(["secret", "export", "s"]),
        str![[r#"
exit: 1
----- stderr -----
error: file `s.yaml` already exists

hint: `--overwrite` replaces it

"#]],
    );
    room.succeeds(["secret", "export", "s", "--overwrite"]);
    assert_eq!(room.succeeds(["secret", "export", "s", "-f", "-"]), fs::read_to_string(&file).unwrap());
    room.succeeds(["secret", "import", "copy", "-f", "s.yaml"]);
    assert_eq!(room.json(["secret", "get", "copy"])["values"], room.json(["secret", "get", "s"])["values"]);
}

/// Scenario 43: duplicates, comments, `export ` prefixes, values of several lines; a dry run writes nothing.
#[test]
fn imports_take_three_forms_and_a_dry_run_writes_nothing() {
    let room = Room::new();
    room.file("app.env", "# comment\nexport A=canary\nB='two\nlines'\n");
    same(
        room.cli(["secret", "import", "app", "-f", "app.env", "--dry-run"]),
        str![[r#"
exit: 0
----- stdout -----
Would create the public secret 'app' with 2 keys:
  A
  B
----- stderr -----
note: made the key `[ROOM]/home/store.key`; keep a copy: stored secrets cannot be read without it

"#]],
    );
    assert_eq!(room.json(["secret", "list"]), serde_json::json!([]));
    room.succeeds(["secret", "import", "app", "-f", "app.env"]);
    assert_eq!(room.json(["secret", "get", "app"])["values"], serde_json::json!({"A": "canary", "B": "two\nlines"}));
    same(
        room.cli(["secret", "import", "app", "-f", "app.env"]),
        str![[r#"
exit: 1
----- stderr -----
error: public secret `app` already exists

hint: `--overwrite` gives it the keys and values of the file, and no others

"#]],
    );
    room.file("app.json", r#"{"A": "1"}"#);
    room.succeeds(["secret", "import", "app", "-f", "app.json", "--overwrite"]);
    assert_eq!(room.json(["secret", "get", "app"])["values"], serde_json::json!({"A": "1"}));
    room.file("twice.env", "A=canary\nA=canary\n");
    same(
        room.cli(["secret", "import", "twice", "-f", "twice.env"]),
        str![[r#"
exit: 1
----- stderr -----
error: `twice.env` cannot be imported
  caused by: key `A` stands in the dotenv file twice (line 2)

"#]],
    );
}

#[test]
fn the_store_and_its_key_are_for_this_user_only() {
    let room = Room::new();
    room.succeeds(["secret", "create", "s", "--a=canary"]);
    for entry in fs::read_dir(room.home()).unwrap().flatten().filter(|entry| entry.path().is_file()) {
        assert_eq!(mode(&entry.path()), 0o600, "{}", entry.path().display());
        assert!(!String::from_utf8_lossy(&fs::read(entry.path()).unwrap()).contains("canary"));
    }
    fs::remove_file(room.home().join("store.key")).unwrap();
    same(
        room.cli(["secret", "get", "s"]),
        str![[r#"
exit: 1
----- stderr -----
error: the key file `[ROOM]/home/store.key` is missing, and `[ROOM]/home/store.db` is sealed with it

hint: put the key file back from a copy; a new key cannot open what the old one sealed

"#]],
    );
}

#[test]
fn nobody_is_signed_in_without_a_server() {
    let room = Room::new();
    same(
        room.cli(["status"]),
        str![[r#"
exit: 0
----- stdout -----
PROPERTY  VALUE
STORE     [ROOM]/home/store.db (this machine)
ACCOUNT   default
ROLE      admin
----- stderr -----
note: made the key `[ROOM]/home/store.key`; keep a copy: stored secrets cannot be read without it

"#]],
    );
    same(
        room.cli(["logout"]),
        str![[r#"
exit: 1
----- stderr -----
error: not signed in to any server

"#]],
    );
    let room = room.with("ZENML_STORE_URL", "https://secrets.example.com");
    same(
        room.cli(["secret", "list"]),
        str![[r#"
exit: 1
----- stderr -----
error: ZENML_STORE_URL names a server, and nothing says who signs in

hint: set ZENML_STORE_API_KEY, or ZENML_STORE_USERNAME and ZENML_STORE_PASSWORD

"#]],
    );
    same(
        room.cli(["login", "https://other.example.com", "--api-key"]),
        str![[r#"
exit: 1
----- stderr -----
error: ZENML_STORE_URL names the server already

hint: unset it to sign in

"#]],
    );
}

#[test]
fn a_value_meant_for_a_key_is_not_repeated() {
    let room = Room::new();
    for words in [["secret", "update", "s", "--private=canary"], ["secret", "create", "s", "--scope=canary"]] {
        let output = room.run(words);
        assert_eq!(output.status.code(), Some(2));
        assert!(!String::from_utf8_lossy(&output.stderr).contains("canary"), "{}", room.show(&output));
    }
}
