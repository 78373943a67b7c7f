//! Sealed records: only the record itself opens, for its own place, and whatever was changed in it is found out.
#![no_main]

use libfuzzer_sys::fuzz_target;
use strongroom_core::Kind;
use strongroom_core::seal::{is_sealed, key_id, open, seal};
use strongroom_fuzz::{assert_hides, key};

const PLACE: &[&str] = &["a", "place"];

// Twice where the record is changed (2 bytes) and by what, then where it is cut off (2 bytes); the rest is sealed, and taken for
// a record as it is.
fuzz_target!(|bytes: &[u8]| {
    let Some((&[a, b, by, c, d, by_more, e, f], text)) = bytes.split_first_chunk() else { return refuses(bytes) };
    let changes = [(u16::from_le_bytes([a, b]), by), (u16::from_le_bytes([c, d]), by_more)];
    let cut = u16::from_le_bytes([e, f]);
    refuses(text);
    let record = seal(&key(), PLACE, text).expect("randomness");
    assert!(is_sealed(&record) && key_id(&record).is_ok_and(|id| id == key().id()));
    assert!(*open(&key(), PLACE, &record).expect("its own record") == *text, "another text came out");
    assert_eq!(open(&key(), &["ap", "lace"], &record).expect_err("another place").kind(), Kind::Corrupt);

    let mut changed = record.clone();
    for (at, by) in changes {
        let at = usize::from(at) % record.len();
        changed[at] ^= by;
    }
    if changed != record {
        refuses(&changed);
    }
    refuses(&record[..usize::from(cut) % record.len()]);
});

/// No text comes out of what was not sealed, and the message says nothing of the bytes.
fn refuses(record: &[u8]) {
    let error = open(&key(), PLACE, record).expect_err("nobody sealed this");
    assert!(matches!(error.kind(), Kind::Corrupt | Kind::Unsupported));
    assert!(!error.to_string().chars().any(char::is_control));
    assert_hides(&error);
}
