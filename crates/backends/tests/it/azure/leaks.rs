//! A canary value is in no error, no log line of any level, no file.

use super::{Bench, ask, secret, with};
use std::cell::Cell;
use std::io;
use std::sync::{Arc, Mutex};
use strongroom_core::SecretName;
use strongroom_testkit::canary::{self, CANARY};
use strongroom_testkit::{Fault, Operation};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::dynamic_filter_fn;
use tracing_subscriber::layer::SubscriberExt;

thread_local! {
    /// Whether what this thread does is logged. Other tests run beside this one, and would log far more.
    static IS_LOGGED: Cell<bool> = const { Cell::new(false) };
}

/// Keeps what is logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Log {
    /// Logs all that this thread does from now on, at every level.
    ///
    /// One subscriber for the process: one of this thread alone would miss what another thread met first, as `tracing`
    /// remembers of each place that nobody listens.
    fn begin() -> Self {
        let log = Self::default();
        let writer = log.clone();
        let layer = tracing_subscriber::fmt::layer().with_ansi(false).with_writer(move || writer.clone());
        let layer = layer.with_filter(dynamic_filter_fn(|_, _| IS_LOGGED.get()));
        tracing::subscriber::set_global_default(tracing_subscriber::registry().with(layer)).unwrap();
        IS_LOGGED.set(true);
        log
    }
}

// One thread, and so it is logged what the client, the vault and the authority do.
#[tokio::test(flavor = "current_thread")]
async fn no_value_and_no_token_is_shown() {
    let log = Log::begin();
    let bench = Bench::new().await;
    let name: SecretName = "s".parse().unwrap();
    let mut shown = Vec::new();
    for scope in ["component", "none"] {
        let manager = bench.manager(1, &[("scope", scope), ("timeout", "2")]);
        manager.register(&secret("s", &[("a", CANARY)])).await.unwrap();
        shown.push(format!("{manager:?}"));
        shown.push(format!("{:?}", manager.require(&name).await.unwrap()));
        for fault in [
            Fault::Status(500, None),
            Fault::Refused(403, "AccessDenied"),
            Fault::Refused(400, "BadParameter"),
            Fault::Truncate,
            Fault::Reset,
            Fault::Html,
        ] {
            bench.vault.faults().clear();
            bench.vault.faults().add(Operation::Get, 100, fault.clone());
            let again = bench.manager(1, &[("scope", scope), ("timeout", "1")]);
            shown.push(format!("{:?}", again.get(&name).await.unwrap_err()));
            bench.vault.faults().clear();
            bench.vault.faults().add(Operation::Set, 100, fault);
            let change = |mut values: strongroom_core::Values| {
                values.insert("b", strongroom_core::Value::text(CANARY));
                Ok(values)
            };
            let again = bench.manager(1, &[("scope", scope), ("timeout", "1")]);
            shown.push(format!("{:?}", again.update(&name, &change).await.map(drop)));
        }
        bench.vault.faults().clear();
        let manager = bench.manager(1, &[("scope", scope)]);
        manager.delete(&name).await.unwrap();
        manager.register(&secret("s", &[("a", CANARY)])).await.unwrap();
    }
    let env = bench.vault.environment();
    for variable in ["AZURE_CLIENT_SECRET", "STRONGROOM_AZURE_TOKEN"] {
        let auth = if variable == "AZURE_CLIENT_SECRET" { "environment" } else { "token" };
        let wrong = with(&env, &[(variable, Some("cAnArY-5up3rs3cr3t"))]);
        shown.push(format!("{:?}", ask(&bench, &wrong, &[("auth", auth)]).await.unwrap_err()));
    }

    for text in &shown {
        assert!(!canary::is_in(text.as_bytes()), "{text}");
    }
    let log = log.0.lock().unwrap();
    let text = String::from_utf8_lossy(&log);
    assert!(text.contains("TRACE") && text.contains("signing in"), "nothing was logged");
    assert!(!canary::is_in(&log), "the canary was logged");
    assert!(!text.contains("Bearer ey"), "a token was logged");
    let secret = bench.vault.environment()["AZURE_CLIENT_SECRET"].clone();
    assert!(!text.contains(&secret), "the client secret was logged");
    assert!(canary::files_with(bench.home.path()).is_empty());
}
