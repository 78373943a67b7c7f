//! No known option is ever swallowed, no pair is ever lost, and no refusal quotes a value.
#![allow(clippy::unwrap_used)]

use super::*;
use clap::{ArgAction, Command as Clap};
use proptest::prelude::*;

fn leaf() -> Clap {
    Clap::new("register")
        .arg(Arg::new("name"))
        .arg(Arg::new("schema").long("schema").short('s').alias("type"))
        .arg(Arg::new("interactive").long("interactive").short('i').action(ArgAction::SetTrue))
        .arg(Arg::new("output").long("output").short('o').value_parser(["table", "json"]))
}

/// The known words, and the pairs.
type Words = (Vec<String>, Vec<(String, String)>);

fn split_words(words: &[&str]) -> Result<Words> {
    let (known, pairs) = split(leaf(), words.iter().map(OsString::from).collect())?;
    let known = known.into_iter().map(|word| word.into_string().unwrap()).collect();
    Ok((known, pairs.into_iter().map(|Pair { key, value }| (key, value.to_string())).collect()))
}

fn refusal(words: &[&str]) -> String {
    let rendered = split_words(words).unwrap_err().render().to_string();
    rendered.split("\n\nUsage").next().unwrap().to_owned()
}

#[test]
fn options_and_pairs_stand_in_any_order() {
    let words = ["--a=1", "-i", "name", "--schema", "aws", "--b=x=y", "-ojson", "--c=", "--", "schema=2", "--d=-"];
    let (known, pairs) = split_words(&words).unwrap();
    assert_eq!(known, ["-i", "name", "--schema", "aws", "-ojson"]);
    let pairs: Vec<_> = pairs.iter().map(|(key, value)| format!("{key}:{value}")).collect();
    assert_eq!(pairs, ["a:1", "b:x=y", "c:", "schema:2", "d:-"]);
}

#[test]
fn an_option_never_takes_a_pair_for_its_value() {
    let (known, pairs) = split_words(&["--schema", "--a=1", "-s", "--b=2", "-is", "x"]).unwrap();
    assert_eq!(known, ["--schema", "-s", "-is", "x"]);
    assert_eq!(pairs.len(), 2);
}

#[test]
fn what_is_neither_option_nor_pair_is_refused_without_its_value() {
    let cases: &[(&[&str], &str)] = &[
        (
            &["n", "--schma", "aws"],
            "there is no option `--schma`\n\n  tip: did you mean `--schema`? A key is written `--schma=value`",
        ),
        (
            &["n", "--intractive"],
            "there is no option `--intractive`\n\n  tip: did you mean `--interactive`? A key is written `--intractive=value`",
        ),
        (
            &["n", "--password", "canary"],
            "there is no option `--password`\n\n  tip: a key is written with its value and no blank: `--password=value`",
        ),
        (
            &["n", "--can&ary"],
            "there is no such option\n\n  tip: a key is written with its value and no blank: `--key=value`",
        ),
        (
            &["n", "--password=", "canary"],
            "there is a word too many behind the name\n\n  tip: write it as `--key=value`, without blanks around the `=`",
        ),
        (
            &["n", "k=canary"],
            "there is a word too many behind the name\n\n  tip: write it as `--key=value`, without blanks around the `=`",
        ),
        (&["n", "-pcanary"], "there is no option `-p`\n\n  tip: keys are written `--key=value`"),
        (
            &["n", "--a-b=canary"],
            "`--a-b` is no proper key\n\n  tip: did you mean `--a_b=…`? Keys have `_` where options have `-`",
        ),
        (
            &["n", "--=canary"],
            "an argument has no key before its `=`\n\n  tip: a key is a letter or `_`, then letters, digits and `_`: `--my_key=value`",
        ),
        (
            &["n", "--interactive=canary"],
            "`--interactive` is an option that takes no value\n\n  tip: a key of that name goes behind `--`, as in `-- --interactive=…`, or into a document",
        ),
        (
            &["n", "--output=canary"],
            "`--output` is an option whose value is one of table, json\n\n  tip: a key of that name goes behind `--`, as in `-- --output=…`, or into a document",
        ),
        (&["n", "--", "canary"], "behind `--` there may only be keys and values\n\n  tip: write them as `key=value`"),
    ];
    for (words, expected) in cases {
        let refusal = refusal(words);
        assert_eq!(refusal, format!("error: {expected}"), "{words:?}");
        assert!(!refusal.contains("canary"), "{refusal}");
    }
}

/// One part of a line, and what must come of it.
#[derive(Debug, Clone)]
enum Part {
    Known(Vec<String>),
    Pair(String, String),
}

fn part() -> impl Strategy<Value = Part> {
    let key = "[a-z_][a-z0-9_]{0,8}".prop_filter("a known option", |key| {
        !["schema", "type", "interactive", "output", "help"].contains(&key.as_str())
    });
    // whatever a value looks like, an option or a pair included
    let value = prop_oneof![".*", Just("--schema=x".to_owned()), Just("-i".to_owned()), Just("--".to_owned())];
    prop_oneof![
        "[a-z]{0,5}".prop_map(|value| Part::Known(vec![format!("--schema={value}")])),
        "[a-z]{1,5}".prop_map(|value| Part::Known(vec!["--type".into(), value])),
        "[a-z]{1,5}".prop_map(|value| Part::Known(vec!["-s".into(), value])),
        Just(Part::Known(vec!["--interactive".into()])),
        Just(Part::Known(vec!["-i".into()])),
        Just(Part::Known(vec!["-o".into(), "json".into()])),
        (key, value).prop_map(|(key, value)| Part::Pair(key, value)),
    ]
}

proptest! {
    #[test]
    fn nothing_is_swallowed_and_nothing_is_lost(parts in prop::collection::vec(part(), 0..12), name_at in 0..12_usize) {
        let mut parts = parts;
        parts.insert(name_at.min(parts.len()), Part::Known(vec!["the-name".into()]));
        let (mut words, mut known, mut pairs) = (Vec::new(), Vec::new(), Vec::new());
        for part in parts {
            match part {
                Part::Known(part) => {
                    words.extend(part.clone());
                    known.extend(part);
                }
                Part::Pair(key, value) => {
                    words.push(format!("--{key}={value}"));
                    pairs.push((key, value));
                }
            }
        }
        let words: Vec<_> = words.iter().map(String::as_str).collect();
        let split = split_words(&words).unwrap();
        prop_assert_eq!(split, (known, pairs));
    }

    #[test]
    fn whatever_is_typed_every_word_is_known_or_a_pair_or_refused(words in prop::collection::vec("(-{0,2}[a-z]{0,4}=?[a-z-]{0,4}|--|.*)", 0..8)) {
        let borrowed: Vec<_> = words.iter().map(String::as_str).collect();
        if let Ok((known, pairs)) = split_words(&borrowed) {
            let dashes = usize::from(words.iter().any(|word| word == "--"));
            prop_assert_eq!(known.len() + pairs.len() + dashes, words.len());
        }
    }
}
