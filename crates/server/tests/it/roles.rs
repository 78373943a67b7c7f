//! What each role may, over every verb there is.

use crate::room::Room;
use serde_json::json;
use strongroom_core::central::{AccountKind, Role};

#[tokio::test(flavor = "multi_thread")]
async fn the_matrix_of_roles_and_verbs() {
    let room = Room::open().await;
    let owner = room.person("owner", Role::Editor).await;
    let robot = room.account(AccountKind::Service, "robot", Role::Reader).await;
    let mut tokens = Vec::new();
    for role in Role::ALL {
        tokens.push((role, room.person(role.as_str(), role).await));
    }
    let names = [
        "GET list",
        "GET one",
        "GET revision",
        "GET history",
        "POST",
        "PUT",
        "rollback",
        "DELETE",
        "accounts",
        "keys",
        "audit",
        "projects",
    ];
    for (role, token) in &tokens {
        let id = room.secret(&owner, &format!("of-{role}"), false).await;
        let path = format!("secrets/{id}");
        let replies = [
            room.get("secrets", token).await,
            room.get(&path, token).await,
            room.get(&format!("{path}?revision=1"), token).await,
            room.get(&format!("{path}/history"), token).await,
            room.post("secrets", token, json!({"name": format!("by-{role}"), "values": {"k": "value of it"}})).await,
            room.put(&path, token, json!({"values": {"k": "value of it"}})).await,
            room.post(&format!("{path}/rollback"), token, json!({"revision": 1})).await,
            room.delete(&path, token).await,
            room.post("users", token, json!({"name": format!("user-{role}"), "password": "a long password"})).await,
            room.post(&format!("service_accounts/{robot}/api_keys"), token, json!({"name": format!("key-{role}")}))
                .await,
            room.get("audit", token).await,
            room.post("projects", token, json!({"name": format!("project-{role}")})).await,
        ];
        let (ok, no) = (200, 403);
        let expected = match role {
            Role::Admin => [ok; 12],
            Role::Editor => [ok, ok, ok, ok, ok, ok, ok, ok, no, no, no, no],
            Role::Reader => [ok, ok, ok, ok, no, no, no, no, no, no, no, no],
            Role::Lister => [ok, ok, ok, ok, no, no, no, no, no, no, no, no],
        };
        for ((name, reply), status) in names.iter().zip(&replies).zip(expected) {
            assert_eq!(reply.status, status, "{role}: {name}: {reply:?}");
            let shows = reply.text.contains("value of");
            assert!(!(shows && *role == Role::Lister), "a lister was shown a value: {name}: {reply:?}");
        }
        let values = &replies[1].json()["body"]["values"];
        let is_shown = *role <= Role::Reader;
        assert_eq!(values, &if is_shown { json!({"k": format!("value of of-{role}")}) } else { json!({}) }, "{role}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_that_is_taken_away_is_gone_at_once() {
    let room = Room::open().await;
    let admin = room.person("admin", Role::Admin).await;
    let ann = room.person("ann", Role::Editor).await;
    let path = format!("secrets/{}", room.secret(&ann, "s", false).await);
    assert_eq!(room.get(&path, &ann).await.good()["body"]["values"]["k"], "value of s");
    room.put("users/ann", &admin, json!({"role": "lister"})).await.good();
    assert_eq!(room.get(&path, &ann).await.good()["body"]["values"], json!({}));
    room.put(&path, &ann, json!({"name": "t"})).await.is(403);
    // nobody raises oneself
    room.put("users/ann", &ann, json!({"role": "admin"})).await.is(403);
    room.put("current-user", &ann, json!({"is_admin": true})).await.is(403);
    room.put("current-user", &ann, json!({"full_name": "Ann"})).await.good();
    room.put("users/ann", &admin, json!({"role": "wizard"})).await.is(422);
    room.put("users/ann", &admin, json!({"active": false})).await.good();
    room.get(&path, &ann).await.is(401);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_roles_of_the_old_dialect() {
    let room = Room::open().await;
    let admin = room.person("admin", Role::Admin).await;
    let ann = room.person("ann", Role::Lister).await;
    let user = room.get("current-user", &ann).await.good()["id"].clone();
    let role = room.get("roles?name=editor", &admin).await.good()["items"][0]["id"].clone();
    room.post("role_assignments", &ann, json!({"user": user, "role": role})).await.is(403);
    room.post("role_assignments", &admin, json!({"user": user, "role": role})).await.good();
    room.secret(&ann, "now I may", false).await;
    room.post("role_assignments", &admin, json!({"user": user, "role": uuid::Uuid::new_v4()})).await.is(422);
}
