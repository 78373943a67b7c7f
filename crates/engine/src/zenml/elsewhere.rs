//! Values that ZenML kept in an external store, when that is the place where this store keeps its own.
//!
//! ZenML 0.98 has a row for each such secret, without values. 0.44 has none: tags of the items tell all there is to know.

use super::source::{Content, EXTERNAL, Generation, Secret, ZenmlDatabase};
use crate::database::now;
use crate::values::{Receipt, ValuesAt};
use futures::{StreamExt, TryStreamExt};
use std::collections::HashSet;
use std::sync::Arc;
use strongroom_core::central::{SecretId, Visibility};
use strongroom_core::{Backend, Description, Error, ItemMeta, Kind, Result, Revision, StoreForm, StoreLayout};

/// How many items are read at once.
const AT_ONCE: usize = 8;

impl ZenmlDatabase {
    /// Looks for values that are missing in the database where `place` keeps values, and reads them; nothing is written there.
    ///
    /// # Errors
    /// What the place fails with when it does not answer or is not ours to use. What is wrong with one item is told in the plan.
    pub async fn look_into(&mut self, place: &ValuesAt) -> Result<()> {
        let ValuesAt::Service { kind, name, backend, form: _ } = place else {
            let whose =
                if matches!(place, ValuesAt::Rows) { "this one keeps its own in `sql`" } else { "this one keeps none" };
            self.explain(&format!("{EXTERNAL}; {whose}"));
            return Ok(());
        };
        let Some(server) = self.server else {
            self.explain(&format!("{EXTERNAL}, and the database does not say which server of ZenML it is"));
            return Ok(());
        };
        // of the form only writing knows
        let vault = Vault { backend, layout: StoreLayout::new(backend.rules(), server, StoreForm::default()) };
        if self.generation == Generation::V44 {
            let known: HashSet<_> = self.secrets.iter().map(|secret| secret.id).collect();
            let found = vault.described().await?;
            self.secrets.extend(found.into_iter().filter(|secret| !known.contains(&secret.id)));
        }
        let absent = format!("{EXTERNAL}, and not in `{kind}` (`{name}`)");
        let missing = self
            .secrets
            .iter_mut()
            .filter(|secret| !secret.is_internal && matches!(secret.content, Content::Elsewhere(_)));
        let reads = missing.map(async |secret| {
            secret.content = vault.content(secret.id, &absent).await?;
            Ok::<_, Error>(())
        });
        futures::stream::iter(reads).buffer_unordered(AT_ONCE).try_collect().await
    }

    fn explain(&mut self, reason: &str) {
        for secret in &mut self.secrets {
            if let Content::Elsewhere(why) = &mut secret.content {
                reason.clone_into(why);
            }
        }
    }
}

/// The place, as ZenML's server used it.
struct Vault<'a> {
    backend: &'a Arc<dyn Backend>,
    layout: StoreLayout,
}

impl Vault<'_> {
    /// The secrets that tags of ZenML 0.44 tell of, the oldest first.
    async fn described(&self) -> Result<Vec<Secret>> {
        let items: Vec<_> = self.backend.list(self.layout.filter()).try_collect().await?;
        let told = items.into_iter().filter_map(|item| Some(secret(self.layout.secret_of(&item.tags)?, &item)));
        let mut secrets: Vec<_> = told.collect();
        secrets.sort_by_key(|secret| (secret.created, secret.id));
        Ok(secrets)
    }

    async fn content(&self, id: SecretId, absent: &str) -> Result<Content> {
        let item = match self.backend.get(&self.layout.item_name(id), None).await {
            Ok(Some(item)) if !item.is_revived => item,
            Ok(_) => return Ok(Content::Elsewhere(absent.to_owned())),
            Err(error) if error.is_of_item() => return Ok(Content::Unreadable(error.to_string())),
            Err(error) => return Err(error),
        };
        let Revision(version) = item.revision.clone().unwrap_or(Revision(String::new()));
        Ok(match self.layout.decode(id, &item) {
            Ok(values) => Content::There(values, Receipt(version.into_bytes())),
            Err(error) if error.kind() == Kind::Conflict => Content::Elsewhere(format!("{EXTERNAL}, and {error}")),
            Err(error) => Content::Unreadable(error.to_string()),
        })
    }
}

fn secret(id: SecretId, item: &ItemMeta) -> Secret {
    let (is_internal, name) = (false, item.name.to_string());
    match Description::told_by(id, &item.tags) {
        Ok(Description { id, name, visibility, owner, project, created, updated }) => {
            let (owner, workspace, content) = (Some(owner), Some(project), Content::Elsewhere(String::new()));
            Secret { id, name: name.to_string(), visibility, is_internal, owner, workspace, created, updated, content }
        }
        Err(error) => {
            let (updated, content) = (item.updated.unwrap_or_else(now), Content::Unreadable(error.to_string()));
            let (visibility, created) = (Visibility::Private, updated);
            Secret { id, name, visibility, is_internal, owner: None, workspace: None, created, updated, content }
        }
    }
}
