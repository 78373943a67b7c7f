//! How a server is started.

use std::net::SocketAddr;
use std::path::PathBuf;
use strongroom_core::{Error, Result};

/// How connections are protected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tls {
    /// Not at all; for loopback, or behind a proxy that is.
    None,
    /// By a certificate chain and its key, both PEM files.
    Files {
        /// The chain.
        certificate: PathBuf,
        /// The key.
        key: PathBuf,
    },
    /// By a certificate made at the start, which clients must be told to trust; written to this file.
    SelfSigned(PathBuf),
}

/// How a server is started.
#[derive(Debug, Clone)]
pub struct ServerOptions {
    /// Where it listens; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Where its metrics are, if anywhere.
    pub metrics_listen: Option<SocketAddr>,
    /// How connections are protected.
    pub tls: Tls,
    /// Whether a proxy in front ends TLS, and says in `X-Forwarded-For` who calls.
    pub behind_proxy: bool,
}

impl ServerOptions {
    /// Plain HTTP on this address of loopback.
    pub fn new(listen: SocketAddr) -> Self {
        Self { listen, metrics_listen: None, tls: Tls::None, behind_proxy: false }
    }

    /// Refuses to send secrets in the clear to other machines.
    ///
    /// # Errors
    /// [`strongroom_core::Kind::Invalid`].
    pub fn check(&self) -> Result<()> {
        if self.tls == Tls::None && !self.behind_proxy && !self.listen.ip().is_loopback() {
            return Err(Error::invalid(format!("plain HTTP on {} would send secrets in the clear", self.listen))
                .with_hint("give a certificate, or `--tls-self-signed`, or `--behind-proxy` when TLS ends in front"));
        }
        Ok(())
    }
}
