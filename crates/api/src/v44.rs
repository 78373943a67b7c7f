//! The wire types of ZenML 0.44: flat, without envelopes.

use crate::text::{Exposed, Given};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use strongroom_core::central::{Account, AccountKind, CentralSecret, Project, Role, Visibility};
use strongroom_core::python_time;
use time::OffsetDateTime;
use utoipa::ToSchema;
use uuid::Uuid;

/// A workspace, which 0.98 calls a project.
#[derive(Debug, Clone, Serialize)]
pub struct Workspace {
    id: Uuid,
    created: String,
    updated: String,
    name: String,
    description: String,
}

/// A project as a workspace.
pub fn workspace(project: Project) -> Workspace {
    let Project { id, name, description, created, updated, .. } = project;
    Workspace { id, created: python_time(created), updated: python_time(updated), name, description }
}

/// A role; 0.44 knows `admin` (all three permissions) and others.
#[derive(Debug, Clone, Serialize)]
pub struct RoleModel {
    id: Uuid,
    created: String,
    updated: String,
    name: &'static str,
    permissions: &'static [&'static str],
}

/// A role on the wire; each has an id that never changes.
pub fn role(role: Role) -> RoleModel {
    let epoch = python_time(OffsetDateTime::UNIX_EPOCH);
    let permissions: &[_] = match role {
        Role::Admin | Role::Editor => &["read", "write", "me"],
        Role::Reader | Role::Lister => &["read", "me"],
    };
    RoleModel { id: role_id(role), created: epoch.clone(), updated: epoch, name: role.as_str(), permissions }
}

/// The id of a role.
pub fn role_id(role: Role) -> Uuid {
    Uuid::from_u128(0x5374_726f_6e67_4000_8000_0000_0000_0000 + role as u128 + 1)
}

/// A user.
#[derive(Debug, Clone, Serialize)]
pub struct User {
    id: Uuid,
    created: String,
    updated: String,
    name: String,
    full_name: String,
    email_opted_in: Option<bool>,
    hub_token: Option<String>,
    active: bool,
    activation_token: Option<String>,
    teams: Vec<()>,
    roles: Vec<RoleModel>,
    email: Option<String>,
}

/// An account as a user.
pub fn user(account: Account) -> User {
    let Account { id, kind: _, name, full_name, email, role: may, active, created, updated, .. } = account;
    User {
        id,
        created: python_time(created),
        updated: python_time(updated),
        name,
        full_name,
        email_opted_in: None,
        hub_token: None,
        active,
        activation_token: None,
        teams: Vec::new(),
        roles: vec![role(may)],
        email,
    }
}

/// That a user has a role.
#[derive(Debug, Serialize)]
pub struct RoleAssignment {
    id: Uuid,
    created: String,
    updated: String,
    workspace: Option<Uuid>,
    team: Option<Uuid>,
    user: User,
    role: RoleModel,
    is_shared: bool,
}

/// A user's role as an assignment; its id is the user's.
pub fn role_assignment(account: Account) -> RoleAssignment {
    let (id, may, at) = (account.id, account.role, python_time(account.updated));
    let (user, role) = (user(account), role(may));
    RoleAssignment { id, created: at.clone(), updated: at, workspace: None, team: None, user, role, is_shared: true }
}

/// The role that a user shall have.
#[derive(Debug, Deserialize, ToSchema)]
pub struct RoleAssignmentRequest {
    /// The user.
    pub user: Uuid,
    /// The id of the role.
    pub role: Uuid,
}

/// The stack that is always there.
#[derive(Debug, Serialize)]
pub struct Stack {
    id: Uuid,
    created: String,
    updated: String,
    user: User,
    workspace: Workspace,
    is_shared: bool,
    name: &'static str,
    description: &'static str,
    stack_spec_path: Option<String>,
    components: BTreeMap<String, Vec<Uuid>>,
}

/// The stack that is always there, as the caller's own: 0.44 leaves a stack that is nobody's.
pub fn default_stack(id: Uuid, caller: Account, project: Project) -> Stack {
    let created = python_time(project.created);
    Stack {
        id,
        updated: created.clone(),
        created,
        user: user(caller),
        workspace: workspace(project),
        is_shared: true,
        name: "default",
        description: "",
        stack_spec_path: None,
        components: BTreeMap::new(),
    }
}

/// A secret.
#[derive(Debug, Serialize)]
pub struct Secret {
    id: Uuid,
    created: String,
    updated: String,
    user: User,
    workspace: Workspace,
    name: String,
    scope: &'static str,
    values: Exposed,
}

/// A secret on the wire. Of its owner and workspace no more is told than id and name.
pub fn secret(secret: CentralSecret) -> Secret {
    let CentralSecret { id, name, visibility, owner, project, created, updated, values, .. } = secret;
    let epoch = OffsetDateTime::UNIX_EPOCH;
    let owner = Account {
        id: owner.id,
        kind: AccountKind::User,
        name: owner.name,
        full_name: String::new(),
        email: None,
        description: String::new(),
        role: Role::Editor,
        active: true,
        created: epoch,
        updated: epoch,
    };
    let project = Project {
        id: project.id,
        display_name: project.name.clone(),
        name: project.name,
        description: String::new(),
        created: epoch,
        updated: epoch,
    };
    Secret {
        id,
        created: python_time(created),
        updated: python_time(updated),
        user: user(owner),
        workspace: workspace(project),
        name: name.as_str().to_owned(),
        scope: match visibility {
            Visibility::Public => "workspace",
            Visibility::Private => "user",
        },
        values: Exposed(values),
    }
}

/// A secret to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = WorkspaceSecretCreate)]
pub struct SecretCreate {
    /// Its name.
    pub name: String,
    /// `workspace` or `user`.
    pub scope: Option<String>,
    /// Who shall own it; the caller.
    pub user: Option<Uuid>,
    /// Where; the workspace of the path.
    pub workspace: Option<Uuid>,
    /// Keys and values.
    #[serde(default)]
    pub values: Given,
    /// 0.98's deprecated use of this route.
    pub private: Option<bool>,
}

/// A change of a secret; what is absent or null stays.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = WorkspaceSecretUpdate)]
pub struct SecretUpdate {
    /// Its new name.
    pub name: Option<String>,
    /// `workspace` or `user`.
    pub scope: Option<String>,
    /// New values.
    pub values: Option<Given>,
    /// May not change.
    pub user: Option<Uuid>,
    /// May not change.
    pub workspace: Option<Uuid>,
}
