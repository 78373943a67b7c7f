//! Every command in the documentation, run as a reader would type it.
//!
//! `https://my-vault.vault.azure.net` and Azure's login host lead to an embedded Key Vault by a proxy, so that the commands need
//! no change, and the check of the challenge's resource is on.

use crate::room::{Room, programs};
use secrecy::ExposeSecret;
use std::path::{Path, PathBuf};
use std::process::Command;
use strongroom_keyvault::Options;
use strongroom_testkit::TestVault;
use tokio::runtime::Runtime;

const VAULT: &str = "my-vault.vault.azure.net";
const LOGIN: &str = "login.microsoftonline.com";

/// Commands that other tests run: the demo is `strongroom demo`, and the check is what runs this test.
const ELSEWHERE: [&str; 4] =
    ["cargo run --release -- demo", "cargo xtask check", "cargo xtask bench calls", "cargo xtask bench cli"];

#[test]
fn every_command_in_the_documentation_works() {
    let runtime = Runtime::new().unwrap();
    let options = Options {
        vaults: vec!["my-vault".parse().unwrap()],
        dns_names: vec![VAULT.into(), LOGIN.into()],
        ..Options::default()
    };
    let vault = runtime.block_on(TestVault::start_with(options));
    let proxy = runtime.block_on(vault.proxy(&[VAULT, LOGIN]));
    let mut ran = 0;
    for page in pages() {
        let room = reader(&vault, &proxy.url());
        for line in commands(&page) {
            if ELSEWHERE.contains(&line.as_str()) {
                continue;
            }
            let output = shell(&room, &line);
            let name = page.display();
            assert!(output.status.success(), "{name}: `{line}`\n{}", room.show(&output));
            ran += 1;
        }
    }
    assert!(ran > 15, "only {ran} commands were found");
}

/// Someone who has the files that the pages speak of, and is signed in.
fn reader(vault: &TestVault, proxy: &str) -> Room {
    let binary = Path::new(env!("CARGO_BIN_EXE_strongroom")).parent().unwrap().to_string_lossy().into_owned();
    let running = vault.running();
    let room = Room::new()
        .with("PATH", &format!("{binary}:{}", programs()))
        .with("HTTPS_PROXY", proxy)
        .with("SSL_CERT_FILE", &running.ca_certificate().to_string_lossy())
        .with("AZURE_TENANT_ID", running.tenant_id())
        .with("AZURE_CLIENT_ID", running.client_id())
        .with("AZURE_CLIENT_SECRET", running.client_secret().expose_secret());
    room.file("key.txt", "a-secret-key");
    room.file("token.txt", "a-token");
    room.file("step.py", "import os\nassert os.environ['aws_secret_access_key'] == 'a-secret-key'\n");
    // Pages beside the Azure guide begin with a secrets manager on the stack, and the secret that they speak of.
    for words in [
        &["secrets-manager", "register", "page", "--flavor=azure", "--key_vault_name=my-vault"][..],
        &["stack", "update", "-x", "page"],
        &["secrets-manager", "secret", "register", "aws", "--values={\"aws_secret_access_key\": \"a-secret-key\"}"],
    ] {
        room.succeeds(words);
    }
    room
}

/// Runs one line as a reader's shell does.
fn shell(room: &Room, line: &str) -> std::process::Output {
    let prepared = room.command(["--version"]);
    let mut command = Command::new("sh");
    command.args(["-c", line]).env_clear().current_dir(prepared.get_current_dir().unwrap());
    command.envs(prepared.get_envs().filter_map(|(name, value)| Some((name, value?))));
    command.output().unwrap()
}

/// The README and all pages below `docs/` but the generated ones.
fn pages() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut pages = vec![root.join("README.md")];
    for folder in ["docs", "docs/guides"] {
        let entries = std::fs::read_dir(root.join(folder)).unwrap().map(|entry| entry.unwrap().path());
        pages.extend(entries.filter(|path| path.extension().is_some_and(|kind| kind == "md")));
    }
    pages.sort();
    pages
}

/// The lines behind `$ ` in the `console` blocks of a page.
fn commands(page: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(page).unwrap();
    let blocks = text.split("```console\n").skip(1).filter_map(|rest| rest.split("```").next());
    blocks.flat_map(str::lines).filter_map(|line| line.strip_prefix("$ ")).map(str::to_owned).collect()
}
