//! A mount and a network namespace with a hosts file of its own, so that Azure's names lead to the embedded Key Vault
//! and clients need no setting that their users would not have.

use super::clients::Client;
use super::folder;
use crate::shell::{Outcome, command, output};
use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::Command;

/// Where Azure's names are to lead.
pub(super) struct Namespace {
    hosts: PathBuf,
    /// The names that the vault's certificate must have.
    pub(super) names: Vec<String>,
}

impl Namespace {
    /// Tries whether namespaces can be made here.
    pub(super) fn check() -> Outcome {
        let mut attempt = command("unshare", &flags());
        output(attempt.args(["sh", "-c", "ip link set lo up && mount --bind /etc/hosts /etc/hosts"])).map(drop)
    }

    /// With names for the vaults of `clients` and for the authority.
    pub(super) fn new(clients: &[Client]) -> Outcome<Self> {
        let vaults = clients.iter().map(host);
        let names: Vec<_> = vaults.chain(["login.microsoftonline.com".to_owned()]).collect();
        let hosts = folder().join("hosts");
        let text = format!("127.0.0.1 localhost {}\n", names.join(" "));
        std::fs::write(&hosts, text).map_err(|error| format!("cannot write {}: {error}", hosts.display()))?;
        Ok(Self { hosts, names })
    }

    /// `program` in new namespaces; it takes the place of `unshare`, so its process id is theirs.
    pub(super) fn found(&self, program: &Command) -> Command {
        let mut founder = command("unshare", &flags());
        founder
            .args(["sh", "-c", "ip link set lo up && mount --bind \"$0\" /etc/hosts && exec \"$@\""])
            .arg(&self.hosts);
        follow(founder, program)
    }

    /// `program` in the namespaces of the process `pid`.
    pub(super) fn join(pid: u32, program: &Command) -> Command {
        let mut joiner = command("nsenter", &["--target", &pid.to_string(), "--mount", "--net", "--wd"]);
        if !is_root() {
            joiner.args(["--user", "--preserve-credentials"]);
        }
        follow(joiner, program)
    }
}

/// The host of a client's vault.
pub(super) fn host(client: &Client) -> String {
    format!("{}.vault.azure.net", client.vault())
}

fn flags() -> Vec<&'static str> {
    let mut flags = vec!["--mount", "--net"];
    if !is_root() {
        flags.extend(["--user", "--map-root-user"]);
    }
    flags
}

fn is_root() -> bool {
    output(&mut command("id", &["-u"])).is_ok_and(|id| id.trim() == "0")
}

/// `program` with its arguments and environment, behind `before`.
fn follow(mut before: Command, program: &Command) -> Command {
    before.arg(program.get_program()).args(program.get_args());
    for (name, value) in program.get_envs() {
        match value {
            Some(value) => before.env(name, value),
            None => before.env_remove::<&OsStr>(name),
        };
    }
    before
}
