//! Who calls, and from where.

use crate::app::App;
use crate::refusal::Refusal;
use axum::extract::{ConnectInfo, Extension, FromRequestParts, Request, State};
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use strongroom_core::{Error, Kind};
use strongroom_engine::{Acting, Recognized};

/// Tells a request that is sent again from another one.
pub(crate) const IDEMPOTENCY_KEY: &str = "idempotency-key";

/// Tells a request from all others, in answers, logs and the audit trail.
#[derive(Debug, Clone)]
pub(crate) struct RequestId(pub(crate) String);

/// Where a request comes from.
pub(crate) fn origin(app: &App, headers: &HeaderMap, extensions: &Extensions) -> strongroom_engine::Origin {
    let peer = extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip());
    // only a proxy that we were told of may speak for others; the last entry is the one that it added
    let forwarded = app.behind_proxy.then(|| headers.get_all("x-forwarded-for").iter().next_back()).flatten();
    let forwarded = forwarded.and_then(|value| value.to_str().ok()?.rsplit(',').next()?.trim().parse::<IpAddr>().ok());
    let request_id = extensions.get::<RequestId>().map(|RequestId(id)| id.clone()).unwrap_or_default();
    strongroom_engine::Origin { address: forwarded.or(peer), request_id }
}

/// Where a request comes from, for a handler.
#[derive(Debug)]
pub(crate) struct Origin(pub(crate) strongroom_engine::Origin);

impl FromRequestParts<Arc<App>> for Origin {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Self::Rejection> {
        Ok(Self(origin(app, &parts.headers, &parts.extensions)))
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// Lets only those pass who show a good token.
pub(crate) async fn sign(State(app): State<Arc<App>>, mut request: Request, next: Next) -> Response {
    let origin = origin(&app, request.headers(), request.extensions());
    let signed = match bearer(request.headers()) {
        None => Err(Error::new(Kind::Unauthenticated, "not authenticated")),
        Some(token) => app.engine.authenticate(token, origin).await,
    };
    match signed {
        Ok(recognized) => {
            request.extensions_mut().insert(recognized);
            next.run(request).await
        }
        Err(error) => Refusal::from(error).into_response(),
    }
}

/// Who was let pass, and the engine on their behalf.
#[derive(Debug)]
pub(crate) struct Signed {
    pub(crate) acting: Acting,
    pub(crate) recognized: Recognized,
}

impl FromRequestParts<Arc<App>> for Signed {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Response> {
        let Extension(recognized) = Extension::<Recognized>::from_request_parts(parts, app)
            .await
            // a route that was not put behind `sign`: refuse rather than serve
            .map_err(|_| Refusal::from(Error::new(Kind::Unauthenticated, "not authenticated")).into_response())?;
        let acting = app.engine.acting(recognized.caller.clone());
        let acting = match parts.headers.get(IDEMPOTENCY_KEY) {
            Some(key) => acting.once(key.as_bytes()),
            None => acting,
        };
        Ok(Self { acting, recognized })
    }
}

/// The token itself, for a new one of the same right.
#[derive(Debug)]
pub(crate) struct Bearer(pub(crate) String);

impl<S: Sync> FromRequestParts<S> for Bearer {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Response> {
        let token = bearer(&parts.headers).map(str::to_owned);
        token
            .map(Bearer)
            .ok_or_else(|| Refusal::from(Error::new(Kind::Unauthenticated, "not authenticated")).into_response())
    }
}
