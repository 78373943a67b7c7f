//! Secrets in Azure Key Vault: the whole story over TLS with a client secret, in all four scopes, and every refusal.

use crate::room::{Room, same};
use crate::vault::{Faulty, Served, register};
use secrecy::SecretString;
use serde_json::{Value, json};
use snapbox::str;
use std::sync::Arc;
use strongroom_backends::{Context, flavor};
use strongroom_core::{Item, PutMode, Tags, Validity};
use strongroom_keyvault::TokenShape;
use strongroom_testkit::{Fault, Operation};

/// The words of a command about secrets.
fn secret<'a>(words: &[&'a str]) -> Vec<&'a str> {
    ["secrets-manager", "secret"].iter().chain(words).copied().collect()
}

const SCOPES: [(&str, &[&str]); 4] = [
    ("component", &[]),
    ("global", &["--scope=global"]),
    ("namespace", &["--scope=namespace", "--namespace=team-a"]),
    ("none", &["--scope=none"]),
];

/// A room that is signed in to a vault of its own process, with a manager and a stack for each scope.
fn story() -> (Room, Served) {
    let room = Room::new().finding_programs();
    let served = Served::start(&room, &["--memory", "--vault", "story"]);
    let room = served.signed_in(room);
    let attributes = [
        ("key_vault_name", "story"),
        ("vault_url", served.url(0)),
        ("ca_certificate", served.word("ca_certificate")),
        ("verify_challenge_resource", "false"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()));
    for (name, more) in SCOPES {
        register(&room, name, &attributes, more);
        room.succeeds(["stack", "register", name, "-a", "default", "-o", "default", "-x", name]);
    }
    room.file("key.txt", "the secret key");
    (room, served)
}

#[test]
fn the_story_in_every_scope() {
    let (room, _served) = story();
    for (stack, _) in SCOPES {
        let register = ["register", "aws", "--schema=aws", "--aws_access_key_id=AKIA", "--stack", stack];
        room.succeeds(secret(&register).into_iter().chain(["--aws_secret_access_key=@key.txt"]));
        let get = || room.json(secret(&["get", "aws", "--stack", stack]));
        let values = json!({"aws_access_key_id": "AKIA", "aws_secret_access_key": "the secret key"});
        assert_eq!(get(), json!({"name": "aws", "schema": "aws", "values": values}), "{stack}");

        // Nobody else sees it.
        for (other, _) in SCOPES.iter().filter(|(other, _)| *other != stack) {
            assert_eq!(room.json(secret(&["list", "--stack", other])), json!([]), "{other} beside {stack}");
        }
        assert_eq!(room.json(secret(&["list", "--stack", stack])), json!([{"name": "aws"}]));

        room.succeeds(secret(&[
            "update",
            "aws",
            "--stack",
            stack,
            "--aws_session_token=t",
            "--aws_access_key_id=ASIA",
        ]));
        let values =
            json!({"aws_access_key_id": "ASIA", "aws_secret_access_key": "the secret key", "aws_session_token": "t"});
        assert_eq!(get()["values"], values, "{stack}");
        room.succeeds(secret(&["update", "aws", "--stack", stack, "-r", "aws_session_token"]));
        assert_eq!(get()["values"].as_object().unwrap().len(), 2, "{stack}");

        let step = ["run", "--stack", stack, "--secret", "aws", "--", "sh", "-c", "echo $aws_access_key_id"];
        assert_eq!(room.succeeds(step), "ASIA\n");

        // A deleted name is still taken in the vault, and can be used again.
        room.succeeds(secret(&["delete", "aws", "--yes", "--stack", stack]));
        assert_eq!(room.json(secret(&["list", "--stack", stack])), json!([]));
        room.succeeds(secret(&["register", "aws", "--k=again", "--stack", stack]));
        assert_eq!(get()["values"], json!({"k": "again"}), "{stack}");
        room.succeeds(secret(&["cleanup", "--yes", "--stack", stack]));
        assert_eq!(room.run(secret(&["get", "aws", "--stack", stack])).status.code(), Some(1));
    }
}

