//! The catalogue: components and stacks of one user, in SQLite.
//!
//! It holds configuration and never a secret's values.

mod catalogue;
mod exchange;

pub use catalogue::{Catalogue, Deleted, Imported, Match};
pub use exchange::{Described, StackFile, ZENML_VERSION};
