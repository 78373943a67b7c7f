//! How accounts and API keys are shown.

use crate::commands::component::page_footer;
use crate::exit::ExitStatus;
use crate::home;
use crate::output::{Table, moment};
use crate::session::Session;
use secrecy::ExposeSecret;
use serde::Serialize;
use std::path::Path;
use strongroom_core::Result;
use strongroom_core::central::{Account, AccountKind, ApiKey};
use strongroom_core::query::Page;
use zeroize::Zeroizing;

/// An account, for programs.
#[derive(Serialize)]
pub(in crate::commands) struct AccountView<'a> {
    id: String,
    name: &'a str,
    full_name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<&'a str>,
    description: &'a str,
    role: &'a str,
    active: bool,
    service_account: bool,
    created: String,
    updated: String,
}

impl<'a> AccountView<'a> {
    pub(in crate::commands) fn of(account: &'a Account) -> Self {
        let Account { id, kind, name, full_name, email, description, role, active, created, updated } = account;
        Self {
            id: id.to_string(),
            name,
            full_name,
            email: email.as_deref(),
            description,
            role: role.as_str(),
            active: *active,
            service_account: *kind == AccountKind::Service,
            created: moment(*created),
            updated: moment(*updated),
        }
    }

    /// One property a row.
    pub(super) fn table(&self) -> Table {
        let rows = [
            ("NAME", self.name.to_owned()),
            ("ID", self.id.clone()),
            ("FULL NAME", self.full_name.to_owned()),
            ("EMAIL", self.email.unwrap_or_default().to_owned()),
            ("DESCRIPTION", self.description.to_owned()),
            ("ROLE", self.role.to_owned()),
            ("ACTIVE", self.active.to_string()),
            ("CREATED", self.created.clone()),
            ("UPDATED", self.updated.clone()),
        ];
        Table::new(["PROPERTY", "VALUE"]).with_rows(rows.map(|(name, value)| [name.to_owned(), value]))
    }
}

/// One page of accounts.
pub(super) fn accounts(page: &Page<Account>, nothing: &str, session: &Session) -> Result<ExitStatus> {
    let entries: Vec<_> = page.items.iter().map(AccountView::of).collect();
    if page.total == 0 {
        session.printer.done(nothing);
        return session.printer.data_or_text(&entries, String::new).map(|()| ExitStatus::Success);
    }
    session.printer.data(&entries, || {
        let row = |view: &AccountView<'_>| {
            [view.name.to_owned(), view.id.clone(), view.role.to_owned(), view.active.to_string()]
        };
        Table::new(["NAME", "ID", "ROLE", "ACTIVE"]).with_rows(entries.iter().map(row))
    })?;
    session.printer.done(page_footer(page));
    Ok(ExitStatus::Success)
}

/// An API key, for programs; itself only when it was just made.
#[derive(Serialize)]
pub(super) struct KeyView<'a> {
    id: String,
    name: &'a str,
    description: &'a str,
    active: bool,
    service_account: &'a str,
    retain_minutes: u32,
    created: String,
    updated: String,
    last_login: Option<String>,
    last_rotated: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<&'a str>,
}

impl<'a> KeyView<'a> {
    /// All but the key itself.
    pub(super) fn of(key: &'a ApiKey) -> Self {
        let ApiKey {
            id,
            name,
            description,
            active,
            account,
            retain_minutes,
            created,
            updated,
            last_login,
            last_rotated,
            key: _,
        } = key;
        Self {
            id: id.to_string(),
            name,
            description,
            active: *active,
            service_account: &account.name,
            retain_minutes: *retain_minutes,
            created: moment(*created),
            updated: moment(*updated),
            last_login: last_login.map(moment),
            last_rotated: last_rotated.map(moment),
            key: None,
        }
    }

    /// One property a row.
    pub(super) fn table(&self) -> Table {
        let rows = [
            ("NAME", self.name.to_owned()),
            ("ID", self.id.clone()),
            ("DESCRIPTION", self.description.to_owned()),
            ("SERVICE ACCOUNT", self.service_account.to_owned()),
            ("ACTIVE", self.active.to_string()),
            ("RETAIN MINUTES", self.retain_minutes.to_string()),
            ("CREATED", self.created.clone()),
            ("LAST LOGIN", self.last_login.clone().unwrap_or_default()),
            ("LAST ROTATED", self.last_rotated.clone().unwrap_or_default()),
        ];
        Table::new(["PROPERTY", "VALUE"]).with_rows(rows.map(|(name, value)| [name.to_owned(), value]))
    }
}

/// One page of API keys.
pub(super) fn keys(page: &Page<ApiKey>, session: &Session) -> Result<ExitStatus> {
    let entries: Vec<_> = page.items.iter().map(KeyView::of).collect();
    if page.total == 0 {
        session.printer.done("No API keys found for the given filters.");
        return session.printer.data_or_text(&entries, String::new).map(|()| ExitStatus::Success);
    }
    session.printer.data(&entries, || {
        let row = |view: &KeyView<'_>| {
            let rotated = view.last_rotated.clone().unwrap_or_default();
            [view.name.to_owned(), view.id.clone(), view.active.to_string(), rotated]
        };
        Table::new(["NAME", "ID", "ACTIVE", "LAST ROTATED"]).with_rows(entries.iter().map(row))
    })?;
    session.printer.done(page_footer(page));
    Ok(ExitStatus::Success)
}

/// Shows a key that was just made, this once; or writes it to a new file.
pub(super) fn new_key(key: &ApiKey, file: Option<&str>, message: &str, session: &Session) -> Result<()> {
    let text = key.key.as_ref().map(ExposeSecret::expose_secret);
    let mut view = KeyView::of(key);
    match (file, text) {
        (Some(file), Some(text)) => {
            home::write_new(Path::new(file), format!("{text}\n").as_bytes(), false)?;
            session.printer.changed(&view, format!("{message} The key is in `{file}`."))
        }
        (_, None) => session.printer.changed(&view, message),
        (None, Some(text)) => {
            view.key = Some(text);
            session.printer.done(format!("{message} The key is shown this once:"));
            let line = Zeroizing::new(format!("{text}\n"));
            session.printer.data_or_text(&view, || line.to_string())
        }
    }
}
