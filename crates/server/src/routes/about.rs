//! What the server tells of itself.

use super::json;
use crate::app::TheApp;
use crate::refusal::Answer;
use crate::request::Dialect;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use strongroom_api::v98::{self, Nothing, ServerInfo, ServerSettings};
use strongroom_core::{Error, Kind};
use strongroom_engine::Dialect as Database;

/// The version of ZenML whose API a caller is given.
fn version_for(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::V98 => "0.98.0",
        Dialect::V44 => "0.44.1",
    }
}

/// What the server is.
#[utoipa::path(get, path = "/info", responses((status = 200, body = ServerInfo)))]
pub(crate) async fn info(State(app): TheApp, headers: HeaderMap) -> Response {
    json(&ServerInfo {
        id: app.engine.server_id(),
        name: "strongroom",
        version: version_for(Dialect::of(&headers)),
        strongroom_version: env!("CARGO_PKG_VERSION"),
        active: true,
        debug: false,
        deployment_type: "other",
        database_type: match app.engine.database_kind() {
            Database::Sqlite => "sqlite",
            Database::MariaDb => "mysql",
            Database::Postgres => "other",
        },
        secrets_store_type: app.engine.store_kind().to_owned(),
        auth_scheme: "OAUTH2_PASSWORD_BEARER",
        server_url: String::new(),
        dashboard_url: String::new(),
        analytics_enabled: false,
        metadata: Nothing {},
        last_user_activity: None,
    })
}

/// The version of ZenML whose API the caller is given.
#[utoipa::path(get, path = "/version", responses((status = 200, body = String, content_type = "application/json")))]
pub(crate) async fn version(headers: HeaderMap) -> Response {
    json(&version_for(Dialect::of(&headers)))
}

/// The settings of the server, as far as clients ask for them.
#[utoipa::path(get, path = "/settings", responses((status = 200, body = ServerSettings)), security(("bearer" = [])))]
pub(crate) async fn settings(State(app): TheApp) -> Response {
    json(&v98::settings(app.engine.server_id()))
}

/// Whether the process runs.
pub(crate) async fn health() -> Response {
    json(&"ok")
}

/// Whether requests can be served: the database answers.
pub(crate) async fn ready(State(app): TheApp) -> Answer<Response> {
    match app.engine.is_ready().await {
        Ok(()) => Ok(json(&"ready")),
        Err(error) => {
            tracing::warn!(kind = %error.kind(), causes = ?error.causes(), "not ready: {error}");
            // whatever is wrong with it, others of its kind may serve
            Err(Error::new(Kind::Unavailable, "the database cannot be used").into())
        }
    }
}
