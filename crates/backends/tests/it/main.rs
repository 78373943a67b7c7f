//! The back-ends against the real things: files, and an embedded Key Vault.
#![allow(clippy::unwrap_used)]

mod local;
mod memory;
