//! Becoming the first administrator of a server that has none.

use super::error::refusal;
use super::send::Request;
use super::{Client, ClientOptions, SignIn};
use reqwest::{Method, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use serde::{Serialize, Serializer};
use strongroom_core::{Error, Kind, Result};

#[derive(Serialize)]
struct Claim<'a> {
    #[serde(serialize_with = "exposed")]
    code: &'a SecretString,
    username: &'a str,
    #[serde(serialize_with = "exposed")]
    password: &'a SecretString,
}

fn exposed<S: Serializer>(secret: &SecretString, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(secret.expose_secret())
}

impl Client {
    /// Makes the first administrator, with the one-time code that the server showed when it started.
    ///
    /// # Errors
    /// [`Kind::Unauthenticated`] when the code is wrong or was used.
    pub async fn claim(
        options: &ClientOptions,
        code: &SecretString,
        username: &str,
        password: &SecretString,
    ) -> Result<()> {
        // nobody signs in yet: the request goes out without a token
        let client =
            Self::new(options, SignIn::Password { username: username.to_owned(), password: password.clone() })?;
        let what = format!("the account `{username}`");
        let request = Request::new(Method::POST, &["claim"], &what).with_json(&Claim { code, username, password })?;
        let answer = client.persistent(&request, None).await?;
        match answer.status {
            status if status.is_success() => Ok(()),
            StatusCode::UNAUTHORIZED => Err(Error::new(Kind::Unauthenticated, "the code is wrong or was used")
                .with_hint("a server without an administrator shows a new code when it starts")),
            _ => Err(refusal(&answer, &what)),
        }
    }
}
