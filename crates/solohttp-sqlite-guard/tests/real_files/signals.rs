//! Checks the response and what other connections see, for every way to keep or lose changes.

use solohttp_core::{Rejection, Response, Result, StatusCode, html};
use solohttp_sqlite_guard::{rollback_on_purpose, write};

use crate::world::{App, World};

const SAVED: &str = "Saved.";
const DROPPED: &str = "A transaction was rolled back, but the program reported success.";
const OPEN: &str = "A transaction was still open at the end of this request.";

/// `notes` is what another connection sees afterwards. The file must not be left locked.
#[track_caller]
fn check(
    handler: fn(&mut App) -> Result<&'static str>,
    status: u16,
    parts: &[&str],
    notes: &[&str],
) {
    for mut world in World::both() {
        let seen = world.post(handler);
        seen.check(status, parts);
        assert_eq!(world.notes(), notes, "{}", seen.page);
        assert!(world.is_free_and_sound());
        assert_eq!(seen.page == SAVED, status == 200);
        let is_logged = seen.log.contains("ERROR: POST /save");
        assert_eq!(is_logged, status == 500, "{}", seen.log);
    }
}

fn add(db: &rusqlite::Connection, text: &str) -> rusqlite::Result<usize> {
    db.execute("INSERT INTO note (text) VALUES (?1)", [text])
}

#[test]
fn a_change_that_commits_by_itself_is_fine() {
    check(
        |app| {
            add(&app.db, "a")?;
            Ok(SAVED)
        },
        200,
        &[],
        &["a"],
    );
}

#[test]
fn a_transaction_left_open_is_rolled_back() {
    let parts = [OPEN, "BEGIN EXCLUSIVE", "one changed row is lost", "VALUES (?1)", "status 200"];
    check(
        |app| {
            app.db.execute_batch("BEGIN EXCLUSIVE")?;
            add(&app.db, "a")?;
            Ok(SAVED)
        },
        500,
        &parts,
        &[],
    );
    check(
        |app| {
            let tx = app.db.transaction()?;
            add(&tx, "a")?;
            std::mem::forget(tx);
            Ok(SAVED)
        },
        500,
        &[OPEN, "BEGIN DEFERRED"],
        &[],
    );
}

#[test]
fn a_transaction_left_open_is_told_although_it_changed_nothing() {
    check(
        |app| {
            app.db.execute_batch("BEGIN")?;
            Ok(SAVED)
        },
        500,
        &[OPEN, "it had changed nothing"],
        &[],
    );
}

#[test]
fn a_transaction_dropped_is_told() {
    check(
        |app| {
            let tx = app.db.transaction()?;
            add(&tx, "a")?;
            add(&tx, "b")?;
            Ok(SAVED)
        },
        500,
        &[DROPPED, "2 changed rows are lost", "BEGIN DEFERRED", "VALUES (?1)"],
        &[],
    );
}

#[test]
fn what_else_was_saved_is_told() {
    check(
        |app| {
            add(&app.db, "before")?;
            let tx = app.db.transaction()?;
            add(&tx, "a")?;
            drop(tx);
            add(&app.db, "after")?;
            Ok(SAVED)
        },
        500,
        &[DROPPED, "2 other rows that this request changed have been saved"],
        &["before", "after"],
    );
}

#[test]
fn a_rollback_by_decision_is_told_unless_it_is_said_to_be_meant() {
    check(
        |app| {
            let tx = app.db.transaction()?;
            add(&tx, "a")?;
            tx.rollback()?;
            Ok(SAVED)
        },
        500,
        &[DROPPED, "rollback_on_purpose"],
        &[],
    );
    check(
        |app| {
            let tx = app.db.transaction()?;
            add(&tx, "a")?;
            rollback_on_purpose(|| tx.rollback())?;
            Ok(SAVED)
        },
        200,
        &[],
        &[],
    );
}

#[test]
fn what_is_meant_covers_nothing_after_it() {
    check(
        |app| {
            let tx = app.db.transaction()?;
            add(&tx, "a")?;
            rollback_on_purpose(|| tx.rollback())?;
            let tx = app.db.transaction()?;
            add(&tx, "b")?;
            drop(tx);
            Ok(SAVED)
        },
        500,
        &[DROPPED, "one changed row is lost", "The database is as it was"],
        &[],
    );
}

#[test]
fn a_transaction_that_changed_nothing_may_be_dropped() {
    check(
        |app| {
            add(&app.db, "a")?;
            drop(app.db.transaction()?);
            let tx = app.db.transaction()?;
            tx.query_row("SELECT count(*) FROM note", [], |_| Ok(()))?;
            tx.execute_batch("CREATE TABLE IF NOT EXISTS note (id INTEGER)")?;
            tx.execute("DELETE FROM note WHERE id = 99", [])?;
            Ok(SAVED)
        },
        200,
        &[],
        &["a"],
    );
}

