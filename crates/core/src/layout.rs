//! How secrets managers spell secrets as items: names, tags and values, byte for byte as ZenML 0.12 to 0.44 do.
//!
//! Layouts are pure. A scoped secret is one item ([`ManagerLayout::encode`]); on services whose unscoped form is
//! [`Unscoped::PerKey`], an unscoped secret is one item per key (module [`group`]).

pub(crate) mod group;
mod store;
mod store_form;
mod whose;

use crate::scope::{check_name, refuse_references};
use crate::{
    ComponentId, Configuration, Error, Filter, Item, ItemName, Kind, Result, Rules, Schema, Scope, Secret, SecretName,
    Tags, Unscoped, Value, parse_values, write_values,
};
pub use group::unscoped_item_name;
use secrecy::ExposeSecret;
pub use store::StoreLayout;
pub use store_form::{Description, StoreForm};
pub use whose::Whose;

/// The key beside a secret's values that holds its schema.
const SCHEMA_KEY: &str = "zenml_schema_name";
const SCOPE: &str = "zenml_scope";
const SECRET_NAME: &str = "zenml_secret_name";
const NAMESPACE: &str = "zenml_namespace";
const COMPONENT_ID: &str = "zenml_component_uuid";
const COMPONENT_NAME: &str = "zenml_component_name";
const SCHEMA: &str = "zenml_secret_schema";

/// The secrets manager that writes: its id and name go into the tags.
#[derive(Debug, Clone)]
pub struct Owner {
    /// The component's id.
    pub id: ComponentId,
    /// The component's name.
    pub name: String,
}

/// The layout of one secrets manager.
#[derive(Debug, Clone)]
pub struct ManagerLayout {
    rules: &'static Rules,
    scope: Scope,
    owner: Owner,
}

impl ManagerLayout {
    /// The layout of a manager with these attributes.
    ///
    /// # Errors
    /// As [`Scope::from_attributes`], and [`Kind::Invalid`] when an attribute is a secret reference.
    pub fn new(rules: &'static Rules, attributes: &Configuration, owner: Owner) -> Result<Self> {
        refuse_references(attributes)?;
        let scope = Scope::from_attributes(attributes, owner.id, rules)?;
        Ok(Self { rules, scope, owner })
    }

    /// The scope of the manager.
    pub fn scope(&self) -> &Scope {
        &self.scope
    }

    /// Whether each key of a secret is an item of its own.
    pub fn is_per_key(&self) -> bool {
        self.scope == Scope::None && self.rules.unscoped == Unscoped::PerKey
    }

    /// The item that holds the secret of this name.
    ///
    /// # Errors
    /// [`Kind::Invalid`] when the name is illegal, or too long once the scope stands before it.
    pub fn item_name(&self, name: &SecretName) -> Result<ItemName> {
        check_name(&self.scope, name, self.rules)?;
        let mut segments = self.scope.segments();
        segments.push(name.to_string());
        let full = segments.join(&self.rules.separator.to_string());
        let (used, limit) = (full.chars().count(), self.rules.items.longest);
        if used > limit {
            let service = self.rules.service;
            let room = limit.saturating_sub(used - name.as_str().chars().count());
            return Err(Error::invalid(format!(
                "secret name `{name}` is too long for {service}: {used} of {limit} characters with its scope"
            ))
            .with_hint(format!("in this scope a secret name may have {room} characters")));
        }
        full.parse()
    }

    /// The tags that an item must carry to be in scope; with `name`, to be that very secret.
    pub fn scope_tags(&self, name: Option<&SecretName>) -> Tags {
        let mut tags = Tags::new();
        if self.scope == Scope::None {
            return tags;
        }
        tags.insert(SCOPE.into(), self.scope.kind().as_str().into());
        if let Some(name) = name {
            tags.insert(SECRET_NAME.into(), name.to_string());
        }
        match &self.scope {
            Scope::Namespace(namespace) => drop(tags.insert(NAMESPACE.into(), namespace.to_string())),
            Scope::Component(id) => drop(tags.insert(COMPONENT_ID.into(), id.to_string())),
            Scope::Global | Scope::None => {}
        }
        tags
    }

    /// What to list to see every secret of this manager.
    pub fn filter(&self) -> Filter {
        let tagged = self.is_per_key().then_some(group::SECRET);
        Filter { tags: self.scope_tags(None), tagged }
    }

