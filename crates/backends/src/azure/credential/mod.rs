//! Who we are: the first way to sign in that is configured, whose failure is final.
//!
//! No silent change of identity: a way that is configured and fails is the answer, and errors name it. One file per way,
//! each with `look` (is it configured, and by what) and `credential` (asks nobody yet).

mod cli;
mod environment;
mod managed_identity;
mod refusal;
mod token;
mod workload_identity;
mod world;

use super::config::Auth;
use super::error::causes;
use async_trait::async_trait;
use azure_core::credentials::{AccessToken, TokenCredential, TokenRequestOptions};
use azure_core::error::{Error as SdkError, ErrorKind};
use refusal::explain;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use strongroom_core::{Error, Kind, Result};
use tokio::sync::OnceCell;
pub(super) use world::World;

/// Whether a way to sign in is configured, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    /// Which way.
    pub auth: Auth,
    /// What it was found by, or what is missing.
    pub finding: Result<String, String>,
}

/// Whether `auth` is configured.
pub(super) async fn look(world: &World, auth: Auth) -> Way {
    let finding = match auth {
        Auth::Environment => environment::look(world),
        Auth::WorkloadIdentity => workload_identity::look(world),
        Auth::ManagedIdentity => managed_identity::look(world).await,
        Auth::Cli => cli::look(world),
        Auth::Token => token::look(world),
    };
    Way { auth, finding }
}

/// The way to use: the one that is asked for, or the first that is configured.
pub(super) async fn choose(world: &World) -> Result<Auth> {
    if let Some(auth) = world.auth {
        let asked = auth.as_str();
        return look(world, auth).await.finding.map(|_| auth).map_err(|missing| {
            Error::new(Kind::Unauthenticated, format!("`auth={asked}` is asked for, but {missing}"))
        });
    }
    let mut tried = Vec::new();
    for auth in Auth::ALL {
        match look(world, auth).await.finding {
            Ok(_) => return Ok(auth),
            Err(missing) => tried.push(format!("{}: {missing}", auth.as_str())),
        }
    }
    Err(Error::new(Kind::Unauthenticated, format!("not signed in to Azure ({})", tried.join("; ")))
        .with_hint("run `az login`, or set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET"))
}

fn credential(world: &World, auth: Auth) -> azure_core::Result<Arc<dyn TokenCredential>> {
    match auth {
        Auth::Environment => environment::credential(world),
        Auth::WorkloadIdentity => workload_identity::credential(world),
        Auth::ManagedIdentity => managed_identity::credential(world),
        Auth::Cli => cli::credential(world),
        Auth::Token => Ok(token::credential(world)),
    }
}

/// Signs in when the first token is needed.
#[derive(Debug)]
pub(super) struct SignIn {
    world: World,
    chosen: OnceCell<(Auth, Arc<dyn TokenCredential>)>,
    /// Whether a token is being fetched; stays so when nobody waits for it any more.
    is_fetching: AtomicBool,
}

impl SignIn {
    pub(super) fn new(world: World) -> Self {
        Self { world, chosen: OnceCell::new(), is_fetching: AtomicBool::new(false) }
    }

    /// The way by which a token is being fetched, if it is: what the time was spent on when it ran out.
    pub(super) fn is_waiting(&self) -> Option<Auth> {
        let is_fetching = self.is_fetching.load(Ordering::Relaxed);
        self.chosen.get().map(|(auth, _)| *auth).filter(|_| is_fetching)
    }

    /// What signing in depends on.
    pub(super) fn world(&self) -> &World {
        &self.world
    }
}

#[async_trait]
impl TokenCredential for SignIn {
    async fn get_token(
        &self,
        scopes: &[&str],
        options: Option<TokenRequestOptions<'_>>,
    ) -> azure_core::Result<AccessToken> {
        let begin = || async {
            let auth = choose(&self.world).await.map_err(as_credential_error)?;
            tracing::debug!(auth = auth.as_str(), "signing in");
            let credential =
                credential(&self.world, auth).map_err(|error| as_credential_error(explain(auth, &error)))?;
            Ok::<_, SdkError>((auth, credential))
        };
        let (auth, credential) = self.chosen.get_or_try_init(begin).await?;
        self.is_fetching.store(true, Ordering::Relaxed);
        let token = credential.get_token(scopes, options).await;
        self.is_fetching.store(false, Ordering::Relaxed);
        token.map_err(|error| as_credential_error(explain(*auth, &error)))
    }
}

/// Our error in the SDK's clothes, for [`sign_in_error`] to find.
pub(super) fn as_credential_error(error: Error) -> SdkError {
    SdkError::with_error(ErrorKind::Credential, error, "cannot sign in")
}

/// Our error inside one of the SDK's, if signing in was what failed.
pub(super) fn sign_in_error(error: &SdkError) -> Option<Error> {
    let ours = causes(error).find_map(|cause| cause.downcast_ref::<Error>())?;
    let mut found = Error::new(ours.kind(), ours.to_string());
    if let Some(hint) = ours.hint() {
        found = found.with_hint(hint.to_owned());
    }
    Some(match ours.causes().into_iter().next() {
        Some(cause) => found.with_source(cause),
        None => found,
    })
}
