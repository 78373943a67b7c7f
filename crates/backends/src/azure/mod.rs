//! Azure Key Vault, by the official SDK (REST `secrets`, any stable version from 7.0 on).
//!
//! One client per vault and identity, owned by [`KeyVault`]. Calls: get 1, put 1, delete 1 and the polls until the name is
//! gone, list one per page of 25. Signing in (in this order, the first that is configured): a client secret in the environment,
//! workload identity, managed identity, the Azure CLI, a ready token. Names: `[0-9A-Za-z-]{1,127}`, without regard to case.

mod cloud;
mod config;
mod credential;
mod deleted;
mod diagnosis;
mod doing;
mod error;
mod journal;
mod model;
mod pace;
mod retry;
mod rules;
mod transport;

use crate::{Context, Flavor};
use async_trait::async_trait;
use azure_core::http::pager::{PagerContinuation, PagerOptions};
use azure_core::http::{ClientOptions, RetryOptions, Transport, Url};
use azure_security_keyvault_secrets::models::{
    ListSecretPropertiesResult, SecretClientGetSecretOptions, SecretClientListSecretPropertiesOptions,
};
use azure_security_keyvault_secrets::{SecretClient, SecretClientOptions};
pub use config::Auth;
use config::Config;
pub use credential::Way;
use credential::{SignIn, World};
pub use diagnosis::{Diagnosis, diagnose, sign_in_ways};
use doing::{Doing, Vault};
use futures::stream::BoxStream;
use futures::{StreamExt, TryStreamExt};
use journal::Journal;
use retry::{Clock, Failure};
pub use rules::RULES;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;
use strongroom_core::{
    Backend, Configuration, DeleteMode, Error, Filter, Item, ItemMeta, ItemName, Kind, PutMode, Result, Revision, Rules,
};
use transport::{Gate, http_client};

/// The flavor `azure`.
pub(crate) const FLAVOR: Flavor = Flavor {
    name: "azure",
    integration: Some("azure"),
    attributes: config::ATTRIBUTES,
    rules: &RULES,
    open: |configuration, context| Ok(Arc::new(KeyVault::open(configuration, context)?)),
    check: |configuration| Config::of(configuration).map(drop),
};

/// One Key Vault.
pub struct KeyVault {
    client: SecretClient,
    gate: Arc<Gate>,
    sign_in: Arc<SignIn>,
    origin: Url,
    vault: Vault,
    config: Config,
    clock: Clock,
    journal: Journal,
}

impl KeyVault {
    /// Opens the vault that `configuration` names; asks nobody anything.
    ///
    /// # Errors
    /// [`Kind::Invalid`] for a bad attribute or a certificate file that cannot be read.
    pub fn open(configuration: &Configuration, context: &Context) -> Result<Self> {
        let config = Config::of(configuration)?;
        let origin = config.origin()?;
        let certificates = certificates(&config, context);
        let http = http_client(&certificates, true)?;
        let gate = Arc::new(Gate::new(http, origin.clone(), config.verify_challenge_resource));
        let sign_in = Arc::new(SignIn::new(World::new(&config, context, certificates, &origin)));
        let mut options = SecretClientOptions {
            verify_challenge_resource: Some(config.verify_challenge_resource),
            client_options: ClientOptions {
                transport: Some(Transport::new(gate.clone())),
                retry: RetryOptions::none(),
                ..ClientOptions::default()
            },
            ..SecretClientOptions::default()
        };
        if let Some(version) = &config.api_version {
            options.api_version.clone_from(version);
        }
        let client = SecretClient::new(origin.as_str(), sign_in.clone(), Some(options))
            .map_err(|_| Error::invalid(format!("`{origin}` cannot be a vault")))?;
        let journal = Journal::new(context.journal.clone(), &origin);
        let clock = Clock::new(config.timeout());
        let vault = config.vault(&origin);
        Ok(Self { client, gate, sign_in, origin, vault, config, clock, journal })
    }

    fn explain(&self, failure: Failure, doing: Doing<'_>) -> Error {
        match failure {
            Failure::Refused(refusal) => refusal.into_error(&self.vault, doing),
            Failure::Broken(error) => error,
        }
    }

    async fn read(&self, name: &ItemName, at: Option<&Revision>, deadline: Instant) -> Result<Option<Item>> {
        RULES.items.check("item name", name.as_str())?;
        at.map_or(Ok(()), model::check_revision)?;
        let doing = Doing::Read(name);
        let call = || async {
            let options = SecretClientGetSecretOptions {
                secret_version: at.map(|revision| revision.0.clone()),
                ..SecretClientGetSecretOptions::default()
            };
            self.client.get_secret(name.as_str(), Some(options)).await?.into_model()
        };
        let mut item = match self.attempt(deadline, doing, call).await {
            Ok(secret) => model::item(name, secret),
            Err(Failure::Refused(refusal)) if refusal.status == 404 => return Ok(None),
            Err(failure) => return Err(self.explain(failure, doing)),
        };
        // Brought back to be written over, and not yet written: its owner deleted it.
        let revived = self.journal.revived(name);
        item.is_revived = revived.is_some() && revived == item.revision.as_ref().map(|revision| revision.0.clone());
        Ok(Some(item))
    }

