//! Every back-end against the contract, and each against what is particular to its service.
#![allow(clippy::unwrap_used)]

#[cfg(feature = "azure")]
mod azure;
mod local;
mod memory;
