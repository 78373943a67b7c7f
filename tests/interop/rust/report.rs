//! Runs scenarios and reports each on one line of JSON. A scenario that ends did what its feature promises; one
//! that panics fails the run.

use std::panic::AssertUnwindSafe;
use std::process::ExitCode;

use azure_core::error::{Error, ErrorKind};
use futures::future::{FutureExt, LocalBoxFuture};
use serde_json::{Value, json};

/// Scenarios by the name of their feature.
#[derive(Default)]
pub(crate) struct Scenarios(Vec<(&'static str, LocalBoxFuture<'static, &'static str>)>);

impl Scenarios {
    pub(crate) fn add(&mut self, feature: &'static str, scenario: impl Future<Output = ()> + 'static) {
        self.0.push((feature, scenario.map(|()| "ok").boxed_local()));
    }

    /// A scenario that tells what was seen instead of a plain success.
    pub(crate) fn seen(&mut self, feature: &'static str, scenario: impl Future<Output = &'static str> + 'static) {
        self.0.push((feature, scenario.boxed_local()));
    }

    pub(crate) async fn run(self) -> ExitCode {
        let client = std::env::var("INTEROP_CLIENT").unwrap();
        let mut code = ExitCode::SUCCESS;
        for (feature, scenario) in self.0 {
            let outcome = match AssertUnwindSafe(scenario).catch_unwind().await {
                Ok(seen) => seen.to_owned(),
                Err(panic) => {
                    code = ExitCode::FAILURE;
                    let text = panic.downcast_ref::<String>().map(String::as_str);
                    format!("failed: {}", text.or(panic.downcast_ref::<&str>().copied()).unwrap_or_default())
                }
            };
            println!("{}", json!({"feature": feature, "client": client, "outcome": outcome}));
        }
        code
    }
}

/// The vault must have refused with `status` and, as its innermost code or within its message, `word`.
#[track_caller]
pub(crate) fn refused<T>(answer: azure_core::Result<T>, status: u16, word: &str) {
    let error: Error = answer.err().unwrap_or_else(|| panic!("nothing was refused, expected {status}"));
    let ErrorKind::HttpResponse { status: seen, raw_response: Some(response), .. } = error.kind() else {
        panic!("{error:?}")
    };
    let body: Value = serde_json::from_slice(response.body().as_ref()).unwrap();
    assert_eq!(u16::from(*seen), status, "{body}");
    assert!(body.to_string().contains(word), "{body}");
}

/// The answer of a call that must succeed; a failure shows all its causes, which the SDK's own form leaves out.
#[track_caller]
pub(crate) fn granted<T>(answer: azure_core::Result<T>) -> T {
    answer.unwrap_or_else(|error| panic!("{}", causes(&error).join(": ")))
}

/// What an error and its causes say.
pub(crate) fn causes(error: &Error) -> Vec<String> {
    let first: &dyn std::error::Error = error;
    std::iter::successors(Some(first), |&cause| cause.source()).map(ToString::to_string).collect()
}
