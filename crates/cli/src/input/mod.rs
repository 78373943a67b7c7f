//! Values from files, stdin, documents and prompts.

pub(crate) mod file;
