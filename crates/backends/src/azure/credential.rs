//! Who we are: the first way to sign in that is configured, whose failure is final.
//!
//! No silent change of identity: a way that is configured and fails is the answer, and errors name it.

use super::config::{Auth, Config};
use super::error::{causes, innermost, is_tls};
use super::transport::{Metadata, http_client};
use crate::Context;
use async_trait::async_trait;
use azure_core::cloud::{CloudConfiguration, CustomConfiguration};
use azure_core::credentials::{AccessToken, Secret, TokenCredential, TokenRequestOptions};
use azure_core::error::{Error as SdkError, ErrorKind};
use azure_core::http::{ClientOptions, RetryOptions, Transport};
use azure_identity::{
    AzureCliCredential, AzureCliCredentialOptions, ClientAssertionCredentialOptions, ClientSecretCredential,
    ClientSecretCredentialOptions, ManagedIdentityCredential, ManagedIdentityCredentialOptions, UserAssignedId,
    WorkloadIdentityCredential, WorkloadIdentityCredentialOptions,
};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use strongroom_core::{Error, Kind, Result};
use tokio::sync::OnceCell;
use url::Url;

/// How long the metadata service may take to show that this machine has one.
const PROBE: Duration = Duration::from_secs(1);
/// Where Azure machines find it.
const METADATA: &str = "http://169.254.169.254";
/// The bearer token for `auth=token`.
pub(super) const TOKEN: &str = "STRONGROOM_AZURE_TOKEN";

/// Signs in when the first token is needed.
#[derive(Debug)]
pub(super) struct SignIn {
    world: World,
    chosen: OnceCell<(Auth, Arc<dyn TokenCredential>)>,
}

/// What signing in depends on.
#[derive(Debug)]
pub(super) struct World {
    context: Context,
    auth: Option<Auth>,
    tenant_id: Option<String>,
    client_id: Option<String>,
    certificates: Vec<PathBuf>,
}

/// Whether a way to sign in is configured, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    /// Which way.
    pub auth: Auth,
    /// What it was found by, or what is missing.
    pub finding: Result<String, String>,
}

impl World {
    pub(super) fn new(config: &Config, context: &Context, certificates: Vec<PathBuf>) -> Self {
        Self {
            context: context.clone(),
            auth: config.auth,
            tenant_id: config.tenant_id.clone(),
            client_id: config.client_id.clone(),
            certificates,
        }
    }

    fn var(&self, name: &str) -> Option<String> {
        (self.context.env)(name).filter(|value| !value.is_empty())
    }

    fn tenant_id(&self) -> Option<String> {
        self.tenant_id.clone().or_else(|| self.var("AZURE_TENANT_ID"))
    }

    fn client_id(&self) -> Option<String> {
        self.client_id.clone().or_else(|| self.var("AZURE_CLIENT_ID"))
    }

    /// Whether `auth` is configured.
    pub(super) async fn look(&self, auth: Auth) -> Way {
        let have = |pairs: &[(&str, bool)]| {
            let missing: Vec<_> = pairs.iter().filter(|(_, there)| !there).map(|(name, _)| *name).collect();
            let names: Vec<_> = pairs.iter().map(|(name, _)| *name).collect();
            if missing.is_empty() { Ok(names.join(", ")) } else { Err(format!("{} not set", missing.join(", "))) }
        };
        let (tenant, client) = (self.tenant_id().is_some(), self.client_id().is_some());
        let finding = match auth {
            Auth::Environment => have(&[
                ("AZURE_TENANT_ID", tenant),
                ("AZURE_CLIENT_ID", client),
                ("AZURE_CLIENT_SECRET", self.var("AZURE_CLIENT_SECRET").is_some()),
            ]),
            Auth::WorkloadIdentity => have(&[
                ("AZURE_TENANT_ID", tenant),
                ("AZURE_CLIENT_ID", client),
                ("AZURE_FEDERATED_TOKEN_FILE", self.var("AZURE_FEDERATED_TOKEN_FILE").is_some()),
            ]),
            Auth::ManagedIdentity if self.var("IDENTITY_ENDPOINT").is_some() => Ok("IDENTITY_ENDPOINT".to_owned()),
            Auth::ManagedIdentity => self.probe().await,
            Auth::Cli => self.find_az(),
            Auth::Token => have(&[(TOKEN, self.var(TOKEN).is_some())]),
        };
        Way { auth, finding }
    }

