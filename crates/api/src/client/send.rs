//! One request: signed in, tried again while that can help, and never told apart from its repetition.

use super::error::{refusal, unreachable};
use super::{Client, SignIn};
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use reqwest::{Method, Response, StatusCode};
use secrecy::ExposeSecret;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::time::Duration;
use strongroom_core::{Error, Kind, Result};
use tokio::time::Instant;
use url::Url;
use uuid::Uuid;
use zeroize::Zeroizing;

/// The first pause before trying again; each is twice the one before, up to the longest.
const FIRST_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// What to ask for.
pub(super) struct Request<'a> {
    pub(super) method: Method,
    /// Below `/api/v1`.
    pub(super) path: &'a [&'a str],
    pub(super) query: Vec<(&'static str, String)>,
    /// The bytes and their type.
    pub(super) body: Option<(Zeroizing<Vec<u8>>, &'static str)>,
    /// What is asked for, for messages.
    pub(super) what: &'a str,
}

impl<'a> Request<'a> {
    pub(super) fn new(method: Method, path: &'a [&'a str], what: &'a str) -> Self {
        Self { method, path, query: vec![], body: None, what }
    }

    pub(super) fn get(path: &'a [&'a str], what: &'a str) -> Self {
        Self { query: vec![("hydrate", "True".into())], ..Self::new(Method::GET, path, what) }
    }

    pub(super) fn with_json(mut self, body: &impl Serialize) -> Result<Self> {
        let bytes = serde_json::to_vec(body).map_err(|error| Error::payload("the request", &error))?;
        self.body = Some((Zeroizing::new(bytes), "application/json"));
        Ok(self)
    }
}

/// What came back.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) body: Zeroizing<Vec<u8>>,
    pub(super) retry_after: Option<Duration>,
    /// What the server calls the request in its log.
    pub(super) request_id: Option<String>,
    /// Whether an earlier try may have done what this one was asked.
    pub(super) repeated: bool,
}

impl Answer {
    /// All of what came back.
    ///
    /// # Errors
    /// [`Kind::Unavailable`] when it breaks off.
    pub(super) async fn read(answer: Response) -> Result<Self> {
        let header = |name: &str| answer.headers().get(name).and_then(|value| value.to_str().ok());
        let retry_after = header(RETRY_AFTER.as_str()).and_then(|text| text.parse().ok()).map(Duration::from_secs);
        // it is shown, and whatever answers there may have written it
        let is_id = |text: &&str| {
            (1..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        };
        let request_id = header("x-request-id").filter(is_id).map(str::to_owned);
        let status = answer.status();
        let body = Zeroizing::new(Vec::from(answer.bytes().await.map_err(unreachable)?));
        Ok(Self { status, body, retry_after, request_id, repeated: false })
    }
}

impl Client {
    /// Asks as the account that is signed in, and reads what comes back.
    pub(super) async fn ask<T: DeserializeOwned>(&self, request: Request<'_>) -> Result<T> {
        let (method, what) = (request.method.clone(), request.what);
        let answer = self.authorized(&request).await?;
        if answer.status.is_success() {
            return serde_json::from_slice(&answer.body)
                .map_err(|error| Error::payload(&format!("the server's answer about {what}"), &error));
        }
        if method == Method::DELETE && answer.repeated && answer.status == StatusCode::NOT_FOUND {
            // The first try did it, and only its answer was lost.
            return serde_json::from_str("null").map_err(|error| Error::payload("the answer", &error));
        }
        Err(refusal(&answer, what))
    }

    /// A refused token is replaced once, where there is something to sign in with again.
    async fn authorized(&self, request: &Request<'_>) -> Result<Answer> {
        let token = self.token().await?;
        let answer = self.persistent(request, Some(token.secret.expose_secret())).await?;
        if answer.status != StatusCode::UNAUTHORIZED || matches!(self.sign_in, SignIn::Token(_)) {
            return Ok(answer);
        }
        self.forget(&token).await;
        let token = self.token().await?;
        self.persistent(request, Some(token.secret.expose_secret())).await
    }

    /// Asks again, with the same key, while the server is busy or gone: it does one key's work once.
    pub(super) async fn persistent(&self, request: &Request<'_>, token: Option<&str>) -> Result<Answer> {
        let until = Instant::now() + self.deadline;
        let key = Uuid::new_v4().to_string();
        let (mut pause, mut repeated) = (FIRST_PAUSE, false);
        loop {
            let left = until.saturating_duration_since(Instant::now());
            let tried = tokio::time::timeout(left, self.once(request, token, &key)).await;
            let late = || Error::new(Kind::Unavailable, "the server did not answer in time");
            let result = tried.unwrap_or_else(|_| Err(late()));
            let wait = match &result {
                Ok(answer) if matches!(answer.status.as_u16(), 429 | 502 | 503 | 504) => {
                    answer.retry_after.unwrap_or(pause)
                }
                Err(error) if error.kind() == Kind::Unavailable => pause,
                _ => return result.map(|answer| Answer { repeated, ..answer }),
            };
            if Instant::now() + wait >= until {
                return result;
            }
            repeated = true;
            tokio::time::sleep(wait).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    async fn once(&self, request: &Request<'_>, token: Option<&str>, key: &str) -> Result<Answer> {
        let Request { method, path, query, body, what: _ } = request;
        let mut call = self
            .http
            .request(method.clone(), self.address(path, query))
            .header("Idempotency-Key", key)
            .header("Source-Context", "cli");
        if let Some(token) = token {
            let mut header = HeaderValue::from_str(&format!("Bearer {token}"))
                .map_err(|_| Error::new(Kind::Unauthenticated, "the token is no token"))?;
            header.set_sensitive(true);
            call = call.header(AUTHORIZATION, header);
        }
        if let Some((bytes, kind)) = body {
            call = call.header(CONTENT_TYPE, *kind).body(bytes.to_vec());
        }
        let answer = call.send().await.map_err(unreachable)?;
        if answer.status().is_redirection() {
            return Err(Error::invalid("the server points elsewhere").with_hint("use the address it points to"));
        }
        Answer::read(answer).await
    }

    fn address(&self, path: &[&str], query: &[(&str, String)]) -> Url {
        let mut url = self.base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(["api", "v1"]).extend(path);
        }
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        url
    }
}
