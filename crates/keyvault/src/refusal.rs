//! Every error answer of a vault: status, code, message and inner code, in one place.
//!
//! The texts are those the real service was recorded or reported with (azure-sdk-assets, azure-sdk-for-js
//! recordings, hashicorp/terraform-provider-azurerm#5659 and others); where none is known, ours say what is wrong.

use std::borrow::Cow;

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde::Serialize;

use crate::wire;

/// A request that is refused.
#[derive(Debug)]
pub(crate) struct Refusal {
    status: StatusCode,
    code: &'static str,
    message: Cow<'static, str>,
    inner: Option<&'static str>,
}

impl Refusal {
    fn new(status: StatusCode, code: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self { status, code, message: message.into(), inner: None }
    }

    fn inner(mut self, code: &'static str) -> Self {
        self.inner = Some(code);
        self
    }

    fn conflict(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::CONFLICT, "Conflict", message)
    }

    fn forbidden(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "Forbidden", message)
    }

    pub(crate) fn bad_parameter(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "BadParameter", message)
    }

    pub(crate) fn invalid_name(name: &str) -> Self {
        Self::bad_parameter(format!("The request URI contains an invalid name: {name}"))
    }

    /// Too many tags, a value too large and the like: the service names no property (the gap is its own).
    pub(crate) fn invalid_property() -> Self {
        Self::bad_parameter("Property  has invalid value\r\n")
    }

    /// A body that is not the JSON of the operation. Where, not what: the body may hold a value.
    pub(crate) fn malformed_body(error: &serde_json::Error) -> Self {
        let (line, column) = (error.line(), error.column());
        Self::bad_parameter(format!("The request body is not valid for this operation (line {line}, column {column})"))
    }

    pub(crate) fn unreadable_body(status: StatusCode) -> Self {
        Self::new(status, "BadParameter", "The request body could not be read or is too large")
    }

    /// Recorded: the code holds spaces.
    pub(crate) fn malformed_backup() -> Self {
        Self::new(StatusCode::BAD_REQUEST, "Malformed backup blob", "Backup blob is corrupt.")
    }

    pub(crate) fn unauthorized(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "Unauthorized", message)
    }

    /// Recorded: the deleted view answers the same for a disabled secret.
    pub(crate) fn disabled() -> Self {
        Self::forbidden("Operation get is not allowed on a disabled secret.").inner("SecretDisabled")
    }

    pub(crate) fn managed(operation: &str) -> Self {
        Self::forbidden(format!(
            "Operation \"{operation}\" is not allowed as this object's lifetime is managed by Key Vault."
        ))
        .inner("SecretManagedByKeyVault")
    }

    pub(crate) fn purge_protected(vault: &str) -> Self {
        Self::forbidden(format!(
            "Operation \"purge\" is not allowed because purge protection is enabled for this vault. Key Vault service \
             will automatically purge it after the retention period has passed.\r\nVault: {vault};location={}",
            wire::REGION
        ))
    }

    /// `id` is the name, or name and version with a slash between.
    pub(crate) fn not_found(id: &str) -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "SecretNotFound",
            format!(
                "A secret with (name/id) {id} was not found in this key vault. If you recently deleted this secret you \
                 may be able to recover it using the correct recovery command. For help resolving this issue, please \
                 see https://go.microsoft.com/fwlink/?linkid=2125182"
            ),
        )
    }

    pub(crate) fn deleted_not_found(name: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "SecretNotFound", format!("Deleted Secret not found: {name}"))
    }

    pub(crate) fn unknown_vault(host: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "VaultNotFound", format!("No vault is served at the host {host}"))
    }

    pub(crate) fn unknown_path() -> Self {
        Self::new(StatusCode::NOT_FOUND, "ResourceNotFound", "The requested resource is not part of the secrets API")
    }

    pub(crate) fn method_not_allowed(method: &http::Method) -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "MethodNotAllowed", format!("HTTP {method} not allowed"))
    }

    /// Writing to a name that is soft-deleted.
    pub(crate) fn deleted_but_recoverable(name: &str) -> Self {
        Self::conflict(format!(
            "Secret {name} is currently in a deleted but recoverable state, and its name cannot be reused; in this \
             state, the secret can only be recovered or purged."
        ))
        .inner("ObjectIsDeletedButRecoverable")
    }

    /// Writing to a name while its delete or purge is in progress.
    pub(crate) fn name_being_deleted(name: &str) -> Self {
        Self::conflict(format!("Secret {name} is currently being deleted and cannot be re-created; retry later."))
            .inner("ObjectIsBeingDeleted")
    }

    /// Purging or recovering while the delete or purge is in progress.
    pub(crate) fn being_deleted() -> Self {
        Self::conflict("Secret is currently being deleted.").inner("ObjectIsBeingDeleted")
    }

    /// Writing to a name while its recovery is in progress.
    pub(crate) fn being_recovered(name: &str) -> Self {
        Self::conflict(format!("Secret {name} is currently being recovered and cannot be re-created; retry later."))
            .inner("ObjectIsBeingRecovered")
    }

    /// Restoring over a name in use, recorded without an inner code.
    pub(crate) fn restore_conflict(id: &str) -> Self {
        Self::conflict(format!(
            "There was a conflict restoring the secret '{id}'. This can happen if either: a second secret with the \
             same name was created after the first secret was deleted; thus trying to restore a secret whose name is \
             already in use. To fix this, rename the second secret to something else so that the restore works. The \
             second probable cause of this exception is when multiple operations are performed in parallel against \
             the secret. To avoid this error, perform operations against a secret in a sequential manner."
        ))
    }

    /// Something failed on our side; what, goes to the log only.
    pub(crate) fn internal(what: &str, error: &(dyn std::error::Error + 'static)) -> Self {
        tracing::error!(error, "{what}");
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "InternalServerError",
            "The embedded Key Vault failed; see its log",
        )
    }
}

impl From<rusqlite::Error> for Refusal {
    fn from(error: rusqlite::Error) -> Self {
        Self::internal("the vault's database failed", &error)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        #[derive(Serialize)]
        struct Body<'a> {
            error: Outer<'a>,
        }
        #[derive(Serialize)]
        struct Outer<'a> {
            code: &'a str,
            message: &'a str,
            #[serde(skip_serializing_if = "Option::is_none")]
            innererror: Option<Inner<'a>>,
        }
        #[derive(Serialize)]
        struct Inner<'a> {
            code: &'a str,
        }
        let Self { status, code, message, inner } = &self;
        let innererror = inner.map(|code| Inner { code });
        wire::json(*status, &Body { error: Outer { code, message, innererror } })
    }
}
