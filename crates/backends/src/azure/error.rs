//! From what the SDK reports to our kinds: by status and the service's codes, in this one place.

use super::doing::{Doing, Vault};
use azure_core::error::{Error as SdkError, ErrorKind};
use azure_core::http::headers::HeaderName;
use serde::Deserialize;
use std::error::Error as StdError;
use std::fmt;
use strongroom_core::{Error, Kind};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc2822;

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
    /// Seconds by which this machine's clock is ahead of the vault's, if that is far enough to matter.
    clock_ahead: Option<i64>,
    /// Whether an earlier try of the same call broke off, so that the vault may have carried it out.
    pub(super) is_in_doubt: bool,
}

/// How many tenants of a vault are named.
const MANY: usize = 8;

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
            let date = response.headers().get_optional_str(&HeaderName::from_static("date")).and_then(http_date);
            refusal.clock_ahead = date.map(seconds_since).filter(|seconds| seconds.abs() >= CLOCK_TOLERANCE);
            let header = azure_core::http::headers::RETRY_AFTER;
            refusal.retry_after = response.headers().get_optional_str(&header).map(str::to_owned);
            let detail =
                serde_json::from_slice::<Body>(response.body().as_ref()).map(|body| body.error).unwrap_or_default();
            refusal.is_wrong_tenant = detail.message.starts_with("AKV10032");
            refusal.tenants = guids(&detail.message);
            refusal.code = plain(detail.innererror.map_or(detail.code, |inner| inner.code));
        }
        Some(refusal)
    }

    /// What a vault says that was not asked because it throttles.
    pub(super) const THROTTLED: Self = Self {
        status: 429,
        code: String::new(),
        retry_after: None,
        tenants: Vec::new(),
        is_wrong_tenant: false,
        clock_ahead: None,
        is_in_doubt: false,
    };

    /// Whether trying again may help.
    pub(super) fn is_transient(&self) -> bool {
        matches!(self.status, 408 | 429 | 500 | 502 | 503 | 504)
    }

    /// The error a user sees; `doing` is what was tried.
    pub(super) fn into_error(self, vault: &Vault, doing: Doing<'_>) -> Error {
        let failed = format!("cannot {doing}");
        let kind_and = |kind, what: fmt::Arguments<'_>| Error::new(kind, format!("{failed}: {what}"));
        match (self.status, self.code.as_str()) {
            (401, _) if self.is_wrong_tenant => self.wrong_tenant(&failed),
            (401, _) if self.clock_ahead.is_some() => {
                let ahead = self.clock_ahead.unwrap_or_default();
                let (minutes, side) = ((ahead.abs() + 30) / 60, if ahead > 0 { "ahead of" } else { "behind" });
                kind_and(
                    Kind::Unauthenticated,
                    format_args!(
                        "`{vault}` refused the token, and this machine's clock is {minutes} minutes {side} its"
                    ),
                )
                .with_hint("set the clock of this machine; tokens and secrets are valid by it")
            }
            (401, _) => kind_and(Kind::Unauthenticated, format_args!("`{vault}` refused the token"))
                .with_hint("sign in again; the token may have expired or be for another service"),
            (403, code) => forbidden(code, vault, doing),
            (404, _) => kind_and(Kind::NotFound, format_args!("it does not exist in `{vault}`")),
            (409, "ObjectIsDeletedButRecoverable") => {
                kind_and(Kind::Conflict, format_args!("it is deleted but recoverable"))
                    .with_hint("recover or purge it, or set `on_soft_deleted=recover`")
            }
            (409, code) => kind_and(Kind::Conflict, format_args!("`{vault}` is at work on that name ({code})"))
                .with_hint("try again in a minute"),
            (413, _) => kind_and(Kind::Invalid, format_args!("it is too large for `{vault}`"))
                .with_hint("split the secret in two, or keep the large value elsewhere"),
            (429, _) => kind_and(Kind::Unavailable, format_args!("`{vault}` is throttling requests"))
                .with_hint("try again later, or raise `timeout` on the secrets manager"),
            (status @ (408 | 500..), _) => kind_and(Kind::Unavailable, format_args!("`{vault}` answered {status}"))
                .with_hint("try again; if it lasts, look at the health of the service"),
            (300..=399, _) => kind_and(Kind::Unavailable, format_args!("`{vault}` redirects elsewhere"))
                .with_hint("tokens follow no redirect; set `vault_url` to where the vault is"),
            (status, code) => kind_and(Kind::Invalid, format_args!("`{vault}` refused the request ({status} {code})"))
                .with_hint("if it names the API version, set `api_version`"),
        }
    }

    /// The message of AKV10032 names the vault's tenants and, last, the token's.
    fn wrong_tenant(&self, failed: &str) -> Error {
        let message = match self.tenants.split_last() {
            Some((found, expected)) if !expected.is_empty() => {
                let expected = expected[..expected.len().min(MANY)].join("`, `");
                format!("{failed}: the token is from tenant `{found}`, the vault is in `{expected}`")
            }
            _ => format!("{failed}: the token is from another tenant than the vault's"),
        };
        Error::new(Kind::Unauthenticated, message)
            .with_hint("set `tenant_id` on the secrets manager, or sign in with `az login --tenant TENANT`")
    }
}

