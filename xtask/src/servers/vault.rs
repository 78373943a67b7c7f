//! The embedded Key Vault, as `strongroom keyvault serve` serves it.

use super::process::wait_until;
use super::starting::{Export, Starting, export};
use crate::shell::{Outcome, cargo, command, target};
use serde_json::Value;
use std::fs;

/// Builds it.
pub(super) fn install() -> Outcome<String> {
    cargo(&["build", "--quiet", "--locked", "--package", "strongroom"], &[])?;
    Ok(env!("CARGO_PKG_VERSION").to_owned())
}

pub(super) fn start(starting: &mut Starting) -> Outcome<Vec<Export>> {
    let folder = starting.folder().to_owned();
    let mut serve = command(target().join("debug/strongroom"), &["keyvault", "serve", "-o", "json", "--data"]);
    serve.arg(folder.join("data")).env("STRONGROOM_HOME", &folder);
    let process = starting.process(&mut serve, "TERM", "vault.log")?;
    let log = folder.join("vault.log");
    let mut ready = Value::Null;
    wait_until(super::PATIENCE, || {
        let first = fs::read_to_string(&log).unwrap_or_default();
        // whole once the line has ended
        ready = first.lines().find_map(|line| serde_json::from_str(line).ok()).unwrap_or_default();
        !ready.is_null() || !process.runs()
    });
    // the line holds a client secret, so no error quotes it
    let word = |value: &Value| value.as_str().map(str::to_owned).ok_or("the vault printed no whole ready line");
    Ok(vec![
        export("STRONGROOM_TEST_VAULT_URL", word(&ready["vaults"][0]["url"])?),
        export("AZURE_AUTHORITY_HOST", word(&ready["authority"])?),
        export("AZURE_TENANT_ID", word(&ready["tenant_id"])?),
        export("AZURE_CLIENT_ID", word(&ready["client_id"])?),
        export("AZURE_CLIENT_SECRET", word(&ready["client_secret"])?),
        export("SSL_CERT_FILE", word(&ready["ca_certificate"])?),
    ])
}
