//! From keys to environment variables: which names are legal, which are dangerous, and when two collide.

use super::dangerous::is_dangerous;
use std::collections::BTreeMap;
use strongroom_core::{Error, Kind, Result, Secret, SecretName};

/// What a user wants in the environment.
#[derive(Debug)]
pub(super) struct Wanted<'a> {
    /// Stands before every name.
    pub(super) prefix: &'a str,
    /// The keys to take; all when there is none.
    pub(super) only_keys: &'a [String],
    /// Dangerous names that are meant.
    pub(super) allow: &'a [String],
}

/// Names and values of variables.
pub(super) type Variables<'a> = BTreeMap<String, &'a str>;

impl Wanted<'_> {
    /// The variables that `secrets` become. Nulls become none.
    ///
    /// # Errors
    /// [`Kind::NotFound`] for a key that no secret has; [`Kind::Conflict`] when two keys become one variable;
    /// [`Kind::Invalid`] for a name that is illegal or dangerous, and for a value that no environment can hold.
    pub(super) fn of<'a>(&self, secrets: &'a [Secret]) -> Result<Variables<'a>> {
        let Self { prefix, only_keys, allow } = self;
        if let Some(absent) = only_keys.iter().find(|key| secrets.iter().all(|secret| secret.values.get(key).is_none()))
        {
            return Err(Error::new(Kind::NotFound, format!("none of the secrets has a key `{absent}`"))
                .with_hint("`strongroom secrets-manager secret describe NAME` shows the keys"));
        }
        let mut variables = Variables::new();
        let mut owners: BTreeMap<String, &SecretName> = BTreeMap::new();
        for Secret { name, schema: _, values } in secrets {
            let wanted = values.iter().filter(|(key, _)| only_keys.is_empty() || only_keys.iter().any(|k| k == key));
            for (key, value) in wanted.filter(|(_, value)| !value.is_null()) {
                let variable = format!("{prefix}{key}");
                check_name(name, key, &variable, allow)?;
                check_value(name, key, &variable, value.expose())?;
                if let Some(other) = owners.insert(variable.clone(), name) {
                    return Err(Error::new(
                        Kind::Conflict,
                        format!("secrets `{other}` and `{name}` both have a key `{key}`"),
                    )
                    .with_hint("run with one of them, or choose keys by `--only-keys`"));
                }
                variables.insert(variable, value.expose());
            }
        }
        Ok(variables)
    }
}

fn check_name(secret: &SecretName, key: &str, variable: &str, allow: &[String]) -> Result<()> {
    let mut letters = variable.chars();
    let legal = letters.next().is_some_and(|first| first == '_' || first.is_ascii_alphabetic())
        && letters.all(|letter| letter == '_' || letter.is_ascii_alphanumeric());
    if !legal {
        return Err(Error::invalid(format!("key `{key}` of secret `{secret}` cannot be the name of a variable"))
            .with_hint("names have ASCII letters, digits and `_`; `--only-keys` leaves other keys out"));
    }
    if is_dangerous(variable) && !allow.iter().any(|allowed| allowed == variable) {
        let message =
            format!("key `{key}` of secret `{secret}` would set `{variable}`, which can change what programs run");
        return Err(Error::invalid(message).with_hint(format!(
            "`--allow {variable}` sets it, `--prefix` gives it another name, `--only-keys` leaves it out"
        )));
    }
    Ok(())
}

fn check_value(secret: &SecretName, key: &str, variable: &str, value: &str) -> Result<()> {
    if value.contains('\0') {
        return Err(Error::invalid(format!("the value of key `{key}` of secret `{secret}` has a NUL byte"))
            .with_hint("no environment can hold one; `--only-keys` leaves the key out"));
    }
    // with the `=` between and the NUL behind
    let size = variable.len() + value.len() + 2;
    if size > LONGEST {
        let message =
            format!("key `{key}` of secret `{secret}` is too long for an environment: {size} of {LONGEST} bytes");
        return Err(Error::invalid(message).with_hint("`--only-keys` leaves the key out"));
    }
    Ok(())
}

/// Linux's limit for one variable (`MAX_ARG_STRLEN`: 32 pages of 4 KiB).
const LONGEST: usize = 1 << 17;

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use strongroom_core::{Schema, Value};

    fn secret(name: &str, values: &[(&str, &str)]) -> Secret {
        let values = values.iter().map(|(key, value)| ((*key).to_owned(), Value::text(*value))).collect();
        Secret::new(name.parse().unwrap(), Schema::ARBITRARY, values).unwrap()
    }

    fn names(secrets: &[Secret], prefix: &str, only: &[&str], allow: &[&str]) -> Result<Vec<String>> {
        let own = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        let wanted = Wanted { prefix, only_keys: &own(only), allow: &own(allow) };
        wanted.of(secrets).map(|variables| variables.into_keys().collect())
    }

    #[test]
    fn keys_become_variables() {
        let secrets = [secret("a", &[("user", "u"), ("PATH", "p"), ("a-b", "x")]), secret("b", &[("user", "v")])];
        assert_eq!(names(&secrets[..1], "", &["user"], &[]).unwrap(), ["user"]);
        assert_eq!(names(&secrets[..1], "MY_", &["user", "PATH"], &[]).unwrap(), ["MY_PATH", "MY_user"]);
        assert_eq!(names(&secrets[..1], "", &["PATH"], &["PATH"]).unwrap(), ["PATH"]);
        let refused = |prefix, only: &[&str], secrets| names(secrets, prefix, only, &[]).unwrap_err().to_string();
        assert_eq!(
            refused("", &["PATH"], &secrets),
            "key `PATH` of secret `a` would set `PATH`, which can change what programs run"
        );
        assert_eq!(refused("", &["a-b"], &secrets), "key `a-b` of secret `a` cannot be the name of a variable");
        assert_eq!(refused("", &["user"], &secrets), "secrets `a` and `b` both have a key `user`");
        assert_eq!(refused("", &["nope"], &secrets), "none of the secrets has a key `nope`");
    }

    #[test]
    fn a_prefix_does_not_hide_a_dangerous_name() {
        let secrets = [secret("a", &[("PRELOAD", "x"), ("b", "y")])];
        assert!(names(&secrets, "LD_", &["PRELOAD"], &[]).is_err());
        assert!(names(&secrets, "1", &["b"], &[]).is_err());
    }

    #[test]
    fn what_no_environment_holds_is_refused_without_showing_it() {
        let long = "c".repeat(LONGEST - 2);
        for (key, value) in [("k", "canary\0"), ("kk", long.as_str())] {
            let error = names(&[secret("a", &[(key, value)])], "", &[], &[]).unwrap_err();
            assert_eq!(error.kind(), Kind::Invalid);
            assert!(!format!("{error:?}").contains("canary"));
        }
        assert!(names(&[secret("a", &[("k", &long[1..])])], "", &[], &[]).is_ok());
    }
}
