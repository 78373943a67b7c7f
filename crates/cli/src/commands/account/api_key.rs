//! `strongroom service-account api-key SERVICE_ACCOUNT …`

use super::view::{self, KeyView};
use crate::args::account::{
    AccountListArgs, ApiKeyArgs, ApiKeyVerb, CreateKeyArgs, DeleteAccountArgs, NameArgs, RotateArgs, UpdateKeyArgs,
};
use crate::exit::ExitStatus;
use crate::prompt;
use crate::session::{Central, Session};
use strongroom_core::central::{Account, AccountKind, ApiKeyChange};
use strongroom_core::{Error, Result};

/// Runs one verb.
pub(super) fn dispatch(args: ApiKeyArgs, session: &Session) -> Result<ExitStatus> {
    let ApiKeyArgs { service_account, verb } = args;
    let central = session.central()?;
    let account = session.block_on(central.accounts.account(AccountKind::Service, &service_account))?;
    match verb {
        ApiKeyVerb::Create(args) => create(args, &account, &central, session),
        ApiKeyVerb::List(args) => list(args, &account, &central, session),
        ApiKeyVerb::Describe(NameArgs { name }) => {
            let key = session.block_on(central.accounts.api_key(account.id, &name))?;
            let shown = KeyView::of(&key);
            session.printer.data(&shown, || shown.table()).map(|()| ExitStatus::Success)
        }
        ApiKeyVerb::Update(args) => update(args, &account, &central, session),
        ApiKeyVerb::Rotate(args) => rotate(args, &account, &central, session),
        ApiKeyVerb::Delete(args) => delete(args, &account, &central, session),
    }
}

fn create(args: CreateKeyArgs, account: &Account, central: &Central, session: &Session) -> Result<ExitStatus> {
    let CreateKeyArgs { name, description, output_file } = args;
    let key = session.block_on(central.accounts.create_api_key(account.id, &name, &description))?;
    let message = format!("Successfully created API key `{}`.", key.name);
    view::new_key(&key, output_file.as_deref(), &message, session)?;
    Ok(ExitStatus::Success)
}

fn list(args: AccountListArgs, account: &Account, central: &Central, session: &Session) -> Result<ExitStatus> {
    let AccountListArgs { list, active } = args;
    let active = active.map(|active| bool::from(active).to_string());
    let query = list.query(&[("active", active.as_slice())])?;
    view::keys(&session.block_on(central.accounts.api_keys(account.id, &query))?, session)
}

fn update(args: UpdateKeyArgs, account: &Account, central: &Central, session: &Session) -> Result<ExitStatus> {
    let UpdateKeyArgs { name, new_name, description, active } = args;
    if new_name.is_none() && description.is_none() && active.is_none() {
        return Err(Error::invalid("nothing to change is given").with_hint("`--help` shows what can be changed"));
    }
    let change = ApiKeyChange { name: new_name, description, active: active.map(bool::from) };
    let key = session.block_on(central.accounts.update_api_key(account.id, &name, change))?;
    session.printer.changed(&KeyView::of(&key), format!("Successfully updated API key `{}`.", key.name))?;
    Ok(ExitStatus::Success)
}

fn rotate(args: RotateArgs, account: &Account, central: &Central, session: &Session) -> Result<ExitStatus> {
    let RotateArgs { name, retain, output_file, yes } = args;
    let stays = match retain {
        0 => "The old key ends at once.".to_owned(),
        minutes => format!("The old key stays good for {minutes} minutes."),
    };
    if !prompt::confirm(&format!("API key `{name}` gets a new key. {stays} Go on?"), yes)? {
        session.printer.done("Aborting the rotation...");
        return Ok(ExitStatus::Success);
    }
    let key = session.block_on(central.accounts.rotate_api_key(account.id, &name, retain))?;
    let message = format!("Successfully rotated API key `{}`. {stays}", key.name);
    view::new_key(&key, output_file.as_deref(), &message, session)?;
    Ok(ExitStatus::Success)
}

fn delete(args: DeleteAccountArgs, account: &Account, central: &Central, session: &Session) -> Result<ExitStatus> {
    let DeleteAccountArgs { name, yes } = args;
    let key = session.block_on(central.accounts.api_key(account.id, &name))?;
    if !prompt::confirm(
        &format!("This will delete the API key `{}`. Are you sure you want to proceed?", key.name),
        yes,
    )? {
        session.printer.done("Aborting deletion...");
        return Ok(ExitStatus::Success);
    }
    session.block_on(central.accounts.delete_api_key(account.id, &key.id.to_string()))?;
    session.printer.changed(&KeyView::of(&key), format!("Successfully deleted API key `{}`.", key.name))?;
    Ok(ExitStatus::Success)
}
