//! How a central store spells the values of a secret as one item of a service, as ZenML 0.98 does or as 0.44 did.
//!
//! The name is `zenml-ID`, the value the JSON map of the values, and tags say whose it is; in the form of 0.44 they tell name
//! and owner too, but the catalogue's are the ones that count. One tag is ours alone: which write it was, so that a write that
//! was interrupted is recognised.

use super::group::WRITE;
use super::{Description, StoreForm};
use crate::central::SecretId;
use crate::{Error, Filter, Item, ItemName, Kind, Result, Rules, Tags, Values, parse_values, write_values};
use secrecy::ExposeSecret;
use uuid::Uuid;

/// The tag that names the server whose secret it is.
const SERVER: &str = "zenml";
/// The tag that names the secret.
const SECRET_ID: &str = "zenml_secret_id";
/// The media type of the value.
const JSON: &str = "application/json";

/// The layout of one central store in one service.
#[derive(Debug, Clone, Copy)]
pub struct StoreLayout {
    rules: &'static Rules,
    server: Uuid,
    form: StoreForm,
    stands_for: Option<Uuid>,
}

impl StoreLayout {
    /// The layout of the store `server` in a service with these rules; what it reads is of either form, what it writes of that.
    pub fn new(rules: &'static Rules, server: Uuid, form: StoreForm) -> Self {
        Self { rules, server, form, stands_for: None }
    }

    /// The same for a store that took over the items of `server`, a server of ZenML: it reads those too, and what it writes is
    /// that server's, so that ZenML reads on.
    pub fn standing_for(self, server: Uuid) -> Self {
        Self { stands_for: Some(server), ..self }
    }

    /// The form of what is written.
    pub fn form(&self) -> StoreForm {
        self.form
    }

    /// The item that holds the values of a secret.
    ///
    /// # Panics
    /// Never: `zenml` and an id are a name everywhere.
    pub fn item_name(&self, id: SecretId) -> ItemName {
        format!("zenml{}{id}", self.rules.separator).parse().expect("a legal name")
    }

    /// The items of the store.
    pub fn filter(&self) -> Filter {
        Filter { tags: Tags::from_iter([(SERVER.to_owned(), self.server.to_string())]), tagged: None }
    }

    /// The secret that an item with these tags says it holds.
    pub fn secret_of(&self, tags: &Tags) -> Option<SecretId> {
        tags.get(SECRET_ID)?.parse().ok()
    }

    /// The item with these values; `write` tells this write from all others.
    ///
    /// # Errors
    /// [`Kind::Invalid`] when the values exceed the service's limits, or the form cannot tell the name.
    pub fn encode(&self, secret: &Description, values: &Values, write: Uuid) -> Result<Item> {
        let id = secret.id;
        let server = self.stands_for.unwrap_or(self.server);
        let mut tags =
            Tags::from_iter([(SERVER.to_owned(), server.to_string()), (SECRET_ID.to_owned(), id.to_string())]);
        let mut identity = tags.clone();
        if self.stands_for.is_some() {
            // an item that was deleted before the store took others over has the store's own id
            identity.shift_remove(SERVER);
        }
        tags.extend(self.form.tags(secret, self.rules)?);
        tags.insert(WRITE.to_owned(), write.to_string());
        let content_type = Some(JSON.to_owned());
        let item = Item { identity, content_type, ..Item::new(self.item_name(id), write_values(values, &[]), tags) };
        self.rules.check(&item)?;
        Ok(item)
    }

    /// Leaves `item` with the user and workspace that the item `before` it names, where its form names any.
    pub fn keep_owner(&self, item: &mut Item, before: &Item) {
        self.form.keep_owner(&mut item.tags, &before.tags);
    }

    /// The values in an item that is ours.
    ///
    /// # Errors
    /// As [`Self::verify`], and [`Kind::Corrupt`] when the value is no JSON map.
    pub fn decode(&self, id: SecretId, item: &Item) -> Result<Values> {
        self.verify(id, &item.tags)?;
        if item.value.expose_secret().is_empty() {
            return Ok(Values::new()); // so ZenML reads it
        }
        let name = &item.name;
        parse_values("its value", &item.value).map_err(|error| error.within(format!("`{name}` cannot be read")))
    }

    /// Whether an item with these tags holds the values of that secret of this server: by the two tags that both generations
    /// of ZenML write.
    ///
    /// # Errors
    /// [`Kind::Conflict`] when it is another server's or nobody's, [`Kind::Corrupt`] when it is another secret's.
    pub fn verify(&self, id: SecretId, tags: &Tags) -> Result<()> {
        let name = self.item_name(id);
        let service = self.rules.service;
        match tags.get(SERVER) {
            Some(server) if self.servers().any(|id| *server == id.to_string()) => {}
            Some(_) => {
                return Err(Error::new(
                    Kind::Conflict,
                    format!("`{name}` in {service} belongs to another central store"),
                )
                .with_hint(format!("its tag `{SERVER}` is not `{}`, the id of this one", self.server)));
            }
            None => {
                return Err(Error::new(
                    Kind::Conflict,
                    format!("`{name}` in {service} has no tags of a central store"),
                )
                .with_hint(format!("the tag `{SERVER}` names the store, `{SECRET_ID}` the secret")));
            }
        }
        match tags.get(SECRET_ID) {
            Some(found) if *found == id.to_string() => Ok(()),
            Some(_) => Err(Error::corrupt(format!("the tag `{SECRET_ID}` of `{name}` names another secret"))),
            None => Err(Error::corrupt(format!("`{name}` has no tag `{SECRET_ID}`"))),
        }
    }

