//! Records: structs that are stored as rows of a table.
//!
//! `declare` is the macro, `value` converts fields to values and back, `statements` has the SQL of
//! a record, and `check` compares a record with its table. `parts` keeps a record together with
//! what is stored in other tables, such as its child `rows` and its
//! `files`. `constraint` finds out which columns and
//! fields a failed constraint involves, with the help of `expression`. This file is the public API.

pub(crate) mod check;
mod constraint;
#[doc(hidden)]
pub(crate) mod declare;
mod error;
pub(crate) mod expression;
#[doc(hidden)]
pub(crate) mod files;
#[doc(hidden)]
pub(crate) mod parts;
#[doc(hidden)]
pub(crate) mod rows;
#[doc(hidden)]
pub(crate) mod statements;
mod stored;
mod text;
#[doc(hidden)]
pub(crate) mod value;

use rusqlite::{Connection, OptionalExtension as _, Params, Row};
use solohttp_core::{Failure, Rejection, Request, Response, StatusCode};

pub use constraint::explain;
pub use error::WriteError;
pub use stored::Stored;
pub use text::Text;

use crate::list::List;
use crate::open::collation;
use crate::sql::quoted;
use crate::words::GuardWords;
use statements::Declaration;
use value::{Binding, Position};

#[doc = include_str!("../docs/record.md")]
pub trait Record: Sized {
    /// What [`select`](Self::select) returns for each row: the record itself if it contains its
    /// key, otherwise a [`Stored`].
    type Row;

    /// The name of the table.
    const TABLE: &'static str;

    /// The name of the table's `INTEGER PRIMARY KEY`.
    const KEY: &'static str;

    /// The record's columns for a `SELECT`, quoted and with the name of the table: `"task"."title",
    /// "task"."done"`.
    const COLUMNS: &'static str;

    #[doc(hidden)]
    fn declaration() -> &'static Declaration;

