//! Measures what the guard costs on a request, against the same handler without it.
//!
//! Run it with `cargo run --release --manifest-path xtask/peers/guard/Cargo.toml`. It calls the
//! handlers directly, without sockets; rounds of both are interleaved, and the medians of the
//! rounds are told as a Markdown table.

use std::path::Path;
use std::time::Instant;

use solohttp_core::{Handler, IntoHandler, Request, Response, Result};
use solohttp_sqlite_guard::rusqlite::Connection;
use solohttp_sqlite_guard::{Database, SqliteGuard, write};

const ROUNDS: usize = 41;

struct App {
    db: Connection,
    next: i64,
}

fn open(file: &Path) -> Result<App> {
    let schema = "CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;
                  INSERT INTO item VALUES (1, 'tea'), (2, 'coffee')";
    let db = Database::at(file).migrations([schema]).open()?;
    // The disk is not what is measured.
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

/// Microseconds for one request, in each of the rounds: without and with the guard.
fn measure<M, F>(handler: F, per_round: u32) -> Result<(f64, f64)>
where
    F: IntoHandler<App, M> + Copy,
{
    let folder = tempfile::tempdir()?;
    let mut bare = handler.into_handler();
    let mut guarded = SqliteGuard::new(handler, |app: &App| &app.db);
    let mut for_bare = open(&folder.path().join("bare.sqlite"))?;
    let mut for_guarded = open(&folder.path().join("guarded.sqlite"))?;
    let (mut without, mut with) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        without.push(round(&mut bare, &mut for_bare, per_round));
        with.push(round(&mut guarded, &mut for_guarded, per_round));
    }
    Ok((median(without), median(with)))
}

fn round(handler: &mut impl Handler<App>, app: &mut App, requests: u32) -> f64 {
    let mut request = Request::get("/").build();
    let started = Instant::now();
    for _ in 0..requests {
        let response: Response = handler.handle(app, &mut request);
        assert!(response.status() == 200);
    }
    started.elapsed().as_secs_f64() * 1e6 / f64::from(requests)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn main() -> Result<()> {
    println!("| request | without guard | with guard | the guard costs |");
    println!("|---|---|---|---|");
    let rows = [
        ("no statement", measure(nothing, 20_000)?),
        ("one SELECT, cached", measure(one_select, 5_000)?),
        ("one SELECT, prepared anew", measure(one_select_prepared_anew, 2_000)?),
        ("a hundred SELECTs, cached", measure(hundred_selects, 100)?),
        ("one write transaction", measure(one_write, 300)?),
    ];
    for (what, (without, with)) in rows {
        println!("| {what} | {without:.2} µs | {with:.2} µs | {:.2} µs |", with - without);
    }
    Ok(())
}
