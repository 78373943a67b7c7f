use std::collections::{HashMap, HashSet};

use azure_security_keyvault_secrets::models::{
    SecretClientListSecretPropertiesOptions, SecretProperties, SetSecretParameters,
};
use azure_security_keyvault_secrets::{ResourceExt, SecretClient};
use futures::TryStreamExt;

use crate::report::Scenarios;
use crate::room::{client, signed_in};
use crate::secrets::{parameters, put, set, value};

pub(crate) fn add(to: &mut Scenarios) {
    to.add("60 secrets in pages", async {
        let vault = client(signed_in());
        for at in 0..60 {
            let sent = SetSecretParameters { content_type: Some("t".into()), ..parameters("value") };
            put(&vault, &format!("page-{at:02}"), sent).await;
        }
        complete(&vault, None).await;
    });
    to.add("60 secrets in pages of 7", async { complete(&client(signed_in()), Some(7)).await });
    to.add("30 versions", thirty_versions());
    to.add("versions of an unknown name", async {
        assert_eq!(versions(&client(signed_in()), "absent").await.len(), 0);
    });
}

async fn complete(vault: &SecretClient, size: Option<i32>) {
    let (items, pages) = listed(vault, "page-", size).await;
    let ids: Vec<_> = items.iter().map(|item| item.resource_id().unwrap()).collect();
    let names: HashSet<_> = ids.iter().map(|id| id.name.as_str()).collect();
    assert_eq!((items.len(), names.len()), (60, 60));
    assert!(names.contains("page-00") && names.contains("page-59"));
    assert!(ids.iter().all(|id| id.version.is_none()));
    assert!(items.iter().all(|item| item.content_type.as_deref() == Some("t")));
    assert!(pages >= 60_usize.div_ceil(size.unwrap_or(25) as usize), "{pages} pages");
}

async fn thirty_versions() {
    let vault = client(signed_in());
    let mut written = HashMap::new();
    for at in 0..30 {
        written.insert(set(&vault, "thirty", &at.to_string()).await, at.to_string());
    }
    let found = versions(&vault, "thirty").await;
    assert_eq!(found.len(), 30);
    for version in found {
        assert_eq!(written.remove(&version), Some(value(&vault, "thirty", Some(&version)).await));
    }
}

/// The secrets whose names begin so, and how many pages the whole list took.
pub(crate) async fn listed(vault: &SecretClient, prefix: &str, size: Option<i32>) -> (Vec<SecretProperties>, usize) {
    let options = SecretClientListSecretPropertiesOptions { maxresults: size, ..Default::default() };
    let mut pages = vault.list_secret_properties(Some(options)).unwrap().into_pages();
    let (mut items, mut count) = (Vec::new(), 0);
    while let Some(page) = pages.try_next().await.unwrap() {
        let page = page.into_model().unwrap().value;
        assert!(page.len() <= size.unwrap_or(25) as usize, "{} on a page", page.len());
        items.extend(page.into_iter().filter(|item| item.resource_id().unwrap().name.starts_with(prefix)));
        count += 1;
    }
    (items, count)
}

pub(crate) async fn versions(vault: &SecretClient, name: &str) -> Vec<String> {
    let items: Vec<_> = vault.list_secret_properties_versions(name, None).unwrap().try_collect().await.unwrap();
    items.iter().map(|item| item.resource_id().unwrap().version.unwrap()).collect()
}