    #[doc(hidden)]
    fn read(row: &Row<'_>, at: &mut Position) -> rusqlite::Result<Self>;

    #[doc(hidden)]
    fn bind(&self, to: &mut Binding<'_>) -> rusqlite::Result<()>;

    #[doc(hidden)]
    fn into_row(self, id: i64) -> Self::Row;

    #[doc(hidden)]
    fn of_row(row: &mut Self::Row) -> &mut Self;

    #[doc(hidden)]
    fn read_parts(db: &Connection, records: &mut [(i64, &mut Self)]) -> rusqlite::Result<()>;

    #[doc(hidden)]
    fn write_parts(&self, db: &Connection, id: i64, is_new: bool) -> Result<(), WriteError>;

    /// Reads a record from a row of any query. Finds the columns by their names, so the query may
    /// contain others. If a name occurs twice, as in a join, the first one counts.
    ///
    /// The row doesn't contain [child rows](crate::columns!#child-rows) and
    /// [stored files](crate::columns!#stored-files). Read them with [`load_parts`](Self::load_parts)
    /// before you save the record, because a record without its child rows is saved without them.
    ///
    /// # Errors
    /// If a column is missing or has a value of the wrong type.
    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        Self::read(row, &mut Position::by_name())
    }

    /// Reads the child rows and stored files of records that were read with [`from_row`](Self::from_row). Each record
    /// is given with its key. All other functions do it by themselves.
    ///
    /// # Errors
    /// If a value has the wrong type, or SQLite can't read it.
    fn load_parts<'a>(
        db: &Connection,
        records: impl IntoIterator<Item = (i64, &'a mut Self)>,
    ) -> rusqlite::Result<()>
    where
        Self: 'a,
    {
        Self::read_parts(db, &mut records.into_iter().collect::<Vec<_>>())
    }

    /// Inserts the record as a new row. Returns its key. Child rows are new rows, too, whatever their
    /// keys are.
    ///
    /// # Errors
    /// If a constraint rejects the row, or SQLite can't write it.
    fn insert(&self, db: &Connection) -> Result<i64, WriteError> {
        let declaration = Self::declaration();
        parts::together(db, declaration, &mut || {
            let id = statements::insert(db, declaration, &mut |to| self.bind(to))?;
            self.write_parts(db, id, true)?;
            Ok(id)
        })
    }

    /// Replaces the row with this key. Columns that the record doesn't name stay as they are.
    /// Child rows are compared with those that are stored, and only the differences are written.
    ///
    /// # Errors
    /// If there is no row with this key, a constraint rejects the change, a child row has the key of
    /// another record's row, or SQLite can't write it.
    fn update(&self, db: &Connection, id: i64) -> Result<(), WriteError> {
        let declaration = Self::declaration();
        let updated = parts::together(db, declaration, &mut || {
            statements::update(db, declaration, id, &mut |to| self.bind(to))?;
            self.write_parts(db, id, false)?;
            Ok(id)
        });
        updated.map(drop)
    }

    /// Updates the row with this key. If there is no key, inserts the record as a new row. Returns
    /// the key.
    ///
    /// # Errors
    /// Same as [`insert`](Self::insert) and [`update`](Self::update).
    fn save(&self, db: &Connection, id: Option<i64>) -> Result<i64, WriteError> {
        match id {
            Some(id) => self.update(db, id).map(|()| id),
            None => self.insert(db),
        }
    }

    /// Reads the row with this key. Returns `None` if there is none.
    ///
    /// # Errors
    /// If a value has the wrong type, or SQLite can't read it.
    fn find(db: &Connection, id: i64) -> rusqlite::Result<Option<Self>> {
        let mut select = db.prepare_cached(&Self::declaration().statements().find)?;
        let read = |row: &Row<'_>| Self::read(row, &mut Position::in_order(1));
        let mut found = select.query_row([id], read).optional()?;
        if let Some(record) = &mut found {
            Self::read_parts(db, &mut [(id, record)])?;
        }
        Ok(found)
    }

    /// Reads the row with this key. If there is none, returns an error with status 404, so a handler
    /// can write `Task::get(&app.db, id)?`.
    ///
    /// ```
    /// # use rusqlite::Connection;
    /// # use solohttp_core::{Handler as _, Request, Result};
    /// # use solohttp_sqlite_guard::SqliteGuard;
    /// use solohttp_sqlite_guard::{Record as _, columns};
    ///
    /// struct Task { title: String }
    /// columns!(Task in "task" { title });
    ///
    /// fn show(db: &mut Connection) -> Result<String> {
    ///     Ok(Task::get(db, 7)?.title)
    /// }
    /// # let db = Connection::open_in_memory()?;
    /// # db.execute_batch("CREATE TABLE task (id INTEGER PRIMARY KEY, title TEXT)")?;
    /// # let mut app = SqliteGuard::new(show, |db: &Connection| db).with_state(db);
    /// assert_eq!(Request::get("/").send_to(&mut app).status(), 404);
    /// # Ok::<(), rusqlite::Error>(())
    /// ```
    ///
    /// # Errors
    /// If there is no such row, a value has the wrong type, or SQLite can't read it.
    fn get(db: &Connection, id: i64) -> Result<Self, Failure> {
        Self::find(db, id)?.ok_or_else(no_record)
    }

    /// A [`List`] of all rows of the table. Its rows are the same as those of
    /// [`select`](Self::select).
    ///
    /// ```
    /// use solohttp_sqlite_guard::{Cell, List, Record as _, Stored, columns};
    ///
    /// struct Task { title: String }
    /// columns!(Task in "task" { title });
    ///
    /// fn tasks() -> List<Stored<Task>> {
    ///     Task::list().column("Task", "title", |task| {
    ///         Cell::link(format!("/task/{}/", task.id), &task.title)
    ///     })
    /// }
    /// # let db = rusqlite::Connection::open_in_memory()?;
    /// # db.execute_batch("CREATE TABLE task (id INTEGER PRIMARY KEY, title TEXT);
    /// #     INSERT INTO task VALUES (7, 'Paint')")?;
    /// # let page = tasks().page(&db, &solohttp_core::Request::get("/").build())?;
    /// # assert!(page.render().to_string().contains("<a href=\"/task/7/\">Paint</a>"));
    /// # Ok::<(), rusqlite::Error>(())
    /// ```
    #[must_use]
    fn list() -> List<Self::Row>
    where
        Self: 'static,
        Self::Row: 'static,
    {
        // All columns, because a list may be sorted or filtered by those that aren't in the record.
        let select = format!("SELECT * FROM {}", quoted(Self::TABLE));
        let read = |row: &Row<'_>| Ok(Self::from_row(row)?.into_row(row.get(Self::KEY)?));
        let list = List::new(&select, read).key(Self::KEY);
        if Self::declaration().parts.is_empty() {
            return list;
        }
        list.and_then(|db, rows| {
            let rows = rows.iter_mut().map(|(id, row)| (*id, Self::of_row(row)));
            Self::load_parts(db, rows)
        })
    }

    /// Reads rows. `rest` is the rest of the `SELECT` statement after the name of the table, such
    /// as `WHERE done ORDER BY title`. It may be empty.
    ///
    /// Dates and other values that are stored as text can be passed as [`Text`].
    ///
    /// # Errors
    /// If the SQL is wrong, a value has the wrong type, or SQLite can't read it.
    fn select(
        db: &Connection,
        rest: &str,
        params: impl Params,
    ) -> rusqlite::Result<Vec<Self::Row>> {
        let declaration = Self::declaration();
        let mut select = db.prepare_cached(&declaration.select(rest))?;
        let mut rows = select.query(params)?;
        let mut records = Vec::new();
        while let Some(row) = rows.next()? {
            records.push((row.get(0)?, Self::read(row, &mut Position::in_order(1))?));
        }
        if !declaration.parts.is_empty() {
            Self::load_parts(db, records.iter_mut().map(|(id, record)| (*id, record)))?;
        }
        Ok(records.into_iter().map(|(id, record)| record.into_row(id)).collect())
    }

    /// Returns the [stored file](crate::columns!#stored-files) in this field of the row with this key as
    /// a response. If there is no file, returns an error with status 404.
    ///
    /// An image is shown; the browser saves any other file, so that a file with a script can't run in
    /// your pages. The browser's copy is used as long as the file stays the same.
    ///
    /// ```
    /// # use rusqlite::Connection;
    /// # use solohttp_core::{Handler as _, Request, Response, Result, StoredFile};
    /// # use solohttp_sqlite_guard::SqliteGuard;
    /// use solohttp_sqlite_guard::{Database, Record as _, columns};
    ///
    /// struct Cat { name: String, photo: StoredFile }
    /// columns!(Cat in "cat" { name, photo: file in "photo" });
    ///
    /// fn photo(db: &mut Connection, request: &Request) -> Result<Response> {
    ///     Cat::serve_file(db, 1, "photo", request)
    /// }
    /// # let db = Database::in_memory()
    /// #     .migrations(["CREATE TABLE cat (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;
    /// #         CREATE TABLE photo (id INTEGER PRIMARY KEY AUTOINCREMENT,
    /// #         cat INTEGER NOT NULL UNIQUE REFERENCES cat ON DELETE CASCADE, name TEXT NOT NULL,
    /// #         media_type TEXT NOT NULL, bytes BLOB NOT NULL) STRICT"])
    /// #     .record::<Cat>().open().unwrap();
    /// # Cat { name: "Tom".into(), photo: StoredFile::new("a.gif", *b"GIF89a") }.insert(&db)?;
    /// # let mut app = SqliteGuard::new(photo, |db: &Connection| db).with_state(db);
    /// # let response = Request::get("/").send_to(&mut app);
    /// # assert_eq!(response.header("content-type"), Some("image/gif"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// If there is no file, the record has no such field, or SQLite can't read it.
    fn serve_file(
        db: &Connection,
        id: i64,
        field: &str,
        request: &Request,
    ) -> Result<Response, Failure> {
        let declaration = Self::declaration();
        let table = declaration.file_table(field).ok_or_else(|| {
            format!("the record {} has no stored file `{field}`", declaration.record)
        })?;
        let (file, bytes) = files::read(db, declaration, table, id)?.ok_or_else(no_record)?;
        Ok(file.into_response(bytes, request))
    }

    /// Returns the key and the label of every row, sorted by label as with `COLLATE names`. With
    /// solohttp-forms, `Choices::new(Shelf::labels(&db, |shelf| &shelf.name)?)` are the choices of a
    /// field that refers to the table.
    ///
    /// ```
    /// use solohttp_sqlite_guard::{Record as _, columns};
    ///
    /// struct Shelf { name: String }
    /// columns!(Shelf in "shelf" { name });
    ///
    /// # let db = rusqlite::Connection::open_in_memory()?;
    /// # db.execute_batch("CREATE TABLE shelf (id INTEGER PRIMARY KEY, name TEXT);
    /// #     INSERT INTO shelf VALUES (7, 'Zeta'), (8, 'öko'), (9, 'Pi')")?;
    /// let shelves = Shelf::labels(&db, |shelf| &shelf.name)?;
    /// # assert_eq!(shelves.iter().map(|(id, _)| *id).collect::<Vec<_>>(), [8, 9, 7]);
    /// let name = Shelf::label(&db, 7, |shelf| &shelf.name)?;
    /// # assert_eq!(name.as_deref(), Some("Zeta"));
    /// # assert_eq!(Shelf::label(&db, None, |shelf| &shelf.name)?, None);
    /// # assert_eq!(Shelf::label(&db, 6, |shelf| &shelf.name)?, None);
    /// # Ok::<(), rusqlite::Error>(())
    /// ```
    ///
    /// # Errors
    /// If a value has the wrong type, or SQLite can't read it.
    fn labels(
        db: &Connection,
        label: impl Fn(&Self) -> &str,
    ) -> rusqlite::Result<Vec<(i64, String)>> {
        let declaration = Self::declaration();
        let mut select = db.prepare_cached(&declaration.select(""))?;
        let rows = select.query_map([], |row| {
            let record = Self::read(row, &mut Position::in_order(1))?;
            Ok((row.get(0)?, label(&record).to_owned()))
        })?;
        let mut labels = rows.collect::<rusqlite::Result<Vec<_>>>()?;
        labels.sort_by(|(_, one), (_, other)| collation::compare(one, other));
        Ok(labels)
    }

    /// Returns the label of the row with this key. Returns `None` if there is no key or no such row.
    ///
    /// The key may be a field that refers to the table, such as an `Option<i64>`.
    ///
    /// # Errors
    /// Same as [`find`](Self::find).
    fn label(
        db: &Connection,
        id: impl Into<Option<i64>>,
        label: impl Fn(&Self) -> &str,
    ) -> rusqlite::Result<Option<String>> {
        let Some(id) = id.into() else { return Ok(None) };
        Ok(Self::find(db, id)?.map(|record| label(&record).to_owned()))
    }

    /// Deletes the row with this key. Returns whether there was one.
    ///
    /// # Errors
    /// If other rows refer to the row, or SQLite can't delete it.
    fn delete(db: &Connection, id: i64) -> Result<bool, WriteError> {
        statements::delete(db, Self::declaration(), id)
    }
}

fn no_record() -> Failure {
    let status = StatusCode::NOT_FOUND;
    Rejection::localized(status, |words: &GuardWords| &words.no_record, &[]).into()
}

#[cfg(test)]
mod tests;
