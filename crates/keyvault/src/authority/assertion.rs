//! Federated tokens as client assertions: what workload identity sends instead of a secret.

use time::OffsetDateTime;

use super::claims::{EXCHANGE, Federated, SUBJECT, federated_issuer};
use super::fault::{Fault, TIMESTAMP};
use super::tokens::{now, unproven};
use crate::app::App;

/// The one type of assertion there is (RFC 7523).
pub(super) const TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// Refuses an assertion unless the trusted issuer made it, for the trusted subject, and it is in time.
pub(super) fn check(app: &App, assertion: &str) -> Result<(), Fault> {
    let presented: Federated = unproven(assertion).ok_or_else(Fault::assertion_unsigned)?;
    if presented.iss != federated_issuer(app.identity.tenant_id) {
        return Err(Fault::assertion_mismatch(700_211, "issuer", &presented.iss));
    }
    let Federated { iss: _, sub, aud, iat: _, nbf, exp } =
        app.tokens.verified(assertion).ok_or_else(Fault::assertion_unsigned)?;
    if sub != SUBJECT {
        return Err(Fault::assertion_mismatch(700_213, "subject", &sub));
    }
    if aud != EXCHANGE {
        return Err(Fault::assertion_mismatch(700_212, "audience", &aud));
    }
    if !(nbf..exp).contains(&now()) {
        return Err(Fault::assertion_expired(&written(nbf), &written(exp)));
    }
    Ok(())
}

fn written(seconds: i64) -> String {
    let time = OffsetDateTime::from_unix_timestamp(seconds).ok();
    time.and_then(|time| time.format(TIMESTAMP).ok()).unwrap_or_else(|| seconds.to_string())
}
