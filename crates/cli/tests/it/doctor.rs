//! `doctor`: one line a check, the next step, and nothing that should not be pasted into an issue.

use crate::room::{Room, same};
use crate::vault::Faulty;
use serde_json::Value;
use snapbox::str;
use std::env::consts;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use strongroom_testkit::{Fault, Operation};

/// All that a user sees, the line of the program blotted out.
fn doctor(room: &Room) -> String {
    let program = format!("strongroom {} on {} {}", env!("CARGO_PKG_VERSION"), consts::OS, consts::ARCH);
    room.cli(["doctor"]).replace(&program, "[PROGRAM]")
}

/// The checks by name: state, finding, next step.
fn checks(room: &Room) -> Vec<(String, String, String, String)> {
    let output = room.run(["doctor", "-o", "json"]);
    let checks: Vec<Value> =
        serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", room.show(&output)));
    let text = |check: &Value, key: &str| check[key].as_str().unwrap_or_default().to_owned();
    let checks: Vec<_> = checks
        .iter()
        .map(|check| (text(check, "name"), text(check, "state"), text(check, "found"), text(check, "next")))
        .collect();
    let failed = checks.iter().any(|(_, state, _, _)| state == "fail");
    assert_eq!(output.status.code(), Some(i32::from(failed)), "{checks:?}");
    checks
}

/// The last check, which must have failed.
fn failure(room: &Room) -> (String, String, String) {
    let (name, state, found, next) = checks(room).pop().unwrap();
    assert_eq!(state, "fail", "{name}: {found}");
    assert!(!next.is_empty(), "{name} says what to do next");
    (name, found, next)
}

#[test]
fn an_empty_machine() {
    let room = Room::new();
    same(
        doctor(&room),
        str![[r#"
exit: 1
----- stdout -----
ok    program          [PROGRAM]
ok    configuration    defaults; there is no config.toml
ok    files            `[ROOM]/home`, for you alone
ok    catalogue        opens
ok    active stack     `default`
FAIL  secrets manager  none on the active stack
                       next: `strongroom secrets-manager list`, then `strongroom stack update -x NAME`

"#]],
    );
}

#[test]
fn a_local_manager() {
    let room = Room::with_local_manager();
    room.succeeds(["secrets-manager", "secret", "register", "x", "--k=canary"]);
    fs::write(room.home().join("config.toml"), "hints = false\n").unwrap();
    let home = room.path("").to_string_lossy().trim_end_matches('/').to_owned();
    let room = room.with("HOME", &home);
    same(
        doctor(&room),
        str![[r#"
exit: 0
----- stdout -----
ok    program          [PROGRAM]
ok    configuration    `~/home/config.toml`
ok    files            `~/home`, for you alone
ok    catalogue        opens
ok    active stack     `default`
ok    secrets manager  `safe`, flavor `local`, scope `none`
ok    list             `~/home/local_stores/[ID]/secrets.yaml` answers
ok    get              secrets can be read; writing is not tried

"#]],
    );
    fs::set_permissions(room.home(), fs::Permissions::from_mode(0o755)).unwrap();
    let checks = checks(&room);
    let (_, state, found, next) = checks.iter().find(|(name, ..)| name == "files").unwrap();
    assert_eq!(
        (state.as_str(), found.as_str(), next.as_str()),
        ("warn", "others may look into `~/home`", "`chmod go= ~/home`")
    );
}

#[test]
fn a_vault_that_lets_us_in() {
    let vault = Faulty::start();
    let room = vault.room(&["--scope=namespace", "--namespace=team-a"]);
    let shown = doctor(&room).replace(vault.vault().url(), "[VAULT]");
    same(
        shown,
        str![[r#"
exit: 0
----- stdout -----
ok    program          [PROGRAM]
ok    configuration    defaults; there is no config.toml
ok    files            `[ROOM]/home`, for you alone
ok    catalogue        opens
ok    active stack     `default`
ok    secrets manager  `kv`, flavor `azure`, namespace `team-a`
ok    vault            `[VAULT]`
ok    identity         signs in by `environment`: AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET
ok    list             `[VAULT]` answers
ok    get              secrets can be read; writing is not tried

"#]],
    );
    assert_eq!(vault.faults().calls(), 2, "one page, one absent name: {:?}", vault.faults().counts());
}

#[test]
fn what_is_wrong_is_named_with_the_next_step() {
    let vault = Faulty::start();
    let nobody =
        vault.room(&[]).with("AZURE_CLIENT_SECRET", "").with("AZURE_POD_IDENTITY_AUTHORITY_HOST", "http://127.0.0.1:1");
    let (name, _, next) = failure(&nobody);
    assert!(name == "identity" && next.contains("az login"), "{next}");

    let wrong = vault.room(&[]).with("AZURE_CLIENT_SECRET", "cAnArY");
    let (name, found, next) = failure(&wrong);
    assert!(
        name == "list" && found.contains("AADSTS7000215") && next.contains("AZURE_CLIENT_SECRET"),
        "{found} {next}"
    );
    assert!(!found.contains("cAnArY"));

    let (name, found, next) = failure(&vault.room(&["--vault_url=https://localhost:1"]));
    assert!(name == "list" && found.contains("cannot be reached") && next.contains("network"), "{found} {next}");
    let (name, found, next) = failure(&vault.room(&["--ca_certificate=absent.pem"]));
    assert!(name == "vault" && found.contains("absent.pem") && next.contains("ca_certificate"), "{found} {next}");

    let room = vault.room(&[]);
    vault.faults().add(Operation::List, 1, Fault::Refused(403, "ForbiddenByRbac"));
    let checks = checks(&room);
    let states: Vec<_> = checks.iter().rev().take(2).map(|(name, state, ..)| (name.as_str(), state.as_str())).collect();
    assert_eq!(states, [("get", "ok"), ("list", "fail")], "who may get may still not list");
    vault.faults().add(Operation::Get, 1, Fault::Refused(403, "ForbiddenByFirewall"));
    let (name, found, next) = failure(&room);
    assert!(name == "get" && found.contains("firewall") && !next.is_empty(), "{found} {next}");
}

#[test]
fn a_stack_that_is_not_there() {
    let room = Room::new().with("STRONGROOM_ACTIVE_STACK", "absent");
    let (name, found, next) = failure(&room);
    assert!(
        name == "active stack" && found.contains("STRONGROOM_ACTIVE_STACK") && next.contains("stack list"),
        "{found}"
    );
}

#[test]
fn a_damaged_catalogue() {
    let room = Room::new();
    room.succeeds(["stack", "list"]);
    fs::write(room.home().join("catalogue.db"), "no database at all, and longer than a header of one").unwrap();
    let failed: Vec<_> = checks(&room).into_iter().filter(|(_, state, ..)| state == "fail").collect();
    assert_eq!(failed[0].0, "catalogue", "{failed:?}");
}
