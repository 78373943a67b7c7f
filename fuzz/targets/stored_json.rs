//! The JSON that a vault keeps of a secret: what is read is written back, and read back the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use secrecy::ExposeSecret;
use strongroom_core::{
    Configuration, Item, ManagerLayout, NameRule, Owner, Rules, Tags, Unscoped, Values, parse_values, write_values,
};
use strongroom_fuzz::{CANARY, assert_hides, with_canary};

fuzz_target!(|text: &str| {
    reads_what_it_writes(text);
    decodes_what_it_encodes(text);
    tells_nothing(&with_canary(text));
});

fn reads_what_it_writes(text: &str) {
    let Ok(values) = parse_values("its value", &text.into()) else { return };
    let written = write_values(&values, &[]);
    let again = parse_values("its value", &written).expect("what was written can be read");
    assert!(values.keys().eq(again.keys()), "keys changed, or their order");
    for (key, value) in values.iter().filter(|(_, value)| !value.is_nested()) {
        assert!(again.get(key) == Some(value), "a value changed");
    }
    // lists and maps are spaced as Python does, once
    assert_eq!(write_values(&again, &[]).expose_secret(), written.expose_secret());
}

fn decodes_what_it_encodes(text: &str) {
    let (layout, name) = (layout(), "s".parse().expect("a name"));
    let item = Item::new("s".parse().expect("a name"), text.into(), Tags::new());
    let Ok(secret) = layout.decode(&name, &item) else { return };
    let encoded = layout.encode(&secret, Some(&item)).expect("a service without limits");
    let again = layout.decode(&name, &encoded).expect("what was encoded can be decoded");
    let reencoded = layout.encode(&again, None).expect("a service without limits");
    assert_eq!(again.schema.name(), secret.schema.name());
    assert_eq!(reencoded.value.expose_secret(), encoded.value.expose_secret());
}

fn tells_nothing(text: &str) {
    let item = Item::new("s".parse().expect("a name"), text.into(), Tags::new());
    let error = match parse_values("its value", &item.value) {
        Err(error) => return assert_hides(&error),
        Ok(values) if names_canary(&values) => return,
        Ok(_) => layout().decode(&"s".parse().expect("a name"), &item).err(),
    };
    error.iter().for_each(assert_hides);
}

/// Whether the canary stands where a name does: in a key, or as the schema.
fn names_canary(values: &Values) -> bool {
    let schema = values.get("zenml_schema_name").is_some_and(|schema| schema.expose().contains(CANARY));
    schema || values.keys().any(|key| key.contains(CANARY))
}

fn layout() -> ManagerLayout {
    static RULES: Rules = Rules {
        service: "a service without limits",
        scopes: true,
        separator: '-',
        names: NameRule { legal: |_| true, words: "", longest: 255 },
        items: NameRule { legal: |_| true, words: "", longest: 255 },
        folds_case: false,
        value_bytes: usize::MAX,
        tags: usize::MAX,
        tag_length: usize::MAX,
        compare_and_set: false,
        unscoped: Unscoped::Whole,
    };
    let global = Configuration::from_iter([("scope".to_owned(), "global".to_owned())]);
    ManagerLayout::new(&RULES, &global, Owner { id: uuid::Uuid::nil(), name: "m".into() }).expect("a layout")
}
