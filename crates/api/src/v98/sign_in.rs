//! Signing in: forms, as OAuth 2 and ZenML have them, and their answers. Of a form an empty field counts as absent.
//! They hold passwords, codes and tokens, so none has a `Debug`.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// How somebody signs in.
#[derive(Debug, Clone, Copy, ToSchema)]
pub enum GrantType {
    /// A person, by name and password.
    #[schema(rename = "password")]
    Password,
    /// A program, by an API key in the place of the password.
    #[schema(rename = "zenml-api-key")]
    ApiKey,
    /// A program that a person approved.
    #[schema(rename = "urn:ietf:params:oauth:grant-type:device_code")]
    DeviceCode,
}

/// What `/login` is sent.
#[derive(ToSchema)]
pub struct LoginForm {
    /// How; without it, who gives a name signs in by password, and who gives none by API key.
    #[schema(nullable = false)]
    pub grant_type: Option<GrantType>,
    /// The name of a person.
    #[schema(nullable = false)]
    pub username: Option<String>,
    /// The password, or the API key.
    #[schema(nullable = false)]
    pub password: Option<String>,
    /// What the program called itself when it asked for codes.
    #[schema(nullable = false)]
    pub client_id: Option<Uuid>,
    /// The code that it got.
    #[schema(nullable = false)]
    pub device_code: Option<String>,
}

/// A token.
#[derive(Serialize, ToSchema)]
pub struct TokenBody<'t> {
    /// The bearer token.
    pub access_token: &'t str,
    /// Always `bearer`.
    pub token_type: &'static str,
    /// How many seconds it lasts.
    pub expires_in: u64,
    /// None: who needs another token signs in again.
    pub refresh_token: Option<String>,
    /// None: no cookie holds the token.
    pub csrf_token: Option<String>,
    /// None: a token may all that its account may.
    pub scope: Option<String>,
    /// None: nothing is kept of a device that was approved.
    pub device_id: Option<Uuid>,
    /// None, as well.
    pub device_metadata: Option<String>,
}

impl<'t> TokenBody<'t> {
    /// A token that lasts for so many seconds.
    pub fn new(access_token: &'t str, expires_in: u64) -> Self {
        Self {
            access_token,
            token_type: "bearer",
            expires_in,
            refresh_token: None,
            csrf_token: None,
            scope: None,
            device_id: None,
            device_metadata: None,
        }
    }
}

/// What `/device_authorization` is sent.
#[derive(ToSchema)]
pub struct DeviceForm {
    /// What the program calls itself.
    pub client_id: Uuid,
}

/// Codes for a program that wants to be approved (RFC 8628).
#[derive(Serialize, ToSchema)]
pub struct DeviceCodesBody<'c> {
    /// What the program asks `/login` with.
    pub device_code: &'c str,
    /// What a person types.
    pub user_code: &'c str,
    /// How many seconds both last.
    pub expires_in: u64,
    /// How many seconds between two questions, at least.
    pub interval: u64,
    /// The page, below the server's address.
    pub verification_uri: &'static str,
    /// The same with the codes in it.
    pub verification_uri_complete: String,
}

/// What a person decides of a program.
#[derive(Debug, Clone, Copy, ToSchema)]
pub enum Decision {
    /// It may act for the person.
    #[schema(rename = "approve")]
    Approve,
    /// It may not.
    #[schema(rename = "deny")]
    Deny,
}

/// What the page at `/devices/verify` sends.
#[derive(ToSchema)]
pub struct VerifyForm {
    /// Which request it is.
    pub device_id: Uuid,
    /// What the program shows.
    #[schema(min_length = 1)]
    pub user_code: String,
    /// Who decides.
    #[schema(min_length = 1)]
    pub username: String,
    /// That person's password.
    #[schema(min_length = 1)]
    pub password: String,
    /// What is decided; without it, the program is approved.
    #[schema(nullable = false)]
    pub decision: Option<Decision>,
}
