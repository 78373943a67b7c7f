//! The place of a central store's values, opened as settings say.

use super::Session;
use crate::settings::{SecretsStore, StoreKind};
use secrecy::ExposeSecret;
use std::collections::HashMap;
use std::sync::Arc;
use strongroom_backends::{Context, flavor};
use strongroom_core::{ComponentId, Result};
use strongroom_engine::ValuesAt;

impl Session {
    /// Opens the place. Asks it nothing.
    ///
    /// # Errors
    /// [`strongroom_core::Kind::Invalid`] naming the attribute that is unknown, missing or malformed.
    pub(crate) fn values_at(&self, store: &SecretsStore) -> Result<ValuesAt> {
        let kind = match store.kind.value {
            StoreKind::Sql => return Ok(ValuesAt::Rows),
            StoreKind::Disabled => return Ok(ValuesAt::Nowhere),
            StoreKind::Azure => StoreKind::Azure.as_str(),
        };
        let configuration = store.configuration();
        let context = self.context(ComponentId::nil());
        let own: HashMap<_, _> = store.variables.iter().cloned().collect();
        let outer = Arc::clone(&context.env);
        // what ZenML's variables say counts before what the client would find by itself
        let env = move |name: &str| match own.get(name) {
            Some(value) => Some(value.expose_secret().to_owned()),
            None => outer(name),
        };
        let context = Context { env: Arc::new(env), ..context };
        let backend = (flavor(kind)?.open)(&configuration, &context).map_err(|error| {
            error.within(format!("secrets store `{kind}` ({}) cannot be opened", store.kind.origin)).with_hint(
                "`--secrets-store-option NAME=VALUE`, or a key of `[server.secrets_store]` in config.toml, sets an attribute",
            )
        })?;
        let name = configuration.get("key_vault_name").cloned().unwrap_or_default().to_ascii_lowercase();
        Ok(ValuesAt::Service { kind, name, backend, form: store.form.value })
    }
}
