//! What the fuzz targets share: a value that no message may show, and who looks for it.

use strongroom_core::Error;
use strongroom_core::seal::Key;

/// A secret value. It stands in every input, and nowhere in what a target prints.
pub const CANARY: &str = "c4nary-Value";

/// `text` with the canary at a place that the text itself chooses, so that the fuzzer moves it about.
pub fn with_canary(text: &str) -> String {
    let sum = text.bytes().fold(0_usize, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into()));
    let mut at = sum % (text.len() + 1);
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    format!("{}{CANARY}{}", &text[..at], &text[at..])
}

/// Panics when `error` shows the canary in its message, hint or causes.
pub fn assert_hides(error: &Error) {
    let shown = format!("{error:?}");
    assert!(!shown.contains(CANARY), "an error shows a value: {shown}");
}

/// A key that everybody knows.
pub fn key() -> Key {
    Key::from_text("strongroom-key-1:KioqKioqKioqKioqKioqKioqKioqKioqKioqKioqKio=").expect("a key")
}
