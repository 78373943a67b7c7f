use std::time::{Duration, Instant};

use azure_core::error::ErrorKind;
use azure_core::http::RequestContent;
use azure_core::time::Duration as Days;
use azure_security_keyvault_secrets::models::{DeletedSecret, RestoreSecretParameters, SetSecretParameters};
use azure_security_keyvault_secrets::{ResourceExt, SecretClient};
use futures::TryStreamExt;

use crate::lists::{listed, versions};
use crate::report::{Scenarios, refused};
use crate::room::{client, signed_in, url};
use crate::secrets::{ab, get, parameters, put, set, value};

const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) fn add(to: &mut Scenarios) {
    to.add("delete", delete());
    to.add("deleted secrets in a list", async {
        let vault = client(signed_in());
        set(&vault, "doomed-too", "1").await;
        bury(&vault, "doomed-too").await;
        let items: Vec<_> = vault.list_deleted_secret_properties(None).unwrap().try_collect().await.unwrap();
        let names: Vec<_> = items.iter().map(|item| item.resource_id().unwrap().name).collect();
        assert!(["doomed", "doomed-too"].iter().all(|name| names.iter().any(|found| found == name)), "{names:?}");
    });
    to.add("set on a deleted name", async {
        let sent = parameters("3").try_into().unwrap();
        refused(client(signed_in()).set_secret("DOOMED", sent, None).await, 409, "ObjectIsDeletedButRecoverable");
    });
    to.add("recover", async {
        let vault = client(signed_in());
        vault.recover_deleted_secret("doomed", None).await.unwrap();
        until(404, async || vault.get_secret("doomed", None).await).await;
        assert_eq!(value(&vault, "doomed", None).await, "2");
        assert_eq!(versions(&vault, "doomed").await.len(), 2);
        refused(vault.get_deleted_secret("doomed", None).await, 404, "SecretNotFound");
    });
    to.add("purge", async {
        let vault = client(signed_in());
        bury(&vault, "doomed").await;
        purge(&vault, "doomed").await;
        until(409, async || vault.set_secret("doomed", parameters("new").try_into()?, None).await).await;
        assert_eq!(versions(&vault, "doomed").await.len(), 1);
    });
    to.add("backup and restore", backup());
    to.add("restore over a secret", async {
        let vault = client(signed_in());
        set(&vault, "there", "1").await;
        let blob = saved(&vault, "there").await;
        refused(vault.restore_secret(content(&blob), None).await, 409, "Conflict");
        assert_eq!(value(&vault, "there", None).await, "1");
    });
    to.add("damaged backup", async {
        refused(client(signed_in()).restore_secret(content(b"nonsense"), None).await, 400, "Malformed backup blob");
    });
}

async fn delete() {
    let vault = client(signed_in());
    set(&vault, "doomed", "1").await;
    set(&vault, "doomed", "2").await;
    let gone = bury(&vault, "doomed").await;
    assert_eq!(gone.recovery_id, Some(format!("{}/deletedsecrets/doomed", url())));
    assert_eq!(gone.scheduled_purge_date.unwrap() - gone.deleted_date.unwrap(), Days::days(90));
    assert_eq!(gone.value, None);
    refused(vault.get_secret("doomed", None).await, 404, "SecretNotFound");
    assert_eq!(listed(&vault, "doomed", None).await.0.len(), 0);
}

async fn backup() {
    let vault = client(signed_in());
    let first = put(&vault, "kept", SetSecretParameters { tags: ab(), ..parameters("1") }).await;
    set(&vault, "kept", "2").await;
    let blob = saved(&vault, "kept").await;
    bury(&vault, "kept").await;
    refused(vault.restore_secret(content(&blob), None).await, 409, "ObjectIsDeletedButRecoverable");
    purge(&vault, "kept").await;
    until(409, async || vault.restore_secret(content(&blob), None).await).await;
    assert_eq!(value(&vault, "kept", None).await, "2");
    let got = get(&vault, "kept", Some(&first)).await;
    assert_eq!((got.value.as_deref(), got.tags), (Some("1"), ab()));
}

async fn saved(vault: &SecretClient, name: &str) -> Vec<u8> {
    vault.backup_secret(name, None).await.unwrap().into_model().unwrap().value.unwrap()
}

fn content(blob: &[u8]) -> RequestContent<RestoreSecretParameters> {
    RestoreSecretParameters { secret_backup: Some(blob.to_vec()) }.try_into().unwrap()
}

/// Deletes, and waits until the deleted secret shows.
async fn bury(vault: &SecretClient, name: &str) -> DeletedSecret {
    vault.delete_secret(name, None).await.unwrap();
    until(404, async || vault.get_deleted_secret(name, None).await).await.into_model().unwrap()
}

async fn purge(vault: &SecretClient, name: &str) {
    vault.purge_deleted_secret(name, None).await.unwrap();
    refused(vault.get_deleted_secret(name, None).await, 404, "SecretNotFound");
}

/// Repeats a call for as long as it is refused with `status`: the SDK has no pollers, and after a purge no call tells
/// when the name is free again.
async fn until<T>(status: u16, call: impl AsyncFn() -> azure_core::Result<T>) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        match call().await {
            Err(error) if refuses(&error, status) && Instant::now() < deadline => {
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
            answer => return answer.unwrap(),
        }
    }
}

fn refuses(error: &azure_core::Error, expected: u16) -> bool {
    matches!(error.kind(), ErrorKind::HttpResponse { status, .. } if u16::from(*status) == expected)
}
