//! Lists: filters on every column, order, pages.

use crate::room::Room;
use serde_json::json;
use strongroom_core::central::{AccountKind, Role};

#[tokio::test(flavor = "multi_thread")]
async fn secrets_are_filtered_by_every_operation_on_every_column() {
    let room = Room::open().await;
    let (ann, bob) = (room.person("ann", Role::Editor).await, room.person("bob", Role::Editor).await);
    let first = room.secret(&ann, "apple", false).await;
    room.secret(&ann, "Apricot", true).await;
    room.secret(&bob, "banana", false).await;
    let ann_id = room.get("current-user", &ann).await.good()["id"].as_str().unwrap().to_owned();
    let made = room.get(&format!("secrets/{first}"), &ann).await.good()["body"]["created"].as_str().unwrap().to_owned();
    let id = |text: &str| text.replace("ID", &first).replace("BEGIN", &first[..8]).replace("ANN", &ann_id);
    for (query, names) in [
        ("name=apple", &["apple"][..]),
        ("name=equals:apple", &["apple"]),
        ("name=equals:APPLE", &[]),
        ("name=notequals:apple", &["Apricot", "banana"]),
        ("name=contains:p", &["apple", "Apricot"]),
        ("name=contains:AP", &["apple", "Apricot"]),
        ("name=notcontains:p", &["banana"]),
        ("name=startswith:ap", &["apple", "Apricot"]),
        ("name=endswith:e", &["apple"]),
        ("name=oneof:[\"apple\",\"banana\"]", &["apple", "banana"]),
        ("name=notoneof:[\"apple\",\"banana\"]", &["Apricot"]),
        ("name=isnull:", &[]),
        ("name=isnotnull:", &["apple", "Apricot", "banana"]),
        ("name=startswith:a&name=endswith:t", &["Apricot"]),
        ("logical_operator=or&name=apple&name=banana", &["apple", "banana"]),
        ("logical_operator=and&name=apple&name=banana", &[]),
        ("id=ID", &["apple"]),
        ("id=equals:ID", &["apple"]),
        ("id=startswith:BEGIN", &["apple"]),
        ("id=notequals:ID", &["Apricot", "banana"]),
        ("id=oneof:[\"ID\"]", &["apple"]),
        ("private=True", &["Apricot"]),
        ("private=False", &["apple", "banana"]),
        ("private=notequals:True", &["apple", "banana"]),
        ("scope=user", &["Apricot"]),
        ("scope=workspace", &["apple", "banana"]),
        ("user_id=ANN", &["apple", "Apricot"]),
        ("user=ann", &["apple", "Apricot"]),
        ("user=ANN", &["apple", "Apricot"]),
        ("user=notequals:ann", &["banana"]),
        ("created=gt:2020-01-01 00:00:00", &["apple", "Apricot", "banana"]),
        ("created=gte:2020-01-01 00:00:00", &["apple", "Apricot", "banana"]),
        ("created=lt:2020-01-01 00:00:00", &[]),
        ("updated=lte:2020-01-01 00:00:00", &[]),
        ("updated=in:2020-01-01 00:00:00,2200-01-01 00:00:00", &["apple", "Apricot", "banana"]),
        ("created=in:2020-01-01 00:00:00,2021-01-01 00:00:00", &[]),
        ("created=isnotnull:", &["apple", "Apricot", "banana"]),
        ("unknown=apple&component_id=1&page=1", &["apple", "Apricot", "banana"]),
        ("sort_by=name", &["Apricot", "apple", "banana"]),
        ("sort_by=desc:name", &["banana", "apple", "Apricot"]),
        ("sort_by=asc:created", &["apple", "Apricot", "banana"]),
        ("sort_by=desc:created", &["banana", "Apricot", "apple"]),
        ("sort_by=name&size=2&page=2", &["banana"]),
    ] {
        let path = format!("secrets?{}", id(query).replace(' ', "%20").replace('"', "%22"));
        assert_eq!(room.names(&path, &ann).await, names, "{query}");
    }
    let exact = format!("secrets?created=gte:{made}&created=lte:{made}");
    assert_eq!(room.names(&exact, &ann).await, ["apple"], "times are understood as they are written");
    for query in [
        "created=contains:2020",
        "created=gte:soon",
        "name=gte:a",
        "name=oneof:apple",
        "sort_by=colour",
        "sort_by=desc:colour",
        "logical_operator=xor",
        "page=0",
        "page=-1",
        "page=one",
        "size=0",
        "size=10001",
        "private=perhaps",
    ] {
        let reply = room.get(&format!("secrets?{query}"), &ann).await;
        assert_eq!(reply.is(422).detail().0, "ValueError", "{query}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_are_counted_as_zenml_counts_them() {
    let room = Room::open().await;
    let ann = room.person("ann", Role::Editor).await;
    let page = room.get("secrets", &ann).await.good();
    assert_eq!(page, json!({"index": 1, "max_size": 20, "total_pages": 1, "total": 0, "items": []}));
    for name in ["a", "b", "c"] {
        room.secret(&ann, name, false).await;
    }
    let page = room.get("secrets?size=2&page=2&sort_by=name", &ann).await.good();
    assert_eq!(
        (&page["index"], &page["max_size"], &page["total_pages"], &page["total"]),
        (&json!(2), &json!(2), &json!(2), &json!(3))
    );
    assert_eq!(page["items"][0]["name"], "c");
    assert_eq!(
        room.get("secrets?size=2&page=3", &ann).await.is(400).detail(),
        (
            "ValueError".to_owned(),
            "Invalid page 3. The requested page size is 2 and there are a total of 3 items for this query. The maximum \
             page value therefore is 2."
                .to_owned()
        )
    );
    // never a value in a list, hydrated or not
    for query in ["hydrate=True", "hydrate=False", ""] {
        let item = room.get(&format!("secrets?{query}"), &ann).await.good()["items"][0].clone();
        assert_eq!(item["body"]["values"], json!({}), "{query}");
        assert_eq!(item["metadata"].is_object(), query == "hydrate=True", "{item}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_other_list_is_filtered_and_sorted_too() {
    let room = Room::open().await;
    let admin = room.person("admin", Role::Admin).await;
    room.person("ann", Role::Reader).await;
    let robot = room.account(AccountKind::Service, "robot", Role::Reader).await;
    for name in ["ci", "cd"] {
        room.post(&format!("service_accounts/{robot}/api_keys"), &admin, json!({"name": name})).await.good();
    }
    for name in ["vision", "speech"] {
        room.post("projects", &admin, json!({"name": name, "display_name": name.to_uppercase()})).await.good();
    }
    let keys = format!("service_accounts/{robot}/api_keys");
    for (path, query, names) in [
        ("users", "sort_by=desc:name", &["default", "ann", "admin"][..]),
        ("users", "name=startswith:a&sort_by=name", &["admin", "ann"]),
        ("users", "is_admin=True&name=admin", &["admin"]),
        ("users", "active=False", &[]),
        ("users", "full_name=isnull:&name=ann", &["ann"]),
        ("service_accounts", "name=contains:bo", &["robot"]),
        ("service_accounts", "active=notequals:True", &[]),
        (&*keys, "sort_by=name", &["cd", "ci"]),
        (&*keys, "name=ci&active=True", &["ci"]),
        ("projects", "sort_by=desc:name&size=2", &["vision", "speech"]),
        ("projects", "display_name=endswith:ION", &["vision"]),
        ("workspaces", "name=default", &["default"]),
    ] {
        assert_eq!(room.names(&format!("{path}?{query}"), &admin).await, names, "{path}?{query}");
        room.get(&format!("{path}?sort_by=colour"), &admin).await.is(422);
        room.get(&format!("{path}?page=99"), &admin).await.is(400);
    }
    let trail = room.get("audit?action=api-key.create&sort_by=desc:seq", &admin).await.good();
    let targets: Vec<_> = trail["items"].as_array().unwrap().iter().map(|entry| &entry["target"]).collect();
    assert_eq!(targets, ["robot/cd", "robot/ci"]);
    for query in [
        "actor=admin&outcome=done&action=startswith:api-key",
        "target=contains:robot/c",
        "logical_operator=or&target=robot/ci&target=robot/cd",
    ] {
        assert_eq!(room.get(&format!("audit?{query}"), &admin).await.good()["total"], 2, "{query}");
    }
    room.get("audit?sort_by=colour", &admin).await.is(422);
}