    /// The secret that an item of a listing belongs to, if it is one of ours.
    pub fn secret_of(&self, item: &ItemName, tags: &Tags) -> Option<SecretName> {
        let name = match (&self.scope, self.rules.unscoped) {
            (Scope::None, Unscoped::Whole) => item.as_str(),
            (Scope::None, Unscoped::PerKey) => tags.get(group::SECRET)?,
            (Scope::Global | Scope::Component(_) | Scope::Namespace(_), _) => tags.get(SECRET_NAME)?,
        };
        name.parse().ok()
    }

    /// The one item of a secret. `before` is what it replaces: tags that are not ours, media type and validity stay.
    ///
    /// # Errors
    /// [`Kind::Invalid`] when the name is illegal or the item exceeds the service's limits.
    pub fn encode(&self, secret: &Secret, before: Option<&Item>) -> Result<Item> {
        let name = self.item_name(&secret.name)?;
        let value = write_values(&secret.values, &[(SCHEMA_KEY, secret.schema.name())]);
        let identity = self.scope_tags(Some(&secret.name));
        let mut tags = identity.clone();
        if self.scope != Scope::None {
            tags.insert(COMPONENT_NAME.into(), self.owner.name.clone());
            tags.insert(COMPONENT_ID.into(), self.owner.id.to_string());
            tags.insert(SCHEMA.into(), secret.schema.name().into());
        }
        let mut item = Item { identity, ..Item::new(name, value, tags) };
        if let Some(before) = before {
            item = carry(item, before);
        }
        self.rules.check(&item)?;
        Ok(item)
    }

    /// The secret in an item that is ours.
    ///
    /// # Errors
    /// [`Kind::Corrupt`] when the value is no JSON object, names no schema, or does not fit it.
    pub fn decode(&self, name: &SecretName, item: &Item) -> Result<Secret> {
        let unreadable = |error: Error| error.within(format!("secret `{name}` cannot be read"));
        let mut values = parse_values("its value", &item.value).map_err(unreadable)?;
        let schema = values
            .remove(SCHEMA_KEY)
            .ok_or_else(|| unreadable(Error::corrupt(format!("its value has no `{SCHEMA_KEY}`"))))?;
        values.remove("name"); // ZenML puts the secret's own name there, whatever was stored
        let Value::Text(schema) = schema else {
            return Err(unreadable(Error::corrupt(format!("`{SCHEMA_KEY}` in its value is not text"))));
        };
        let schema = Schema::stored(schema.expose_secret());
        let values = schema.check_stored(values).map_err(unreadable)?;
        Ok(Secret { name: name.clone(), schema, values })
    }

    /// Whether an item found under the name of `name` is that secret, by its tags.
    pub fn owns(&self, name: &SecretName, tags: &Tags) -> bool {
        self.scope_tags(Some(name)).iter().all(|(tag, value)| tags.get(tag) == Some(value))
    }

    /// Why `name` cannot be written: its item is there and is someone else's.
    pub fn foreign(&self, name: &SecretName, found: &ItemName, tags: &Tags) -> Error {
        let service = self.rules.service;
        let owner = match (tags.get(SECRET_NAME), tags.get(SCOPE)) {
            (Some(other), _) if other.eq_ignore_ascii_case(name.as_str()) && other != name.as_str() => {
                return Error::new(Kind::Conflict, format!("secret `{name}` differs only in case from `{other}`"))
                    .with_hint(format!("{service} does not tell them apart; choose another name"));
            }
            (Some(other), Some(scope)) => {
                let within =
                    tags.get(NAMESPACE).or(tags.get(COMPONENT_ID)).map(|it| format!(" `{it}`")).unwrap_or_default();
                format!("belongs to secret `{other}` of {scope}{within}")
            }
            _ => "is there and carries no tags of a secrets manager".to_owned(),
        };
        Error::new(Kind::Conflict, format!("cannot write secret `{name}`: `{found}` in {service} {owner}"))
            .with_hint("choose another secret name, or another namespace")
    }
}

/// `item` with what `before` carries beside our own tags.
fn carry(mut item: Item, before: &Item) -> Item {
    for (tag, value) in &before.tags {
        if !item.tags.contains_key(tag) && !tag.starts_with("zenml") && !tag.starts_with(group::WRITE) {
            item.tags.insert(tag.clone(), value.clone());
        }
    }
    item.content_type.clone_from(&before.content_type);
    item.validity = before.validity;
    item
}
