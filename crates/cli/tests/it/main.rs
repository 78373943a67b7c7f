//! The command line, by everything its user sees.
#![allow(clippy::unwrap_used)]

mod audit;
mod central;
mod claim;
mod components;
mod concurrency;
mod config;
mod crash;
mod demo;
mod docs;
mod doctor;
mod faults;
mod frame;
mod integrations;
mod keys;
mod keyvault;
mod leaks;
mod lists;
mod login;
mod managers;
mod migrate;
mod room;
mod run;
mod secrets_azure;
mod secrets_interactive;
mod secrets_local;
mod server;
mod server_process;
mod server_status;
mod stack_files;
mod stacks;
mod terminal;
mod values;
mod vault;
mod vault_store;
mod zenml_db;
