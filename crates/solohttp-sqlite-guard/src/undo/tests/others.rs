//! Other programs and connections change the file: undo is exact, or refuses and changes nothing.

use std::path::Path;

use super::*;

const SCHEMA: &str = "CREATE TABLE contact (id INTEGER PRIMARY KEY, name UNIQUE);
    CREATE TABLE visit (id INTEGER PRIMARY KEY AUTOINCREMENT,
        contact REFERENCES contact ON DELETE CASCADE);
    CREATE TABLE bill (contact REFERENCES contact)";

/// A program and a second connection to its file.
fn two(folder: &Path) -> (Program, Connection) {
    let path = folder.join("book.sqlite");
    let it = Program::of(Database::at(&path).migrations([SCHEMA]).open().unwrap(), Undo::new());
    let other = Connection::open(&path).unwrap();
    other.execute_batch("PRAGMA foreign_keys = ON").unwrap();
    (it, other)
}

/// The program's change, another program's change, the statement that reverts the latter, and a
/// part of the error page.
const OBSTACLES: [(&str, &str, &str, &str); 7] = [
    // Conflicts with the row itself, with its name, and with rows that refer to it.
    (
        "UPDATE contact SET name = 'Al' WHERE id = 1",
        "UPDATE contact SET name = 'Abe' WHERE id = 1",
        "UPDATE contact SET name = 'Al' WHERE id = 1",
        "has been changed",
    ),
    (
        "UPDATE contact SET name = 'Al' WHERE id = 1",
        "DELETE FROM contact WHERE id = 1",
        "INSERT INTO contact VALUES (1, 'Al')",
        "has been changed",
    ),
    (
        "UPDATE contact SET name = 'Al' WHERE id = 1",
        "INSERT INTO contact VALUES (3, 'Ada')",
        "DELETE FROM contact WHERE id = 3",
        "conflicts with this step",
    ),
    (
        "DELETE FROM contact WHERE id = 1",
        "INSERT INTO contact VALUES (1, 'New')",
        "DELETE FROM contact WHERE id = 1",
        "has been changed",
    ),
    (
        "INSERT INTO contact VALUES (5, 'Eve')",
        "INSERT INTO visit (contact) VALUES (5)",
        "DELETE FROM visit; DELETE FROM sqlite_sequence",
        "has been changed",
    ),
    (
        "INSERT INTO contact VALUES (5, 'Eve')",
        "INSERT INTO bill VALUES (5)",
        "DELETE FROM bill",
        "refers to",
    ),
    (
        "UPDATE contact SET id = 6 WHERE id = 2; INSERT INTO visit (contact) VALUES (6)",
        "DELETE FROM visit",
        "INSERT INTO visit VALUES (1, 6)",
        "has been changed",
    ),
];

#[test]
fn what_another_program_has_changed_is_never_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let (mut it, other) = two(folder.path());
    it.run("INSERT INTO contact VALUES (1, 'Ada'), (2, 'Bob')");
    for (sql, others, way_back, why) in OBSTACLES {
        let before = it.dump();
        it.run(sql);
        let after = it.dump();
        other.execute_batch(others).unwrap();
        let theirs = it.dump();
        let response = it.press("/__undo/back", false).unwrap();
        assert_eq!(response.status(), StatusCode::CONFLICT, "{sql}; {others}");
        let page = response.into_text();
        for part in ["Not undone: ", why, "Nothing has been changed."] {
            assert!(page.contains(part), "{sql}; {others}: {page}");
        }
        assert_same(&it.dump(), &theirs, others);
        // Nothing is lost: once the conflict is gone, undo works.
        other.execute_batch(way_back).unwrap();
        assert_same(&it.dump(), &after, way_back);
        assert_eq!(it.back(), Some(StatusCode::SEE_OTHER), "{sql}");
        assert_same(&it.dump(), &before, sql);
    }
}

#[test]
fn what_another_program_changes_elsewhere_stays() {
    let folder = tempfile::tempdir().unwrap();
    let (mut it, other) = two(folder.path());
    it.run(
        "INSERT INTO contact VALUES (1, 'Ada'), (2, 'Bob'); INSERT INTO visit (contact) VALUES (1)",
    );
    it.run("DELETE FROM contact WHERE id = 1");
    other
        .execute_batch("UPDATE contact SET name = 'Ben'; INSERT INTO visit (contact) VALUES (2)")
        .unwrap();
    assert_eq!(it.back(), Some(StatusCode::SEE_OTHER));
    assert_eq!(
        it.dump(),
        "contact Integer(1) Integer(1) \"Ada\"\ncontact Integer(2) Integer(2) \"Ben\"\n\
         sqlite_sequence \"visit\" Integer(2)\n\
         visit Integer(1) Integer(1) Integer(1)\nvisit Integer(2) Integer(2) Integer(2)\n"
    );
}

