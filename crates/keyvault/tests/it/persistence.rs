//! What a folder keeps: over a stop, over a kill, and from a second server.

use std::path::Path;
use std::time::Duration;

use serde_json::json;
use strongroom_core::Kind;
use strongroom_keyvault::{Options, Storage, Timing, start};

use crate::client::Room;

fn options(folder: &Path) -> Options {
    Options { storage: Storage::Directory(folder.to_owned()), ..Options::default() }
}

#[tokio::test]
async fn a_stop_keeps_everything() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join("new").join("vaults");
    let room = Room::with(options(&home)).await;
    let version = room.put("My-S", "v").await;
    room.send("PATCH", "/secrets/my-s/", json!({ "tags": { "a": "b" } })).await.ok();
    room.put("gone", "v").await;
    room.call("DELETE", "/secrets/gone").await.ok();
    let (tenant, client) = (room.running.tenant_id().to_owned(), room.running.client_id().to_owned());
    let (http, token) = (room.http.clone(), room.token.clone());
    room.running.stop().await.unwrap();

    let again = Room::with(options(&home)).await;
    assert_eq!((again.running.tenant_id(), again.running.client_id()), (&*tenant, &*client));
    // The old client still trusts the new certificate, and its token is still good.
    let again = Room { http, token, ..again };
    let got = again.call("GET", "/secrets/my-s").await.ok();
    assert_eq!(got["id"], format!("{}/secrets/My-S/{version}", again.url()));
    assert_eq!((&got["value"], &got["tags"]), (&json!("v"), &json!({ "a": "b" })));
    again.call("GET", "/deletedsecrets/gone").await.ok();
}

/// The server of the test below, in a process of its own.
#[tokio::test]
#[ignore = "started by a_kill_loses_nothing_acknowledged, which kills it"]
async fn serve_until_killed() {
    let folder = std::env::var_os(FOLDER).expect("the parent names the folder");
    let room = Room::with(options(Path::new(&folder))).await;
    let whereabouts = json!({ "url": room.url(), "token": room.token });
    std::fs::write(Path::new(&folder).join("ready.part"), whereabouts.to_string()).unwrap();
    std::fs::rename(Path::new(&folder).join("ready.part"), Path::new(&folder).join("ready")).unwrap();
    std::future::pending::<()>().await;
}

const FOLDER: &str = "STRONGROOM_TEST_FOLDER";

/// A process is killed while eight clients write; then everything that was acknowledged is there.
#[tokio::test]
async fn a_kill_loses_nothing_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let ready = folder.path().join("ready");
    let mut acknowledged = vec![];
    for round in 0..3 {
        let mut child = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "persistence::serve_until_killed", "--ignored"])
            .env(FOLDER, folder.path())
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap();
        while !ready.exists() {
            assert!(child.try_wait().unwrap().is_none(), "the server did not start");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let at: serde_json::Value = serde_json::from_slice(&std::fs::read(&ready).unwrap()).unwrap();
        let pem = std::fs::read(folder.path().join("ca.pem")).unwrap();
        let trusted = [reqwest::Certificate::from_pem(&pem).unwrap()];
        let http = reqwest::Client::builder().tls_certs_only(trusted).no_proxy().build().unwrap();
        let writers: Vec<_> = (0..8)
            .map(|writer| {
                let (http, at) = (http.clone(), at.clone());
                tokio::spawn(async move {
                    let mut written = vec![];
                    for n in 0.. {
                        let name = format!("s-{round}-{writer}-{n}");
                        let url = format!("{}/secrets/{name}?{}", at["url"].as_str().unwrap(), crate::client::API);
                        let body = json!({ "value": name, "tags": { "n": name } });
                        let put = http.put(url).bearer_auth(at["token"].as_str().unwrap()).json(&body);
                        match put.send().await {
                            Ok(answer) if answer.status() == 200 => written.push(name),
                            _ => break,
                        }
                    }
                    written
                })
            })
            .collect();
        tokio::time::sleep(Duration::from_millis(300)).await;
        child.kill().unwrap();
        child.wait().unwrap();
        std::fs::remove_file(&ready).unwrap();
        for writer in writers {
            acknowledged.extend(writer.await.unwrap());
        }
    }
    assert!(acknowledged.len() > 20, "{acknowledged:?}");
    let room = Room::with(options(folder.path())).await;
    for name in acknowledged {
        let got = room.call("GET", &format!("/secrets/{name}")).await.ok();
        assert_eq!((&got["value"], &got["tags"]["n"]), (&json!(name), &json!(name)));
    }
}

