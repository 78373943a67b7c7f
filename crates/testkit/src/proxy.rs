//! A CONNECT proxy that leads Azure's host names to a server of the test, so that clients can use them unchanged.

use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// The longest request head that is read.
const LONGEST_HEAD: usize = 8192;

/// A proxy on loopback; it ends when dropped.
#[derive(Debug)]
pub struct Proxy {
    address: SocketAddr,
    task: JoinHandle<()>,
}

impl Proxy {
    /// Starts a proxy that connects `host` to the address it maps to, whatever the port, and refuses all other hosts.
    ///
    /// # Errors
    /// When no loopback port can be bound.
    pub async fn start(hosts: HashMap<String, SocketAddr>) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let hosts = Arc::new(hosts);
        let task = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let hosts = Arc::clone(&hosts);
                // A connection that breaks is the client's to report.
                tokio::spawn(async move { tunnel(client, &hosts).await.ok() });
            }
        });
        Ok(Self { address, task })
    }

    /// What `HTTPS_PROXY` should hold.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn tunnel(mut client: TcpStream, hosts: &HashMap<String, SocketAddr>) -> io::Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") && head.len() < LONGEST_HEAD {
        head.push(client.read_u8().await?);
    }
    let head = String::from_utf8_lossy(&head);
    let target = head.strip_prefix("CONNECT ").and_then(|rest| rest.split_whitespace().next());
    let host = target.and_then(|target| target.rsplit_once(':')).map(|(host, _port)| host.to_ascii_lowercase());
    let Some(address) = host.and_then(|host| hosts.get(&host)) else {
        return client.write_all(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n").await;
    };
    let mut server = TcpStream::connect(address).await?;
    client.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").await?;
    copy_bidirectional(&mut client, &mut server).await.map(drop)
}
