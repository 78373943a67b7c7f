//! A database server of one test's own, which may be killed and started again without harm to others.
//!
//! Unlike those of `cargo xtask servers`, it writes to disk what it says it has written: a kill is what it is for.

use crate::databases::{DatabaseKind, TestDatabase, client};
use crate::servers::left_out;
use std::fs::{self, File};
use std::net::TcpListener;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use url::Url;

/// How long a server may take until it answers.
const PATIENCE: Duration = Duration::from_secs(60);
/// Postgres does not run as root; its package has this user.
const POSTGRES: &str = "postgres";

/// A Postgres or MariaDB with a data folder and a port of its own. Dropped, it is gone.
#[derive(Debug)]
pub struct OwnServer {
    kind: DatabaseKind,
    folder: TempDir,
    url: Url,
    child: Option<Child>,
}

impl OwnServer {
    /// One that answers; `None` where its programs are not installed, which is said, or with `STRONGROOM_TEST_SERVERS=required` a
    /// failure.
    pub fn start(kind: DatabaseKind) -> Option<Self> {
        let missing = programs(kind).iter().find(|program| !Path::new(program).exists());
        if let Some(missing) = missing {
            left_out(&format!("a database server of its own: there is no {missing}"));
            return None;
        }
        let folder = tempfile::tempdir().expect("a folder for a server");
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let password = uuid::Uuid::new_v4().simple();
        let url = match kind {
            DatabaseKind::MariaDb => format!("mysql://root:{password}@127.0.0.1:{port}/mysql"),
            _ => format!("postgres://postgres:{password}@127.0.0.1:{port}/postgres"),
        };
        let mut server = Self { kind, folder, url: Url::parse(&url).expect("an address"), child: None };
        server.make_data();
        drop(listener);
        server.start_again();
        Some(server)
    }

    /// A new database of it. It must go before the server does.
    pub fn database(&self) -> TestDatabase {
        TestDatabase::on(self.kind, self.url.clone())
    }

    /// kill -9 of all its processes.
    pub fn kill(&mut self) {
        self.signal("-KILL");
        let Some(mut child) = self.child.take() else { return };
        let _ = child.wait();
    }

    /// All its processes stand still, as on a machine that is overloaded; connections are kept.
    pub fn stop(&self) {
        self.signal("-STOP");
    }

    /// Those that stood still go on.
    pub fn go_on(&self) {
        self.signal("-CONT");
    }

    fn signal(&self, signal: &str) {
        let Some(id) = self.child.as_ref().map(Child::id) else { return };
        let children = fs::read_to_string(format!("/proc/{id}/task/{id}/children")).unwrap_or_default();
        // those that ended by themselves meanwhile are no failure
        let _ = Command::new("kill")
            .args([signal, &id.to_string()])
            .args(children.split_whitespace())
            .stderr(Stdio::null())
            .status();
    }

    /// Starts it on the data and the port it had, and waits until it answers.
    pub fn start_again(&mut self) {
        let until = Instant::now() + PATIENCE;
        loop {
            let mut child = self.server().spawn().expect("the server starts");
            while child.try_wait().expect("a child of ours").is_none() {
                if self.answers() {
                    self.child = Some(child);
                    return;
                }
                assert!(Instant::now() < until, "the server is not ready in time: {}", self.log());
                std::thread::sleep(Duration::from_millis(20));
            }
            // the memory of one that was killed is shared until the last of its processes has ended
            assert!(Instant::now() < until, "the server ends at once: {}", self.log());
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    fn answers(&self) -> bool {
        client(self.kind, &self.url, None, "SELECT 1").output().is_ok_and(|output| output.status.success())
    }

    fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    fn server(&self) -> Command {
        let (data, port) = (self.folder.path().join("data"), self.url.port().unwrap_or_default());
        let data = data.display();
        let log = File::options().create(true).append(true).open(self.folder.path().join("log")).expect("a log");
        let mut command = match self.kind {
            DatabaseKind::MariaDb => {
                let mut command = mariadb("/usr/sbin/mariadbd");
                // drops no rights unless told, so it is told; as another user it ignores that
                command.args(["--bind-address=127.0.0.1", "--user=root", "--socket=s.sock"]);
                command.args([format!("--datadir={data}"), format!("--pid-file={data}/pid"), format!("--port={port}")]);
                command
            }
            _ => {
                let mut command = postgres("/usr/lib/postgresql/15/bin/postgres");
                command.args(["-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="]);
                command.args(["-D", &data.to_string(), "-p", &port.to_string()]);
                command
            }
        };
        command.stdin(Stdio::null()).stdout(log.try_clone().expect("a log")).stderr(log);
        command
    }

    fn make_data(&self) {
        let folder = self.folder.path();
        let (data, file) = (folder.join("data"), folder.join("password"));
        let (data, password) = (data.display(), self.url.password().unwrap_or_default());
        let mut command = match self.kind {
            DatabaseKind::MariaDb => {
                let set = |host: &str| format!("alter user root@'{host}' identified by '{password}';\n");
                let others = "delete from mysql.global_priv where host not in ('localhost', '127.0.0.1');\n";
                let text = [others, "flush privileges;\n", &set("localhost"), &set("127.0.0.1")].concat();
                fs::write(&file, text).expect("a file for a password");
                let mut command = mariadb("/usr/bin/mariadb-install-db");
                command.args(["--auth-root-authentication-method=normal", "--skip-test-db"]);
                command.args([format!("--datadir={data}"), format!("--extra-file={}", file.display())]);
                command
            }
            _ => {
                fs::write(&file, password).expect("a file for a password");
                if is_root() {
                    let given = Command::new("chown").args(["--recursive", POSTGRES]).arg(folder).status();
                    assert!(given.is_ok_and(|status| status.success()), "the folder is given to another user");
                }
                let mut command = postgres("/usr/lib/postgresql/15/bin/initdb");
                command.args(["--username=postgres", "--auth=scram-sha-256", "--no-sync", "--encoding=UTF8"]);
                command.args([format!("--pwfile={}", file.display()), format!("--pgdata={data}")]);
                command
            }
        };
        let output = command.stdin(Stdio::null()).output().expect("the data are made");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        fs::remove_file(&file).expect("a file that was written");
    }
}

impl Drop for OwnServer {
    fn drop(&mut self) {
        self.kill();
    }
}

fn programs(kind: DatabaseKind) -> &'static [&'static str] {
    match kind {
        DatabaseKind::Sqlite => &[],
        DatabaseKind::Postgres => {
            &["/usr/lib/postgresql/15/bin/initdb", "/usr/lib/postgresql/15/bin/postgres", "/usr/bin/psql"]
        }
        DatabaseKind::MariaDb => &["/usr/bin/mariadb-install-db", "/usr/sbin/mariadbd", "/usr/bin/mariadb"],
    }
}

fn mariadb(program: &str) -> Command {
    let mut command = Command::new(program);
    command.args(["--no-defaults", "--skip-name-resolve"]);
    command
}

/// A program of Postgres, under the process id that is started.
fn postgres(program: &str) -> Command {
    let mut command = Command::new(if is_root() { "setpriv" } else { program });
    if is_root() {
        command.args(["--reuid", POSTGRES, "--regid", POSTGRES, "--clear-groups", program]);
    }
    command.current_dir("/");
    command
}

fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|this| this.uid() == 0)
}
