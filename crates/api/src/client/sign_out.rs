//! Ending a token before it expires.

use super::Client;
use super::error::refusal;
use super::send::Request;
use reqwest::{Method, StatusCode};
use secrecy::ExposeSecret;
use strongroom_core::Result;

impl Client {
    /// Ends the token that this client holds, at the server; nothing is asked when it holds none that is good.
    ///
    /// # Errors
    /// [`strongroom_core::Kind::Unavailable`] when the server cannot be reached: it takes the token until it expires.
    pub async fn sign_out(&self) -> Result<()> {
        let Some(token) = self.token.lock().await.take().filter(super::Token::is_fresh) else { return Ok(()) };
        // ZenML's server knows it by GET only
        let request = Request::new(Method::GET, &["logout"], "the sign-out");
        let answer = self.persistent(&request, Some(token.secret.expose_secret())).await?;
        match answer.status {
            status if status.is_success() => Ok(()),
            // it was ended before, or at the first of several tries
            StatusCode::UNAUTHORIZED => Ok(()),
            _ => Err(refusal(&answer, "the sign-out")),
        }
    }
}
