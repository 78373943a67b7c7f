//! OpenBao as in production: KV v2 on raft, every request in an audit file.

use super::contender::{Contender, Create};
use super::process::{Process, ask, free_ports};
use super::strongroom::word;
use super::{folder, zenml};
use crate::shell::Outcome;
use serde_json::Value;
use std::fs;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const VALUES: &str = r#"{"data": {"a": "value-1", "b": "value-2", "c": "value-3", "d": "value-4", "e": "value-5"}}"#;

pub(super) fn start() -> Outcome<Contender> {
    let bao = zenml::installed("openbao")?.join("bin/bao");
    let home = folder().join("openbao/data");
    fs::remove_dir_all(&home).ok();
    fs::create_dir_all(home.join("raft")).map_err(|error| format!("cannot create {home:?}: {error}"))?;
    let [port, cluster] = free_ports()?;
    let (raft, audit) = (home.join("raft"), home.join("audit.log"));
    let config = format!(
        "listener \"tcp\" {{ address = \"127.0.0.1:{port}\" tls_disable = true }}\n\
         storage \"raft\" {{ path = {raft:?} node_id = \"one\" }}\n\
         api_addr = \"http://127.0.0.1:{port}\"\ncluster_addr = \"http://127.0.0.1:{cluster}\"\n\n\
         audit \"file\" \"file\" {{ options {{ file_path = {audit:?} }} }}\n"
    );
    let file = home.join("config.hcl");
    fs::write(&file, config).map_err(|error| format!("cannot write {file:?}: {error}"))?;
    let begun = Instant::now();
    let log = fs::File::create(home.join("log")).map_err(|error| error.to_string())?;
    let mut server = Command::new(bao);
    server.args(["server", "-log-level=warn"]).arg(format!("-config={}", file.display())).stderr(Stdio::from(log));
    let process = Process::start(&mut server)?.listens(port)?;
    let url = format!("http://127.0.0.1:{port}/v1");
    let made = ask("PUT", &format!("{url}/sys/init"), &[], Some(r#"{"secret_shares": 1, "secret_threshold": 1}"#))?;
    let json: Value = serde_json::from_str(&made).map_err(|error| format!("no JSON: {error}"))?;
    let key = json["keys"][0].as_str().ok_or("OpenBao gave no key")?;
    ask("PUT", &format!("{url}/sys/unseal"), &[], Some(&format!("{{\"key\": {key:?}}}")))?;
    let headers = vec![("X-Vault-Token", word(&made, "root_token")?)];
    let ready = begun.elapsed();
    let mount = || ask("POST", &format!("{url}/sys/mounts/secret"), &headers, Some(MOUNT));
    // it is no leader at once, and KV v2 upgrades itself for a moment
    again(mount)?;
    again(|| ask("POST", &format!("{url}/secret/data/read"), &headers, Some(VALUES)))?;
    let create = Some(Create { url: format!("{url}/secret/data/{{name}}"), body: VALUES });
    let get = format!("{url}/secret/data/read");
    Ok(Contender { name: "openbao 2.7.2", get, headers, create, ready, process })
}

const MOUNT: &str = r#"{"type": "kv", "options": {"version": "2"}}"#;

fn again(ask: impl Fn() -> Outcome<String>) -> Outcome {
    let mut last = String::new();
    for _ in 0..50 {
        match ask() {
            Ok(_) => return Ok(()),
            Err(error) => last = error,
        }
        std::thread::sleep(Duration::from_millis(200));
    }
    Err(last)
}
