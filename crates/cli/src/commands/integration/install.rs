//! `strongroom integration install`

use super::{Support, chosen};
use crate::args::integration::InstallArgs;
use crate::exit::ExitStatus;
use crate::output::Table;
use crate::session::Session;
use crate::zenml::Integration;
use serde::Serialize;
use std::fmt::Write as _;
use strongroom_backends::azure;
use strongroom_core::{Error, Kind, Result};
use uuid::Uuid;

/// What there is to say about one integration.
#[derive(Serialize)]
struct Readiness {
    name: String,
    support: Support,
    /// Whether a way to sign in is configured; absent where nobody signs in.
    #[serde(skip_serializing_if = "Option::is_none")]
    ready: Option<bool>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    sign_in: Vec<SignIn>,
}

#[derive(Serialize)]
struct SignIn {
    name: String,
    configured: bool,
    finding: String,
}

/// Says of each integration that it is there, and what is missing to use it for real. Nothing is downloaded.
pub(super) fn install(args: InstallArgs, session: &Session) -> Result<ExitStatus> {
    let InstallArgs { integrations, ignore, yes: _ } = args;
    let mut found = chosen(&integrations, &ignore)?;
    if integrations.is_empty() {
        found.retain(|integration| Support::of(integration) == Support::BuiltIn);
    }
    if let Some(Integration { name, .. }) = found.iter().find(|one| Support::of(one) == Support::NotYet) {
        return Err(Error::new(Kind::Unsupported, format!("integration `{name}` is not built in yet"))
            .with_hint("`strongroom integration list` shows which are"));
    }
    let readiness = found.iter().map(|one| of(one, session)).collect::<Result<Vec<_>>>()?;
    session.printer.data_or_text(&readiness, || readiness.iter().map(|one| text(one, session)).collect())?;
    Ok(ExitStatus::Success)
}

fn of(integration: &Integration, session: &Session) -> Result<Readiness> {
    let support = Support::of(integration);
    let name = integration.name.clone();
    if name != "azure" {
        return Ok(Readiness { name, support, ready: None, sign_in: vec![] });
    }
    let context = session.context(Uuid::nil());
    let ways = session.block_on(async { Ok(azure::sign_in_ways(&context).await) })?;
    let sign_in: Vec<_> = ways
        .into_iter()
        .map(|azure::Way { auth, finding }| {
            let configured = finding.is_ok();
            SignIn { name: auth.as_str().to_owned(), configured, finding: finding.unwrap_or_else(|missing| missing) }
        })
        .collect();
    Ok(Readiness { name, support, ready: Some(sign_in.iter().any(|way| way.configured)), sign_in })
}

fn text(readiness: &Readiness, session: &Session) -> String {
    let Readiness { name, support, ready, sign_in } = readiness;
    let mut text = match support {
        Support::BuiltIn => format!("Integration `{name}` is built in: there is nothing to install.\n"),
        Support::ConfigurationOnly | Support::NotYet => {
            format!("Components of integration `{name}` are kept as configuration: there is nothing to install.\n")
        }
        Support::NoComponents => {
            format!("Integration `{name}` has no stack components: there is nothing to install.\n")
        }
    };
    let Some(ready) = ready else { return text };
    let row = |SignIn { name, configured, finding }: &SignIn| {
        [name.clone(), if *configured { "configured" } else { "no" }.to_owned(), finding.clone()]
    };
    let table = Table::new(["SIGN-IN", "STATE", "BY"]).with_rows(sign_in.iter().map(row));
    let _ =
        write!(text, "\nWays to sign in to Azure, in the order they are tried:\n\n{}", session.printer.render(&table));
    text.push_str(if *ready { READY } else { MISSING });
    text
}

const READY: &str = "
The first that is configured is used. Next:
  strongroom secrets-manager register NAME --flavor=azure --key_vault_name=VAULT
  strongroom stack update -x NAME
  strongroom doctor
";

const MISSING: &str = "
None is configured. The shortest way on your own machine is `az login`; in automation, set AZURE_TENANT_ID, AZURE_CLIENT_ID and
AZURE_CLIENT_SECRET. `strongroom demo` works without an account.
";
