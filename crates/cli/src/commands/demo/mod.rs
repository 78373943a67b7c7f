//! `strongroom demo`: this program at work against an embedded Key Vault, as a user would type it.

mod script;
mod stage;
mod vault;

use crate::args::demo::DemoArgs;
use crate::exit::ExitStatus;
use crate::session::Session;
use script::Line;
use stage::Stage;
use strongroom_core::Result;
use vault::Vault;

/// Runs the script to its end, or to the first step that fails. Everything it made is gone afterwards.
pub(crate) fn run(args: DemoArgs, session: &Session) -> Result<ExitStatus> {
    let DemoArgs {} = args;
    let vault = Vault::start()?;
    let stage = Stage::set(&vault, session)?;
    let mut status = ExitStatus::Success;
    for line in script::lines(&vault) {
        if vault.was_interrupted() {
            status = ExitStatus::Interrupted;
            break;
        }
        match line {
            Line::Said(text) => session.printer.text(&format!("\n# {text}\n"))?,
            Line::Typed(words) => stage.run(&words, session)?,
        }
    }
    vault.stop()?;
    drop(stage);
    if status == ExitStatus::Success {
        session.printer.text(script::NEXT)?;
    }
    Ok(status)
}
