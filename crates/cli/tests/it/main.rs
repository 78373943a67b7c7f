//! The command line, by everything its user sees.
#![allow(clippy::unwrap_used)]

mod components;
mod config;
mod frame;
mod integrations;
mod lists;
mod managers;
mod room;
mod stack_files;
mod stacks;
mod terminal;
