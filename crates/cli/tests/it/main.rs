//! The command line, by everything its user sees.
#![allow(clippy::unwrap_used)]

mod central;
mod components;
mod concurrency;
mod config;
mod crash;
mod demo;
mod docs;
mod doctor;
mod frame;
mod integrations;
mod keyvault;
mod leaks;
mod lists;
mod login;
mod managers;
mod room;
mod run;
mod secrets_azure;
mod secrets_interactive;
mod secrets_local;
mod server_status;
mod stack_files;
mod stacks;
mod terminal;
mod values;
mod vault;
mod vault_store;
