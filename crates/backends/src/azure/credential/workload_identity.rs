//! Workload identity: a token that the platform (such as Kubernetes) keeps in a file is exchanged for one of Azure's.

use super::World;
use async_trait::async_trait;
use azure_core::credentials::TokenCredential;
use azure_core::error::{Error as SdkError, ErrorKind};
use azure_core::http::ClientMethodOptions;
use azure_identity::{ClientAssertion, ClientAssertionCredential, ClientAssertionCredentialOptions};
use std::path::PathBuf;
use std::sync::Arc;
use strongroom_core::Result;

const FILE: &str = "AZURE_FEDERATED_TOKEN_FILE";

pub(super) fn look(world: &World) -> Result<String, String> {
    World::have(&[
        ("AZURE_TENANT_ID", world.tenant_id()),
        ("AZURE_CLIENT_ID", world.client_id()),
        (FILE, world.var(FILE)),
    ])
}

pub(super) fn credential(world: &World) -> azure_core::Result<Arc<dyn TokenCredential>> {
    let options = ClientAssertionCredentialOptions { client_options: world.authority_options()? };
    let (tenant, client) = (world.tenant_id().unwrap_or_default(), world.client_id().unwrap_or_default());
    let file = TokenFile(world.var(FILE).unwrap_or_default().into());
    Ok(ClientAssertionCredential::new(tenant, client, file, Some(options))?)
}

/// Read at each exchange: the platform renews the file, and the SDK's own credential keeps what it read for ten minutes.
#[derive(Debug)]
struct TokenFile(PathBuf);

#[async_trait]
impl ClientAssertion for TokenFile {
    async fn secret(&self, _: Option<ClientMethodOptions<'_>>) -> azure_core::Result<String> {
        let file = self.0.display();
        let token = std::fs::read_to_string(&self.0)
            .map_err(|error| SdkError::with_error(ErrorKind::Credential, error, format!("cannot read {file}")))?;
        match token.trim() {
            "" => Err(SdkError::with_message(ErrorKind::Credential, format!("{file} is empty"))),
            token => Ok(token.to_owned()),
        }
    }
}
