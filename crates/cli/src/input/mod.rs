//! Values from files, stdin, documents and prompts.
