//! Lists: pages, next links, order.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::client::{API, Answer, Room};

/// Follows a list to its end as a stock client does: the link as it is given, until it is null.
async fn pages(room: &Room, path: &str) -> Vec<Value> {
    let mut pages = vec![];
    let mut next = Some(format!("{}{path}", room.url()));
    while let Some(url) = next {
        assert!(pages.len() < 100, "the list has no end");
        let page = Answer::of(room.http.get(url).bearer_auth(&room.token)).await.ok();
        next = page["nextLink"].as_str().map(Into::into);
        assert!(page.get("nextLink").is_some(), "null, not absent");
        pages.push(page);
    }
    pages
}

fn ids(pages: &[Value]) -> Vec<String> {
    let items = pages.iter().flat_map(|page| page["value"].as_array().unwrap());
    items.map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

fn sizes(pages: &[Value]) -> Vec<usize> {
    pages.iter().map(|page| page["value"].as_array().unwrap().len()).collect()
}

#[tokio::test]
async fn pages_of_twenty_five_at_most() {
    let room = Room::open().await;
    for n in 0..60 {
        room.put(&format!("s{n:02}"), "canary").await;
    }
    let all = pages(&room, &format!("/secrets?{API}")).await;
    assert_eq!(sizes(&all), [25, 25, 10]);
    assert_eq!(ids(&all), (0..60).map(|n| format!("{}/secrets/s{n:02}", room.url())).collect::<Vec<_>>());
    assert!(!format!("{all:?}").contains("canary"), "no values in lists");
    let link = all[0]["nextLink"].as_str().unwrap();
    assert!(link.starts_with(&format!("{}/secrets?{API}&$skiptoken=", room.url())), "{link}");
    assert!(!link.contains("maxresults"), "{link}");

    let by_seven = pages(&room, &format!("/secrets?maxresults=7&{API}")).await;
    assert_eq!(sizes(&by_seven), [7, 7, 7, 7, 7, 7, 7, 7, 4]);
    assert_eq!(ids(&by_seven), ids(&all));
    assert!(by_seven[0]["nextLink"].as_str().unwrap().ends_with("&maxresults=7"));
    assert_eq!(sizes(&pages(&room, &format!("/secrets?maxresults=20&{API}")).await), [20, 20, 20], "no page behind");

    for bad in ["0", "26", "-1", "x", ""] {
        let refused = room.call("GET", &format!("/secrets?maxresults={bad}&{API}")).await;
        assert_eq!(refused.refusal(), (400, "BadParameter".into(), String::new()), "{bad}");
    }
    assert_eq!(room.call("GET", &format!("/secrets?$skiptoken=nonsense&{API}")).await.refusal().0, 400);
}

#[tokio::test]
async fn items_have_no_version_and_no_value() {
    let room = Room::open().await;
    let set = json!({ "value": "v", "contentType": "t", "tags": { "a": "b" } });
    room.send("PUT", "/secrets/S", set).await.ok();
    let item = room.call("GET", "/secrets").await.ok()["value"][0].clone();
    let keys: Vec<_> = item.as_object().unwrap().keys().cloned().collect();
    assert_eq!(keys, ["contentType", "id", "attributes", "tags"]);
    assert_eq!(item["id"], format!("{}/secrets/S", room.url()));
}

#[tokio::test]
async fn an_empty_vault_has_one_empty_page() {
    let room = Room::open().await;
    for path in ["/secrets", "/deletedsecrets", "/secrets/unknown/versions"] {
        assert_eq!(room.call("GET", path).await.text, r#"{"value":[],"nextLink":null}"#, "{path}");
    }
}

#[tokio::test]
async fn versions_are_ordered_by_id_not_by_time() {
    let room = Room::open().await;
    let mut written = vec![];
    for n in 0..30 {
        written.push(room.put("s", &n.to_string()).await);
    }
    let all = pages(&room, &format!("/secrets/S/versions?maxresults=8&{API}")).await;
    assert_eq!(sizes(&all), [8, 8, 8, 6]);
    let listed: Vec<_> = ids(&all).iter().map(|id| id.rsplit('/').next().unwrap().to_owned()).collect();
    assert_ne!(listed, written);
    written.sort();
    assert_eq!(listed, written);
}

#[tokio::test]
async fn empty_pages_with_a_next_link() {
    let room = Room::open().await;
    room.put("one", "v").await;
    room.running.switches().set_empty_pages(5);
    // As recorded: one item, five empty pages, then the end.
    assert_eq!(sizes(&pages(&room, &format!("/secrets?maxresults=6&{API}")).await), [1, 0, 0, 0, 0, 0]);
    room.running.switches().set_empty_pages(2);
    for n in 0..6 {
        room.put(&format!("s{n}"), "v").await;
    }
    let all = pages(&room, &format!("/secrets?maxresults=3&{API}")).await;
    assert_eq!(sizes(&all), [3, 0, 0, 3, 0, 0, 1, 0, 0]);
    assert_eq!(ids(&all).len(), 7);
    assert_eq!(sizes(&pages(&room, &format!("/deletedsecrets?{API}")).await), [0]);
}

#[tokio::test]
async fn changes_between_pages_leave_no_gaps_and_no_doubles() {
    let room = Room::open().await;
    for n in 0..9 {
        room.put(&format!("s{n}"), "v").await;
    }
    let first = room.call("GET", &format!("/secrets?maxresults=3&{API}")).await.ok();
    room.call("DELETE", "/secrets/s1").await.ok();
    room.call("DELETE", "/secrets/s2").await.ok();
    room.put("s0a", "v").await;
    let path = first["nextLink"].as_str().unwrap().strip_prefix(room.url()).unwrap().to_owned();
    let rest = pages(&room, &path).await;
    let found: BTreeSet<_> = ids(&rest).into_iter().collect();
    let expected = (3..9).map(|n| format!("{}/secrets/s{n}", room.url())).collect();
    assert_eq!(found, expected);
}
