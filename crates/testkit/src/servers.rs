//! Servers that tests need and do not start: the environment names them, and `cargo xtask servers up` starts them.

use std::io::Write;
use url::Url;

/// The server that a variable names. Where it names none, what needs it is left out, which is said; with
/// `STRONGROOM_TEST_SERVERS=required` that is a failure.
pub(crate) fn server(variable: &str) -> Option<Url> {
    let Some(text) = env(variable) else {
        left_out(&format!("a server: {variable} names none"));
        return None;
    };
    Some(Url::parse(&text).unwrap_or_else(|_| panic!("{variable} is no address")))
}

/// Says that what needs `what` is left out, or fails.
pub(crate) fn left_out(what: &str) {
    assert!(env("STRONGROOM_TEST_SERVERS").as_deref() != Some("required"), "what is required is not there, {what}");
    // not by `println!`, which the test harness hides
    let _ = writeln!(std::io::stderr(), "LEFT OUT: what needs {what}");
}

fn env(name: &str) -> Option<String> {
    #[allow(clippy::disallowed_methods)] // a test reads its own switches
    std::env::var(name).ok().filter(|text| !text.is_empty())
}
