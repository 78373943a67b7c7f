//! What time tells.

use crate::room::{PASSWORD, Room};
use std::time::{Duration, Instant};
use strongroom_core::central::{AccountChange, AccountKind, Accounts, Role};

fn median(times: &mut [Duration]) -> Duration {
    times.sort();
    times[times.len() / 2]
}

#[tokio::test(flavor = "multi_thread")]
async fn scenario_57_known_and_unknown_take_the_same_time() {
    let room = Room::open().await;
    let ann = room.person("ann", Role::Editor).await;
    room.person("idle", Role::Editor).await;
    let change = AccountChange { active: Some(false), ..Default::default() };
    room.local().await.update_account(AccountKind::User, "idle", change).await.unwrap();
    room.account(AccountKind::Service, "robot", Role::Reader).await;

    // a password is hashed whoever it is for: leaving that out is a hundred times quicker
    let names = ["ann", "idle", "robot", "nobody"];
    let mut times = names.map(|_| Vec::new());
    for _ in 0..7 {
        for (name, times) in names.iter().zip(&mut times) {
            let begun = Instant::now();
            let reply = room.login(name, if *name == "idle" { PASSWORD } else { "a wrong password" }).await;
            times.push(begun.elapsed());
            assert_eq!(reply.is(401).detail().1, "Authentication error: invalid username or password");
        }
    }
    let medians = times.each_mut().map(|times| median(times));
    let (least, most) = (medians.iter().min().unwrap(), medians.iter().max().unwrap());
    assert!(*most < *least * 3, "{names:?} took {medians:?}");

    let hidden = room.secret(&ann, "hidden", true).await;
    let bob = room.person("bob", Role::Editor).await;
    let mut times = [Vec::new(), Vec::new()];
    for _ in 0..100 {
        for (id, times) in [hidden.clone(), uuid::Uuid::new_v4().to_string()].iter().zip(&mut times) {
            let begun = Instant::now();
            room.get(&format!("secrets/{id}"), &bob).await.is(404);
            times.push(begun.elapsed());
        }
    }
    let [there, absent] = times.each_mut().map(|times| median(times));
    assert!(there < absent * 2 && absent < there * 2, "hidden {there:?}, absent {absent:?}");
}
