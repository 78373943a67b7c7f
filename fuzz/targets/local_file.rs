//! The secrets file of the `local` flavor, in ZenML's YAML and sealed: what is read is written back, and read back the same.
#![no_main]

#[path = "../../crates/backends/src/local/plain.rs"]
#[allow(dead_code)]
mod plain;
#[path = "../../crates/backends/src/local/sealed.rs"]
#[allow(dead_code)]
mod sealed;

use libfuzzer_sys::fuzz_target;
use plain::Plain;
use sealed::Sealed;
use secrecy::ExposeSecret;
use strongroom_core::Kind;
use strongroom_core::seal;
use strongroom_fuzz::{CANARY, assert_hides, key, with_canary};

fuzz_target!(|bytes: &[u8]| {
    plain_reads_what_it_writes(bytes);
    sealed_reads_what_it_writes(bytes);
    if let Ok(text) = std::str::from_utf8(bytes) {
        tells_nothing(&with_canary(text));
    }
});

fn plain_reads_what_it_writes(bytes: &[u8]) {
    let Ok(file) = Plain::read(bytes) else { return };
    let written = file.write();
    let again = Plain::read(&written).expect("what was written can be read");
    assert!(file.names().eq(again.names()), "a name changed");
    assert!(*again.write() == *written, "a rewrite changes nothing");
    let mut copy = Plain::default();
    for name in file.names() {
        let (before, after) = (file.get(name), again.get(name));
        assert_eq!(before.is_ok(), after.is_ok());
        let (Ok(Some(before)), Ok(Some(after))) = (before, after) else { continue };
        assert!(before.expose_secret() == after.expose_secret(), "a value changed");
        copy.set(name, &before).expect("what the file gave can be put into a file");
        let copied = copy.get(name).expect("readable").expect("there");
        assert!(copied.expose_secret() == before.expose_secret(), "a value changed on its way to another file");
    }
}

fn sealed_reads_what_it_writes(text: &[u8]) {
    let record = seal::seal(&key(), &["local secrets file"], text).expect("randomness");
    let Ok(file) = Sealed::read(&record, key()) else { return };
    let again = Sealed::read(&file.write().expect("randomness"), key()).expect("what was written can be read");
    assert!(file.names().eq(again.names()), "a name changed");
    for name in file.names() {
        let value = |file: &Sealed| file.get(name).map(|value| value.expose_secret().to_owned());
        assert!(value(&file) == value(&again), "a value changed");
    }
}

fn tells_nothing(text: &str) {
    let record = seal::seal(&key(), &["local secrets file"], text.as_bytes()).expect("randomness");
    Sealed::read(&record, key()).err().iter().for_each(assert_hides);
    let file = match Plain::read(text.as_bytes()) {
        Ok(file) => file,
        Err(error) => {
            assert_eq!(error.kind(), Kind::Corrupt);
            return assert_hides(&error);
        }
    };
    // names and keys may be told
    if !format!("{file:?}").contains(CANARY) {
        file.names().filter_map(|name| file.get(name).err()).for_each(|error| assert_hides(&error));
    }
}
