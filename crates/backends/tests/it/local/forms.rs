//! ZenML's form, against files that ZenML wrote, and the sealed form.

use super::{Room, configuration, files, name, secret, set};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use secrecy::ExposeSecret;
use serde::Deserialize;
use std::fs;
use std::path::PathBuf;
use strongroom_core::{Item, Kind, PutMode, Schema, Secret, SecretName, Tags, Updated, Value, Values, write_values};

#[derive(Deserialize)]
struct OfZenml {
    file: String,
    secrets: Vec<Stored>,
}

#[derive(Deserialize)]
struct Stored {
    name: String,
    schema: String,
    content: Vec<(String, serde_json::Value)>,
}

impl Stored {
    /// The secret, if its name is one that any service takes.
    fn secret(&self) -> Option<Secret> {
        let name: SecretName = self.name.parse().ok()?;
        let values = self.content.iter().map(|(key, value)| match value {
            serde_json::Value::String(text) => (key.clone(), Value::text(text)),
            other => (key.clone(), Value::Json(other.to_string().into())),
        });
        Some(Secret { name, schema: Schema::stored(&self.schema), values: values.collect() })
    }
}

fn vectors() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../vectors/local")
}

fn of_zenml() -> Vec<OfZenml> {
    serde_json::from_str(&fs::read_to_string(vectors().join("files.json")).unwrap()).unwrap()
}

#[tokio::test]
async fn files_of_zenml_are_read() {
    for OfZenml { file, secrets } in of_zenml() {
        let room = Room::new();
        let path = room.home().join("secrets.yaml");
        fs::copy(vectors().join(&file), &path).unwrap();
        let manager = room.manager(&[("secrets_file", path.to_str().unwrap())]);
        let expected: Vec<_> = secrets.iter().filter_map(Stored::secret).collect();
        let mut names: Vec<_> = expected.iter().map(|secret| secret.name.clone()).collect();
        names.sort();
        assert_eq!(manager.list().await.unwrap(), names, "{file}");
        for secret in expected {
            let found = manager.require(&secret.name).await.unwrap();
            assert_eq!(found.schema, secret.schema, "{file} {}", secret.name);
            let pairs = |values: &Values| {
                let mut pairs: Vec<_> =
                    values.iter().map(|(key, value)| (key.to_owned(), value.expose().to_owned())).collect();
                pairs.sort();
                pairs
            };
            assert_eq!(pairs(&found.values), pairs(&secret.values), "{file} {}", secret.name);
            let again = manager.update(&secret.name, &|values| Ok(values)).await.unwrap();
            assert_eq!(again, Updated::Unchanged, "{file} {}", secret.name);
        }
    }
}

#[tokio::test]
async fn files_are_written_to_the_byte_of_zenml() {
    let mut whole = 0;
    for OfZenml { file, secrets } in of_zenml() {
        let expected = fs::read_to_string(vectors().join(&file)).unwrap();
        let room = Room::new();
        let manager = room.plain();
        for secret in secrets.iter().filter_map(Stored::secret) {
            manager.register(&secret).await.unwrap();
        }
        if secrets.iter().all(|stored| stored.secret().is_some()) && !secrets.is_empty() {
            assert_eq!(fs::read_to_string(room.file()).unwrap(), expected, "{file}");
            whole += 1;
        }
        // a file that is there: add one and take it away again
        let path = room.home().join("copy.yaml");
        fs::copy(vectors().join(&file), &path).unwrap();
        let manager = room.manager(&[("secrets_file", path.to_str().unwrap())]);
        manager.register(&secret("~added", &[("k", "v")])).await.unwrap();
        assert_ne!(fs::read_to_string(&path).unwrap(), expected, "{file}");
        assert!(manager.delete(&name("~added")).await.unwrap());
        let expected = if expected == "{}" { "{}\n" } else { &expected };
        assert_eq!(fs::read_to_string(&path).unwrap(), expected, "{file}");
    }
    assert!(whole >= 5, "{whole}");
}

#[tokio::test]
async fn typed_values_become_text_and_nulls_go_as_in_zenml() {
    let room = Room::new();
    let json = |text: &str| Value::Json(text.to_owned().into());
    let values =
        [("yes", json("true")), ("number", json("1.0")), ("nothing", json("null")), ("text", Value::text("t"))];
    let values: Values = values.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
    let secret = Secret::new(name("one"), Schema::ARBITRARY, values).unwrap();
    room.plain().register(&secret).await.unwrap();
    let expected = "one:\n  number: MS4w\n  text: dA==\n  'yes': VHJ1ZQ==\n  zenml_schema_name: arbitrary\n";
    assert_eq!(fs::read_to_string(room.file()).unwrap(), expected);
}

