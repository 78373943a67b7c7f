use std::collections::HashMap;

use azure_core::time::{Duration, OffsetDateTime};
use azure_security_keyvault_secrets::models::{
    DeletionRecoveryLevel, Secret, SecretAttributes, SecretClientGetSecretOptions,
    SecretClientUpdateSecretPropertiesOptions, SetSecretParameters, UpdateSecretPropertiesParameters,
};
use azure_security_keyvault_secrets::{ResourceExt, SecretClient};

use crate::lists::{listed, versions};
use crate::report::{Scenarios, granted, refused};
use crate::room::{client, signed_in, url};

type Tags = HashMap<String, String>;

pub(crate) fn add(to: &mut Scenarios) {
    to.add("set and get", set_and_get());
    to.add("get one version", one_version());
    to.add("names that differ in case only", case());
    to.add("name of 127 characters, not 128", longest());
    to.add("name with an illegal character", async {
        for name in ["a_b", "a.b", "a b", "ä"] {
            refuses(name, SetSecretParameters::default()).await;
        }
    });
    to.add("unknown name", async {
        let vault = client(signed_in());
        refused(vault.get_secret("absent", None).await, 404, "SecretNotFound");
        refused(vault.delete_secret("absent", None).await, 404, "SecretNotFound");
    });
    to.add("unknown version", async {
        let vault = client(signed_in());
        set(&vault, "unknown-version", "value").await;
        refused(vault.get_secret("unknown-version", at(Some(&"0".repeat(32)))).await, 404, "SecretNotFound");
    });
    to.add("Unicode in value and tags", unicode());
    to.add("empty value", kept("empty", String::new()));
    to.add("value of 25,600 bytes", kept("largest", "é".repeat(12_800)));
    to.add("value of 25,601 bytes", async {
        refuses("too-large", parameters(&("é".repeat(12_800) + "x"))).await;
    });
    to.add("content type of 255 characters, not 256", content_type());
    to.add("15 tags", async {
        let vault = client(signed_in());
        put(&vault, "tags", SetSecretParameters { tags: Some(many(15)), ..parameters("v") }).await;
        assert_eq!(get(&vault, "tags", None).await.tags, Some(many(15)));
    });
    to.add("16 tags", async {
        refuses("tags", SetSecretParameters { tags: Some(many(16)), ..parameters("v") }).await;
    });
    to.add("tags of a new version are its own", own_tags());
    to.add("update one version", update_one());
    to.add("update without a version", update_current());
    to.add("disabled secret", disabled());
    to.add("not-before and expiry", validity());
}

async fn set_and_get() {
    let vault = client(signed_in());
    let sent = SetSecretParameters { tags: ab(), content_type: Some("text/plain".into()), ..parameters("value") };
    let version = put(&vault, "plain", sent).await;
    let got = get(&vault, "plain", None).await;
    assert_eq!((got.value.as_deref(), &got.tags), (Some("value"), &ab()));
    assert_eq!(got.id, Some(format!("{}/secrets/plain/{version}", url())));
    assert_eq!((version.len(), got.content_type.as_deref()), (32, Some("text/plain")));
    let attributes = got.attributes.unwrap();
    assert_eq!((attributes.enabled, attributes.created), (Some(true), attributes.updated));
    assert!((attributes.created.unwrap() - OffsetDateTime::now_utc()).abs() < Duration::minutes(1));
    assert_eq!(attributes.recovery_level, Some(DeletionRecoveryLevel::RecoverablePurgeable));
    assert_eq!(attributes.recoverable_days, Some(90));
}

async fn one_version() {
    let vault = client(signed_in());
    let (first, second) = (set(&vault, "versions", "1").await, set(&vault, "versions", "2").await);
    assert_ne!(first, second);
    assert_eq!(value(&vault, "versions", Some(&first)).await, "1");
    assert_eq!(value(&vault, "versions", Some(&second)).await, "2");
    assert_eq!(value(&vault, "versions", None).await, "2");
}

async fn case() {
    let vault = client(signed_in());
    set(&vault, "Case-Twin", "1").await;
    set(&vault, "case-twin", "2").await;
    assert_eq!(value(&vault, "CASE-TWIN", None).await, "2");
    assert_eq!(versions(&vault, "case-TWIN").await.len(), 2);
}

async fn longest() {
    let vault = client(signed_in());
    set(&vault, &"n".repeat(127), "value").await;
    assert_eq!(value(&vault, &"n".repeat(127), None).await, "value");
    refuses(&"n".repeat(128), parameters("value")).await;
}

async fn unicode() {
    let vault = client(signed_in());
    let text = "zwölf Boxkämpfer \u{1f510} \u{202e}\t\r\n\0 \"'\\ 漢字";
    let tags = Tags::from([("schlüssel".into(), "値\u{1f511}".into())]);
    put(&vault, "unicode", SetSecretParameters { tags: Some(tags.clone()), ..parameters(text) }).await;
    let got = get(&vault, "unicode", None).await;
    assert_eq!((got.value.as_deref(), got.tags), (Some(text), Some(tags)));
}

async fn kept(name: &'static str, text: String) {
    let vault = client(signed_in());
    set(&vault, name, &text).await;
    assert_eq!(value(&vault, name, None).await, text);
}

async fn content_type() {
    let vault = client(signed_in());
    let typed = |length| SetSecretParameters { content_type: Some("t".repeat(length)), ..parameters("v") };
    put(&vault, "typed", typed(255)).await;
    assert_eq!(get(&vault, "typed", None).await.content_type, Some("t".repeat(255)));
    refuses("typed", typed(256)).await;
}

