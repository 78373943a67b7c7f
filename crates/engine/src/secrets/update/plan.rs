//! What a change makes of a secret that was found.

use crate::engine::Engine;
use crate::intent::Naming;
use crate::secrets::create::cannot_keep;
use crate::secrets::{read, rows};
use strongroom_core::central::{CentralSecret, SecretChange, ValuesChange, check_central_values};
use strongroom_core::{Description, Result, Values};
use uuid::Uuid;

/// What the place of the values shall keep, and what the row shall say.
#[derive(Clone)]
pub(super) struct Plan {
    pub(super) secret: CentralSecret,
    pub(super) naming: Naming,
    /// What the row must say now, as the rest of the plan is made of it.
    pub(super) found: Naming,
    pub(super) base: u32,
    /// Whether the values stay; those that are written are the same.
    pub(super) keeps_revision: bool,
    /// What is written, if anything.
    pub(super) write: Option<Values>,
    /// As [`SecretChange::schema`]: without one, that of the row stays, whoever changed it meanwhile.
    pub(super) schema: Option<String>,
    pub(super) request: Option<Uuid>,
}

impl Plan {
    /// What `wanted` makes of `secret`, whose values are `current`.
    ///
    /// # Errors
    /// [`strongroom_core::Kind::Invalid`] when no store, or not this one, keeps such values; [`strongroom_core::Kind::Corrupt`] when
    /// some values shall change and the others are gone.
    pub(super) fn new(
        engine: &Engine,
        mut secret: CentralSecret,
        current: Option<Values>,
        wanted: &SecretChange,
    ) -> Result<Self> {
        let next = values(engine, &secret, current.as_ref(), wanted)?;
        let base = secret.revision;
        let realm = |secret: &CentralSecret| {
            rows::realm(secret.visibility, secret.owner.id, secret.project.id, engine.default_project)
        };
        let found = Naming::new(realm(&secret), &secret.name, secret.visibility);
        if let Some(name) = &wanted.name {
            secret.name = name.clone();
        }
        if let Some(visibility) = wanted.visibility {
            secret.visibility = visibility;
        }
        let naming = Naming::new(realm(&secret), &secret.name, secret.visibility);
        secret.revision = base + u32::from(next.is_some());
        let keeps_revision = next.is_none();
        // what cannot be found needs no other name
        let kept_again = current.clone().filter(|_| keeps_revision && naming != found && engine.values.tells_names());
        secret.values = next.clone().or(current);
        let write = next.or(kept_again);
        if let Some(values) = &write {
            let description = Description::from(&secret);
            engine.values.check(&description, values).map_err(|error| cannot_keep(error, &secret.name))?;
        }
        let SecretChange { schema, request, .. } = wanted;
        Ok(Self { secret, naming, found, base, keeps_revision, write, schema: schema.clone(), request: *request })
    }
}

/// The values from now on; `None` when they stay as they are.
fn values(
    engine: &Engine,
    secret: &CentralSecret,
    current: Option<&Values>,
    wanted: &SecretChange,
) -> Result<Option<Values>> {
    let next = match &wanted.values {
        None => return Ok(None),
        Some(ValuesChange::Replace(values)) => values.clone(),
        Some(ValuesChange::Patch(pairs)) => {
            let mut values = current.cloned().ok_or_else(|| read::gone(secret, engine.values.kind()))?;
            for (key, value) in pairs {
                match value {
                    Some(value) => values.insert(key.clone(), value.clone()),
                    None => drop(values.remove(key)),
                }
            }
            values
        }
    };
    if current == Some(&next) {
        return Ok(None);
    }
    check_central_values(&next)?;
    Ok(Some(next))
}
