//! Which changes become a step, how steps are named, and which are too large.

use super::*;

const SCHEMA: &str = "CREATE TABLE t (id INTEGER PRIMARY KEY, a); CREATE TABLE u (a)";

fn names(it: &Program) -> Vec<String> {
    let shown =
        |step: UndoStep| if step.is_undone { format!("({})", step.name) } else { step.name };
    it.undo.steps().into_iter().map(shown).collect()
}

#[test]
fn steps_are_named_by_the_program_or_by_what_they_changed() {
    let mut it = Program::new(SCHEMA);
    it.run("INSERT INTO t (a) VALUES (1)");
    it.run(
        "INSERT INTO t (a) VALUES (2), (3); DELETE FROM t WHERE a = 1; INSERT INTO u VALUES (1)",
    );
    it.post(&[("sql", "DELETE FROM t"), ("name", "All deleted")]);
    it.run("SELECT * FROM t");
    assert_eq!(names(&it), ["All deleted", "4 rows in t, u", "one row in t"]);
    it.back();
    it.back();
    assert_eq!(names(&it), ["(All deleted)", "(4 rows in t, u)", "one row in t"]);
    it.again();
    assert_eq!(names(&it), ["(All deleted)", "4 rows in t, u", "one row in t"]);
    it.run("INSERT INTO u VALUES (7)");
    assert_eq!(names(&it), ["one row in u", "4 rows in t, u", "one row in t"]);
}

#[test]
fn only_what_was_saved_is_a_step() {
    let mut it = Program::new(SCHEMA);
    // Errors, rollbacks, statements that fail halfway, and a skipped request.
    it.post(&[("sql", "INSERT INTO t (a) VALUES (1)"), ("fail", "no")]);
    it.send("INSERT INTO u VALUES (1); INSERT INTO none VALUES (1)");
    it.post(&[("sql", "INSERT INTO u VALUES (2)"), ("skip", "")]);
    it.run("BEGIN; SAVEPOINT a; INSERT INTO u VALUES (3); ROLLBACK TO a; COMMIT");
    it.send("BEGIN; INSERT INTO u VALUES (4)");
    it.send("INSERT INTO t VALUES (7, 1), (8, 1), (7, 1)");
    assert_eq!(names(&it), [""; 0]);
    let before = it.dump();
    it.run(
        "BEGIN; INSERT INTO u VALUES (5); SAVEPOINT a; INSERT INTO u VALUES (6); ROLLBACK TO a;
         INSERT INTO u VALUES (7); SAVEPOINT b; DELETE FROM u; RELEASE b; ROLLBACK TO a; COMMIT",
    );
    it.send("INSERT OR FAIL INTO t VALUES (10, 1), (11, 1), (10, 1)");
    it.run("INSERT OR IGNORE INTO t VALUES (10, 2), (12, 1)");
    assert_eq!(names(&it), ["one row in t", "one row in u"]);
    // The request that failed but saved some rows isn't a step, so its rows stay.
    it.back();
    it.back();
    let saved = "t Integer(10) Integer(10) Integer(1)\nt Integer(11) Integer(11) Integer(1)\n";
    assert_eq!(it.dump(), before.replacen("u Integer(1)", &format!("{saved}u Integer(1)"), 1));
}

#[test]
fn a_savepoint_keeps_what_came_before_it() {
    let mut it = Program::new(SCHEMA);
    it.check(
        "BEGIN; INSERT INTO u VALUES (5); SAVEPOINT a; INSERT INTO u VALUES (6); ROLLBACK TO a;
         INSERT INTO u VALUES (7); COMMIT; INSERT INTO t VALUES (1, 1)",
    );
    let mut it = Program::new("CREATE TABLE t (id INTEGER PRIMARY KEY, a UNIQUE CHECK (a < 9))");
    it.check("INSERT INTO t (a) VALUES (1), (2)");
    // The update fails at the second row, so the first row isn't changed either.
    let before = it.dump();
    it.send("INSERT INTO t (a) VALUES (3); UPDATE t SET a = a + 7");
    assert_eq!(names(&it), ["2 rows in t"]);
    it.run("DELETE FROM t WHERE a = 3");
    assert_eq!(it.dump(), before);
}

#[test]
fn excluded_tables_are_left_alone() {
    let db = Database::in_memory().migrations([SCHEMA]).open().unwrap();
    let mut it = Program::of(db, Undo::new().except(["U"]));
    it.run("INSERT INTO t (a) VALUES (1); INSERT INTO u VALUES (1)");
    it.run("INSERT INTO u VALUES (2)");
    assert_eq!(names(&it), ["one row in t"]);
    it.back();
    assert_eq!(it.dump(), "u Integer(1) Integer(1)\nu Integer(2) Integer(2)\n");
}

#[test]
fn what_is_too_large_says_so_and_ends_the_list() {
    let db = Database::in_memory().migrations([SCHEMA]).open().unwrap();
    let mut it = Program::of(db, Undo::new().max_bytes(10_000).max_steps(3));
    for _ in 0..5 {
        it.run("INSERT INTO t (a) VALUES (zeroblob(10))");
    }
    assert_eq!(names(&it), ["one row in t"; 3]);
    it.run("INSERT INTO t (a) VALUES (zeroblob(9930))");
    assert_eq!(names(&it), ["one row in t"; 2]);
    it.post(&[("sql", "UPDATE t SET a = zeroblob(3000)"), ("name", "Much")]);
    assert_eq!(names(&it), [""; 0]);
    let shown = it.undo.view().to_string();
    assert!(shown.contains("too large to be undone: Much"), "{shown}");
    it.run("INSERT INTO u VALUES (9)");
    assert!(!it.undo.view().to_string().contains("Much"));
    it.undo.clear();
    // Rolled-back changes don't count.
    it.run(
        "INSERT INTO t (a) VALUES (1); BEGIN; UPDATE t SET a = zeroblob(4000);
         INSERT INTO t (a) VALUES (2); ROLLBACK",
    );
    it.run("BEGIN; UPDATE t SET a = zeroblob(4000); ROLLBACK; INSERT INTO u VALUES (1)");
    assert_eq!(names(&it), ["one row in u"]);
    it.check("INSERT INTO u VALUES (2)");
}

#[test]
fn a_new_schema_and_writes_to_virtual_tables_end_the_list() {
    let mut it = Program::new("CREATE TABLE t (a); CREATE VIRTUAL TABLE f USING fts5 (a)");
    for (row, sql) in [
        ("t VALUES (1)", "ALTER TABLE t ADD COLUMN b"),
        ("t VALUES (1, 2)", "CREATE TABLE other (a)"),
        ("t VALUES (1, 2)", "DROP TABLE other"),
        ("t VALUES (1, 2)", "ALTER TABLE t RENAME TO s"),
        ("s VALUES (1, 2)", "ALTER TABLE s RENAME COLUMN a TO c"),
        ("s VALUES (1, 2)", "CREATE INDEX i ON s (c)"),
        ("s VALUES (1, 2)", "ALTER TABLE s RENAME TO t"),
        ("t VALUES (1, 2)", "INSERT INTO f VALUES ('x'); INSERT INTO t VALUES (1, 2)"),
        ("t VALUES (1, 2)", "WITH x AS (SELECT 1) INSERT INTO f SELECT * FROM x"),
    ] {
        it.run(&format!("INSERT INTO {row}"));
        assert_eq!(names(&it).len(), 1, "{sql}");
        it.run(sql);
        assert_eq!(names(&it), [""; 0], "{sql}");
    }
    it.check("INSERT INTO t VALUES (3, 4)");
    it.check("UPDATE t SET b = 'x'");
}
