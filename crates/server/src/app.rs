//! The routes, put together: what anybody may ask, and what takes a token.

use crate::metrics;
use crate::openapi::completed;
use crate::refusal::Refusal;
use crate::request::{RequestId, Rest, sign};
use crate::routes::{
    about, accounts, api_keys, audit, claim, devices, places, roles, secrets, service_accounts, sign_in,
};
use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use futures::FutureExt;
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::Instant;
use strongroom_engine::Engine;
use tracing::Instrument;
use utoipa::OpenApi;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter};
use utoipa_axum::routes;
use uuid::Uuid;

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
    under_version([
        routes!(about::info),
        routes!(about::version),
        routes!(sign_in::login),
        routes!(claim::claim),
        routes!(devices::authorize),
        routes!(devices::verify),
        routes!(secrets::one),
    ])
}

/// The routes that take a token, before anything asks for one.
fn signed() -> OpenApiRouter<Arc<App>> {
    under_version([
        routes!(about::settings),
        routes!(sign_in::logout, sign_in::logout_by_get),
        routes!(sign_in::api_token),
        routes!(devices::approve),
        routes!(accounts::current, accounts::update_current),
        routes!(accounts::list, accounts::create),
        routes!(accounts::one, accounts::update, accounts::remove),
        routes!(roles::list),
        routes!(roles::assign),
        routes!(service_accounts::list, service_accounts::create),
        routes!(service_accounts::one, service_accounts::update, service_accounts::remove),
        routes!(api_keys::list, api_keys::create),
        routes!(api_keys::one, api_keys::update, api_keys::remove),
        routes!(api_keys::rotate),
        routes!(places::projects, places::create_project),
        routes!(places::project, places::remove_project),
        routes!(places::workspaces),
        routes!(places::workspace),
        routes!(places::stacks),
        routes!(places::stack),
        routes!(places::components),
        routes!(secrets::list, secrets::create),
        routes!(secrets::create_in_workspace),
        routes!(secrets::update, secrets::remove),
        routes!(secrets::history),
        routes!(secrets::rollback),
        routes!(secrets::backup),
        routes!(secrets::restore),
        routes!(audit::list),
        routes!(audit::records),
        routes!(audit::state),
        routes!(audit::verify),
    ])
}

/// Routes with their whole path: a nested router would take every address apart and put it together again.
fn under_version(routes: impl IntoIterator<Item = UtoipaMethodRouter<Arc<App>>>) -> OpenApiRouter<Arc<App>> {
    routes.into_iter().fold(OpenApiRouter::new(), |router, (schemas, mut paths, methods)| {
        paths.paths = paths.paths.into_iter().map(|(path, item)| (format!("/api/v1{path}"), item)).collect();
        router.routes((schemas, paths, methods))
    })
}

fn described(api: OpenApiRouter<Arc<App>>) -> (Router<Arc<App>>, utoipa::openapi::OpenApi) {
    let (router, mut described) = OpenApiRouter::with_openapi(Described::openapi()).merge(api).split_for_parts();
    let bearer = SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build());
    described.components.get_or_insert_default().add_security_scheme("bearer", bearer);
    (router, described)
}

/// Written when somebody asks for it.
static DESCRIPTION: LazyLock<String> = LazyLock::new(openapi);

/// The OpenAPI description of the routes, as JSON.
pub fn openapi() -> String {
    format!("{:#}\n", completed(&described(open().merge(signed())).1))
}

/// All routes of a server on `engine`. `behind_proxy` says that a proxy in front tells who calls.
pub fn app(engine: &Arc<Engine>, behind_proxy: bool) -> Router {
    let app = Arc::new(App { engine: Arc::clone(engine), behind_proxy });
    let signed = signed().route_layer(from_fn_with_state(Arc::clone(&app), sign));
    let (router, _) = described(open().merge(signed));
    let router = router
        .route("/health", get(about::health))
        .route("/ready", get(about::ready))
        .route("/openapi.json", get(async || ([(CONTENT_TYPE, "application/json")], DESCRIPTION.as_str())))
        .route("/devices/verify", get(devices::page))
        .fallback(async || Refusal::plain(StatusCode::NOT_FOUND, "Not Found"))
        .method_not_allowed_fallback(async || Refusal::plain(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed"))
        .with_state(app);
    surrounded(router)
}

/// Puts around routes what surrounds every request of this server.
pub fn surrounded(router: Router) -> Router {
    router.layer(from_fn(around))
}

/// What surrounds every request: its id, its line in the log, its figures, and headers that keep answers out of caches.
async fn around(mut request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let given = request.headers().get(&REQUEST_ID).and_then(|id| id.to_str().ok());
    let is_good = |id: &&str| (1..=64).contains(&id.len()) && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    let id = given.filter(is_good).map_or_else(new_id, str::to_owned);
    let header = HeaderValue::from_str(&id);
    request.extensions_mut().insert(RequestId(id.clone()));
    let method = metrics::method(request.method());
    // the route as it is written in the code: paths and parameters may hold what is nobody's business
    let route = request.extensions().get::<MatchedPath>().cloned();
    let route = route.as_ref().map_or("-", MatchedPath::as_str);
    let span = tracing::info_span!("request", %id, method, route);
    let mut response = match *request.method() == Method::HEAD {
        true => Refusal::plain(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed").into_response(),
        false => {
            let (request, rest) = Rest::of(request);
            let handled = AssertUnwindSafe(next.run(request)).catch_unwind().instrument(span.clone()).await;
            let response = in_json(handled.unwrap_or_else(|_| panicked(&span)));
            if let Some(rest) = rest.filter(|_| response.status() != StatusCode::OK) {
                Box::pin(rest.drain()).await;
            }
            response
        }
    };
    let took = begun.elapsed();
    metrics::count(method, response.status(), took);
    span.in_scope(|| {
        let (status, millis) = (response.status().as_u16(), took.as_secs_f64() * 1000.0);
        tracing::info!(status, millis, "answered");
    });
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if let Ok(id) = header {
        headers.insert(REQUEST_ID, id);
    }
    response
}

/// An id that no other request of any replica has: what this process drew when it started, and a count. Nothing is safe by it.
fn new_id() -> String {
    static FIRST: LazyLock<u128> = LazyLock::new(|| Uuid::new_v4().as_u128());
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    Uuid::new_v8(FIRST.wrapping_add(count.into()).to_be_bytes()).to_string()
}

fn panicked(span: &tracing::Span) -> Response {
    span.in_scope(|| tracing::error!("a handler panicked"));
    Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, "RuntimeError", "the server failed").into_response()
}

/// A refusal of the framework in our words: its own are no JSON, and may quote what was sent.
fn in_json(response: Response) -> Response {
    let (status, kind) = (response.status(), response.headers().get(CONTENT_TYPE));
    let is_ours = kind.is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"));
    if !(status.is_client_error() || status.is_server_error()) || is_ours {
        return response;
    }
    let allowed = response.headers().get(ALLOW).cloned();
    let mut ours = Refusal::plain(status, status.canonical_reason().unwrap_or("refused")).into_response();
    if let Some(allowed) = allowed {
        ours.headers_mut().insert(ALLOW, allowed);
    }
    ours
}

/// State for handlers.
pub(crate) type TheApp = State<Arc<App>>;
