//! From what the SDK reports to our kinds: by status and the service's codes, in this one place.

use azure_core::error::{Error as SdkError, ErrorKind};
use serde::Deserialize;
use std::error::Error as StdError;
use strongroom_core::{Error, Kind};

/// What a failed call says, without its body.
#[derive(Debug, Default)]
pub(super) struct Refusal {
    pub(super) status: u16,
    /// `error.innererror.code`, or else `error.code`.
    pub(super) code: String,
    /// Seconds, from the header.
    pub(super) retry_after: Option<String>,
    /// GUIDs in the message of a 401: the tenants that were expected and found.
    tenants: Vec<String>,
    is_wrong_tenant: bool,
}

#[derive(Deserialize)]
struct Body {
    error: Detail,
}

#[derive(Deserialize, Default)]
struct Detail {
    #[serde(default)]
    code: String,
    #[serde(default)]
    message: String,
    innererror: Option<Inner>,
}

#[derive(Deserialize)]
struct Inner {
    #[serde(default)]
    code: String,
}

impl Refusal {
    /// The answer in `error`, if there was one.
    pub(super) fn of(error: &SdkError) -> Option<Self> {
        let ErrorKind::HttpResponse { status, raw_response, .. } = error.kind() else { return None };
        let mut refusal = Self { status: u16::from(*status), ..Self::default() };
        if let Some(response) = raw_response {
            let header = azure_core::http::headers::RETRY_AFTER;
            refusal.retry_after = response.headers().get_optional_str(&header).map(str::to_owned);
            let detail =
                serde_json::from_slice::<Body>(response.body().as_ref()).map(|body| body.error).unwrap_or_default();
            refusal.is_wrong_tenant = detail.message.starts_with("AKV10032");
            refusal.tenants = guids(&detail.message);
            refusal.code = detail.innererror.map_or(detail.code, |inner| inner.code);
        }
        Some(refusal)
    }

    /// Whether trying again may help.
    pub(super) fn is_transient(&self) -> bool {
        matches!(self.status, 408 | 429 | 500 | 502 | 503 | 504)
    }

    /// The error a user sees; `doing` says what was tried, such as "read `NAME`".
    pub(super) fn into_error(self, vault: &str, doing: &str) -> Error {
        let failed = format!("cannot {doing}");
        match (self.status, self.code.as_str()) {
            (401, _) if self.is_wrong_tenant => {
                let tenants = self.tenants.join("`, `");
                Error::new(Kind::Unauthenticated, format!("{failed}: the token is from another tenant than the vault's (`{tenants}`)"))
                    .with_hint("set `tenant_id` on the secrets manager, or sign in with `az login --tenant TENANT`")
            }
            (401, _) => Error::new(Kind::Unauthenticated, format!("{failed}: `{vault}` refused the token"))
                .with_hint("sign in again; the token may have expired or be for another service"),
            (403, "SecretDisabled") => Error::new(Kind::Forbidden, format!("{failed}: it is disabled"))
                .with_hint("enable it in the vault"),
            (403, "ForbiddenByFirewall" | "ForbiddenByConnection") => {
                Error::new(Kind::Forbidden, format!("{failed}: the firewall of `{vault}` does not let this machine in"))
                    .with_hint("add this machine's address to the vault's network rules, or use its private endpoint")
            }
            (403, "SecretManagedByKeyVault") => Error::new(Kind::Forbidden, format!("{failed}: it belongs to a certificate"))
                .with_hint("manage the certificate instead"),
            (403, code) => Error::new(Kind::Forbidden, format!("{failed}: not allowed in `{vault}` ({code})")).with_hint(
                "reading needs the role `Key Vault Secrets User`, writing `Key Vault Secrets Officer`; new roles take minutes to spread",
            ),
            (404, _) => Error::new(Kind::NotFound, format!("{failed}: it does not exist in `{vault}`")),
            (409, "ObjectIsDeletedButRecoverable") => Error::new(Kind::Conflict, format!("{failed}: it is deleted but recoverable"))
                .with_hint("recover or purge it, or set `on_soft_deleted=recover`"),
            (409, code) => Error::new(Kind::Conflict, format!("{failed}: `{vault}` is at work on that name ({code})"))
                .with_hint("try again in a minute"),
            (429, _) => Error::new(Kind::Unavailable, format!("{failed}: `{vault}` is throttling requests"))
                .with_hint("try again later, or raise `timeout` on the secrets manager"),
            (408 | 500.., _) => Error::new(Kind::Unavailable, format!("{failed}: `{vault}` answered {}", self.status))
                .with_hint("try again; if it lasts, look at the health of the service"),
            (300..=399, _) => Error::new(Kind::Unavailable, format!("{failed}: `{vault}` redirects elsewhere"))
                .with_hint("tokens follow no redirect; set `vault_url` to where the vault is"),
            (status, code) => Error::invalid(format!("{failed}: `{vault}` refused the request ({status} {code})"))
                .with_hint("if it names the API version, set `api_version`"),
        }
    }
}

