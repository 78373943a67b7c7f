//! The embedded Key Vault behind the demo, in this process and in memory.

use secrecy::ExposeSecret;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use strongroom_core::{Error, Kind, Result};
use strongroom_keyvault::{Options, Running, start};
use tokio::runtime::Runtime;
use tokio::signal::unix::{SignalKind, signal};

/// A running vault.
#[derive(Debug)]
pub(super) struct Vault {
    running: Running,
    runtime: Runtime,
    interrupted: Arc<AtomicBool>,
}

impl Vault {
    /// Starts it on a free port of this machine.
    ///
    /// # Errors
    /// When no port is free.
    pub(super) fn start() -> Result<Self> {
        // Its threads serve while this one waits for the commands of the demo.
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .map_err(|error| Error::new(Kind::Unavailable, "cannot start the runtime").with_source(error))?;
        let options = Options { vaults: vec!["demo-vault".parse()?], ..Options::default() };
        let running = runtime.block_on(start(options))?;
        let interrupted = Arc::new(AtomicBool::new(false));
        for kind in [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()] {
            let flag = interrupted.clone();
            // listened for before anything is shown, not when the runtime comes to it
            let _entered = runtime.enter();
            if let Ok(mut signals) = signal(kind) {
                runtime.spawn(async move {
                    signals.recv().await;
                    flag.store(true, Ordering::SeqCst);
                });
            }
        }
        Ok(Self { running, runtime, interrupted })
    }

    /// Where it answers.
    pub(super) fn url(&self) -> &str {
        self.running.vaults().first().map(|vault| &*vault.url).unwrap_or_default()
    }

    /// The certificate that its clients must trust, as PEM.
    pub(super) fn ca_certificate(&self) -> &str {
        self.running.ca_certificate_pem()
    }

    /// How its clients sign in: variables that the SDKs of Azure read.
    pub(super) fn sign_in(&self) -> [(&'static str, &str); 4] {
        [
            ("AZURE_AUTHORITY_HOST", self.running.authority()),
            ("AZURE_TENANT_ID", self.running.tenant_id()),
            ("AZURE_CLIENT_ID", self.running.client_id()),
            ("AZURE_CLIENT_SECRET", self.running.client_secret().expose_secret()),
        ]
    }

    /// Whether somebody wants the demo to end. It ends between two commands, so that it can clean up.
    pub(super) fn was_interrupted(&self) -> bool {
        self.interrupted.load(Ordering::SeqCst)
    }

    /// Ends it.
    ///
    /// # Errors
    /// As [`Running::stop`].
    pub(super) fn stop(self) -> Result<()> {
        self.runtime.block_on(self.running.stop())
    }
}
