//! `strongroom login`

use crate::args::login::LoginArgs;
use crate::commands::account::{AccountView, asked, first_line};
use crate::env;
use crate::exit::ExitStatus;
use crate::session::{Credentials, Proof, Server, Session, address};
use secrecy::SecretString;
use std::path::PathBuf;
use strongroom_api::client::{DevicePrompt, Token};
use strongroom_api::{Client, ClientOptions, SignIn};
use strongroom_core::central::Accounts;
use strongroom_core::{Error, Result};

/// Signs in to a server, and remembers how.
pub(in crate::commands) fn login(args: LoginArgs, session: &Session) -> Result<ExitStatus> {
    if let Some(variable) = session.server_variable() {
        return Err(Error::invalid(format!("{variable} names the server already")).with_hint("unset it to sign in"));
    }
    let LoginArgs { url, api_key, api_key_file, username, password_file, claim, ca_certificate } = args;
    let mut options = ClientOptions::new(address(&url)?);
    // Commands in other folders find it, too.
    let ca_certificate = ca_certificate
        .map(std::path::absolute)
        .transpose()
        .map_err(|error| Error::invalid("`--ca-certificate` is no path").with_source(error))?;
    options.ca_certificate = ca_certificate.as_ref().map(PathBuf::from);
    check_way(&options, session);
    let sign_in = match (api_key_file, username) {
        (Some(file), _) => SignIn::ApiKey(first_line("--api-key-file", &file, session)?),
        (None, Some(username)) => {
            let password = match password_file {
                Some(file) => first_line("--password-file", &file, session)?,
                None => asked("Password:")?,
            };
            if let Some(code) = claim {
                let code = SecretString::from(code.expose());
                session.block_on(Client::claim(&options, &code, &username, &password))?;
            }
            SignIn::Password { username, password }
        }
        (None, None) => match session.env.get(env::API_KEY) {
            Some(key) => SignIn::ApiKey(key.into()),
            None if api_key => SignIn::ApiKey(asked("Please enter the API key for the server:")?),
            None => SignIn::Token(on_page(&options, session)?),
        },
    };
    let client = Client::new(&options, sign_in.clone())?;
    let account = session.block_on(client.current())?;
    let proof = match sign_in {
        SignIn::ApiKey(key) => Proof::ApiKey(key),
        SignIn::Password { .. } | SignIn::Token(_) => {
            let Token { secret, expires } = session.block_on(client.token())?;
            Proof::Token { secret, expires: expires.map(time::OffsetDateTime::unix_timestamp) }
        }
    };
    let mut credentials = Credentials::read(&session.home)?;
    let url = client.url().to_string();
    let ca_certificate = ca_certificate.map(|file| file.to_string_lossy().into_owned());
    credentials.servers.insert(url.clone(), Server { ca_certificate, proof });
    credentials.active = Some(url.clone());
    credentials.write(&session.home)?;
    let message = format!("Signed in to {url} as '{}' ({}).", account.name, account.role);
    session.printer.changed(&AccountView::of(&account), message)?;
    Ok(ExitStatus::Success)
}

/// Warns when anybody on the way could read along.
pub(in crate::commands) fn check_way(options: &ClientOptions, session: &Session) {
    let plain = options.url.scheme() == "http";
    if plain && !is_loopback(options) {
        session.printer.warn("what is sent to this address can be read on the way; use `https://`");
    }
}

fn on_page(options: &ClientOptions, session: &Session) -> Result<Token> {
    let printer = session.printer.clone();
    let show = move |prompt: &DevicePrompt| {
        let DevicePrompt { page, code } = prompt;
        printer.ask(format!("Open {page} and confirm the code {code}. Waiting..."));
    };
    session.block_on(Client::sign_in_on_page(options, show))
}

fn is_loopback(options: &ClientOptions) -> bool {
    match options.url.host() {
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        None => false,
    }
}
