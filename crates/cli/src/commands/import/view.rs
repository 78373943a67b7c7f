//! How a plan, and what became of it, is shown.

use crate::output::Table;
use serde::Serialize;
use std::collections::BTreeMap;
use strongroom_core::central::{AccountKind, Visibility};
use strongroom_engine::zenml::{AccountStep, Generation, Plan, PlannedAccount, PlannedSecret, SecretStep};
use uuid::Uuid;

/// For programs.
#[derive(Serialize)]
pub(super) struct View<'a> {
    source: String,
    applied: bool,
    counts: BTreeMap<&'static str, usize>,
    accounts: Vec<AccountView<'a>>,
    secrets: Vec<SecretView<'a>>,
}

#[derive(Serialize)]
struct AccountView<'a> {
    id: Uuid,
    name: &'a str,
    service_account: bool,
    role: &'static str,
    action: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<&'a str>,
}

#[derive(Serialize)]
struct SecretView<'a> {
    id: Uuid,
    name: &'a str,
    private: bool,
    owner: &'a str,
    keys: usize,
    action: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<&'a str>,
}

impl<'a> View<'a> {
    pub(super) fn of(plan: &'a Plan, generation: Generation, applied: bool) -> Self {
        let mut counts = BTreeMap::new();
        let secrets: Vec<_> = plan.secrets.iter().map(secret).collect();
        for secret in &secrets {
            *counts.entry(secret.action).or_default() += 1;
        }
        let accounts = plan.accounts.iter().map(account).collect();
        Self { source: generation.to_string(), applied, counts, accounts, secrets }
    }

    /// Accounts first, then secrets.
    pub(super) fn table(&self) -> Table {
        let mut table = Table::new(["KIND", "NAME", "ID", "ROLE", "OWNER", "KEYS", "ACTION", "PROBLEM"]);
        for AccountView { id, name, service_account, role, action, problem } in &self.accounts {
            let kind = if *service_account { "service account" } else { "user" };
            let (name, problem) = (name.escape_default().to_string(), problem.unwrap_or_default().to_owned());
            let (owner, keys) = (String::new(), String::new());
            table.row([kind.into(), name, id.to_string(), (*role).into(), owner, keys, (*action).into(), problem]);
        }
        for SecretView { id, name, private, owner, keys, action, problem } in &self.secrets {
            let kind = if *private { "private secret" } else { "public secret" };
            let [name, owner] = [name, owner].map(|text| text.escape_default().to_string());
            let problem = problem.unwrap_or_default().to_owned();
            let (role, keys) = (String::new(), keys.to_string());
            table.row([kind.into(), name, id.to_string(), role, owner, keys, (*action).into(), problem]);
        }
        table
    }
}

fn account(planned: &PlannedAccount) -> AccountView<'_> {
    let PlannedAccount { id, name, kind, role, step, .. } = planned;
    let (action, problem) = match step {
        AccountStep::Create => ("create", None),
        AccountStep::Known => ("known", None),
        AccountStep::Joined => ("joined", Some("an account of that name is there, and gets its secrets")),
        AccountStep::Refused(problem) => ("refused", Some(problem.as_str())),
    };
    let (service_account, role) = (*kind == AccountKind::Service, role.as_str());
    AccountView { id: *id, name, service_account, role, action, problem }
}

fn secret(planned: &PlannedSecret) -> SecretView<'_> {
    let PlannedSecret { id, name, visibility, owner, keys, step, .. } = planned;
    let (action, problem) = match step {
        SecretStep::Create => ("create", None),
        SecretStep::Adopt => ("adopt", None),
        SecretStep::Same => ("same", None),
        SecretStep::Overwrite => ("overwrite", None),
        SecretStep::Conflict => ("conflict", Some("a secret with other values is there; `--overwrite` replaces them")),
        SecretStep::Internal => ("internal", None),
        SecretStep::External(reason) => ("external", Some(reason.as_str())),
        SecretStep::Unreadable(problem) => ("unreadable", Some(problem.as_str())),
        SecretStep::Refused(problem) => ("refused", Some(problem.as_str())),
    };
    SecretView { id: *id, name, private: *visibility == Visibility::Private, owner, keys: *keys, action, problem }
}
