//! A bearer token that somebody else got.

use super::World;
use async_trait::async_trait;
use azure_core::credentials::{AccessToken, Secret, TokenCredential, TokenRequestOptions};
use std::sync::Arc;
use strongroom_core::Result;

const TOKEN: &str = "STRONGROOM_AZURE_TOKEN";

pub(super) fn look(world: &World) -> Result<String, String> {
    World::have(&[(TOKEN, world.var(TOKEN))])
}

pub(super) fn credential(world: &World) -> Arc<dyn TokenCredential> {
    Arc::new(Fixed(Secret::from(world.var(TOKEN).unwrap_or_default().trim().to_owned())))
}

#[derive(Debug)]
struct Fixed(Secret);

#[async_trait]
impl TokenCredential for Fixed {
    async fn get_token(&self, _: &[&str], _: Option<TokenRequestOptions<'_>>) -> azure_core::Result<AccessToken> {
        // Whether it is still good is for the vault to say; to look inside a token is not for its bearer.
        let later = time::OffsetDateTime::now_utc() + time::Duration::hours(1);
        Ok(AccessToken::new(self.0.clone(), later))
    }
}
