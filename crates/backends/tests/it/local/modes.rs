//! Who may read the files, whatever the umask; links; and what users are told about the key.

use super::other_process::start;
use super::{Room, files, name, secret, set};
use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn only_the_owner_may_read_whatever_the_umask() {
    for umask in ["000", "022", "077", "177", "277"] {
        for task in ["register-sealed", "register-plain"] {
            let room = Room::new();
            let mut child = start(&room, &format!("umask {umask}"), task, "one");
            assert!(child.wait().unwrap().success(), "{umask} {task}");
            for (path, _) in files(room.home()) {
                assert_eq!(mode(&path), 0o600, "{umask} {}", path.display());
                assert_eq!(mode(path.parent().unwrap()), 0o700, "{umask} {}", path.display());
            }
            assert_eq!(mode(&room.home().join("local_stores")), 0o700);
        }
    }
}

#[tokio::test]
async fn an_open_file_is_closed_by_the_next_write() {
    let room = Room::new();
    room.plain().register(&secret("one", &[("k", "v")])).await.unwrap();
    fs::set_permissions(room.file(), Permissions::from_mode(0o644)).unwrap();
    room.plain().update(&name("one"), &set("k", "w")).await.unwrap();
    assert_eq!(mode(&room.file()), 0o600);
}

#[tokio::test]
async fn the_key_is_announced_once_and_closed_when_open() {
    let room = Room::new();
    room.sealed().register(&secret("one", &[("k", "v")])).await.unwrap();
    room.sealed().register(&secret("two", &[("k", "v")])).await.unwrap();
    let told = room.notices.lock().unwrap().clone();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].contains(room.key_file().to_str().unwrap()), "{told:?}");
    let key = fs::read_to_string(room.key_file()).unwrap();
    assert!(key.starts_with("strongroom-key-1:") && key.ends_with('\n') && key.lines().count() == 1);
    assert!(!told[0].contains(&key[17..30]));

    fs::set_permissions(room.key_file(), Permissions::from_mode(0o640)).unwrap();
    room.sealed().require(&name("one")).await.unwrap();
    room.sealed().require(&name("one")).await.unwrap();
    assert_eq!(mode(&room.key_file()), 0o600);
    let told = room.notices.lock().unwrap().clone();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[1].contains("only its owner"), "{told:?}");
}

#[tokio::test]
async fn links_stay_links() {
    let room = Room::new();
    let (real, link) = (room.home().join("real"), room.home().join("link.yaml"));
    fs::create_dir(&real).unwrap();
    symlink("real/secrets.yaml", &link).unwrap();
    let manager = room.manager(&[("secrets_file", link.to_str().unwrap())]);
    manager.register(&secret("one", &[("k", "v")])).await.unwrap();
    manager.register(&secret("two", &[("k", "v")])).await.unwrap();
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert!(fs::symlink_metadata(real.join("secrets.yaml")).unwrap().is_file());
    assert_eq!(manager.list().await.unwrap().len(), 2);
    assert!(!room.home().join("link.yaml.lock").exists(), "all names of a file share one lock");
}
