//! `strongroom <type> list`

use crate::args::component::ComponentListArgs;
use crate::exit::ExitStatus;
use crate::output::Table;
use crate::session::Session;
use serde::Serialize;
use strongroom_core::query::Page;
use strongroom_core::{Component, ComponentType, Result};

/// One entry of the list.
#[derive(Serialize)]
struct Entry<'a> {
    #[serde(flatten)]
    component: &'a Component,
    active: bool,
}

/// Lists one page of the components.
pub(super) fn list(kind: ComponentType, args: ComponentListArgs, session: &Session) -> Result<ExitStatus> {
    let ComponentListArgs { list, flavor, kind: kinds } = args;
    let query = list.query(&[("flavor", &flavor), ("type", &kinds)])?;
    let page: Page<Component> = session.catalogue()?.components(kind, &query)?;
    let active = session.active_component(kind)?.map(|component| component.id);
    let entries: Vec<_> =
        page.items.iter().map(|component| Entry { component, active: Some(component.id) == active }).collect();
    if page.total == 0 {
        session.printer.done("No components found for the given filters.");
        return session.printer.data_or_text(&entries, String::new).map(|()| ExitStatus::Success);
    }
    session.printer.data(&entries, || {
        let row = |Entry { component, active }: &Entry<'_>| {
            let mark = if *active { "*" } else { "" };
            [mark.to_owned(), component.name.clone(), component.id.to_string(), component.flavor.clone()]
        };
        Table::new(["ACTIVE", "NAME", "COMPONENT ID", "FLAVOR"]).with_rows(entries.iter().map(row))
    })?;
    session.printer.done(page_footer(&page));
    Ok(ExitStatus::Success)
}

/// Which page of how many this is.
pub(in crate::commands) fn page_footer<T>(page: &Page<T>) -> String {
    let Page { items: _, page, pages, total } = page;
    format!("Page `({page}/{pages})`, `{total}` items found for the applied filters.")
}
