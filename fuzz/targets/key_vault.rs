//! Answers of Key Vault: a secret goes out as it came in, a refusal becomes an error of a kind, and neither shows a value.
//! The first byte chooses which.
#![no_main]

#[path = "../../crates/backends/src/azure/doing.rs"]
#[allow(dead_code)]
mod doing;
#[path = "../../crates/backends/src/azure/error.rs"]
#[allow(dead_code)]
mod error;
#[path = "../../crates/backends/src/azure/model.rs"]
#[allow(dead_code)]
mod model;

use azure_core::error::ErrorKind;
use azure_core::http::{RawResponse, StatusCode, headers::Headers};
use azure_security_keyvault_secrets::models::{ListSecretPropertiesResult, Secret};
use doing::{Doing, Vault};
use error::{Breakage, Refusal};
use libfuzzer_sys::fuzz_target;
use secrecy::ExposeSecret;
use strongroom_core::{Error, Item, ItemName, Kind};
use strongroom_fuzz::{assert_hides, with_canary};

const STATUSES: [u16; 16] = [200, 302, 400, 401, 403, 404, 405, 408, 409, 412, 413, 418, 429, 500, 502, 503];

fuzz_target!(|bytes: &[u8]| {
    let Some((choice, body)) = bytes.split_first() else { return };
    match STATUSES[usize::from(*choice) % STATUSES.len()] {
        200 => {
            secret(body);
            listing(body);
        }
        status => refusal(status, body),
    }
});

fn secret(body: &[u8]) {
    let parsed: azure_core::Result<Secret> = azure_core::json::from_json(body);
    let Ok(secret) = parsed else { return nonsense(body) };
    let value = secret.value.clone().unwrap_or_default();
    let item = model::item(&asked(), secret);
    assert!(item.value.expose_secret() == value, "a value changed");
    assert!(
        value.len() < 8 || !format!("{item:?}").replace(&shown(&item), "").contains(&value),
        "an item shows its value"
    );
    let revision = item.revision.clone().expect("every answer has one");
    if model::check_revision(&revision).is_ok() {
        assert!(!revision.0.contains(['/', '?', '#', '%', '.']), "a version that leads elsewhere");
    }
    let sent = model::body(&item);
    let mut echo = Secret::default();
    (echo.attributes, echo.content_type) = (sent.secret_attributes, sent.content_type);
    (echo.tags, echo.value) = (sent.tags, sent.value);
    let again = model::item(&item.name, echo);
    assert!(again.value.expose_secret() == value, "a value changed on its way back");
    assert_eq!((again.tags, again.content_type, again.validity), (item.tags, item.content_type, item.validity));
}

/// What an item shows of itself that is no value, and may be the same text.
fn shown(item: &Item) -> String {
    format!("{:?}", Item { value: String::new().into(), ..item.clone() })
}

fn listing(body: &[u8]) {
    let parsed: azure_core::Result<ListSecretPropertiesResult> = azure_core::json::from_json(body);
    let Ok(page) = parsed else { return };
    for properties in page.value {
        let managed = properties.managed == Some(true);
        if let Some(meta) = model::meta(properties) {
            assert!(!managed && !meta.name.as_str().is_empty());
        }
    }
}

/// An answer that is not Key Vault's may hold a value all the same.
fn nonsense(body: &[u8]) {
    let Ok(text) = std::str::from_utf8(body) else { return };
    let parsed: azure_core::Result<Secret> = azure_core::json::from_json(with_canary(text));
    if let Err(error) = parsed {
        says_little(&Breakage::of(&error).into_error(&error, &vault(), Doing::Read(&asked())));
    }
}

fn refusal(status: u16, body: &[u8]) {
    let body = with_canary(&String::from_utf8_lossy(body));
    let status = StatusCode::from(status);
    let response = RawResponse::from_bytes(status, Headers::new(), body.into_bytes());
    let kind = ErrorKind::HttpResponse { status, error_code: None, raw_response: Some(Box::new(response)) };
    let refusal = Refusal::of(&azure_core::Error::with_message(kind, "refused")).expect("an answer");
    let transient = refusal.is_transient();
    let error = refusal.into_error(&vault(), Doing::Write(&asked()));
    let expected = match u16::from(status) {
        401 => Kind::Unauthenticated,
        403 => Kind::Forbidden,
        404 => Kind::NotFound,
        409 => Kind::Conflict,
        302 | 408 | 429 | 500.. => Kind::Unavailable,
        _ => Kind::Invalid,
    };
    assert_eq!(error.kind(), expected);
    assert!(!transient || expected == Kind::Unavailable);
    says_little(&error);
}

/// No value, nothing that moves a terminal's cursor, and no more than a few lines.
fn says_little(error: &Error) {
    assert_hides(error);
    let shown = format!("{error}{}", error.hint().unwrap_or_default());
    assert!(!shown.chars().any(char::is_control), "a message with a control character: {shown:?}");
    assert!(shown.len() < 1500, "a message of {} bytes", shown.len());
}

fn vault() -> Vault {
    Vault { url: "https://kv.vault.azure.net".to_owned(), name: "kv".to_owned() }
}

fn asked() -> ItemName {
    "asked".parse().expect("a name")
}
