//! What tests share: the contract every back-end keeps, an embedded Key Vault with fault switches and a count of calls, and
//! databases of three kinds.
#![allow(clippy::missing_panics_doc)] // a test kit fails by panicking

mod answers;
pub mod canary;
mod contract;
mod cost;
mod databases;
mod faults;
mod metadata;
mod model;
mod own_server;
mod proxy;
mod serve;
mod servers;
mod toxiproxy;
mod vault;

pub use contract::backend_contract;
pub use cost::{Costs, costs, fill};
pub use databases::{DatabaseKind, TestDatabase, databases};
pub use faults::{Fault, Faults, Operation};
pub use metadata::MetadataService;
pub use model::random_operations;
pub use own_server::OwnServer;
pub use proxy::Proxy;
pub use serve::serve;
pub use strongroom_keyvault as keyvault;
pub use toxiproxy::{Link, Toxic, Toxiproxy};
pub use vault::{Lookup, TestVault};
