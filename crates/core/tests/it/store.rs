//! The central store's items in Azure Key Vault, as ZenML 0.98 and 0.44 write and read them.

use crate::{AZURE, values, vectors};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::value::RawValue;
use strongroom_core::central::Visibility;
use strongroom_core::{Description, Item, Kind, StoreForm, StoreLayout, Tags};
use time::OffsetDateTime;
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

#[derive(Debug, Deserialize)]
struct Name {
    name: String,
    is_taken: bool,
}

/// What the tags of 0.44 tell; of an item of 0.98, something.
fn described(id: Uuid, tags: &Tags) -> Description {
    Description::told_by(id, tags).unwrap_or_else(|_| Description {
        id,
        name: "any name: it is not told".parse().unwrap(),
        visibility: Visibility::Private,
        owner: Uuid::nil(),
        project: Uuid::nil(),
        created: OffsetDateTime::UNIX_EPOCH,
        updated: OffsetDateTime::UNIX_EPOCH,
    })
}

#[test]
fn what_the_tags_of_0_44_lack_is_named() {
    let case = vectors::<Written>("store/azure-0.44-written.json").remove(0);
    let good: Tags = case.tags.into_iter().collect();
    for tag in good.keys().skip(2) {
        let mut tags = good.clone();
        tags[tag].clear();
        let damaged = Description::told_by(case.id, &tags).unwrap_err();
        tags.shift_remove(tag);
        let missing = Description::told_by(case.id, &tags).unwrap_err();
        for error in [damaged, missing] {
            let expected = (Kind::Corrupt, format!("its tag `{tag}` is missing or damaged"));
            assert_eq!((error.kind(), error.to_string()), expected);
        }
    }
}

#[test]
fn an_item_of_either_generation_is_ours_to_the_byte() {
    for form in [StoreForm::V0_44, StoreForm::V0_98] {
        for case in vectors::<Written>(&format!("store/azure-{form}-written.json")) {
            let secret = described(case.id, &case.tags.iter().cloned().collect());
            let layout = StoreLayout::new(&AZURE, case.server, form);
            let mut item = layout.encode(&secret, &values(&case.values), Uuid::from_u128(7)).unwrap();
            assert_eq!(item.name.as_str(), case.item);
            assert_eq!(item.value.expose_secret(), case.value, "{case:?}");
            assert_eq!(item.content_type.as_deref(), Some(&*case.content_type));
            let (last, _) = item.tags.pop().unwrap();
            assert_eq!(last, "strongroom-write", "the one tag of ours behind");
            assert_eq!(item.tags.into_iter().collect::<Vec<_>>(), case.tags);
            assert_eq!(item.identity.into_iter().collect::<Vec<_>>(), case.tags[..2]);
        }
    }
}

#[test]
fn names_that_0_44_refuses_are_refused_in_its_form() {
    for Name { name, is_taken } in vectors("store/azure-0.44-names.json") {
        // what is no name at all never gets here
        let Ok(parsed) = name.parse() else { continue };
        let secret = Description { name: parsed, ..described(Uuid::nil(), &Tags::new()) };
        let encode = |form| StoreLayout::new(&AZURE, Uuid::nil(), form).encode(&secret, &values(&[]), Uuid::nil());
        encode(StoreForm::V0_98).unwrap();
        match encode(StoreForm::V0_44) {
            Ok(_) => assert!(is_taken, "{name}"),
            Err(error) => {
                assert_eq!((is_taken, error.kind()), (false, Kind::Invalid), "{name}: {error}");
                assert!(error.to_string().ends_with("is no name for ZenML 0.44 in Azure Key Vault"), "{error}");
            }
        }
    }
}

#[test]
fn what_either_generation_wrote_is_read() {
    for file in ["store/azure-0.98-written.json", "store/azure-0.44-written.json"] {
        for case in vectors::<Written>(file) {
            let tags: Tags = case.tags.iter().cloned().collect();
            let layout = StoreLayout::new(&AZURE, case.server, StoreForm::V0_98);
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
        let layout = StoreLayout::new(&AZURE, case.server, StoreForm::V0_98);
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
        let layout = StoreLayout::new(&AZURE, case.server, StoreForm::V0_98);
        let tags: Tags = case.tags.into_iter().collect();
        let item = Item::new(layout.item_name(case.id), SecretString::from(case.value), tags);
        assert_eq!(layout.decode(case.id, &item).unwrap(), values(&expected), "{}", case.shows);
    }
}
