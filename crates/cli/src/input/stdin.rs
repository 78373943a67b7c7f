//! Standard input, read to the byte and without a buffer that outlives the value.

use super::file;
use std::fs::File;
use std::io::{self, Read};
use std::os::fd::AsFd;
use strongroom_core::{Error, Kind, Result};
use zeroize::Zeroizing;

/// All of standard input, the value of `key`.
///
/// # Errors
/// [`Kind::Invalid`] when it is no UTF-8 or longer than `longest` bytes, [`Kind::Unavailable`] when it cannot be read.
pub(super) fn read(key: &str, longest: usize) -> Result<Zeroizing<String>> {
    let text = open().and_then(|stdin| file::text_of(stdin, longest)).map_err(unreadable)?;
    text.map_err(|fault| Error::invalid(format!("standard input, the value of `{key}`, {}", fault.words(longest))))
}

/// The next line without its end; `None` at the end of the input.
///
/// # Errors
/// As [`read`].
pub(super) fn line(stdin: &mut File, longest: usize) -> Result<Option<Zeroizing<String>>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(longest + 1));
    let mut byte = [0];
    // One at a time: what stands behind the line may be meant for somebody else.
    while stdin.read(&mut byte).map_err(unreadable)? == 1 && byte != *b"\n" {
        bytes.push(byte[0]);
        if bytes.len() > longest {
            return Err(Error::invalid(format!("a line of standard input is longer than {longest} bytes")));
        }
    }
    if bytes.is_empty() && byte != *b"\n" {
        return Ok(None);
    }
    let text = std::str::from_utf8(&bytes).map_err(|_| Error::invalid("a line of standard input is not UTF-8 text"))?;
    Ok(Some(Zeroizing::new(text.strip_suffix('\r').unwrap_or(text).to_owned())))
}

/// Standard input itself, past the buffer of the standard library, which is never wiped.
pub(super) fn open() -> io::Result<File> {
    io::stdin().as_fd().try_clone_to_owned().map(File::from)
}

fn unreadable(error: io::Error) -> Error {
    Error::new(Kind::Unavailable, "cannot read standard input").with_source(error)
}
