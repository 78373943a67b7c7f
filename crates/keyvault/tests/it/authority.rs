//! The token endpoint and discovery.

use reqwest::Method;
use secrecy::ExposeSecret;
use serde_json::Value;

use crate::client::{API, Answer, Room};

const V2: &str = "/oauth2/v2.0/token";

/// The form of a stock client, as name and value.
fn form(room: &Room) -> Vec<(&'static str, String)> {
    vec![
        ("grant_type", "client_credentials".into()),
        ("client_id", room.running.client_id().into()),
        ("client_secret", room.running.client_secret().expose_secret().into()),
        ("scope", "https://vault.azure.net/.default".into()),
    ]
}

fn changed(room: &Room, name: &'static str, value: Option<&str>) -> Vec<(&'static str, String)> {
    let mut form = form(room);
    form.retain(|(known, _)| *known != name);
    form.extend(value.map(|value| (name, value.to_owned())));
    form
}

async fn post(room: &Room, tail: &str, form: &[(&str, String)]) -> Answer {
    let body = form.iter().map(|(name, value)| format!("{name}={}", escaped(value))).collect::<Vec<_>>().join("&");
    let request = room.bare(Method::POST, &format!("/{}{tail}", room.running.tenant_id()));
    Answer::of(request.header("content-type", "application/x-www-form-urlencoded").body(body)).await
}

