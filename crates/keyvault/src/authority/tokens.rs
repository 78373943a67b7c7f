//! Making and checking tokens: RS256, the algorithm of Entra ID, with the instance's own key.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256, RsaPublicKeyComponents};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use secrecy::SecretString;
use serde::Serialize;
use serde::de::DeserializeOwned;
use strongroom_core::{Error, Kind, Result};
use time::OffsetDateTime;
use uuid::Uuid;

use super::claims::{Access, Federated, TokenShape, VAULT_RESOURCE, issuer};
use crate::identity::Identity;
use crate::refusal::Refusal;

/// Clocks of clients may be a little off; Entra ID allows five minutes, tests want to see a token expire.
const LEEWAY: i64 = 60;

/// The keys tokens are made and checked with.
pub(crate) struct Tokens {
    pair: KeyPair,
    decoding: DecodingKey,
    validation: Validation,
    kid: String,
    modulus: String,
    exponent: String,
    tenant: Uuid,
}

/// The parts of a public key that a key set publishes.
#[derive(Serialize)]
pub(super) struct PublicKey<'a> {
    kty: &'static str,
    #[serde(rename = "use")]
    usage: &'static str,
    alg: &'static str,
    kid: &'a str,
    n: &'a str,
    e: &'a str,
}

impl Tokens {
    pub(crate) fn new(identity: &Identity) -> Result<Self> {
        let pair = KeyPair::from_pkcs8(&identity.signing_key)
            .map_err(|_| Error::corrupt("the signing key for tokens is damaged"))?;
        let public = RsaPublicKeyComponents::<Vec<u8>>::from(pair.public_key());
        let kid = URL_SAFE_NO_PAD.encode(&digest(&SHA256, pair.public_key().as_ref()).as_ref()[..20]);
        Ok(Self {
            pair,
            decoding: DecodingKey::from_rsa_raw_components(&public.n, &public.e),
            validation: signature_only(),
            kid,
            modulus: URL_SAFE_NO_PAD.encode(&public.n),
            exponent: URL_SAFE_NO_PAD.encode(&public.e),
            tenant: identity.tenant_id,
        })
    }

    /// The public key.
    pub(super) fn public_key(&self) -> PublicKey<'_> {
        PublicKey { kty: "RSA", usage: "sig", alg: "RS256", kid: &self.kid, n: &self.modulus, e: &self.exponent }
    }

    /// An access token.
    pub(crate) fn access(&self, identity: &Identity, shape: &TokenShape) -> Result<SecretString> {
        let claims = Access::new(identity, shape, now());
        if shape.forged {
            let other = KeyPair::generate(KeySize::Rsa2048)
                .map_err(|_| Error::new(Kind::Unavailable, "the key for a forged token could not be made"))?;
            return self.signed(&claims, &other);
        }
        self.signed(&claims, &self.pair)
    }

    /// A federated token that ends `valid_until` seconds from now.
    pub(crate) fn federated(&self, valid_until: i64) -> Result<SecretString> {
        self.signed(&Federated::new(self.tenant, valid_until, now()), &self.pair)
    }

    /// `claims` as a signed token. By hand, as the JWT library reads only another form of the key than we keep.
    fn signed(&self, claims: &impl Serialize, pair: &KeyPair) -> Result<SecretString> {
        let encode = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let header = format!(r#"{{"typ":"JWT","alg":"RS256","kid":"{}"}}"#, self.kid);
        let claims = serde_json::to_vec(claims).expect("claims of strings and numbers always become JSON");
        let message = format!("{}.{}", encode(header.as_bytes()), encode(&claims));
        let mut signature = vec![0; pair.public_modulus_len()];
        pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message.as_bytes(), &mut signature)
            .map_err(|_| Error::new(Kind::Unavailable, "a token could not be signed"))?;
        Ok(format!("{message}.{}", encode(&signature)).into())
    }

    /// The claims of a token that our key signed; whether they are good for anything is not looked at.
    pub(super) fn verified<T: DeserializeOwned>(&self, token: &str) -> Option<T> {
        jsonwebtoken::decode(token, &self.decoding, &self.validation).ok().map(|data| data.claims)
    }

    /// Refuses a request unless its `Authorization` header brings a token of ours for the vaults.
    ///
    /// The issuer comes first though it is not proven yet: somebody signed in to a real tenant should read that.
    pub(crate) fn check(&self, authorization: Option<&str>) -> Result<(), Refusal> {
        let missing = || Refusal::unauthorized("AKV10000: Request is missing a Bearer, PoP, or MTLS_POP token.");
        let (scheme, token) = authorization.and_then(|text| text.split_once(' ')).ok_or_else(missing)?;
        if !scheme.eq_ignore_ascii_case("Bearer") || token.trim().is_empty() {
            return Err(missing());
        }
        let token = token.trim();
        let malformed = || Refusal::unauthorized("Error validating token: IDX12729");
        let header = jsonwebtoken::decode_header(token).map_err(|_| malformed())?;
        let claims: Access = unproven(token).ok_or_else(malformed)?;
        let expected = issuer(self.tenant);
        if claims.iss != expected {
            let found = claims.iss;
            let text = format!("AKV10032: Invalid issuer. Expected one of {expected}, found {found}.");
            return Err(Refusal::unauthorized(text));
        }
        if header.alg != Algorithm::RS256 || header.kid.as_deref() != Some(&self.kid) {
            return Err(Refusal::unauthorized("AKV10046: Unable to resolve the key used for signature validation."));
        }
        let claims: Access =
            self.verified(token).ok_or_else(|| Refusal::unauthorized("Error validating token: IDX10511"))?;
        if claims.tid != self.tenant.to_string() {
            return Err(Refusal::unauthorized("Error validating token: IDX10205"));
        }
        if claims.exp + LEEWAY < now() {
            return Err(Refusal::unauthorized("Error validating token: IDX10223"));
        }
        if claims.nbf - LEEWAY > now() {
            return Err(Refusal::unauthorized("Error validating token: IDX10222"));
        }
        if claims.aud.strip_suffix('/').unwrap_or(&claims.aud) != VAULT_RESOURCE {
            let found = claims.aud;
            let text = format!("AKV10022: Invalid audience. Expected {VAULT_RESOURCE}, found: {found}.");
            return Err(Refusal::unauthorized(text));
        }
        Ok(())
    }
}

/// What a token claims, whoever made it.
pub(super) fn unproven<T: DeserializeOwned>(token: &str) -> Option<T> {
    jsonwebtoken::dangerous::insecure_decode_claims(token).ok()
}

pub(super) fn now() -> i64 {
    OffsetDateTime::now_utc().unix_timestamp()
}

/// Every check but the signature is ours, for the service's own texts.
fn signature_only() -> Validation {
    let mut validation = Validation::new(Algorithm::RS256);
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_aud = false;
    validation
}
