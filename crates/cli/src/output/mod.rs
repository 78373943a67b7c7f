//! What a user sees: data on stdout, everything else on stderr.

mod colour;
mod error;
mod format;
mod hints;
mod moment;
mod printer;
mod table;

pub(crate) use colour::{Style, wants_colour};
pub(crate) use error::{print_error, print_usage};
pub(crate) use format::OutputFormat;
pub(crate) use hints::Hint;
pub(crate) use moment::moment;
pub(crate) use printer::Printer;
pub(crate) use table::Table;
