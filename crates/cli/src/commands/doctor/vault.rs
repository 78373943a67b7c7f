//! What the service says: who we are there, and what we may do.

use super::check::Check;
use crate::session::Session;
use futures::StreamExt;
use strongroom_backends::azure::{self, Diagnosis};
use strongroom_core::{Backend, Component, Filter, ItemName, Kind, Result};
use uuid::Uuid;

/// Asks the service of a secrets manager: one page of a listing, and one name that is not there.
pub(super) fn checks(component: Component, session: &Session, checks: &mut Vec<Check>) {
    if component.flavor == "azure" && !identity(&component, session, checks) {
        return;
    }
    let manager = match session.open_manager(component) {
        Ok(manager) => manager.secrets,
        Err(error) => return checks.push(Check::fail("open", &error)),
    };
    let backend = manager.backend();
    let listed = session.block_on(list(backend));
    checks.push(match &listed {
        Ok(()) => Check::ok("list", format!("`{backend}` answers")),
        Err(error) => Check::fail("list", error),
    });
    // Some may get and not list, so both are tried; where nobody answers, once is enough.
    if listed.is_err_and(|error| matches!(error.kind(), Kind::Unavailable | Kind::Unauthenticated)) {
        return;
    }
    checks.push(match session.block_on(get(backend)) {
        Ok(()) => Check::ok("get", "secrets can be read; writing is not tried"),
        Err(error) => Check::fail("get", &error),
    });
}

/// Which vault, and which way to sign in; whether it is worth asking the vault.
fn identity(component: &Component, session: &Session, checks: &mut Vec<Check>) -> bool {
    let context = session.context(component.id);
    match session.block_on(azure::diagnose(&component.configuration, &context)) {
        Ok(Diagnosis { vault_url, sign_in: Ok(auth), found_by }) => {
            checks.push(Check::ok("vault", format!("`{vault_url}`")));
            let by = found_by.map(|by| format!(": {by}")).unwrap_or_default();
            checks.push(Check::ok("identity", format!("signs in by `{}`{by}", auth.as_str())));
            true
        }
        Ok(Diagnosis { vault_url, sign_in: Err(error), found_by: _ }) => {
            checks.push(Check::ok("vault", format!("`{vault_url}`")));
            checks.push(Check::fail("identity", &error));
            false
        }
        Err(error) => {
            checks.push(Check::fail("vault", &error));
            false
        }
    }
}

/// Signs in and asks for one page.
async fn list(backend: &dyn Backend) -> Result<()> {
    let mut items = backend.list(Filter::default());
    items.next().await.transpose().map(drop)
}

/// Asks for a name that is not there: an answer tells that reading is allowed.
async fn get(backend: &dyn Backend) -> Result<()> {
    let name: ItemName = format!("strongroom-doctor-{}", Uuid::new_v4()).parse()?;
    backend.get(&name, None).await.map(drop)
}
