//! The central server: the REST API over the engine.