#[test]
fn a_busy_file_is_a_busy_page_and_the_step_stays() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("book.sqlite");
    let database = Database::at(&path).busy_timeout(std::time::Duration::from_millis(10));
    let mut it = Program::of(database.migrations([SCHEMA]).open().unwrap(), Undo::new());
    it.run("INSERT INTO contact VALUES (1, 'Ada')");
    let before = it.dump();
    let other = Connection::open(&path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    assert_eq!(it.back(), Some(StatusCode::SERVICE_UNAVAILABLE));
    other.execute_batch("ROLLBACK").unwrap();
    assert_same(&it.dump(), &before, "busy");
    assert_eq!(it.back(), Some(StatusCode::SEE_OTHER));
}

#[test]
fn an_old_page_undoes_nothing_else() {
    let mut it = Program::new(SCHEMA);
    it.run("INSERT INTO contact VALUES (1, 'Ada')");
    let old = it.undo.steps()[0].id.to_string();
    it.run("INSERT INTO contact VALUES (2, 'Bob')");
    let before = it.dump();
    for step in [old.as_str(), "", "x", "99999999999999999999"] {
        let request = Request::post("/__undo/back").form([("step", step)]);
        assert_eq!(request.send_to(&mut *it.app).status(), StatusCode::SEE_OTHER);
        assert_eq!(it.dump(), before);
        assert!(it.undo.view().to_string().contains("nothing was undone"));
    }
    assert_eq!(Request::get("/__undo/back").send_to(&mut *it.app).status(), 405);
    let script = Request::get("/__undo/keys.js").send_to(&mut *it.app);
    assert!(script.into_text().contains("keydown"));
}

#[test]
fn an_import_on_a_connection_of_its_own_is_a_step() {
    let folder = tempfile::tempdir().unwrap();
    let (mut it, _other) = two(folder.path());
    let path = folder.path().join("book.sqlite");
    it.run("INSERT INTO contact VALUES (1, 'Ada')");
    let before = it.dump();
    let undo = it.undo.clone();
    let import = move || {
        let mut db = Connection::open(path).unwrap();
        let import = |db: &mut Connection| -> Result<()> {
            let tx = db.transaction()?;
            for id in 2..1_000 {
                tx.execute("INSERT OR REPLACE INTO contact VALUES (?1, 'n' || ?1)", [id])?;
            }
            tx.commit()?;
            Ok(())
        };
        undo.record(&mut db, "Import", import).unwrap();
        // Later changes and a failed import aren't part of the step.
        db.execute_batch("INSERT INTO bill VALUES (1)").unwrap();
        let failed = undo.record(&mut db, "Failed", |db| {
            let tx = db.transaction()?;
            tx.execute("DELETE FROM contact", [])?;
            Err::<(), _>("no".into())
        });
        assert!(failed.is_err());
        let triggers = "SELECT count(*) FROM temp.sqlite_schema";
        assert_eq!(db.query_row(triggers, [], |row| row.get::<_, i64>(0)).unwrap(), 0);
    };
    std::thread::Builder::new().spawn(import).unwrap().join().unwrap();
    assert_eq!(it.undo.steps()[0].name, "Import");
    assert_eq!(it.undo.steps().len(), 2);
    let after = it.dump();
    assert_eq!(it.back(), Some(StatusCode::SEE_OTHER));
    assert_same(&it.dump(), &format!("bill Integer(1) Integer(1)\n{before}"), "Import");
    assert_eq!(it.again(), Some(StatusCode::SEE_OTHER));
    assert_same(&it.dump(), &after, "Import");
}

#[test]
fn a_file_that_is_not_guarded_is_no_import() {
    let folder = tempfile::tempdir().unwrap();
    let (it, _other) = two(folder.path());
    for mut db in
        [Connection::open_in_memory().unwrap(), Connection::open(folder.path().join("x")).unwrap()]
    {
        assert!(it.undo.record(&mut db, "Import", |_| Ok(())).is_err());
    }
}
