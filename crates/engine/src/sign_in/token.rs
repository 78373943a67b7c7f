//! Access tokens: JWT, HS256, with the claims of ZenML 0.98 and three of our own.

use aws_lc_rs::digest::{SHA256, digest};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use moka::sync::Cache;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::Duration;
use strongroom_core::{Error, Kind, Result};
use time::OffsetDateTime;
use uuid::Uuid;

/// Clocks of replicas may differ by as many seconds.
const LEEWAY: u64 = 10;

/// What a token says.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Claims {
    pub(crate) sub: Uuid,
    pub(super) iss: Uuid,
    pub(super) aud: Uuid,
    pub(super) iat: i64,
    pub(super) exp: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) api_key_id: Option<Uuid>,
    /// The generation of that key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) key_gen: Option<i64>,
    /// When the password was last changed, in microseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) pwd: Option<i64>,
}

impl Claims {
    pub(crate) fn of(account: Uuid) -> Self {
        let (nil, none) = (Uuid::nil(), None);
        Self { sub: account, iss: nil, aud: nil, iat: 0, exp: 0, api_key_id: none, key_gen: None, pwd: None }
    }
}

/// Makes and checks tokens; all replicas of a store have the same secret.
pub(crate) struct Signer {
    server: Uuid,
    encoding: EncodingKey,
    decoding: DecodingKey,
    validation: Validation,
    /// Signatures that were checked, by the hash of the token.
    checked: Cache<[u8; 32], Arc<Claims>>,
}

impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Signer")
    }
}

impl Signer {
    pub(crate) fn new(server: Uuid, secret: &[u8]) -> Self {
        let mut validation = Validation::new(Algorithm::HS256);
        validation.leeway = LEEWAY;
        validation.set_audience(&[server]);
        validation.set_issuer(&[server]);
        validation.set_required_spec_claims(&["exp", "aud", "iss", "sub"]);
        let checked = Cache::builder().max_capacity(10_000).time_to_live(Duration::from_secs(300)).build();
        let (encoding, decoding) = (EncodingKey::from_secret(secret), DecodingKey::from_secret(secret));
        Self { server, encoding, decoding, validation, checked }
    }

    /// A token of these claims that lasts `lifetime` seconds.
    pub(crate) fn sign(&self, claims: Claims, lifetime: u64) -> Result<SecretString> {
        let now = OffsetDateTime::now_utc().unix_timestamp();
        let exp = u64::try_from(now).unwrap_or_default() + lifetime;
        let claims = Claims { iss: self.server, aud: self.server, iat: now, exp, ..claims };
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &self.encoding)
            .map(SecretString::from)
            .map_err(|_| Error::new(Kind::Unavailable, "the token cannot be signed"))
    }

    /// The hash of a token whose signature was checked lately, and that has not expired.
    pub(crate) fn is_remembered(&self, token: &str) -> Option<[u8; 32]> {
        let hash = hash(token);
        self.checked.get(&hash).filter(|claims| is_good(claims)).map(|_| hash)
    }

    /// What a token says, if it is ours and has not expired.
    pub(crate) fn verify(&self, token: &str) -> Result<Arc<Claims>> {
        let hash = hash(token);
        if let Some(claims) = self.checked.get(&hash).filter(|claims| is_good(claims)) {
            return Ok(claims);
        }
        let read = jsonwebtoken::decode::<Claims>(token, &self.decoding, &self.validation);
        let claims = Arc::new(read.map_err(|error| refusal(&error))?.claims);
        self.checked.insert(hash, Arc::clone(&claims));
        Ok(claims)
    }
}

fn hash(token: &str) -> [u8; 32] {
    digest(&SHA256, token.as_bytes()).as_ref().try_into().expect("SHA-256 has 32 bytes")
}

fn is_good(claims: &Claims) -> bool {
    let now = u64::try_from(OffsetDateTime::now_utc().unix_timestamp()).unwrap_or(u64::MAX);
    now < claims.exp + LEEWAY
}

fn refusal(error: &jsonwebtoken::errors::Error) -> Error {
    use jsonwebtoken::errors::ErrorKind;
    let message = match error.kind() {
        ErrorKind::ExpiredSignature => "the token has expired",
        _ => "the token is not one of this server",
    };
    Error::new(Kind::Unauthenticated, message)
}