#[tokio::test]
async fn the_sealed_form_gives_back_what_it_got_and_shows_nothing() {
    let room = Room::new();
    let manager = room.sealed();
    assert_eq!(manager.get(&name("one")).await.unwrap(), None);
    assert_eq!(manager.list().await.unwrap(), []);
    assert!(!manager.delete(&name("one")).await.unwrap());
    assert!(files(room.home()).is_empty(), "asking makes no file");

    let canary = "canary-d41d8cd98f";
    let json = |text: &str| Value::Json(text.to_owned().into());
    let values =
        [("z", Value::text(canary)), ("a", json("true")), ("n", json("1e+16")), ("l", json(r#"["canary-list"]"#))];
    let values: Values = values.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
    let one = Secret::new(name("one"), Schema::ARBITRARY, values).unwrap();
    manager.register(&one).await.unwrap();
    let two = secret("tw\u{f6}", &[]);
    manager.register(&two).await.unwrap();
    assert_eq!(room.sealed().require(&one.name).await.unwrap(), one, "types and order stay");
    assert_eq!(manager.require(&two.name).await.unwrap(), two);
    assert_eq!(manager.list().await.unwrap(), [one.name.clone(), two.name]);
    assert_eq!(manager.update(&one.name, &set("z", "new")).await.unwrap(), Updated::Written);
    assert_eq!(manager.update(&one.name, &set("z", canary)).await.unwrap(), Updated::Written);
    assert_eq!(manager.register(&one).await.unwrap_err().kind(), Kind::AlreadyExists);

    let encoded = [canary.to_owned(), BASE64_STANDARD.encode(canary), BASE64_STANDARD.encode(format!("x{canary}"))];
    for (path, bytes) in files(room.home()) {
        let text = String::from_utf8_lossy(&bytes);
        // the middle of the base64 of a text does not depend on what stands before, up to three cases
        let spelled = encoded.iter().map(|it| &it[4..it.len() - 4]).chain(["canary-list", "zenml"]);
        for canary in spelled {
            assert!(!text.contains(canary), "{canary} is in {}", path.display());
        }
    }
    assert!(manager.delete(&one.name).await.unwrap());
    assert_eq!(manager.get(&one.name).await.unwrap(), None);
}

#[tokio::test]
async fn a_file_keeps_its_form() {
    let room = Room::new();
    room.plain().register(&secret("one", &[("k", "v")])).await.unwrap();
    room.sealed().register(&secret("two", &[("k", "v")])).await.unwrap();
    assert!(fs::read_to_string(room.file()).unwrap().starts_with("one:\n  k: dg==\n"));
    assert!(!room.key_file().exists(), "no key is made for a file that needs none");

    let room = Room::new();
    room.sealed().register(&secret("one", &[("k", "v")])).await.unwrap();
    room.plain().register(&secret("two", &[("k", "v")])).await.unwrap();
    assert!(fs::read(room.file()).unwrap().starts_with(b"strongroom-seal"));
    assert_eq!(room.plain().list().await.unwrap().len(), 2);
}

#[tokio::test]
async fn both_forms_keep_the_contract() {
    // ZenML's form holds secrets only, as layouts spell them
    let value = |text: &str| {
        let values = Values::from_iter([("k".to_owned(), Value::text(text))]);
        write_values(&values, &[("zenml_schema_name", "arbitrary")]).expose_secret().to_owned()
    };
    for attributes in [&[][..], &[("sealed", "false")]] {
        let (first, second) = (Room::new(), Room::new());
        strongroom_testkit::backend_contract(&*first.backend(attributes), value).await;
        strongroom_testkit::random_operations(&*second.backend(attributes), value, 1000, 0x5eed).await;
    }
    let room = Room::new();
    strongroom_testkit::backend_contract(&*room.backend(&[]), str::to_owned).await;
}

#[tokio::test]
async fn a_file_has_no_earlier_writes() {
    for attributes in [&[][..], &[("sealed", "false")]] {
        let room = Room::new();
        let backend = room.backend(attributes);
        let item = |key: &str| {
            let value = format!(r#"{{"{key}": "v", "zenml_schema_name": "arbitrary"}}"#);
            Item::new("one".parse().unwrap(), value.into(), Tags::new())
        };
        let first = backend.put(&item("a"), PutMode::Create).await.unwrap();
        let name = "one".parse().unwrap();
        assert!(backend.get(&name, Some(&first)).await.unwrap().is_some());
        backend.put(&item("b"), PutMode::Replace(&first)).await.unwrap();
        assert!(backend.get(&name, Some(&first)).await.unwrap().is_none());
    }
}

#[test]
fn attributes_are_checked_without_touching_a_file() {
    let check = strongroom_backends::flavor("local").unwrap().check;
    check(&configuration(&[("secrets_file", "/nowhere/x.yaml"), ("sealed", "no"), ("scope", "none")])).unwrap();
    for (bad, named) in [("secret_file", "secret_file"), ("key_vault_name", "key_vault_name")] {
        let error = check(&configuration(&[(bad, "x")])).unwrap_err();
        assert_eq!(error.kind(), Kind::Invalid);
        assert!(error.to_string().contains(named), "{error}");
    }
    assert!(check(&configuration(&[("sealed", "perhaps")])).unwrap_err().to_string().contains("`sealed`"));
}
