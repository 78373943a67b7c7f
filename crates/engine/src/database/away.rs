//! A database server that does not answer: whoever comes first waits for it, all others are told soon.

use super::{Connection, Source};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use strongroom_core::{Kind, Result};

/// How long a reader waits for a connection while nobody gets one.
const IMPATIENCE: Duration = Duration::from_secs(1);
/// How long after a failure the server is tried again.
const PAUSE: Duration = Duration::from_millis(100);

/// Whether the last who waited for a connection as long as one may got none.
#[derive(Debug, Default)]
pub(super) struct Away(Arc<AtomicBool>);

impl Away {
    /// A connection for work.
    ///
    /// # Errors
    /// [`Kind::Unavailable`], after ten seconds, or one when the server is known to be away.
    pub(super) async fn connect(&self, source: &Source) -> Result<Connection> {
        if self.0.load(Ordering::Relaxed) {
            return source.connect_within(IMPATIENCE).await;
        }
        let connected = source.connect().await;
        let is_away = matches!(&connected, Err(error) if error.kind() == Kind::Unavailable);
        if is_away && !self.0.swap(true, Ordering::Relaxed) {
            self.watch(source.clone());
        }
        connected
    }

    /// Waits for the server with all patience: to a distant one a connection may take longer than readers wait meanwhile.
    fn watch(&self, source: Source) {
        let known = Arc::downgrade(&self.0);
        tokio::spawn(async move {
            // ends with the database whose server it is
            while known.strong_count() > 0 {
                let connected = source.connect().await;
                if let (Ok(_), Some(known)) = (connected, known.upgrade()) {
                    return known.store(false, Ordering::Relaxed);
                }
                tokio::time::sleep(PAUSE).await;
            }
        });
    }
}
