//! A stand-in for the metadata service of Azure's machines, as far as tokens go (api-versions 2018-02-01 and later).

use axum::Router;
use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::{HeaderMap, StatusCode, header};
use secrecy::{ExposeSecret, SecretString};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// Where tokens are.
const PATH: &str = "/metadata/identity/oauth2/token";

/// A metadata service on loopback; it ends when dropped.
#[derive(Debug)]
pub struct MetadataService {
    address: SocketAddr,
    inner: Arc<Inner>,
    task: JoinHandle<()>,
}

#[derive(Debug)]
struct Inner {
    token: SecretString,
    is_foreign: AtomicBool,
    fails: Mutex<Option<u16>>,
    asked: Mutex<Vec<String>>,
}

impl MetadataService {
    /// Hands out `token` to whoever asks for one for Key Vault.
    pub async fn start(token: SecretString) -> Self {
        let inner = Arc::new(Inner {
            token,
            is_foreign: AtomicBool::new(false),
            fails: Mutex::default(),
            asked: Mutex::default(),
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a loopback port");
        let address = listener.local_addr().expect("it is bound");
        let router = Router::new().route(PATH, get(answer)).with_state(Arc::clone(&inner));
        let task = tokio::spawn(async move { axum::serve(listener, router).await.expect("it is bound") });
        Self { address, inner, task }
    }

    /// What is at the same address on a machine of another cloud.
    pub async fn of_another_cloud() -> Self {
        let service = Self::start(SecretString::from("")).await;
        service.inner.is_foreign.store(true, Ordering::Relaxed);
        service
    }

    /// What `AZURE_POD_IDENTITY_AUTHORITY_HOST` should hold.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// From now on it answers those who ask for a token with this status.
    pub fn fail_with(&self, status: u16) {
        *self.inner.fails.lock().unwrap_or_else(PoisonError::into_inner) = Some(status);
    }

    /// The queries of those who asked for a token.
    pub fn asked(&self) -> Vec<String> {
        self.inner.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for MetadataService {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn answer(State(inner): State<Arc<Inner>>, headers: HeaderMap, RawQuery(query): RawQuery) -> Response {
    let query = query.unwrap_or_default();
    if inner.is_foreign.load(Ordering::Relaxed) {
        return (StatusCode::NOT_FOUND, [(header::CONTENT_TYPE, "text/html")], "<h1>404</h1>").into_response();
    }
    // Whoever does not send this header may have been lured here.
    if headers.get("metadata").is_none_or(|value| value != "true") {
        return json(
            400,
            r#"{"error":"invalid_request","error_description":"Required metadata header not specified"}"#,
        );
    }
    inner.asked.lock().unwrap_or_else(PoisonError::into_inner).push(query.clone());
    if let Some(status) = *inner.fails.lock().unwrap_or_else(PoisonError::into_inner) {
        return json(status, r#"{"error":"invalid_request","error_description":"Identity not found"}"#);
    }
    if !query.split('&').any(|pair| pair == "resource=https%3A%2F%2Fvault.azure.net") {
        return json(400, r#"{"error":"invalid_resource","error_description":"resource"}"#);
    }
    let hour = SystemTime::now() + Duration::from_secs(3600);
    let expires = hour.duration_since(UNIX_EPOCH).expect("after 1970").as_secs();
    let token = inner.token.expose_secret();
    // numbers are strings, as the real one has them
    let body = format!(
        r#"{{"access_token":"{token}","expires_in":"3599","expires_on":"{expires}","token_type":"Bearer","resource":"https://vault.azure.net"}}"#
    );
    json(200, &body)
}

fn json(status: u16, body: &str) -> Response {
    let status = StatusCode::from_u16(status).expect("a test names a status");
    (status, [(header::CONTENT_TYPE, "application/json; charset=utf-8")], body.to_owned()).into_response()
}
