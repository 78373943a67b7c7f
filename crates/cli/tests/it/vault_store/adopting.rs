//! `import zenml-db` where ZenML kept values in the vault of this store: they stay where they are.

use super::house::{backend, patch};
use super::server::Server;
use crate::room::Room;
use crate::vault::Faulty;
use crate::zenml_db::{database, import, known};
use rusqlite::Connection;
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};
use strongroom_core::central::{Secrets, Visibility};
use strongroom_core::{Backend, DeleteMode, Description, Item, PutMode, StoreForm, StoreLayout, Value};
use strongroom_testkit::{Fault, Operation};
use time::OffsetDateTime;
use uuid::Uuid;

const SERVER: &str = "5d7f1c3a-3b1e-4c55-8a58-1f0e9f6d2c11";
const OTHER: &str = "8a0e6a4c-91c5-4f3e-b2de-5d0f9f6f1c7b";

/// A copy of a database of ZenML, and its values in a vault.
struct Site {
    vault: Faulty,
    room: Room,
    url: String,
    /// What ZenML reads, by id.
    values: BTreeMap<Uuid, Json>,
}

impl Site {
    /// ZenML of `version` kept its values in the vault, in that form; strongroom writes in the same.
    fn new(version: &str, form: StoreForm) -> Self {
        let vault = Faulty::start();
        let room = vault.server_room().with("STRONGROOM_SECRETS_STORE_FORMAT", form.as_str());
        let table = if version == "0.44.1" { "identity" } else { "server_settings" };
        let change = format!(
            "CREATE TABLE {table} (id CHAR(32) NOT NULL); INSERT INTO {table} VALUES ('{}');",
            SERVER.replace('-', "")
        );
        let url = database(&room, version, "plain", &change);
        let mut site = Self { vault, room, url, values: BTreeMap::new() };
        site.move_values(version, form);
        site
    }

    fn backend(&self) -> Arc<dyn Backend> {
        backend(self.vault.vault(), &self.room.path("folder"), &[])
    }

    fn sql(&self, text: &str) {
        Connection::open(self.room.path("zenml.db")).unwrap().execute_batch(text).unwrap();
    }

    /// From the database into the vault. 0.44 has no rows of such secrets.
    fn move_values(&mut self, version: &str, form: StoreForm) {
        let known = known(version, "plain");
        let file = Connection::open(self.room.path("zenml.db")).unwrap();
        let columns = match version {
            "0.44.1" => "scope = 'user', workspace_id",
            _ => "private AND NOT internal, user_id",
        };
        let unlike = if version == "0.44.1" { "" } else { " WHERE NOT internal" };
        let sql = format!("SELECT id, name, user_id, {columns} FROM secret{unlike}");
        let mut statement = file.prepare(&sql).unwrap();
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let uuid = |at| row.get::<_, String>(at).unwrap().parse::<Uuid>().unwrap();
            let id = uuid(0);
            let secret = Description {
                id,
                name: row.get::<_, String>(1).unwrap().parse().unwrap(),
                visibility: if row.get(3).unwrap() { Visibility::Private } else { Visibility::Public },
                owner: uuid(2),
                project: uuid(4),
                created: OffsetDateTime::UNIX_EPOCH,
                updated: OffsetDateTime::UNIX_EPOCH + Duration::from_micros(5),
            };
            let values = &known[id.to_string()];
            self.put(&secret, form, values, SERVER);
            self.values.insert(id, values.clone());
        }
        drop(rows);
        drop(statement);
        file.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
        let change = if version == "0.44.1" {
            "DELETE FROM secret"
        } else {
            "UPDATE secret SET \"values\" = NULL WHERE NOT internal"
        };
        file.execute_batch(change).unwrap();
    }

    /// As ZenML writes it.
    fn put(&self, secret: &Description, form: StoreForm, values: &Json, server: &str) {
        let backend = self.backend();
        let values = values.as_object().unwrap().iter();
        let values = values.map(|(key, value)| (key.clone(), Value::text(value.as_str().unwrap()))).collect();
        let layout = StoreLayout::new(backend.rules(), server.parse().unwrap(), form);
        let mut item = layout.encode(secret, &values, Uuid::nil()).unwrap();
        item.tags.shift_remove("strongroom-write");
        self.vault.runtime.block_on(backend.put(&item, PutMode::Upsert)).unwrap();
    }

    fn item(&self, id: Uuid) -> Option<Item> {
        let name = format!("zenml-{id}").parse().unwrap();
        self.vault.runtime.block_on(self.backend().get(&name, None)).unwrap()
    }

    /// A run that must take or find all.
    fn import(&self, more: &[&str], action: &str) -> Json {
        self.vault.faults().clear();
        let (code, report) = import(&self.room, &self.url, more);
        assert_eq!(code, Some(0), "{report}");
        assert_eq!(report["counts"][action], self.values.len(), "{report}");
        assert_eq!(self.vault.faults().count(Operation::Set), 0, "nothing is written there");
        report
    }

    /// Every secret that the administrator may read has ZenML's values.
    fn check(&self, report: &Json) {
        let mut read = 0;
        for secret in report["secrets"].as_array().unwrap() {
            let id = secret["id"].as_str().unwrap();
            let hers = secret["owner"] != "default" && secret["private"] == true;
            if let Some(values) = self.values.get(&id.parse().unwrap()).filter(|_| !hers) {
                assert_eq!(self.room.json(["secret", "get", id])["values"], *values, "{secret}");
                read += 1;
            }
        }
        assert!(read >= 5, "{read}");
    }
}

