//! Databases that cannot be used: each says why.

use std::str::FromStr;
use std::sync::Arc;
use strongroom_core::seal::Key;
use strongroom_core::{Error, Kind};
use strongroom_engine::{DatabaseUrl, Engine, EngineOptions};
use strongroom_testkit::{DatabaseKind, TestDatabase, databases};

async fn refusal(url: &str) -> Error {
    let options = EngineOptions::new(DatabaseUrl::from_str(url).unwrap(), Arc::new(Key::generate().unwrap()));
    let error = Engine::open(options).await.unwrap_err();
    assert!(!format!("{error:?} {:?}", error.causes()).contains("canary"), "{error:?}");
    error
}

/// The address of a database with another user, password or name.
fn with(url: &str, user: Option<(&str, &str)>, name: Option<&str>) -> String {
    let mut url = url::Url::parse(url).unwrap();
    if let Some((user, password)) = user {
        url.set_username(user).unwrap();
        url.set_password(Some(password)).unwrap();
    }
    if let Some(name) = name {
        url.set_path(name);
    }
    url.to_string()
}

/// A user of the server with few rights, for as long as this lives.
struct Guest<'d>(&'d TestDatabase, String);

impl<'d> Guest<'d> {
    fn new(database: &'d TestDatabase) -> Self {
        let name = format!("guest_{}", &uuid::Uuid::new_v4().simple().to_string()[..12]);
        match database.kind() {
            DatabaseKind::MariaDb => {
                database.sql(&format!("CREATE USER {name}@'%' IDENTIFIED BY 'canary-guest'"));
                let own = url::Url::parse(&database.url()).unwrap();
                database.sql(&format!("GRANT SELECT ON {}.* TO {name}@'%'", own.path().trim_start_matches('/')));
            }
            _ => {
                database.sql(&format!("CREATE ROLE {name} LOGIN PASSWORD 'canary-guest'"));
            }
        }
        Self(database, name)
    }

    fn url(&self) -> String {
        with(&self.0.url(), Some((&self.1, "canary-guest")), None)
    }
}

impl Drop for Guest<'_> {
    fn drop(&mut self) {
        match self.0.kind() {
            DatabaseKind::MariaDb => self.0.sql(&format!("DROP USER {}@'%'", self.1)),
            _ => self.0.sql(&format!("DROP ROLE {}", self.1)),
        };
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_refuses_is_told_from_one_that_is_not_there() {
    for database in databases().into_iter().filter(|database| database.file().is_none()) {
        let url = database.url();
        let wrong = refusal(&with(&url, Some(("nobody", "canary-password")), None)).await;
        assert_eq!(wrong.kind(), Kind::Unauthenticated, "{wrong:?}");
        assert_eq!(wrong.to_string(), "the database refused the user or password");
        let absent = refusal(&with(&url, None, Some("not_there"))).await;
        assert_eq!(absent.kind(), Kind::NotFound, "{absent:?}");
        assert_eq!(absent.to_string(), "the server has no database of that name");
        let unsafe_wire = match database.kind() {
            DatabaseKind::Postgres => refusal(&format!("{url}?sslmode=require")).await,
            _ => refusal(&format!("{url}?ssl-mode=REQUIRED")).await,
        };
        assert_eq!(unsafe_wire.to_string(), "there is no safe connection to the database", "{unsafe_wire:?}");

        // nobody listens on a port that was just given back
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let silent = refusal(&database.url_through(port).unwrap()).await;
        assert_eq!((silent.kind(), silent.to_string()), (Kind::Unavailable, "the database does not answer".to_owned()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_without_rights_is_told_so() {
    for database in databases().into_iter().filter(|database| database.file().is_none()) {
        let guest = Guest::new(&database);
        for is_there in [false, true] {
            let error = refusal(&guest.url()).await;
            assert_eq!(error.kind(), Kind::Forbidden, "{is_there} {error:?}");
            assert!(error.hint().unwrap().contains("make tables"), "{error:?}");
            let options = EngineOptions::new(database.url().parse().unwrap(), Arc::new(Key::generate().unwrap()));
            if !is_there {
                Engine::open(options).await.unwrap();
                if database.kind() == DatabaseKind::MariaDb {
                    break; // the guest may read, and that is all that opening takes
                }
            }
        }
    }
}
