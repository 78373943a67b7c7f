//! `strongroom keyvault serve`, started with a vault for every client and stopped by its process id.

use super::clients::{CLIENTS, Client};
use super::folder;
use super::install::python_interpreter;
use super::namespace::{Namespace, host};
use super::server::Server;
use crate::shell::{Outcome, command, root, run, target};
use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// What the programs find in files of these names under the folder of tokens; `python/tokens.py` writes them.
const TOKENS: &[&str] = &[
    "INTEROP_TOKEN",
    "INTEROP_TOKEN_MALFORMED",
    "INTEROP_TOKEN_FORGED",
    "INTEROP_TOKEN_AUDIENCE",
    "INTEROP_TOKEN_EXPIRED",
];

/// A server of vaults.
pub(super) struct Vault {
    server: Server,
    tokens: PathBuf,
    is_default: bool,
}

impl Client {
    /// The name of its vault.
    pub(super) fn vault(&self) -> String {
        format!("interop-{}", self.folder)
    }
}

impl Vault {
    /// Starts a server on free ports of the loopback address, or on port 443 of `namespace`.
    pub(super) fn start(namespace: Option<Namespace>) -> Outcome<Self> {
        let is_default = namespace.is_some();
        let home = folder().join(if is_default { "vault-default" } else { "vault-loopback" });
        fs::remove_dir_all(&home).ok();
        let (data, tokens) = (home.join("data"), home.join("tokens"));
        fs::create_dir_all(&tokens).map_err(|error| format!("cannot create {}: {error}", tokens.display()))?;
        let mut server = command(target().join("debug/strongroom"), &["keyvault", "serve", "-o", "json", "--data"]);
        server.arg(&data).env("STRONGROOM_HOME", &home);
        for client in CLIENTS {
            server.args(["--vault", &client.vault()]);
        }
        if let Some(namespace) = &namespace {
            server.args(["--listen", "127.0.0.1:443"]);
            server.args(namespace.names.iter().flat_map(|name| ["--dns-name", name]));
            server = namespace.found(&server);
        }
        let vault = Self { server: Server::start(&mut server)?, tokens, is_default };
        let mut signer = command(python_interpreter(), &[]);
        signer.arg(root().join("tests/interop/python/tokens.py")).arg(data.join("identity.json")).arg(&vault.tokens);
        run(&mut signer)?;
        Ok(vault)
    }

    /// Whether clients reach it by Azure's names, with nothing switched off.
    pub(super) fn is_default(&self) -> bool {
        self.is_default
    }

    /// The certificate to trust.
    pub(super) fn certificate(&self) -> &str {
        self.server.word("ca_certificate")
    }

    /// `program` with what a client is told, where it can reach the server.
    pub(super) fn enter(&self, mut program: Command, client: &Client) -> Outcome<Command> {
        for proxy in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"] {
            program.env_remove(proxy);
        }
        program.env("INTEROP_CLIENT", client.name).env("INTEROP_DEFAULTS", if self.is_default { "1" } else { "0" });
        for variable in ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS"] {
            program.env(variable, self.certificate());
        }
        program.env("INTEROP_STRONGROOM", target().join("debug/strongroom"));
        program.env("AZURE_TENANT_ID", self.server.word("tenant_id"));
        program.env("AZURE_CLIENT_ID", self.server.word("client_id"));
        program.env("AZURE_CLIENT_SECRET", self.server.word("client_secret"));
        program.env("AZURE_FEDERATED_TOKEN_FILE", self.tokens.join("AZURE_FEDERATED_TOKEN_FILE"));
        for name in TOKENS {
            let token =
                fs::read_to_string(self.tokens.join(name)).map_err(|error| format!("no token {name}: {error}"))?;
            program.env(name, token);
        }
        if self.is_default {
            program.env("INTEROP_VAULT_URL", format!("https://{}", host(client))).env_remove("AZURE_AUTHORITY_HOST");
            return Ok(Namespace::join(self.server.pid(), &program));
        }
        let vaults = self.server.ready()["vaults"].as_array().into_iter().flatten();
        let mut urls = vaults.filter(|vault| vault["name"] == client.vault()).filter_map(|vault| vault["url"].as_str());
        let url =
            urls.next().ok_or_else(|| format!("no vault `{}`: {}", client.vault(), self.server.ready()["vaults"]))?;
        program.env("INTEROP_VAULT_URL", url).env("AZURE_AUTHORITY_HOST", self.server.word("authority"));
        Ok(program)
    }

    /// Asks it to end, which must succeed.
    pub(super) fn stop(self) -> Outcome {
        self.server.stop()
    }
}
