//! The parameters of a request, as ZenML's clients write them: Python's `True` and `False`, filters as `FIELD=OPERATION:VALUE`.

use crate::refusal::{Answer, Refusal};
use crate::request::unclear;
use axum::extract::{FromRequestParts, RawQuery};
use axum::http::request::Parts;
use std::convert::Infallible;
use std::str::FromStr;
use strongroom_core::query::{Filterable, Query};

/// The parameters, in order; a name may stand several times.
#[derive(Debug, Clone, Default)]
pub(crate) struct Parameters(Vec<(String, String)>);

impl<S: Send + Sync> FromRequestParts<S> for Parameters {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let RawQuery(query) = RawQuery::from_request_parts(parts, state).await?;
        let pairs = url::form_urlencoded::parse(query.as_deref().unwrap_or_default().as_bytes());
        Ok(Self(pairs.into_owned().collect()))
    }
}

impl Parameters {
    /// The last parameter of that name.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// A parameter that is yes or no.
    pub(crate) fn flag(&self, name: &str, default: bool) -> Answer<bool> {
        match self.get(name).map(str::to_ascii_lowercase).as_deref() {
            None => Ok(default),
            Some("true" | "1" | "yes" | "on") => Ok(true),
            Some("false" | "0" | "no" | "off") => Ok(false),
            Some(_) => Err(Refusal::not_understood(format!("`{name}` is true or false"))),
        }
    }

    /// Refuses a filter on what is yes or no that asks for anything else.
    pub(crate) fn filters_flag(&self, name: &str) -> Answer<()> {
        let asked = self.0.iter().filter(|(known, _)| known == name).map(|(_, value)| value.as_str());
        let mut asked =
            asked.map(|value| value.strip_prefix("equals:").or(value.strip_prefix("notequals:")).unwrap_or(value));
        match asked.all(|value| value.eq_ignore_ascii_case("true") || value.eq_ignore_ascii_case("false")) {
            true => Ok(()),
            false => Err(Refusal::not_understood(format!("`{name}` is true or false"))),
        }
    }

    /// A parameter that is a number.
    pub(crate) fn number<T: FromStr>(&self, name: &str) -> Answer<Option<T>> {
        let read = self.get(name).map(|text| text.parse::<T>());
        read.transpose()
            .map_err(|_| Refusal::not_understood(format!("`{name}` is no number, or none that is possible")))
    }

    /// The query for a list. Parameters that name no field are ignored, as in ZenML.
    pub(crate) fn query<T: Filterable>(&self) -> Answer<Query<T>> {
        let mut query = Query::default();
        query.size = 20;
        if let Some(page) = self.number("page")? {
            query.page = page;
        }
        if let Some(size) = self.number("size")? {
            query.size = size;
        }
        if query.page == 0 || !(1..=10_000).contains(&query.size) {
            return Err(Refusal::not_understood("`page` starts at 1, `size` is 1 to 10000"));
        }
        query.any = match self.get("logical_operator") {
            None | Some("and") => false,
            Some("or") => true,
            Some(_) => return Err(Refusal::not_understood("`logical_operator` is `and` or `or`")),
        };
        if let Some(order) = self.get("sort_by") {
            // a word before the colon that is no order means an ascending one, as in ZenML
            let order = match order.split_once(':') {
                Some(("asc" | "desc", _)) | None => order.to_owned(),
                Some((_, field)) => field.to_owned(),
            };
            query.sort_by(&order).map_err(unclear)?;
        }
        for (name, value) in self.0.iter().filter(|(name, _)| T::FIELDS.contains(&name.as_str())) {
            query.filter(name, value).map_err(unclear)?;
        }
        Ok(query)
    }

    /// What a stock client looks up: one text as the beginning of an id or, whole or in part, a name.
    pub(crate) fn lookup(&self) -> Option<&str> {
        let id = self.get("id")?.strip_prefix("startswith:")?;
        let (how, name) = self.get("name")?.split_once(':')?;
        let is_lookup =
            self.get("logical_operator") == Some("or") && matches!(how, "contains" | "equals") && id == name;
        is_lookup.then_some(id)
    }
}

/// How many entries a page has, for the answer.
pub(crate) fn page<T>(query: &Query<T>) -> usize {
    query.size
}
