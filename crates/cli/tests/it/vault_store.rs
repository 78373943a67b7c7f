//! The central store with its values in a Key Vault: what it costs, what it refuses, and what a crash leaves.

mod adopting;
mod calls;
mod crash;
mod crowd;
mod faults;
mod forms;
mod house;
mod repeated;
mod server;
mod starting;
mod story;

pub(crate) use house::backend;
