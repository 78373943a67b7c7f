//! Moments as users see them.

use time::OffsetDateTime;
use time::format_description::FormatItem;
use time::macros::format_description;

const SECONDS: &[FormatItem<'_>] = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]Z");

/// RFC 3339 in UTC, to the second.
pub(crate) fn moment(time: OffsetDateTime) -> String {
    time.to_offset(time::UtcOffset::UTC).format(SECONDS).expect("all parts are there")
}
