//! Which texts YAML 1.1 reads as something else when they stand without quotes, in PyYAML's patterns.

/// Whether `text` is a null, boolean, number, time, merge key or default-value key.
pub(super) fn is_not_text(text: &str) -> bool {
    is_word(text) || is_integer(text) || is_float(text) || is_time(text)
}

fn is_word(text: &str) -> bool {
    let words = ["yes", "no", "true", "false", "on", "off", "null"];
    let spelled_so = |word: &str| {
        let capital = text.starts_with(|first: char| first.is_ascii_uppercase()) && text[1..] == word[1..];
        text == word
            || text.eq_ignore_ascii_case(word) && (capital || text.bytes().all(|byte| byte.is_ascii_uppercase()))
    };
    matches!(text, "" | "~" | "<<" | "=" | "!" | "&" | "*") || words.into_iter().any(spelled_so)
}

/// What is left of a text that is read from its beginning.
#[derive(Clone, Copy)]
struct Rest<'a>(&'a [u8]);

impl Rest<'_> {
    /// Takes one byte if it is one of `set`.
    fn one(&mut self, set: &[u8]) -> bool {
        let taken = self.0.first().is_some_and(|first| set.contains(first));
        self.0 = &self.0[usize::from(taken)..];
        taken
    }

    /// Takes bytes as long as they are legal; how many.
    fn many(&mut self, legal: fn(u8) -> bool) -> usize {
        let count = self.0.iter().take_while(|byte| legal(**byte)).count();
        self.0 = &self.0[count..];
        count
    }

    /// Takes `least` to `most` digits.
    fn digits(&mut self, least: usize, most: usize) -> bool {
        let count = self.0.iter().take(most).take_while(|byte| byte.is_ascii_digit()).count();
        self.0 = &self.0[count..];
        count >= least
    }

    fn is_done(self) -> bool {
        self.0.is_empty()
    }
}

fn digit(byte: u8) -> bool {
    byte.is_ascii_digit() || byte == b'_'
}

fn unsigned(text: &str) -> Rest<'_> {
    Rest(text.strip_prefix(['-', '+']).unwrap_or(text).as_bytes())
}

/// `:59` once or more, of base 60; at most the last minute's first digit may be left out.
fn sixties(rest: &mut Rest<'_>) -> bool {
    let mut any = false;
    while rest.one(b":") {
        let tens = rest.0.len() > 1 && rest.0[1].is_ascii_digit();
        if tens && !rest.one(b"012345") || !rest.digits(1, 1) {
            return false;
        }
        any = true;
    }
    any
}

fn is_integer(text: &str) -> bool {
    let rest = unsigned(text);
    let (mut whole, mut based) = (rest, rest);
    if based.one(b"0") {
        let (mut binary, mut hex) = (based, based);
        return based.is_done()
            || binary.one(b"b") && binary.many(|byte| matches!(byte, b'0' | b'1' | b'_')) > 0 && binary.is_done()
            || hex.one(b"x") && hex.many(|byte| byte.is_ascii_hexdigit() || byte == b'_') > 0 && hex.is_done()
            || based.many(|byte| matches!(byte, b'0'..=b'7' | b'_')) > 0 && based.is_done();
    }
    whole.one(b"123456789") && {
        whole.many(digit);
        whole.is_done() || sixties(&mut whole) && whole.is_done()
    }
}

fn is_float(text: &str) -> bool {
    let rest = unsigned(text);
    if matches!(rest.0, b".inf" | b".Inf" | b".INF") || matches!(text, ".nan" | ".NaN" | ".NAN") {
        return true;
    }
    let exponent = |mut rest: Rest<'_>| {
        rest.is_done() || rest.one(b"eE") && rest.one(b"+-") && rest.digits(1, usize::MAX) && rest.is_done()
    };
    let mut fraction = Rest(text.as_bytes());
    if fraction.one(b".") {
        return fraction.digits(1, 1) && {
            fraction.many(digit);
            exponent(fraction)
        };
    }
    let mut whole = rest;
    if !whole.digits(1, 1) {
        return false;
    }
    whole.many(digit);
    let mut base_60 = whole;
    let is_base_60 = sixties(&mut base_60) && base_60.one(b".") && {
        base_60.many(digit);
        base_60.is_done()
    };
    is_base_60
        || whole.one(b".") && {
            whole.many(digit);
            exponent(whole)
        }
}

fn is_time(text: &str) -> bool {
    let mut rest = Rest(text.as_bytes());
    let mut day = rest;
    if day.digits(4, 4) && day.one(b"-") && day.digits(2, 2) && day.one(b"-") && day.digits(2, 2) && day.is_done() {
        return true;
    }
    let blanks = |rest: &mut Rest<'_>| rest.many(|byte| matches!(byte, b' ' | b'\t'));
    let date = rest.digits(4, 4) && rest.one(b"-") && rest.digits(1, 2) && rest.one(b"-") && rest.digits(1, 2);
    let apart = date && (rest.one(b"Tt") || blanks(&mut rest) > 0);
    let time = apart && rest.digits(1, 2) && rest.one(b":") && rest.digits(2, 2) && rest.one(b":") && rest.digits(2, 2);
    if !time {
        return false;
    }
    if rest.one(b".") {
        rest.digits(0, usize::MAX);
    }
    if rest.is_done() {
        return true;
    }
    blanks(&mut rest);
    let zone = rest.one(b"Z")
        || rest.one(b"+-") && rest.digits(1, 2) && {
            let mut minutes = rest;
            if minutes.one(b":") && minutes.digits(2, 2) {
                rest = minutes;
            }
            true
        };
    zone && rest.is_done()
}

#[cfg(test)]
mod tests {
    use super::is_not_text;

    #[test]
    fn what_yaml_1_1_takes_for_something_else() {
        let other = [
            "",
            "~",
            "null",
            "Null",
            "NULL",
            "yes",
            "Yes",
            "OFF",
            "<<",
            "=",
            "0",
            "-1",
            "+1_000",
            "0b1_0",
            "017",
            "0x_F",
            "1:30",
            "12:30:45",
            "1.",
            "1.5e+3",
            ".5",
            "190:20:30.15",
            "-.inf",
            ".NaN",
            "2023-09-01",
            "2023-9-1 1:02:03",
            "2023-09-01t12:30:45.1 +02:00",
            "2023-09-01 12:30:45Z",
        ];
        let text = [
            "yEs",
            "nULL",
            "y",
            "n",
            "1e3",
            "1.5e3",
            "0o17",
            "08",
            "0b",
            "0x",
            "_1",
            "1:60",
            "1:",
            "12:30:451",
            ".",
            ".e+1",
            "-.5",
            "+.nan",
            "2023-9-1",
            "2023-09-01 12:30",
            "2023-09-01 12:30:45 z",
            "nullx",
            "-",
            "--1",
            "1 ",
        ];
        for other in other {
            assert!(is_not_text(other), "{other:?}");
        }
        for text in text {
            assert!(!is_not_text(text), "{text:?}");
        }
    }
}
