//! A server of one's own: a store in a temporary folder, served on loopback, and a client that hides nothing.

use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap};
use reqwest::{Client, Method};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use std::sync::Arc;
use strongroom_core::central::{AccountKind, Accounts, NewAccount, Role};
use strongroom_core::seal::Key;
use strongroom_engine::{Acting, DatabaseUrl, Engine, EngineOptions, Origin, SignIn};
use strongroom_server::{Running, ServerOptions, serve};
use tempfile::TempDir;

pub(crate) const PASSWORD: &str = "a long password";

pub(crate) struct Room {
    pub(crate) folder: TempDir,
    pub(crate) engine: Arc<Engine>,
    pub(crate) running: Running,
    client: Client,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Reply {
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }

    /// The document of a success.
    #[track_caller]
    pub(crate) fn good(&self) -> Value {
        assert_eq!(self.status, 200, "{self:?}");
        self.json()
    }

    #[track_caller]
    pub(crate) fn is(&self, status: u16) -> &Self {
        assert_eq!(self.status, status, "{self:?}");
        self
    }

    /// The name and the message of a refusal.
    #[track_caller]
    pub(crate) fn detail(&self) -> (String, String) {
        let json = self.json();
        let pair = json.get("detail").unwrap_or(&json);
        let text = |at: usize| pair[at].as_str().unwrap_or_else(|| panic!("{self:?}")).to_owned();
        (text(0), text(1))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

impl Room {
    pub(crate) async fn open() -> Self {
        Self::open_with(ServerOptions::new("127.0.0.1:0".parse().unwrap())).await
    }

    pub(crate) async fn open_with(options: ServerOptions) -> Self {
        let folder = TempDir::new().unwrap();
        let url = DatabaseUrl::sqlite(&folder.path().join("store.db"));
        let key = Arc::new(Key::generate().unwrap());
        let engine = Engine::open(EngineOptions::new(url, key)).await.unwrap();
        let running = serve(Arc::clone(&engine), &options).await.unwrap();
        let client = Client::builder().no_proxy().build().unwrap();
        Self { folder, engine, running, client }
    }

    /// This machine's own administrator, without a request.
    pub(crate) async fn local(&self) -> Acting {
        self.engine.acting(self.engine.local_caller(Origin::default()).await.unwrap())
    }

    pub(crate) async fn account(&self, kind: AccountKind, name: &str, role: Role) -> String {
        let account = NewAccount {
            kind,
            name: name.to_owned(),
            full_name: String::new(),
            email: None,
            description: String::new(),
            role,
            password: (kind == AccountKind::User).then(|| SecretString::from(PASSWORD)),
            active: true,
        };
        self.local().await.create_account(account).await.unwrap().id.to_string()
    }

    /// Makes a user; their token.
    pub(crate) async fn person(&self, name: &str, role: Role) -> String {
        self.account(AccountKind::User, name, role).await;
        self.token(name).await
    }

    /// A token of a user that is there.
    pub(crate) async fn token(&self, name: &str) -> String {
        let with = SignIn::Password { name: name.to_owned(), password: SecretString::from(PASSWORD) };
        let token = self.engine.sign_in(with, &Origin::default()).await.unwrap();
        token.token.expose_secret().to_owned()
    }

    /// Any request. A path without a slash at its beginning is below `/api/v1/`.
    pub(crate) async fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<reqwest::Body>,
    ) -> Reply {
        let base = if path.starts_with('/') { "" } else { "/api/v1/" };
        let url = format!("{}{base}{path}", self.running.url);
        let mut request = self.client.request(Method::from_bytes(method.as_bytes()).unwrap(), url).body(body);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Reply { status, headers, text: response.text().await.unwrap() }
    }

    pub(crate) async fn ask(&self, method: &str, path: &str, token: &str, body: Option<Value>) -> Reply {
        let bearer = format!("Bearer {token}");
        let mut headers = vec![(AUTHORIZATION.as_str(), &*bearer)];
        if body.is_some() {
            headers.push((CONTENT_TYPE.as_str(), "application/json"));
        }
        self.send(method, path, &headers, body.map(|body| body.to_string()).unwrap_or_default()).await
    }

    pub(crate) async fn get(&self, path: &str, token: &str) -> Reply {
        self.ask("GET", path, token, None).await
    }

    pub(crate) async fn post(&self, path: &str, token: &str, body: Value) -> Reply {
        self.ask("POST", path, token, Some(body)).await
    }

    pub(crate) async fn put(&self, path: &str, token: &str, body: Value) -> Reply {
        self.ask("PUT", path, token, Some(body)).await
    }

    pub(crate) async fn delete(&self, path: &str, token: &str) -> Reply {
        self.ask("DELETE", path, token, None).await
    }

    /// A form, as browsers and sign-ins send them.
    pub(crate) async fn form(&self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.send("POST", path, &[(CONTENT_TYPE.as_str(), "application/x-www-form-urlencoded")], body).await
    }

    pub(crate) async fn login(&self, name: &str, password: &str) -> Reply {
        self.form("login", &[("grant_type", "password"), ("username", name), ("password", password)]).await
    }

    /// Makes a secret with one key; its id.
    pub(crate) async fn secret(&self, token: &str, name: &str, is_private: bool) -> String {
        let body = json!({"name": name, "private": is_private, "values": {"k": format!("value of {name}")}});
        self.post("secrets", token, body).await.good()["id"].as_str().unwrap().to_owned()
    }

    /// The names that a list shows, in its order.
    pub(crate) async fn names(&self, path: &str, token: &str) -> Vec<String> {
        let page = self.get(path, token).await.good();
        page["items"].as_array().unwrap().iter().map(|item| item["name"].as_str().unwrap().to_owned()).collect()
    }
}