async fn own_tags() {
    let vault = client(signed_in());
    let first = put(&vault, "own-tags", SetSecretParameters { tags: ab(), ..parameters("1") }).await;
    set(&vault, "own-tags", "2").await;
    assert_eq!(get(&vault, "own-tags", None).await.tags, None);
    assert_eq!(get(&vault, "own-tags", Some(&first)).await.tags, ab());
}

async fn update_one() {
    let vault = client(signed_in());
    let first = put(&vault, "update-one", SetSecretParameters { tags: ab(), ..parameters("1") }).await;
    put(&vault, "update-one", SetSecretParameters { tags: ab(), ..parameters("2") }).await;
    let tags = Some(Tags::from([("c".into(), "d".into())]));
    let change = UpdateSecretPropertiesParameters { tags: tags.clone(), content_type: Some("t".into()), ..typed() };
    let changed = update(&vault, "update-one", Some(first.clone()), change).await;
    assert_eq!(changed.resource_id().unwrap().version.as_ref(), Some(&first));
    assert_eq!((changed.value, changed.content_type.as_deref()), (None, Some("t")));
    let got = get(&vault, "update-one", Some(&first)).await;
    assert_eq!((got.value.as_deref(), got.tags), (Some("1"), tags));
    assert_eq!(get(&vault, "update-one", None).await.tags, ab());
}

async fn update_current() {
    let vault = client(signed_in());
    let first = set(&vault, "update-current", "1").await;
    put(&vault, "update-current", SetSecretParameters { tags: ab(), ..parameters("2") }).await;
    let change = UpdateSecretPropertiesParameters { content_type: Some("t".into()), ..typed() };
    update(&vault, "update-current", None, change).await;
    let got = get(&vault, "update-current", None).await;
    assert_eq!((got.value.as_deref(), got.content_type.as_deref(), got.tags), (Some("2"), Some("t"), ab()));
    assert_eq!(get(&vault, "update-current", Some(&first)).await.content_type, None);
}

async fn disabled() {
    let vault = client(signed_in());
    set(&vault, "disabled", "value").await;
    let enable = |enabled| {
        let attributes = SecretAttributes { enabled: Some(enabled), ..SecretAttributes::default() };
        update(
            &vault,
            "disabled",
            None,
            UpdateSecretPropertiesParameters { secret_attributes: Some(attributes), ..typed() },
        )
    };
    assert_eq!(enable(false).await.attributes.unwrap().enabled, Some(false));
    refused(vault.get_secret("disabled", None).await, 403, "SecretDisabled");
    let listed = listed(&vault, "disabled", None).await.0;
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0].attributes.as_ref().unwrap().enabled, Some(false));
    enable(true).await;
    assert_eq!(value(&vault, "disabled", None).await, "value");
}

async fn validity() {
    let vault = client(signed_in());
    let (past, future) = (at_second(981_173_106), at_second(2_211_840_000));
    let expired = SecretAttributes { expires: Some(past), ..SecretAttributes::default() };
    let early = SecretAttributes { not_before: Some(future), ..SecretAttributes::default() };
    put(&vault, "expired", SetSecretParameters { secret_attributes: Some(expired), ..parameters("value") }).await;
    put(&vault, "not-yet", SetSecretParameters { secret_attributes: Some(early), ..parameters("value") }).await;
    // The service does not enforce either.
    assert_eq!(get(&vault, "expired", None).await.attributes.unwrap().expires, Some(past));
    let got = get(&vault, "not-yet", None).await;
    assert_eq!((got.value.as_deref(), got.attributes.unwrap().not_before), (Some("value"), Some(future)));
}

/// Writes a version and gives its id's last part.
pub(crate) async fn set(vault: &SecretClient, name: &str, value: &str) -> String {
    put(vault, name, parameters(value)).await
}

pub(crate) async fn put(vault: &SecretClient, name: &str, sent: SetSecretParameters) -> String {
    let written = granted(vault.set_secret(name, sent.try_into().unwrap(), None).await).into_model().unwrap();
    written.resource_id().unwrap().version.unwrap()
}

pub(crate) async fn get(vault: &SecretClient, name: &str, version: Option<&str>) -> Secret {
    granted(vault.get_secret(name, at(version)).await).into_model().unwrap()
}

pub(crate) async fn value(vault: &SecretClient, name: &str, version: Option<&str>) -> String {
    get(vault, name, version).await.value.unwrap()
}

pub(crate) fn parameters(value: &str) -> SetSecretParameters {
    SetSecretParameters { value: Some(value.to_owned()), ..SetSecretParameters::default() }
}

pub(crate) fn ab() -> Option<Tags> {
    Some(Tags::from([("a".into(), "b".into())]))
}

fn many(count: usize) -> Tags {
    (0..count).map(|at| (format!("tag{at}"), at.to_string())).collect()
}

fn typed() -> UpdateSecretPropertiesParameters {
    UpdateSecretPropertiesParameters::default()
}

fn at_second(seconds: i64) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(seconds).unwrap()
}

fn at(version: Option<&str>) -> Option<SecretClientGetSecretOptions<'static>> {
    let secret_version = version.map(str::to_owned);
    Some(SecretClientGetSecretOptions { secret_version, ..SecretClientGetSecretOptions::default() })
}

async fn update(
    vault: &SecretClient,
    name: &str,
    secret_version: Option<String>,
    change: UpdateSecretPropertiesParameters,
) -> Secret {
    let options = SecretClientUpdateSecretPropertiesOptions { secret_version, ..Default::default() };
    let answer = vault.update_secret_properties(name, change.try_into().unwrap(), Some(options)).await;
    answer.unwrap().into_model().unwrap()
}

async fn refuses(name: &str, sent: SetSecretParameters) {
    refused(client(signed_in()).set_secret(name, sent.try_into().unwrap(), None).await, 400, "BadParameter");
}
