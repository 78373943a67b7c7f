//! What a `list` command shows: filters, order and one page, as in ZenML 0.44.

mod exact;
mod filter;

pub use exact::{Exact, Wanted};

use crate::{Error, Result};
use filter::Filter;
use std::borrow::Cow;
use std::marker::PhantomData;
use time::OffsetDateTime;
use uuid::Uuid;

/// The most entries of one page.
const LARGEST: usize = 10_000;

/// Something that can be filtered and sorted by its fields.
pub trait Filterable {
    /// The fields, as users name them.
    const FIELDS: &'static [&'static str];

    /// The value of one of the fields.
    fn field(&self, name: &str) -> Field<'_>;
}

/// The value of a field.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field<'a> {
    /// Text.
    Text(Cow<'a, str>),
    /// One or several ids; a filter passes when one of them does.
    Ids(Vec<Uuid>),
    /// A moment.
    Time(OffsetDateTime),
    /// Yes or no.
    Flag(bool),
    /// Another thing, by id or name.
    Reference(Uuid, Cow<'a, str>),
}

/// Which entries to show, in what order, and which page of them. By default the first 50, oldest first.
#[derive(Debug, Clone)]
pub struct Query<T> {
    filters: Vec<Filter>,
    sort_by: &'static str,
    descending: bool,
    /// Whether one filter is enough (`or`); otherwise all must pass (`and`).
    pub any: bool,
    /// Which page, from 1.
    pub page: usize,
    /// How many entries a page has, 1 to 10,000.
    pub size: usize,
    of: PhantomData<fn(&T)>,
}

impl<T> Default for Query<T> {
    fn default() -> Self {
        Self { filters: vec![], sort_by: "created", descending: false, any: false, page: 1, size: 50, of: PhantomData }
    }
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// Its entries.
    pub items: Vec<T>,
    /// Which page it is, from 1.
    pub page: usize,
    /// How many pages there are; 1 when there is nothing.
    pub pages: usize,
    /// How many entries all pages have.
    pub total: usize,
}

impl<T: Filterable> Query<T> {
    /// Everything on one page.
    pub fn all() -> Self {
        Self { size: LARGEST, ..Self::default() }
    }

    /// Adds a filter: `text` is a value, or an operation and a value, such as `startswith:aws`. Text and ids know `equals`,
    /// `contains`, `startswith`, `endswith`; times `equals`, `gt`, `gte`, `lt`, `lte`.
    ///
    /// # Errors
    /// [`crate::Kind::Invalid`] when there is no such field, or it does not know the operation or the value.
    pub fn filter(&mut self, field: &str, text: &str) -> Result<()> {
        self.filters.push(Filter::parse(Self::field(field)?, text)?);
        Ok(())
    }

    /// Sorts by a field, `asc:` or `desc:` before it.
    ///
    /// # Errors
    /// [`crate::Kind::Invalid`] when there is no such field or order.
    pub fn sort_by(&mut self, text: &str) -> Result<()> {
        let (order, field) = text.split_once(':').unwrap_or(("asc", text));
        self.descending = match order {
            "asc" => false,
            "desc" => true,
            _ => {
                return Err(Error::invalid(format!("`{order}` is not an order"))
                    .with_hint("sort by `asc:FIELD` or `desc:FIELD`"));
            }
        };
        self.sort_by = Self::field(field)?;
        Ok(())
    }

    fn field(name: &str) -> Result<&'static str> {
        T::FIELDS.iter().copied().find(|field| *field == name).ok_or_else(|| {
            Error::invalid(format!("there is no field `{name}` to filter or sort by"))
                .with_hint(format!("fields: {}", T::FIELDS.join(", ")))
        })
    }

    /// The same query as parameters of ZenML's REST API.
    pub fn parameters(&self) -> Vec<(&'static str, String)> {
        let Self { filters, sort_by, descending, any, page, size, of: _ } = self;
        let order = if *descending { "desc" } else { "asc" };
        let mut parameters = vec![
            ("sort_by", format!("{order}:{sort_by}")),
            ("logical_operator", if *any { "or" } else { "and" }.to_owned()),
            ("page", page.to_string()),
            ("size", size.to_string()),
        ];
        parameters.extend(filters.iter().map(|filter| (filter.field(), filter.text().to_owned())));
        parameters
    }

    /// The filters that a database may judge, and whether these are all. Who leaves the others to [`Self::page_of`] gets the same.
    pub fn exact(&self) -> (Vec<Exact<'_>>, bool) {
        let exact: Vec<_> = self.filters.iter().filter_map(Filter::exact).collect();
        match exact.len() == self.filters.len() {
            true => (exact, true),
            // when one is enough, none may be left out
            false if self.any => (Vec::new(), false),
            false => (exact, false),
        }
    }

    /// The field that entries are sorted by, and whether the last one comes first. Those that are equal stay as they were.
    pub fn order(&self) -> (&'static str, bool) {
        (self.sort_by, self.descending)
    }

    /// The page of `all` that is asked for.
    ///
    /// # Errors
    /// [`crate::Kind::Invalid`] when the page is past the end, or page or size are out of range.
    pub fn page_of(&self, mut all: Vec<T>) -> Result<Page<T>> {
        let Self { filters, sort_by, descending, any, page, size, of: _ } = self;
        let passes = |filter: &Filter, entry: &T| filter.passes(&entry.field(filter.field()));
        all.retain(|entry| match any {
            true => filters.is_empty() || filters.iter().any(|filter| passes(filter, entry)),
            false => filters.iter().all(|filter| passes(filter, entry)),
        });
        all.sort_by(|a, b| {
            let order = a.field(sort_by).cmp(&b.field(sort_by));
            if *descending { order.reverse() } else { order }
        });
        let total = all.len();
        let pages = self.pages(total)?;
        let items = all.into_iter().skip((page - 1) * size).take(*size).collect();
        Ok(Page { items, page: *page, pages, total })
    }

    /// How many pages `total` entries have.
    ///
    /// # Errors
    /// As [`Self::page_of`].
    pub fn pages(&self, total: usize) -> Result<usize> {
        let Self { page, size, .. } = self;
        if *page == 0 || !(1..=LARGEST).contains(size) {
            return Err(Error::invalid(format!("pages start at 1 and have 1 to {LARGEST} entries")));
        }
        let pages = total.div_ceil(*size).max(1);
        if *page > pages {
            // as ZenML says it, to programs that look for these words
            return Err(Error::invalid(format!(
                "Invalid page {page}. The requested page size is {size} and there are a total of {total} items for this \
                 query. The maximum page value therefore is {pages}."
            )));
        }
        Ok(pages)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq)]
    struct Fruit(&'static str, i64);

    impl Filterable for Fruit {
        const FIELDS: &'static [&'static str] = &["name", "created"];

        fn field(&self, name: &str) -> Field<'_> {
            match name {
                "created" => Field::Time(OffsetDateTime::from_unix_timestamp(self.1).unwrap()),
                _ => Field::Text(Cow::Borrowed(self.0)),
            }
        }
    }

    fn names(query: &Query<Fruit>) -> Vec<&'static str> {
        let all = vec![Fruit("pear", 3), Fruit("apple", 1), Fruit("Plum", 2)];
        query.page_of(all).unwrap().items.iter().map(|fruit| fruit.0).collect()
    }

    #[test]
    fn filters_combine_and_order_is_by_creation() {
        let mut query = Query::default();
        assert_eq!(names(&query), ["apple", "Plum", "pear"]);
        query.filter("name", "startswith:p").unwrap();
        query.filter("created", "gt:1970-01-01 00:00:02").unwrap();
        assert_eq!(names(&query), ["pear"]);
        query.any = true;
        query.sort_by("desc:name").unwrap();
        assert_eq!(names(&query), ["pear", "Plum"]);
    }

    #[test]
    fn a_query_is_told_as_parameters_in_the_words_it_was_given() {
        let mut query = Query::<Fruit> { page: 2, any: true, ..Query::default() };
        query.sort_by("desc:name").unwrap();
        query.filter("name", "startswith:p").unwrap();
        query.filter("name", "plain").unwrap();
        let told: Vec<_> = query.parameters().into_iter().map(|(name, text)| format!("{name}={text}")).collect();
        let expected = "sort_by=desc:name&logical_operator=or&page=2&size=50&name=startswith:p&name=plain";
        assert_eq!(told.join("&"), expected);
    }

    #[test]
    fn a_page_past_the_end_is_refused() {
        let mut query = Query::<Fruit> { size: 2, page: 2, ..Query::default() };
        assert_eq!(names(&query), ["pear"]);
        query.page = 3;
        let error = query.page_of(vec![Fruit("a", 1), Fruit("b", 2), Fruit("c", 3)]).unwrap_err();
        let expected = "Invalid page 3. The requested page size is 2 and there are a total of 3 items for this query. The \
             maximum page value therefore is 2.";
        assert_eq!(error.to_string(), expected);
        query.page = 1;
        let empty = query.page_of(vec![]).unwrap();
        assert_eq!((empty.pages, empty.total), (1, 0));
        query.size = 0;
        assert!(query.page_of(vec![]).is_err());
    }

    #[test]
    fn what_is_not_known_is_named() {
        let mut query = Query::<Fruit>::default();
        assert!(query.filter("colour", "x").unwrap_err().hint().unwrap().contains("name, created"));
        assert!(query.sort_by("up:name").unwrap_err().to_string().contains("`up`"));
        assert!(query.filter("created", "contains:2").unwrap_err().to_string().contains("`contains`"));
        assert!(query.filter("name", "gte:2").unwrap_err().to_string().contains("`gte`"));
        assert!(query.filter("created", "gte:soon").unwrap_err().to_string().contains("`soon`"));
    }
}
