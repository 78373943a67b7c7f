//! Pages of lists.

use super::Client;
use super::send::Request;
use super::wire;
use serde::de::DeserializeOwned;
use strongroom_core::Result;
use strongroom_core::query::{Filterable, Page, Query};

impl Client {
    /// One page of what is at `path`; `read` makes an entry of what the server says.
    pub(super) async fn page<T: Filterable, W: DeserializeOwned>(
        &self,
        path: &[&str],
        query: &Query<T>,
        read: impl Fn(W) -> Result<T> + Send,
    ) -> Result<Page<T>> {
        let mut request = Request::get(path, "the list");
        request.query.extend(query.parameters());
        let wire::Page { index, total_pages, total, items } = self.ask::<wire::Page<W>>(request).await?;
        let items = items.into_iter().map(read).collect::<Result<_>>()?;
        Ok(Page { items, page: index, pages: total_pages, total })
    }
}
