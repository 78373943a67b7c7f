//! Files and keys that cannot be used: each its own error, and the file stays as it is.

use super::other_process::start_as_nobody;
use super::{Room, files, name, secret};
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use strongroom_core::{Error, Kind, SecretsManager};

const CANARY: &str = "canary-9a0364b9e9";

/// Every way to use a manager fails alike, changes no file and shows no value.
async fn refused(room: &Room, manager: &SecretsManager) -> Error {
    let before = files(room.home());
    let error = manager.get(&name("one")).await.unwrap_err();
    let others = [
        manager.list().await.unwrap_err(),
        manager.register(&secret("two", &[("k", CANARY)])).await.unwrap_err(),
        manager.update(&name("one"), &|values| Ok(values)).await.unwrap_err(),
        manager.delete(&name("one")).await.unwrap_err(),
    ];
    for other in &others {
        assert_eq!(format!("{other:?}"), format!("{error:?}"));
    }
    assert!(!format!("{error:?}").contains("canary") && !format!("{error:?}").contains("Y2FuYXJ5"), "{error:?}");
    assert!(error.to_string().contains("secrets.yaml"), "{error}");
    assert!(error.hint().is_some(), "{error:?}");
    assert_eq!(files(room.home()), before);
    error
}

async fn sealed_room() -> Room {
    let room = Room::new();
    room.sealed().register(&secret("one", &[("k", CANARY)])).await.unwrap();
    room
}

#[tokio::test]
async fn one_flipped_byte_in_each_field_is_found() {
    let fields = [
        ("format", 15, "newer version"),
        ("key id", 20, "another key"),
        ("salt", 30, "head of the sealed record was changed"),
        ("wrapped key", 80, "head of the sealed record was changed"),
        ("nonce", 125, "sealed record was changed"),
        ("body", 140, "sealed record was changed"),
    ];
    for (field, at, expected) in fields {
        let room = sealed_room().await;
        let mut bytes = fs::read(room.file()).unwrap();
        bytes[at] ^= 0x80;
        fs::write(room.file(), bytes).unwrap();
        let error = refused(&room, &room.sealed()).await;
        assert!(error.causes().join("; ").contains(expected), "{field}: {error:?}");
        assert_eq!(error.kind(), if field == "format" { Kind::Unsupported } else { Kind::Corrupt }, "{field}");
    }
}

#[tokio::test]
async fn a_truncated_file_is_refused() {
    for length in [1, 14, 15, 16, 100, 211] {
        let room = sealed_room().await;
        let bytes = fs::read(room.file()).unwrap();
        fs::write(room.file(), &bytes[..length]).unwrap();
        let error = refused(&room, &room.sealed()).await;
        assert_eq!(error.kind(), Kind::Corrupt, "{length}: {error:?}");
    }
}

#[tokio::test]
async fn another_key_is_named_and_not_replaced() {
    let room = sealed_room().await;
    let other = sealed_room().await;
    fs::copy(other.key_file(), room.key_file()).unwrap();
    let error = refused(&room, &room.sealed()).await;
    assert_eq!(error.kind(), Kind::Corrupt);
    let causes = error.causes().join("; ");
    assert!(causes.contains(room.key_file().to_str().unwrap()) && causes.contains("is another key"), "{causes}");
    assert!(causes.contains("sealed with key `"), "{causes}");
}

#[tokio::test]
async fn a_missing_key_is_named_and_never_made_anew() {
    let room = sealed_room().await;
    fs::remove_file(room.key_file()).unwrap();
    let error = refused(&room, &room.sealed()).await;
    assert_eq!(error.kind(), Kind::Corrupt);
    assert!(error.causes()[0].contains("is missing"), "{error:?}");
    assert!(!room.key_file().exists());

    // nor for the first secret of another manager: its key would stand where the lost one belongs
    let neighbour = Room { id: uuid::Uuid::from_u128(2), ..room };
    let error = neighbour.sealed().register(&secret("two", &[("k", "v")])).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Corrupt);
    assert!(error.to_string().contains("is missing"), "{error:?}");
    assert!(!neighbour.key_file().exists() && !neighbour.file().exists());
}

#[tokio::test]
async fn a_damaged_key_is_named() {
    for damage in ["", "strongroom-key-1:AAAA\n", "\u{0}\u{1}", "strongroom-key-9:AAAA"] {
        let room = sealed_room().await;
        fs::write(room.key_file(), damage).unwrap();
        let error = refused(&room, &room.sealed()).await;
        assert_eq!(error.kind(), Kind::Corrupt);
        assert!(error.causes()[0].contains("key file `") && error.causes()[0].contains("is damaged"), "{error:?}");
    }
}

