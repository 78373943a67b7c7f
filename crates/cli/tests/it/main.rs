//! The command line, by everything its user sees.
#![allow(clippy::unwrap_used)]

mod frame;
mod room;
