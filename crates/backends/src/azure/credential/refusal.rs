//! Why signing in failed: by status and code, without anything that was sent or answered.

use super::super::config::Auth;
use super::super::error::{causes, innermost, is_out_of_date, is_tls};
use super::cli::Complaint;
use azure_core::error::{Error as SdkError, ErrorKind};
use std::error::Error as StdError;
use std::io;
use strongroom_core::{Error, Kind};

/// What `error`, met while signing in by `auth`, means to the user.
pub(super) fn explain(auth: Auth, error: &SdkError) -> Error {
    let way = auth.as_str();
    let who = if auth == Auth::ManagedIdentity { "metadata service" } else { "authority" };
    let failed = format!("cannot sign in by `{way}`");
    let kinds = || causes(error).filter_map(|cause| cause.downcast_ref::<SdkError>()).map(SdkError::kind);
    if causes(error).any(is_out_of_date) {
        return Error::new(Kind::Unavailable, format!("{failed}: the authority's certificate is not valid now"))
            .with_hint("is the clock of this machine right?")
            .with_source(innermost(error));
    }
    if causes(error).any(is_tls) {
        return Error::new(Kind::Unavailable, format!("{failed}: the authority's certificate is not trusted"))
            .with_hint("set `ca_certificate` to the PEM file of its authority")
            .with_source(innermost(error));
    }
    if causes(error).filter_map(io_error).any(|cause| cause.kind() == io::ErrorKind::TimedOut) && auth == Auth::Cli {
        return Error::new(
            Kind::Unavailable,
            format!("{failed}: `az account get-access-token` did not answer in time"),
        )
        .with_hint("raise `timeout` on the secrets manager, or run it yourself to see what it waits for");
    }
    if kinds().any(|kind| matches!(kind, ErrorKind::Connection | ErrorKind::Io)) && auth != Auth::Cli {
        return Error::new(Kind::Unavailable, format!("{failed}: the {who} cannot be reached"))
            .with_hint("check the network, the proxy settings and AZURE_AUTHORITY_HOST")
            .with_source(innermost(error));
    }
    // Its text may quote the answer.
    if kinds().any(|kind| matches!(kind, ErrorKind::DataConversion)) && auth != Auth::Cli {
        return Error::new(Kind::Unavailable, format!("{failed}: the {who} gave an answer that is not one of its own"))
            .with_hint("is there a proxy in between, or does AZURE_AUTHORITY_HOST name another service?");
    }
    let status = kinds().find_map(|kind| match kind {
        ErrorKind::HttpResponse { status, .. } => Some(u16::from(*status)),
        _ => None,
    });
    if let Some(status @ (408 | 410 | 429 | 500..)) = status {
        return Error::new(Kind::Unavailable, format!("{failed}: the {who} answered {status}"))
            .with_hint("try again in a minute");
    }
    let code = kinds().find_map(entra_code).or_else(|| code_in_text(error));
    let message = match &code {
        Some(code) => format!("signing in by `{way}` was refused ({code})"),
        None => format!("signing in by `{way}` failed"),
    };
    let refused = Error::new(Kind::Unauthenticated, message).with_hint(hint(auth, code.as_deref()));
    match causes(error).find_map(complaint) {
        Some(complaint) => refused.with_source(complaint),
        None => refused,
    }
}

fn hint(auth: Auth, code: Option<&str>) -> &'static str {
    match (auth, code) {
        (_, Some("AADSTS7000215" | "AADSTS7000222")) => {
            "the client secret is wrong or has expired: check AZURE_CLIENT_SECRET"
        }
        (_, Some("AADSTS700016")) => "no such application in this tenant: check AZURE_CLIENT_ID and AZURE_TENANT_ID",
        (_, Some("AADSTS90002" | "AADSTS900023")) => "no such tenant: check AZURE_TENANT_ID",
        (_, Some("AADSTS700024")) => "the federated token has expired: is AZURE_FEDERATED_TOKEN_FILE still renewed?",
        (_, Some("AADSTS500011")) => "the tenant does not know Key Vault: is it the right tenant and cloud?",
        (Auth::Cli, _) => {
            "run `az login`, and `az account get-access-token --resource https://vault.azure.net` to see what it says"
        }
        (Auth::WorkloadIdentity, None) => "can AZURE_FEDERATED_TOKEN_FILE be read, and is a token in it?",
        (Auth::ManagedIdentity, _) => {
            "is an identity assigned to this machine? for a user-assigned one set `client_id`"
        }
        _ => "check AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET",
    }
}

/// The first of the authority's error codes.
fn entra_code(kind: &ErrorKind) -> Option<String> {
    let ErrorKind::HttpResponse { error_code: Some(codes), .. } = kind else { return None };
    codes.split(',').next().map(|code| format!("AADSTS{code}"))
}

/// `az` passes the authority's codes on in its text.
fn code_in_text(error: &SdkError) -> Option<String> {
    let text = causes(error).map(ToString::to_string).collect::<Vec<_>>().join(" ");
    let at = text.find("AADSTS")?;
    Some(text[at..].chars().take_while(char::is_ascii_alphanumeric).collect())
}

fn io_error<'a>(cause: &'a (dyn StdError + 'static)) -> Option<&'a io::Error> {
    cause.downcast_ref::<io::Error>()
}

/// What a program that was asked for a token said itself.
fn complaint(cause: &(dyn StdError + 'static)) -> Option<String> {
    let inner = io_error(cause)?.get_ref()?;
    inner.downcast_ref::<Complaint>().map(ToString::to_string)
}
