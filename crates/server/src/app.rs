//! The routes, put together: what anybody may ask, and what takes a token.

use crate::metrics;
use crate::openapi::completed;
use crate::refusal::Refusal;
use crate::request::{RequestId, sign};
use crate::routes::{
    about, accounts, api_keys, audit, claim, devices, places, roles, secrets, service_accounts, sign_in,
};
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::header::{CACHE_CONTROL, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use std::sync::Arc;
use std::time::Instant;
use strongroom_engine::Engine;
use tower_http::catch_panic::CatchPanicLayer;
use utoipa::OpenApi;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The largest body.
const LARGEST_BODY: usize = 1 << 20;
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What every handler works with.
#[derive(Debug)]
pub(crate) struct App {
    pub(crate) engine: Arc<Engine>,
    pub(crate) behind_proxy: bool,
}

#[derive(OpenApi)]
#[openapi(info(
    title = "Strongroom",
    description = "Keeps the secrets of machine-learning stacks. Clients of ZenML 0.98 and 0.44 use it as their server."
))]
struct Described;

/// The routes that anybody may ask, and the one that looks at the token itself.
fn open() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(about::info))
        .routes(routes!(about::version))
        .routes(routes!(sign_in::login))
        .routes(routes!(claim::claim))
        .routes(routes!(devices::authorize))
        .routes(routes!(devices::verify))
        .routes(routes!(secrets::one))
}

/// The routes that take a token.
fn signed(app: &Arc<App>) -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(about::settings))
        .routes(routes!(sign_in::logout))
        .routes(routes!(sign_in::api_token))
        .routes(routes!(devices::approve))
        .routes(routes!(accounts::current, accounts::update_current))
        .routes(routes!(accounts::list, accounts::create))
        .routes(routes!(accounts::one, accounts::update, accounts::remove))
        .routes(routes!(roles::list))
        .routes(routes!(roles::assign))
        .routes(routes!(service_accounts::list, service_accounts::create))
        .routes(routes!(service_accounts::one, service_accounts::update, service_accounts::remove))
        .routes(routes!(api_keys::list, api_keys::create))
        .routes(routes!(api_keys::one, api_keys::update, api_keys::remove))
        .routes(routes!(api_keys::rotate))
        .routes(routes!(places::projects, places::create_project))
        .routes(routes!(places::project, places::remove_project))
        .routes(routes!(places::workspaces))
        .routes(routes!(places::workspace))
        .routes(routes!(places::stacks))
        .routes(routes!(places::stack))
        .routes(routes!(places::components))
        .routes(routes!(secrets::list, secrets::create))
        .routes(routes!(secrets::create_in_workspace))
        .routes(routes!(secrets::update, secrets::remove))
        .routes(routes!(secrets::history))
        .routes(routes!(secrets::rollback))
        .routes(routes!(secrets::backup))
        .routes(routes!(secrets::restore))
        .routes(routes!(audit::list))
        .routes(routes!(audit::records))
        .routes(routes!(audit::state))
        .routes(routes!(audit::verify))
        .route_layer(from_fn_with_state(Arc::clone(app), sign))
}

fn described(app: &Arc<App>) -> (Router<Arc<App>>, serde_json::Value) {
    let api = OpenApiRouter::new().merge(open()).merge(signed(app));
    let (router, mut described) =
        OpenApiRouter::with_openapi(Described::openapi()).nest("/api/v1", api).split_for_parts();
    let bearer = SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build());
    described.components.get_or_insert_default().add_security_scheme("bearer", bearer);
    (router, completed(&described))
}

/// The OpenAPI description of the routes, as JSON.
pub fn openapi(engine: &Arc<Engine>) -> String {
    let app = Arc::new(App { engine: Arc::clone(engine), behind_proxy: false });
    format!("{:#}", described(&app).1)
}

/// All routes of a server on `engine`. `behind_proxy` says that a proxy in front tells who calls.
pub fn app(engine: &Arc<Engine>, behind_proxy: bool) -> Router {
    let app = Arc::new(App { engine: Arc::clone(engine), behind_proxy });
    let (router, described) = described(&app);
    router
        .route("/health", get(about::health))
        .route("/ready", get(about::ready))
        .route("/openapi.json", get(async move || Json(described)))
        .route("/devices/verify", get(devices::page))
        .fallback(async || Refusal::plain(StatusCode::NOT_FOUND, "Not Found"))
        .method_not_allowed_fallback(async || Refusal::plain(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed"))
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(CatchPanicLayer::custom(|_: Box<dyn std::any::Any + Send>| {
            Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, "RuntimeError", "the server failed").into_response()
        }))
        .layer(from_fn(around))
        .with_state(app)
}

/// What surrounds every request: its id, its figures, and headers that keep answers out of caches.
async fn around(mut request: Request, next: Next) -> Response {
    if request.method() == Method::HEAD {
        return Refusal::plain(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed").into_response();
    }
    let begun = Instant::now();
    let given = request.headers().get(&REQUEST_ID).and_then(|id| id.to_str().ok());
    let is_good = |id: &&str| (1..=64).contains(&id.len()) && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    let id = given.filter(is_good).map_or_else(|| uuid::Uuid::new_v4().to_string(), str::to_owned);
    request.extensions_mut().insert(RequestId(id.clone()));
    let method = metrics::method(request.method());
    let mut response = next.run(request).await;
    metrics::count(method, response.status(), begun.elapsed());
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if let Ok(id) = HeaderValue::from_str(&id) {
        headers.insert(REQUEST_ID, id);
    }
    response
}

/// State for handlers.
pub(crate) type TheApp = State<Arc<App>>;