/// How a call failed before any answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Breakage {
    /// The name, the port or the certificate is wrong: trying again does not help.
    Certificate,
    /// Nobody is there.
    Unreachable,
    /// The connection broke or the answer stopped half-way: trying again may help.
    Interrupted,
    /// The answer is not Key Vault's.
    Nonsense,
    /// No token could be had.
    Credential,
}

impl Breakage {
    /// What broke, by the types along the chain of causes.
    pub(super) fn of(error: &SdkError) -> Self {
        if matches!(error.kind(), ErrorKind::Credential) {
            return Self::Credential;
        }
        if causes(error).any(is_tls) {
            return Self::Certificate;
        }
        let kinds: Vec<_> =
            causes(error).filter_map(|cause| cause.downcast_ref::<SdkError>()).map(SdkError::kind).collect();
        if kinds.iter().any(|kind| matches!(kind, ErrorKind::Credential)) {
            Self::Credential
        } else if kinds.iter().any(|kind| matches!(kind, ErrorKind::Connection)) {
            Self::Unreachable
        } else if kinds.iter().any(|kind| matches!(kind, ErrorKind::Io)) {
            Self::Interrupted
        } else {
            Self::Nonsense
        }
    }

    /// The error a user sees.
    pub(super) fn into_error(self, error: &SdkError, vault: &str, doing: &str) -> Error {
        let failed = format!("cannot {doing}");
        let cause = innermost(error);
        match self {
            Self::Certificate => {
                Error::new(Kind::Unavailable, format!("{failed}: the certificate of `{vault}` is not trusted"))
                    .with_hint("set `ca_certificate` to the PEM file of its authority")
                    .with_source(cause)
            }
            Self::Unreachable => Error::new(Kind::Unavailable, format!("{failed}: `{vault}` cannot be reached"))
                .with_hint("check the vault's name, the network and the proxy settings; `strongroom doctor` helps")
                .with_source(cause),
            Self::Interrupted => Error::new(Kind::Unavailable, format!("{failed}: the connection to `{vault}` broke"))
                .with_hint("try again")
                .with_source(cause),
            // The text of a parse error may quote the answer, and the answer may be a secret.
            Self::Nonsense => {
                Error::new(Kind::Unavailable, format!("{failed}: `{vault}` gave an answer that is not Key Vault's"))
                    .with_hint("is there a proxy in between, or is it another service?")
            }
            Self::Credential => {
                Error::new(Kind::Unauthenticated, format!("{failed}: no token")).with_hint("`strongroom doctor` helps")
            }
        }
    }
}

/// An error and what caused it, outermost first.
pub(super) fn causes<'a>(error: &'a (dyn StdError + 'static)) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |&cause| cause.source())
}

/// The last cause in words; transport errors name hosts and reasons, never content.
pub(super) fn innermost(error: &(dyn StdError + 'static)) -> String {
    causes(error).last().map(ToString::to_string).unwrap_or_default()
}

/// Whether a cause is the TLS library's, also wrapped in I/O errors.
pub(super) fn is_tls(cause: &(dyn StdError + 'static)) -> bool {
    let wrapped = cause.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
    cause.is::<rustls::Error>() || wrapped.is_some_and(|inner| is_tls(inner))
}

fn guids(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_ascii_hexdigit() && c != '-');
    let mut found: Vec<String> = words.filter(|word| uuid::Uuid::try_parse(word).is_ok()).map(str::to_owned).collect();
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(status: u16, code: &str) -> Kind {
        Refusal { status, code: code.to_owned(), ..Refusal::default() }.into_error("v", "read `x`").kind()
    }

    #[test]
    fn status_and_code_decide_the_kind() {
        for (status, code, expected) in [
            (400, "BadParameter", Kind::Invalid),
            (401, "Unauthorized", Kind::Unauthenticated),
            (403, "ForbiddenByRbac", Kind::Forbidden),
            (403, "SecretDisabled", Kind::Forbidden),
            (404, "SecretNotFound", Kind::NotFound),
            (409, "ObjectIsBeingDeleted", Kind::Conflict),
            (429, "Throttled", Kind::Unavailable),
            (500, "", Kind::Unavailable),
            (302, "", Kind::Unavailable),
        ] {
            assert_eq!(kind(status, code), expected, "{status} {code}");
        }
    }

    #[test]
    fn a_wrong_tenant_names_both() {
        let message = "AKV10032: Invalid issuer. Expected one of https://sts.windows.net/11111111-1111-1111-1111-111111111111/, \
                       found https://sts.windows.net/22222222-2222-2222-2222-222222222222/.";
        assert_eq!(guids(message).len(), 2);
    }
}
