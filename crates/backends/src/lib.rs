//! The services that keep secrets: one folder each, all of them a [`strongroom_core::Backend`].
//!
//! A *flavor* is the user-visible name of one of them. [`flavors`] lists those a user can register; a new service is a
//! folder and one line there.

#[cfg(feature = "azure")]
pub mod azure;
mod configuration;
mod flavor;
pub mod local;
pub mod memory;

pub use flavor::{Attribute, Context, Environment, Flavor, Notice, flavor, flavors};
