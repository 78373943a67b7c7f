//! Toxiproxy: faults of the network between a client and a server. Pinned in `tests/servers/toxiproxy`.

use super::starting::{Export, Starting, export, free_ports};
use crate::shell::{Outcome, command, root, run, target};
use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;

const PROGRAM: &str = "github.com/Shopify/toxiproxy/v2/cmd/server";

fn program() -> PathBuf {
    target().join("tools/bin/toxiproxy")
}

/// Builds it from sources whose hashes are in `go.sum`; a minute or two the first time.
pub(super) fn install() -> Outcome<String> {
    let source = root().join("tests/servers/toxiproxy");
    let module = fs::read_to_string(source.join("go.mod")).map_err(|error| format!("no go.mod: {error}"))?;
    let version = module.split_whitespace().skip_while(|word| *word != "github.com/Shopify/toxiproxy/v2").nth(1);
    let version = version.ok_or("tests/servers/toxiproxy/go.mod names no version of toxiproxy")?;
    let mut go = command("go", &["build", "-trimpath", "-mod=readonly", "-o"]);
    go.arg(program()).arg(PROGRAM).current_dir(source).env("GOTOOLCHAIN", "local").env("GOFLAGS", "");
    run(&mut go).map_err(|error| format!("{error}; it needs Go 1.25 or newer"))?;
    Ok(version.trim_start_matches('v').to_owned())
}

pub(super) fn start(starting: &mut Starting) -> Outcome<Vec<Export>> {
    let [port] = free_ports()?;
    let mut server = command(program(), &["-host", "127.0.0.1", "-port", &port.to_string()]);
    let process = starting.process(&mut server, "TERM", "toxiproxy.log")?;
    starting.wait(&process, "toxiproxy.log", || answers(port))?;
    Ok(vec![export("STRONGROOM_TEST_TOXIPROXY_URL", format!("http://127.0.0.1:{port}"))])
}

/// Whether it answers HTTP.
fn answers(port: u16) -> bool {
    let Ok(mut stream) = TcpStream::connect(("127.0.0.1", port)) else { return false };
    let mut answer = [0; 15];
    stream.write_all(b"GET /version HTTP/1.0\r\n\r\n").and_then(|()| stream.read_exact(&mut answer)).is_ok()
        && answer.starts_with(b"HTTP/1.0 200")
}
