//! The contract of a back-end, run by every one of them.

use futures::TryStreamExt;
use secrecy::{ExposeSecret, SecretString};
use strongroom_core::{Backend, DeleteMode, Filter, Item, ItemName, Kind, PutMode, Revision, Tags};

/// An item of `backend` for a test.
pub(crate) fn item(name: &str, value: &str, tags: &[(&str, &str)]) -> Item {
    let tags: Tags = tags.iter().map(|(tag, value)| ((*tag).to_owned(), (*value).to_owned())).collect();
    let name: ItemName = name.parse().expect("a legal name");
    Item { identity: tags.clone(), ..Item::new(name, SecretString::from(value), tags) }
}

/// `tags`, or none for a back-end that keeps none and refuses them.
fn kept<'a>(backend: &dyn Backend, tags: &'a [(&'a str, &'a str)]) -> &'a [(&'a str, &'a str)] {
    if backend.rules().tags > 0 { tags } else { &[] }
}

/// The names in `backend` that pass `filter`, sorted.
pub(crate) async fn names(backend: &dyn Backend, filter: Filter) -> Vec<String> {
    let metas: Vec<_> = backend.list(filter).try_collect().await.expect("listing works");
    let mut names: Vec<_> = metas.into_iter().map(|meta| meta.name.to_string()).collect();
    names.sort();
    names
}

/// Everything the trait promises, on an empty `backend`. `value` spells a value that the back-end can hold.
pub async fn backend_contract(backend: &dyn Backend, value: impl Fn(&str) -> String) {
    absent_is_no_error(backend).await;
    what_is_put_is_got(backend, &value).await;
    a_write_replaces(backend, &value).await;
    modes_are_kept(backend, &value).await;
    listings_filter(backend, &value).await;
    deleted_is_gone_and_can_come_again(backend, &value).await;
    limits_are_told(backend, &value).await;
}

async fn absent_is_no_error(backend: &dyn Backend) {
    let name: ItemName = "contract-absent".parse().expect("a legal name");
    assert!(backend.get(&name, None).await.expect("absent is no error").is_none());
    assert!(!backend.delete(&name, DeleteMode::Recoverable).await.expect("absent is no error"));
    assert!(names(backend, Filter::default()).await.is_empty());
}

async fn what_is_put_is_got(backend: &dyn Backend, value: &impl Fn(&str) -> String) {
    for (name, text) in
        [("contract-one", "plain"), ("contract-two", ""), ("contract-three", "é\u{1F511}\n\"\\ ' \u{7f}")]
    {
        let written = item(name, &value(text), kept(backend, &[("t", "1")]));
        let revision = backend.put(&written, PutMode::Upsert).await.expect("a write");
        let read = backend.get(&written.name, None).await.expect("a read").expect("it is there");
        assert_eq!(read.value.expose_secret(), written.value.expose_secret());
        assert_eq!(read.revision, Some(revision));
        assert!(!format!("{read:?}").contains("plain"), "Debug shows a value");
    }
    clear(backend).await;
}

async fn a_write_replaces(backend: &dyn Backend, value: &impl Fn(&str) -> String) {
    let first = item("contract-item", &value("1"), kept(backend, &[("a", "1"), ("b", "2")]));
    backend.put(&first, PutMode::Upsert).await.expect("a write");
    let second = item("contract-item", &value("2"), kept(backend, &[("b", "3")]));
    backend.put(&second, PutMode::Upsert).await.expect("a write over it");
    let read = backend.get(&second.name, None).await.expect("a read").expect("it is there");
    assert_eq!(read.value.expose_secret(), second.value.expose_secret());
    assert_eq!(read.tags, second.tags, "tags are replaced with the value");
    clear(backend).await;
}

async fn modes_are_kept(backend: &dyn Backend, value: &impl Fn(&str) -> String) {
    let new = item("contract-item", &value("1"), &[]);
    let first = backend.put(&new, PutMode::Create).await.expect("nothing is there");
    let error = backend.put(&new, PutMode::Create).await.expect_err("it is there");
    assert_eq!(error.kind(), Kind::AlreadyExists);
    let next = item("contract-item", &value("2"), &[]);
    backend.put(&next, PutMode::Replace(&first)).await.expect("it is as it was read");
    let error = backend.put(&new, PutMode::Replace(&first)).await.expect_err("it was changed");
    assert_eq!(error.kind(), Kind::Conflict);
    let error = backend.put(&new, PutMode::Replace(&Revision("0".repeat(32)))).await.expect_err("no such revision");
    assert_eq!(error.kind(), Kind::Conflict);
    let read = backend.get(&new.name, None).await.expect("a read").expect("it is there");
    assert_eq!(read.value.expose_secret(), next.value.expose_secret(), "a refused write changes nothing");
    clear(backend).await;
}

