//! An embedded Azure Key Vault: the secrets REST API, its token endpoint and its TLS, in one process.
//!
//! It serves stock Azure SDKs, ZenML's Azure classes and our own back-end on a machine without a cloud account, and
//! it is what our tests run against. So it keeps to what the real service was recorded answering
//! (github.com/Azure/azure-sdk-assets and the older recordings in Azure/azure-sdk-for-js), to the REST specification
//! of API version 2026-04-01, and where neither says, to Microsoft's documentation.
//!
//! ```no_run
//! # async fn run() -> strongroom_core::Result<()> {
//! use strongroom_keyvault::{Options, Storage, start};
//!
//! let running = start(Options { storage: Storage::Directory("vaults".into()), ..Options::default() }).await?;
//! println!("{} trusts {}", running.vaults()[0].url, running.ca_certificate().display());
//! running.stop().await
//! # }
//! ```
//!
//! Every listener serves a vault of its own and, beside it, the token authority. What is where:
//!
//! | module | holds |
//! |---|---|
//! | `options`, `switches` | what is fixed at the start, and what tests may turn while it runs |
//! | `server`, `running`, `tls`, `identity` | listeners, life cycle, certificates, the keys of one instance |
//! | `route`, `guard`, `call`, `payload` | all routes, what every request passes, what handlers get |
//! | `ops` | one file per operation on secrets |
//! | `authority` | tokens: endpoint, discovery, checking |
//! | `store` | SQLite tables, sealing of values |
//! | `rules`, `page`, `wire`, `refusal` | names and limits, paging, JSON shapes, error answers |

mod app;
mod authority;
mod call;
mod guard;
mod identity;
mod ops;
mod options;
mod origin;
mod page;
mod payload;
mod refusal;
mod route;
mod rules;
mod running;
mod server;
mod store;
mod switches;
mod tls;
mod wire;

pub use authority::TokenShape;
pub use options::{Options, Storage, VaultName};
pub use rules::{MAX_CONTENT_TYPE, MAX_NAME, MAX_TAG, MAX_TAGS, MAX_VALUE, MAX_VERSIONS_IN_BACKUP, PAGE};
pub use running::{Running, VaultAddress};
pub use server::{start, start_with};
pub use switches::{Switches, Timing};
