//! Certificates: given, or made at the start.

use crate::options::Tls;
use axum_server::tls_rustls::RustlsConfig;
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use std::fs::OpenOptions;
use std::io::Write;
use std::net::IpAddr;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::Arc;
use strongroom_core::{Error, Kind, Result};

/// What TLS is served with, if it is.
pub(crate) fn config(tls: &Tls, listen: IpAddr) -> Result<Option<RustlsConfig>> {
    let (chain, key) = match tls {
        Tls::None => return Ok(None),
        Tls::Files { certificate, key } => (read_chain(certificate)?, read_key(key)?),
        Tls::SelfSigned(file) => self_signed(file, listen)?,
    };
    let refused = |error: rustls::Error| Error::invalid("the certificate and its key do not fit").with_source(error);
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(refused)?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(refused)?;
    Ok(Some(RustlsConfig::from_config(Arc::new(config))))
}

fn unreadable(what: &str, path: &Path, error: &dyn std::fmt::Display) -> Error {
    Error::invalid(format!("no {what} can be read from `{}`", path.display())).with_source(error.to_string())
}

fn read_chain(path: &Path) -> Result<Vec<CertificateDer<'static>>> {
    let wrong = |error: rustls::pki_types::pem::Error| unreadable("certificate", path, &error);
    CertificateDer::pem_file_iter(path).map_err(wrong)?.map(|certificate| certificate.map_err(wrong)).collect()
}

fn read_key(path: &Path) -> Result<PrivateKeyDer<'static>> {
    PrivateKeyDer::from_pem_file(path).map_err(|error| unreadable("key", path, &error))
}

/// A certificate for this machine, written to `file` for clients to trust.
fn self_signed(file: &Path, listen: IpAddr) -> Result<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>)> {
    let names = vec!["localhost".to_owned(), "127.0.0.1".to_owned(), "::1".to_owned(), listen.to_string()];
    let failed = |error: rcgen::Error| Error::new(Kind::Unavailable, "cannot make a certificate").with_source(error);
    let rcgen::CertifiedKey { cert, signing_key } = rcgen::generate_simple_self_signed(names).map_err(failed)?;
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true).mode(0o600);
    options.open(file).and_then(|mut open| open.write_all(cert.pem().as_bytes())).map_err(|error| {
        Error::new(Kind::Forbidden, format!("cannot write the certificate to `{}`", file.display())).with_source(error)
    })?;
    let key = PrivateKeyDer::try_from(signing_key.serialize_der())
        .map_err(|error| Error::new(Kind::Unavailable, "cannot make a certificate").with_source(error))?;
    Ok((vec![cert.der().clone()], key))
}
