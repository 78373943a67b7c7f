//! Answers that a vault, or what stands between, gives in the place of the right one.

use axum::body::{Body, Bytes, to_bytes};
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};

pub(crate) fn refusal(status: u16, retry_after: Option<&'static str>) -> Response {
    let status = StatusCode::from_u16(status).expect("a test names a status");
    let body = r#"{"error":{"code":"Throttled","message":"Request was not processed because too many requests were received."}}"#;
    let mut response = (status, [(header::CONTENT_TYPE, "application/json")], body).into_response();
    if let Some(value) = retry_after {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static(value));
    }
    response
}

pub(crate) fn coded(status: u16, code: &str) -> Response {
    let status = StatusCode::from_u16(status).expect("a test names a status");
    let body = format!(r#"{{"error":{{"code":"Forbidden","message":"Refused.","innererror":{{"code":"{code}"}}}}}}"#);
    (status, [(header::CONTENT_TYPE, "application/json")], body).into_response()
}

pub(crate) fn claims() -> Response {
    let challenge = r#"Bearer authorization="https://login.microsoftonline.com/common", resource="https://vault.azure.net", error="insufficient_claims", claims="eyJhY2Nlc3NfdG9rZW4iOnt9fQ==""#;
    (StatusCode::UNAUTHORIZED, [(header::WWW_AUTHENTICATE, challenge)], "").into_response()
}

/// A 401 with a date of its own.
pub(crate) fn dated(ahead: i64) -> Response {
    let date = time::OffsetDateTime::now_utc() + time::Duration::seconds(ahead);
    let date = date.format(&time::format_description::well_known::Rfc2822).expect("a year of four digits");
    (StatusCode::UNAUTHORIZED, [(header::DATE, date.replace("+0000", "GMT"))], "").into_response()
}

/// A 401 that names the resource a token must be for.
pub(crate) fn challenge(resource: &str) -> Response {
    let challenge =
        format!(r#"Bearer authorization="https://login.microsoftonline.com/common", resource="{resource}""#);
    (StatusCode::UNAUTHORIZED, [(header::WWW_AUTHENTICATE, challenge)], "").into_response()
}

pub(crate) fn redirect(to: &str) -> Response {
    (StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, to)], "").into_response()
}

pub(crate) fn next_page(link: &str) -> Response {
    let body = format!(r#"{{"value":[],"nextLink":"{link}"}}"#);
    ([(header::CONTENT_TYPE, "application/json")], body).into_response()
}

pub(crate) fn html() -> Response {
    ([(header::CONTENT_TYPE, "text/html")], "<html>sign in to the network</html>").into_response()
}

/// Half of the answer: as if that were all of it, or with a broken connection.
pub(crate) async fn broken(response: Response, looks_whole: bool) -> Response {
    let (mut parts, body) = response.into_parts();
    let all = to_bytes(body, usize::MAX).await.expect("the embedded vault answers");
    let half = all.slice(..all.len() / 2);
    if looks_whole {
        parts.headers.remove(header::CONTENT_LENGTH);
        return Response::from_parts(parts, Body::from(half));
    }
    let cut: [Result<Bytes, std::io::Error>; 2] = [Ok(half), Err(std::io::ErrorKind::ConnectionReset.into())];
    Response::from_parts(parts, Body::from_stream(futures::stream::iter(cut)))
}
