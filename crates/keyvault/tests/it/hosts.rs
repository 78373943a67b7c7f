//! The host picks the vault, and answers are spelled from it.

use reqwest::header::HOST;
use serde_json::json;
use strongroom_keyvault::{Options, VaultName};

use crate::client::{API, Answer, Room, socket, trusting};

fn vaults(names: &[&str]) -> Vec<VaultName> {
    names.iter().map(|name| name.parse().unwrap()).collect()
}

#[tokio::test]
async fn each_vault_has_a_port_and_secrets_of_its_own() {
    let room = Room::with(Options { vaults: vaults(&["one", "two"]), ..Options::default() }).await;
    let [one, two] = room.running.vaults() else { panic!() };
    assert_ne!(one.url, two.url);
    room.put("s", "1").await;
    let at_two = |path: &str| room.http.get(format!("{}{path}?{API}", two.url)).bearer_auth(&room.token);
    assert_eq!(Answer::of(at_two("/secrets/s")).await.status, 404);
    // A vault's name in the host counts on any port.
    for host in ["one.vault.azure.net", "ONE.vault.azure.net:443", "one.vault.localhost:1234"] {
        let answer = Answer::of(at_two("/secrets/s").header(HOST, host)).await.ok();
        assert_eq!(answer["value"], "1", "{host}");
    }
    let unknown = Answer::of(at_two("/secrets/s").header(HOST, "three.vault.azure.net")).await;
    assert_eq!(unknown.refusal().0, 404);
}

#[tokio::test]
async fn ids_and_links_are_spelled_from_the_host() {
    let room = Room::open().await;
    for name in ["a", "b"] {
        room.put(name, "v").await;
    }
    let port = socket(room.url()).port();
    let cases = [
        ("strongroom.vault.azure.net", "https://strongroom.vault.azure.net", "https://strongroom.vault.azure.net:443"),
        (
            "strongroom.vault.azure.net:443",
            "https://strongroom.vault.azure.net",
            "https://strongroom.vault.azure.net:443",
        ),
        (
            "strongroom.vault.localhost:8443",
            "https://strongroom.vault.localhost:8443",
            "https://strongroom.vault.localhost:8443",
        ),
        ("127.0.0.1:7", "https://127.0.0.1:7", "https://127.0.0.1:7"),
        ("not a host", &format!("https://localhost:{port}"), &format!("https://localhost:{port}")),
    ];
    for (host, ids, links) in cases {
        let list =
            Answer::of(room.request("GET", &format!("/secrets?maxresults=1&{API}")).header(HOST, host)).await.ok();
        assert_eq!(list["value"][0]["id"], format!("{ids}/secrets/a"), "{host}");
        let link = list["nextLink"].as_str().unwrap();
        assert!(link.starts_with(&format!("{links}/secrets?")), "{host}: {link}");
    }
}

/// A client behind a hosts file: its URLs are Azure's own, the certificate covers them, nothing else differs.
#[tokio::test]
async fn azures_own_names() {
    let dns_names = vec!["strongroom.vault.azure.net".into(), "login.microsoftonline.com".into()];
    let room = Room::with(Options { dns_names, ..Options::default() }).await;
    let address = socket(room.url());
    let http = trusting(&room.running)
        .resolve("strongroom.vault.azure.net", address)
        .resolve("login.microsoftonline.com", address)
        .resolve("strongroom.vault.localhost", address)
        .build()
        .unwrap();
    let port = address.port();
    for host in ["strongroom.vault.azure.net", "strongroom.vault.localhost", "localhost", "127.0.0.1"] {
        let url = format!("https://{host}:{port}/secrets/s?{API}");
        let set = Answer::of(http.put(&url).bearer_auth(&room.token).json(&json!({ "value": "v" }))).await.ok();
        assert!(set["id"].as_str().unwrap().starts_with(&format!("https://{host}:{port}/secrets/s/")));
    }
    let tenant = room.running.tenant_id();
    let challenge = |host: String| {
        let request = room.bare(reqwest::Method::GET, &format!("/secrets?{API}")).header(HOST, host);
        async { Answer::of(request).await.header("www-authenticate").to_owned() }
    };
    let lead = |authority: &str| {
        format!("Bearer authorization=\"{authority}/{tenant}\", resource=\"https://vault.azure.net\"")
    };
    let azure = "strongroom.vault.azure.net";
    assert_eq!(challenge(azure.into()).await, lead("https://login.microsoftonline.com"));
    assert_eq!(challenge(format!("{azure}:{port}")).await, lead(room.running.authority()));
    assert_eq!(challenge(format!("localhost:{port}")).await, lead(room.running.authority()));
    let discovery = format!("https://login.microsoftonline.com:{port}/{tenant}/v2.0/.well-known/openid-configuration");
    let found = Answer::of(http.get(discovery)).await.ok();
    assert_eq!(found["issuer"], format!("https://login.microsoftonline.com:{port}/{tenant}/v2.0"));

    let plain = Room::open().await;
    let bare = plain.bare(reqwest::Method::GET, &format!("/secrets?{API}")).header(HOST, azure);
    let challenge = Answer::of(bare).await.header("www-authenticate").to_owned();
    assert!(challenge.contains(plain.running.authority()), "no name, no lead to Azure: {challenge}");
}

#[tokio::test]
async fn the_certificate_is_trusted_by_its_authority_only() {
    let (one, other) = (Room::open().await, Room::open().await);
    assert!(other.http.get(one.url()).send().await.is_err());
    assert_eq!(std::fs::read_to_string(one.running.ca_certificate()).unwrap(), one.running.ca_certificate_pem());
    let folder = one.running.ca_certificate().parent().unwrap().to_owned();
    one.running.stop().await.unwrap();
    assert!(!folder.exists(), "nothing is left behind");
}