#[tokio::test]
async fn files_that_are_no_secrets_are_refused() {
    let cases =
        ["- a\n- b\n", "one: two\n", "one:\n  k: [canary]\n", "one: {k: v\n", "\u{0}", "one:\n  k:\n", "a: b: c\n"];
    for text in cases {
        let room = Room::new();
        fs::create_dir_all(room.file().parent().unwrap()).unwrap();
        fs::write(room.file(), text).unwrap();
        fs::write(room.file().with_extension("yaml.lock"), "").unwrap();
        let error = refused(&room, &room.plain()).await;
        assert_eq!(error.kind(), Kind::Corrupt, "{text:?}");
    }
}

#[tokio::test]
async fn a_damaged_secret_does_not_hide_the_others() {
    let room = Room::new();
    fs::create_dir_all(room.file().parent().unwrap()).unwrap();
    let text = "base64:\n  k: Y2FuYXJ5LQ=x\n  zenml_schema_name: arbitrary\nschema:\n  k: dg==\n\
                text:\n  k: /w==\n  zenml_schema_name: arbitrary\nwhole:\n  k: dg==\n  zenml_schema_name: arbitrary\n";
    fs::write(room.file(), text).unwrap();
    let manager = room.plain();
    for (damaged, why) in [("base64", "`k` is not base64"), ("schema", "no schema"), ("text", "`k` is not base64")] {
        let error = manager.get(&name(damaged)).await.unwrap_err();
        assert_eq!(error.kind(), Kind::Corrupt);
        assert!(error.to_string().contains(why) && !error.to_string().contains("Y2Fu"), "{error}");
    }
    assert!(manager.get(&name("whole")).await.unwrap().is_some());
    assert_eq!(manager.list().await.unwrap().len(), 4);
    manager.register(&secret("new", &[("k", "v")])).await.unwrap();
    let after = fs::read_to_string(room.file()).unwrap();
    assert!(after.contains("base64:\n  k: Y2FuYXJ5LQ=x\n"), "what cannot be read stays as it is: {after}");
}

#[tokio::test]
async fn what_this_user_may_not_read_or_write_is_said() {
    let room = sealed_room().await;
    let folder = room.file().parent().unwrap().to_owned();
    for open in [room.home().join("local_stores"), folder.clone(), room.home().to_owned(), room.home().join("keys")] {
        fs::set_permissions(open, Permissions::from_mode(0o755)).unwrap();
    }
    let shown = room.file();
    let error = format!("forbidden: cannot read `{}`", shown.display());
    fs::set_permissions(&shown, Permissions::from_mode(0o000)).unwrap();
    assert!(start_as_nobody(&room, "fail-to-read", &error).wait().unwrap().success());

    // the key may not be read
    fs::set_permissions(&shown, Permissions::from_mode(0o644)).unwrap();
    fs::set_permissions(room.key_file(), Permissions::from_mode(0o000)).unwrap();
    let error = format!("forbidden: secrets file `{}` cannot be read", shown.display());
    assert!(start_as_nobody(&room, "fail-to-read", &error).wait().unwrap().success());

    // the folder may not be written, though the file may be read
    fs::remove_file(&shown).unwrap();
    fs::remove_file(room.file().with_extension("yaml.lock")).unwrap();
    fs::write(&shown, "{}").unwrap();
    fs::set_permissions(&shown, Permissions::from_mode(0o644)).unwrap();
    fs::set_permissions(&folder, Permissions::from_mode(0o555)).unwrap();
    let error = format!("forbidden: cannot write `{}`", shown.display());
    assert!(start_as_nobody(&room, "fail-to-write", &error).wait().unwrap().success());
    fs::set_permissions(&folder, Permissions::from_mode(0o755)).unwrap();
    assert_eq!(fs::read_to_string(&shown).unwrap(), "{}");
}

#[tokio::test]
async fn a_folder_in_place_of_the_file_is_refused() {
    let room = Room::new();
    fs::create_dir_all(room.file()).unwrap();
    let error = room.sealed().get(&name("one")).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Invalid, "{error:?}");
    let error = room.sealed().register(&secret("one", &[])).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Invalid, "{error:?}");
}