    async fn page(&self, from: Option<Url>) -> Result<ListSecretPropertiesResult> {
        let doing = Doing::List;
        let call = || async {
            let method_options =
                PagerOptions { continuation: from.clone().map(PagerContinuation::Link), ..PagerOptions::default() };
            let options = SecretClientListSecretPropertiesOptions { method_options, ..Default::default() };
            let mut pages = self.client.list_secret_properties(Some(options))?.into_pages();
            match pages.try_next().await? {
                Some(page) => page.into_model(),
                None => Ok(ListSecretPropertiesResult::default()),
            }
        };
        self.attempt(self.clock.deadline(), doing, call).await.map_err(|failure| self.explain(failure, doing))
    }

    /// The address of the next page, if it is on this vault; another host would get our token.
    fn next_page(&self, page: &ListSecretPropertiesResult) -> Result<Option<Url>> {
        let Some(link) = page.next_link.as_deref().filter(|link| !link.is_empty()) else { return Ok(None) };
        match self.origin.join(link) {
            Ok(url) if url.origin() == self.origin.origin() => Ok(Some(url)),
            Ok(_) | Err(_) => {
                Err(Error::new(Kind::Unavailable, format!("`{}` points to another host for its next page", self.vault))
                    .with_hint("no token is sent there; is `vault_url` right?"))
            }
        }
    }
}

/// PEM files to trust besides the system's roots.
fn certificates(config: &Config, context: &Context) -> Vec<PathBuf> {
    let from_environment = (context.env)("SSL_CERT_FILE").filter(|file| !file.is_empty()).map(PathBuf::from);
    config.ca_certificate.clone().into_iter().chain(from_environment).collect()
}

#[async_trait]
impl Backend for KeyVault {
    fn rules(&self) -> &'static Rules {
        &RULES
    }

    async fn get(&self, name: &ItemName, at: Option<&Revision>) -> Result<Option<Item>> {
        self.read(name, at, self.clock.deadline()).await
    }

    async fn put(&self, item: &Item, mode: PutMode<'_>) -> Result<Revision> {
        RULES.check(item)?;
        let deadline = self.clock.deadline();
        // Key Vault has no conditional write: what is asked for is looked at first, as well as can be.
        match mode {
            PutMode::Upsert => {}
            PutMode::Create => {
                if self.read(&item.name, None, deadline).await?.is_some_and(|found| !found.is_revived) {
                    return Err(Error::already_exists("item", &item.name));
                }
            }
            PutMode::Replace(expected) => {
                let found = self.read(&item.name, None, deadline).await?.and_then(|found| found.revision);
                if found.as_ref() != Some(expected) {
                    return Err(Error::new(Kind::Conflict, format!("`{}` was changed meanwhile", item.name)));
                }
            }
        }
        self.write(item, deadline).await
    }

    fn list(&self, filter: Filter) -> BoxStream<'_, Result<ItemMeta>> {
        let pages = futures::stream::try_unfold(Some(None), move |state: Option<Option<Url>>| async move {
            let Some(from) = state else { return Ok(None) };
            let page = self.page(from).await?;
            let next = self.next_page(&page)?;
            let items: Vec<_> = page.value.into_iter().filter_map(model::meta).map(Ok).collect();
            Ok::<_, Error>(Some((futures::stream::iter(items), next.map(Some))))
        });
        let matching = pages.try_flatten().try_filter(move |meta| std::future::ready(filter.matches(&meta.tags)));
        let live = matching.try_filter_map(move |meta| async move {
            // A note is rare, so the one more call is too.
            let is_revived = self.journal.is_pending(&meta.name)
                && self.get(&meta.name, None).await?.is_some_and(|item| item.is_revived);
            Ok((!is_revived).then_some(meta))
        });
        live.boxed()
    }

    async fn delete(&self, name: &ItemName, mode: DeleteMode) -> Result<bool> {
        RULES.items.check("item name", name.as_str())?;
        let was_there = self.remove(name, mode, self.clock.deadline()).await?;
        self.journal.clear(name);
        Ok(was_there)
    }
}

impl fmt::Display for KeyVault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.vault.fmt(f)
    }
}

impl fmt::Debug for KeyVault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyVault").field("vault", &self.vault).finish_non_exhaustive()
    }
}
