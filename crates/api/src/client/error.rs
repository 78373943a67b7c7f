//! What a refusal of the server means, by status and the name of ZenML's exception. Its own text is never shown: ZenML's
//! messages repeat what was sent, secret values too.

use super::send::Answer;
use serde::Deserialize;
use std::time::Duration;
use strongroom_core::{Error, Kind};

/// `{"detail": ["Name", "text"]}`, or the list alone; the text is not read.
#[derive(Deserialize)]
#[serde(untagged)]
enum Refusal {
    Detail { detail: (String, serde::de::IgnoredAny) },
    Bare(String, serde::de::IgnoredAny),
}

/// The name of the exception in a body, if there is one.
fn exception(body: &[u8]) -> Option<String> {
    let name = match serde_json::from_slice(body).ok()? {
        Refusal::Detail { detail: (name, _) } | Refusal::Bare(name, _) => name,
    };
    (name.len() < 64 && name.bytes().all(|byte| byte.is_ascii_alphanumeric())).then_some(name)
}

/// The failure that an answer stands for; `what` is what was asked for, such as "secret `db`".
pub(super) fn refusal(answer: &Answer, what: &str) -> Error {
    let Answer { status, body, retry_after, request_id, .. } = answer;
    let exception = exception(body);
    let mut answered = status.as_u16().to_string();
    if let Some(name) = &exception {
        answered = format!("{answered} {name}");
    }
    if let Some(id) = request_id.as_ref().filter(|_| status.is_server_error()) {
        answered = format!("{answered}, request {id}");
    }
    match (status.as_u16(), exception.as_deref()) {
        (401, _) => Error::new(Kind::Unauthenticated, "the server refused the sign-in")
            .with_hint("`strongroom login URL` signs in again"),
        (403, _) => Error::new(Kind::Forbidden, format!("not allowed: {what}")),
        (404, _) => Error::new(Kind::NotFound, format!("{what} does not exist")),
        (409, None | Some("EntityExistsError" | "SecretExistsError")) => {
            Error::new(Kind::AlreadyExists, format!("{what} already exists"))
        }
        (409, Some(_)) => Error::new(Kind::Conflict, format!("{what} was changed by somebody else"))
            .with_hint("look at it again; `--if-version` asks for the revision that is there"),
        (405 | 501, _) => Error::new(Kind::Unsupported, format!("the server cannot do this ({answered})")),
        (429, _) => {
            let message = format!("the server was asked too often ({answered})");
            Error::too_often(message, retry_after.unwrap_or(Duration::from_secs(60)))
        }
        (500, _) => Error::new(Kind::Failed, format!("the server failed ({answered})"))
            .with_hint("the log of the server says why, in the line of that request"),
        (500.., _) => Error::new(Kind::Unavailable, format!("the server cannot answer at present ({answered})")),
        _ => Error::invalid(format!("the server refused {what} ({answered})")),
    }
}

/// No answer came. The address stays out: it is said elsewhere, and might hold what was sent.
pub(super) fn unreachable(error: reqwest::Error) -> Error {
    let what = if error.is_timeout() { "the server did not answer in time" } else { "cannot reach the server" };
    Error::new(Kind::Unavailable, what).with_source(error.without_url())
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::StatusCode;

    #[test]
    fn refusals_are_told_by_status_and_name_and_show_no_text() {
        let cases: &[(u16, &str, Kind)] = &[
            (401, r#"{"detail":["CredentialsNotValid","canary"]}"#, Kind::Unauthenticated),
            (403, r#"{"detail":["IllegalOperationError","canary"]}"#, Kind::Forbidden),
            (404, r#"{"detail":["KeyError","canary"]}"#, Kind::NotFound),
            (409, r#"{"detail":["EntityExistsError","canary"]}"#, Kind::AlreadyExists),
            (409, r#"{"detail":["RevisionConflictError","canary"]}"#, Kind::Conflict),
            (422, r#"["ValueError","canary"]"#, Kind::Invalid),
            (400, r#"{"detail":"canary"}"#, Kind::Invalid),
            (501, r#"{"detail":["NotImplementedError","canary"]}"#, Kind::Unsupported),
            (429, r#"{"detail":["RateLimitError","canary"]}"#, Kind::Unavailable),
            (500, r#"{"detail":["RuntimeError","canary"]}"#, Kind::Failed),
            (502, "<html>canary</html>", Kind::Unavailable),
            (503, "canary", Kind::Unavailable),
        ];
        for (status, body, kind) in cases {
            let answer = Answer {
                status: StatusCode::from_u16(*status).expect("a status"),
                body: Vec::from(body.as_bytes()).into(),
                retry_after: Some(Duration::from_secs(7)),
                request_id: Some("id-4711".to_owned()),
                repeated: false,
            };
            let error = refusal(&answer, "secret `a`");
            assert_eq!(error.kind(), *kind, "{status} {body}");
            assert!(!format!("{error:?}").contains("canary"), "{error:?}");
            assert_eq!(error.to_string().contains("request id-4711"), *status >= 500, "{error}");
            assert_eq!(error.wait().map(|wait| wait.as_secs()), (*status == 429).then_some(7));
        }
    }
}
