//! Figures for Prometheus: requests by method and status, and how long they took.

use axum::http::{Method, StatusCode};
use metrics::{counter, describe_counter, describe_histogram, histogram};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use std::sync::OnceLock;
use std::time::Duration;

const REQUESTS: &str = "strongroom_http_requests_total";
const SECONDS: &str = "strongroom_http_request_seconds";
const BOUNDS: [f64; 10] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 1.0, 5.0];

static HANDLE: OnceLock<Option<PrometheusHandle>> = OnceLock::new();

/// The figures of this process; without it nothing is counted.
pub(crate) fn recorder() -> Option<&'static PrometheusHandle> {
    let handle = HANDLE.get_or_init(|| {
        let builder = PrometheusBuilder::new().set_buckets_for_metric(Matcher::Full(SECONDS.to_owned()), &BOUNDS);
        let handle = builder.ok()?.install_recorder().ok()?;
        describe_counter!(REQUESTS, "Requests, by method and status");
        describe_histogram!(SECONDS, "How long requests took, in seconds, by method");
        Some(handle)
    });
    handle.as_ref()
}

/// The method as a label; those that no route has are one.
pub(crate) fn method(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        _ => "other",
    }
}

/// Counts one request.
pub(crate) fn count(method: &'static str, status: StatusCode, took: Duration) {
    if HANDLE.get().is_none() {
        return; // nobody asks for them
    }
    let class = match status.as_u16() {
        200..=299 => "2xx",
        401 => "401",
        403 => "403",
        404 => "404",
        409 => "409",
        429 => "429",
        400..=499 => "4xx",
        _ => "5xx",
    };
    counter!(REQUESTS, "method" => method, "status" => class).increment(1);
    histogram!(SECONDS, "method" => method).record(took.as_secs_f64());
}
