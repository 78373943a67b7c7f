//! GetSecrets, GetDeletedSecrets and GetSecretVersions. No list holds values; disabled and managed secrets are in it.

use super::Answer;
use crate::call::{Call, Parameters, Target};
use crate::page::PageAsked;
use crate::wire::{self, Bundle, Page};

pub(crate) async fn secrets(call: Call, parameters: Parameters) -> Answer {
    names(&call, &parameters, false)
}

pub(crate) async fn deleted(call: Call, parameters: Parameters) -> Answer {
    names(&call, &parameters, true)
}

fn names(call: &Call, parameters: &Parameters, deleted: bool) -> Answer {
    let page = PageAsked::read(parameters)?;
    let mut found =
        call.app.store.read(|view| view.list(call.vault().row, deleted, page.after(), page.rows(), call.now))?;
    let path = if deleted { "/deletedsecrets" } else { "/secrets" };
    let next_link = page.cut(call, path, &mut found, |(secret, _)| secret.key.clone());
    let items = found.iter().map(|(secret, version)| {
        let item = Bundle::of(call, secret, version).without_version(call, secret);
        if deleted { item.deleted(call, secret) } else { item }
    });
    Ok(wire::ok(&Page { value: items.collect(), next_link }))
}

/// A name that is not there has no versions: 200 and an empty list (recorded).
pub(crate) async fn versions(call: Call, Target { name, .. }: Target, parameters: Parameters) -> Answer {
    let page = PageAsked::read(&parameters)?;
    let found = call.app.store.read(|view| {
        let secret = view.live(call.vault().row, &name, call.now)?;
        secret.map(|secret| Ok((view.versions(&secret, page.after(), page.rows())?, secret))).transpose()
    })?;
    let Some((mut found, secret)) = found else {
        return Ok(wire::ok(&Page { value: vec![], next_link: None }));
    };
    let path = format!("/secrets/{}/versions", name.as_str());
    let next_link = page.cut(&call, &path, &mut found, |version| version.id.clone());
    let value = found.iter().map(|version| Bundle::of(&call, &secret, version)).collect();
    Ok(wire::ok(&Page { value, next_link }))
}
