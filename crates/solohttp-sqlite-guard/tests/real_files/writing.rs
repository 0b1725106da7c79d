//! `write` commits and rolls back.

use solohttp_core::{Result, StatusCode};
use solohttp_sqlite_guard::{rollback_on_purpose, write, write_typed};

use crate::other_program::OtherProgram;
use crate::world::{App, World};

fn add_two(app: &mut App, second: &str) -> Result<()> {
    write(&mut app.db, |tx| {
        tx.execute("INSERT INTO note (text) VALUES ('one')", [])?;
        tx.execute("INSERT INTO note (text) VALUES (?1)", [second])?;
        Ok(())
    })
}

#[test]
fn ok_commits() {
    let mut world = World::new();
    let seen = world.post(|app: &mut App| add_two(app, "two").map(|()| "Saved."));
    seen.check(200, &["Saved."]);
    assert_eq!(world.notes(), ["one", "two"]);
}

#[test]
fn an_error_passed_on_is_its_own_page_with_the_line_of_the_question_mark() {
    let mut world = World::new();
    let seen = world.post(|app: &mut App| add_two(app, "one").map(|()| "Saved."));
    seen.check(500, &["UNIQUE constraint failed", "writing.rs:", "one changed row is lost"]);
    assert_eq!(world.notes(), [""; 0]);
}

#[test]
fn an_error_that_is_swallowed_is_no_success() {
    let mut world = World::new();
    let seen = world.post(|app: &mut App| {
        let _ = add_two(app, "one");
        "Saved."
    });
    seen.check(500, &["was rolled back, but the program reported success"]);
}

#[test]
fn an_error_answered_as_one_or_meant_stays() {
    let mut world = World::new();
    let seen = world.post(|app: &mut App| match add_two(app, "one") {
        Ok(()) => (StatusCode::OK, "Saved."),
        Err(_) => (StatusCode::UNPROCESSABLE_ENTITY, "There is one already."),
    });
    seen.check(422, &["There is one already."]);
    let seen = world.post(|app: &mut App| {
        let result = rollback_on_purpose(|| add_two(app, "one"));
        if result.is_err() { "There is one already." } else { "Saved." }
    });
    seen.check(200, &["There is one already."]);
}

#[test]
fn an_error_before_any_change_lost_nothing() {
    let mut world = World::new();
    let seen = world.post(|app: &mut App| {
        let insert = "INSERT INTO note (text) VALUES ('first')";
        let result = write_typed(&mut app.db, |tx| tx.execute(insert, []));
        if result.is_err() { "There is one already." } else { "Saved." }
    });
    seen.check(200, &["There is one already."]);
}

#[test]
fn it_takes_the_lock_at_once() {
    let mut world = World::new();
    let mut other = OtherProgram::shell(world.path());
    write_typed(&mut world.app.db, |_| -> rusqlite::Result<()> {
        assert_eq!(other.run("INSERT INTO note (text) VALUES ('other')"), "error 5");
        Ok(())
    })
    .unwrap();
    assert_eq!(other.run("INSERT INTO note (text) VALUES ('other')"), "ok");
}
