//! The REST API of the central server: the wire types of ZenML 0.98 and 0.44, and the client.

pub mod client;

pub use client::{Client, ClientOptions, SignIn};
