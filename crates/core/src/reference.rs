//! Secret references, `{{name.key}}`, inside attributes of components.

/// A reference to one key of a secret. The name holds no dot; the key may.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// The secret's name.
    pub secret: String,
    /// The key within it.
    pub key: String,
}

impl Reference {
    /// Parses `text` if all of it is a reference: `\{\{\s*\S+?\.\S+\s*\}\}`, split at the first dot (ZenML 0.44).
    pub fn parse(text: &str) -> Option<Self> {
        let inner = text.strip_prefix("{{")?.strip_suffix("}}")?.trim();
        let dot = inner.char_indices().skip(1).find(|&(_, character)| character == '.')?.0;
        let legal = !inner.contains(char::is_whitespace) && dot + 1 < inner.len();
        let (secret, key) = inner.split_once('.')?;
        legal.then(|| Self { secret: secret.trim().to_owned(), key: key.trim().to_owned() })
    }
}