/// The id of the public secret `plain` in the default project.
fn plain(report: &Json) -> Uuid {
    let mut secrets = report["secrets"].as_array().unwrap().iter();
    let found = secrets.find(|secret| secret["name"] == "plain" && secret["private"] == false && secret["keys"] == 2);
    found.unwrap()["id"].as_str().unwrap().parse().unwrap()
}

#[test]
fn what_is_in_the_vault_is_taken_over_and_stays_there_for_zenml_too() {
    for (version, form) in [("0.98.0", StoreForm::V0_98), ("0.98.0", StoreForm::V0_44), ("0.44.1", StoreForm::V0_44)] {
        let site = Site::new(version, form);
        let room = &site.room;
        site.import(&[], "adopt");
        assert!(!room.home().join("store.db").exists(), "a plan writes nothing");
        let report = site.import(&["--apply"], "adopt");
        site.check(&report);
        site.import(&["--apply"], "same");
        site.import(&["--apply", "--overwrite"], "same");

        let id = plain(&report);
        let word = &*id.to_string();
        let before = site.item(id).unwrap();
        room.succeeds(["secret", "update", word, "--user=bob"]);
        room.succeeds(["secret", "rename", word, "--new-name", "renamed"]);
        let item = site.item(id).unwrap();
        assert_ne!(item.revision, before.revision);
        for (tag, value) in &before.tags {
            let expected = match &**tag {
                "zenml_secret_name" => "renamed",
                "zenml_secret_created" | "zenml_secret_updated" => continue,
                _ => value,
            };
            assert_eq!(item.tags[tag], expected, "{version} {form}");
        }
        let read = |more: &[&str]| room.json(["secret", "get", word].iter().chain(more))["values"]["user"].clone();
        assert_eq!((read(&[]), read(&["--revision", "1"])), ("bob".into(), "ann".into()));
        assert_eq!(room.json(["secret", "history", word]).as_array().map(Vec::len), Some(2));
        room.succeeds(["secret", "rollback", word, "--to", "1", "--yes"]);
        assert_eq!(read(&[]), "ann");
        site.import(&["--apply"], "same");

        room.succeeds(["secret", "delete", word, "--yes"]);
        assert!(site.item(id).is_none());
        assert_eq!(room.json(["audit", "verify"])["broken_at"], Json::Null);
        // 0.98 still has its row
        let (code, report) = import(room, &site.url, &["--apply"]);
        let left = usize::from(version == "0.98.0");
        assert_eq!(
            (code, report["counts"]["external"].as_u64().unwrap_or(0)),
            (Some(left as i32), left as u64),
            "{report}"
        );
    }
}

