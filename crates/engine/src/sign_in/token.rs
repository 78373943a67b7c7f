//! Access tokens: JWT, HS256, with the claims of ZenML 0.98 and four of our own.

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
pub(super) const LEEWAY: u32 = 10;

/// What a token says.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Claims {
    pub(crate) sub: Uuid,
    pub(super) iss: Uuid,
    pub(super) aud: Uuid,
    pub(super) iat: i64,
    pub(super) exp: u64,
    /// Tells the token from all others; tokens of an earlier release have none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) jti: Option<Uuid>,
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
        let nil = Uuid::nil();
        Self { sub: account, iss: nil, aud: nil, iat: 0, exp: 0, jti: None, api_key_id: None, key_gen: None, pwd: None }
    }

    /// What a token is ended by; of an earlier release's, what those of one account and second have in common.
    pub(super) fn id(&self) -> Uuid {
        self.jti.unwrap_or_else(|| {
            let text = [&self.sub.as_bytes()[..], &self.iat.to_be_bytes(), &self.exp.to_be_bytes()].concat();
            Uuid::new_v8(digest(&SHA256, &text).as_ref()[..16].try_into().expect("SHA-256 has 32 bytes"))
        })
    }

    /// When the token expires.
    pub(super) fn expires(&self) -> OffsetDateTime {
        let end = i64::try_from(self.exp).ok().and_then(|end| OffsetDateTime::from_unix_timestamp(end).ok());
        end.unwrap_or(OffsetDateTime::UNIX_EPOCH)
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
        validation.leeway = LEEWAY.into();
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
        let claims = Claims { iss: self.server, aud: self.server, iat: now, exp, jti: Some(Uuid::new_v4()), ..claims };
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
    now < claims.exp + u64::from(LEEWAY)
}

fn refusal(error: &jsonwebtoken::errors::Error) -> Error {
    use jsonwebtoken::errors::ErrorKind;
    let message = match error.kind() {
        ErrorKind::ExpiredSignature => "the token has expired",
        _ => "the token is not one of this server",
    };
    Error::new(Kind::Unauthenticated, message)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret;

    #[test]
    fn tokens_of_an_earlier_release_are_still_good_and_can_be_ended() {
        let (server, account) = (Uuid::new_v4(), Uuid::new_v4());
        let signer = Signer::new(server, b"secret");
        let now = OffsetDateTime::now_utc().unix_timestamp();
        let earlier = |iat: i64| {
            let exp = u64::try_from(now).unwrap() + 60;
            let claims = Claims { iss: server, aud: server, iat, exp, ..Claims::of(account) };
            let token = jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &signer.encoding).unwrap();
            let claims = signer.verify(&token).unwrap();
            assert_eq!((claims.jti, claims.expires().unix_timestamp()), (None, now + 60));
            claims.id()
        };
        assert_eq!(earlier(now), earlier(now));
        assert_ne!(earlier(now), earlier(now - 1));
        let issued = || signer.verify(signer.sign(Claims::of(account), 60).unwrap().expose_secret()).unwrap().id();
        assert_ne!(issued(), issued(), "two tokens of one second are two");
    }
}
