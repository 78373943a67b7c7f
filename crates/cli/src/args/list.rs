//! The options of every `list`.

use clap::Args;
use strongroom_core::Result;
use strongroom_core::query::{Filterable, Query};

/// What filters look like.
pub(crate) const HELP: &str = "\
A FILTER is a value, or an operation and a value: `startswith:aws`, `contains:prod`,
`endswith:-eu`, `equals:x`; for times `gt:`, `gte:`, `lt:`, `lte:`. Examples:
  --name=startswith:azure
  --created='gte:2023-09-01 12:00:00' --sort-by=desc:created";

/// Which entries to show, and in what order.
#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    /// The field to sort by, `desc:` before it for the other way round
    #[arg(long, alias = "sort_by", value_name = "FIELD", default_value = "created", hide_default_value = true)]
    pub(crate) sort_by: String,
    /// Whether all filters must fit, or one is enough
    #[arg(long, alias = "logical_operator", value_name = "and|or", value_parser = ["and", "or"], default_value = "and",
          hide_default_value = true, hide_possible_values = true)]
    pub(crate) logical_operator: String,
    /// Which page to show
    #[arg(long, default_value_t = 1, value_name = "NUMBER", hide_default_value = true)]
    pub(crate) page: usize,
    /// How many entries a page has [default: 50]
    #[arg(long, default_value_t = 50, value_name = "NUMBER", hide_default_value = true)]
    pub(crate) size: usize,
    /// Only that of this id
    #[arg(long, value_name = "FILTER")]
    pub(crate) id: Vec<String>,
    /// Only those of this name
    #[arg(long, value_name = "FILTER")]
    pub(crate) name: Vec<String>,
    /// Only those made at this time
    #[arg(long, value_name = "FILTER")]
    pub(crate) created: Vec<String>,
    /// Only those last changed at this time
    #[arg(long, value_name = "FILTER")]
    pub(crate) updated: Vec<String>,
}

impl ListArgs {
    /// The query that these options ask for; `more` are the filters of one kind of list.
    ///
    /// # Errors
    /// [`strongroom_core::Kind::Invalid`] when a field, an operation or a value is none.
    pub(crate) fn query<T: Filterable>(self, more: &[(&str, &[String])]) -> Result<Query<T>> {
        let Self { sort_by, logical_operator, page, size, id, name, created, updated } = self;
        let mut query = Query::default();
        (query.any, query.page, query.size) = (logical_operator == "or", page, size);
        query.sort_by(&sort_by)?;
        let own = [("id", &*id), ("name", &*name), ("created", &*created), ("updated", &*updated)];
        for (field, filters) in own.iter().chain(more) {
            for filter in *filters {
                query.filter(field, filter)?;
            }
        }
        Ok(query)
    }
}
