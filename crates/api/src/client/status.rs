//! How a server is. Anybody may ask that, so nobody signs in; and nothing is tried again, as the first answer is what is asked for.

use super::error::{refusal, unreachable};
use super::send::Answer;
use super::{Client, ClientOptions, SignIn, Token};
use secrecy::SecretString;
use serde::Deserialize;
use strongroom_core::{Error, Kind, Result};
use url::Url;
use uuid::Uuid;

/// What a server tells of itself to anybody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerStatus {
    /// Its address, without credentials.
    pub url: Url,
    /// Tells it from every other; all replicas have the same.
    pub id: Uuid,
    /// Whether it can serve requests now.
    pub ready: bool,
    /// The version of Strongroom; `None` for a server of ZenML's.
    pub strongroom_version: Option<String>,
    /// The version of ZenML whose API it speaks.
    pub zenml_version: String,
    /// `sqlite`, `mysql` or `other`.
    pub database: String,
    /// Where the values are: `sql`, `azure`, ….
    pub secrets_store: String,
}

#[derive(Deserialize)]
struct Info {
    id: Uuid,
    version: String,
    strongroom_version: Option<String>,
    database_type: String,
    secrets_store_type: String,
}

impl Client {
    /// How the server at `options` is.
    ///
    /// # Errors
    /// [`Kind::Unavailable`] when it cannot be reached or does not answer in time, [`Kind::Corrupt`] when what answers is none.
    pub async fn status(options: &ClientOptions) -> Result<ServerStatus> {
        let client = Self::new(options, SignIn::Token(Token { secret: SecretString::default(), expires: None }))?;
        let late = |_| Error::new(Kind::Unavailable, "the server did not answer in time");
        tokio::time::timeout(options.deadline, client.asked()).await.map_err(late)?
    }

    async fn asked(&self) -> Result<ServerStatus> {
        let info = self.look(&["api", "v1", "info"]).await?;
        if !info.status.is_success() {
            return Err(refusal(&info, "the server's answer about itself"));
        }
        let Info { id, version, strongroom_version, database_type, secrets_store_type } =
            serde_json::from_slice(&info.body)
                .map_err(|error| Error::payload("the server's answer about itself", &error))?;
        let ready = self.look(&["ready"]).await?;
        Ok(ServerStatus {
            url: self.url().clone(),
            id,
            ready: ready.status.is_success(),
            strongroom_version,
            zenml_version: version,
            database: database_type,
            secrets_store: secrets_store_type,
        })
    }

    async fn look(&self, path: &[&str]) -> Result<Answer> {
        let mut url = self.url().clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path);
        }
        Answer::read(self.http.get(url).send().await.map_err(unreachable)?).await
    }
}
