//! Which command a line names, before clap parses it.

use clap::Command as Clap;
use std::ffi::OsString;

/// Options before the verb whose next word is their value.
const WITH_VALUE: &[&str] = &["-o", "--output", "--stack"];

/// The words that name a command.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct CommandWords {
    /// The names, in the main spelling of the group: `["secrets-manager", "secret", "register"]`.
    pub(super) names: Vec<String>,
    /// Where the last of them stands; `None` when the line names no verb.
    pub(super) verb_at: Option<usize>,
}

impl CommandWords {
    pub(super) fn of(root: &Clap, words: &[OsString]) -> Self {
        let mut bare = bare(words);
        let mut names = Vec::new();
        let mut verb_at = None;
        if let Some(group) = bare.next().and_then(|(_, word)| root.find_subcommand(word)) {
            names.push(group.get_name().to_owned());
            for (at, word) in bare {
                let is_group =
                    names.len() == 1 && names[0] == "secrets-manager" && matches!(word, "secret" | "secrets");
                names.push(if is_group { "secret".to_owned() } else { word.to_owned() });
                if !is_group {
                    verb_at = Some(at);
                    break;
                }
            }
        }
        Self { names, verb_at }
    }

    /// Whether ZenML gives this command options of one hyphen and two letters.
    pub(super) fn takes_two_letter_options(&self) -> bool {
        let names: Vec<_> = self.names.iter().map(String::as_str).collect();
        matches!(*names, ["stack", "register" | "update" | "remove-component"])
    }
}

/// The place from which on `-o` is another option than `--output`, as ZenML has it; the end of the line if nowhere.
pub(super) fn where_o_is_another_option(words: &[OsString]) -> usize {
    let mut bare = bare(words);
    match (bare.next().map(|(_, group)| group), bare.next()) {
        (Some("stack"), Some((at, "register" | "update"))) => at,
        (Some("integration"), Some((at, "export-requirements"))) => at,
        _ => words.len(),
    }
}

/// The words that are neither options nor their values, each with its place.
fn bare(words: &[OsString]) -> impl Iterator<Item = (usize, &str)> {
    let mut is_value = false;
    let readable = words.iter().enumerate().skip(1).map_while(|(at, word)| Some((at, word.to_str()?)));
    readable.take_while(|(_, word)| *word != "--").filter(move |(_, word)| {
        let was_value = std::mem::replace(&mut is_value, WITH_VALUE.contains(word));
        !was_value && !word.starts_with('-')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(line: &str) -> (Vec<String>, Option<usize>) {
        let words: Vec<_> = std::iter::once("strongroom").chain(line.split_whitespace()).map(OsString::from).collect();
        let CommandWords { names, verb_at } = CommandWords::of(&crate::args::root(), &words);
        (names, verb_at)
    }

    #[test]
    fn aliases_and_options_between_do_not_matter() {
        let secret = |verb: &str| vec!["secrets-manager".to_owned(), "secret".to_owned(), verb.to_owned()];
        assert_eq!(of("secrets-manager secret register n"), (secret("register"), Some(3)));
        assert_eq!(of("secrets_manager secrets update n"), (secret("update"), Some(3)));
        assert_eq!(of("-o json secrets --stack secret secrets get n"), (secret("get"), Some(7)));
        assert_eq!(of("--verbose orchestrator register"), (vec!["orchestrator".into(), "register".into()], Some(3)));
        assert_eq!(of("stack"), (vec!["stack".into()], None));
        assert_eq!(of("nonsense register"), (vec![], None));
        assert_eq!(of("-- stack set"), (vec![], None));
    }
}