#[test]
fn a_change_of_the_schema_dropped_is_told() {
    for sql in ["CREATE TABLE more (a TEXT) STRICT", "DROP TABLE pair", "PRAGMA user_version = 9"] {
        let mut world = World::new();
        let seen = world.post(|app: &mut App| -> Result<&'static str> {
            let tx = app.db.transaction()?;
            tx.execute_batch(sql)?;
            Ok(SAVED)
        });
        seen.check(500, &[DROPPED, "a schema change is lost", sql]);
        let left: i64 = world
            .second()
            .query_row(
                "SELECT count(*) FROM sqlite_schema WHERE name IN ('more', 'pair')",
                [],
                |row| row.get(0),
            )
            .unwrap();
        assert_eq!(left, 1, "{sql}");
    }
}

#[test]
fn changes_that_no_update_hook_sees_are_told() {
    for sql in ["INSERT INTO pair VALUES ('c', 'd')", "DELETE FROM note"] {
        let mut world = World::new();
        let seen = world.post(|app: &mut App| -> Result<&'static str> {
            let tx = app.db.transaction()?;
            tx.execute_batch(sql)?;
            Ok(SAVED)
        });
        seen.check(500, &[DROPPED, "one changed row is lost", &html::escape(sql)]);
        let count = "SELECT (SELECT count(*) FROM note) + (SELECT count(*) FROM pair)";
        let left: i64 = world.second().query_row(count, [], |row| row.get(0)).unwrap();
        assert_eq!(left, 2, "{sql}");
    }
}

#[test]
fn a_savepoint_dropped_is_told_although_the_transaction_commits() {
    check(
        |app| {
            let mut tx = app.db.transaction()?;
            add(&tx, "outer")?;
            let inner = tx.savepoint()?;
            add(&inner, "inner")?;
            drop(inner);
            tx.commit()?;
            Ok(SAVED)
        },
        500,
        &[
            "The savepoint “_rusqlite_sp” was rolled back",
            "one changed row is lost",
            "One other row",
        ],
        &["outer"],
    );
    check(
        |app| {
            let outermost = app.db.savepoint_with_name("here")?;
            add(&outermost, "a")?;
            Ok(SAVED)
        },
        500,
        &["The savepoint “here” was rolled back", "SAVEPOINT here"],
        &[],
    );
}

#[test]
fn savepoints_that_are_committed_or_meant_are_fine() {
    check(
        |app| {
            let mut tx = app.db.transaction()?;
            let mut kept = tx.savepoint()?;
            add(&kept, "kept")?;
            let mut tried = kept.savepoint()?;
            add(&tried, "tried")?;
            rollback_on_purpose(|| tried.rollback())?;
            drop(tried);
            kept.commit()?;
            tx.commit()?;
            Ok(SAVED)
        },
        200,
        &[],
        &["kept"],
    );
}

#[test]
fn a_rollback_by_sqlite_itself_is_told() {
    check(
        |app| {
            let tx = app.db.transaction()?;
            add(&tx, "a")?;
            let _ = tx.execute("INSERT OR ROLLBACK INTO note VALUES (1, 'again')", []);
            Ok(SAVED)
        },
        500,
        &[
            "SQLite rolled back a transaction because of its last statement",
            "OR ROLLBACK INTO note",
        ],
        &[],
    );
}

#[test]
fn a_statement_that_failed_outside_a_transaction_lost_nothing() {
    check(
        |app| {
            let _ = add(&app.db, "first");
            let _ = app.db.execute("INSERT INTO note SELECT id + 5, text FROM note", []);
            Ok(SAVED)
        },
        200,
        &[],
        &[],
    );
}

#[test]
fn a_commit_that_failed_is_told() {
    let parts = ["A transaction could not be committed, but the program reported success."];
    check(
        |app| {
            let tx = app.db.transaction()?;
            tx.execute("INSERT INTO child VALUES (99)", [])?;
            let _ = tx.commit();
            Ok(SAVED)
        },
        500,
        &parts,
        &[],
    );
    check(
        |app| {
            app.db.commit_hook(Some(|| true))?;
            let tx = app.db.transaction()?;
            add(&tx, "a")?;
            let _ = tx.commit();
            Ok(SAVED)
        },
        500,
        &parts,
        &[],
    );
}

