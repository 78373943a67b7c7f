//! What `doctor` and `integration install azure` tell: facts, no printing, no secrets.

use super::credential::{Way, World, choose, look};
use super::{Auth, Config, KeyVault, certificates};
use crate::Context;
use strongroom_core::{Configuration, Result};

/// The facts about one vault, before anything is asked of it.
#[derive(Debug)]
pub struct Diagnosis {
    /// Where the vault answers.
    pub vault_url: String,
    /// The way to sign in that will be used, or why there is none.
    pub sign_in: Result<Auth>,
    /// How to name that way to a person.
    pub found_by: Option<String>,
}

/// Looks at the attributes and at this machine; may ask the machine's metadata service, never the vault.
///
/// # Errors
/// [`strongroom_core::Kind::Invalid`] for a bad attribute.
pub async fn diagnose(configuration: &Configuration, context: &Context) -> Result<Diagnosis> {
    let vault = KeyVault::open(configuration, context)?;
    let world = vault.sign_in.world();
    let sign_in = choose(world).await;
    let found_by = match &sign_in {
        Ok(auth) => look(world, *auth).await.finding.ok(),
        Err(_) => None,
    };
    Ok(Diagnosis { vault_url: vault.to_string(), sign_in, found_by })
}

/// Every way to sign in, and whether it is configured on this machine.
pub async fn sign_in_ways(context: &Context) -> Vec<Way> {
    let name = [("key_vault_name".to_owned(), "any".to_owned())];
    let Ok(config) = Config::of(&name.into_iter().collect()) else { return Vec::new() };
    let Ok(origin) = config.origin() else { return Vec::new() };
    let world = World::new(&config, context, certificates(&config, context), &origin);
    let mut ways = Vec::new();
    for auth in Auth::ALL {
        ways.push(look(&world, auth).await);
    }
    ways
}
