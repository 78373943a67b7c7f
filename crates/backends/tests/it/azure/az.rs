//! The Azure CLI, played by a script that writes down its arguments.

use super::{Bench, Variables, ask, open_in, refused, says};
use secrecy::ExposeSecret;
use std::fs;
use std::io::Write;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use strongroom_core::Kind;
use strongroom_testkit::canary;
use strongroom_testkit::keyvault::TokenShape;
use tempfile::TempDir;

/// An `az` in a folder of its own.
pub(super) struct Az(TempDir);

impl Az {
    /// One that does what the shell commands in `body` do; `$here` is its folder.
    fn that(body: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let here = folder.path().display();
        let script = format!("#!/bin/sh\nhere='{here}'\necho \"$@\" >> \"$here/calls\"\n{body}\n");
        // Written by a child: a program that this process had open for writing could not be started by another thread.
        let mut writer = Command::new("sh");
        writer.args(["-c", "cat > \"$1\" && chmod 755 \"$1\"", "sh"]).arg(folder.path().join("az"));
        let mut writer = writer.stdin(Stdio::piped()).spawn().unwrap();
        writer.stdin.take().unwrap().write_all(script.as_bytes()).unwrap();
        assert!(writer.wait().unwrap().success());
        Self(folder)
    }

    /// One that is signed in, and has a token for the vault.
    pub(super) fn that_signs_in(bench: &Bench) -> Self {
        Self::with_token(bench, &TokenShape::default())
    }

    fn with_token(bench: &Bench, shape: &TokenShape) -> Self {
        let token = bench.vault.running().mint(shape).unwrap();
        let later = (time::OffsetDateTime::now_utc() + time::Duration::hours(1)).unix_timestamp();
        Self::that(&format!(
            "echo 'WARNING: there is a new version' >&2\necho '{{\"accessToken\": \"{}\", \"expires_on\": {later}, \
             \"tokenType\": \"Bearer\", \"tenant\": \"t\"}}'",
            token.expose_secret()
        ))
    }

    /// A `PATH` that finds it first.
    pub(super) fn path(&self) -> String {
        format!("{}:/usr/bin:/bin", self.0.path().display())
    }

    /// The arguments of each call.
    pub(super) fn calls(&self) -> Vec<String> {
        let calls = fs::read_to_string(self.0.path().join("calls")).unwrap_or_default();
        calls.lines().map(str::to_owned).collect()
    }

    /// An environment in which it is the only way to sign in.
    fn env(&self) -> Variables {
        let nowhere = ("AZURE_POD_IDENTITY_AUTHORITY_HOST", "http://127.0.0.1:1".to_owned());
        [nowhere, ("PATH", self.path())].map(|(name, value)| (name.to_owned(), value)).into()
    }
}

#[tokio::test]
async fn az_is_asked_for_a_token_for_the_vault_once() {
    let bench = Bench::new().await;
    let az = Az::that_signs_in(&bench);
    let backend = open_in(&bench, &az.env(), &[]).unwrap();
    let name = "absent".parse().unwrap();
    let all = futures::future::join_all((0..16).map(|_| backend.get(&name, None))).await;
    assert!(all.into_iter().all(|found| found.unwrap().is_none()));
    assert_eq!(az.calls(), ["account get-access-token -o json --scope https://vault.azure.net/.default"]);
}

#[tokio::test]
async fn a_tenant_is_passed_on() {
    let bench = Bench::new().await;
    let az = Az::that_signs_in(&bench);
    ask(&bench, &az.env(), &[("auth", "cli"), ("tenant_id", "11111111-1111-1111-1111-111111111111")]).await.unwrap();
    assert!(az.calls()[0].ends_with("--tenant 11111111-1111-1111-1111-111111111111"), "{:?}", az.calls());
}

#[tokio::test]
async fn what_az_says_is_told_and_what_it_prints_is_not() {
    let bench = Bench::new().await;
    let signed_out =
        Az::that("echo 'WARNING: w' >&2; echo \"ERROR: Please run 'az login' to setup account.\" >&2; exit 1");
    let error = refused(&bench, &signed_out.env(), &[]).await;
    says(&error, "signing in by `cli` failed");
    says(&error, "Please run 'az login' to setup account.");
    let old = Az::that("echo 'ERROR: AADSTS70043: The refresh token has expired' >&2; exit 1");
    says(&refused(&bench, &old.env(), &[]).await, "AADSTS70043");
    for output in ["cAnArY-5up3rs3cr3t", "{\"accessToken\": \"cAnArY-5up3rs3cr3t\", \"expires_on\": \"cAnArY\"}"] {
        let strange = Az::that(&format!("echo '{output}'"));
        let error = refused(&bench, &strange.env(), &[]).await;
        says(&error, "cli");
        assert!(!canary::is_in(format!("{error:?}").as_bytes()), "{error:?}");
    }
}

#[tokio::test]
async fn an_az_that_hangs_is_killed_with_its_children() {
    let bench = Bench::new().await;
    let az = Az::that("sleep 40 & echo $! > \"$here/child\"; wait");
    let start = Instant::now();
    let error = ask(&bench, &az.env(), &[("timeout", "1")]).await.unwrap_err();
    assert!(start.elapsed() < Duration::from_secs(3), "{:?}", start.elapsed());
    assert_eq!(error.kind(), Kind::Unavailable, "{error:?}");
    says(&error, "az account get-access-token");
    let child = fs::read_to_string(az.0.path().join("child")).unwrap();
    // a killed process that nobody waits for stays in the table as a zombie
    let lives = || {
        let state = Command::new("ps").args(["-o", "stat=", "-p", child.trim()]).output().unwrap().stdout;
        !state.is_empty() && !state.starts_with(b"Z")
    };
    let dies = (0..50).any(|_| {
        std::thread::sleep(Duration::from_millis(20));
        !lives()
    });
    assert!(dies, "the child of `az` goes on");
}

#[tokio::test]
async fn signed_in_to_another_tenant_names_both() {
    let bench = Bench::new().await;
    let other = "22222222-2222-2222-2222-222222222222";
    let az = Az::with_token(&bench, &TokenShape { tenant: Some(other.parse().unwrap()), ..TokenShape::default() });
    let error = refused(&bench, &az.env(), &[]).await;
    says(&error, &format!("from tenant `{other}`"));
    says(&error, bench.vault.running().tenant_id());
    says(&error, "az login --tenant");
}
