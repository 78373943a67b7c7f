//! `strongroom logout`

use crate::args::login::LogoutArgs;
use crate::exit::ExitStatus;
use crate::session::{Credentials, Session, address};
use serde::Serialize;
use strongroom_core::{Error, Kind, Result};

#[derive(Serialize)]
struct Forgotten<'a> {
    url: &'a str,
}

/// Forgets how a server was signed in to, and has it end the token. It may be gone: that is said, and no failure.
pub(in crate::commands) fn logout(args: LogoutArgs, session: &Session) -> Result<ExitStatus> {
    let LogoutArgs { url } = args;
    let mut credentials = Credentials::read(&session.home)?;
    let url = match url {
        Some(url) => address(&url)?.to_string(),
        None => credentials.active.clone().ok_or_else(|| Error::new(Kind::NotFound, "not signed in to any server"))?,
    };
    let server = credentials.servers.remove(&url);
    let server = server.ok_or_else(|| Error::new(Kind::NotFound, format!("not signed in to {url}")))?;
    credentials.active.take_if(|active| *active == url);
    credentials.write(&session.home)?;
    if let Err(error) = session.end_token(&url, &server) {
        let why = [vec![error.to_string()], error.causes()].concat().join(": ");
        session.printer.warn(format!("the server did not end the token, and takes it until it expires: {why}"));
    }
    session.printer.changed(&Forgotten { url: &url }, format!("Signed out of {url}."))?;
    Ok(ExitStatus::Success)
}
