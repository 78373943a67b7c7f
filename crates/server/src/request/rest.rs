//! What is left of a body that was refused unread. Who is still sending it would see a broken connection and try again, and
//! never learn why.

use axum::body::{Body, BodyDataStream, HttpBody};
use axum::extract::Request;
use futures::stream::{StreamExt, poll_fn};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// The most that is read for nothing; whoever sends more is cut off.
const MOST: usize = 16 << 20;
const PATIENCE: Duration = Duration::from_secs(5);

/// What a handler leaves of a body.
pub(crate) struct Rest(Arc<Mutex<BodyDataStream>>);

impl Rest {
    /// The request, and what will be left of its body, if it has one.
    pub(crate) fn of(request: Request) -> (Request, Option<Self>) {
        if request.body().is_end_stream() {
            return (request, None);
        }
        let (parts, body) = request.into_parts();
        let stream = Arc::new(Mutex::new(body.into_data_stream()));
        let rest = Self(Arc::clone(&stream));
        let body = poll_fn(move |context| lock(&stream).poll_next_unpin(context));
        (Request::from_parts(parts, Body::from_stream(body)), Some(rest))
    }

    /// Reads it.
    pub(crate) async fn drain(self) {
        let reading = async {
            let mut read = 0;
            while let Some(Ok(chunk)) = poll_fn(|context| lock(&self.0).poll_next_unpin(context)).next().await {
                read += chunk.len();
                if read > MOST {
                    break;
                }
            }
        };
        // in time or not, the answer goes out
        let _ = tokio::time::timeout(PATIENCE, reading).await;
    }
}

fn lock(stream: &Mutex<BodyDataStream>) -> std::sync::MutexGuard<'_, BodyDataStream> {
    stream.lock().unwrap_or_else(PoisonError::into_inner)
}
