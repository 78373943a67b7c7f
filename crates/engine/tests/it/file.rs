//! The file itself: its mode, other files in its place, and what opening costs.

use crate::Room;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use strongroom_core::{ComponentType, Kind};
use strongroom_engine::Catalogue;

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn only_the_owner_may_read_it() {
    let room = Room::new();
    room.manager("one");
    assert_eq!(mode(room.path().parent().unwrap()), 0o700);
    for entry in fs::read_dir(room.path().parent().unwrap()).unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(mode(&path), 0o600, "{}", path.display());
    }
    fs::set_permissions(room.path(), Permissions::from_mode(0o644)).unwrap();
    Catalogue::open(&room.path()).unwrap();
    assert_eq!(mode(&room.path()), 0o600, "and so again");
}

#[test]
fn what_is_no_catalogue_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("catalogue.db");
    let text = "not a database, ".repeat(100);
    fs::write(&path, &text).unwrap();
    let error = Catalogue::open(&path).unwrap_err();
    assert_eq!(error.kind(), Kind::Corrupt, "{error:?}");
    assert!(error.to_string().contains("catalogue.db"), "{error}");
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
    let error = Catalogue::open(&folder.path().join("catalogue.db/x")).unwrap_err();
    assert_eq!(error.kind(), Kind::Forbidden, "{error:?}");
}

#[test]
fn a_newer_format_is_refused_and_left_alone() {
    let room = Room::new();
    let path = room.path();
    drop(room.catalogue);
    // bytes 60 to 63 of a SQLite file are its user_version
    let mut bytes = fs::read(&path).unwrap();
    bytes[60..64].copy_from_slice(&99_u32.to_be_bytes());
    fs::write(&path, &bytes).unwrap();
    let error = Catalogue::open(&path).unwrap_err();
    assert_eq!(error.kind(), Kind::Unsupported, "{error:?}");
    assert!(error.causes().join(" ").contains("format 99"), "{error:?}");
    assert_eq!(fs::read(&path).unwrap(), bytes);
}

#[test]
fn a_damaged_row_is_named() {
    let room = Room::new();
    let made = room.manager("one");
    let path = room.path();
    drop(room.catalogue);
    let mut bytes = fs::read(&path).unwrap();
    let needle = br#"{"key_vault_name":"my-vault"}"#;
    let at = bytes.windows(needle.len()).position(|window| window == needle).unwrap();
    bytes[at] = b'?';
    fs::write(&path, &bytes).unwrap();
    let catalogue = Catalogue::open(&path).unwrap();
    let error = catalogue.component_by_id(made.id).unwrap_err();
    assert_eq!(error.kind(), Kind::Corrupt);
    assert!(error.to_string().contains(&made.id.to_string()), "{error}");
}

#[test]
fn opening_writes_nothing() {
    let room = Room::new();
    room.manager("one");
    let path = room.path();
    drop(room.catalogue);
    let before = (fs::read(&path).unwrap(), fs::metadata(&path).unwrap().modified().unwrap());
    let catalogue = Catalogue::open(&path).unwrap();
    assert_eq!(catalogue.active_component(ComponentType::SecretsManager).unwrap(), None);
    let files = fs::read_dir(path.parent().unwrap()).unwrap().count();
    assert_eq!(files, 1, "a journal is only for writing");
    let after = (fs::read(&path).unwrap(), fs::metadata(&path).unwrap().modified().unwrap());
    assert_eq!(before, after);
}
