//! `strongroom secrets-manager secret describe`

use super::view::{Outline, quoted};
use crate::args::secret::NameArgs;
use crate::exit::ExitStatus;
use crate::session::Session;
use strongroom_core::Result;

/// Shows all of a secret but its values.
pub(super) fn describe(args: NameArgs, session: &Session) -> Result<ExitStatus> {
    let NameArgs { name } = args;
    let manager = session.active_manager()?;
    let secret = session.read_one(&manager, &name.parse()?)?;
    let component = &manager.component.name;
    session.printer.data_or_text(&Outline::of(&secret, component), || {
        let (schema, keys) = (secret.schema.name(), secret.values.keys());
        let keys = if secret.values.is_empty() { "no keys".to_owned() } else { format!("keys {}", quoted(keys)) };
        format!("Secret `{}` in secrets manager `{component}`: schema `{schema}`, {keys}.\n", secret.name)
    })?;
    Ok(ExitStatus::Success)
}
