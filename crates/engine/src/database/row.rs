//! What goes into a statement, and what comes out.

use strongroom_core::{Error, Result};
use time::OffsetDateTime;
use uuid::Uuid;

/// One value of a statement.
#[derive(Debug, Clone)]
pub(crate) enum Param<'a> {
    /// A number, a time or a flag.
    Int(Option<i64>),
    /// Text.
    Text(Option<&'a str>),
    /// An id, as text.
    Id(Option<Uuid>),
    /// Bytes.
    Blob(Option<&'a [u8]>),
}

impl From<i64> for Param<'_> {
    fn from(number: i64) -> Self {
        Self::Int(Some(number))
    }
}

impl From<u32> for Param<'_> {
    fn from(number: u32) -> Self {
        Self::Int(Some(number.into()))
    }
}

impl From<bool> for Param<'_> {
    fn from(flag: bool) -> Self {
        Self::Int(Some(flag.into()))
    }
}

impl From<OffsetDateTime> for Param<'_> {
    fn from(time: OffsetDateTime) -> Self {
        Self::Int(Some(micros(time)))
    }
}

impl From<Option<OffsetDateTime>> for Param<'_> {
    fn from(time: Option<OffsetDateTime>) -> Self {
        Self::Int(time.map(micros))
    }
}

impl From<Option<u32>> for Param<'_> {
    fn from(number: Option<u32>) -> Self {
        Self::Int(number.map(Into::into))
    }
}

impl<'a> From<&'a str> for Param<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Some(text))
    }
}

impl<'a> From<Option<&'a str>> for Param<'a> {
    fn from(text: Option<&'a str>) -> Self {
        Self::Text(text)
    }
}

impl From<Uuid> for Param<'_> {
    fn from(id: Uuid) -> Self {
        Self::Id(Some(id))
    }
}

impl From<Option<Uuid>> for Param<'_> {
    fn from(id: Option<Uuid>) -> Self {
        Self::Id(id)
    }
}

impl<'a> From<&'a [u8]> for Param<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Self::Blob(Some(bytes))
    }
}

impl<'a> From<Option<&'a [u8]>> for Param<'a> {
    fn from(bytes: Option<&'a [u8]>) -> Self {
        Self::Blob(bytes)
    }
}

/// Microseconds since 1970, as rows keep times.
pub(crate) fn micros(time: OffsetDateTime) -> i64 {
    i64::try_from(time.unix_timestamp_nanos() / 1000).expect("years of four digits")
}

/// The present moment, as exactly as rows keep it.
pub(crate) fn now() -> OffsetDateTime {
    from_micros(micros(OffsetDateTime::now_utc())).expect("the present")
}

fn from_micros(micros: i64) -> Option<OffsetDateTime> {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(micros) * 1000).ok()
}

/// One value of a row.
#[derive(Debug, Clone)]
pub(super) enum Cell {
    Null,
    Int(i64),
    Text(String),
    Blob(Vec<u8>),
}

/// A row, read from left to right.
#[derive(Debug)]
pub(crate) struct Row(std::vec::IntoIter<Cell>);

impl Row {
    pub(super) fn new(cells: Vec<Cell>) -> Self {
        Self(cells.into_iter())
    }

    fn next(&mut self) -> Result<Cell> {
        self.0.next().ok_or_else(damaged)
    }

    /// The next value, a number.
    pub(crate) fn int(&mut self) -> Result<i64> {
        self.optional_int()?.ok_or_else(damaged)
    }

    /// The next value, a number or nothing.
    pub(crate) fn optional_int(&mut self) -> Result<Option<i64>> {
        match self.next()? {
            Cell::Null => Ok(None),
            Cell::Int(number) => Ok(Some(number)),
            Cell::Text(_) | Cell::Blob(_) => Err(damaged()),
        }
    }

    /// The next value, a count.
    pub(crate) fn count(&mut self) -> Result<u32> {
        u32::try_from(self.int()?).map_err(|_| damaged())
    }

    /// The next value, a flag.
    pub(crate) fn flag(&mut self) -> Result<bool> {
        Ok(self.int()? != 0)
    }

    /// The next value, a time.
    pub(crate) fn time(&mut self) -> Result<OffsetDateTime> {
        from_micros(self.int()?).ok_or_else(damaged)
    }

    /// The next value, a time or nothing.
    pub(crate) fn optional_time(&mut self) -> Result<Option<OffsetDateTime>> {
        self.optional_int()?.map(|micros| from_micros(micros).ok_or_else(damaged)).transpose()
    }

    /// The next value, text.
    pub(crate) fn text(&mut self) -> Result<String> {
        self.optional_text()?.ok_or_else(damaged)
    }

    /// The next value, text or nothing.
    pub(crate) fn optional_text(&mut self) -> Result<Option<String>> {
        match self.next()? {
            Cell::Null => Ok(None),
            Cell::Text(text) => Ok(Some(text)),
            // MariaDB's driver does not tell text of a binary collation from bytes
            Cell::Blob(bytes) => String::from_utf8(bytes).map(Some).map_err(|_| damaged()),
            Cell::Int(_) => Err(damaged()),
        }
    }

    /// The next value, an id.
    pub(crate) fn id(&mut self) -> Result<Uuid> {
        self.optional_id()?.ok_or_else(damaged)
    }

    /// The next value, an id or nothing.
    pub(crate) fn optional_id(&mut self) -> Result<Option<Uuid>> {
        self.optional_text()?.map(|text| Uuid::parse_str(&text).map_err(|_| damaged())).transpose()
    }

    /// The next value, bytes.
    pub(crate) fn blob(&mut self) -> Result<Vec<u8>> {
        self.optional_blob()?.ok_or_else(damaged)
    }

    /// The next value, bytes or nothing.
    pub(crate) fn optional_blob(&mut self) -> Result<Option<Vec<u8>>> {
        match self.next()? {
            Cell::Null => Ok(None),
            Cell::Blob(bytes) => Ok(Some(bytes)),
            Cell::Text(_) | Cell::Int(_) => Err(damaged()),
        }
    }
}

fn damaged() -> Error {
    Error::corrupt("a row of the database is damaged")
}
