//! Steps on real databases: each kind of change is undone and redone, and compared bit by bit.

mod kinds;
mod limits;
mod others;
mod random;

use std::fmt::Write as _;

use rusqlite::Connection;
use rusqlite::types::ValueRef;
use solohttp_core::{Handler, Request, Response, Result, StatusCode, WithState};

use super::*;
use crate::open::database::Database;
use crate::{SqliteGuard, rollback_on_purpose};

pub(super) struct App {
    pub(super) db: Connection,
    undo: Undo,
}

/// Runs the statements in the request's field `sql`.
fn run(app: &mut App, request: &Request) -> Result<&'static str> {
    let fields = request.form()?;
    if let Some(name) = fields.get("name") {
        app.undo.name(name);
    }
    if fields.get("skip").is_some() {
        app.undo.skip();
    }
    // Some of these may fail.
    for sql in fields.get_all("each") {
        let _ = rollback_on_purpose(|| app.db.execute_batch(sql));
    }
    rollback_on_purpose(|| app.db.execute_batch(fields.get("sql").unwrap_or_default()))?;
    match fields.get("fail") {
        Some(why) => Err(why.to_owned().into()),
        None => Ok("done"),
    }
}

/// A guarded program that runs SQL.
pub(super) struct Program {
    pub(super) app: Box<dyn Runs>,
    pub(super) undo: Undo,
}

pub(super) trait Runs: Handler {
    fn db(&self) -> &Connection;
}

impl<H: Handler<App>> Runs for WithState<H, App> {
    fn db(&self) -> &Connection {
        &self.state().db
    }
}

impl Program {
    pub(super) fn new(schema: &'static str) -> Self {
        Self::of(Database::in_memory().migrations([schema]).open().unwrap(), Undo::new())
    }

    pub(super) fn of(db: Connection, undo: Undo) -> Self {
        let app = App { db, undo: undo.clone() };
        let guard = SqliteGuard::new(run, |app: &App| &app.db).undo(&undo);
        let mut program = Self { app: Box::new(guard.with_state(app)), undo };
        // Installs the triggers.
        program.send("");
        program
    }

    #[track_caller]
    pub(super) fn db(&self) -> &Connection {
        self.app.db()
    }

    pub(super) fn post(&mut self, fields: &[(&str, &str)]) -> Response {
        Request::post("/").form(fields.iter().copied()).send_to(&mut *self.app)
    }

    /// Runs SQL in a request.
    pub(super) fn send(&mut self, sql: &str) -> Response {
        self.post(&[("sql", sql)])
    }

    #[track_caller]
    pub(super) fn run(&mut self, sql: &str) {
        let response = self.send(sql);
        let status = response.status();
        assert_eq!(status, 200, "{sql}: {}", response.into_text());
    }

    /// Presses a button.
    pub(super) fn press(&mut self, path: &str, is_undone: bool) -> Option<Response> {
        let steps = self.undo.steps();
        let mut steps = steps.iter().filter(|step| step.is_undone == is_undone);
        let step = if is_undone { steps.next_back() } else { steps.next() }?.id.to_string();
        Some(Request::post(path).form([("step", step.as_str())]).send_to(&mut *self.app))
    }

    /// Returns `None` if there is nothing to undo.
    pub(super) fn back(&mut self) -> Option<StatusCode> {
        self.press("/__undo/back", false).map(|response| response.status())
    }

    pub(super) fn again(&mut self) -> Option<StatusCode> {
        self.press("/__undo/again", true).map(|response| response.status())
    }

    pub(super) fn dump(&self) -> String {
        dump(self.db())
    }

    /// Runs one request, undoes it and redoes it.
    #[track_caller]
    pub(super) fn check(&mut self, sql: &str) {
        let before = self.dump();
        self.run(sql);
        let after = self.dump();
        assert_ne!(before, after, "{sql} changes nothing");
        for _ in 0..2 {
            assert_eq!(self.back(), Some(StatusCode::SEE_OTHER), "{sql}: {:?}", self.why());
            assert_same(&self.dump(), &before, sql);
            assert_eq!(self.again(), Some(StatusCode::SEE_OTHER), "{sql}: {:?}", self.why());
            assert_same(&self.dump(), &after, sql);
        }
    }

    fn why(&mut self) -> Option<String> {
        self.press("/__undo/back", false).map(Response::into_text)
    }
}

#[track_caller]
pub(super) fn assert_same(found: &str, expect: &str, what: &str) {
    if found != expect {
        let lines = found.lines().zip(expect.lines()).find(|(one, other)| one != other);
        panic!("after {what}:\n{lines:#?}\nfound:\n{found}\nexpected:\n{expect}");
    }
}

/// Every row of every table, with rowids, types and bytes. More than `.dump` shows.
pub(super) fn dump(db: &Connection) -> String {
    let mut tables = db
        .prepare(
            "SELECT schema, name, type, wr FROM pragma_table_list
             WHERE type = 'table' AND schema <> 'temp' ORDER BY 1, 2",
        )
        .unwrap();
    let tables: Vec<(String, String, bool)> = tables
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(3)?)))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    let mut dump = String::new();
    for (database, table, without_rowid) in tables {
        if table == "sqlite_schema" {
            continue;
        }
        let has_alias = |alias: &str| {
            let sql = "SELECT 1 FROM pragma_table_xinfo(?1) WHERE name = ?2 COLLATE NOCASE";
            db.prepare(sql).unwrap().exists([table.as_str(), alias]).unwrap()
        };
        let rowid = ["rowid", "_rowid_", "oid"].into_iter().find(|alias| !has_alias(alias));
        let rowid = rowid.filter(|_| !without_rowid);
        let rowid = rowid.map_or(String::new(), |rowid| format!("{rowid}, "));
        let order = if rowid.is_empty() && without_rowid { "" } else { " ORDER BY 1" };
        // A statement that might have inserted a row leaves a 0, which means the same as no row.
        let condition = if table == "sqlite_sequence" { " WHERE seq <> 0" } else { "" };
        let rowid = if table == "sqlite_sequence" { String::new() } else { rowid };
        let sql = format!(
            "SELECT {rowid}* FROM {}.{}{condition}{order}",
            crate::sql::quoted(&database),
            crate::sql::quoted(&table)
        );
        let mut select = db.prepare(&sql).unwrap();
        let count = select.column_count();
        let mut rows = select.query([]).unwrap();
        let mut lines = Vec::new();
        while let Some(row) = rows.next().unwrap() {
            let mut line = table.clone();
            for at in 0..count {
                let value = row.get_ref(at).unwrap();
                // Shows the type, and escapes each byte that isn't ASCII.
                match value {
                    ValueRef::Text(text) => write!(line, " {:?}", text.escape_ascii().to_string()),
                    ValueRef::Blob(blob) => write!(line, " x{:?}", blob.escape_ascii().to_string()),
                    value => write!(line, " {value:?}"),
                }
                .unwrap();
            }
            lines.push(line);
        }
        if table == "sqlite_sequence" {
            lines.sort();
        }
        dump.extend(lines.into_iter().map(|line| line + "\n"));
    }
    dump
}
