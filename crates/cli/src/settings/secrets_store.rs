//! Where a server keeps values: the type, and the attributes of the service.
//!
//! The type is one decision, from the first source that makes one; each attribute comes from the first source that has it. The
//! file's attributes count only when its type is the one that was decided on.

use super::{Origin, Setting, StoreKind, zenml_store};
use crate::env::{self, Env};
use secrecy::SecretString;
use std::collections::BTreeMap;
use strongroom_core::{Configuration, Error, Result, StoreForm};

/// The longest a command to the place of values may take, in seconds: then others take the server for dead.
const LONGEST_TIMEOUT: u32 = 60;
/// The one option that is no attribute of the service.
const FORMAT: &str = "format";
/// Attributes of secrets managers that mean nothing here.
const NOT_HERE: [&str; 2] = ["scope", "namespace"];

/// The place of values, and what it takes.
#[derive(Debug, Clone)]
pub(crate) struct SecretsStore {
    /// Which.
    pub(crate) kind: Setting<StoreKind>,
    /// The attributes of the service.
    pub(crate) options: BTreeMap<String, Setting<String>>,
    /// For which generation of ZenML items are written.
    pub(crate) form: Setting<StoreForm>,
    /// What stands in the place of environment variables that the service's client reads.
    pub(crate) variables: Vec<(&'static str, SecretString)>,
}

impl SecretsStore {
    /// The attributes as a flavor takes them.
    pub(crate) fn configuration(&self) -> Configuration {
        self.options.iter().map(|(name, setting)| (name.clone(), setting.value.clone())).collect()
    }
}

/// Merges all sources.
pub(super) fn merge(
    kind: Option<StoreKind>,
    given: &[(String, String)],
    env: &Env,
    mut file: BTreeMap<String, toml::Value>,
) -> Result<SecretsStore> {
    let of_file = file.remove("type").map(|word| parse_kind("`type` of `[server.secrets_store]`", &text(&word)?));
    let of_file = of_file.transpose()?;
    if of_file.is_none() && !file.is_empty() {
        return Err(Error::invalid("`[server.secrets_store]` in config.toml has no `type`")
            .with_hint("secrets stores: sql, azure, none"));
    }
    let of = |name| env.get(name).map(|word| parse_kind(name, &word)).transpose();
    let (ours, zenmls) = (of(env::SECRETS_STORE)?, of(env::ZENML_SECRETS_STORE_TYPE)?);
    let found = [
        kind.map(|kind| (kind, Origin::Flag("--secrets-store"))),
        ours.map(|kind| (kind, Origin::Variable(env::SECRETS_STORE))),
        zenmls.map(|kind| (kind, Origin::Variable(env::ZENML_SECRETS_STORE_TYPE))),
        of_file.map(|kind| (kind, Origin::File)),
    ];
    let (value, origin) = found.into_iter().flatten().next().unwrap_or((StoreKind::Sql, Origin::Default));
    let kind = Setting { value, origin };
    let form = Setting { value: StoreForm::default(), origin: Origin::Default };
    let mut store = SecretsStore { kind, options: BTreeMap::new(), form, variables: Vec::new() };
    if value != StoreKind::Azure {
        if let Some((name, _)) = given.first() {
            return Err(Error::invalid(format!("secrets store `{value}` takes no option `{name}`"))
                .with_hint("options belong to `--secrets-store azure`"));
        }
        return Ok(store);
    }
    let mut add = |name: &str, value: String, origin| {
        store.options.entry(name.to_owned()).or_insert(Setting { value, origin });
    };
    for (name, value) in given {
        add(name, value.clone(), Origin::Flag("--secrets-store-option"));
    }
    for (name, variable) in env::SECRETS_STORE_OPTIONS.into_iter().chain([(FORMAT, env::SECRETS_STORE_FORMAT)]) {
        if let Some(value) = env.get(variable) {
            add(name, value, Origin::Variable(variable));
        }
    }
    let zenml = zenml_store::azure(env)?;
    for (name, value, variable) in zenml.options {
        add(name, value, Origin::Variable(variable));
    }
    if of_file == Some(StoreKind::Azure) {
        for (name, value) in &file {
            add(name, text(value)?, Origin::File);
        }
    }
    if let Some(Setting { value, origin }) = store.options.remove(FORMAT) {
        let value = value.parse().map_err(|error: Error| {
            error.within(format!("`{FORMAT}` of the secrets store ({origin}) cannot be used"))
        })?;
        store.form = Setting { value, origin };
    }
    store.variables = zenml.variables;
    check(&store)?;
    Ok(store)
}

fn check(store: &SecretsStore) -> Result<()> {
    if let Some(name) = NOT_HERE.into_iter().find(|name| store.options.contains_key(*name)) {
        return Err(Error::invalid(format!("`{name}` is for secrets managers, not for the central store")));
    }
    let longest = LONGEST_TIMEOUT;
    let seconds = store.options.get("timeout").and_then(|setting| setting.value.parse::<u32>().ok());
    if seconds.is_some_and(|seconds| seconds > longest) {
        return Err(Error::invalid(format!("`timeout` of the secrets store: at most {longest} seconds")));
    }
    Ok(())
}

fn parse_kind(source: &str, word: &str) -> Result<StoreKind> {
    word.parse().map_err(|error: Error| error.within(format!("{source} cannot be used")))
}

/// An attribute in the file may be written as a number or as true or false.
fn text(value: &toml::Value) -> Result<String> {
    match value {
        toml::Value::String(text) => Ok(text.clone()),
        toml::Value::Integer(number) => Ok(number.to_string()),
        toml::Value::Float(number) => Ok(number.to_string()),
        toml::Value::Boolean(flag) => Ok(flag.to_string()),
        _ => Err(Error::invalid("`[server.secrets_store]` in config.toml takes text, numbers, true and false only")),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use strongroom_backends::flavor;
    use strongroom_core::Kind;

    fn file(text: &str) -> BTreeMap<String, toml::Value> {
        toml::from_str(text).unwrap()
    }

    fn given(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn every_attribute_of_the_flavor_has_a_variable() {
        let attributes = flavor("azure").unwrap().attributes.iter().map(|attribute| attribute.name);
        let known: Vec<_> = attributes.filter(|name| !NOT_HERE.contains(name)).collect();
        assert_eq!(known, env::SECRETS_STORE_OPTIONS.map(|(name, _)| name));
        for (name, variable) in env::SECRETS_STORE_OPTIONS.into_iter().chain([(FORMAT, env::SECRETS_STORE_FORMAT)]) {
            assert_eq!(variable, format!("STRONGROOM_SECRETS_STORE_{}", name.to_ascii_uppercase()));
        }
    }

    #[test]
    fn the_nearest_source_counts() {
        let env = Env::from([
            (env::SECRETS_STORE, "azure"),
            ("STRONGROOM_SECRETS_STORE_KEY_VAULT_NAME", "of-env"),
            ("STRONGROOM_SECRETS_STORE_TIMEOUT", "7"),
            ("ZENML_SECRETS_STORE_TYPE", "sql"),
            ("ZENML_SECRETS_STORE_KEY_VAULT_NAME", "of-zenml"),
        ]);
        let table = file("type = \"azure\"\nkey_vault_name = \"of-file\"\ntimeout = 3\nauth = \"cli\"");
        let store = merge(None, &given(&[("key_vault_name", "of-flag")]), &env, table.clone()).unwrap();
        assert_eq!((store.kind.value, store.kind.origin), (StoreKind::Azure, Origin::Variable(env::SECRETS_STORE)));
        let value = |name: &str| store.options[name].value.clone();
        assert_eq!((value("key_vault_name"), value("timeout")), ("of-flag".to_owned(), "7".to_owned()));
        assert_eq!((value("auth"), store.options["auth"].origin), ("cli".to_owned(), Origin::File));
        let store = merge(None, &[], &Env::from([]), table.clone()).unwrap();
        assert_eq!(store.options["timeout"].value, "3");
        assert_eq!((store.form.value, store.form.origin), (StoreForm::V0_98, Origin::Default));
        let store = merge(Some(StoreKind::Sql), &[], &env, table).unwrap();
        assert_eq!((store.kind.value, store.options.len()), (StoreKind::Sql, 0));
        assert_eq!(merge(None, &[], &Env::from([]), BTreeMap::new()).unwrap().kind.origin, Origin::Default);
    }

    #[test]
    fn the_form_is_an_option_like_others_but_no_attribute() {
        let table = file("type = \"azure\"\nformat = 0.44");
        let env = Env::from([(env::SECRETS_STORE_FORMAT, "0.98")]);
        let form = |given: &[(&str, &str)], env: &Env| {
            let store = merge(None, &super::tests::given(given), env, table.clone()).unwrap();
            assert!(store.configuration().is_empty());
            (store.form.value, store.form.origin)
        };
        assert_eq!(form(&[], &Env::from([])), (StoreForm::V0_44, Origin::File));
        assert_eq!(form(&[], &env), (StoreForm::V0_98, Origin::Variable(env::SECRETS_STORE_FORMAT)));
        assert_eq!(form(&[("format", "0.44")], &env), (StoreForm::V0_44, Origin::Flag("--secrets-store-option")));
    }

    #[test]
    fn what_cannot_be_is_refused() {
        let none = Env::from([]);
        let azure = Some(StoreKind::Azure);
        for (kind, pairs, table) in [
            (None, &[("key_vault_name", "kv1")][..], ""),
            (azure, &[("scope", "global")], ""),
            (azure, &[("timeout", "61")], ""),
            (azure, &[("format", "0.12")], ""),
            (None, &[], "key_vault_name = \"kv1\""),
            (None, &[], "type = \"valut\""),
            (None, &[], "type = \"azure\"\nkey_vault_name = [1]"),
        ] {
            let error = merge(kind, &given(pairs), &none, file(table)).unwrap_err();
            assert_eq!(error.kind(), Kind::Invalid, "{pairs:?} {table}: {error}");
        }
        assert_eq!("hashicorp".parse::<StoreKind>().unwrap_err().kind(), Kind::Unsupported);
    }
}
