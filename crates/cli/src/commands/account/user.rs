//! `strongroom user …`

use super::password::{asked, first_line, new_password};
use super::view::{self, AccountView};
use crate::args::account::{
    AccountListArgs, CreateUserArgs, DeleteAccountArgs, OptionalName, UpdateUserArgs, UserVerb,
};
use crate::exit::ExitStatus;
use crate::prompt;
use crate::session::Session;
use strongroom_core::central::{Account, AccountChange, AccountKind, NewAccount};
use strongroom_core::query::Query;
use strongroom_core::{Error, Result};

/// Runs one verb.
pub(in crate::commands) fn dispatch(verb: UserVerb, session: &Session) -> Result<ExitStatus> {
    match verb {
        UserVerb::Create(args) => create(args, session),
        UserVerb::List(args) => {
            let page = session.block_on(session.central()?.accounts.accounts(AccountKind::User, &query(args)?))?;
            view::accounts(&page, "No users found for the given filters.", session)
        }
        UserVerb::Describe(OptionalName { name }) => {
            let account = named_or_own(name.as_deref(), session)?;
            let shown = AccountView::of(&account);
            session.printer.data(&shown, || shown.table()).map(|()| ExitStatus::Success)
        }
        UserVerb::Update(args) => update(args, session),
        UserVerb::Delete(args) => delete(AccountKind::User, args, session),
    }
}

/// The query that the options of a list ask for.
pub(super) fn query(args: AccountListArgs) -> Result<Query<Account>> {
    let AccountListArgs { list, active } = args;
    let active = active.map(|active| bool::from(active).to_string());
    list.query(&[("active", active.as_slice())])
}

fn named_or_own(name: Option<&str>, session: &Session) -> Result<Account> {
    let central = session.central()?;
    match name {
        Some(name) => session.block_on(central.accounts.account(AccountKind::User, name)),
        None => session.block_on(central.accounts.current()),
    }
}

fn create(args: CreateUserArgs, session: &Session) -> Result<ExitStatus> {
    let CreateUserArgs { name, role, password, full_name, email } = args;
    let central = session.central()?;
    let password = Some(new_password(password, session)?);
    let (kind, description) = (AccountKind::User, String::new());
    let account = NewAccount { kind, name, full_name, email, description, role, password, active: true };
    let made = session.block_on(central.accounts.create_account(account))?;
    let message = format!("Created user '{}' with role {}.", made.name, made.role);
    session.printer.changed(&AccountView::of(&made), message)?;
    Ok(ExitStatus::Success)
}

fn update(args: UpdateUserArgs, session: &Session) -> Result<ExitStatus> {
    let UpdateUserArgs {
        name,
        new_name,
        full_name,
        email,
        role,
        active,
        new_password,
        password_file,
        old_password_file,
    } = args;
    let central = session.central()?;
    let account = named_or_own(name.as_deref(), session)?;
    let old_password = match old_password_file {
        Some(file) => Some(first_line("--old-password-file", &file, session)?),
        None if new_password && session.block_on(central.accounts.current())?.id == account.id => {
            Some(asked("Present password:")?)
        }
        None => None,
    };
    let password = match password_file {
        Some(file) => Some(first_line("--password-file", &file, session)?),
        None if new_password => Some(asked("New password:")?),
        None => None,
    };
    let nothing = new_name.is_none()
        && full_name.is_none()
        && email.is_none()
        && role.is_none()
        && active.is_none()
        && password.is_none();
    if nothing {
        return Err(Error::invalid("nothing to change is given").with_hint("`--help` shows what can be changed"));
    }
    let change = AccountChange {
        name: new_name,
        full_name,
        email,
        description: None,
        role,
        active: active.map(bool::from),
        password,
        old_password,
    };
    let id = account.id.to_string();
    let changed = session.block_on(central.accounts.update_account(AccountKind::User, &id, change))?;
    session.printer.changed(&AccountView::of(&changed), format!("Updated user '{}'.", changed.name))?;
    Ok(ExitStatus::Success)
}

/// `delete` of both kinds.
pub(super) fn delete(kind: AccountKind, args: DeleteAccountArgs, session: &Session) -> Result<ExitStatus> {
    let DeleteAccountArgs { name, yes } = args;
    let central = session.central()?;
    let account = session.block_on(central.accounts.account(kind, &name))?;
    let what = if kind == AccountKind::User { "user" } else { "service account" };
    let name = &account.name;
    if !prompt::confirm(&format!("This will delete the {what} `{name}`. Are you sure you want to proceed?"), yes)? {
        session.printer.done("Aborting deletion...");
        return Ok(ExitStatus::Success);
    }
    session.block_on(central.accounts.delete_account(kind, &account.id.to_string()))?;
    session.printer.changed(&AccountView::of(&account), format!("Deleted {what} '{name}'."))?;
    Ok(ExitStatus::Success)
}
