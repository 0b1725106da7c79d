//! The cost of the guard per request, compared with the same handler without it.
//!
//! Calls the handlers directly, without sockets.

use std::path::Path;
use std::process::ExitCode;

use race::{Bar, Contender, Report, Row, race};
use solohttp_core::{Failure, Handler, IntoHandler, Request, Result};
use solohttp_sqlite_guard::rusqlite::Connection;
use solohttp_sqlite_guard::{Database, SqliteGuard, write};

const NOTE: &str = "Nanoseconds for one request, from the handler to its response.";

/// The limit for a request with one SELECT, in nanoseconds.
const MOST: f64 = 5_000.0;

struct App {
    db: Connection,
    next: i64,
}

fn open(file: &Path) -> Result<App> {
    let schema = "CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;
                  INSERT INTO item VALUES (1, 'tea'), (2, 'coffee')";
    let db = Database::at(file).migrations([schema]).open()?;
    // Excludes the disk from the measurement.
    db.pragma_update(None, "synchronous", "OFF")?;
    Ok(App { db, next: 1 })
}

fn nothing() -> &'static str {
    "tea"
}

fn one_select(app: &mut App) -> Result<String> {
    let mut select = app.db.prepare_cached("SELECT name FROM item WHERE id = ?1")?;
    Ok(select.query_row([1], |row| row.get(0))?)
}

fn one_select_prepared_anew(app: &mut App) -> Result<String> {
    Ok(app.db.query_row("SELECT name FROM item WHERE id = ?1", [1], |row| row.get(0))?)
}

fn hundred_selects(app: &mut App) -> Result<String> {
    let mut select = app.db.prepare_cached("SELECT name FROM item WHERE id = ?1")?;
    let mut length = 0;
    for _ in 0..100 {
        length += select.query_row([1], |row| Ok(row.get_ref(0)?.as_str()?.len()))?;
    }
    Ok(length.to_string())
}

fn one_write(app: &mut App) -> Result<&'static str> {
    app.next += 1;
    let name = app.next.to_string();
    write(&mut app.db, |tx| {
        Ok(tx.prepare_cached("UPDATE item SET name = ?1 WHERE id = 2")?.execute([name])?)
    })?;
    Ok("Saved.")
}

fn compare<M, F>(what: &str, handler: F) -> Result<Row>
where
    F: IntoHandler<App, M> + Copy,
{
    let folder = tempfile::tempdir()?;
    let mut bare = (handler.into_handler(), open(&folder.path().join("bare.sqlite"))?);
    let guarded = SqliteGuard::new(handler, |app: &App| &app.db);
    let mut guarded = (guarded, open(&folder.path().join("guarded.sqlite"))?);
    let entrants = race(
        what,
        vec![
            Contender::new("with the guard", || ask(&mut guarded)),
            Contender::new("without", || ask(&mut bare)),
        ],
    );
    let costs = entrants[0].median() - entrants[1].median();
    let mut entrants = entrants.into_iter();
    let entrants =
        entrants.next().map(|with| with.beside("costs, ns", costs)).into_iter().chain(entrants);
    Ok(Row::new(what, "ns", entrants.collect()))
}

fn ask((handler, app): &mut (impl Handler<App>, App)) {
    let response = handler.handle(app, &mut Request::get("/").build());
    assert!(response.status() == 200);
}

fn main() -> Result<ExitCode, Failure> {
    let rows = [
        compare("no statement", nothing)?,
        compare("one SELECT, cached", one_select)?.with_bar(Bar::Most("costs, ns", MOST)),
        compare("one SELECT, prepared anew", one_select_prepared_anew)?,
        compare("a hundred SELECTs, cached", hundred_selects)?,
        compare("one write transaction", one_write)?,
    ];
    Ok(Report::from_args().tell(NOTE, &rows))
}