    /// Whether anything listens where the metadata service should be.
    async fn probe(&self) -> Result<String, String> {
        let host = self.metadata_host().map_err(|error| error.to_string())?;
        let address = (host.host_str().unwrap_or_default().to_owned(), host.port_or_known_default().unwrap_or(80));
        match tokio::time::timeout(PROBE, tokio::net::TcpStream::connect(address)).await {
            Ok(Ok(_)) => Ok("the metadata service of this machine".to_owned()),
            Ok(Err(_)) | Err(_) => Err("no metadata service on this machine".to_owned()),
        }
    }

    fn metadata_host(&self) -> Result<Url> {
        let text = self.var("AZURE_POD_IDENTITY_AUTHORITY_HOST").unwrap_or_else(|| METADATA.to_owned());
        Url::parse(&text).map_err(|_| Error::invalid("AZURE_POD_IDENTITY_AUTHORITY_HOST is not a URL"))
    }

    fn find_az(&self) -> Result<String, String> {
        let path = self.var("PATH").unwrap_or_default();
        let found = std::env::split_paths(&path).any(|folder| folder.join("az").is_file());
        if found { Ok("`az` is on the PATH".to_owned()) } else { Err("`az` is not on the PATH".to_owned()) }
    }

    /// The way to use: the one that is asked for, or the first that is configured.
    pub(super) async fn choose(&self) -> Result<Auth> {
        if let Some(auth) = self.auth {
            let way = self.look(auth).await;
            let asked = auth.as_str();
            return way.finding.map(|_| auth).map_err(|missing| {
                Error::new(Kind::Unauthenticated, format!("`auth={asked}` is asked for, but {missing}"))
            });
        }
        let mut tried = Vec::new();
        for auth in Auth::ALL {
            match self.look(auth).await.finding {
                Ok(_) => return Ok(auth),
                Err(missing) => tried.push(format!("{}: {missing}", auth.as_str())),
            }
        }
        Err(Error::new(Kind::Unauthenticated, format!("not signed in to Azure ({})", tried.join("; ")))
            .with_hint("run `az login`, or set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET"))
    }

    /// Makes the credential; asks nobody yet.
    fn credential(&self, auth: Auth) -> azure_core::Result<Arc<dyn TokenCredential>> {
        let id = |found: Option<String>| found.unwrap_or_default();
        Ok(match auth {
            Auth::Environment => ClientSecretCredential::new(
                &id(self.tenant_id()),
                id(self.client_id()),
                Secret::from(id(self.var("AZURE_CLIENT_SECRET"))),
                Some(ClientSecretCredentialOptions { client_options: self.client_options()? }),
            )?,
            Auth::WorkloadIdentity => WorkloadIdentityCredential::new(Some(WorkloadIdentityCredentialOptions {
                credential_options: ClientAssertionCredentialOptions { client_options: self.client_options()? },
                client_id: self.client_id(),
                tenant_id: self.tenant_id(),
                token_file_path: self.var("AZURE_FEDERATED_TOKEN_FILE").map(PathBuf::from),
            }))?,
            Auth::ManagedIdentity => ManagedIdentityCredential::new(Some(ManagedIdentityCredentialOptions {
                user_assigned_id: self.client_id().map(UserAssignedId::ClientId),
                client_options: self.metadata_options()?,
            }))?,
            Auth::Cli => AzureCliCredential::new(Some(AzureCliCredentialOptions {
                tenant_id: self.tenant_id.clone(),
                ..AzureCliCredentialOptions::default()
            }))?,
            Auth::Token => Arc::new(Fixed(Secret::from(id(self.var(TOKEN))))),
        })
    }

    /// How to reach the authority.
    fn client_options(&self) -> azure_core::Result<ClientOptions> {
        let http = http_client(&self.certificates, true).map_err(as_credential_error)?;
        let cloud = self.var("AZURE_AUTHORITY_HOST").map(|host| {
            let mut cloud = CustomConfiguration::default();
            cloud.authority_host = host;
            Arc::new(CloudConfiguration::from(cloud))
        });
        Ok(ClientOptions {
            transport: Some(Transport::new(Arc::new(http))),
            retry: RetryOptions::none(),
            cloud,
            ..ClientOptions::default()
        })
    }