#[test]
fn what_is_not_there_to_take_is_told_of_with_its_reason() {
    let site = Site::new("0.98.0", StoreForm::V0_98);
    let backend = site.backend();
    let mut ids = site.values.keys().copied();
    let mut next = || ids.next().unwrap();
    let (absent, foreign, torn, untold) = (next(), next(), next(), next());
    let change = |id, change: fn(&mut Item)| {
        let mut item = site.item(id).unwrap();
        change(&mut item);
        site.vault.runtime.block_on(backend.put(&item, PutMode::Upsert)).unwrap();
    };
    let name = format!("zenml-{absent}").parse().unwrap();
    site.vault.runtime.block_on(backend.delete(&name, DeleteMode::Recoverable)).unwrap();
    change(foreign, |item| drop(item.tags.insert("zenml".to_owned(), OTHER.to_owned())));
    change(torn, |item| item.value = r#"{"a": "canary"#.into());
    change(untold, |item| item.tags.clear());
    let (code, report) = import(&site.room, &site.url, &["--apply"]);
    assert_eq!(code, Some(1));
    assert_eq!(report["counts"]["adopt"], site.values.len() - 4, "{report}");
    for (id, action, part) in [
        (absent, "external", "its values are in an external store, and not in `azure` (`strongroom`)".to_owned()),
        (foreign, "external", format!("`zenml-{foreign}` in Azure Key Vault belongs to another central store")),
        (torn, "unreadable", format!("`zenml-{torn}` cannot be read")),
        (untold, "external", "has no tags of a central store".to_owned()),
    ] {
        let secret =
            report["secrets"].as_array().unwrap().iter().find(|secret| secret["id"] == id.to_string()).unwrap();
        assert_eq!(secret["action"], action, "{secret}");
        assert!(secret["problem"].as_str().unwrap().contains(&part), "{secret}");
    }
    assert!(!report.to_string().contains("canary"));
    site.vault.faults().add(Operation::Get, 1, Fault::Refused(403, "SecretDisabled"));
    let (_, disabled) = import(&site.room, &site.url, &[]);
    assert!(disabled.to_string().contains("is disabled"), "{disabled}");
    // the vault is of a server that the database does not know
    site.sql("DROP TABLE server_settings");
    let (_, report) = import(&site.room, &site.url, &[]);
    assert!(report.to_string().contains("the database does not say which server of ZenML it is"), "{report}");
    // and a second server of ZenML is one too many
    site.sql(&format!("CREATE TABLE server_settings AS SELECT '{OTHER}' AS id"));
    let (_, report) = import(&site.room, &site.url, &["--apply"]);
    assert!(report.to_string().contains(&format!("items of another server of ZenML, `{SERVER}`")), "{report}");
    site.vault.faults().add_any(0, 1000, Fault::Status(403, None));
    let (code, said) = import(&site.room, &site.url, &["--apply"]);
    assert_eq!(code, Some(1));
    assert!(said.as_str().unwrap().contains("not allowed"), "{said}");
}

#[test]
fn a_store_elsewhere_or_another_vault_takes_nothing() {
    let site = Site::new("0.44.1", StoreForm::V0_44);
    let (code, report) = import(&site.room, &site.url, &["--secrets-store", "sql"]);
    assert_eq!((code, &report["secrets"]), (Some(0), &Json::Array(vec![])), "0.44 has no rows of them: {report}");
    site.import(&["--apply"], "adopt");
    let (code, said) = import(&site.room, &site.url, &["--apply", "--secrets-store", "sql"]);
    assert_eq!(code, Some(1));
    assert!(said.as_str().unwrap().contains("the values of this store are kept in `azure`"), "{said}");
}

#[test]
fn an_import_that_is_killed_is_finished_by_the_next() {
    let mut site = Site::new("0.98.0", StoreForm::V0_98);
    let file = Connection::open(site.room.path("zenml.db")).unwrap();
    let owner: String = file.query_row("SELECT user_id FROM secret", [], |row| row.get(0)).unwrap();
    for number in 0..60_u128 {
        let (id, name) = (Uuid::from_u128(number + 1), format!("more-{number}"));
        let sql = "INSERT INTO secret SELECT ?, created, updated, ?, 0, 0, NULL, ? FROM secret LIMIT 1";
        file.execute(sql, (id.simple().to_string(), &name, &owner)).unwrap();
        let secret = Description {
            id,
            name: name.parse().unwrap(),
            visibility: Visibility::Public,
            owner: Uuid::nil(),
            project: Uuid::nil(),
            created: OffsetDateTime::UNIX_EPOCH,
            updated: OffsetDateTime::UNIX_EPOCH,
        };
        let values = serde_json::json!({"k": name});
        site.put(&secret, StoreForm::V0_98, &values, SERVER);
        site.values.insert(id, values);
    }
    drop(file);
    let mut cut = 0;
    for least in [1, 20, 40] {
        let mut child = site.room.command(["import", "zenml-db", &site.url, "--apply"]).spawn().unwrap();
        let until = Instant::now() + Duration::from_secs(60);
        while child.try_wait().unwrap().is_none() && taken(&site.room) < least {
            assert!(Instant::now() < until, "it takes nothing");
        }
        child.kill().unwrap();
        child.wait().unwrap();
        cut += usize::from((1..site.values.len()).contains(&taken(&site.room)));
    }
    assert!(cut > 0, "none was killed in the middle");
    let (code, report) = import(&site.room, &site.url, &["--apply"]);
    assert_eq!(code, Some(0), "{report}");
    assert_eq!(taken(&site.room), site.values.len());
    // which is found by reading all of them
    site.import(&["--apply"], "same");
    assert_eq!(site.room.json(["audit", "verify"])["broken_at"], Json::Null);
}

/// How many secrets the store has.
fn taken(room: &Room) -> usize {
    let Ok(file) =
        Connection::open_with_flags(room.home().join("store.db"), rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY)
    else {
        return 0;
    };
    file.query_row("SELECT COUNT(*) FROM secret", [], |row| row.get::<_, u32>(0)).unwrap_or(0) as usize
}

#[test]
fn a_server_that_runs_meanwhile_knows_at_once_what_was_taken_over() {
    for verb in ["get", "update", "delete"] {
        let site = Site::new("0.98.0", StoreForm::V0_98);
        let (server, key) = site.vault.runtime.block_on(Server::found(&site.room));
        let client = server.client(&key);
        let report = site.import(&["--apply"], "adopt");
        let id = plain(&report);
        site.vault.runtime.block_on(async {
            match verb {
                "get" => drop(client.get(id, None).await.unwrap()),
                "update" => drop(client.update(id, patch("user", "bob")).await.unwrap()),
                _ => client.delete(id).await.unwrap(),
            }
        });
        match site.item(id) {
            Some(item) => assert_eq!((&*item.tags["zenml"], verb == "delete"), (SERVER, false)),
            None => assert_eq!(verb, "delete"),
        }
    }
}
