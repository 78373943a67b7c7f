//! The REST API of the central server: the wire types of ZenML 0.98 and 0.44, and the client.

pub mod audit;
pub mod client;
mod page;
mod text;
pub mod v44;
pub mod v98;

pub use client::{Client, ClientOptions, SignIn};
pub use page::Page;
pub use strongroom_core::python_time;
pub use text::{Exposed, Given};
