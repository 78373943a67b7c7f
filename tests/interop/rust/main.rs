//! `azure_security_keyvault_secrets` and `azure_identity` against a vault: see ../README.md.
//!
//! Run by `cargo test`, it starts an embedded Key Vault and then itself, with the variables of ../README.md that lead
//! there: the SDKs read them, and a process cannot safely set its own.
// A test that reports to a terminal, and is led by the environment as its siblings in other languages are.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr, clippy::disallowed_methods)]

mod deleting;
mod lists;
mod load;
mod report;
mod room;
mod secrets;
mod signing_in;

use std::process::ExitCode;

use report::Scenarios;
use secrecy::ExposeSecret;
use strongroom_keyvault::{Options, TokenShape, start};

#[tokio::main]
async fn main() -> ExitCode {
    if std::env::var_os("INTEROP_VAULT_URL").is_none() {
        return with_a_vault().await;
    }
    let mut scenarios = Scenarios::default();
    // In the order of ../features.txt.
    signing_in::add(&mut scenarios);
    secrets::add(&mut scenarios);
    lists::add(&mut scenarios);
    deleting::add(&mut scenarios);
    load::add(&mut scenarios);
    scenarios.run().await
}

async fn with_a_vault() -> ExitCode {
    let running = start(Options::default()).await.unwrap();
    let token = |shape: TokenShape| running.mint(&shape).unwrap().expose_secret().to_owned();
    let federated = running.ca_certificate().with_file_name("federated-token");
    std::fs::write(&federated, running.federated_token(600).unwrap().expose_secret()).unwrap();
    let good = TokenShape::default;
    let mut child = tokio::process::Command::new(std::env::current_exe().unwrap());
    child
        .env("INTEROP_CLIENT", "Rust")
        .env("INTEROP_DEFAULTS", "0")
        .env("INTEROP_VAULT_URL", &running.vaults()[0].url)
        .env("INTEROP_TOKEN", token(good()))
        .env("INTEROP_TOKEN_MALFORMED", "this.is.no-token")
        .env("INTEROP_TOKEN_FORGED", token(TokenShape { forged: true, ..good() }))
        .env("INTEROP_TOKEN_AUDIENCE", token(TokenShape { audience: "https://management.azure.com".into(), ..good() }))
        .env("INTEROP_TOKEN_EXPIRED", token(TokenShape { valid_from: -7200, valid_until: -3600, ..good() }))
        .env("AZURE_AUTHORITY_HOST", running.authority())
        .env("AZURE_TENANT_ID", running.tenant_id())
        .env("AZURE_CLIENT_ID", running.client_id())
        .env("AZURE_CLIENT_SECRET", running.client_secret().expose_secret())
        .env("AZURE_FEDERATED_TOKEN_FILE", &federated)
        .env("SSL_CERT_FILE", running.ca_certificate());
    let output = child.output().await.unwrap();
    running.stop().await.unwrap();
    let lines = String::from_utf8(output.stdout).unwrap();
    if output.status.success() {
        println!("{} scenarios with the stock Azure SDK for Rust: ok", lines.lines().count());
        return ExitCode::SUCCESS;
    }
    println!("{lines}");
    eprintln!("{}", String::from_utf8_lossy(&output.stderr));
    ExitCode::FAILURE
}
