//! `@path` and `@@text`: values that stand in files.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use strongroom_core::{Error, Kind, Result};
use zeroize::Zeroizing;

/// ZenML's limit for the file of one attribute, in bytes.
const ATTRIBUTE: usize = 10_240;

/// What a word stands for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Meant<'a> {
    /// `@path`: all of the text in that file.
    File(&'a str),
    /// Itself; of `@@text`, the `@text`.
    Literal(&'a str),
}

impl<'a> Meant<'a> {
    /// What `typed` stands for.
    pub(crate) fn by(typed: &'a str) -> Self {
        match typed.strip_prefix('@') {
            Some(literal) if literal.starts_with('@') => Self::Literal(literal),
            Some(path) => Self::File(path),
            None => Self::Literal(typed),
        }
    }
}

/// What `typed`, the attribute `key`, stands for. `home` is what `~` in a path means.
///
/// # Errors
/// As [`read`], for files longer than 10240 bytes.
pub(crate) fn expand(key: &str, typed: &str, home: Option<&Path>) -> Result<Zeroizing<String>> {
    match Meant::by(typed) {
        Meant::Literal(text) => Ok(Zeroizing::new(text.to_owned())),
        Meant::File(path) => read(key, path, home, ATTRIBUTE),
    }
}

/// The text of the file at `path`, to the byte. `key` is what it is the value of, `longest` what it may have in bytes.
///
/// # Errors
/// [`Kind::NotFound`] or [`Kind::Forbidden`] when the file cannot be read; [`Kind::Invalid`] when it is no regular file, no
/// UTF-8, or too long.
pub(crate) fn read(key: &str, path: &str, home: Option<&Path>, longest: usize) -> Result<Zeroizing<String>> {
    let path = with_home(path, home);
    let shown = path.display();
    let unreadable = |error: io::Error| {
        let kind = if error.kind() == io::ErrorKind::NotFound { Kind::NotFound } else { Kind::Forbidden };
        Error::new(kind, format!("cannot read `{shown}`, which `{key}` names"))
            .with_source(error)
            .with_hint("a value that begins with `@` is read from a file; write `@@` for an `@` that is part of it")
    };
    // Asked before opening: opening a pipe would wait for its writer.
    let metadata = path.metadata().map_err(unreadable)?;
    if !metadata.is_file() {
        return Err(Error::invalid(format!("`{shown}`, which `{key}` names, is not a regular file")));
    }
    let file = File::open(&path).map_err(unreadable)?;
    text_of(file, longest)
        .map_err(unreadable)?
        .map_err(|fault| Error::invalid(format!("`{shown}`, which `{key}` names, {}", fault.words(longest))))
}

/// Why bytes are no value.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// More than were allowed.
    TooLong,
    /// Not UTF-8.
    NoText,
}

impl Fault {
    /// What is wrong, to stand behind what it is wrong with.
    pub(super) fn words(&self, longest: usize) -> String {
        match self {
            Self::TooLong => format!("is longer than {longest} bytes"),
            Self::NoText => "is not UTF-8 text".to_owned(),
        }
    }
}

/// All text of `source`. The buffer has its whole size at once: growing would leave copies behind.
pub(super) fn text_of(source: impl Read, longest: usize) -> io::Result<Result<Zeroizing<String>, Fault>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(longest + 1));
    source.take(longest as u64 + 1).read_to_end(&mut bytes)?;
    if bytes.len() > longest {
        return Ok(Err(Fault::TooLong));
    }
    let text = std::str::from_utf8(&bytes).map(|text| Zeroizing::new(text.to_owned()));
    Ok(text.map_err(|_| Fault::NoText))
}

/// `~` and `~/…` stand for the home directory, as in a shell.
fn with_home(path: &str, home: Option<&Path>) -> PathBuf {
    match (path.strip_prefix('~'), home) {
        (Some(""), Some(home)) => home.to_owned(),
        (Some(rest), Some(home)) if rest.starts_with('/') => home.join(rest.trim_start_matches('/')),
        _ => path.into(),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn files_are_read_as_they_are_and_two_at_signs_are_one() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("v.txt"), "a\nb\n").unwrap();
        let expand = |typed: &str| expand("k", typed, Some(folder.path())).map(|value| value.to_string());
        assert_eq!(expand("@~/v.txt").unwrap(), "a\nb\n");
        assert_eq!(expand(&format!("@{}/v.txt", folder.path().display())).unwrap(), "a\nb\n");
        assert_eq!(expand("@@v.txt").unwrap(), "@v.txt");
        assert_eq!(expand("v@w").unwrap(), "v@w");
        assert_eq!(expand("").unwrap(), "");
    }

    #[test]
    fn what_is_no_small_text_file_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let kind = |name: &str| expand("k", &format!("@~/{name}"), Some(folder.path())).unwrap_err().kind();
        fs::write(folder.path().join("longest"), vec![b'x'; 10_240]).unwrap();
        assert!(expand("k", "@~/longest", Some(folder.path())).is_ok());
        fs::write(folder.path().join("too-long"), vec![b'x'; 10_241]).unwrap();
        fs::write(folder.path().join("binary"), [0xff, 0xfe]).unwrap();
        assert_eq!(kind("too-long"), Kind::Invalid);
        assert_eq!(kind("binary"), Kind::Invalid);
        assert_eq!(kind("."), Kind::Invalid);
        assert_eq!(kind("absent"), Kind::NotFound);
        assert_eq!(expand("k", "@/dev/null/x", None).unwrap_err().kind(), Kind::Forbidden);
    }
}
