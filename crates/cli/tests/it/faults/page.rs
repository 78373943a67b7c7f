//! `docs/faults.md`: what was seen, compared or written.

use super::command::COMMANDS;
use super::place::Layout;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Tests write their own part, side by side.
static PAGE: Mutex<()> = Mutex::new(());

/// The page for oneself; a chapter that is not as it was says nothing of the others.
fn page() -> MutexGuard<'static, ()> {
    PAGE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whether the page is to be made what was seen.
fn overwrites() -> bool {
    #[allow(clippy::disallowed_methods)] // a test reads its own switches
    std::env::var("SNAPSHOTS").is_ok_and(|action| action == "overwrite")
}

fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/faults.md")
}

/// What stands before, in and after the table of a chapter for one layout.
fn parts(page: &str, chapter: &str, layout: Layout) -> [String; 3] {
    let begin = format!("<!-- {} -->\n", format!("{chapter}, {layout:?}").to_lowercase());
    let (before, rest) = page.split_once(&begin).unwrap_or_else(|| panic!("docs/faults.md has no {begin:?}"));
    let (table, after) = rest.split_once(END).unwrap_or_else(|| panic!("docs/faults.md has no {END:?}"));
    [format!("{before}{begin}"), table.to_owned(), format!("{END}{after}")]
}

const END: &str = "<!-- end -->\n";

/// Row `index` as it is written, to be compared with.
pub(super) fn written(chapter: &str, layout: Layout, index: usize) -> Option<String> {
    let _one = page();
    let [_, table, _] = parts(&fs::read_to_string(path()).unwrap(), chapter, layout);
    // an empty line, the head and the line below it
    table.lines().nth(index + 3).filter(|_| !overwrites()).map(str::to_owned)
}

/// A row as it is written.
pub(super) fn line(row: &[String]) -> String {
    format!("| {} |", row.join(" | "))
}

/// The table of a chapter must be these rows; with `SNAPSHOTS=overwrite` it is made so.
#[track_caller]
pub(super) fn same(chapter: &str, layout: Layout, rows: &[Vec<String>]) {
    let _one = page();
    let [before, written, after] = parts(&fs::read_to_string(path()).unwrap(), chapter, layout);
    let seen = table(rows);
    if overwrites() {
        fs::write(path(), [before, seen, after].concat()).unwrap();
        return;
    }
    assert!(
        written == seen,
        "docs/faults.md is not what was seen; run `cargo xtask faults --write` and look at the difference.\n{seen}"
    );
}

fn table(rows: &[Vec<String>]) -> String {
    let mut text = "\n| fault |".to_owned();
    for command in COMMANDS {
        let _ = write!(text, " {} |", command.name);
    }
    text.push_str("\n|---|");
    text.push_str(&"---|".repeat(COMMANDS.len()));
    text.push('\n');
    for row in rows {
        let _ = writeln!(text, "{}", line(row));
    }
    text.push('\n');
    text
}
