//! A value that must be found nowhere, and the search for it.

use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// A value to register as a secret. Its parts stand out in every encoding.
pub const CANARY: &str = "cAnArY-5up3rs3cr3t \"q\" \u{e9}\n/end";

/// The spellings under which the canary could hide.
fn spellings() -> Vec<Vec<u8>> {
    let bytes = CANARY.as_bytes();
    let mut hex = String::new();
    for byte in bytes {
        write!(hex, "{byte:02x}").expect("writing to memory");
    }
    // without the last characters, as base64 of a longer text goes on differently there
    let base64 = &BASE64_STANDARD.encode(bytes)[..24];
    let url_safe = &BASE64_URL_SAFE_NO_PAD.encode(bytes)[..24];
    [CANARY, "cAnArY", "5up3rs3cr3t", base64, url_safe, &hex[..32]].map(|text| text.as_bytes().to_vec()).to_vec()
}

/// Whether the canary is in `haystack`, in any spelling.
pub fn is_in(haystack: &[u8]) -> bool {
    spellings().iter().any(|needle| haystack.windows(needle.len()).any(|window| window == needle))
}

/// The files below `folder` that hold the canary, or have it in their names.
pub fn files_with(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let Ok(entries) = fs::read_dir(folder) else { return found };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            found.extend(files_with(&path));
        } else if is_in(path.to_string_lossy().as_bytes()) || fs::read(&path).is_ok_and(|content| is_in(&content)) {
            found.push(path);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_search_finds_every_spelling() {
        for text in [CANARY.to_owned(), BASE64_STANDARD.encode(CANARY), format!("{CANARY:?}"), format!("x{CANARY}y")] {
            assert!(is_in(text.as_bytes()), "{text}");
        }
        assert!(!is_in(b"nothing to see"));
    }
}
