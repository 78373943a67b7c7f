//! Files to import: YAML, JSON or dotenv.

use super::given::{LONGEST, LONGEST_DOCUMENT};
use super::{document, dotenv, file, stdin};
use crate::args::central::ImportFormat;
use crate::env;
use crate::session::Session;
use strongroom_core::{Result, Values};
use zeroize::Zeroizing;

/// The keys and values in `file`, `-` for standard input.
///
/// # Errors
/// What reading it fails with; [`strongroom_core::Kind::Invalid`] when it has another form. No message shows a value.
pub(crate) fn import(file: &str, format: Option<ImportFormat>, session: &Session) -> Result<Values> {
    let text = match file {
        "-" => stdin::read("import", LONGEST_DOCUMENT)?,
        path => file::read("import", path, session.env.path(env::USER_HOME).as_deref(), LONGEST_DOCUMENT)?,
    };
    let values = match format.or_else(|| by_name(file)) {
        Some(ImportFormat::Yaml | ImportFormat::Json) => document::parse(&text),
        Some(ImportFormat::Dotenv) => dotenv::parse(&text),
        // A line `A=1` is no map in YAML, and a map in YAML or JSON has lines without `=`.
        None => document::parse(&text).or_else(|refusal| dotenv::parse(&text).map_err(|_| refusal)),
    };
    values.map_err(|error| error.within(format!("`{file}` cannot be imported")))
}

/// All of a file that an option names, `-` for standard input: a password or a key.
///
/// # Errors
/// What reading it fails with.
pub(crate) fn secret_file(option: &str, file: &str, session: &Session) -> Result<Zeroizing<String>> {
    match file {
        "-" => stdin::read(option, LONGEST),
        path => file::read(option, path, session.env.path(env::USER_HOME).as_deref(), LONGEST),
    }
}

fn by_name(file: &str) -> Option<ImportFormat> {
    let name = file.rsplit('/').next().unwrap_or(file);
    match name.rsplit_once('.').map(|(_, end)| end) {
        Some("yaml" | "yml") => Some(ImportFormat::Yaml),
        Some("json") => Some(ImportFormat::Json),
        Some("env") => Some(ImportFormat::Dotenv),
        _ if name.starts_with(".env") => Some(ImportFormat::Dotenv),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_is_known_by_the_name() {
        for (name, form) in [
            ("a/b.yaml", Some(ImportFormat::Yaml)),
            ("b.yml", Some(ImportFormat::Yaml)),
            ("b.json", Some(ImportFormat::Json)),
            (".env", Some(ImportFormat::Dotenv)),
            ("a/.env.local", Some(ImportFormat::Dotenv)),
            ("app.env", Some(ImportFormat::Dotenv)),
            ("a.env/b", None),
            ("-", None),
        ] {
            assert_eq!(by_name(name), form, "{name}");
        }
    }
}
