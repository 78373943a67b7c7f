//! The server from outside: every route, who may what, what it says to bad input, and what it leaves behind.
#![allow(clippy::unwrap_used)]

mod api_keys;
mod bad_input;
mod bodies;
mod claim;
mod devices;
mod filters;
mod flood;
mod idempotency;
mod literals;
mod log;
mod operations;
mod private;
mod roles;
mod room;
mod routes;
mod secrets;
mod sign_in;
mod timing;
