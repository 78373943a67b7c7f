//! dotenv files: lines of `KEY=VALUE`, as most readers of them agree.
//!
//! Comments, `export ` before a key, single quotes (nothing inside means anything), double quotes (`\n \r \t \" \\ \$` mean what
//! they do in C; both may span lines) and bare values, which end before ` #`. Nothing is interpolated: `$HOME` is five letters.

use strongroom_core::{Error, Result, Value, Values};
use zeroize::Zeroizing;

/// The values in `text`.
///
/// # Errors
/// [`strongroom_core::Kind::Invalid`] for a line that is none and a key that stands there twice. Messages name keys and lines,
/// never values.
pub(super) fn parse(text: &str) -> Result<Values> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut values = Values::new();
    let mut rest = text;
    while !rest.is_empty() {
        let line = text[..text.len() - rest.len()].matches('\n').count() + 1;
        let trimmed = rest.trim_start_matches([' ', '\t']);
        if trimmed.starts_with(['\n', '\r', '#']) || trimmed.is_empty() {
            rest = after_line(trimmed);
            continue;
        }
        let (key, behind) = key(trimmed).ok_or_else(|| {
            Error::invalid(format!("line {line} of the dotenv file is no `KEY=VALUE`"))
                .with_hint("a value of several lines stands in quotes")
        })?;
        let (value, end) = value(behind).map_err(|why| Error::invalid(format!("{why} (key `{key}`, line {line})")))?;
        if values.get(key).is_some() {
            return Err(Error::invalid(format!("key `{key}` stands in the dotenv file twice (line {line})")));
        }
        values.insert(key, Value::text(value.as_str()));
        rest = end;
    }
    Ok(values)
}

/// The key and what stands behind its `=`.
fn key(line: &str) -> Option<(&str, &str)> {
    let first = line.split(['\n', '\r']).next()?;
    let equals = first.find('=')?;
    let name = first[..equals].trim_end();
    let name = name.strip_prefix("export").filter(|rest| rest.starts_with([' ', '\t'])).unwrap_or(name).trim_start();
    let legal = !name.is_empty() && name.chars().all(|letter| letter.is_alphanumeric() || "_-.".contains(letter));
    legal.then(|| (name, line[equals + 1..].trim_start_matches([' ', '\t'])))
}

/// The value at the beginning of `text`, and what stands on the lines behind it.
fn value(text: &str) -> Result<(Zeroizing<String>, &str), &'static str> {
    let quoted = match text.chars().next() {
        Some('\'') => single_quoted(&text[1..]),
        Some('"') => double_quoted(&text[1..]),
        _ => {
            let line = text.split('\n').next().unwrap_or_default();
            let end = line.find(" #").or_else(|| line.find("\t#")).unwrap_or(line.len());
            let end = if line.starts_with('#') { 0 } else { end };
            return Ok((Zeroizing::new(line[..end].trim_end().to_owned()), after_line(text)));
        }
    };
    let (value, behind) = quoted.ok_or("a quote is not closed")?;
    let line = behind.split('\n').next().unwrap_or_default().trim();
    if !line.is_empty() && !line.starts_with('#') {
        return Err("something stands behind the closing quote");
    }
    Ok((value, after_line(behind)))
}

fn single_quoted(text: &str) -> Option<(Zeroizing<String>, &str)> {
    let end = text.find('\'')?;
    Some((Zeroizing::new(text[..end].to_owned()), &text[end + 1..]))
}

fn double_quoted(text: &str) -> Option<(Zeroizing<String>, &str)> {
    let mut value = Zeroizing::new(String::with_capacity(text.len()));
    let mut letters = text.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return Some((value, &text[at + 1..])),
            '\\' => match letters.next()?.1 {
                'n' => value.push('\n'),
                'r' => value.push('\r'),
                't' => value.push('\t'),
                plain @ ('"' | '\\' | '$') => value.push(plain),
                other => value.extend(['\\', other]),
            },
            letter => value.push(letter),
        }
    }
    None
}

/// What stands behind the present line.
fn after_line(text: &str) -> &str {
    text.find('\n').map_or("", |end| &text[end + 1..])
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(String, String)> {
        parse(text).unwrap().iter().map(|(key, value)| (key.to_owned(), value.expose().to_owned())).collect()
    }

    /// Scenario 43: comments, `export ` prefixes, values of several lines.
    #[test]
    fn what_dotenv_files_hold() {
        let text = "\u{feff}# comment\r\n\r\nA=1\r\nexport B = two words # a comment\n  C='it # $HOME\nsecond'\n\
                    D=\"x\\n\\\"y\\\" \\$ \\q\nz\" # end\nE=\nF=a#b\nexported=1\nG=\"\"\nH=a=b==\nI=#";
        let expected = [
            ("A", "1"),
            ("B", "two words"),
            ("C", "it # $HOME\nsecond"),
            ("D", "x\n\"y\" $ \\q\nz"),
            ("E", ""),
            ("F", "a#b"),
            ("exported", "1"),
            ("G", ""),
            ("H", "a=b=="),
            ("I", ""),
        ];
        assert_eq!(read(text), expected.map(|(key, value)| (key.to_owned(), value.to_owned())));
        assert_eq!(read(""), []);
    }

    #[test]
    fn refusals_name_line_and_key_and_never_the_value() {
        for (text, message) in [
            ("A=1\nA=canary", "key `A` stands in the dotenv file twice (line 2)"),
            ("A='x\ny'\ncanary", "line 3 of the dotenv file is no `KEY=VALUE`"),
            ("A=\"canary", "a quote is not closed (key `A`, line 1)"),
            ("A='canary", "a quote is not closed (key `A`, line 1)"),
            ("A='canary'b", "something stands behind the closing quote (key `A`, line 1)"),
            ("=canary", "line 1 of the dotenv file is no `KEY=VALUE`"),
            ("a b=canary", "line 1 of the dotenv file is no `KEY=VALUE`"),
        ] {
            assert_eq!(parse(text).unwrap_err().to_string(), message, "{text}");
        }
    }
}
