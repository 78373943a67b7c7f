//! The token authority beside the vaults, in Entra ID's shapes: enough for azure-identity and MSAL as they are.
//!
//! Sources: azure-identity 1.27.0 and msal 1.39.0; the discovery answers recorded in Azure/azure-sdk-for-js.

mod assertion;
mod claims;
mod discovery;
mod fault;
mod token;
mod tokens;

use axum::Router;
use axum::routing::{get, post};

use crate::app::Door;

pub use claims::TokenShape;
pub(crate) use claims::VAULT_RESOURCE;
pub(crate) use tokens::Tokens;

/// The authority's routes, the same on every listener.
pub(crate) fn router() -> Router<Door> {
    Router::new()
        .route("/{tenant}/oauth2/v2.0/token", post(token::v2))
        .route("/{tenant}/oauth2/token", post(token::v1))
        .route("/{tenant}/v2.0/.well-known/openid-configuration", get(discovery::v2))
        .route("/{tenant}/.well-known/openid-configuration", get(discovery::v1))
        .route("/{tenant}/discovery/v2.0/keys", get(discovery::keys))
        .route("/{tenant}/discovery/keys", get(discovery::keys))
        .route("/common/discovery/instance", get(discovery::instance))
}
