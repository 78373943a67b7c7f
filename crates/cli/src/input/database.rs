//! The address of a database on the command line, which may hold a password.

use super::file::Meant;
use super::secret_file;
use crate::session::Session;
use strongroom_core::Result;
use strongroom_engine::DatabaseUrl;

/// The address that stands at `option`, or on the first line of the file that it names as `@FILE`; `@-` is standard input. Warns of a
/// password that every user of the machine can read.
///
/// # Errors
/// What reading the file fails with; [`strongroom_core::Kind::Invalid`] when it is no address.
pub(crate) fn typed_address(option: &str, typed: &str, session: &Session) -> Result<DatabaseUrl> {
    let literal = match Meant::by(typed) {
        Meant::File(file) => {
            let text = secret_file(option, file, session)?;
            return text.lines().next().unwrap_or_default().trim().parse();
        }
        Meant::Literal(literal) => literal,
    };
    let url: DatabaseUrl = literal.parse()?;
    if url.has_password() {
        session.printer.warn(format!(
            "the password in {option} shows up in process lists and shell history; \
             `@FILE` in its place reads the address from a file"
        ));
    }
    Ok(url)
}
