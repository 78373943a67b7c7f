//! `@path` and `@@text`: values that stand in files.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use strongroom_core::{Error, Kind, Result};
use zeroize::Zeroizing;

/// ZenML's limit for the file of one value, in bytes.
const LONGEST: u64 = 10_240;

/// What `typed`, the value of `key`, stands for: `@path` for the text of a file, all of it; `@@text` for `@text`; any other
/// text for itself. `home` is what `~` in a path means.
///
/// # Errors
/// [`Kind::NotFound`] or [`Kind::Forbidden`] when the file cannot be read; [`Kind::Invalid`] when it is no regular file, no
/// UTF-8, or longer than 10240 bytes.
pub(crate) fn expand(key: &str, typed: &str, home: Option<&Path>) -> Result<Zeroizing<String>> {
    match typed.strip_prefix('@') {
        None => Ok(Zeroizing::new(typed.to_owned())),
        Some(literal) if literal.starts_with('@') => Ok(Zeroizing::new(literal.to_owned())),
        Some(path) => read(key, &with_home(path, home)),
    }
}

/// `~` and `~/…` stand for the home directory, as in a shell.
fn with_home(path: &str, home: Option<&Path>) -> PathBuf {
    match (path.strip_prefix('~'), home) {
        (Some(""), Some(home)) => home.to_owned(),
        (Some(rest), Some(home)) if rest.starts_with('/') => home.join(rest.trim_start_matches('/')),
        _ => path.into(),
    }
}

fn read(key: &str, path: &Path) -> Result<Zeroizing<String>> {
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
    let mut bytes = Zeroizing::new(Vec::with_capacity(LONGEST as usize + 1));
    File::open(path).and_then(|file| file.take(LONGEST + 1).read_to_end(&mut bytes)).map_err(unreadable)?;
    if bytes.len() as u64 > LONGEST {
        return Err(Error::invalid(format!("`{shown}`, which `{key}` names, is longer than {LONGEST} bytes")));
    }
    match std::str::from_utf8(&bytes) {
        Ok(text) => Ok(Zeroizing::new(text.to_owned())),
        Err(_) => Err(Error::invalid(format!("`{shown}`, which `{key}` names, is not UTF-8 text"))),
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
