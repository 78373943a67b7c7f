//! How a text is written: as it is, or in single or double quotes, and where its lines are folded.

use super::{Emitter, WIDTH, implicit};
use std::fmt::Write;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    Plain,
    Single,
    Double,
}

fn is_break(character: char) -> bool {
    matches!(character, '\n' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

pub(super) fn has_break(text: &str) -> bool {
    text.contains(is_break)
}

/// Whether a token can end before this character.
fn is_blank(character: Option<char>) -> bool {
    character.is_none_or(|character| matches!(character, '\0' | ' ' | '\t' | '\r') || is_break(character))
}

/// Characters that only an escape can write; PyYAML escapes all but ASCII.
fn needs_escape(character: char) -> bool {
    character != '\n' && !(' '..='~').contains(&character)
}

pub(super) fn style(text: &str, simple_key: bool) -> Style {
    let space_then_break = text.contains(" \n");
    if text.contains(needs_escape) || space_then_break {
        return Style::Double;
    }
    let break_then_space = text.contains("\n ");
    let single = !(break_then_space || simple_key && has_break(text));
    let padded = text.starts_with([' ', '\n']) || text.ends_with([' ', '\n']);
    let plain = !text.is_empty() && !padded && !has_break(text) && !has_indicator(text);
    match (plain && !implicit::is_not_text(text), single) {
        (true, _) => Style::Plain,
        (false, true) => Style::Single,
        (false, false) => Style::Double,
    }
}

/// Whether a character would end or change the text if it stood there without quotes.
fn has_indicator(text: &str) -> bool {
    if text.starts_with("---") || text.starts_with("...") {
        return true;
    }
    let mut before = None;
    let mut rest = text.chars().peekable();
    while let Some(character) = rest.next() {
        let next_is_blank = is_blank(rest.peek().copied());
        let indicates = match (before, character) {
            (None, '#' | ',' | '[' | ']' | '{' | '}' | '&' | '*' | '!' | '|' | '>' | '\'' | '"' | '%' | '@' | '`') => {
                true
            }
            (None, '?' | '-') | (_, ':') => next_is_blank,
            (Some(before), '#') => is_blank(Some(before)),
            _ => false,
        };
        if indicates {
            return true;
        }
        before = Some(character);
    }
    false
}

impl Emitter<'_> {
    /// Whether a single space at byte `at` becomes a line break.
    fn folds(&self, text: &str, at: usize, split: bool) -> bool {
        let bytes = text.as_bytes();
        let alone = bytes.get(at.wrapping_sub(1)) != Some(&b' ') && bytes.get(at + 1) != Some(&b' ');
        split && alone && self.column > WIDTH
    }

    pub(super) fn plain(&mut self, text: &str, split: bool) {
        if !self.after_space {
            self.put(" ");
        }
        self.after_space = false;
        self.only_indent = false;
        let mut start = 0;
        for (at, _) in text.match_indices(' ') {
            self.put(&text[start..at]);
            start = at + 1;
            if self.folds(text, at, split) {
                self.new_line();
                self.after_space = false;
                self.only_indent = false;
            } else {
                self.put(" ");
            }
        }
        self.put(&text[start..]);
    }

    pub(super) fn single_quoted(&mut self, text: &str, split: bool) {
        self.token("'", true);
        let mut start = 0;
        let special = |character| matches!(character, ' ' | '\'' | '\n');
        while let Some(found) = text[start..].find(special) {
            let at = start + found;
            self.put(&text[start..at]);
            start = at + 1;
            match text.as_bytes()[at] {
                b'\'' => self.put("''"),
                b' ' if at > 0 && start < text.len() && self.folds(text, at, split) => self.new_line(),
                b' ' => self.put(" "),
                _ => {
                    // a single break would be read as a space, so a run of breaks has one more
                    if at == 0 || text.as_bytes()[at - 1] != b'\n' {
                        self.line_break();
                    }
                    self.line_break();
                    if text.as_bytes().get(start) != Some(&b'\n') {
                        self.new_line();
                    }
                }
            }
        }
        self.put(&text[start..]);
        self.token("'", false);
    }

    pub(super) fn double_quoted(&mut self, text: &str, split: bool) {
        self.token("\"", true);
        // `start` is where what is not written yet begins
        let (mut start, length) = (0, text.chars().count());
        for (index, (at, character)) in text.char_indices().enumerate() {
            let mut after = self.column + text[start..at].chars().count();
            if matches!(character, '"' | '\\') || character == '\n' || needs_escape(character) {
                self.put(&text[start..at]);
                self.escape(character);
                start = at + character.len_utf8();
                after = self.column - 1; // PyYAML counts so
            }
            let may_fold = character == ' ' || start >= at;
            if split && index > 0 && index + 1 < length && may_fold && after > WIDTH {
                if start < at {
                    self.put(&text[start..at]);
                    start = at;
                }
                self.put("\\");
                self.new_line();
                self.after_space = false;
                self.only_indent = false;
                if text[start..].starts_with(' ') {
                    self.put("\\");
                }
            }
        }
        self.put(&text[start..]);
        self.token("\"", false);
    }

    fn escape(&mut self, character: char) {
        let short = match character {
            '\0' => '0',
            '\u{7}' => 'a',
            '\u{8}' => 'b',
            '\t' => 't',
            '\n' => 'n',
            '\u{b}' => 'v',
            '\u{c}' => 'f',
            '\r' => 'r',
            '\u{1b}' => 'e',
            '"' | '\\' => character,
            '\u{85}' => 'N',
            '\u{a0}' => '_',
            '\u{2028}' => 'L',
            '\u{2029}' => 'P',
            _ => {
                let before = self.out.len();
                let code = u32::from(character);
                let written = match code {
                    0..=0xff => write!(self.out, "\\x{code:02X}"),
                    0x100..=0xffff => write!(self.out, "\\u{code:04X}"),
                    _ => write!(self.out, "\\U{code:08X}"),
                };
                written.expect("writing to memory");
                self.column += self.out.len() - before;
                return;
            }
        };
        self.out.push('\\');
        self.out.push(short);
        self.column += 2;
    }
}
