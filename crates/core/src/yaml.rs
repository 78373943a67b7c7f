//! YAML in the exact bytes of PyYAML's `dump` (6.0, block style, keys sorted, width 80), which ZenML writes.
//!
//! Only what ZenML's files hold: maps of text to text or maps.

mod implicit;
mod scalar;

use scalar::Style;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

/// Where lines are folded.
const WIDTH: usize = 80;
/// How much deeper a map in a map stands.
const INDENT: usize = 2;
/// From this length on, a key stands on a line of its own after `?`. PyYAML counts the tag `!!str` in.
const LONG_KEY: usize = 128 - "!!str".len();

/// A map or a text.
#[derive(Clone)]
pub enum Node<'a> {
    /// Text, quoted where it would otherwise be read as something else.
    Text(Cow<'a, str>),
    /// A map; written in the order of its keys.
    Map(BTreeMap<Cow<'a, str>, Node<'a>>),
}

impl<'a> Node<'a> {
    /// A text.
    pub fn text(text: impl Into<Cow<'a, str>>) -> Self {
        Self::Text(text.into())
    }

    /// A map of these keys.
    pub fn map<K: Into<Cow<'a, str>>>(entries: impl IntoIterator<Item = (K, Self)>) -> Self {
        Self::Map(entries.into_iter().map(|(key, value)| (key.into(), value)).collect())
    }

    /// Appends the document to `out`. When `out` has [`Self::room`], it does not move, so that a caller can wipe it.
    pub fn write(&self, out: &mut String) {
        let mut emitter = Emitter { out, column: 0, indent: None, after_space: true, only_indent: true };
        emitter.node(self);
        emitter.new_line();
    }

    /// At least how many bytes the document needs.
    pub fn room(&self) -> usize {
        self.room_at(0) + 1
    }

    fn room_at(&self, depth: usize) -> usize {
        // a character takes ten bytes at most, as `\U0001F511` or as two line breaks and an indent
        let text = |text: &str| {
            let each = if text.bytes().all(|byte| byte.is_ascii_graphic()) { 2 } else { 10 };
            16 + text.len() * each
        };
        match self {
            Self::Text(value) => text(value),
            Self::Map(map) => {
                2 + map
                    .iter()
                    .map(|(key, value)| 2 * INDENT * (depth + 2) + text(key) + value.room_at(depth + 1))
                    .sum::<usize>()
            }
        }
    }
}

/// The whole document.
impl fmt::Display for Node<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = String::with_capacity(self.room());
        self.write(&mut out);
        f.write_str(&out)
    }
}

/// Keys only: values may be secrets.
impl fmt::Debug for Node<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(_) => f.write_str("***"),
            Self::Map(map) => map.fmt(f),
        }
    }
}

/// The state of PyYAML's emitter, as far as it decides about spaces and line breaks.
struct Emitter<'a> {
    out: &'a mut String,
    /// How many characters the line has.
    column: usize,
    /// How deep the present map or text stands; `None` before the first map.
    indent: Option<usize>,
    /// Whether no space is needed before the next token.
    after_space: bool,
    /// Whether the line has nothing but indentation and `?` or `:` yet.
    only_indent: bool,
}

impl Emitter<'_> {
    fn node(&mut self, node: &Node<'_>) {
        match node {
            Node::Text(text) => self.scalar(text, false),
            Node::Map(map) if map.is_empty() => {
                self.token("{", true);
                self.token("}", false);
            }
            Node::Map(map) => self.nested(false, |emitter| {
                for (key, value) in map {
                    emitter.entry(key, value);
                }
            }),
        }
    }

    fn entry(&mut self, key: &str, value: &Node<'_>) {
        self.new_line();
        if !key.is_empty() && !scalar::has_break(key) && key.chars().count() < LONG_KEY {
            self.scalar(key, true);
            self.token(":", false);
            self.node(value);
        } else {
            self.mark("?");
            self.scalar(key, false);
            self.new_line();
            self.mark(":");
            self.node(value);
        }
    }

    /// Runs `inside` one level deeper; a map at the top does not count as a level, a text does.
    fn nested(&mut self, text: bool, inside: impl FnOnce(&mut Self)) {
        let before = self.indent;
        self.indent = Some(match before {
            None if text => INDENT,
            None => 0,
            Some(indent) => indent + INDENT,
        });
        inside(self);
        self.indent = before;
    }

    fn scalar(&mut self, text: &str, simple_key: bool) {
        self.nested(true, |emitter| match scalar::style(text, simple_key) {
            Style::Plain => emitter.plain(text, !simple_key),
            Style::Single => emitter.single_quoted(text, !simple_key),
            Style::Double => emitter.double_quoted(text, !simple_key),
        });
    }

    /// A token; `apart` if a space must stand before it.
    fn token(&mut self, token: &str, apart: bool) {
        if apart && !self.after_space {
            self.put(" ");
        }
        self.put(token);
        self.after_space = false;
        self.only_indent = false;
    }

    /// `?` or `:` at the beginning of a line: a map may begin right behind it.
    fn mark(&mut self, token: &str) {
        let only_indent = self.only_indent;
        self.token(token, true);
        self.only_indent = only_indent;
    }

    fn put(&mut self, text: &str) {
        self.out.push_str(text);
        self.column += text.chars().count();
    }

    fn line_break(&mut self) {
        self.out.push('\n');
        self.column = 0;
        self.after_space = true;
        self.only_indent = true;
    }

    /// Goes to the present indent, on a new line unless this one has nothing yet.
    fn new_line(&mut self) {
        let indent = self.indent.unwrap_or(0);
        if !self.only_indent || self.column > indent || (self.column == indent && !self.after_space) {
            self.line_break();
        }
        while self.column < indent {
            self.after_space = true;
            self.put(" ");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_keys_and_never_values() {
        let node = Node::map([("key", Node::text("canary"))]);
        assert_eq!(format!("{node:?}"), r#"{"key": ***}"#);
    }

    #[test]
    fn a_text_alone_and_nothing_are_documents() {
        assert_eq!(Node::map::<&str>([]).to_string(), "{}\n");
        assert_eq!(Node::text("it's: so").to_string(), "'it''s: so'\n");
    }

    #[test]
    fn the_buffer_never_moves() {
        let odd = "\u{1F511}\u{1}' é".repeat(100);
        let words = "a word ".repeat(100);
        let inner = Node::map([(odd.as_str(), Node::text(words.as_str())), ("k", Node::text(odd.as_str()))]);
        let node = Node::map([(words.as_str(), inner), ("s", Node::text("dg=="))]);
        let mut out = String::with_capacity(node.room());
        let (place, room) = (out.as_ptr(), out.capacity());
        node.write(&mut out);
        assert_eq!((out.as_ptr(), out.capacity()), (place, room));
    }
}
