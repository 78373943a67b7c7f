//! The server, its projects and the stack that is always there.

use super::{Model, Nothing};
use serde::Serialize;
use std::collections::BTreeMap;
use strongroom_core::central::Project;
use strongroom_core::python_time;
use utoipa::ToSchema;
use uuid::Uuid;

/// What the server tells of itself to anybody.
#[derive(Debug, Serialize, ToSchema)]
pub struct ServerInfo {
    /// Tells it from every other; all replicas have the same.
    pub id: Uuid,
    /// A name.
    pub name: &'static str,
    /// The version of ZenML whose API the asking client is given.
    pub version: &'static str,
    /// Our own version.
    pub strongroom_version: &'static str,
    /// Always true.
    pub active: bool,
    /// Always false.
    pub debug: bool,
    /// Always `other`.
    pub deployment_type: &'static str,
    /// `sqlite`, `mysql` or `other`.
    pub database_type: &'static str,
    /// `sql`, `azure`, ….
    pub secrets_store_type: String,
    /// Always `OAUTH2_PASSWORD_BEARER`.
    pub auth_scheme: &'static str,
    /// Always empty: clients know where they asked.
    pub server_url: String,
    /// Always empty.
    pub dashboard_url: String,
    /// Always false.
    pub analytics_enabled: bool,
    /// Always empty.
    pub metadata: Nothing,
    /// Always null.
    pub last_user_activity: Option<String>,
}

/// What the server is set to, as far as clients ask.
#[derive(Debug, Serialize, ToSchema)]
pub struct ServerSettings {
    /// Tells the server from every other.
    pub id: Uuid,
    /// A name.
    pub name: &'static str,
    /// What it is set to.
    pub body: SettingsBody,
    /// Always empty.
    pub metadata: Nothing,
    /// Always empty.
    pub resources: Nothing,
}

/// All of what the server is set to.
#[derive(Debug, Serialize, ToSchema)]
pub struct SettingsBody {
    /// Tells the server from every other.
    pub server_id: Uuid,
    /// A name.
    pub server_name: &'static str,
    /// Always null.
    pub logo_url: Option<String>,
    /// Always true: its users are known.
    pub active: bool,
    /// Always false.
    pub enable_analytics: bool,
    /// Always false.
    pub display_announcements: bool,
    /// Always false.
    pub display_updates: bool,
    /// Always the beginning of 1970.
    pub last_user_activity: &'static str,
    /// Always the beginning of 1970.
    pub updated: &'static str,
}

/// The settings of the server of that id.
pub fn settings(id: Uuid) -> ServerSettings {
    const NEVER: &str = "1970-01-01T00:00:00";
    let name = "strongroom";
    let body = SettingsBody {
        server_id: id,
        server_name: name,
        logo_url: None,
        active: true,
        enable_analytics: false,
        display_announcements: false,
        display_updates: false,
        last_user_activity: NEVER,
        updated: NEVER,
    };
    ServerSettings { id, name, body, metadata: Nothing {}, resources: Nothing {} }
}

/// What is told of a project.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProjectBody {
    /// When it was made.
    pub created: String,
    /// When it last changed.
    pub updated: String,
    /// The name for people.
    pub display_name: String,
}

/// More about a project.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProjectMetadata {
    /// What it is for.
    pub description: String,
    /// Always empty.
    pub project_metadata: Nothing,
}

/// A project on the wire.
pub fn project(project: Project, hydrate: bool) -> Model<ProjectBody, ProjectMetadata> {
    let Project { id, name, display_name, description, created, updated } = project;
    let body = ProjectBody { created: python_time(created), updated: python_time(updated), display_name };
    Model::new(id, name, body, hydrate.then_some(ProjectMetadata { description, project_metadata: Nothing {} }))
}

/// What is told of a stack.
#[derive(Debug, Serialize, ToSchema)]
pub struct StackBody {
    /// When it was made.
    pub created: String,
    /// When it last changed.
    pub updated: String,
    /// Always null: it is everybody's.
    pub user_id: Option<Uuid>,
}

/// More about a stack.
#[derive(Debug, Serialize, ToSchema)]
pub struct StackMetadata {
    /// Its components by type.
    pub components: BTreeMap<String, Vec<Nothing>>,
    /// What it is for.
    pub description: String,
    /// Always null.
    pub stack_spec_path: Option<String>,
    /// Always empty.
    pub environment: Nothing,
    /// Always empty.
    pub secrets: Vec<Uuid>,
    /// Always empty.
    pub labels: Nothing,
}

/// The stack that is always there, so that clients find one. It is as old as the default project.
pub fn default_stack(id: Uuid, age: &Project, hydrate: bool) -> Model<StackBody, StackMetadata> {
    let body = StackBody { created: python_time(age.created), updated: python_time(age.created), user_id: None };
    // stock clients cannot read a stack without its components
    let metadata = StackMetadata {
        components: BTreeMap::new(),
        description: String::new(),
        stack_spec_path: None,
        environment: Nothing {},
        secrets: Vec::new(),
        labels: Nothing {},
    };
    Model::new(id, "default".to_owned(), body, hydrate.then_some(metadata))
}
