//! Databases to run a story on: SQLite always, Postgres and MariaDB where the environment names a server.
//!
//! `STRONGROOM_TEST_POSTGRES_URL` and `STRONGROOM_TEST_MARIADB_URL` name a user who may make databases; `cargo xtask servers up`
//! starts both. A server that is not named is left out, and that is said; with `STRONGROOM_TEST_SERVERS=required` it is a failure.

use crate::servers::server;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use tempfile::TempDir;
use url::Url;

/// Which kind of database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DatabaseKind {
    /// A file.
    Sqlite,
    /// A database of a Postgres server.
    Postgres,
    /// A database of a MariaDB server.
    MariaDb,
}

impl DatabaseKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Sqlite, Self::Postgres, Self::MariaDb];

    fn variable(self) -> Option<&'static str> {
        match self {
            Self::Sqlite => None,
            Self::Postgres => Some("STRONGROOM_TEST_POSTGRES_URL"),
            Self::MariaDb => Some("STRONGROOM_TEST_MARIADB_URL"),
        }
    }
}

/// A database with nothing in it, for one test; it is gone when this is dropped.
#[derive(Debug)]
pub struct TestDatabase {
    kind: DatabaseKind,
    place: Place,
}

#[derive(Debug)]
enum Place {
    Folder(TempDir),
    Server { server: Url, name: String },
}

/// A new database of every kind that can be had here.
pub fn databases() -> Vec<TestDatabase> {
    DatabaseKind::ALL.into_iter().filter_map(TestDatabase::new).collect()
}

impl TestDatabase {
    /// A new database; `None` when the environment names no server of that kind.
    pub fn new(kind: DatabaseKind) -> Option<Self> {
        let Some(variable) = kind.variable() else {
            let folder = tempfile::tempdir().expect("a folder for a database");
            return Some(Self { kind, place: Place::Folder(folder) });
        };
        Some(Self::on(kind, server(variable)?))
    }

    /// A new database of the MariaDB server at `url`.
    ///
    /// # Panics
    /// When that is no address.
    pub fn on_mariadb(url: &str) -> Self {
        Self::on(DatabaseKind::MariaDb, Url::parse(url).expect("an address of a server"))
    }

    pub(crate) fn on(kind: DatabaseKind, server: Url) -> Self {
        let name = format!("strongroom_test_{}", uuid::Uuid::new_v4().simple());
        run(kind, &server, None, &format!("CREATE DATABASE {name}"));
        Self { kind, place: Place::Server { server, name } }
    }

    /// Its kind.
    pub fn kind(&self) -> DatabaseKind {
        self.kind
    }

    /// The file, of one that is.
    pub fn file(&self) -> Option<PathBuf> {
        match &self.place {
            Place::Folder(folder) => Some(folder.path().join("strongroom.db")),
            Place::Server { .. } => None,
        }
    }

    /// Its address, as `--database` takes it.
    pub fn url(&self) -> String {
        match &self.place {
            Place::Folder(folder) => format!("sqlite:{}/strongroom.db", folder.path().display()),
            Place::Server { server, name } => with_path(server, name).to_string(),
        }
    }

    /// Its address through another port of loopback, where something leads to the server's own; `None` for a file.
    pub fn url_through(&self, port: u16) -> Option<String> {
        let mut url = Url::parse(&self.url()).ok().filter(|_| matches!(self.place, Place::Server { .. }))?;
        url.set_port(Some(port)).ok()?;
        Some(url.to_string())
    }

    /// Its address at another node of its server's cluster.
    ///
    /// # Panics
    /// When that is no address, and for a file.
    pub fn url_at(&self, node: &str) -> String {
        match &self.place {
            Place::Folder(_) => panic!("a file has no server"),
            Place::Server { name, .. } => with_path(&Url::parse(node).expect("an address of a node"), name).to_string(),
        }
    }

    /// Where its server listens; `None` for a file.
    pub fn port(&self) -> Option<u16> {
        match &self.place {
            Place::Folder(_) => None,
            Place::Server { server, .. } => server.port(),
        }
    }

    /// Runs a statement as the server's administrator, past the program that is tested; what it answers, a row a line, its
    /// columns apart by tabs.
    ///
    /// # Panics
    /// When the server refuses it, and for a file.
    pub fn sql(&self, statement: &str) -> String {
        match &self.place {
            Place::Folder(_) => panic!("a file has no server"),
            Place::Server { server, name } => run(self.kind, server, Some(name), statement),
        }
    }

    /// Breaks every connection to it, as a restart of the server does.
    pub fn cut(&self) {
        let Place::Server { server, name } = &self.place else { return };
        match self.kind {
            DatabaseKind::Sqlite => {}
            DatabaseKind::Postgres => {
                self.sql(&format!(
                    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = '{name}' AND pid <> \
                     pg_backend_pid()"
                ));
            }
            DatabaseKind::MariaDb => {
                let sql = format!(
                    "SELECT id FROM information_schema.processlist WHERE db = '{name}' AND id <> connection_id()"
                );
                for id in self.sql(&sql).lines() {
                    // one that ended in the meantime is no failure
                    let _ = client(self.kind, server, None, &format!("KILL {id}")).output();
                }
            }
        }
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        if let Place::Server { server, name } = &self.place {
            let force = if self.kind == DatabaseKind::Postgres { " WITH (FORCE)" } else { "" };
            let dropped = client(self.kind, server, None, &format!("DROP DATABASE {name}{force}")).output();
            if !dropped.is_ok_and(|output| output.status.success()) {
                let _ = writeln!(std::io::stderr(), "the database {name} of a test is left behind");
            }
        }
    }
}

fn with_path(server: &Url, name: &str) -> Url {
    let mut url = server.clone();
    url.set_path(name);
    url
}

fn run(kind: DatabaseKind, server: &Url, name: Option<&str>, statement: &str) -> String {
    let output = client(kind, server, name, statement).output();
    let output = output.unwrap_or_else(|error| panic!("the server's own client cannot be run: {error}"));
    assert!(output.status.success(), "{statement}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim_end().to_owned()
}

/// The server's own client with one statement. The password is in its environment: arguments are everybody's to read.
pub(crate) fn client(kind: DatabaseKind, server: &Url, name: Option<&str>, statement: &str) -> Command {
    let password = percent_encoding::percent_decode_str(server.password().unwrap_or_default()).decode_utf8_lossy();
    let (host, port) = (server.host_str().unwrap_or("127.0.0.1"), server.port().unwrap_or_default().to_string());
    let name = name.unwrap_or_else(|| server.path().trim_start_matches('/'));
    let mut command;
    if kind == DatabaseKind::Postgres {
        command = Command::new("psql");
        command.args(["-X", "-q", "-A", "-t", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-h", host, "-p", &port]);
        command.args(["-U", server.username(), "-d", name, "-c", statement]).env("PGPASSWORD", &*password);
        // for a server that stands still
        command.env("PGCONNECT_TIMEOUT", "10");
    } else {
        command = Command::new("mariadb");
        command.args(["--no-defaults", "--batch", "--skip-column-names", "--protocol=tcp", "-h", host, "-P", &port]);
        command.args(["-u", server.username(), "-D", name, "-e", statement]).env("MYSQL_PWD", &*password);
    }
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}
