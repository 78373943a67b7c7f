//! `strongroom service-account …`

use super::api_key;
use super::user::{delete, query};
use super::view::{self, AccountView};
use crate::args::account::{CreateServiceArgs, NameArgs, ServiceAccountVerb, UpdateServiceArgs};
use crate::exit::ExitStatus;
use crate::session::Session;
use strongroom_core::central::{AccountChange, AccountKind, NewAccount};
use strongroom_core::{Error, Result};

const KIND: AccountKind = AccountKind::Service;

/// Runs one verb.
pub(in crate::commands) fn dispatch(verb: ServiceAccountVerb, session: &Session) -> Result<ExitStatus> {
    match verb {
        ServiceAccountVerb::Create(args) => create(args, session),
        ServiceAccountVerb::List(args) => {
            let page = session.block_on(session.central()?.accounts.accounts(KIND, &query(args)?))?;
            view::accounts(&page, "No service accounts found for the given filters.", session)
        }
        ServiceAccountVerb::Describe(NameArgs { name }) => {
            let account = session.block_on(session.central()?.accounts.account(KIND, &name))?;
            let shown = AccountView::of(&account);
            session.printer.data(&shown, || shown.table()).map(|()| ExitStatus::Success)
        }
        ServiceAccountVerb::Update(args) => update(args, session),
        ServiceAccountVerb::Delete(args) => delete(KIND, args, session),
        ServiceAccountVerb::ApiKey(args) => api_key::dispatch(args, session),
    }
}

fn create(args: CreateServiceArgs, session: &Session) -> Result<ExitStatus> {
    let CreateServiceArgs { name, description, role, create_api_key, output_file } = args;
    let central = session.central()?;
    let account = NewAccount {
        kind: KIND,
        name,
        full_name: String::new(),
        email: None,
        description,
        role,
        password: None,
        active: true,
    };
    let made = session.block_on(central.accounts.create_account(account))?;
    let message = format!("Created service account '{}' with role {}.", made.name, made.role);
    if !bool::from(create_api_key) {
        session.printer.changed(&AccountView::of(&made), message)?;
        return Ok(ExitStatus::Success);
    }
    let key = session.block_on(central.accounts.create_api_key(made.id, "default", "Default API key."))?;
    view::new_key(&key, output_file.as_deref(), &message, session)?;
    Ok(ExitStatus::Success)
}

fn update(args: UpdateServiceArgs, session: &Session) -> Result<ExitStatus> {
    let UpdateServiceArgs { name, new_name, description, role, active } = args;
    if new_name.is_none() && description.is_none() && role.is_none() && active.is_none() {
        return Err(Error::invalid("nothing to change is given").with_hint("`--help` shows what can be changed"));
    }
    let central = session.central()?;
    let change =
        AccountChange { name: new_name, description, role, active: active.map(bool::from), ..AccountChange::default() };
    let changed = session.block_on(central.accounts.update_account(KIND, &name, change))?;
    session.printer.changed(&AccountView::of(&changed), format!("Updated service account '{}'.", changed.name))?;
    Ok(ExitStatus::Success)
}
