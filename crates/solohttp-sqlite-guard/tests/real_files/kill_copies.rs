//! Kills a program while it makes a copy: the database and the older copies must stay intact.

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::Connection;
use solohttp_sqlite_guard::{Database, write};

use crate::copies::today;
use crate::other_program::{OtherProgram, tell_parent};

/// The number of runs; an environment variable overrides it.
const RUNS: (&str, u32) = ("SOLOHTTP_GUARD_COPY_KILLS", 10);

/// A generous timeout: a quarter of a second is enough on an idle machine.
const PATIENCE: Duration = Duration::from_secs(60);

const KEEP: usize = 3;

const SCHEMA: &str = "CREATE TABLE one (n INTEGER PRIMARY KEY) STRICT;
                      CREATE TABLE other (n INTEGER PRIMARY KEY) STRICT;
                      CREATE TABLE bulk (text TEXT NOT NULL) STRICT";

fn open(file: &Path) -> Connection {
    Database::at(file).migrations([SCHEMA]).daily_copies(KEEP).open().unwrap()
}

/// The other program. It ends when the parent kills it.
pub(crate) fn copy_and_write(file: &Path) {
    let mut db = open(file);
    tell_parent("open");
    let folder = file.with_file_name("copies");
    let mut told = false;
    loop {
        write(&mut db, |tx| {
            tx.execute("INSERT INTO one DEFAULT VALUES", [])?;
            tx.execute("INSERT INTO other SELECT max(n) FROM one", [])?;
            Ok(())
        })
        .unwrap();
        if !told && names(&folder).iter().any(|name| name.ends_with(".partial")) {
            tell_parent("copying");
            told = true;
        }
    }
}

fn names(folder: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

/// Checks that a database is sound and has no partial transaction. Returns the number of
/// transactions.
fn check(path: &Path) -> i64 {
    let db = Connection::open(path).unwrap();
    let found: String = db.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(found, "ok", "{}", path.display());
    let counts = "SELECT (SELECT count(*) FROM one), (SELECT count(*) FROM other)";
    let counts = db.query_row(counts, [], |row| Ok((row.get(0)?, row.get(1)?)));
    let (one, other): (i64, i64) = counts.unwrap();
    assert_eq!(one, other, "{}", path.display());
    one
}

#[test]
fn a_program_killed_while_it_copies_loses_nothing() {
    let runs = std::env::var(RUNS.0).ok().and_then(|value| value.parse().ok()).unwrap_or(RUNS.1);
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("killed.sqlite");
    let folder = home.path().join("copies");
    // Opened without daily copies, so that none is made yet.
    let db = Database::at(&file).migrations([SCHEMA]).open().unwrap();
    let fill = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)
                INSERT INTO bulk SELECT printf('%01000d', i) FROM n";
    db.execute(fill, []).unwrap();
    drop(db);
    let (mut older, mut saved) = (HashMap::<String, Vec<u8>>::new(), 0);
    let (mut half, mut whole) = (0, 0);
    let mut takes = Duration::ZERO;
    for run in 0..runs {
        let mut program = OtherProgram::copier(&file);
        assert_eq!(program.answer(), "open");
        assert_eq!(program.answer(), "copying");
        let left: Vec<_> =
            names(&folder).into_iter().filter(|it| it.contains(".partial")).collect();
        assert!(left.len() <= 2, "what was left before is gone: {left:?}");
        let todays = folder.join(format!("killed.{}.sqlite", today()));
        let started = Instant::now();
        // Every fifth copy is allowed to finish, to measure how long one takes at the moment.
        let limit = takes.mul_f64(f64::from(run * 37 % 100) / 60.0);
        let limit = (run % 5 > 0).then_some(limit);
        while !todays.exists() && limit.is_none_or(|limit| started.elapsed() < limit) {
            assert!(started.elapsed() < PATIENCE, "no copy is made");
            std::thread::yield_now();
        }
        if todays.exists() {
            takes = started.elapsed();
        }
        program.kill();
        half += u32::from(names(&folder).iter().any(|name| name.ends_with(".partial")));

        let now_saved = check(&file);
        assert!(now_saved > saved, "run {run}");
        saved = now_saved;
        let copies: Vec<String> =
            names(&folder).into_iter().filter(|name| name.ends_with(".sqlite")).collect();
        for name in &copies {
            check(&folder.join(name));
            if let Some(bytes) = older.get(name) {
                assert!(
                    fs::read(folder.join(name)).unwrap() == *bytes,
                    "run {run}: {name} differs"
                );
            }
        }
        assert!(copies.len() >= older.len().min(KEEP), "run {run}: {copies:?}");
        // If today's copy was finished, renames it to an earlier date.
        if todays.exists() {
            whole += 1;
            fs::rename(todays, folder.join(format!("killed.2020-01-01.{}.sqlite", run + 2)))
                .unwrap();
        }
        older.clear();
        for name in names(&folder).into_iter().filter(|name| name.ends_with(".sqlite")) {
            let bytes = fs::read(folder.join(&name)).unwrap();
            older.insert(name, bytes);
        }
    }
    println!("{runs} runs: killed {half} times within a copy, {whole} times after it");
    assert!(half > 0 && whole > 0);
}