#[test]
fn what_a_person_sees() {
    let vault = Faulty::start();
    let room = vault.room(&["--scope=global"]);
    same(
        room.cli(secret(&["register", "db", "--user=me", "--password=hunter2"])),
        str![[r#"
exit: 0
----- stderr -----
Successfully registered secret `db` in secrets manager `kv`: `user`, `password`.

"#]],
    );
    same(
        room.cli(secret(&["get", "db"])),
        str![[r#"
exit: 0
----- stdout -----
SECRET_KEY  SECRET_VALUE
user        me
password    hunter2

"#]],
    );
    same(
        room.cli(secret(&["register", "db", "--user=you"])),
        str![[r#"
exit: 1
----- stderr -----
error: secret `db` already exists

hint: change it with `update db`

"#]],
    );
    same(
        room.cli(secret(&["register", "DB", "--user=you"])),
        str![[r#"
exit: 1
----- stderr -----
error: secret `DB` differs only in case from `db`

hint: Azure Key Vault does not tell them apart; choose another name

"#]],
    );
    same(
        room.cli(secret(&["register", "under_score", "--k=v"])),
        str![[r#"
exit: 1
----- stderr -----
error: invalid secret name `under_score`: '_' is not allowed

hint: it must contain only alphanumeric characters and the character -

"#]],
    );
    same(
        room.cli(secret(&["register", &"x".repeat(101), "--k=v"])),
        str![[r#"
exit: 1
----- stderr -----
error: invalid secret name `xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx`: 101 characters; 1 to 100 are allowed

"#]],
    );
    room.file("big", "x".repeat(25_600));
    same(
        room.cli(secret(&["register", "big", "--k=@big"])),
        str![[r#"
exit: 1
----- stderr -----
error: the value of `zenml-global-big` is too large for Azure Key Vault: 25643 of 25600 bytes

hint: split the secret in two, or keep the large value elsewhere

"#]],
    );
    same(
        room.cli(secret(&["delete", "db", "-y"])),
        str![[r#"
exit: 0
----- stderr -----
Deleted secret `db` from secrets manager `kv`.

"#]],
    );
}

/// `words` fail with this kind, one line on stderr and nothing on stdout; the message.
fn fails(room: &Room, words: &[&str], kind: &str) -> String {
    let output = room.run(words.iter().copied().chain(["-o", "json"]));
    assert_eq!(output.status.code(), Some(1), "{words:?}: {}", room.show(&output));
    assert!(output.stdout.is_empty(), "{words:?}");
    let line: Value = serde_json::from_slice(&output.stderr).unwrap_or_else(|_| panic!("{}", room.show(&output)));
    assert_eq!(line["error"]["kind"], kind, "{words:?}: {line}");
    let causes = line["error"]["causes"].as_array().unwrap().iter().filter_map(Value::as_str);
    std::iter::once(line["error"]["message"].as_str().unwrap()).chain(causes).collect::<Vec<_>>().join(": ")
}

#[test]
fn names_that_the_vault_cannot_hold_are_refused_before_it_is_asked() {
    let vault = Faulty::start();
    let room = vault.room(&["--scope=namespace", "--namespace=a"]);
    for name in ["under_score", "a.b", "a/b", "..", "{{a.b}}", "ü", "*", "a b", &"x".repeat(101)] {
        fails(&room, &secret(&["register", name, "--k=v"]), "invalid");
        fails(&room, &secret(&["get", name]), "invalid");
        fails(&room, &secret(&["update", name, "--k=v"]), "invalid");
        fails(&room, &secret(&["delete", name, "-y"]), "invalid");
    }
    assert_eq!(vault.faults().calls(), 0);
}

#[test]
fn a_name_that_falls_on_anothers_secret_is_refused() {
    let vault = Faulty::start();
    let room = vault.room(&["--scope=namespace", "--namespace=a"]);
    register(&room, "other", &vault.vault().attributes(), &["--scope=namespace", "--namespace=a-b"]);
    room.succeeds(["stack", "register", "other", "-a", "default", "-o", "default", "-x", "other"]);
    room.succeeds(secret(&["register", "b-c", "--k=theirs"]));
    fails(&room, &secret(&["register", "c", "--k=ours", "--stack", "other"]), "conflict");
    fails(&room, &secret(&["register", "B-C", "--k=ours"]), "conflict");
    assert_eq!(room.succeeds(secret(&["get", "b-c", "-k", "k"])), "theirs");
}

#[test]
fn limits_and_schemas_are_checked_before_anything_is_written() {
    let vault = Faulty::start();
    let room = vault.room(&[]);
    room.file("big", "x".repeat(25_600));
    room.succeeds(secret(&["register", "db", "--schema=basic_auth", "--username=u", "--password=p"]));
    let message = fails(&room, &secret(&["register", "big", "--k=@big"]), "invalid");
    assert!(message.contains("of 25600 bytes"), "{message}");
    fails(&room, &secret(&["update", "db", "--password=@big"]), "invalid");
    fails(&room, &secret(&["update", "db", "--colour=red"]), "invalid");
    fails(&room, &secret(&["register", "x", "--name=v"]), "invalid");
    assert_eq!(vault.faults().count(Operation::Set), 1);
    let unscoped = vault.room(&["--scope=none"]);
    fails(&unscoped, &secret(&["register", "a-name-of-some-length", "--and_a_key_of_some_more_length=v"]), "invalid");
}

#[test]
fn who_is_not_let_in_is_told_why() {
    let vault = Faulty::start();
    let get = secret(&["get", "x"]);
    let signed_in = || vault.room(&["--scope=global"]);
    // Whatever this machine has, it is nobody here.
    let nobody =
        signed_in().with("AZURE_CLIENT_SECRET", "").with("AZURE_POD_IDENTITY_AUTHORITY_HOST", "http://127.0.0.1:1");
    assert!(fails(&nobody, &get, "unauthenticated").contains("not signed in to Azure"));
    let wrong = signed_in().with("AZURE_CLIENT_SECRET", "cAnArY");
    let message = fails(&wrong, &get, "unauthenticated");
    assert!(message.contains("AADSTS7000215") && !message.contains("cAnArY"), "{message}");
    let elsewhere = signed_in().with("AZURE_TENANT_ID", "11111111-1111-1111-1111-111111111111");
    assert!(fails(&elsewhere, &get, "unauthenticated").contains("AADSTS90002"));

    let other = "22222222-2222-2222-2222-222222222222";
    let shape = TokenShape { tenant: Some(other.parse().unwrap()), ..TokenShape::default() };
    let token = vault.vault().running().mint(&shape).unwrap();
    let foreign =
        vault.room(&["--auth=token"]).with("STRONGROOM_AZURE_TOKEN", secrecy::ExposeSecret::expose_secret(&token));
    let message = fails(&foreign, &get, "unauthenticated");
    assert!(message.contains(other) && message.contains(vault.vault().running().tenant_id()), "{message}");

    let room = signed_in();
    for (code, kind, word) in [
        ("ForbiddenByRbac", "forbidden", "not allowed"),
        ("ForbiddenByFirewall", "forbidden", "firewall"),
        ("SecretDisabled", "forbidden", "disabled"),
    ] {
        vault.faults().add(Operation::Get, 1, Fault::Refused(403, code));
        let message = fails(&room, &get, kind);
        assert!(message.contains(word), "{message}");
    }
}

#[test]
fn who_does_not_answer_is_not_waited_for_longer_than_was_said() {
    let vault = Faulty::start();
    let room = vault.room(&["--timeout=1"]);
    for fault in
        [Fault::Status(429, Some("3600")), Fault::Status(429, None), Fault::Status(503, None), Fault::HoldBefore]
    {
        vault.faults().clear();
        vault.faults().add(Operation::Get, 100, fault);
        let begun = std::time::Instant::now();
        fails(&room, &secret(&["register", "x", "--k=v"]), "unavailable");
        assert!(begun.elapsed().as_secs() < 3);
    }
    vault.faults().clear();
    let room = vault.room(&["--vault_url=https://localhost:1"]);
    assert!(fails(&room, &secret(&["get", "x"]), "unavailable").contains("cannot be reached"));
    let room = vault.room(&["--ca_certificate="]);
    assert!(fails(&room, &secret(&["get", "x"]), "unavailable").contains("certificate"));
    let room = vault.room(&["--ca_certificate=absent.pem"]);
    let output = room.run(secret(&["get", "x"]));
    assert_eq!(output.status.code(), Some(1), "{}", room.show(&output));
    assert_eq!(vault.faults().count(Operation::Set), 0);
}

#[test]
fn an_expired_secret_is_not_shown() {
    let vault = Faulty::start();
    let room = vault.room(&["--scope=global"]);
    room.succeeds(secret(&["register", "x", "--k=canary"]));
    let home = room.home();
    let context = Context {
        id: uuid::Uuid::nil(),
        local_stores: home.join("stores"),
        key_file: home.join("key"),
        journal: home.join("journal"),
        env: vault.vault().lookup(),
        notice: Arc::new(|_| {}),
    };
    let configuration = vault.vault().attributes().into_iter().collect();
    let backend = (flavor("azure").unwrap().open)(&configuration, &context).unwrap();
    vault.runtime.block_on(async {
        let name = "zenml-global-x".parse().unwrap();
        let mut item = backend.get(&name, None).await.unwrap().unwrap();
        item.validity = Validity { from: None, until: Some(time::OffsetDateTime::UNIX_EPOCH) };
        backend.put(&item, PutMode::Upsert).await.unwrap();
        // and one that is nobody's
        let foreign = Item::new("zenml-global-foreign".parse().unwrap(), SecretString::from("{}"), Tags::new());
        backend.put(&foreign, PutMode::Upsert).await.unwrap();
    });
    for words in [&["get", "x"][..], &["update", "x", "--k=v"]] {
        assert!(fails(&room, &secret(words), "forbidden").contains("has expired"));
    }
    fails(&room, &secret(&["get", "foreign"]), "not_found");
    fails(&room, &secret(&["register", "foreign", "--k=v"]), "conflict");
    fails(&room, &secret(&["delete", "foreign", "-y"]), "not_found");
}

#[test]
fn writers_of_one_machine_take_turns() {
    let vault = Faulty::start();
    let room = vault.room(&[]);
    room.succeeds(secret(&["register", "db", "--start=1"]));
    let writers: Vec<_> = (0..6)
        .map(|index| room.command(secret(&["update", "db", &format!("--k{index}={index}")])).spawn().unwrap())
        .collect();
    for writer in writers {
        let output = writer.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", room.show(&output));
    }
    let document = room.json(secret(&["get", "db"]));
    assert_eq!(document["values"].as_object().unwrap().len(), 7);

    // Of two that register one name, one is first.
    let spawn = |value: &str| room.command(secret(&["register", "one", &format!("--k={value}")])).spawn().unwrap();
    let (first, second) = (spawn("a"), spawn("b"));
    let codes = [first, second].map(|child| child.wait_with_output().unwrap().status.code());
    assert!(codes == [Some(0), Some(1)] || codes == [Some(1), Some(0)], "{codes:?}");
}

#[test]
fn the_vault_is_asked_no_more_than_was_promised() {
    let vault = Faulty::start();
    let room = vault.room(&[]);
    for (words, calls) in [
        (&["register", "x", "--a=1", "--b=2"][..], 2),
        (&["get", "x"], 1),
        (&["describe", "x"], 1),
        (&["update", "x", "--a=3"], 2),
        (&["update", "x", "--a=3"], 1),
        (&["list"], 1),
        // the last asks whether it is gone
        (&["delete", "x", "-y"], 3),
    ] {
        vault.faults().clear();
        room.succeeds(secret(words));
        assert_eq!(vault.faults().calls(), calls, "{words:?}: {:?}", vault.faults().counts());
    }
}
