//! Projects, which ZenML 0.44 calls workspaces: a name that secrets and stacks are filed under.

use crate::access::{Wish, authorize};
use crate::database::{Change, Connection, Row, Work, now};
use crate::engine::{Acting, DEFAULT_PROJECT};
use crate::once;
use async_trait::async_trait;
use strongroom_core::central::Project;
use strongroom_core::query::{Page, Query};
use strongroom_core::{Error, Kind, Result};
use uuid::Uuid;

const SELECT: &str = "SELECT id, name, display_name, description, created, updated FROM project";

fn project(row: &mut Row) -> Result<Project> {
    Ok(Project {
        id: row.id()?,
        name: row.text()?,
        display_name: row.text()?,
        description: row.text()?,
        created: row.time()?,
        updated: row.time()?,
    })
}

async fn named(connection: &mut Connection, text: &str) -> Result<Project> {
    let sql = format!("{SELECT} WHERE name = ? OR id = ?");
    let id = Uuid::parse_str(text).unwrap_or_default();
    let row = connection.row(&sql, &[text.into(), id.into()]).await?;
    project(&mut row.ok_or_else(|| Error::not_found("project", text))?)
}

impl Acting {
    /// One page of projects.
    ///
    /// # Errors
    /// What the query asks wrongly, and what the database fails with.
    pub async fn projects(&self, query: &Query<Project>) -> Result<Page<Project>> {
        let rows = self.engine.database.read().await?.rows(SELECT, &[]).await?;
        query.page_of(rows.into_iter().map(|mut row| project(&mut row)).collect::<Result<_>>()?)
    }

    /// The project of that name or id.
    ///
    /// # Errors
    /// [`Kind::NotFound`].
    pub async fn project(&self, text: &str) -> Result<Project> {
        named(&mut *self.engine.database.read().await?, text).await
    }

    /// Makes a project.
    ///
    /// # Errors
    /// [`Kind::AlreadyExists`] when the name is taken, [`Kind::Forbidden`] for all but administrators.
    pub async fn create_project(&self, name: &str, display_name: &str, description: &str) -> Result<Project> {
        authorize(&self.caller, Wish::ManageProjects, None)?;
        if name.trim().is_empty() || name.chars().count() > 255 || display_name.chars().count() > 255 {
            return Err(Error::invalid("the name of a project has 1 to 255 characters"));
        }
        let (id, now) = (Uuid::new_v4(), now());
        let [name, display_name, description] = [name, display_name, description].map(str::to_owned);
        let project = Project { id, name, display_name, description, created: now, updated: now };
        self.engine.database.change(Create { project, request: self.request("project") }).await
    }

    /// Removes a project without secrets.
    ///
    /// # Errors
    /// [`Kind::Conflict`] when it has secrets, [`Kind::Forbidden`] for the default one and for all but administrators.
    pub async fn delete_project(&self, text: &str) -> Result<()> {
        authorize(&self.caller, Wish::ManageProjects, None)?;
        let project = self.project(text).await?;
        if project.name == DEFAULT_PROJECT {
            return Err(Error::new(Kind::Forbidden, "the default project cannot be removed"));
        }
        self.engine.database.change(Delete(project.id)).await
    }
}

struct Create {
    project: Project,
    /// See [`Acting::request`].
    request: Option<Uuid>,
}

#[async_trait]
impl Work for Create {
    type Done = Project;

    async fn run(&mut self, change: &mut Change) -> Result<Project> {
        let Self { project: made, request } = self;
        if let Some(before) = once::made_before(&mut change.connection, *request).await? {
            let row = change.connection.row(&format!("{SELECT} WHERE id = ?"), &[before.into()]).await?;
            return project(&mut row.ok_or_else(once::is_gone)?);
        }
        let Project { id, name, display_name, description, created, updated } = &*made;
        let sql =
            "INSERT INTO project (id, name, display_name, description, created, updated) VALUES (?, ?, ?, ?, ?, ?)";
        let params = [
            (*id).into(),
            name.as_str().into(),
            display_name.as_str().into(),
            description.as_str().into(),
            (*created).into(),
            (*updated).into(),
        ];
        change.connection.execute(sql, &params).await.map_err(|error| match error.kind() {
            Kind::AlreadyExists => Error::already_exists("project", name),
            _ => error,
        })?;
        once::note(change, *request, *id, 1).await?;
        Ok(made.clone())
    }
}

struct Delete(Uuid);

#[async_trait]
impl Work for Delete {
    type Done = ();

    async fn run(&mut self, change: &mut Change) -> Result<()> {
        let deleted = change.connection.execute("DELETE FROM project WHERE id = ?", &[self.0.into()]).await;
        deleted.map(|_| ()).map_err(|error| match error.kind() {
            Kind::Conflict => Error::new(Kind::Conflict, "the project has secrets").with_hint("remove them first"),
            _ => error,
        })
    }
}
