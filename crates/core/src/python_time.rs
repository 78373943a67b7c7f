//! Times as ZenML writes them.

use time::OffsetDateTime;

/// A time as Python's `isoformat` writes one without a zone: in UTC, microseconds left out when there are none.
pub fn python_time(time: OffsetDateTime) -> String {
    let time = time.to_offset(time::UtcOffset::UTC);
    let (date, clock) = (time.date(), time.time());
    let (hour, minute, second, micro) = clock.as_hms_micro();
    let (year, month, day) = (date.year(), u8::from(date.month()), date.day());
    let mut text = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}");
    if micro > 0 {
        text.push_str(&format!(".{micro:06}"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_as_python_does() {
        let at = |micros: i128| python_time(OffsetDateTime::from_unix_timestamp_nanos(micros * 1000).expect("a time"));
        assert_eq!(at(1_685_620_800_000_000), "2023-06-01T12:00:00");
        assert_eq!(at(1_685_620_800_000_120), "2023-06-01T12:00:00.000120");
    }
}
