//! Values that are stored as text.

use std::error::Error;
use std::fmt::Display;
use std::str::FromStr;

use rusqlite::ToSql;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSqlOutput, ValueRef};

/// A value that is stored as text: written with [`Display`] and read with [`FromStr`].
///
/// A field declared as `taken: text` in [`columns!`](crate::columns!) is stored like this. Use the
/// type itself in plain SQL:
///
/// ```
/// use std::net::Ipv4Addr;
/// use rusqlite::Connection;
/// use solohttp_sqlite_guard::Text;
///
/// let db = Connection::open_in_memory()?;
/// let home = Ipv4Addr::LOCALHOST;
/// let Text(back): Text<Ipv4Addr> = db.query_row("SELECT ?1", [Text(home)], |row| row.get(0))?;
/// assert_eq!(back, home);
/// # Ok::<(), rusqlite::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text<T>(pub T);

impl<T: Display> ToSql for Text<T> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.0.to_string().into())
    }
}

impl<T: FromStr<Err: Into<Box<dyn Error + Send + Sync>>>> FromSql for Text<T> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let parsed = value.as_str()?.parse();
        parsed.map(Self).map_err(|error: T::Err| FromSqlError::Other(error.into()))
    }
}
