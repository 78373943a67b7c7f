//! The catalogue of one user's components and stacks, in SQLite; and the central store: secrets, accounts and audit in SQL.

mod access;
mod accounts;
mod audit;
mod catalogue;
mod database;
mod engine;
mod exchange;
mod intent;
mod keys;
mod local;
mod memory;
pub mod migration;
mod once;
mod projects;
mod rotate;
mod secrets;
mod sign_in;
pub mod values;
pub mod zenml;

pub use access::{Caller, Origin};
pub use audit::Action;
pub use catalogue::{Catalogue, Deleted, Imported, Match};
pub use database::{DatabaseUrl, Dialect};
pub use engine::{Acting, Engine, EngineOptions};
pub use exchange::{Described, StackFile, ZENML_VERSION};
pub use keys::KeySource;
pub use memory::Reading;
pub use rotate::{KeyStatus, Rotated, Unread};
pub use sign_in::{AccessToken, DeviceAnswer, DeviceCodes, Recognized, SignIn};
pub use values::ValuesAt;
