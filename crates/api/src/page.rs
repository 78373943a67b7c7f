//! One page of a list, as both versions write it.

use serde::Serialize;
use strongroom_core::query;
use utoipa::ToSchema;

/// One page.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T> {
    /// Which page it is, from 1.
    pub index: usize,
    /// How many entries a page has at most.
    pub max_size: usize,
    /// How many pages there are; 1 when there is nothing.
    pub total_pages: usize,
    /// How many entries all pages have.
    pub total: usize,
    /// Its entries.
    pub items: Vec<T>,
}

impl<T> Page<T> {
    /// A page of what `write` makes of each entry.
    pub fn of<S>(page: query::Page<S>, max_size: usize, write: impl FnMut(S) -> T) -> Self {
        let query::Page { items, page, pages, total } = page;
        Self { index: page, max_size, total_pages: pages, total, items: items.into_iter().map(write).collect() }
    }

    /// All there is, on one page.
    pub fn whole(items: Vec<T>) -> Self {
        Self { index: 1, max_size: 20, total_pages: 1, total: items.len(), items }
    }
}
