//! Several processes at once, and processes that are killed. The test binary starts itself as the other process.

use crate::{Room, configuration};
use std::env;
use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;
use strongroom_core::query::Query;
use strongroom_core::{ComponentType, Kind, Labels};
use strongroom_engine::{Catalogue, Match};

/// Where the other process finds the catalogue and what to do.
const TASK: &str = "STRONGROOM_TEST_TASK";

fn start(path: &Path, task: &str) -> Child {
    Command::new(env::current_exe().unwrap())
        .args(["--exact", "processes::the_other_process", "--nocapture"])
        .env(TASK, format!("{task}|{}", path.display()))
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

/// Does nothing when run as a test.
#[test]
fn the_other_process() {
    #[allow(clippy::disallowed_methods)] // how a test talks to itself
    let Ok(task) = env::var(TASK) else { return };
    let (task, path) = task.split_once('|').unwrap();
    let kind = ComponentType::SecretsManager;
    let create = |catalogue: &Catalogue, name: &str| {
        catalogue.create_component(kind, name, "local", configuration(&[("n", "0")]), Labels::new())
    };
    match task {
        "forever" => {
            let catalogue = Catalogue::open(Path::new(path)).unwrap();
            for count in 0.. {
                let made = create(&catalogue, &format!("forever-{count}")).unwrap();
                catalogue.copy_component(made.id, &format!("copy-{count}")).unwrap();
                catalogue.delete_component(made.id).unwrap();
            }
        }
        name => {
            let catalogue = Catalogue::open(Path::new(path)).unwrap();
            create(&catalogue, name).unwrap();
            let taken = create(&catalogue, "same");
            assert!(taken.is_ok() || taken.unwrap_err().kind() == Kind::AlreadyExists);
            let same = catalogue.component(kind, "same", Match::Exact).unwrap();
            catalogue
                .update_component(same.id, |component| {
                    let count: u32 = component.configuration["n"].parse().unwrap();
                    component.configuration.insert("n".into(), (count + 1).to_string());
                    Ok(())
                })
                .unwrap();
        }
    }
}

#[test]
fn twenty_at_once_on_a_catalogue_that_is_not_there_yet() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("catalogue.db");
    let mut children: Vec<_> = (0..20).map(|number| start(&path, &format!("own-{number}"))).collect();
    for child in &mut children {
        assert!(child.wait().unwrap().success());
    }
    let catalogue = Catalogue::open(&path).unwrap();
    let all = catalogue.components(ComponentType::SecretsManager, &Query::all()).unwrap();
    assert_eq!(all.total, 21);
    let same = catalogue.component(ComponentType::SecretsManager, "same", Match::Exact).unwrap();
    assert_eq!(same.configuration["n"], "20", "no change was lost");
    assert_eq!(catalogue.stacks(&Query::all()).unwrap().total, 1);
}

#[test]
fn killed_at_any_moment_each_change_is_there_or_not() {
    let room = Room::new();
    for round in 0..15 {
        let before = fs::read(room.path()).unwrap();
        let mut child = start(&room.path(), "forever");
        while fs::read(room.path()).unwrap() == before {
            assert_eq!(child.try_wait().unwrap(), None, "the other process failed");
            sleep(Duration::from_millis(1));
        }
        sleep(Duration::from_micros(round * 1_777)); // into the midst of some later change
        child.kill().unwrap();
        child.wait().unwrap();
        let catalogue = Catalogue::open(&room.path()).unwrap();
        let all = catalogue.components(ComponentType::SecretsManager, &Query::all()).unwrap().items;
        for component in all {
            assert_eq!(component.configuration["n"], "0");
            catalogue.delete_component(component.id).unwrap();
        }
        assert_eq!(catalogue.active_stack().unwrap().name, "default");
    }
}
