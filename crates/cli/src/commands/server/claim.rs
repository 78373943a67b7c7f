//! `strongroom server claim`

use crate::args::server::ClaimArgs;
use crate::commands::account::{asked, first_line};
use crate::commands::login::check_way;
use crate::exit::ExitStatus;
use crate::session::{Session, address};
use serde::Serialize;
use std::path::PathBuf;
use strongroom_api::{Client, ClientOptions};
use strongroom_core::Result;

#[derive(Serialize)]
struct Claimed<'a> {
    url: &'a str,
    username: &'a str,
}

/// Makes the first administrator; signing in is another step.
pub(super) fn claim(args: ClaimArgs, session: &Session) -> Result<ExitStatus> {
    let ClaimArgs { url, username, code_file, password_file, ca_certificate } = args;
    let mut options = ClientOptions::new(address(&url)?);
    options.ca_certificate = ca_certificate.map(PathBuf::from);
    check_way(&options, session);
    let code = match code_file {
        Some(file) => first_line("--code-file", &file, session)?,
        None => asked("One-time code:")?,
    };
    let password = match password_file {
        Some(file) => first_line("--password-file", &file, session)?,
        None => asked("New password:")?,
    };
    session.block_on(Client::claim(&options, &code, &username, &password))?;
    let url = options.url.as_str();
    let message = format!(
        "'{username}' is the administrator of {url} now; sign in with `strongroom login {url} --username {username}`."
    );
    session.printer.changed(&Claimed { url, username: &username }, message)?;
    Ok(ExitStatus::Success)
}
