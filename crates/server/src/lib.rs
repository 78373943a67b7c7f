//! The central server: the REST API over the engine.

mod app;
mod metrics;
mod openapi;
mod options;
mod refusal;
mod request;
mod routes;
mod serve;
mod tls;

pub use app::{app, openapi, surrounded};
pub use options::{ServerOptions, Tls};
pub use serve::{Running, serve};
