//! Responses with all rows of a query, which are read while they are sent.
//!
//! SQLite's statements borrow their connection, so one can't be kept from one piece of a response to
//! the next. The rows are read like the pages of a list instead: each piece starts at the position
//! of the last row.

use std::fmt;
use std::io::{self, Read};
use std::time::{Duration, Instant};

use rusqlite::types::Value;
use rusqlite::{Connection, Row};
use solohttp_core::{Failure, IoList, Response, Result};

use super::found::{Found, SORTED};
use super::position::{Order, Start};
use super::query::Query;
use super::read::ReadRow;
use super::snapshot::Snapshot;

/// Rows that are read at once: as many as other requests can wait for, but not so few that finding
/// the first one takes most of the time.
const FEWEST: usize = 25;
const MOST: usize = 100;

/// How long reading them may take. Half as many are read after a piece that took longer.
const PIECE: Duration = Duration::from_micros(300);

/// While a snapshot is open, the `-wal` file grows with every write.
const TIME_LIMIT: Duration = Duration::from_secs(600);

/// Appends a row to the response.
pub(super) type WriteRow<T> = dyn FnMut(&T, &mut Vec<u8>) -> Result<()>;

/// A response with all rows of a query, for any number of rows.
///
/// The rows are read and sent in small pieces, so other requests are served in between, and memory
/// holds only one piece. They are read by a connection of their own, which sees the database as it
/// was at the time of the request (a snapshot in SQLite's WAL mode). The client can take its time:
/// the program can write meanwhile.
///
/// ```
/// use std::io::Write as _;
///
/// use solohttp_core::{Handler, Request, Response, Result};
/// use solohttp_sqlite_guard::rusqlite::Connection;
/// use solohttp_sqlite_guard::{Database, Export, SqliteGuard};
///
/// fn export(db: &mut Connection) -> Result<Response> {
///     let items = Export::new("SELECT id, name FROM item", |row| row.get::<_, String>("name"));
///     items.stream(db, "text/plain; charset=utf-8", |name, out| Ok(writeln!(out, "{name}")?))
/// }
///
/// # let folder = tempfile::tempdir().unwrap();
/// # let path = folder.path().join("shop.sqlite");
/// let schema = "CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;
///     INSERT INTO item (name) VALUES ('Tea'), ('Cake')";
/// let db = Database::at(path).migrations([schema]).open()?;
/// let mut app = SqliteGuard::new(export, |db: &Connection| db).with_state(db);
/// let response = Request::get("/export").send_to(&mut app);
/// assert_eq!(response.into_text(), "Tea\nCake\n");
/// # Ok::<(), solohttp_sqlite_guard::Error>(())
/// ```
///
/// [`List::csv`](crate::List::csv) does the same for the rows of a list.
///
/// # Order
///
/// The query is any `SELECT` whose rows have an integer primary key. It must not have an `ORDER BY`.
/// Sort by a column with an index, with [`order_by`](Self::order_by): each piece starts where the
/// last one has ended, which only an index finds quickly. The index must have no other column, because
/// rows with the same value are sorted by their ids. See [`List`](crate::List#indexes) for
/// several columns.
///
/// # Failures
///
/// If the query fails at the first row, [`stream`](Self::stream) returns the error. Later, the
/// connection is closed early and the failure is logged, so that the client doesn't take the file
/// for a complete one. If the client closes the connection, so is the database connection.
///
/// While the snapshot is open, SQLite can't reset the `-wal` file, which grows with every write. A
/// client that stops reading is disconnected after
/// [`write_timeout`](solohttp_core::Limits::write_timeout); one that reads very slowly after the
/// [`time_limit`](Self::time_limit).
///
/// # When it reads everything at once
///
/// A second connection can't open an in-memory database, and doesn't have the functions that the
/// program has added to its own. Then, the whole response is read into memory before it is sent, and
/// other requests wait. A database that isn't in WAL mode has no snapshots: rows that are changed
/// before they are sent are sent with the changes.
#[must_use = "call `stream()`"]
pub struct Export<T> {
    pub(super) query: Query,
    pub(super) order: Order,
    pub(super) read: ReadRow<T>,
    start: Vec<u8>,
    end: Vec<u8>,
    time_limit: Duration,
}

