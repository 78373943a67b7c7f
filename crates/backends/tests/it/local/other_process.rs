//! The test binary, started once more as another process.

use super::{Room, name, open, secret, set};
use std::env;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use strongroom_core::{Kind, ManagerLayout, Owner, Result, SecretsManager, Value, Values};
use uuid::Uuid;

const TASK: &str = "STRONGROOM_TEST_TASK";

/// Starts a process that first runs `shell`, then does `task`.
pub(super) fn start(room: &Room, shell: &str, task: &str, argument: &str) -> Child {
    command(room, shell, task, argument).spawn().unwrap()
}

/// As someone else if this is root, who may do anything, so that refusals are seen only by others.
pub(super) fn start_as_nobody(room: &Room, task: &str, argument: &str) -> Child {
    let mut command = command(room, "true", task, argument);
    let is_root = fs::metadata(room.home()).unwrap().uid() == 0; // we made it
    if is_root {
        // a copy, as the build folder may be out of reach
        let program = room.home().join("test");
        if !program.exists() {
            fs::copy(env::current_exe().unwrap(), &program).unwrap();
        }
        command.env("PROGRAM", program).uid(65534).gid(65534);
    }
    command.spawn().unwrap()
}

fn command(room: &Room, shell: &str, task: &str, argument: &str) -> Command {
    let mut command = Command::new("sh");
    let line = format!(r#"{shell}; exec "$PROGRAM" --exact local::other_process::the_other_process --nocapture"#);
    command.arg("-c").arg(line).env("PROGRAM", env::current_exe().unwrap());
    command.env(TASK, format!("{task}|{argument}|{}", room.home().display()));
    command.stdout(Stdio::null());
    command
}

/// Does nothing when run as a test.
#[tokio::test]
async fn the_other_process() {
    #[allow(clippy::disallowed_methods)] // how a test talks to itself
    let Ok(task) = env::var(TASK) else { return };
    let mut parts = task.splitn(3, '|');
    let (task, argument, home) = (parts.next().unwrap(), parts.next().unwrap(), Path::new(parts.next().unwrap()));
    let manager = |attributes: &[(&str, &str)]| {
        let id = Uuid::from_u128(1);
        let backend = open(home, id, attributes, Arc::new(|_| {}));
        let owner = Owner { id, name: "mine".into() };
        let layout = ManagerLayout::new(backend.rules(), &Default::default(), owner).unwrap();
        SecretsManager::new(layout, backend)
    };
    let sealed = manager(&[]);
    match task {
        "register-sealed" => sealed.register(&secret(argument, &[("k", "v")])).await.unwrap(),
        "register-plain" => {
            manager(&[("sealed", "false")]).register(&secret(argument, &[("k", "v")])).await.unwrap();
        }
        "contend" => {
            sealed.register(&secret(argument, &[("k", argument)])).await.unwrap();
            match sealed.register(&secret("same", &[("winner", argument), ("count", "0")])).await {
                Ok(()) => {}
                Err(error) => assert_eq!(error.kind(), Kind::AlreadyExists, "{error:?}"),
            }
            // an update gives up after ten conflicts; so many processes may need more
            while let Err(error) = sealed.update(&name("same"), &count).await {
                assert_eq!(error.kind(), Kind::Conflict, "{error:?}");
            }
        }
        "write-forever" => {
            let manager = if argument == "plain" { manager(&[("sealed", "false")]) } else { sealed };
            for round in 0.. {
                // both keys are the same in every write, and long enough to take several pages
                let value = format!("{round} ").repeat(3000);
                manager
                    .update(&name("one"), &|values| set("a", &value)(values).and_then(set("b", &value)))
                    .await
                    .unwrap();
                manager.register(&secret("two", &[("k", "v")])).await.unwrap();
                manager.delete(&name("two")).await.unwrap();
            }
        }
        "fail-to-read" => fails(sealed.get(&name("one")).await, argument),
        "fail-to-write" => fails(sealed.register(&secret("two", &[("k", "v")])).await, argument),
        other => panic!("no task {other}"),
    }
}

fn count(mut values: Values) -> Result<Values> {
    let count: u32 = values.get("count").unwrap().expose().parse().unwrap();
    values.insert("count", Value::text((count + 1).to_string()));
    Ok(values)
}

/// Checks that the failure is `KIND: MESSAGE`, as far as that goes.
fn fails<T>(result: Result<T>, expected: &str) {
    let error = result.err().expect("a refusal");
    let found = format!("{}: {error}", error.kind());
    assert!(found.starts_with(expected), "{found} is not {expected}; {error:?}");
    assert!(error.hint().is_some());
}
