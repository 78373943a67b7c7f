//! The client, against a server that answers what each test says.
#![allow(clippy::unwrap_used)]

mod client;
mod script;