async fn listings_filter(backend: &dyn Backend, value: &impl Fn(&str) -> String) {
    for (name, tags) in [("contract-a", &[("k", "1")][..]), ("contract-b", &[("k", "2")]), ("contract-c", &[])] {
        backend.put(&item(name, &value("v"), kept(backend, tags)), PutMode::Upsert).await.expect("a write");
    }
    assert_eq!(names(backend, Filter::default()).await, ["contract-a", "contract-b", "contract-c"]);
    if backend.rules().tags > 0 {
        let one = Filter { tags: Tags::from_iter([("k".to_owned(), "1".to_owned())]), tagged: None };
        assert_eq!(names(backend, one).await, ["contract-a"]);
        let any = Filter { tags: Tags::new(), tagged: Some("k") };
        assert_eq!(names(backend, any).await, ["contract-a", "contract-b"]);
    }
    clear(backend).await;
}

async fn deleted_is_gone_and_can_come_again(backend: &dyn Backend, value: &impl Fn(&str) -> String) {
    let first = item("contract-item", &value("old"), kept(backend, &[("own", "er")]));
    backend.put(&first, PutMode::Upsert).await.expect("a write");
    assert!(backend.delete(&first.name, DeleteMode::Recoverable).await.expect("a delete"));
    assert!(!backend.delete(&first.name, DeleteMode::Recoverable).await.expect("twice is no error"));
    assert!(backend.get(&first.name, None).await.expect("a read").is_none());
    let second = item("contract-item", &value("new"), kept(backend, &[("own", "er")]));
    backend.put(&second, PutMode::Upsert).await.expect("the name is free again");
    let read = backend.get(&second.name, None).await.expect("a read").expect("it is there");
    assert_eq!(read.value.expose_secret(), second.value.expose_secret());
    assert!(backend.delete(&first.name, DeleteMode::Purge).await.expect("a purge"));
    clear(backend).await;
}

async fn limits_are_told(backend: &dyn Backend, value: &impl Fn(&str) -> String) {
    let rules = backend.rules();
    if rules.value_bytes < 1_000_000 {
        let room = rules.value_bytes - value("").len();
        let full = item("contract-full", &value(&"x".repeat(room)), &[]);
        backend.put(&full, PutMode::Upsert).await.expect("exactly as large as allowed");
        let error = backend
            .put(&item("contract-over", &value(&"x".repeat(room + 1)), &[]), PutMode::Upsert)
            .await
            .expect_err("one more");
        assert_eq!(error.kind(), Kind::Invalid);
        assert!(error.to_string().contains(&rules.value_bytes.to_string()), "{error}");
        // bytes are what counts, not characters
        let wide = item("contract-wide", &value(&"é".repeat(room / 2)), &[]);
        backend.put(&wide, PutMode::Upsert).await.expect("two bytes each");
        let wider = item("contract-wide", &value(&"é".repeat(room / 2 + 1)), &[]);
        assert_eq!(backend.put(&wider, PutMode::Upsert).await.expect_err("one more").kind(), Kind::Invalid);
    }
    if (1..1000).contains(&rules.tags) {
        tag_limits_are_told(backend, value).await;
    }
    if rules.tags == 0 {
        let tagged = item("contract-tagged", &value("v"), &[("t", "1")]);
        let error = backend.put(&tagged, PutMode::Upsert).await.expect_err("tags would be lost");
        assert_eq!(error.kind(), Kind::Invalid);
    }
    for name in ["../up", "a/b", "a.b", "{x}", "a b", "é"] {
        if let Some(bad) = name.parse().ok().filter(|_| rules.items.check("item", name).is_err()) {
            let refused: Result<_, _> = backend.get(&bad, None).await;
            assert_eq!(refused.expect_err("an illegal name").kind(), Kind::Invalid, "{name}");
        }
    }
    clear(backend).await;
}

async fn tag_limits_are_told(backend: &dyn Backend, value: &impl Fn(&str) -> String) {
    let rules = backend.rules();
    let tagged = |count: usize, length: usize| {
        let tags = (0..count).map(|index| (format!("{index:x<length$}"), "é".repeat(length)));
        Item { tags: tags.collect(), ..item("contract-tags", &value("v"), &[]) }
    };
    let full = tagged(rules.tags, rules.tag_length);
    backend.put(&full, PutMode::Upsert).await.expect("as many and as long as allowed");
    let read = backend.get(&full.name, None).await.expect("a read").expect("it is there");
    assert_eq!(read.tags, full.tags);
    for (over, limit) in [(tagged(rules.tags + 1, 1), rules.tags), (tagged(1, rules.tag_length + 1), rules.tag_length)]
    {
        let error = backend.put(&over, PutMode::Upsert).await.expect_err("one more");
        assert_eq!(error.kind(), Kind::Invalid);
        assert!(error.to_string().contains(&limit.to_string()), "{error}");
    }
}

async fn clear(backend: &dyn Backend) {
    for name in names(backend, Filter::default()).await {
        backend.delete(&name.parse().expect("a listed name"), DeleteMode::Purge).await.expect("a delete");
    }
}
