//! Panics say where, never what: their message may quote a value.

use std::panic::{self, AssertUnwindSafe};
use std::sync::OnceLock;
use strongroom_core::{Error, Kind};

static FIRST: OnceLock<String> = OnceLock::new();

/// Runs `work`; a panic in it becomes an error that names the line of code.
///
/// # Errors
/// [`Kind::Unsupported`] after a panic.
pub(crate) fn catch<T>(work: impl FnOnce() -> T) -> Result<T, Error> {
    panic::set_hook(Box::new(|panic| {
        let at =
            panic.location().map_or_else(|| "an unknown line".to_owned(), |at| format!("{}:{}", at.file(), at.line()));
        let _ = FIRST.set(at);
    }));
    panic::catch_unwind(AssertUnwindSafe(work)).map_err(|_| {
        let at = FIRST.get().map_or("an unknown line", String::as_str);
        Error::new(Kind::Unsupported, format!("strongroom broke down at {at}"))
            .with_hint("this is a defect; please report it with what you typed, without any secret value")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_told_by_its_line_only() {
        let error = catch(|| panic!("{}", "canary")).map(|()| "went on");
        drop(panic::take_hook()); // other tests report their panics as ever
        let shown = format!("{:?}", error.expect_err("it panics"));
        assert!(shown.contains("src/panic.rs:") && !shown.contains("canary"), "{shown}");
    }
}
