//! Secrets over HTTP.

use super::Client;
use super::send::Request;
use super::wire::{Pairs, Revision, Secret};
use async_trait::async_trait;
use reqwest::Method;
use serde::Serialize;
use strongroom_core::central::{
    CentralSecret, Lookup, NewSecret, RevisionMeta, SecretChange, SecretId, Secrets, ValuesChange, Visibility,
};
use strongroom_core::query::{Page, Query};
use strongroom_core::{Error, Kind, Result, SecretName};
use uuid::Uuid;

/// How many candidates a message about an ambiguous name shows.
const SHOWN: usize = 20;

#[derive(Serialize)]
struct Create<'a> {
    name: &'a str,
    private: bool,
    values: Pairs,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    schema: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    project: Option<Uuid>,
}

#[derive(Serialize)]
struct Update<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    private: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    values: Option<Pairs>,
    #[serde(skip_serializing_if = "Option::is_none")]
    schema: Option<&'a str>,
}

#[derive(Serialize)]
struct Rollback {
    revision: u32,
}

#[async_trait]
impl Secrets for Client {
    async fn create(&self, secret: NewSecret) -> Result<CentralSecret> {
        let NewSecret { name, visibility, values, schema, project, id } = &secret;
        let private = *visibility == Visibility::Private;
        let (values, schema) = (Pairs::from(values), schema.as_deref());
        let body = Create { name: name.as_str(), private, values, id: *id, schema, project: *project };
        let what = format!("{visibility} secret `{name}`");
        let request = Request::new(Method::POST, &["secrets"], &what).with_json(&body)?;
        self.ask::<Secret>(request).await?.read(true)
    }

    async fn get(&self, id: SecretId, revision: Option<u32>) -> Result<CentralSecret> {
        let (id, what) = (id.to_string(), format!("secret `{id}`"));
        let path = ["secrets", &id];
        let mut request = Request::get(&path, &what);
        request.query.extend(revision.map(|revision| ("revision", revision.to_string())));
        let secret = self.ask::<Secret>(request).await?.read(true)?;
        match revision {
            // ZenML's own server ignores the parameter and would give other values
            Some(revision) if secret.revision != revision => {
                Err(Error::new(Kind::Unsupported, "the server keeps no revisions"))
            }
            _ => Ok(secret),
        }
    }

    async fn find(&self, text: &str, visibility: Option<Visibility>, lookup: Lookup) -> Result<CentralSecret> {
        if let Ok(id) = Uuid::parse_str(text) {
            match self.get(id, None).await {
                Ok(secret) if visibility.is_none_or(|asked| asked == secret.visibility) => {
                    return Ok(CentralSecret { values: None, ..secret });
                }
                Err(error) if error.kind() != Kind::NotFound => return Err(error),
                _ => {}
            }
        }
        if text.parse::<SecretName>().is_ok() {
            let mut named = self.candidates("name", &format!("equals:{text}"), visibility).await?;
            named.retain(|secret| secret.name.as_str() == text);
            named.sort_by_key(|secret| secret.visibility);
            if !named.is_empty() {
                return Ok(named.swap_remove(0));
            }
        }
        if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-') {
            let start = text.to_ascii_lowercase();
            let mut begin = self.candidates("id", &format!("startswith:{start}"), visibility).await?;
            begin.retain(|secret| secret.id.to_string().starts_with(&start));
            if let Some(found) = the_one(begin, text)? {
                return Ok(found);
            }
        }
        if lookup == Lookup::Partial && !text.is_empty() {
            let part = text.to_ascii_lowercase();
            let mut within = self.candidates("name", &format!("contains:{text}"), visibility).await?;
            within.retain(|secret| secret.name.as_str().to_ascii_lowercase().contains(&part));
            if let Some(found) = the_one(within, text)? {
                return Ok(found);
            }
        }
        let kind = visibility.map_or_else(String::new, |visibility| format!("{visibility} "));
        Err(Error::not_found(&format!("{kind}secret"), text))
    }

    async fn list(&self, query: &Query<CentralSecret>) -> Result<Page<CentralSecret>> {
        self.page(&["secrets"], query, |secret: Secret| secret.read(false)).await
    }

    async fn update(&self, id: SecretId, change: SecretChange) -> Result<CentralSecret> {
        // each request has an Idempotency-Key of its own
        let SecretChange { name, visibility, values, schema, if_revision, request: _ } = &change;
        let (patch, values) = match values {
            None => (true, None),
            Some(ValuesChange::Replace(values)) => (false, Some(Pairs::from(values))),
            Some(ValuesChange::Patch(pairs)) => {
                let sealed = |value: &strongroom_core::Value| value.expose().into();
                let pairs = pairs.iter().map(|(key, value)| (key.clone(), value.as_ref().map(sealed)));
                (true, Some(Pairs(pairs.collect())))
            }
        };
        let private = visibility.map(|visibility| visibility == Visibility::Private);
        let body = Update { name: name.as_ref().map(SecretName::as_str), private, values, schema: schema.as_deref() };
        let (id, what) = match name {
            Some(name) => (id.to_string(), format!("secret `{name}`")),
            None => (id.to_string(), format!("secret `{id}`")),
        };
        let path = ["secrets", &id];
        let mut request = Request::new(Method::PUT, &path, &what).with_json(&body)?;
        request.query.push(("patch_values", if patch { "True" } else { "False" }.into()));
        request.query.extend(if_revision.map(|revision| ("if_version", revision.to_string())));
        self.ask::<Secret>(request).await?.read(true)
    }

    async fn delete(&self, id: SecretId) -> Result<()> {
        let (id, what) = (id.to_string(), format!("secret `{id}`"));
        self.ask::<()>(Request::new(Method::DELETE, &["secrets", &id], &what)).await
    }

    async fn history(&self, id: SecretId) -> Result<Vec<RevisionMeta>> {
        let (id, what) = (id.to_string(), format!("the history of secret `{id}`"));
        let path = ["secrets", &id, "history"];
        let revisions: Vec<Revision> = self.ask(Request::new(Method::GET, &path, &what)).await?;
        revisions.into_iter().map(Revision::read).collect()
    }

    async fn rollback(&self, id: SecretId, to: u32) -> Result<CentralSecret> {
        let (id, what) = (id.to_string(), format!("revision {to} of secret `{id}`"));
        let path = ["secrets", &id, "rollback"];
        let request = Request::new(Method::POST, &path, &what).with_json(&Rollback { revision: to })?;
        self.ask::<Secret>(request).await?.read(true)
    }
}

impl Client {
    /// The secrets whose `field` passes a filter, on the server's terms: `%` and `_` may be wildcards there.
    async fn candidates(
        &self,
        field: &str,
        filter: &str,
        visibility: Option<Visibility>,
    ) -> Result<Vec<CentralSecret>> {
        let mut query = Query::all();
        query.filter(field, filter)?;
        if let Some(visibility) = visibility {
            query.filter("private", &(visibility == Visibility::Private).to_string())?;
        }
        Ok(self.list(&query).await?.items)
    }
}

/// The only candidate, if there is one.
fn the_one(mut found: Vec<CentralSecret>, text: &str) -> Result<Option<CentralSecret>> {
    if found.len() < 2 {
        return Ok(found.pop());
    }
    let listed: Vec<_> = found.iter().take(SHOWN).map(|secret| format!("`{}` ({})", secret.name, secret.id)).collect();
    Err(Error::invalid(format!("{} secrets fit `{text}`: {}", found.len(), listed.join(", ")))
        .with_hint("name one by its id"))
}
