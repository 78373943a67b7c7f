//! Where passwords and keys come from.

use crate::args::account::PasswordArgs;
use crate::input::{Person, secret_file};
use crate::output::Hint;
use crate::session::Session;
use secrecy::{ExposeSecret, SecretString};
use strongroom_core::{Error, Result};

/// The password of a new account: from the line, a file, or a person.
pub(super) fn new_password(args: PasswordArgs, session: &Session) -> Result<SecretString> {
    let PasswordArgs { password, password_file } = args;
    let password = match (password, password_file) {
        (Some(password), _) => {
            session.printer.hint(Hint::LiteralSecret);
            SecretString::from(password.expose())
        }
        (None, Some(file)) => first_line("--password-file", &file, session)?,
        (None, None) => asked("Password:")?,
    };
    refuse_empty(password)
}

/// A password typed by a person, or a line of standard input.
pub(in crate::commands) fn asked(question: &str) -> Result<SecretString> {
    Ok(SecretString::from(Person::new()?.unseen(question)?.as_str()))
}

/// The first line of a file, `-` for standard input. `option` names the file.
pub(in crate::commands) fn first_line(option: &str, file: &str, session: &Session) -> Result<SecretString> {
    let text = secret_file(option, file, session)?;
    let line = text.split('\n').next().unwrap_or_default();
    refuse_empty(SecretString::from(line.strip_suffix('\r').unwrap_or(line)))
}

fn refuse_empty(password: SecretString) -> Result<SecretString> {
    if password.expose_secret().is_empty() {
        return Err(Error::invalid("a password or key cannot be empty"));
    }
    Ok(password)
}
