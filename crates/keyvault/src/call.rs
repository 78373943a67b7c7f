//! What the guard found out about a request, handed to the operation.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::extract::{Path, Query};
use http::request::Parts;

use crate::app::{App, Vault};
use crate::origin::Origin;
use crate::refusal::Refusal;
use crate::rules::SecretName;
use crate::switches::Millis;

/// An admitted request to a vault.
#[derive(Clone)]
pub(crate) struct Call {
    pub(crate) app: Arc<App>,
    pub(crate) vault: usize,
    pub(crate) origin: Origin,
    pub(crate) api_version: String,
    /// One time for the whole request.
    pub(crate) now: Millis,
}

impl Call {
    pub(crate) fn vault(&self) -> &Vault {
        &self.app.vaults[self.vault]
    }

    /// Seconds since 1970, as the wire has it.
    pub(crate) fn seconds(&self) -> i64 {
        self.now.div_euclid(1000)
    }

    /// The id of an object of `collection` in this vault, spelled from the host the client dialled.
    pub(crate) fn id(&self, collection: &str, name: &str, version: Option<&str>) -> String {
        let origin = self.origin.url();
        match version {
            Some(version) => format!("{origin}/{collection}/{name}/{version}"),
            None => format!("{origin}/{collection}/{name}"),
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Call {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        parts.extensions.get::<Self>().cloned().ok_or_else(|| Refusal::unauthorized("the request was not admitted"))
    }
}

/// The secret that a path names, and the version if it names one.
pub(crate) struct Target {
    pub(crate) name: SecretName,
    pub(crate) version: Option<String>,
}

impl Target {
    /// The name or name and version, as refusals spell it.
    pub(crate) fn id(&self) -> String {
        let name = self.name.as_str();
        self.version.as_ref().map_or_else(|| name.to_owned(), |version| format!("{name}/{version}"))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Target {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let Path(segments) = Path::<Vec<(String, String)>>::from_request_parts(parts, state)
            .await
            .map_err(|_| Refusal::invalid_name(parts.uri.path()))?;
        let mut segments = segments.into_iter().map(|(_, text)| text);
        let name = SecretName::parse(&segments.next().unwrap_or_default())?;
        Ok(Self { name, version: segments.next() })
    }
}

/// The parameters of the query that we know; a parameter named twice counts the first time.
#[derive(Debug, Default)]
pub(crate) struct Parameters {
    pub(crate) api_version: Option<String>,
    pub(crate) maxresults: Option<String>,
    pub(crate) skiptoken: Option<String>,
}

impl Parameters {
    pub(crate) fn of(uri: &http::Uri) -> Result<Self, Refusal> {
        let Query(pairs) = Query::<Vec<(String, String)>>::try_from_uri(uri)
            .map_err(|_| Refusal::bad_parameter("The query of the request URI is malformed"))?;
        let mut found = Self::default();
        for (name, value) in pairs {
            let place = match name.to_ascii_lowercase().as_str() {
                "api-version" => &mut found.api_version,
                "maxresults" => &mut found.maxresults,
                "$skiptoken" => &mut found.skiptoken,
                _ => continue,
            };
            place.get_or_insert(value);
        }
        Ok(found)
    }
}

impl<S: Sync> FromRequestParts<S> for Parameters {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        Self::of(&parts.uri)
    }
}
