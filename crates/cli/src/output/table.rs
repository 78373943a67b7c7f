//! Tables for people: boxed on a terminal, plain columns when piped.

use comfy_table::{Cell, ContentArrangement, presets};

/// Rows of text under headers.
#[derive(Debug, Clone)]
pub(crate) struct Table {
    headers: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table without rows.
    pub(crate) fn new<H: Into<String>>(headers: impl IntoIterator<Item = H>) -> Self {
        Self { headers: headers.into_iter().map(Into::into).collect(), rows: vec![] }
    }

    /// Adds a row.
    pub(crate) fn row<C: Into<String>>(&mut self, cells: impl IntoIterator<Item = C>) -> &mut Self {
        self.rows.push(cells.into_iter().map(Into::into).collect());
        self
    }

    /// The same table with these rows.
    #[must_use]
    pub(crate) fn with_rows<R, C: Into<String>>(mut self, rows: impl IntoIterator<Item = R>) -> Self
    where
        R: IntoIterator<Item = C>,
    {
        for row in rows {
            self.row(row);
        }
        self
    }

    /// Without borders, columns two spaces apart, no space at the end of a line.
    pub(crate) fn plain(&self) -> String {
        let mut table = comfy_table::Table::new();
        table.load_style(presets::NOTHING).set_header(self.headers.clone()).add_rows(self.rows.clone());
        let last = self.headers.len().saturating_sub(1);
        for (index, column) in table.column_iter_mut().enumerate() {
            column.set_padding((0, if index == last { 0 } else { 2 }));
        }
        let lines: Vec<_> = table.lines().map(|line| line.trim_end().to_owned()).collect();
        lines.join("\n") + "\n"
    }

    /// With borders, wrapped to `width` columns if that is known.
    pub(crate) fn boxed(&self, width: Option<u16>) -> String {
        let mut table = comfy_table::Table::new();
        let headers = self.headers.iter().map(Cell::new);
        table.load_style(presets::UTF8_FULL_CONDENSED).set_header(headers).add_rows(self.rows.clone());
        if let Some(width) = width {
            table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
        }
        table.to_string() + "\n"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_tables_line_up_and_end_cleanly() {
        let table = Table::new(["NAME", "ID"]).with_rows([["a", ""], ["longer", "1"]]);
        assert_eq!(table.plain(), "NAME    ID\na\nlonger  1\n");
    }
}
