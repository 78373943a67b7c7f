//! Users, service accounts and API keys.

use super::Model;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use strongroom_core::central::{Account, ApiKey, Named, Role};
use strongroom_core::python_time;
use utoipa::ToSchema;
use uuid::Uuid;

/// What is told of a user. `role` is ours.
#[derive(Debug, Serialize, ToSchema)]
pub struct UserBody {
    /// When it was made.
    pub created: String,
    /// When it last changed.
    pub updated: String,
    /// Whether it may sign in.
    pub active: bool,
    /// Always null.
    pub activation_token: Option<String>,
    /// The full name.
    pub full_name: String,
    /// Always null.
    pub email_opted_in: Option<bool>,
    /// Whether it is a program's.
    pub is_service_account: bool,
    /// Whether it may do everything.
    pub is_admin: bool,
    /// Always null.
    pub default_project_id: Option<Uuid>,
    /// Always null.
    pub avatar_url: Option<String>,
    /// What it may do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
}

/// More about a user.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct UserMetadata {
    /// Always null.
    pub password_changed_at: Option<String>,
    /// The address.
    pub email: Option<String>,
    /// Always null.
    pub external_user_id: Option<Uuid>,
    /// Always empty.
    pub user_metadata: super::Nothing,
    /// Always empty.
    pub oidc_claims: super::Nothing,
    /// What it is for.
    pub description: String,
}

/// An account as a user on the wire; service accounts are told so too where a caller is.
pub fn user(account: Account, hydrate: bool) -> Model<UserBody, UserMetadata> {
    let Account { id, kind, name, full_name, email, description, role, active, created, updated } = account;
    let body = UserBody {
        created: python_time(created),
        updated: python_time(updated),
        active,
        activation_token: None,
        full_name,
        email_opted_in: None,
        is_service_account: kind == strongroom_core::central::AccountKind::Service,
        is_admin: role == Role::Admin,
        default_project_id: None,
        avatar_url: None,
        role: Some(role.as_str().to_owned()),
    };
    let metadata = hydrate.then(|| UserMetadata { email, description, ..UserMetadata::default() });
    Model::new(id, name, body, metadata)
}

/// The owner of something, of whom no more is told.
pub(super) fn owner(owner: &Named) -> Model<UserBody, UserMetadata> {
    let epoch = "1970-01-01T00:00:00".to_owned();
    let body = UserBody {
        created: epoch.clone(),
        updated: epoch,
        active: true,
        activation_token: None,
        full_name: String::new(),
        email_opted_in: None,
        is_service_account: false,
        is_admin: false,
        default_project_id: None,
        avatar_url: None,
        role: None,
    };
    Model::new(owner.id, owner.name.clone(), body, None)
}

/// What is told of a service account. `role` is ours.
#[derive(Debug, Serialize, ToSchema)]
pub struct ServiceAccountBody {
    /// When it was made.
    pub created: String,
    /// When it last changed.
    pub updated: String,
    /// The full name.
    pub full_name: String,
    /// Whether it may sign in.
    pub active: bool,
    /// Always null.
    pub avatar_url: Option<String>,
    /// What it may do.
    pub role: String,
}

/// More about a service account.
#[derive(Debug, Serialize, ToSchema)]
pub struct ServiceAccountMetadata {
    /// What it is for.
    pub description: String,
    /// Always null.
    pub external_user_id: Option<Uuid>,
}

/// A service account on the wire.
pub fn service_account(account: Account, hydrate: bool) -> Model<ServiceAccountBody, ServiceAccountMetadata> {
    let Account { id, name, full_name, description, role, active, created, updated, .. } = account;
    let body = ServiceAccountBody {
        created: python_time(created),
        updated: python_time(updated),
        full_name,
        active,
        avatar_url: None,
        role: role.as_str().to_owned(),
    };
    Model::new(id, name, body, hydrate.then_some(ServiceAccountMetadata { description, external_user_id: None }))
}

