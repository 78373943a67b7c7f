//! Values from files, stdin, documents and prompts.

mod database;
mod document;
mod dotenv;
pub(crate) mod file;
mod given;
mod import;
mod interactive;
mod person;
mod stdin;

pub(crate) use database::typed_address;
pub(crate) use given::Given;
pub(crate) use import::{import, secret_file};
pub(crate) use interactive::{ask_for_any, ask_for_fields, ask_for_new};
pub(crate) use person::{Choice, Person};
