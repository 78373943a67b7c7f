//! The host a client dialled: it picks the vault, and the ids in answers are built from it.

use http::request::Parts;
use http::uri::Authority;

/// Host and port of a request's `Host` header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Origin {
    host: String,
    port: Option<u16>,
}

impl Origin {
    /// From the request, or `localhost` at `port`, the listener's own, if it names no legal host.
    pub(crate) fn of(request: &Parts, port: u16) -> Self {
        let header = request.headers.get(http::header::HOST).and_then(|value| value.to_str().ok());
        let named = header.and_then(|text| text.parse().ok()).or_else(|| request.uri.authority().cloned());
        named.map_or_else(|| Self { host: "localhost".into(), port: Some(port) }, |name: Authority| Self::parse(&name))
    }

    fn parse(name: &Authority) -> Self {
        let port = name.port_u16().filter(|&port| port != 443);
        Self { host: name.host().to_ascii_lowercase(), port }
    }

    /// The name of the vault, if the host is one that carries it.
    pub(crate) fn vault(&self) -> Option<&str> {
        self.host.strip_suffix(AZURE_SUFFIX).or_else(|| self.host.strip_suffix(".vault.localhost"))
    }

    /// Whether the host is a vault's name in Azure.
    pub(crate) fn in_azure(&self) -> bool {
        self.host.ends_with(AZURE_SUFFIX)
    }

    /// Whether the client uses the default port.
    pub(crate) fn on_default_port(&self) -> bool {
        self.port.is_none()
    }

    pub(crate) fn host(&self) -> &str {
        &self.host
    }

    /// The base of ids: no port when it is 443.
    pub(crate) fn url(&self) -> String {
        match self.port {
            Some(port) => format!("https://{}:{port}", self.host),
            None => format!("https://{}", self.host),
        }
    }

    /// The base of next links: the port is always said (recorded).
    pub(crate) fn url_with_port(&self) -> String {
        format!("https://{}:{}", self.host, self.port.unwrap_or(443))
    }
}

const AZURE_SUFFIX: &str = ".vault.azure.net";

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn origin(text: &str) -> Origin {
        Origin::parse(&text.parse().unwrap())
    }

    #[test]
    fn ids_and_links() {
        let azure = origin("My-Vault.vault.azure.net:443");
        assert_eq!(azure.url(), "https://my-vault.vault.azure.net");
        assert_eq!(azure.url_with_port(), "https://my-vault.vault.azure.net:443");
        let local = origin("[::1]:8443");
        assert_eq!((local.url(), local.url_with_port()), ("https://[::1]:8443".into(), "https://[::1]:8443".into()));
    }

    #[test]
    fn the_vault_is_in_the_host() {
        assert_eq!(origin("a-b.vault.azure.net").vault(), Some("a-b"));
        assert_eq!(origin("a-b.vault.localhost:9443").vault(), Some("a-b"));
        for other in ["localhost:9443", "127.0.0.1", "vault.azure.net", "a.vault.azure.net.evil.example"] {
            assert_eq!(origin(other).vault(), None, "{other}");
        }
    }
}