#[tokio::test]
async fn a_dropped_server_frees_its_folder() {
    let folder = tempfile::tempdir().unwrap();
    let room = Room::with(options(folder.path())).await;
    room.put("s", "v").await;
    drop(room.running);
    // The tasks of its connections end a moment later.
    let again = loop {
        match start(options(folder.path())).await {
            Ok(running) => break Room::of(running),
            Err(error) => assert_eq!(error.kind(), Kind::Conflict),
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    };
    again.call("GET", "/secrets/s").await.ok();
}

#[tokio::test]
async fn windows_and_vaults_survive_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let timing = Timing { delete: Duration::from_secs(3600), ..Timing::default() };
    let names = |names: &[&str]| names.iter().map(|name| name.parse().unwrap()).collect::<Vec<_>>();
    let room = Room::with(Options { timing, vaults: names(&["one", "two"]), ..options(folder.path()) }).await;
    room.put("s", "v").await;
    room.call("DELETE", "/secrets/s").await.ok();
    room.running.stop().await.unwrap();
    let again = Room::with(Options { vaults: names(&["two", "one"]), ..options(folder.path()) }).await;
    assert_eq!(again.call("GET", "/secrets/s").await.status, 404, "two, now first, is still empty");
    let one = format!("{}/secrets/s?{}", again.running.vaults()[1].url, crate::client::API);
    let write = again.http.put(one).bearer_auth(&again.token).json(&json!({ "value": "w" }));
    assert_eq!(crate::client::Answer::of(write).await.refusal().2, "ObjectIsBeingDeleted");
}

#[tokio::test]
async fn a_second_server_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let first = Room::with(options(folder.path())).await;
    let refused = start(options(folder.path())).await.err().unwrap();
    assert_eq!(refused.kind(), Kind::Conflict);
    assert!(refused.to_string().starts_with("another Key Vault server uses"), "{refused}");
    first.put("s", "v").await;
    first.running.stop().await.unwrap();
    start(options(folder.path())).await.unwrap();
}

#[tokio::test]
async fn a_taken_address_is_named() {
    let room = Room::open().await;
    let listen = crate::client::socket(room.url());
    let refused = start(Options { listen, ..Options::default() }).await.err().unwrap();
    assert_eq!((refused.kind(), refused.to_string()), (Kind::Conflict, format!("cannot listen on `{listen}`")));
}

#[tokio::test]
async fn bad_names_for_the_certificate_are_refused() {
    let dns_names = vec!["käse.example".to_owned()];
    let refused = start(Options { dns_names, ..Options::default() }).await.err().unwrap();
    assert_eq!(refused.kind(), Kind::Invalid);
}

#[tokio::test]
async fn a_folder_without_its_key_is_not_opened() {
    let folder = tempfile::tempdir().unwrap();
    let room = Room::with(options(folder.path())).await;
    room.put("s", "v").await;
    room.running.stop().await.unwrap();
    std::fs::remove_file(folder.path().join("identity.json")).unwrap();
    let refused = start(options(folder.path())).await.err().unwrap();
    assert_eq!(refused.kind(), Kind::Corrupt);
    assert!(refused.hint().is_some());
}

#[cfg(unix)]
#[tokio::test]
async fn files_are_private_and_hold_no_value_in_clear() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join("vaults");
    let room = Room::with(options(&home)).await;
    room.put("s", "canary-value").await;
    room.put("s", "canary-value").await;
    room.call("POST", "/secrets/s/backup").await.ok();
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&home), 0o700);
    let mut seen = 0;
    for entry in std::fs::read_dir(&home).unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(mode(&path), 0o600, "{path:?}");
        let bytes = std::fs::read(&path).unwrap();
        assert!(!bytes.windows(12).any(|window| window == b"canary-value"), "{path:?}");
        seen += 1;
    }
    assert!(seen >= 5, "lock, identity, certificate, database and its log: {seen}");
}

#[tokio::test]
async fn nothing_secret_is_shown() {
    use secrecy::ExposeSecret;
    let room = Room::open().await;
    let shown = format!("{:?}", room.running);
    assert!(!shown.contains(room.running.client_secret().expose_secret()), "{shown}");
    assert!(shown.contains("strongroom"));
}

/// A request that is under way at a stop is answered, and nothing is accepted afterwards.
#[tokio::test]
async fn a_stop_lets_requests_finish() {
    let folder = tempfile::tempdir().unwrap();
    let room = Room::with(options(folder.path())).await;
    let request = room.request("PUT", "/secrets/s").json(&json!({ "value": "v" }));
    let pending = tokio::spawn(request.send());
    tokio::time::sleep(Duration::from_millis(50)).await;
    let (http, url) = (room.http.clone(), room.url().to_owned());
    room.running.stop().await.unwrap();
    assert_eq!(pending.await.unwrap().unwrap().status(), 200);
    assert!(http.get(url).send().await.is_err());
    let again = Room::with(options(folder.path())).await;
    again.call("GET", "/secrets/s").await.ok();
}
