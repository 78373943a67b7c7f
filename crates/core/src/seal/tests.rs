use super::*;
use serde::Deserialize;
use std::ops::Range;

#[derive(Deserialize)]
struct Case {
    what: String,
    key: String,
    key_id: String,
    context: Vec<String>,
    text: String,
    salt: String,
    data_key: String,
    nonce: String,
    record: String,
}

fn cases() -> Vec<Case> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../vectors/seal/records.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn bytes<const N: usize>(text: &str) -> [u8; N] {
    hex::decode(text).unwrap().try_into().unwrap()
}

#[test]
fn records_are_those_of_another_implementation() {
    let cases = cases();
    assert!(cases.len() >= 5);
    for case in cases {
        let key = Key::from_text(&case.key).unwrap();
        assert_eq!(key.id(), case.key_id);
        assert_eq!(key.to_text().trim_end(), case.key);
        let context: Vec<_> = case.context.iter().map(String::as_str).collect();
        let (salt, data_key, nonce) = (bytes(&case.salt), Zeroizing::new(bytes(&case.data_key)), bytes(&case.nonce));
        let text = hex::decode(&case.text).unwrap();
        let record = seal_with(&key, &context, &text, &Chance { salt, data_key, nonce });
        assert_eq!(hex::encode(&record), case.record, "{}", case.what);
        assert_eq!(*open(&key, &context, &record).unwrap(), text, "{}", case.what);
    }
}

fn refusal(key: &Key, context: &[&str], record: &[u8]) -> (Kind, String) {
    let error = open(key, context, record).unwrap_err();
    (error.kind(), error.to_string())
}

#[test]
fn every_flipped_bit_is_found_and_named() {
    let key = Key::generate().unwrap();
    let record = seal(&key, &["a"], b"text").unwrap();
    let fields: &[(&str, Range<usize>, &str)] = &[
        ("magic", 0..15, "not a sealed record"),
        ("format", 15..16, "format"),
        ("key id", 16..24, "sealed with key"),
        ("salt", 24..40, "the head of the sealed record was changed"),
        ("wrapped", 40..120, "the head of the sealed record was changed"),
        ("nonce", 120..132, "the sealed record was changed"),
        ("body", 132..212, "the sealed record was changed"),
    ];
    assert_eq!(record.len(), 212);
    for (field, range, expected) in fields {
        for at in range.clone() {
            for bit in 0..8 {
                let mut changed = record.clone();
                changed[at] ^= 1 << bit;
                let (kind, message) = refusal(&key, &["a"], &changed);
                // without its lowest bit the format is 0, which never was
                let expected = if *field == "format" && bit == 0 { "damaged" } else { expected };
                assert!(message.contains(expected), "{field} {at}: {message}");
                let newer = *field == "format" && bit != 0;
                assert_eq!(kind, if newer { Kind::Unsupported } else { Kind::Corrupt }, "{field} {at}");
            }
        }
    }
    for length in 0..record.len() {
        assert!(open(&key, &["a"], &record[..length]).is_err(), "cut off at {length}");
    }
}

#[test]
fn another_key_and_another_place_are_told_apart() {
    let (key, other) = (Key::generate().unwrap(), Key::generate().unwrap());
    let record = seal(&key, &["a", "b"], b"text").unwrap();
    let named = format!("sealed with key `{}`; this is key `{}`", key.id(), other.id());
    assert_eq!(refusal(&other, &["a", "b"], &record), (Kind::Corrupt, named));
    for context in [&["a", "c"][..], &["ab"], &["a", "b", ""], &["", "a", "b"], &[]] {
        let elsewhere = (Kind::Corrupt, "the sealed record belongs to another place".to_owned());
        assert_eq!(refusal(&key, context, &record), elsewhere, "{context:?}");
    }
    assert_eq!(key_id(&record).unwrap(), key.id());
}

#[test]
fn lengths_come_in_blocks_and_nothing_repeats() {
    let key = Key::generate().unwrap();
    for length in [0, 1, 63, 64, 127, 128] {
        let text = vec![0; length]; // zeros, as the padding ends in
        let record = seal(&key, &[], &text).unwrap();
        assert_eq!(record.len(), BODY + (length / 64 + 1) * 64 + TAG);
        assert_eq!(*open(&key, &[], &record).unwrap(), text);
        assert_ne!(seal(&key, &[], &text).unwrap()[24..], record[24..]);
    }
}

#[test]
fn a_key_shows_its_id_and_damaged_keys_show_nothing() {
    let key = Key::generate().unwrap();
    let text = key.to_text();
    assert_eq!(format!("{key:?}"), format!("Key({:?})", key.id()));
    assert_eq!(Key::from_text(&text).unwrap().id(), key.id());
    let secret = text.trim_end().strip_prefix("strongroom-key-1:").unwrap();
    let long = format!("strongroom-key-1:{}", "A".repeat(400));
    for bad in [&text[..text.len() - 3], secret, "", &long, "strongroom-key-1:AAAA", "strongroom-key-2:AAAA"] {
        let error = Key::from_text(bad).unwrap_err();
        assert_eq!(error.kind(), Kind::Corrupt);
        assert!(!format!("{error:?}").contains(&secret[..8]), "{error:?}");
    }
    assert_eq!(key.fingerprint(b"a"), key.fingerprint(b"a"));
    assert_ne!(key.fingerprint(b"a"), Key::generate().unwrap().fingerprint(b"a"));
}

#[test]
fn each_of_several_keys_opens_what_it_sealed_and_another_is_named() {
    let (old, new, other) = (Key::generate().unwrap(), Key::generate().unwrap(), Key::generate().unwrap());
    let (ids, foreign) = ([new.id(), old.id()], seal(&other, &["a"], b"text").unwrap());
    let sealed = [seal(&new, &["a"], b"new").unwrap(), seal(&old, &["a"], b"old").unwrap()];
    let keys = Keys::from_text(&format!("{}\n{}", &*new.to_text(), &*old.to_text())).unwrap();
    assert_eq!((keys.ids(), keys.newest().id()), (ids.to_vec(), ids[0].clone()));
    assert_eq!(*Keys::from_text(&keys.to_text()).unwrap().to_text(), *keys.to_text());
    assert_eq!(*keys.open(&["a"], &sealed[0]).unwrap(), *b"new");
    assert_eq!(*keys.open(&["a"], &sealed[1]).unwrap(), *b"old");
    let error = keys.open(&["a"], &foreign).unwrap_err();
    let named = format!("sealed with key `{}`; there are the keys `{}`, `{}`", other.id(), ids[0], ids[1]);
    assert_eq!((error.kind(), error.to_string()), (Kind::Corrupt, named));
}

#[test]
fn a_key_file_that_is_no_more_whole_is_refused_at_every_length() {
    let (old, new) = (Key::generate().unwrap(), Key::generate().unwrap());
    let text = [new.to_text().as_str(), old.to_text().as_str()].concat();
    let line = new.to_text().len();
    for length in 0..text.len() - 1 {
        let read = Keys::from_text(&text[..length]);
        // one whole line is one whole key
        assert_eq!(read.is_ok(), length == line || length == line - 1, "cut off at {length}");
    }
    let twice = [new.to_text().as_str(), new.to_text().as_str()].concat();
    assert_eq!(Keys::from_text(&twice).unwrap_err().to_string(), "the same key is there twice");
}
