//! Finding one component or stack by what a user typed.

use strongroom_core::{Error, Kind, Result};
use uuid::Uuid;

/// How a text may stand for a component or stack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Match {
    /// The whole id or the whole name: for what changes or deletes.
    Exact,
    /// Also the beginning of an id or a name, if only one has it: for what shows.
    Prefix,
}

/// What can be looked up.
pub(super) trait Named {
    fn id(&self) -> Uuid;
    fn name(&self) -> &str;
}

/// The one among `all` that `text` stands for, in ZenML's order: id, name, then beginning of either.
///
/// # Errors
/// [`Kind::NotFound`], or [`Kind::Invalid`] listing the candidates when the beginning fits several.
pub(super) fn find<T: Named>(what: &str, all: Vec<T>, text: &str, how: Match) -> Result<T> {
    let id = Uuid::parse_str(text).ok();
    let whole = |entry: &T| Some(entry.id()) == id;
    let index = all.iter().position(whole).or_else(|| all.iter().position(|entry| entry.name() == text));
    if let Some(index) = index {
        return Ok(all.into_iter().nth(index).expect("an index of the list"));
    }
    let begins = |entry: &T| starts_with(&entry.id().to_string(), text) || starts_with(entry.name(), text);
    let mut fitting: Vec<T> = match how {
        Match::Exact => vec![],
        Match::Prefix => all.into_iter().filter(|entry| !text.is_empty() && begins(entry)).collect(),
    };
    match fitting.len() {
        0 => Err(Error::not_found(what, text)),
        1 => Ok(fitting.remove(0)),
        count => {
            let names: Vec<_> = fitting.iter().map(|entry| format!("`{}` ({})", entry.name(), entry.id())).collect();
            Err(Error::new(
                Kind::Invalid,
                format!("`{text}` is the beginning of {count} {what}s: {}", names.join(", ")),
            )
            .with_hint("type more of the name or id"))
        }
    }
}

/// As SQL's LIKE, which ZenML asks: upper and lower case of A to Z are one.
fn starts_with(text: &str, beginning: &str) -> bool {
    text.get(..beginning.len()).is_some_and(|start| start.eq_ignore_ascii_case(beginning))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[derive(Debug, Clone, PartialEq)]
    struct Entry(Uuid, &'static str);

    impl Named for Entry {
        fn id(&self) -> Uuid {
            self.0
        }

        fn name(&self) -> &str {
            self.1
        }
    }

    #[test]
    fn ids_come_before_names_and_names_before_beginnings() {
        let id = |digit: u8| Uuid::from_u128(u128::from_be_bytes([digit; 16]));
        let first = Entry(id(0xab), "vault");
        let second = Entry(id(0xcd), "vault-2");
        let third = Entry(id(0xce), "abc");
        let all = || vec![first.clone(), second.clone(), third.clone()];
        let find = |text: &str, how| find("thing", all(), text, how);
        assert_eq!(find(&id(0xab).to_string(), Match::Exact).unwrap(), first);
        assert_eq!(find(&id(0xab).simple().to_string(), Match::Exact).unwrap(), first);
        assert_eq!(find("vault", Match::Prefix).unwrap(), first, "a whole name is not the beginning of another");
        assert_eq!(find("vault-", Match::Prefix).unwrap(), second);
        assert_eq!(find("cdcdcd", Match::Prefix).unwrap(), second);
        assert_eq!(find("ABC", Match::Prefix).unwrap(), third);
        assert_eq!(find("vault-", Match::Exact).unwrap_err().kind(), Kind::NotFound);
        assert_eq!(find("", Match::Prefix).unwrap_err().kind(), Kind::NotFound);
        let error = find("ab", Match::Prefix).unwrap_err();
        assert_eq!(error.kind(), Kind::Invalid);
        assert!(error.to_string().contains("`vault` (abababab-") && error.to_string().contains("`abc` ("), "{error}");
    }
}
