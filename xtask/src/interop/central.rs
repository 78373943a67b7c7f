//! `strongroom server start` with a database of its own for each client.

use super::clients::Client;
use super::folder;
use super::server::Server;
use crate::shell::{Outcome, command, target};
use std::fs;
use std::path::PathBuf;
use std::process::Command;

const ADMINISTRATOR: &str = "admin";
/// Nothing outside of this run knows the server.
const PASSWORD: &str = "of an administrator for one run";

/// A central server that one client has to itself.
pub(super) struct Central {
    server: Server,
    home: PathBuf,
}

impl Central {
    /// Starts it on a free port of the loopback address, with nothing in it but an administrator.
    pub(super) fn start(client: &Client) -> Outcome<Self> {
        let home = folder().join("central").join(client.folder);
        fs::remove_dir_all(&home).ok();
        fs::create_dir_all(&home).map_err(|error| format!("cannot create {}: {error}", home.display()))?;
        let password = home.join("password");
        fs::write(&password, PASSWORD).map_err(|error| format!("cannot write {}: {error}", password.display()))?;
        let mut server = command(target().join("debug/strongroom"), &["server", "start", "-o", "json"]);
        server.args(["--listen", "127.0.0.1:0", "--admin-user", ADMINISTRATOR, "--admin-password-file"]).arg(password);
        let log = home.join("server.log");
        let log = fs::File::create(&log).map_err(|error| format!("cannot write {}: {error}", log.display()))?;
        server.stderr(log).env("STRONGROOM_HOME", home.join("server"));
        Ok(Self { server: Server::start(&mut server)?, home })
    }

    /// `program` with what a client is told; it has a folder of its own.
    pub(super) fn enter(&self, mut program: Command, client: &Client) -> Outcome<Command> {
        for proxy in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"] {
            program.env_remove(proxy);
        }
        let own = self.home.join("client");
        fs::create_dir_all(&own).map_err(|error| format!("cannot create {}: {error}", own.display()))?;
        program.env("INTEROP_CLIENT", client.name).env("INTEROP_STRONGROOM", target().join("debug/strongroom"));
        program.env("INTEROP_CENTRAL_URL", self.server.word("url")).env("INTEROP_FOLDER", own);
        program.env("INTEROP_ADMIN", ADMINISTRATOR).env("INTEROP_ADMIN_PASSWORD", PASSWORD);
        Ok(program)
    }

    /// Asks it to end, which must succeed.
    pub(super) fn stop(self) -> Outcome {
        self.server.stop()
    }
}
