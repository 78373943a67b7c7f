//! Databases of ZenML 0.44 and 0.98: their users and secrets, read, and taken over into the central store.

mod elsewhere;
mod people;
mod plan;
mod source;
mod take;
mod values;

pub use plan::{AccountStep, Plan, PlannedAccount, PlannedSecret, SecretStep};
pub use source::{Generation, ZenmlDatabase};
pub use values::EncryptionKey;