fn escaped(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

async fn usable(room: &Room, answer: &Value) -> bool {
    let request = room.bare(Method::GET, &format!("/secrets?{API}"));
    Answer::of(request.bearer_auth(answer["access_token"].as_str().unwrap())).await.status == 200
}

#[tokio::test]
async fn a_client_secret_gives_a_token_for_an_hour() {
    let room = Room::open().await;
    let answer = post(&room, V2, &form(&room)).await;
    let token = answer.ok();
    let keys: Vec<_> = token.as_object().unwrap().keys().cloned().collect();
    assert_eq!(keys, ["token_type", "expires_in", "ext_expires_in", "access_token"]);
    assert_eq!((&token["token_type"], &token["expires_in"]), (&"Bearer".into(), &3599.into()));
    assert_eq!(answer.header("cache-control"), "no-store, no-cache");
    assert!(usable(&room, &token).await);
}

#[tokio::test]
async fn version_1_and_http_basic() {
    let room = Room::open().await;
    let mut v1 = changed(&room, "scope", None);
    v1.push(("resource", "https://vault.azure.net".into()));
    let token = post(&room, "/oauth2/token", &v1).await.ok();
    assert_eq!(token["expires_in"], "3599", "a string in version 1");
    assert!(usable(&room, &token).await);

    let request = room
        .bare(Method::POST, &format!("/{}{V2}", room.running.tenant_id()))
        .basic_auth(room.running.client_id(), Some(room.running.client_secret().expose_secret()))
        .header("content-type", "application/x-www-form-urlencoded")
        .body("grant_type=client_credentials&scope=https://vault.azure.net/.default");
    assert!(usable(&room, &Answer::of(request).await.ok()).await);
}

#[tokio::test]
async fn faults_have_entras_shape() {
    let room = Room::open().await;
    let stranger = "00000000-0000-0000-0000-000000000000";
    let cases = [
        (changed(&room, "client_secret", Some("wrong")), 401, "invalid_client", 7_000_215),
        (changed(&room, "client_secret", None), 401, "invalid_client", 7_000_218),
        (changed(&room, "client_id", Some(stranger)), 400, "unauthorized_client", 700_016),
        (changed(&room, "client_id", None), 400, "invalid_request", 900_144),
        (changed(&room, "grant_type", Some("password")), 400, "unsupported_grant_type", 70_003),
        (changed(&room, "scope", Some("https://graph.microsoft.com/.default")), 400, "invalid_resource", 500_011),
        (changed(&room, "scope", Some("https://vault.azure.net/user_impersonation")), 400, "invalid_scope", 1_002_012),
        (changed(&room, "scope", None), 400, "invalid_request", 900_144),
        (vec![], 400, "invalid_request", 900_144),
    ];
    for (form, status, error, number) in cases {
        let answer = post(&room, V2, &form).await;
        let body = answer.json();
        assert_eq!((answer.status, body["error"].as_str().unwrap()), (status, error), "{body}");
        assert_eq!(body["error_codes"], serde_json::json!([number]));
        assert!(body["error_description"].as_str().unwrap().starts_with(&format!("AADSTS{number}: ")), "{body}");
        for field in ["timestamp", "trace_id", "correlation_id"] {
            assert!(body[field].is_string(), "{field}");
        }
        assert!(!answer.text.contains(room.running.client_secret().expose_secret()));
    }
    let elsewhere = room.bare(Method::POST, &format!("/{stranger}{V2}")).body("");
    assert_eq!(Answer::of(elsewhere).await.json()["error_codes"][0], 90_002);
    let no_form = room.bare(Method::POST, &format!("/{}{V2}", room.running.tenant_id())).body("{}");
    assert_eq!(Answer::of(no_form).await.status, 400);
}

#[tokio::test]
async fn a_federated_token_signs_in() {
    let room = Room::open().await;
    let assertion_type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    let with = |assertion: &str| {
        let mut form = changed(&room, "client_secret", None);
        form.push(("client_assertion_type", assertion_type.into()));
        form.push(("client_assertion", assertion.into()));
        form
    };
    let good = room.running.federated_token(600).unwrap();
    let token = post(&room, V2, &with(good.expose_secret())).await.ok();
    assert!(usable(&room, &token).await);

    let other = Room::open().await;
    let (expired, foreign) = (room.running.federated_token(-10).unwrap(), other.running.federated_token(600).unwrap());
    let (signed, signature) = good.expose_secret().rsplit_once('.').unwrap();
    let forged = format!("{signed}.{}", signature.chars().rev().collect::<String>());
    for (assertion, number) in [
        (expired.expose_secret(), 700_024),
        (foreign.expose_secret(), 700_211),
        (&room.token, 700_211),
        (&*forged, 700_027),
        ("nonsense", 700_027),
    ] {
        let answer = post(&room, V2, &with(assertion)).await;
        assert_eq!((answer.status, &answer.json()["error_codes"][0]), (401, &number.into()), "{answer:?}");
    }
}

#[tokio::test]
async fn discovery_leads_to_the_endpoint_and_the_key() {
    let room = Room::open().await;
    let (url, tenant) = (room.url(), room.running.tenant_id());
    let get = async |path: String| Answer::of(room.bare(Method::GET, &path)).await;
    let v2 = get(format!("/{tenant}/v2.0/.well-known/openid-configuration")).await.ok();
    assert_eq!(v2["issuer"], format!("{url}/{tenant}/v2.0"));
    assert_eq!(v2["token_endpoint"], format!("{url}/{tenant}{V2}"));
    let v1 = get(format!("/{tenant}/.well-known/openid-configuration")).await.ok();
    assert_eq!(v1["issuer"], format!("https://sts.windows.net/{tenant}/"), "that of the vault's tokens");
    assert_eq!(v1["token_endpoint"], format!("{url}/{tenant}/oauth2/token"));

    let keys = v1["jwks_uri"].as_str().unwrap().strip_prefix(url).unwrap().to_owned();
    let keys = get(keys).await.ok();
    let key = keys["keys"][0].as_object().unwrap();
    let header = jsonwebtoken::decode_header(&room.token).unwrap();
    assert_eq!(key["kid"], header.kid.unwrap());
    for private in ["d", "p", "q", "dp", "dq", "qi"] {
        assert!(!key.contains_key(private));
    }
    // A stock validator accepts our token with nothing but what discovery says.
    let public = jsonwebtoken::DecodingKey::from_rsa_components(key["n"].as_str().unwrap(), key["e"].as_str().unwrap());
    let mut validation = jsonwebtoken::Validation::new(jsonwebtoken::Algorithm::RS256);
    validation.set_audience(&["https://vault.azure.net"]);
    validation.set_issuer(&[v1["issuer"].as_str().unwrap()]);
    let claims = jsonwebtoken::decode::<Value>(&room.token, &public.unwrap(), &validation).unwrap().claims;
    assert_eq!(claims["appid"], room.running.client_id());
    assert_eq!(claims["tid"], tenant);

    // For every tenant, as Entra ID answers: a placeholder, and the same keys.
    for any in ["common", "organizations"] {
        let found = get(format!("/{any}/v2.0/.well-known/openid-configuration")).await.ok();
        assert_eq!(found["issuer"], format!("{url}/{{tenantid}}/v2.0"));
        assert_eq!(get(found["jwks_uri"].as_str().unwrap().strip_prefix(url).unwrap().to_owned()).await.ok(), keys);
    }

    let unknown = get("/contoso.onmicrosoft.com/v2.0/.well-known/openid-configuration".into()).await;
    assert_eq!((unknown.status, &unknown.json()["error"]), (400, &"invalid_tenant".into()));
    assert_eq!(unknown.json()["error_codes"][0], 90_002);
}

#[tokio::test]
async fn instance_discovery_names_the_host_asked_about() {
    let room = Room::open().await;
    let host = room.url().strip_prefix("https://").unwrap();
    for (asked, host) in [("login.microsoftonline.com", "login.microsoftonline.com"), (host, host)] {
        let path = format!(
            "/common/discovery/instance?api-version=1.1&authorization_endpoint=https://{asked}/tenant/oauth2/v2.0/authorize"
        );
        let found = Answer::of(room.bare(Method::GET, &path)).await.ok();
        let endpoint = format!("https://{host}/tenant/v2.0/.well-known/openid-configuration");
        assert_eq!(found["tenant_discovery_endpoint"], endpoint);
        let named = |entry: &Value| entry["aliases"].as_array().unwrap().contains(&host.into());
        assert_eq!(found["metadata"].as_array().unwrap().iter().filter(|entry| named(entry)).count(), 1);
    }
}
