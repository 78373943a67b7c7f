//! The certificate authority of one instance and the certificate of its listeners.
//!
//! The CA lives ten years and is what clients trust; the listeners' certificate is issued anew at every start, so that
//! it always covers the names of that start. It is not a CA itself: rustls refuses a CA as a server's certificate.

use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose,
};
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs::default_provider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use secrecy::{ExposeSecret, SecretString};
use strongroom_core::{Error, Kind, Result};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::identity::Identity;
use crate::options::VaultName;

/// Clients' clocks may be behind ours.
const CLOCK_SKEW: Duration = Duration::DAY;

/// A new root: its key and its certificate, both PEM.
pub(crate) fn new_authority(tenant_id: Uuid) -> Result<(SecretString, String)> {
    let key = KeyPair::generate().map_err(failed)?;
    let mut params = authority(tenant_id);
    params.not_after = OffsetDateTime::now_utc() + Duration::days(3650);
    let certificate = params.self_signed(&key).map_err(failed)?;
    Ok((key.serialize_pem().into(), certificate.pem()))
}

/// What is the same whenever the authority is used. The tenant is in the name because clients that trust several
/// instances find the issuer by name.
fn authority(tenant_id: Uuid) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = named(format!("Strongroom embedded Key Vault CA {tenant_id}"));
    params.not_before = OffsetDateTime::now_utc() - CLOCK_SKEW;
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params
}

/// The TLS of the listeners, with a new certificate for `vaults` and `dns_names`.
pub(crate) fn server_config(
    identity: &Identity,
    vaults: &[VaultName],
    dns_names: &[String],
) -> Result<Arc<ServerConfig>> {
    let ca_key = KeyPair::from_pem(identity.ca_key.expose_secret())
        .map_err(|_| Error::corrupt("the key of the certificate authority is damaged"))?;
    let issuer = Issuer::new(authority(identity.tenant_id), ca_key);

    // rustls accepts no wildcard directly under `localhost`, so each vault is named beside it.
    let mut names: Vec<String> = ["localhost", "*.localhost", "127.0.0.1", "::1"].map(Into::into).into();
    names.extend(vaults.iter().map(|vault| format!("{vault}.vault.localhost")));
    names.extend(dns_names.iter().cloned());
    let mut params = CertificateParams::new(names)
        .map_err(|error| Error::invalid("a DNS name for the certificate is not valid").with_source(error))?;
    params.distinguished_name = named("Strongroom embedded Key Vault".into());
    params.not_before = OffsetDateTime::now_utc() - CLOCK_SKEW;
    // Apple's verifier takes no more than 825 days, even under a root of one's own.
    params.not_after = OffsetDateTime::now_utc() + Duration::days(820);
    params.is_ca = IsCa::ExplicitNoCa;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    let key = KeyPair::generate().map_err(failed)?;
    let certificate = params.signed_by(&key, &issuer).map_err(failed)?;

    let root = CertificateDer::from_pem_slice(identity.ca_certificate.as_bytes())
        .map_err(|_| Error::corrupt("the certificate of the certificate authority is damaged"))?;
    let mut config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .and_then(|builder| {
            let chain = vec![certificate.der().clone(), root];
            builder.with_no_client_auth().with_single_cert(chain, PrivatePkcs8KeyDer::from(key.serialize_der()).into())
        })
        .map_err(|error| Error::new(Kind::Unavailable, "TLS could not be set up").with_source(error))?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

fn named(common_name: String) -> DistinguishedName {
    let mut name = DistinguishedName::new();
    name.push(DnType::CommonName, common_name);
    name
}

fn failed(error: rcgen::Error) -> Error {
    Error::new(Kind::Unavailable, "a certificate could not be made").with_source(error)
}
