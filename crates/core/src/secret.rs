//! A secret as a user knows it.

use crate::{Error, Result, Schema, SecretName, Values};

/// A named map of keys to values, of one schema.
#[derive(Debug, Clone, PartialEq)]
pub struct Secret {
    /// What the user calls it.
    pub name: SecretName,
    /// Which keys it may and must have.
    pub schema: Schema,
    /// Its keys and values, valid under the schema.
    pub values: Values,
}

impl Secret {
    /// A secret whose values were checked against `schema`, defaults filled in.
    ///
    /// # Errors
    /// [`crate::Kind::Invalid`] when the name or a key is `name` (ZenML keeps the secret's name under it), a key is
    /// `zenml_schema_name` (ZenML would lose its value), or the schema is violated.
    pub fn new(name: SecretName, schema: Schema, values: Values) -> Result<Self> {
        if name.as_str() == "name" {
            return Err(Error::invalid("secret names cannot be named 'name'"));
        }
        if values.get("name").is_some() {
            return Err(Error::invalid("you can't use 'name' as the key for one of your secrets"));
        }
        if values.get("zenml_schema_name").is_some() {
            return Err(Error::invalid("you can't use 'zenml_schema_name' as a key: the schema is stored under it"));
        }
        let values = schema.check(values)?;
        Ok(Self { name, schema, values })
    }
}
