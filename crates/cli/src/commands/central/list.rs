//! `strongroom secret list`

use super::view::Outline;
use crate::args::central::SecretListArgs;
use crate::commands::component::page_footer;
use crate::exit::ExitStatus;
use crate::output::Table;
use crate::session::Session;
use strongroom_core::Result;
use strongroom_core::central::{CentralSecret, Visibility};

/// Lists one page of secrets, never with values.
pub(super) fn list(args: SecretListArgs, session: &Session) -> Result<ExitStatus> {
    let private = args.visibility().map(|visibility| (visibility == Visibility::Private).to_string());
    let SecretListArgs { list, user, .. } = args;
    let query = list.query(&[("private", private.as_slice()), ("user", &user)])?;
    let central = session.central()?;
    let page = session.block_on(central.secrets.list(&query))?;
    let entries: Vec<_> = page.items.iter().map(Outline::of).collect();
    if page.total == 0 {
        session.printer.done("No secrets found for the given filters.");
        return session.printer.data_or_text(&entries, String::new).map(|()| ExitStatus::Success);
    }
    session.printer.data(&entries, || {
        let row = |secret: &CentralSecret| {
            let CentralSecret { id, name, visibility, owner, .. } = secret;
            [name.to_string(), id.to_string(), visibility.to_string(), owner.name.clone()]
        };
        Table::new(["NAME", "ID", "VISIBILITY", "OWNER"]).with_rows(page.items.iter().map(row))
    })?;
    session.printer.done(page_footer(&page));
    Ok(ExitStatus::Success)
}
