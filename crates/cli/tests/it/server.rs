//! `strongroom server start`, the program itself, and what its clients see: one story on every database.

mod addresses;
mod failing;
mod killed;
mod readers;
mod replicas;
mod restarted;
mod signing;
mod story;
mod writers;

use crate::room::Room;
use reqwest::Method;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};
use std::time::Duration;

/// Who every server of these tests is started for.
const ADMIN: (&str, &str) = ("admin", "canary-password-4711");

/// A server on a free port of loopback; it is killed when dropped.
struct Server {
    child: Child,
    url: String,
}

impl Server {
    /// Starts one in a room: servers of one room have one key, and its variables say where the values are, if not in the
    /// database.
    fn start(room: &Room, database: &str) -> Self {
        Self::start_with_log(room, database, Stdio::inherit())
    }

    /// The same, with its stderr there.
    fn start_with_log(room: &Room, database: &str, stderr: impl Into<Stdio>) -> Self {
        let password = room.file("admin-password", ADMIN.1);
        // an address may hold a password, and arguments are everybody's to read
        let mut command = room.command(["-o", "json", "server", "start", "--listen", "127.0.0.1:0"]);
        command.args(["--admin-user", ADMIN.0, "--admin-password-file"]).arg(password);
        command.env("STRONGROOM_DATABASE", database).stderr(stderr);
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let ready: Value = serde_json::from_str(&line).unwrap_or_else(|_| panic!("the server is not ready: {line:?}"));
        Self { child, url: ready["url"].as_str().unwrap().to_owned() }
    }

    /// kill -9.
    fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Somebody who signed in with a password.
    async fn sign_in(&self, name: &str, password: &str) -> Client {
        let mut client = Client::nobody(&self.url);
        let (status, answer) = client.log_in(name, password).await;
        assert_eq!(status, 200, "{answer}");
        client.token = answer["access_token"].as_str().unwrap().to_owned();
        client
    }

    async fn admin(&self) -> Client {
        self.sign_in(ADMIN.0, ADMIN.1).await
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Somebody who asks a server.
#[derive(Clone)]
struct Client {
    http: reqwest::Client,
    base: String,
    token: String,
}

impl Client {
    fn nobody(url: &str) -> Self {
        let http = reqwest::Client::builder().timeout(Duration::from_secs(60)).build().unwrap();
        Self { http, base: format!("{url}/api/v1"), token: String::new() }
    }

    /// The same person at another server.
    fn at(&self, server: &Server) -> Self {
        Self { base: format!("{}/api/v1", server.url), ..self.clone() }
    }

    async fn log_in(&self, name: &str, password: &str) -> (u16, Value) {
        let form = format!("username={name}&password={password}");
        let request = self.http.post(format!("{}/login", self.base)).body(form);
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), serde_json::from_str(&answer.text().await.unwrap()).unwrap())
    }

    /// What a server answers, if it does.
    async fn try_ask(&self, method: Method, path: &str, body: Option<&Value>) -> reqwest::Result<(u16, Value)> {
        let request = self.http.request(method, format!("{}{path}", self.base)).bearer_auth(&self.token);
        let request = match body {
            Some(body) => request.body(body.to_string()).header("content-type", "application/json"),
            None => request,
        };
        let answer = request.send().await?;
        let status = answer.status().as_u16();
        let body = answer.text().await?;
        Ok((status, serde_json::from_str(&body).unwrap_or(Value::String(body))))
    }

    async fn ask(&self, method: Method, path: &str, body: Option<&Value>) -> (u16, Value) {
        self.try_ask(method, path, body).await.unwrap()
    }

    /// What a request brings that must succeed.
    async fn done(&self, method: Method, path: &str, body: Option<&Value>) -> Value {
        let (status, answer) = self.ask(method.clone(), path, body).await;
        assert_eq!(status, 200, "{method} {path}: {answer}");
        answer
    }

    async fn get(&self, path: &str) -> Value {
        self.done(Method::GET, path, None).await
    }

    async fn create(&self, name: &str, values: Value) -> Value {
        self.done(Method::POST, "/secrets", Some(&new(name, values))).await
    }

    /// The audit trail, which must be whole.
    async fn verified(&self) -> Value {
        let verdict = self.get("/audit/verify").await;
        assert_eq!(verdict["broken_at"], Value::Null, "{verdict}");
        verdict
    }
}

fn new(name: &str, values: Value) -> Value {
    json!({ "name": name, "values": values })
}

/// Where one secret is.
fn path(secret: &Value) -> String {
    format!("/secrets/{}", secret["id"].as_str().unwrap())
}

/// The values in an answer.
fn values(secret: &Value) -> &Value {
    &secret["body"]["values"]
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}
