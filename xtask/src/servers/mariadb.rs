//! MariaDB 10.11 from Debian, with a data folder of its own. As root it runs as root, so that nothing depends on a user.

use super::packages::{need, version};
use super::starting::{Export, Starting, export, free_ports, password, private};
use crate::shell::{Outcome, command, output};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

pub(super) const SERVER: &str = "/usr/sbin/mariadbd";
pub(super) const CLIENT: &str = "/usr/bin/mariadb";
const INSTALL_DB: &str = "/usr/bin/mariadb-install-db";

pub(super) fn install() -> Outcome<String> {
    need(&[SERVER, CLIENT, INSTALL_DB], &["mariadb-server-core", "mariadb-client-core"])?;
    version(SERVER)
}

pub(super) fn start(starting: &mut Starting) -> Outcome<Vec<Export>> {
    let (password, [port]) = (password()?, free_ports()?);
    let data = starting.folder().join("data");
    make_data(&data, &password)?;
    // it drops no rights unless told, so it is told; as another user it ignores that
    let process = starting.process(server(&data, port).arg("--user=root"), "TERM", "mariadb.log")?;
    let client = client(starting.folder(), port, &password)?;
    starting.wait(&process, "mariadb.log", || asked(&client, "select 1").is_some())?;
    Ok(vec![export("STRONGROOM_TEST_MARIADB_URL", url(port, &password))])
}

pub(super) fn url(port: u16, password: &str) -> String {
    format!("mysql://root:{password}@127.0.0.1:{port}/mysql")
}

/// A new data folder in which `root` has this password, over TCP too.
pub(super) fn make_data(data: &Path, password: &str) -> Outcome {
    let statements = data.with_extension("sql");
    let set = |host: &str| format!("alter user root@'{host}' identified by '{password}';\n");
    let others = "delete from mysql.global_priv where host not in ('localhost', '127.0.0.1', '::1');\n";
    let load = "flush privileges;\n";
    let text = [others, load, &set("localhost"), &set("127.0.0.1"), &set("::1")].concat();
    private(&statements, &text)?;
    let mut install = command(INSTALL_DB, &["--no-defaults", "--auth-root-authentication-method=normal"]);
    install.args(["--skip-test-db", "--skip-name-resolve"]);
    install.arg(joined("--datadir=", data)).arg(joined("--extra-file=", &statements));
    output(&mut install)?;
    fs::remove_file(&statements).map_err(|error| format!("cannot remove {}: {error}", statements.display()))
}

/// The server on `port`, to which a cluster's options can be added.
pub(super) fn server(data: &Path, port: u16) -> Command {
    let mut server = command(SERVER, &["--no-defaults", "--bind-address=127.0.0.1", "--skip-name-resolve"]);
    // in the data folder, as a whole path may be too long; a test's servers need not survive the machine
    server.args(["--socket=s.sock", "--innodb-flush-log-at-trx-commit=0", "--max-connections=300"]);
    server.arg(joined("--datadir=", data)).arg(format!("--port={port}"));
    server.arg(joined("--pid-file=", &data.join("pid")));
    server
}

/// A file of options for [`CLIENT`], as a password belongs in no argument.
pub(super) fn client(folder: &Path, port: u16, password: &str) -> Outcome<PathBuf> {
    let file = folder.join(format!("client-{port}.cnf"));
    private(&file, &format!("[client]\nhost=127.0.0.1\nport={port}\nuser=root\npassword={password}\n"))?;
    Ok(file)
}

/// What the server says to one statement; nothing while it cannot be reached.
pub(super) fn asked(client: &Path, statement: &str) -> Option<String> {
    let mut ask = command(CLIENT, &[]);
    ask.arg(joined("--defaults-file=", client)).args(["--batch", "--skip-column-names", "--execute", statement]);
    let answer = ask.stdin(Stdio::null()).output().ok()?;
    answer.status.success().then(|| String::from_utf8_lossy(&answer.stdout).trim().to_owned())
}

fn joined(option: &str, path: &Path) -> std::ffi::OsString {
    let mut text = std::ffi::OsString::from(option);
    text.push(path);
    text
}
