//! The grammar of the command line. Only the group that the first words name is ever built: start-up is measured.
//!
//! `fuzz/targets/argv.rs` builds this folder and `argv/` by themselves, so they use little else of the crate.

pub(crate) mod account;
pub(crate) mod audit;
pub(crate) mod central;
pub(crate) mod completion;
pub(crate) mod component;
pub(crate) mod config;
pub(crate) mod demo;
pub(crate) mod doctor;
pub(crate) mod import;
pub(crate) mod integration;
pub(crate) mod key;
pub(crate) mod keyvault;
pub(crate) mod login;
pub(crate) mod run;
pub(crate) mod secret;
pub(crate) mod server;
pub(crate) mod stack;

mod command;
mod free;
mod global;
mod list;
mod sealed;

pub(crate) use command::{Command, capitalised, free_form, parse, root};
pub(crate) use free::{FreeForm, Pair};
pub(crate) use global::GlobalArgs;
pub(crate) use sealed::Sealed;
