//! Servers that tests need and do not start: the environment names them, and `cargo xtask servers up` starts them.

use std::io::Write;
use url::Url;

/// The server that a variable names. Where it names none, what needs it is left out, which is said; with
/// `STRONGROOM_TEST_SERVERS=required` that is a failure.
pub(crate) fn server(variable: &str) -> Option<Url> {
    #[allow(clippy::disallowed_methods)] // a test reads its own switches
    let env = |name: &str| std::env::var(name).ok().filter(|text| !text.is_empty());
    let Some(text) = env(variable) else {
        assert!(env("STRONGROOM_TEST_SERVERS").as_deref() != Some("required"), "{variable} names no server");
        // not by `println!`, which the test harness hides
        let _ = writeln!(std::io::stderr(), "LEFT OUT: what needs a server that {variable} does not name");
        return None;
    };
    Some(Url::parse(&text).unwrap_or_else(|_| panic!("{variable} is no address")))
}