/// Why a call is forbidden, and the command that helps.
fn forbidden(code: &str, vault: &Vault, doing: Doing<'_>) -> Error {
    let (name, role, permission) = (&vault.name, doing.role(), doing.permission());
    let (why, hint) = match code {
        "SecretDisabled" => (
            "it is disabled".to_owned(),
            format!("enable it: `az keyvault secret set-attributes --vault-name {name} --enabled true --name …`"),
        ),
        "ForbiddenByFirewall" | "ForbiddenByConnection" => (
            format!("the firewall of `{vault}` does not let this machine in"),
            format!("`az keyvault network-rule add --name {name} --ip-address ADDRESS`, or use its private endpoint"),
        ),
        "SecretManagedByKeyVault" => {
            ("it belongs to a certificate".to_owned(), "manage the certificate instead".to_owned())
        }
        "AccessDenied" => (
            format!("the access policy of `{vault}` does not give you `{permission}`"),
            format!(
                "`az keyvault set-policy --name {name} --secret-permissions get list set delete recover --spn CLIENT_ID`"
            ),
        ),
        code => (
            format!("not allowed in `{vault}` ({code})"),
            format!(
                "it takes the role `{role}`: `az role assignment create --role \"{role}\" --assignee WHO \
                 --scope $(az keyvault show --name {name} --query id -o tsv)`; new roles take minutes to spread"
            ),
        ),
    };
    let error = Error::new(Kind::Forbidden, format!("cannot {doing}: {why}")).with_hint(hint);
    if code == "SecretDisabled" { error.of_item() } else { error }
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
    pub(super) fn into_error(self, error: &SdkError, vault: &Vault, doing: Doing<'_>) -> Error {
        let failed = format!("cannot {doing}");
        let cause = innermost(error);
        match self {
            Self::Certificate if causes(error).any(is_out_of_date) => {
                Error::new(Kind::Unavailable, format!("{failed}: the certificate of `{vault}` is not valid now"))
                    .with_hint("is the clock of this machine right? if it is, the vault needs a new certificate")
                    .with_source(cause)
            }
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

/// A code as Key Vault has them. Anything else is no code: messages show it, and it may come from whoever stands in between.
fn plain(code: String) -> String {
    let is_code = code.len() <= 64 && code.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if is_code { code } else { String::new() }
}

/// Whether a cause is a certificate that has expired or is not valid yet.
pub(super) fn is_out_of_date(cause: &(dyn StdError + 'static)) -> bool {
    use rustls::CertificateError::{Expired, ExpiredContext, NotValidYet, NotValidYetContext};
    let wrapped = cause.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
    let found = cause.downcast_ref::<rustls::Error>().is_some_and(|error| {
        matches!(
            error,
            rustls::Error::InvalidCertificate(
                Expired | ExpiredContext { .. } | NotValidYet | NotValidYetContext { .. }
            )
        )
    });
    found || wrapped.is_some_and(|inner| is_out_of_date(inner))
}

/// Less than this nobody refuses a token for (Microsoft Entra's own tolerance).
const CLOCK_TOLERANCE: i64 = 300;

fn seconds_since(date: OffsetDateTime) -> i64 {
    (OffsetDateTime::now_utc() - date).whole_seconds()
}

/// A date as headers have it.
pub(super) fn http_date(text: &str) -> Option<OffsetDateTime> {
    OffsetDateTime::parse(&text.trim().replace("GMT", "+0000"), &Rfc2822).ok()
}

fn guids(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_ascii_hexdigit() && c != '-');
    // with its hyphens; hex digits alone may be anything
    let is_guid = |word: &&str| word.len() == 36 && uuid::Uuid::try_parse(word).is_ok();
    let mut found: Vec<String> = words.filter(is_guid).map(str::to_owned).collect();
    found.dedup();
    found
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use strongroom_core::ItemName;

    fn error(refusal: Refusal, doing: Doing<'_>) -> Error {
        let vault = Vault { url: "https://kv.vault.azure.net".to_owned(), name: "kv".to_owned() };
        refusal.into_error(&vault, doing)
    }

    fn x() -> ItemName {
        "x".parse().unwrap()
    }

    fn refusal(status: u16, code: &str) -> Refusal {
        Refusal { status, code: code.to_owned(), ..Refusal::default() }
    }

    #[test]
    fn status_and_code_decide_the_kind() {
        for (status, code, expected) in [
            (400, "BadParameter", Kind::Invalid),
            (401, "Unauthorized", Kind::Unauthenticated),
            (403, "ForbiddenByRbac", Kind::Forbidden),
            (403, "AccessDenied", Kind::Forbidden),
            (403, "SecretDisabled", Kind::Forbidden),
            (404, "SecretNotFound", Kind::NotFound),
            (405, "MethodNotAllowed", Kind::Invalid),
            (409, "ObjectIsBeingDeleted", Kind::Conflict),
            (413, "", Kind::Invalid),
            (429, "Throttled", Kind::Unavailable),
            (500, "", Kind::Unavailable),
            (302, "", Kind::Unavailable),
        ] {
            let error = error(refusal(status, code), Doing::Read(&x()));
            assert_eq!(error.kind(), expected, "{status} {code}");
            assert_eq!(error.is_of_item(), code == "SecretDisabled");
        }
    }

    #[test]
    fn a_certificate_that_is_out_of_date_is_not_one_that_nobody_trusts() {
        for (why, said) in [
            (rustls::CertificateError::NotValidYet, "is not valid now"),
            (rustls::CertificateError::Expired, "is not valid now"),
            (rustls::CertificateError::UnknownIssuer, "is not trusted"),
        ] {
            let tls = std::io::Error::other(rustls::Error::InvalidCertificate(why));
            let broken = SdkError::with_error(ErrorKind::Io, tls, "cannot connect");
            let vault = Vault { url: "https://kv.vault.azure.net".to_owned(), name: "kv".to_owned() };
            let error = Breakage::of(&broken).into_error(&broken, &vault, Doing::Read(&x()));
            assert!(error.to_string().contains(said), "{error:?}");
            assert_eq!(error.kind(), Kind::Unavailable);
        }
    }

    #[test]
    fn who_is_forbidden_is_told_the_least_role_and_the_command() {
        let hint = |code: &str, doing: Doing<'_>| error(refusal(403, code), doing).hint().unwrap().to_owned();
        assert!(hint("ForbiddenByRbac", Doing::Read(&x())).contains("--role \"Key Vault Secrets User\""));
        assert!(hint("ForbiddenByRbac", Doing::Write(&x())).contains("--role \"Key Vault Secrets Officer\""));
        assert!(hint("AccessDenied", Doing::Write(&x())).contains("az keyvault set-policy --name kv"));
        assert!(hint("ForbiddenByFirewall", Doing::Write(&x())).contains("az keyvault network-rule add --name kv"));
        let policy = error(refusal(403, "AccessDenied"), Doing::Recover(&x())).to_string();
        assert!(policy.contains("does not give you `recover`"), "{policy}");
    }

    #[test]
    fn a_code_that_is_none_is_not_shown() {
        assert_eq!(plain("ForbiddenByRbac".to_owned()), "ForbiddenByRbac");
        for odd in ["Bad\u{1b}[2J", "a value", "ü", &"x".repeat(65)] {
            assert_eq!(plain(odd.to_owned()), "");
        }
    }

    #[test]
    fn a_wrong_tenant_names_both() {
        let (ours, theirs) = ("11111111-1111-1111-1111-111111111111", "22222222-2222-2222-2222-222222222222");
        let message = format!(
            "AKV10032: Invalid issuer. Expected one of https://sts.windows.net/{ours}/, found https://sts.windows.net/{theirs}/."
        );
        let wrong = Refusal { status: 401, is_wrong_tenant: true, tenants: guids(&message), ..Refusal::default() };
        let said = error(wrong, Doing::Read(&x())).to_string();
        assert!(said.contains(&format!("from tenant `{theirs}`, the vault is in `{ours}`")), "{said}");
    }
}