    /// Whose items are this store's.
    fn servers(&self) -> impl Iterator<Item = Uuid> {
        [Some(self.server), self.stands_for].into_iter().flatten()
    }

    /// Which write of ours an item is of; `None` when ZenML wrote it.
    pub fn write_of(&self, tags: &Tags) -> Option<Uuid> {
        tags.get(WRITE)?.parse().ok()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::central::Visibility;
    use crate::{NameRule, Unscoped, Value};
    use secrecy::SecretString;
    use time::OffsetDateTime;

    const ANY: NameRule = NameRule { legal: |_| true, words: "anything", longest: 127 };
    static RULES: Rules = Rules {
        service: "a vault",
        scopes: true,
        separator: '-',
        names: ANY,
        items: ANY,
        folds_case: true,
        value_bytes: 40,
        tags: 15,
        tag_length: 512,
        compare_and_set: false,
        unscoped: Unscoped::PerKey,
    };
    const SERVER_ID: Uuid = Uuid::from_u128(1);
    const ID: Uuid = Uuid::from_u128(2);

    fn layout() -> StoreLayout {
        StoreLayout::new(&RULES, SERVER_ID, StoreForm::V0_98)
    }

    fn secret() -> Description {
        Description {
            id: ID,
            name: "s".parse().unwrap(),
            visibility: Visibility::Public,
            owner: ID,
            project: ID,
            created: OffsetDateTime::UNIX_EPOCH,
            updated: OffsetDateTime::UNIX_EPOCH,
        }
    }

    fn values(text: &str) -> Values {
        Values::from_iter([("a".to_owned(), Value::text(text))])
    }

    #[test]
    fn what_is_written_is_read() {
        let item = layout().encode(&secret(), &values("é"), Uuid::from_u128(3)).unwrap();
        assert_eq!(item.name.as_str(), "zenml-00000000-0000-0000-0000-000000000002");
        assert_eq!(item.value.expose_secret(), r#"{"a": "\u00e9"}"#);
        assert_eq!(layout().decode(ID, &item).unwrap(), values("é"));
        assert_eq!(layout().write_of(&item.tags), Some(Uuid::from_u128(3)));
        let error = layout().encode(&secret(), &values(&"x".repeat(40)), ID).unwrap_err();
        assert_eq!(error.kind(), Kind::Invalid);
        assert!(error.to_string().ends_with("is too large for a vault: 49 of 40 bytes"), "{error}");
    }

    #[test]
    fn who_stands_for_a_server_of_zenml_reads_both_and_writes_as_that_one() {
        let theirs = StoreLayout::new(&RULES, Uuid::from_u128(9), StoreForm::V0_98);
        let standing = layout().standing_for(Uuid::from_u128(9));
        let [ours, foreign] = [layout(), theirs].map(|layout| layout.encode(&secret(), &values("1"), ID).unwrap());
        for item in [&ours, &foreign] {
            assert_eq!(standing.decode(ID, item).unwrap(), values("1"));
        }
        assert!(layout().decode(ID, &foreign).is_err());
        let item = standing.encode(&secret(), &values("1"), ID).unwrap();
        assert_eq!(item.tags, foreign.tags);
        assert!([&ours, &foreign].iter().all(|before| item.identity.iter().all(|(tag, id)| before.tags[tag] == *id)));
    }

    #[test]
    fn every_refusal_says_what_is_wrong() {
        let good = layout().encode(&secret(), &values("1"), ID).unwrap();
        for (tag, value, kind, end) in [
            (SERVER, Some(ID), Kind::Conflict, "in a vault belongs to another central store"),
            (SERVER, None, Kind::Conflict, "in a vault has no tags of a central store"),
            (SECRET_ID, Some(SERVER_ID), Kind::Corrupt, "names another secret"),
            (SECRET_ID, None, Kind::Corrupt, "has no tag `zenml_secret_id`"),
        ] {
            let mut item = good.clone();
            item.tags.shift_remove(tag);
            item.tags.extend(value.map(|value| (tag.to_owned(), value.to_string())));
            let error = layout().decode(ID, &item).unwrap_err();
            assert_eq!(error.kind(), kind, "{error}");
            assert!(error.to_string().contains(end), "{error}");
        }
        let torn = Item { value: SecretString::from(r#"{"a": "canary"#), ..good };
        let error = layout().decode(ID, &torn).unwrap_err();
        assert_eq!(error.kind(), Kind::Corrupt);
        assert!(!format!("{error:?}").contains("canary"));
    }
}
