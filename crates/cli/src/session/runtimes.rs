//! What runs futures: one thread, with the means to wait for the network only where they are needed.

use std::cell::{Cell, OnceCell};
use std::future::Future;
use strongroom_core::{Error, Kind, Result};
use tokio::runtime::{Builder, Runtime};

/// Both kinds of runtime; each is made by the first that needs it.
#[derive(Debug, Default)]
pub(super) struct Runtimes {
    networked: OnceCell<Runtime>,
    /// Without timers, sockets and signals, which take a tenth of the time of `secret get` from a local file.
    plain: OnceCell<Runtime>,
    is_local: Cell<bool>,
}

impl Runtimes {
    /// Says whether futures from now on wait for the network.
    pub(super) fn expect_network(&self, expected: bool) {
        self.is_local.set(!expected);
    }

    /// Runs a future to its end.
    ///
    /// # Errors
    /// What the future fails with.
    pub(super) fn block_on<T>(&self, future: impl Future<Output = Result<T>>) -> Result<T> {
        let mut builder = Builder::new_current_thread();
        let runtime = match self.is_local.get() {
            true => &self.plain,
            false => {
                builder.enable_all();
                &self.networked
            }
        };
        let runtime = match runtime.get() {
            Some(runtime) => runtime,
            None => {
                let built = builder
                    .build()
                    .map_err(|error| Error::new(Kind::Unavailable, "cannot start the runtime").with_source(error))?;
                runtime.get_or_init(|| built)
            }
        };
        runtime.block_on(future)
    }
}
