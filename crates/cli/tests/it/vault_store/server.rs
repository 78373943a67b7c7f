//! `strongroom server start` as a process of its own, with its values in a vault of this process.

use crate::room::Room;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdout, Stdio};
use std::sync::Arc;
use std::time::Duration;
use strongroom_api::{Client, ClientOptions, SignIn};
use strongroom_core::central::{AccountKind, Accounts, NewAccount, Role};

/// A server that is ready. Dropped, it is killed.
pub(super) struct Server {
    child: Child,
    _stdout: BufReader<ChildStdout>,
    url: String,
}

/// Starts a server that may never be ready.
pub(super) fn spawn(room: &Room, options: &[&str]) -> Child {
    let log = File::options().create(true).append(true).open(room.path("server.log")).unwrap();
    room.command(["server", "start", "-o", "json"]).args(options).stderr(Stdio::from(log)).spawn().unwrap()
}

impl Server {
    /// Starts it, and waits until it is ready.
    pub(super) fn start(room: &Room, options: &[&str]) -> Self {
        let mut child = spawn(room, options);
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        let log = || std::fs::read_to_string(room.path("server.log")).unwrap();
        let ready: Value = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{line:?}: {error}\n{}", log()));
        Self { child, _stdout: stdout, url: ready["url"].as_str().unwrap().to_owned() }
    }

    /// The first server of a room, and an administrator's API key there.
    pub(super) async fn found(room: &Room) -> (Self, SecretString) {
        let password = "correct-horse-battery";
        let file = room.file("password.txt", password);
        let file = file.to_str().unwrap();
        let server = Self::start(room, &["--admin-user", "admin", "--admin-password-file", file]);
        let client = server.client_as(SignIn::Password { username: "admin".into(), password: password.into() });
        let account = NewAccount {
            kind: AccountKind::Service,
            name: "tests".into(),
            full_name: String::new(),
            email: None,
            description: String::new(),
            role: Role::Admin,
            password: None,
            active: true,
        };
        let account = client.create_account(account).await.unwrap();
        let key = client.create_api_key(account.id, "key", "").await.unwrap();
        (server, key.key.unwrap())
    }

    /// A client with that key.
    pub(super) fn client(&self, key: &SecretString) -> Arc<Client> {
        self.client_as(SignIn::ApiKey(key.clone()))
    }

    fn client_as(&self, sign_in: SignIn) -> Arc<Client> {
        let mut options = ClientOptions::new(self.url.parse().unwrap());
        options.deadline = Duration::from_secs(20);
        Arc::new(Client::new(&options, sign_in).unwrap())
    }

    /// What the server answers to a PUT with an `Idempotency-Key`, by an API key.
    pub(super) async fn put(
        &self,
        key: &SecretString,
        path: &str,
        idempotency_key: &str,
        body: &Value,
    ) -> (u16, Value) {
        let http = reqwest::Client::new();
        let form = [("grant_type", "zenml-api-key"), ("password", key.expose_secret())];
        let form = reqwest::Url::parse_with_params("x:/", form).unwrap();
        let request = http.post(format!("{}/api/v1/login", self.url)).body(form.query().unwrap().to_owned());
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        let answer: Value = serde_json::from_str(&request.send().await.unwrap().text().await.unwrap()).unwrap();
        let request = http.put(format!("{}/api/v1{path}", self.url)).body(body.to_string());
        let request = request.bearer_auth(answer["access_token"].as_str().unwrap());
        let request = request.header("content-type", "application/json").header("idempotency-key", idempotency_key);
        let answer = request.send().await.unwrap();
        let status = answer.status().as_u16();
        (status, serde_json::from_str(&answer.text().await.unwrap()).unwrap())
    }

    /// kill -9.
    pub(super) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
