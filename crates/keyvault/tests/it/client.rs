//! A started server and a client for it that sees status, headers and JSON.

use std::net::SocketAddr;

use reqwest::header::HeaderMap;
use reqwest::{Certificate, Client, Method, RequestBuilder};
use secrecy::ExposeSecret;
use serde_json::Value;
use strongroom_keyvault::{Options, Running, TokenShape, start};

/// The API version of requests that do not say another.
pub(crate) const API: &str = "api-version=2026-04-01";

/// A server with a client that trusts it and has a token.
pub(crate) struct Room {
    pub(crate) running: Running,
    pub(crate) http: Client,
    pub(crate) token: String,
}

/// An answer, taken apart.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) async fn of(request: RequestBuilder) -> Self {
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Self { status, headers, text: response.text().await.unwrap() }
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }

    /// The body of a success.
    #[track_caller]
    pub(crate) fn ok(&self) -> Value {
        assert_eq!(self.status, 200, "{self:?}");
        self.json()
    }

    /// Status, code and inner code of a refusal; the body must hold nothing else but the message.
    #[track_caller]
    pub(crate) fn refusal(&self) -> (u16, String, String) {
        let body = self.json();
        assert_eq!(body.as_object().unwrap().len(), 1, "{self:?}");
        let error = body["error"].as_object().unwrap();
        assert!(error["message"].is_string() && error.len() == 2 + usize::from(error.contains_key("innererror")));
        let inner = error.get("innererror").map(|inner| inner["code"].as_str().unwrap().to_owned());
        (self.status, error["code"].as_str().unwrap().to_owned(), inner.unwrap_or_default())
    }

    pub(crate) fn message(&self) -> String {
        self.json()["error"]["message"].as_str().unwrap().to_owned()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).unwrap_or_else(|| panic!("no `{name}`: {self:?}")).to_str().unwrap()
    }
}

impl Room {
    pub(crate) async fn open() -> Self {
        Self::with(Options::default()).await
    }

    pub(crate) async fn with(options: Options) -> Self {
        Self::of(start(options).await.unwrap())
    }

    pub(crate) fn of(running: Running) -> Self {
        let http = trusting(&running).build().unwrap();
        let token = running.mint(&TokenShape::default()).unwrap().expose_secret().to_owned();
        Self { running, http, token }
    }

    pub(crate) fn url(&self) -> &str {
        &self.running.vaults()[0].url
    }

    /// A request without a token, to a path with query.
    pub(crate) fn bare(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.url()))
    }

    /// A request with a token; the API version is added to a path without a query.
    pub(crate) fn request(&self, method: &str, path: &str) -> RequestBuilder {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let path = if path.contains('?') { path.to_owned() } else { format!("{path}?{API}") };
        self.bare(method, &path).bearer_auth(&self.token)
    }

    pub(crate) async fn call(&self, method: &str, path: &str) -> Answer {
        Answer::of(self.request(method, path)).await
    }

    pub(crate) async fn send(&self, method: &str, path: &str, body: Value) -> Answer {
        Answer::of(self.request(method, path).json(&body)).await
    }

    /// Writes a version and gives its id's last segment.
    pub(crate) async fn put(&self, name: &str, value: &str) -> String {
        let answer = self.send("PUT", &format!("/secrets/{name}"), serde_json::json!({ "value": value })).await;
        answer.ok()["id"].as_str().unwrap().rsplit('/').next().unwrap().to_owned()
    }
}

/// A client that trusts the server and nobody else.
pub(crate) fn trusting(running: &Running) -> reqwest::ClientBuilder {
    let pem = std::fs::read(running.ca_certificate()).unwrap();
    let certificates = [Certificate::from_pem(&pem).unwrap()];
    Client::builder().tls_certs_only(certificates).redirect(reqwest::redirect::Policy::none()).no_proxy()
}

/// The socket behind a vault's URL.
pub(crate) fn socket(url: &str) -> SocketAddr {
    let port = url.rsplit(':').next().unwrap().parse().unwrap();
    SocketAddr::from(([127, 0, 0, 1], port))
}
