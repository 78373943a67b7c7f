//! `strongroom stack list`

use super::view::StackView;
use crate::args::stack::StackListArgs;
use crate::commands::component::page_footer;
use crate::exit::ExitStatus;
use crate::output::Table;
use crate::session::Session;
use strongroom_core::query::Page;
use strongroom_core::{ComponentType, Result, Stack};

/// Lists one page of the stacks, with a column for each type that one of them has.
pub(super) fn list(args: StackListArgs, session: &Session) -> Result<ExitStatus> {
    let StackListArgs { list, component_id } = args;
    let query = list.query(&[("component_id", &component_id)])?;
    let catalogue = session.catalogue()?;
    let Page { items, page, pages, total } = catalogue.stacks(&query)?;
    let active = session.active_stack()?.id;
    let view = |stack: Stack| {
        let parts = catalogue.components_of(&stack)?;
        let is_active = stack.id == active;
        Ok(StackView::with(stack, parts, is_active))
    };
    let views = items.into_iter().map(view).collect::<Result<Vec<_>>>()?;
    if total == 0 {
        session.printer.done("No stacks found for the given filters.");
        return session.printer.data_or_text(&views, String::new).map(|()| ExitStatus::Success);
    }
    session.printer.data(&views, || table(&views))?;
    session.printer.done(page_footer(&Page { items: Vec::<()>::new(), page, pages, total }));
    Ok(ExitStatus::Success)
}

fn table(views: &[StackView]) -> Table {
    let in_use = |kind: &&ComponentType| views.iter().any(|view| view.components.contains_key(kind));
    let kinds: Vec<_> = ComponentType::ALL.iter().filter(in_use).collect();
    let headers = ["ACTIVE", "STACK NAME", "STACK ID"].map(str::to_owned);
    let row = |view: &StackView| {
        let mark = if view.active { "*" } else { "" };
        let parts =
            kinds.iter().map(|kind| view.components.get(kind).map_or_else(String::new, |part| part.name.clone()));
        [mark.to_owned(), view.name.clone(), view.id.to_string()].into_iter().chain(parts).collect::<Vec<_>>()
    };
    let columns = kinds.iter().map(|kind| kind.as_str().to_uppercase());
    Table::new(headers.into_iter().chain(columns)).with_rows(views.iter().map(row))
}