#[test]
fn a_panic_in_the_middle_keeps_its_page_and_is_rolled_back() {
    check(
        |app| {
            let tx = app.db.transaction()?;
            add(&tx, "a")?;
            panic!("in the middle")
        },
        500,
        &["in the middle", "A transaction was rolled back: one changed row is lost"],
        &[],
    );
    check(
        |app| {
            app.db.execute_batch("BEGIN")?;
            add(&app.db, "a")?;
            panic!("in the middle")
        },
        500,
        &["in the middle", "A transaction was left open and has been rolled back", "BEGIN"],
        &[],
    );
}

#[test]
fn an_error_in_the_middle_keeps_its_page_and_is_rolled_back() {
    check(
        |app| {
            let tx = app.db.transaction()?;
            add(&tx, "a")?;
            add(&tx, "first")?;
            Ok(SAVED)
        },
        500,
        &["UNIQUE constraint failed: note.text", "one changed row is lost"],
        &[],
    );
}

#[test]
fn an_answer_that_claims_no_success_stays_as_it_is() {
    let mut world = World::new();
    let seen = world.post(|app: &mut App| -> Result<(StatusCode, &'static str)> {
        let tx = app.db.transaction()?;
        add(&tx, "a")?;
        Ok((StatusCode::UNPROCESSABLE_ENTITY, "Not like this."))
    });
    seen.check(422, &[]);
    assert_eq!((seen.page.as_str(), seen.log.as_str()), ("Not like this.", ""));
}

#[test]
fn a_transaction_left_open_is_told_whatever_the_answer_was() {
    let mut world = World::new();
    let seen = world.post(|app: &mut App| -> Result<&'static str> {
        app.db.execute_batch("BEGIN")?;
        Err(Rejection::new(StatusCode::NOT_FOUND, "There is no <note> 7.").into())
    });
    seen.check(500, &[OPEN, "status 404: There is no &lt;note&gt; 7."]);
}

#[test]
fn a_redirect_claims_success_too() {
    let mut world = World::new();
    let seen = world.post(|app: &mut App| -> Result<Response> {
        let tx = app.db.transaction()?;
        add(&tx, "a")?;
        Ok(Response::redirect("/"))
    });
    seen.check(500, &[DROPPED, "status 303"]);
}

#[test]
fn the_page_escapes_all_that_it_shows() {
    let mut world = World::new();
    let seen = world.post(|app: &mut App| -> Result<&'static str> {
        app.db.execute_batch("BEGIN; UPDATE note SET text = '<b>' WHERE text < 'x'")?;
        Ok(SAVED)
    });
    seen.check(500, &["text = &#x27;&lt;b&gt;&#x27;"]);
    assert!(!seen.page.contains("<b>") && !seen.page.contains("<1>"), "{}", seen.page);
}

#[test]
fn parameters_are_shown_by_their_place_only() {
    check(
        |app| {
            let tx = app.db.transaction()?;
            add(&tx, "my secret")?;
            Ok(SAVED)
        },
        500,
        &["VALUES (?1)"],
        &[],
    );
    let mut world = World::new();
    let seen = world.post(|app: &mut App| -> Result<&'static str> {
        let tx = app.db.transaction()?;
        add(&tx, "my secret")?;
        Ok(SAVED)
    });
    assert!(!seen.page.contains("secret") && !seen.log.contains("secret"));
}

#[test]
fn a_full_text_table_may_write_while_it_commits() {
    check(
        |app| {
            write(&mut app.db, |tx| {
                tx.execute("INSERT INTO page VALUES ('all about tea')", [])?;
                Ok(add(tx, "a")?)
            })?;
            Ok(SAVED)
        },
        200,
        &[],
        &["a"],
    );
}

#[test]
fn a_long_transaction_shows_its_last_statements() {
    check(
        |app| {
            let tx = app.db.transaction()?;
            for number in 0..50 {
                tx.execute_batch(&format!("INSERT INTO note (text) VALUES ('n{number}')"))?;
            }
            Ok(SAVED)
        },
        500,
        &["The last 8 of its 50 statements:", "50 changed rows", "&#x27;n42&#x27;", "&#x27;n49"],
        &[],
    );
}

#[test]
fn a_page_that_ends_the_program_still_ends_it() {
    let mut world = World::new();
    let mut guard = solohttp_sqlite_guard::SqliteGuard::new(
        |app: &mut App| -> Result<Response> {
            app.db.execute_batch("BEGIN")?;
            Ok(Response::html("Good bye.").and_shut_down())
        },
        |app: &App| &app.db,
    );
    let mut request = solohttp_core::Request::get("/quit").build();
    let response = solohttp_core::Handler::handle(&mut guard, &mut world.app, &mut request);
    assert!(response.shuts_down() && response.status() == 500);
}
