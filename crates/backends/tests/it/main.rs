//! Every back-end against the contract, and each against what is particular to its service.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

#[cfg(feature = "azure")]
mod azure;
mod local;
mod memory;
