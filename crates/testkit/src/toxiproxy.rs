//! Toxiproxy between a client and a server on this machine: faults of the network.

use crate::servers::server;
use std::io::{Read, Write};
use std::net::TcpStream;
use uuid::Uuid;

/// A running toxiproxy, which `STRONGROOM_TEST_TOXIPROXY_URL` names.
#[derive(Debug, Clone)]
pub struct Toxiproxy {
    /// Host and port of its own API.
    api: String,
}

/// What the network does.
#[derive(Debug, Clone, Copy)]
pub enum Toxic {
    /// Nobody listens.
    Down,
    /// Every connection is reset once it is used.
    Reset,
    /// What the server sends never comes.
    Stall,
    /// The connection ends after so many bytes from the server.
    Cut(u32),
    /// What the server sends comes so many milliseconds later.
    Late(u32),
    /// So many thousand bytes from the server pass in a second.
    Slow(u32),
}

impl Toxiproxy {
    /// The one that the environment names; where there is none, that is said, or a failure.
    pub fn from_environment() -> Option<Self> {
        let url = server("STRONGROOM_TEST_TOXIPROXY_URL")?;
        let (host, port) = (url.host_str().expect("a host"), url.port().expect("a port"));
        Some(Self { api: format!("{host}:{port}") })
    }

    /// A way of its own to what listens on `port` of the loopback address.
    pub fn link(&self, port: u16) -> Link {
        let name = Uuid::new_v4().to_string();
        let made = self.ask(
            "POST",
            "/proxies",
            &format!(r#"{{"name":"{name}","listen":"127.0.0.1:0","upstream":"127.0.0.1:{port}","enabled":true}}"#),
        );
        let listen = made.split_once(r#""listen":"127.0.0.1:"#).and_then(|(_, rest)| rest.split('"').next());
        let port = listen.and_then(|port| port.parse().ok()).unwrap_or_else(|| panic!("no port in {made}"));
        Link { proxy: self.clone(), name, port }
    }

    /// The body of its answer, which must be one of success.
    fn ask(&self, method: &str, path: &str, body: &str) -> String {
        let (api, length) = (&self.api, body.len());
        let mut stream = TcpStream::connect(api).unwrap_or_else(|error| panic!("no toxiproxy at {api}: {error}"));
        let request = format!("{method} {path} HTTP/1.0\r\nHost: {api}\r\nContent-Length: {length}\r\n\r\n{body}");
        stream.write_all(request.as_bytes()).expect("toxiproxy reads");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("toxiproxy answers");
        assert!(answer.split(' ').nth(1).is_some_and(|status| status.starts_with('2')), "{method} {path}: {answer}");
        answer.split_once("\r\n\r\n").map(|(_, body)| body.to_owned()).unwrap_or_default()
    }
}

/// A way to one server. It is there until dropped.
#[derive(Debug)]
pub struct Link {
    proxy: Toxiproxy,
    name: String,
    port: u16,
}

impl Link {
    /// Where clients connect to, on the loopback address.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// From now on every new connection meets this.
    pub fn meet(&self, toxic: Toxic) {
        let (kind, attributes) = match toxic {
            Toxic::Down => return self.set_open(false),
            Toxic::Reset => ("reset_peer", r#""timeout":0"#.to_owned()),
            Toxic::Stall => ("timeout", r#""timeout":0"#.to_owned()),
            Toxic::Cut(bytes) => ("limit_data", format!(r#""bytes":{bytes}"#)),
            Toxic::Late(milliseconds) => ("latency", format!(r#""latency":{milliseconds}"#)),
            Toxic::Slow(rate) => ("bandwidth", format!(r#""rate":{rate}"#)),
        };
        let path = format!("/proxies/{}/toxics", self.name);
        let body =
            format!(r#"{{"name":"{kind}","type":"{kind}","stream":"downstream","attributes":{{{attributes}}}}}"#);
        self.proxy.ask("POST", &path, &body);
    }

    /// All passes again. Connections that met something are closed.
    pub fn heal(&self) {
        self.set_open(false);
        for kind in ["reset_peer", "timeout", "limit_data", "latency", "bandwidth"] {
            if self.proxy.ask("GET", &format!("/proxies/{}/toxics", self.name), "").contains(kind) {
                self.proxy.ask("DELETE", &format!("/proxies/{}/toxics/{kind}", self.name), "");
            }
        }
        self.set_open(true);
    }

    fn set_open(&self, open: bool) {
        self.proxy.ask("POST", &format!("/proxies/{}", self.name), &format!(r#"{{"enabled":{open}}}"#));
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        self.proxy.ask("DELETE", &format!("/proxies/{}", self.name), "");
    }
}
