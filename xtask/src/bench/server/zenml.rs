//! ZenML's own server on SQLite, with its values in the database.

use super::contender::{Contender, Create};
use super::folder;
use super::process::{Process, ask, free_ports};
use super::strongroom::word;
use crate::shell::{Outcome, command, root, run};
use std::fs;
use std::path::PathBuf;
use std::time::Instant;

const SECRET: &str = r#"{"name": "{name}", "private": false, "values": {"a": "value-1", "b": "value-2", "c": "value-3", "d": "value-4", "e": "value-5"}}"#;

pub(super) fn start() -> Outcome<Contender> {
    let python = installed("zenml")?.join("bin/python");
    let home = folder().join("zenml/data");
    fs::remove_dir_all(&home).ok();
    fs::create_dir_all(&home).map_err(|error| format!("cannot create {home:?}: {error}"))?;
    let [port] = free_ports()?;
    let mut server = command(python, &["-m", "uvicorn", "zenml.zen_server.zen_server_api:app", "--host", "127.0.0.1"]);
    server.args(["--log-level", "warning", "--port", &port.to_string()]);
    server.env("ZENML_CONFIG_PATH", home.join("config")).env("ZENML_LOCAL_STORES_PATH", home.join("stores"));
    server.env("ZENML_STORE_URL", format!("sqlite:///{}", home.join("zenml.db").display()));
    server.envs([
        ("ZENML_SERVER_AUTO_ACTIVATE", "1"),
        ("ZENML_DEFAULT_USER_PASSWORD", "bench-password"),
        ("ZENML_ANALYTICS_OPT_IN", "false"),
        ("ZENML_SERVER_DEPLOYMENT_TYPE", "other"),
        ("ZENML_LOGGING_VERBOSITY", "ERROR"),
    ]);
    let begun = Instant::now();
    let process = Process::start(&mut server)?.listens(port)?;
    let (ready, url) = (begun.elapsed(), format!("http://127.0.0.1:{port}/api/v1"));
    let token = ask("POST", &format!("{url}/login"), &[], Some("username=default&password=bench-password"))?;
    let bearer = format!("Bearer {}", word(&token, "access_token")?);
    let headers = vec![("Authorization", bearer), ("Content-Type", "application/json".to_owned())];
    let made = ask("POST", &format!("{url}/secrets"), &headers, Some(&SECRET.replace("{name}", "read")))?;
    let get = format!("{url}/secrets/{}", word(&made, "id")?);
    let create = Some(Create { url: format!("{url}/secrets"), body: SECRET });
    Ok(Contender { name: "zenml 0.98.0", get, headers, create, ready, process })
}

/// The virtual environment of what tests/bench pins under this name.
pub(super) fn installed(name: &str) -> Outcome<PathBuf> {
    let venv = folder().join(name).join("venv");
    if venv.join("installed").exists() {
        return Ok(venv);
    }
    run(command("python3", &["-m", "venv", "--clear"]).arg(&venv))?;
    let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--only-binary", ":all:", "--no-deps"];
    let mut pip = command(venv.join("bin/python"), &pip);
    let list = root().join("tests/bench").join(name).join("requirements.txt");
    run(pip.args(["--require-hashes", "--requirement"]).arg(list))?;
    fs::write(venv.join("installed"), "").map_err(|error| format!("cannot write in {venv:?}: {error}"))?;
    Ok(venv)
}
