//! Whoever is signed in with the Azure CLI: `az` is asked for a token.

use super::World;
use async_trait::async_trait;
use azure_core::credentials::TokenCredential;
use azure_identity::{AzureCliCredential, AzureCliCredentialOptions, Executor};
use std::ffi::OsStr;
use std::fmt;
use std::io;
use std::process::{Output, Stdio};
use std::sync::Arc;
use std::time::Duration;
use strongroom_core::Result;
use tokio::process::Command;

/// How much of what `az` complains about is passed on, in characters.
const LONGEST_COMPLAINT: usize = 300;

pub(super) fn look(world: &World) -> Result<String, String> {
    let path = world.var("PATH").unwrap_or_default();
    let found =
        std::env::split_paths(&path).any(|folder| ["az", "az.cmd"].iter().any(|name| folder.join(name).is_file()));
    if found { Ok("`az` is on the PATH".to_owned()) } else { Err("`az` is not on the PATH".to_owned()) }
}

pub(super) fn credential(world: &World) -> azure_core::Result<Arc<dyn TokenCredential>> {
    // it asks `az` each time; that a token is kept is the client's doing
    Ok(AzureCliCredential::new(Some(AzureCliCredentialOptions {
        tenant_id: world.asked_tenant_id(),
        executor: Some(Arc::new(Az { path: world.var("PATH"), patience: world.patience })),
        ..AzureCliCredentialOptions::default()
    }))?)
}

/// What `az` wrote to stderr before it failed.
#[derive(Debug)]
pub(super) struct Complaint(String);

impl fmt::Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Complaint {}

/// Runs `az`, kills it with all its children when it takes too long or nobody waits for it any more.
#[derive(Debug)]
struct Az {
    path: Option<String>,
    patience: Duration,
}

#[async_trait]
impl Executor for Az {
    async fn run(&self, program: &OsStr, args: &[&OsStr]) -> io::Result<Output> {
        let mut command = Command::new(program);
        command.args(args).env("AZURE_CORE_NO_COLOR", "true").kill_on_drop(true);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        if let Some(path) = &self.path {
            command.env("PATH", path);
        }
        #[cfg(unix)]
        command.process_group(0);
        let child = command.spawn()?;
        let mut group = Group(child.id());
        let output = tokio::time::timeout(self.patience, child.wait_with_output()).await;
        let output = output.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))??;
        group.0 = None;
        if output.status.success() || output.status.code() == Some(127) {
            return Ok(output);
        }
        Err(io::Error::other(Complaint(complaint(&String::from_utf8_lossy(&output.stderr)))))
    }
}

/// The first line that says what is wrong: warnings come before it, advice after it.
fn complaint(stderr: &str) -> String {
    let lines = || stderr.lines().map(str::trim).filter(|line| !line.is_empty());
    let line = lines().find(|line| line.starts_with("ERROR")).or_else(|| lines().next()).unwrap_or("it said nothing");
    line.chars().take(LONGEST_COMPLAINT).collect()
}

/// The process group of a child; dropped, all of it is killed. `az` is a script that starts Python, which would go on.
struct Group(Option<u32>);

impl Drop for Group {
    fn drop(&mut self) {
        #[cfg(unix)]
        if let Some(id) = self.0.and_then(|id| i32::try_from(id).ok()) {
            nix::sys::signal::killpg(nix::unistd::Pid::from_raw(id), nix::sys::signal::Signal::SIGKILL).ok();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_error_is_told_and_not_the_warnings() {
        let stderr = "WARNING: a new version\n\nERROR: Please run 'az login' to setup account.\nmore\n";
        assert_eq!(complaint(stderr), "ERROR: Please run 'az login' to setup account.");
        assert_eq!(complaint("az: broken\n"), "az: broken");
        assert_eq!(complaint("\n"), "it said nothing");
        assert_eq!(complaint(&"x".repeat(9999)).len(), LONGEST_COMPLAINT);
    }
}