impl<T: 'static> Export<T> {
    /// An export of the rows of this query, sorted by their ids. `read` reads one row.
    pub fn new(select: &str, read: impl FnMut(&Row<'_>) -> rusqlite::Result<T> + 'static) -> Self {
        Self::of(Query::new(select), Order::default(), ReadRow::new(read))
    }

    pub(super) fn of(query: Query, order: Order, read: ReadRow<T>) -> Self {
        let (start, end) = Default::default();
        Self { query, order, read, start, end, time_limit: TIME_LIMIT }
    }

    /// Sets the value of the parameter `:name` in the query.
    pub fn value(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.query.set(name, value);
        self
    }

    /// Sets the query's column with the row id (the `INTEGER PRIMARY KEY`). The default is `id`.
    pub fn key(mut self, column: impl Into<String>) -> Self {
        self.query.set_key(column.into());
        self
    }

    /// Sorts by this column of the query, which needs an [index](#order). Rows without a value come
    /// last.
    pub fn order_by(mut self, column: impl Into<String>) -> Self {
        self.order.sort = Some(column.into());
        self
    }

    /// Reverses the order: the largest ids or values come first.
    pub fn newest_first(mut self) -> Self {
        self.order.is_descending = true;
        self
    }

    /// Sets what is sent before the rows, such as the names of the columns.
    pub fn starts_with(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.start = bytes.into();
        self
    }

    /// Sets what is sent after the last row.
    pub fn ends_with(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.end = bytes.into();
        self
    }

    /// Sets how long the response may take. The default is 10 minutes.
    pub fn time_limit(mut self, limit: Duration) -> Self {
        self.time_limit = limit;
        self
    }

    /// Returns the response. `write` appends a row to it.
    ///
    /// # Errors
    /// Returns SQLite's errors, and those of the program's functions, for the first rows.
    pub fn stream(
        self,
        db: &Connection,
        content_type: &'static str,
        write: impl FnMut(&T, &mut Vec<u8>) -> Result<()> + 'static,
    ) -> Result<Response> {
        let until = Instant::now().checked_add(self.time_limit);
        let Self { query, order, read, start: buffer, end, .. } = self;
        let next = Some(Start::First);
        let write = Box::new(write);
        let (found, chunk) = (None, MOST);
        let mut rows = Rows { query, order, read, write, next, found, chunk, buffer, end };
        if let Some(snapshot) = Snapshot::of(db)
            && let Ok(first) = rows.read(&snapshot.db)
        {
            rows.append(&first)?;
            let stream = RowStream { snapshot, rows, sent: 0, until };
            return Ok(Response::stream_to_end(content_type, stream));
        }
        // The query may use the program's own functions.
        (rows.next, rows.found) = (Some(Start::First), None);
        while rows.next.is_some() {
            let found = rows.read(db)?;
            rows.append(&found)?;
        }
        Ok(Response::bytes(content_type, IoList::from(rows.buffer)))
    }
}

/// The rows that haven't been sent.
struct Rows<T> {
    query: Query,
    order: Order,
    read: ReadRow<T>,
    write: Box<WriteRow<T>>,
    /// Where the next rows start; `None` at the end.
    next: Option<Start>,
    found: Option<Found>,
    chunk: usize,
    buffer: Vec<u8>,
    end: Vec<u8>,
}

impl<T> Rows<T> {
    /// Reads the next rows.
    fn read(&mut self, db: &Connection) -> rusqlite::Result<Vec<T>> {
        let Some(start) = &self.next else { return Ok(Vec::new()) };
        if self.found.is_none() {
            self.found = Found::all(db, &self.query)?;
            if self.found.as_ref().is_some_and(Found::is_sorted) {
                self.chunk = SORTED + 1;
            }
        }
        let (order, read) = (&self.order, &mut self.read);
        let rows = match &mut self.found {
            Some(found) => found.next_rows(db, order, start, self.chunk, read)?,
            None => self.query.rows(db, order, start, self.chunk, read)?,
        };
        let last = rows.last().filter(|_| rows.len() == self.chunk);
        self.next = last.map(|(position, _)| Start::After(position.clone()));
        if self.is_sorted_each_time() {
            self.chunk *= 4;
        }
        Ok(rows.into_iter().map(|(_, row)| row).collect())
    }

    /// Whether each piece sorts all matches of a search.
    fn is_sorted_each_time(&self) -> bool {
        self.found.is_none() && self.query.is_narrow()
    }

    /// Appends rows to the buffer.
    fn append(&mut self, rows: &[T]) -> Result<()> {
        for row in rows {
            (self.write)(row, &mut self.buffer)?;
        }
        if self.next.is_none() {
            self.buffer.append(&mut self.end);
        }
        Ok(())
    }
}

/// The number of rows to read after so many that took this long.
fn adapted(rows: usize, took: Duration) -> usize {
    match took {
        _ if took > PIECE => (rows / 2).max(FEWEST),
        _ if took < PIECE / 3 => (rows * 2).min(MOST),
        _ => rows,
    }
}

/// A response that is read while it is sent.
struct RowStream<T> {
    snapshot: Snapshot,
    rows: Rows<T>,
    /// The number of bytes in the buffer that were sent.
    sent: usize,
    until: Option<Instant>,
}

impl<T> RowStream<T> {
    fn fill(&mut self) -> io::Result<()> {
        if self.until.is_some_and(|until| Instant::now() > until) {
            return Err(io::Error::new(io::ErrorKind::TimedOut, "the client reads too slowly"));
        }
        self.rows.buffer.clear();
        self.sent = 0;
        let started = Instant::now();
        let found = self.rows.read(&self.snapshot.db).map_err(io::Error::other)?;
        let failed = |failure: Failure| io::Error::other(failure.to_string());
        self.rows.append(&found).map_err(failed)?;
        if !self.rows.is_sorted_each_time() {
            self.rows.chunk = adapted(self.rows.chunk, started.elapsed());
        }
        Ok(())
    }
}

impl<T> Read for RowStream<T> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.sent == self.rows.buffer.len() && self.rows.next.is_some() {
            self.fill()?;
        }
        let mut rest = &self.rows.buffer[self.sent..];
        let count = rest.read(out)?;
        self.sent += count;
        Ok(count)
    }
}

impl<T> fmt::Debug for Export<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Export").field("query", &self.query).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_piece_gets_shorter_if_others_wait_for_it() {
        let check = |rows, took, expect: usize| {
            assert_eq!(adapted(rows, Duration::from_micros(took)), expect, "{rows} in {took} µs");
        };
        check(100, 301, 50);
        check(100, 300, 100);
        check(40, 100, 40);
        check(40, 99, 80);
        check(80, 0, MOST);
        check(30, 1_000_000, FEWEST);
    }
}
