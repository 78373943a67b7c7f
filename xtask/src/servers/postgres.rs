//! Postgres 15 from Debian, with a cluster of its own. It refuses to run as root, so root runs it as the package's user.

use super::packages::{need, version};
use super::starting::{Export, Starting, export, free_ports, password, private};
use super::user::{as_user, give, is_root};
use crate::shell::{Outcome, command, output};
use std::process::Command;

const BIN: &str = "/usr/lib/postgresql/15/bin";
const USER: &str = "postgres";

pub(super) fn install() -> Outcome<String> {
    need(&[&format!("{BIN}/initdb"), &format!("{BIN}/postgres")], &["postgresql-15"])?;
    version(&format!("{BIN}/postgres"))
}

pub(super) fn start(starting: &mut Starting) -> Outcome<Vec<Export>> {
    let folder = starting.folder_of(USER)?;
    let (data, password, [port]) = (folder.join("data"), password()?, free_ports()?);
    let file = folder.join("password");
    private(&file, &password)?;
    give(&folder, USER)?;
    let mut initdb =
        program("initdb", &["--username=postgres", "--auth=scram-sha-256", "--no-sync", "--encoding=UTF8"]);
    output(initdb.arg("--pwfile").arg(&file).arg("--pgdata").arg(&data))?;
    let options = [
        "-c",
        "listen_addresses=127.0.0.1",
        // its path would be too long in some folders
        "-c",
        "unix_socket_directories=",
        // a test's servers need not survive the machine
        "-c",
        "fsync=off",
        "-c",
        "max_connections=300",
    ];
    let mut server = program("postgres", &options);
    server.arg("-D").arg(&data).arg("-p").arg(port.to_string());
    // SIGINT: clients are not waited for
    let process = starting.process(&mut server, "INT", "postgres.log")?;
    let mut ready = command(format!("{BIN}/pg_isready"), &["-q", "-h", "127.0.0.1", "-p", &port.to_string()]);
    starting.wait(&process, "postgres.log", || ready.status().is_ok_and(|status| status.success()))?;
    let url = format!("postgres://postgres:{password}@127.0.0.1:{port}/postgres");
    Ok(vec![export("STRONGROOM_TEST_POSTGRES_URL", url)])
}

fn program(name: &str, arguments: &[&str]) -> Command {
    let path = format!("{BIN}/{name}");
    let mut program = if is_root() { as_user(USER, &path) } else { command(path, &[]) };
    program.args(arguments).current_dir("/");
    program
}
