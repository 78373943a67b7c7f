//! The wire types of ZenML 0.98: an envelope of id and name, around a body, and metadata when it is asked for.

mod account;
mod place;
mod secret;
mod sign_in;

pub use account::{
    AccountCreate, AccountUpdate, ApiKeyCreate, ApiKeyRotate, ApiKeyUpdate, KeyBody, KeyMetadata, ServiceAccountBody,
    ServiceAccountMetadata, UserBody, UserMetadata, api_key, service_account, user,
};
pub use place::{
    ProjectBody, ProjectMetadata, ServerInfo, ServerSettings, SettingsBody, StackBody, StackMetadata, default_stack,
    project, settings,
};
pub use secret::{Revision, RollbackRequest, SecretBody, SecretCreate, SecretUpdate, revision, secret};
pub use sign_in::{Decision, DeviceCodesBody, DeviceForm, GrantType, LoginForm, TokenBody, VerifyForm};

use serde::Serialize;
use strongroom_core::central::Named;
use utoipa::ToSchema;
use uuid::Uuid;

/// What every answer about one thing looks like.
#[derive(Debug, Serialize, ToSchema)]
pub struct Model<B, M> {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// What is always told.
    pub body: B,
    /// What is told when it is asked for.
    pub metadata: Option<M>,
    /// What belongs to it.
    pub resources: Option<Resources>,
    /// Always false: what a caller may not see is not there.
    pub permission_denied: bool,
}

impl<B, M> Model<B, M> {
    fn new(id: Uuid, name: String, body: B, metadata: Option<M>) -> Self {
        // always there: a client that misses it asks for the whole again
        let resources = Some(Resources { user: None });
        Self { id, name, body, metadata, resources, permission_denied: false }
    }

    fn of_user(mut self, user: Model<UserBody, UserMetadata>) -> Self {
        if let Some(resources) = &mut self.resources {
            resources.user = Some(Box::new(user));
        }
        self
    }
}

/// What belongs to a thing.
#[derive(Debug, Serialize, ToSchema)]
pub struct Resources {
    /// Whose it is.
    #[schema(no_recursion)]
    pub user: Option<Box<Model<UserBody, UserMetadata>>>,
}

/// An object without anything in it.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct Nothing {}

/// A thing by id and name.
#[derive(Debug, Serialize, ToSchema)]
pub struct Reference {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
}

impl From<Named> for Reference {
    fn from(Named { id, name }: Named) -> Self {
        Self { id, name }
    }
}