/// What is told of an API key.
#[derive(Debug, Serialize, ToSchema)]
pub struct KeyBody {
    /// When it was made.
    pub created: String,
    /// When it last changed.
    pub updated: String,
    /// The key itself, once.
    #[serde(serialize_with = "exposed")]
    #[schema(value_type = Option<String>)]
    pub key: Option<SecretString>,
    /// Whether it may be used.
    pub active: bool,
    /// Whose it is.
    pub service_account: Model<ServiceAccountBody, ServiceAccountMetadata>,
}

fn exposed<S: serde::Serializer>(key: &Option<SecretString>, serializer: S) -> Result<S::Ok, S::Error> {
    key.as_ref().map(ExposeSecret::expose_secret).serialize(serializer)
}

/// More about an API key.
#[derive(Debug, Serialize, ToSchema)]
pub struct KeyMetadata {
    /// What it is for.
    pub description: String,
    /// How many minutes the key before stays good.
    pub retain_period_minutes: u32,
    /// When it was last used to sign in.
    pub last_login: Option<String>,
    /// When it was last replaced.
    pub last_rotated: Option<String>,
}

/// An API key on the wire.
pub fn api_key(key: ApiKey, account: Account, hydrate: bool) -> Model<KeyBody, KeyMetadata> {
    let ApiKey {
        id, name, description, active, retain_minutes, created, updated, last_login, last_rotated, key, ..
    } = key;
    let service_account = service_account(account, false);
    let body = KeyBody { created: python_time(created), updated: python_time(updated), key, active, service_account };
    let metadata = KeyMetadata {
        description,
        retain_period_minutes: retain_minutes,
        last_login: last_login.map(python_time),
        last_rotated: last_rotated.map(python_time),
    };
    Model::new(id, name, body, hydrate.then_some(metadata))
}

/// An account to be made: a user, or, without password and address, a service account.
#[derive(Debug, Deserialize, ToSchema)]
pub struct AccountCreate {
    /// Its name.
    #[schema(max_length = 255)]
    pub name: String,
    /// The full name.
    pub full_name: Option<String>,
    /// The address.
    pub email: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// The password.
    #[schema(value_type = Option<String>)]
    pub password: Option<SecretString>,
    /// Whether it may do everything; `role` says more.
    pub is_admin: Option<bool>,
    /// What it may do: admin, editor, reader or lister.
    pub role: Option<String>,
    /// Whether it may sign in.
    pub active: Option<bool>,
}

/// A change of an account; what is absent or null stays.
#[derive(Debug, Default, Deserialize, ToSchema)]
pub struct AccountUpdate {
    /// The new name.
    #[schema(max_length = 255)]
    pub name: Option<String>,
    /// The new full name.
    pub full_name: Option<String>,
    /// The new address.
    pub email: Option<String>,
    /// The new description.
    pub description: Option<String>,
    /// The new password.
    #[schema(value_type = Option<String>)]
    pub password: Option<SecretString>,
    /// The password in force, for a change of one's own.
    #[schema(value_type = Option<String>)]
    pub old_password: Option<SecretString>,
    /// Whether it may do everything; `role` says more.
    pub is_admin: Option<bool>,
    /// What it may do.
    pub role: Option<String>,
    /// Whether it may sign in.
    pub active: Option<bool>,
}

/// An API key to be made.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ApiKeyCreate {
    /// Its name.
    #[schema(max_length = 255)]
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
}

/// A change of an API key; what is absent or null stays.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ApiKeyUpdate {
    /// Its new name.
    #[schema(max_length = 255)]
    pub name: Option<String>,
    /// Its new description.
    pub description: Option<String>,
    /// Whether it may be used.
    pub active: Option<bool>,
}

/// The replacing of an API key.
#[derive(Debug, Default, Deserialize, ToSchema)]
pub struct ApiKeyRotate {
    /// How many minutes the old key stays good.
    #[serde(default)]
    pub retain_period_minutes: u32,
}
