//! What a database lists is what would be listed of all rows, on every database.
#![allow(clippy::unwrap_used)]

use super::super::{insert, rows};
use super::list;
use crate::access::{Caller, Origin};
use crate::audit::Action;
use crate::{Engine, EngineOptions};
use std::sync::Arc;
use strongroom_core::central::{AccountKind, Accounts, CentralSecret, Named, NewAccount, Role, Visibility};
use strongroom_core::query::Query;
use strongroom_core::seal::Key;
use strongroom_testkit::databases;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

/// Alike to some database or other; the order of their bytes is that of none of their languages.
const NAMES: [&str; 12] = ["a", "A", "a ", "b", "B_", "B%", "\u{e9}", "e", "e\u{301}", "\u{1F511}", "\u{ff5e}", "Z"];
const SORTS: [&str; 10] =
    ["created", "updated", "name", "id", "private", "scope", "user", "user_id", "desc:created", "desc:updated"];

async fn open(url: &str) -> (Arc<Engine>, [Caller; 2]) {
    let options = EngineOptions::new(url.parse().unwrap(), Arc::new(Key::generate().unwrap()));
    let engine = Engine::open(options).await.unwrap();
    let admin = engine.local_caller(Origin::default()).await.unwrap();
    let bob = NewAccount {
        kind: AccountKind::User,
        name: "bob".to_owned(),
        full_name: String::new(),
        email: None,
        description: String::new(),
        role: Role::Reader,
        password: None,
        active: true,
    };
    let bob = engine.acting(admin.clone()).create_account(bob).await.unwrap();
    let bob = Caller { id: bob.id, name: bob.name, role: bob.role, ..admin.clone() };
    (engine, [admin, bob])
}

/// Two secrets of each name, and three of each moment.
async fn fill(engine: &Arc<Engine>, callers: &[Caller; 2]) -> Vec<CentralSecret> {
    let mut made = Vec::new();
    let start = OffsetDateTime::UNIX_EPOCH + Duration::days(20_000);
    for (at, name) in NAMES.iter().chain(&NAMES).enumerate() {
        let owner = &callers[at % 2];
        let secret = CentralSecret {
            id: Uuid::new_v4(),
            name: name.parse().unwrap(),
            visibility: if at < NAMES.len() { Visibility::Public } else { Visibility::Private },
            owner: Named { id: owner.id, name: owner.name.clone() },
            project: Named { id: engine.default_project, name: "default".to_owned() },
            schema: None,
            revision: 1,
            created: start + Duration::microseconds((at / 3) as i64),
            updated: start + Duration::seconds((at % 5) as i64),
            values: None,
        };
        made.push(insert(engine, owner, secret, Action::SecretImport).await.unwrap());
    }
    made
}

#[tokio::test]
async fn a_database_lists_what_all_rows_would_give() {
    for database in databases() {
        let (engine, callers) = open(&database.url()).await;
        let made = fill(&engine, &callers).await;
        let (id, owner) = (made[0].id, callers[1].id);
        let (simple, odd) = (id.simple().to_string(), format!("{}-", owner.simple()));
        let text = |field: &'static str, text: &str| (field, text.to_owned());
        let filters = [
            text("name", "a"),
            text("name", "notequals:a "),
            text("name", r#"oneof:["a", "A", "\ud83d\udd11", "x"]"#),
            text("name", r#"notoneof:["e\u0301"]"#),
            text("name", "oneof:[]"),
            text("name", "notequals:\0"),
            text("name", "contains:%"),
            text("name", "startswith:b_"),
            text("name", "isnull:"),
            ("id", id.to_string()),
            ("id", simple.clone()),
            ("id", format!("notequals:{simple}")),
            ("id", format!("startswith:{}", &simple[..9])),
            text("id", "none"),
            ("user_id", owner.to_string()),
            ("user_id", odd.clone()),
            ("user", owner.to_string()),
            ("user", odd),
            text("user", "bob"),
            text("user", "notequals:BOB"),
            text("private", "true"),
            text("private", "notequals:True"),
            text("private", r#"oneof:["1", "FALSE"]"#),
            text("scope", "user"),
            text("scope", "notequals:workspace"),
            text("scope", "User"),
            text("created", "lte:2024-10-04T00:00:00.000003"),
            text("created", "gt:2024-10-04T00:00:00.0000035"),
            text("created", "notequals:2024-10-04"),
            text("updated", "in:2024-10-04T00:00:01,2024-10-04T00:00:03"),
            text("updated", "lt:2024-10-04T00:00:02"),
        ];
        let mut reader = engine.database.read().await.unwrap();
        let mut count = 0;
        for at in 0..filters.len() * SORTS.len() {
            let mut query = Query::default();
            (query.any, query.page, query.size) = (at % 4 < 2, 1 + at % 2, 5);
            // none, one or two of them
            let chosen = [&filters[at % filters.len()], &filters[(at * 7 + 3) % filters.len()]];
            for (field, text) in &chosen[..at % 3] {
                query.filter(field, text).unwrap();
            }
            query.sort_by(SORTS[at % SORTS.len()]).unwrap();
            for caller in &callers {
                let rows = rows::visible(&mut reader, caller, "", vec![]).await.unwrap();
                let expected = query.page_of(rows).map_err(|error| error.to_string());
                let found = list(&mut reader, caller, &query).await.map_err(|error| error.to_string());
                assert_eq!(found, expected, "{query:?}");
                count += usize::from(found.is_ok_and(|page| !page.items.is_empty()));
            }
        }
        assert!(count > 200, "only {count} of the lists have something on them");
    }
}
