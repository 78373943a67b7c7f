//! Several processes at once, and processes that are killed.

use super::other_process::start;
use super::{Room, files, name, secret};
use std::fs::{self, File};
use std::thread::sleep;
use std::time::{Duration, Instant};
use strongroom_core::{Kind, SecretName};

#[tokio::test]
async fn twenty_at_once_lose_nothing() {
    let room = Room::new();
    let mut children: Vec<_> =
        (0..20).map(|number| start(&room, "true", "contend", &format!("own-{number}"))).collect();
    for child in &mut children {
        assert!(child.wait().unwrap().success());
    }
    let manager = room.sealed();
    assert_eq!(manager.list().await.unwrap().len(), 21);
    for number in 0..20 {
        let own = format!("own-{number}");
        assert_eq!(manager.require(&name(&own)).await.unwrap().values.get("k").unwrap().expose(), own);
    }
    let same = manager.require(&name("same")).await.unwrap();
    assert_eq!(same.values.get("count").unwrap().expose(), "20", "no update was lost");
    let winner: SecretName = name(same.values.get("winner").unwrap().expose());
    assert!(manager.get(&winner).await.unwrap().is_some());
}

#[tokio::test]
async fn killed_at_any_moment_the_file_is_old_or_new_and_whole() {
    for form in ["sealed", "plain"] {
        let room = Room::new();
        let manager = if form == "plain" { room.plain() } else { room.sealed() };
        manager.register(&secret("one", &[("a", "-"), ("b", "-")])).await.unwrap();
        for kill in 0..25 {
            let before = fs::read(room.file()).unwrap();
            let mut child = start(&room, "true", "write-forever", form);
            while fs::read(room.file()).unwrap() == before {
                assert_eq!(child.try_wait().unwrap(), None, "the other process failed");
                sleep(Duration::from_millis(1));
            }
            sleep(Duration::from_micros(kill * 777)); // into the midst of some later write
            child.kill().unwrap();
            child.wait().unwrap();
            let one = manager.require(&name("one")).await.unwrap();
            let value = |key| one.values.get(key).unwrap().expose();
            assert_eq!(value("a"), value("b"), "half a write");
            manager.delete(&name("two")).await.unwrap();
        }
        // what a killed process left beside the file goes with the next write
        manager.register(&secret("three", &[])).await.unwrap();
        let left: Vec<_> = files(room.file().parent().unwrap()).into_iter().map(|(path, _)| path).collect();
        assert_eq!(left.len(), 2, "the file and its lock: {left:?}");
    }
}

#[tokio::test]
async fn a_writer_that_never_ends_is_named_after_ten_seconds() {
    let room = Room::new();
    let manager = room.sealed();
    manager.register(&secret("one", &[("k", "v")])).await.unwrap();
    let mut lock = room.file().into_os_string();
    lock.push(".lock");
    let held = File::open(lock).unwrap();
    held.lock().unwrap();
    manager.require(&name("one")).await.unwrap();
    let begun = Instant::now();
    let error = manager.delete(&name("one")).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Unavailable, "{error:?}");
    assert!((9..15).contains(&begun.elapsed().as_secs()));
    drop(held);
    assert!(manager.delete(&name("one")).await.unwrap());
}

#[tokio::test]
async fn a_write_that_fails_leaves_the_old_file_and_nothing_beside_it() {
    let room = Room::new();
    room.sealed().register(&secret("one", &[("k", "v")])).await.unwrap();
    let before = files(room.home());
    // a limit on the size of files stands for a full disk
    let shell = "trap '' XFSZ; ulimit -f 0";
    let mut child = start(&room, shell, "fail-to-write", "unavailable: cannot write");
    assert!(child.wait().unwrap().success());
    assert_eq!(files(room.home()), before);
    assert_eq!(fs::read(room.file()).unwrap().len() % 64, 20, "whole blocks, head and tag");
}
