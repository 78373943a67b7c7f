//! Getting a token: by API key, by password, or by a page where a person confirms (OAuth 2.0 device flow, RFC 8628).

use super::error::refusal;
use super::send::Request;
use super::{Client, ClientOptions};
use reqwest::{Method, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use std::fmt;
use std::time::Duration;
use strongroom_core::{Error, Kind, Result};
use time::OffsetDateTime;
use url::{Url, form_urlencoded};
use uuid::Uuid;
use zeroize::Zeroizing;

/// A token is renewed this long before it ends.
const LEEWAY: time::Duration = time::Duration::seconds(30);

/// What to sign in with.
#[derive(Clone)]
pub enum SignIn {
    /// The key of a service account, `ZENKEY_…`.
    ApiKey(SecretString),
    /// A person's name and password.
    Password {
        /// The name.
        username: String,
        /// The password.
        password: SecretString,
    },
    /// A token that was given before; when it ends, there is nothing to renew it with.
    Token(Token),
}

impl fmt::Debug for SignIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ApiKey(_) => "ApiKey(***)",
            Self::Password { .. } => "Password(***)",
            Self::Token(_) => "Token(***)",
        })
    }
}

/// A bearer token.
#[derive(Debug, Clone)]
pub struct Token {
    /// The token itself.
    pub secret: SecretString,
    /// When it ends, if the server said.
    pub expires: Option<OffsetDateTime>,
}

impl Token {
    pub(super) fn is_fresh(&self) -> bool {
        self.expires.is_none_or(|end| OffsetDateTime::now_utc() + LEEWAY < end)
    }
}

/// What a person needs to confirm a sign-in.
#[derive(Debug, Clone)]
pub struct DevicePrompt {
    /// The page to open.
    pub page: Url,
    /// The code that it shows or asks for.
    pub code: String,
}

#[derive(Deserialize)]
struct Granted {
    access_token: SecretString,
    expires_in: Option<i64>,
}

#[derive(Deserialize)]
struct Authorization {
    device_code: SecretString,
    user_code: String,
    verification_uri: String,
    verification_uri_complete: Option<String>,
    expires_in: u64,
    interval: Option<u64>,
}

#[derive(Deserialize)]
struct Pending {
    error: String,
}

type Form<'a> = &'a [(&'a str, &'a str)];

impl Client {
    /// The token in force; signs in when there is none or it is about to end.
    ///
    /// # Errors
    /// [`Kind::Unauthenticated`] when the sign-in is refused, or the token ended and cannot be renewed.
    pub async fn token(&self) -> Result<Token> {
        let mut held = self.token.lock().await; // held while signing in: others wait for that token
        if let Some(token) = held.as_ref().filter(|token| token.is_fresh()) {
            return Ok(token.clone());
        }
        let granted = match &self.sign_in {
            SignIn::ApiKey(key) => {
                self.grant(&[("grant_type", "zenml-api-key"), ("password", key.expose_secret())]).await?
            }
            SignIn::Password { username, password } => {
                let password = password.expose_secret();
                self.grant(&[("grant_type", "password"), ("username", username), ("password", password)]).await?
            }
            SignIn::Token(_) => {
                return Err(Error::new(Kind::Unauthenticated, "the sign-in has ended")
                    .with_hint("`strongroom login URL` signs in again"));
            }
        };
        Ok(held.insert(granted).clone())
    }

    /// Drops the token that was refused, unless another is there already.
    pub(super) async fn forget(&self, refused: &Token) {
        let mut held = self.token.lock().await;
        if held.as_ref().is_some_and(|token| token.secret.expose_secret() == refused.secret.expose_secret()) {
            *held = None;
        }
    }

    async fn grant(&self, form: Form<'_>) -> Result<Token> {
        let answer = self.persistent(&posted(&["login"], form), None).await?;
        if answer.status.is_success() {
            return read_token(&answer.body);
        }
        Err(match answer.status {
            StatusCode::UNAUTHORIZED => Error::new(Kind::Unauthenticated, "the server refused the credentials"),
            _ => refusal(&answer, "the sign-in"),
        })
    }

    /// Signs in by the page that `show` tells a person to open.
    ///
    /// # Errors
    /// [`Kind::Unauthenticated`] when nobody confirms in time or the sign-in is refused; [`Kind::Unsupported`] when the server
    /// knows no such way.
    pub async fn sign_in_on_page(options: &ClientOptions, show: impl Fn(&DevicePrompt) + Send) -> Result<Token> {
        let none = SignIn::Token(Token { secret: SecretString::default(), expires: None });
        let client = Self::new(options, none)?;
        let id = Uuid::new_v4().to_string();
        let answer = client.persistent(&posted(&["device_authorization"], &[("client_id", &id)]), None).await?;
        if !answer.status.is_success() {
            return Err(match answer.status.as_u16() {
                404 | 405 => Error::new(Kind::Unsupported, "the server has no page to sign in on")
                    .with_hint("sign in with `--api-key`, or with `--username`"),
                _ => refusal(&answer, "the sign-in"),
            });
        }
        let authorization: Authorization = serde_json::from_slice(&answer.body)
            .map_err(|error| Error::payload("the server's answer to the sign-in", &error))?;
        let Authorization { device_code, user_code, verification_uri, verification_uri_complete, expires_in, interval } =
            authorization;
        let page = verification_uri_complete.unwrap_or(verification_uri);
        let page = client.base.join(&page).map_err(|_| Error::corrupt("the server names no page to sign in on"))?;
        show(&DevicePrompt { page, code: user_code });
        let form = [
            ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
            ("client_id", &id),
            ("device_code", device_code.expose_secret()),
        ];
        let mut interval = Duration::from_secs(interval.unwrap_or(5).clamp(1, 60));
        let until = tokio::time::Instant::now() + Duration::from_secs(expires_in);
        while tokio::time::Instant::now() + interval < until {
            tokio::time::sleep(interval).await;
            let answer = client.persistent(&posted(&["login"], &form), None).await?;
            if answer.status.is_success() {
                return read_token(&answer.body);
            }
            match serde_json::from_slice::<Pending>(&answer.body).map(|pending| pending.error).as_deref() {
                Ok("authorization_pending") => {}
                Ok("slow_down") => interval += Duration::from_secs(5),
                Ok("access_denied") => return Err(Error::new(Kind::Unauthenticated, "the sign-in was refused there")),
                _ => return Err(refusal(&answer, "the sign-in")),
            }
        }
        Err(Error::new(Kind::Unauthenticated, "nobody confirmed the sign-in in time"))
    }
}

fn posted<'a>(path: &'a [&'a str], form: Form<'_>) -> Request<'a> {
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
    let body = Zeroizing::new(body.into_bytes());
    Request {
        body: Some((body, "application/x-www-form-urlencoded")),
        ..Request::new(Method::POST, path, "the sign-in")
    }
}

fn read_token(body: &[u8]) -> Result<Token> {
    let Granted { access_token, expires_in } =
        serde_json::from_slice(body).map_err(|error| Error::payload("the server's answer to the sign-in", &error))?;
    let expires = expires_in.map(|seconds| OffsetDateTime::now_utc() + time::Duration::seconds(seconds));
    Ok(Token { secret: access_token, expires })
}