    /// How to reach the metadata service: never through a proxy.
    fn metadata_options(&self) -> azure_core::Result<ClientOptions> {
        let http = http_client(&[], false).map_err(as_credential_error)?;
        let transport = match self.var("IDENTITY_ENDPOINT") {
            Some(_) => Transport::new(Arc::new(http)),
            None => {
                Transport::new(Arc::new(Metadata { http, host: self.metadata_host().map_err(as_credential_error)? }))
            }
        };
        Ok(ClientOptions { transport: Some(transport), retry: RetryOptions::none(), ..ClientOptions::default() })
    }
}

impl SignIn {
    pub(super) fn new(world: World) -> Self {
        Self { world, chosen: OnceCell::new() }
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
        let choose = || async {
            let auth = self.world.choose().await.map_err(as_credential_error)?;
            tracing::debug!(auth = auth.as_str(), "signing in");
            let credential = self.world.credential(auth).map_err(|error| as_credential_error(explain(auth, &error)))?;
            Ok::<_, SdkError>((auth, credential))
        };
        let (auth, credential) = self.chosen.get_or_try_init(choose).await?;
        credential.get_token(scopes, options).await.map_err(|error| as_credential_error(explain(*auth, &error)))
    }
}

/// A token that somebody else got.
#[derive(Debug)]
struct Fixed(Secret);

#[async_trait]
impl TokenCredential for Fixed {
    async fn get_token(&self, _: &[&str], _: Option<TokenRequestOptions<'_>>) -> azure_core::Result<AccessToken> {
        let later = time::OffsetDateTime::now_utc() + time::Duration::hours(1);
        Ok(AccessToken::new(self.0.clone(), later))
    }
}

/// Our error in the SDK's clothes, for [`sign_in_error`] to find.
fn as_credential_error(error: Error) -> SdkError {
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

/// Why signing in failed, without anything that was sent.
fn explain(auth: Auth, error: &SdkError) -> Error {
    let (way, last) = (auth.as_str(), innermost(error));
    let kinds = || causes(error).filter_map(|cause| cause.downcast_ref::<SdkError>()).map(SdkError::kind);
    if causes(error).any(is_tls) {
        return Error::new(
            Kind::Unavailable,
            format!("cannot sign in by `{way}`: the authority's certificate is not trusted"),
        )
        .with_hint("set `ca_certificate` to the PEM file of its authority")
        .with_source(last);
    }
    if kinds().any(|kind| matches!(kind, ErrorKind::Connection | ErrorKind::Io)) && auth != Auth::Cli {
        return Error::new(Kind::Unavailable, format!("cannot sign in by `{way}`: the authority cannot be reached"))
            .with_hint("check the network, the proxy settings and AZURE_AUTHORITY_HOST")
            .with_source(last);
    }
    let text = causes(error).map(ToString::to_string).collect::<Vec<_>>().join(" ");
    let code =
        text.find("AADSTS").map(|at| text[at..].chars().take_while(char::is_ascii_alphanumeric).collect::<String>());
    let message = match &code {
        Some(code) => format!("signing in by `{way}` was refused ({code})"),
        None => format!("signing in by `{way}` failed"),
    };
    let hint = match (auth, code.as_deref()) {
        (_, Some("AADSTS7000215" | "AADSTS7000222")) => {
            "the client secret is wrong or has expired: check AZURE_CLIENT_SECRET"
        }
        (_, Some("AADSTS700016")) => "no such application in this tenant: check AZURE_CLIENT_ID and AZURE_TENANT_ID",
        (_, Some("AADSTS90002" | "AADSTS900023")) => "no such tenant: check AZURE_TENANT_ID",
        (_, Some("AADSTS700024")) => "the federated token has expired: is AZURE_FEDERATED_TOKEN_FILE still renewed?",
        (_, Some("AADSTS500011")) => "the tenant does not know Key Vault: is it the right tenant and cloud?",
        (Auth::Cli, _) => {
            "run `az login`, and `az account get-access-token --resource https://vault.azure.net` to see what it says"
        }
        (Auth::WorkloadIdentity, None) => "can AZURE_FEDERATED_TOKEN_FILE be read?",
        (Auth::ManagedIdentity, _) => {
            "is an identity assigned to this machine? for a user-assigned one set `client_id`"
        }
        _ => "check AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET",
    };
    Error::new(Kind::Unauthenticated, message).with_hint(hint)
}
