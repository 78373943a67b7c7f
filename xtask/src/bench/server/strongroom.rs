//! Strongroom as it is shipped, and a bare handler on the same listener.

use super::contender::{Contender, Create};
use super::folder;
use super::process::{Process, ask};
use crate::shell::{Outcome, cargo, command, output, target};
use serde_json::Value;
use std::fs;
use std::time::{Duration, Instant};

const SECRET: &str = r#"{"name": "{name}", "private": false, "values": {"a": "value-1", "b": "value-2", "c": "value-3", "d": "value-4", "e": "value-5"}}"#;
const PASSWORD: &str = "bench-password";

/// Starts it twice: the second start is timed, on the database that the first one made.
pub(super) fn start(profile: &str) -> Outcome<Contender> {
    cargo(&["build", "--quiet", "--profile", profile, "--locked", "--package", "strongroom"], &[])?;
    let home = folder().join("strongroom");
    fs::remove_dir_all(&home).ok();
    fs::create_dir_all(&home).map_err(|error| format!("cannot create {home:?}: {error}"))?;
    let password = home.join("password");
    fs::write(&password, PASSWORD).map_err(|error| format!("cannot write {password:?}: {error}"))?;
    let start = || -> Outcome<(Process, String, Duration)> {
        let mut server =
            command(target().join(profile).join("strongroom"), &["server", "start", "--listen", "127.0.0.1:0"]);
        server.args(["-o", "json", "--admin-user", "admin", "--admin-password-file"]).arg(&password);
        let begun = Instant::now();
        let (process, line) = Process::announced(server.env("STRONGROOM_HOME", &home))?;
        Ok((process, line, begun.elapsed()))
    };
    start()?.0.stop()?;
    let (process, line, ready) = start()?;
    let url = word(&line, "url")?;
    let form = Some("username=admin&password=bench-password");
    let token = word(&ask("POST", &format!("{url}/api/v1/login"), &[], form)?, "access_token")?;
    let headers = vec![("Authorization", format!("Bearer {token}")), ("Content-Type", "application/json".to_owned())];
    let made = ask("POST", &format!("{url}/api/v1/secrets"), &headers, Some(&SECRET.replace("{name}", "read")))?;
    let get = format!("{url}/api/v1/secrets/{}", word(&made, "id")?);
    let create = Some(Create { url: format!("{url}/api/v1/secrets"), body: SECRET });
    Ok(Contender { name: "strongroom", get, headers, create, ready, process })
}

/// A handler that answers with the bytes that `strongroom` answers with: under the route of a secret with what surrounds every
/// request of the server, and alone on the same listener.
pub(super) fn bare(strongroom: &Contender, profile: &str) -> Outcome<[Contender; 2]> {
    let bytes = folder().join("bytes");
    let answer = ask("GET", &strongroom.get, &strongroom.headers, None)?;
    fs::write(&bytes, answer).map_err(|error| format!("cannot write {bytes:?}: {error}"))?;
    let arguments = ["bench", "--profile", profile, "--no-run", "--locked", "--package", "strongroom-server"];
    let messages = output(command(env!("CARGO"), &arguments).args(["--bench", "bare", "--message-format=json"]))?;
    let mut built = messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let program = built.find_map(|message| Some(message["executable"].as_str()?.to_owned()));
    let program = program.ok_or("cargo named no executable")?;
    let path = strongroom.get.splitn(4, '/').nth(3).unwrap_or_default();
    let start = |name, path: &str| -> Outcome<Contender> {
        let begun = Instant::now();
        let (process, line) = Process::announced(command(&program, &[]).arg(&bytes))?;
        let (get, headers) = (format!("{}/{path}", line.trim()), strongroom.headers.clone());
        Ok(Contender { name, get, headers, create: None, ready: begun.elapsed(), process })
    };
    Ok([start("bare handler", path)?, start("bare listener", "")?])
}

pub(super) fn word(json: &str, name: &str) -> Outcome<String> {
    let json: Value = serde_json::from_str(json).map_err(|error| format!("no JSON: {error}"))?;
    json[name].as_str().map(str::to_owned).ok_or_else(|| format!("an answer has no `{name}`"))
}
