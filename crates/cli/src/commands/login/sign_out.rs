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

/// Forgets how a server was signed in to. Nothing is asked of the server: it may be gone.
pub(in crate::commands) fn logout(args: LogoutArgs, session: &Session) -> Result<ExitStatus> {
    let LogoutArgs { url } = args;
    let mut credentials = Credentials::read(&session.home)?;
    let url = match url {
        Some(url) => address(&url)?.to_string(),
        None => credentials.active.clone().ok_or_else(|| Error::new(Kind::NotFound, "not signed in to any server"))?,
    };
    if credentials.servers.remove(&url).is_none() {
        return Err(Error::new(Kind::NotFound, format!("not signed in to {url}")));
    }
    credentials.active.take_if(|active| *active == url);
    credentials.write(&session.home)?;
    session.printer.changed(&Forgotten { url: &url }, format!("Signed out of {url}."))?;
    Ok(ExitStatus::Success)
}
