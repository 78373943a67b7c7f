//! The central store's items in Azure Key Vault, as ZenML 0.98 and 0.44 write and read them.

use crate::{AZURE, values, vectors};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::value::RawValue;
use strongroom_core::{Item, StoreLayout, Tags};
use uuid::Uuid;

#[derive(Debug, Deserialize)]
struct Written {
    server: Uuid,
    id: Uuid,
    values: Vec<(String, Box<RawValue>)>,
    item: String,
    value: String,
    content_type: String,
    tags: Vec<(String, String)>,
}

#[derive(Debug, Deserialize)]
struct Read {
    shows: String,
    server: Uuid,
    id: Uuid,
    value: String,
    tags: Vec<(String, String)>,
    values: Option<Vec<(String, Box<RawValue>)>>,
}

#[test]
fn an_item_of_0_98_is_ours_to_the_byte() {
    for case in vectors::<Written>("store/azure-0.98-written.json") {
        let layout = StoreLayout::new(&AZURE, case.server);
        let item = layout.encode(case.id, &values(&case.values), Uuid::from_u128(7)).unwrap();
        assert_eq!(item.name.as_str(), case.item);
        assert_eq!(item.value.expose_secret(), case.value, "{case:?}");
        assert_eq!(item.content_type.as_deref(), Some(&*case.content_type));
        let theirs: Vec<_> = item.identity.into_iter().collect();
        assert_eq!(theirs, case.tags, "and the one tag of ours behind");
        assert_eq!(item.tags.len(), case.tags.len() + 1);
    }
}

#[test]
fn what_either_generation_wrote_is_read() {
    for file in ["store/azure-0.98-written.json", "store/azure-0.44-written.json"] {
        for case in vectors::<Written>(file) {
            let tags: Tags = case.tags.iter().cloned().collect();
            let layout = StoreLayout::new(&AZURE, case.server);
            assert_eq!(layout.item_name(case.id).as_str(), case.item);
            let item = Item::new(layout.item_name(case.id), SecretString::from(case.value.clone()), tags);
            assert_eq!(layout.decode(case.id, &item).unwrap(), values(&case.values), "{file}: {case:?}");
            assert_eq!(layout.write_of(&item.tags), None);
        }
    }
}

#[test]
fn what_0_98_reads_is_read_and_what_it_refuses_is_refused() {
    for case in vectors::<Read>("store/azure-0.98-reads.json") {
        let layout = StoreLayout::new(&AZURE, case.server);
        let tags: Tags = case.tags.into_iter().collect();
        let item = Item::new(layout.item_name(case.id), SecretString::from(case.value), tags);
        let found = layout.decode(case.id, &item).ok();
        assert_eq!(found, case.values.as_deref().map(values), "{}", case.shows);
    }
}

#[test]
fn whatever_0_44_reads_is_read() {
    for case in vectors::<Read>("store/azure-0.44-reads.json") {
        let Some(expected) = case.values else { continue };
        let layout = StoreLayout::new(&AZURE, case.server);
        let tags: Tags = case.tags.into_iter().collect();
        let item = Item::new(layout.item_name(case.id), SecretString::from(case.value), tags);
        assert_eq!(layout.decode(case.id, &item).unwrap(), values(&expected), "{}", case.shows);
    }
}
