//! A client secret in the environment.

use super::World;
use azure_core::credentials::{Secret, TokenCredential};
use azure_identity::{ClientSecretCredential, ClientSecretCredentialOptions};
use std::sync::Arc;
use strongroom_core::Result;

const SECRET: &str = "AZURE_CLIENT_SECRET";

pub(super) fn look(world: &World) -> Result<String, String> {
    World::have(&[
        ("AZURE_TENANT_ID", world.tenant_id()),
        ("AZURE_CLIENT_ID", world.client_id()),
        (SECRET, world.var(SECRET)),
    ])
}

pub(super) fn credential(world: &World) -> azure_core::Result<Arc<dyn TokenCredential>> {
    let options = ClientSecretCredentialOptions { client_options: world.authority_options()? };
    let (tenant, client) = (world.tenant_id().unwrap_or_default(), world.client_id().unwrap_or_default());
    let secret = Secret::from(world.var(SECRET).unwrap_or_default());
    Ok(ClientSecretCredential::new(&tenant, client, secret, Some(options))?)
}
