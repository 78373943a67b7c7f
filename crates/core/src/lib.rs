//! The words and rules of Strongroom, without any I/O.
//!
//! A *back-end* ([`Backend`]) moves named items in and out of one service and knows nothing of ZenML. A *layout*
//! ([`ManagerLayout`]) is pure: it turns a [`Secret`] into items and back, in the bytes that ZenML reads and writes.
//! [`SecretsManager`] puts the two together.

mod backend;
pub mod central;
mod component;
mod error;
mod json;
mod layout;
mod manager;
mod name;
mod python_time;
pub mod query;
mod reference;
mod rules;
mod schema;
mod scope;
pub mod seal;
mod secret;
mod value;
pub mod yaml;

pub use backend::{Backend, DeleteMode, Filter, Item, ItemMeta, PutMode, Revision, Tags, Validity, require};
pub use component::{Component, ComponentId, ComponentType, Configuration, Labels, Stack, StackId};
pub use error::{Error, Kind, Result};
pub use json::{parse_values, write_document, write_values};
pub use layout::{Description, ManagerLayout, Owner, StoreForm, StoreLayout, Whose, unscoped_item_name};
pub use manager::{Other, SecretsManager, Survey, Updated};
pub use name::{ItemName, Namespace, SecretName};
pub use python_time::python_time;
pub use reference::Reference;
pub use rules::{NameRule, Rules, Unscoped};
pub use schema::{Field, FieldType, Schema};
pub use scope::{Scope, ScopeKind};
pub use secret::Secret;
pub use value::{Value, Values};
