//! What Azure Key Vault allows, and how ZenML uses it.

use strongroom_core::{NameRule, Rules, Unscoped};

/// Key Vault's limits (service documentation, and recorded answers): 127 characters, 25 KB, 15 tags.
pub static RULES: Rules = Rules {
    service: "Azure Key Vault",
    scopes: true,
    separator: '-',
    // ZenML's rule for secret names and namespaces
    names: NameRule { legal: is_legal, words: "alphanumeric characters and the character -", longest: 100 },
    items: NameRule { legal: is_legal, words: "alphanumeric characters and the character -", longest: 127 },
    folds_case: true,
    value_bytes: 25_600,
    tags: 15,
    tag_length: 512,
    // no ETag and no conditional write in the API
    compare_and_set: false,
    unscoped: Unscoped::PerKey,
};

fn is_legal(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '-'
}
