//! The embedded Key Vault over TLS, as a client sees it: a real server, a plain HTTP client, every answer looked at.

#![allow(clippy::unwrap_used)]

mod auth;
mod authority;
mod backup;
mod client;
mod deleting;
mod hosts;
mod limits;
mod listing;
mod persistence;
mod secrets;
mod wrapping;
