//! One kind of change at a time.

use super::*;

#[test]
fn inserted_updated_and_deleted_rows() {
    let mut it = Program::new("CREATE TABLE t (id INTEGER PRIMARY KEY, a, b)");
    it.check("INSERT INTO t VALUES (1, 'x', NULL), (7, 2, 3.5)");
    it.check("UPDATE t SET a = 'y', b = 1");
    it.check("UPDATE t SET id = id + 100");
    it.check("DELETE FROM t WHERE id = 101");
    it.check("INSERT INTO t (a) SELECT a || 'z' FROM t; UPDATE t SET b = 9; DELETE FROM t");
}

#[test]
fn every_value_to_the_bit() {
    let mut it = Program::new("CREATE TABLE t (a, i INTEGER, r REAL, n NUMERIC, x TEXT, b BLOB)");
    it.check(
        "INSERT INTO t VALUES
         (NULL, 9223372036854775807, 1e308, '1e400', 'a' || char(0) || 'b', x'00ff00'),
         (-9223372036854775808, 0, -0.0, 0.1, '', x''),
         (CAST(x'80ff' AS TEXT), 'text', 5, '  7', 12, 12),
         (4.9e-324, 1e30, 9007199254740993, 9007199254740993, char(0x1f600), 'text')",
    );
    it.check("UPDATE t SET a = r, r = i");
    it.check("UPDATE t SET b = zeroblob(100000), x = CAST(x'c328' AS TEXT) WHERE n = 0.1");
    it.check("DELETE FROM t");
}

#[test]
fn rowids_that_no_column_shows() {
    let mut it = Program::new("CREATE TABLE t (a); CREATE TABLE u (rowid, _rowid_ TEXT, a)");
    it.check("INSERT INTO t (rowid, a) VALUES (5, 'x'), (-3, 'y'); INSERT INTO t VALUES ('z')");
    it.check("UPDATE t SET rowid = 77 WHERE a = 'x'");
    it.check("DELETE FROM t WHERE rowid = 77");
    it.check("INSERT INTO u (oid, rowid, _rowid_, a) VALUES (9, 1, 2, 3)");
    it.check("UPDATE u SET oid = 10, rowid = 11");
    it.check("DELETE FROM u");
}

#[test]
fn keys_that_are_not_the_rowid() {
    let mut it = Program::new(
        "CREATE TABLE t (a TEXT PRIMARY KEY, b INT) ;
         CREATE TABLE d (a INTEGER PRIMARY KEY DESC, b);
         CREATE TABLE w (a TEXT COLLATE NOCASE, b INT, c, PRIMARY KEY (b, a)) WITHOUT ROWID",
    );
    it.check("INSERT INTO t VALUES (NULL, 1), (NULL, 2), ('x', 3)");
    it.check("UPDATE t SET a = 'y' WHERE b = 2");
    it.check("INSERT INTO d VALUES (3, 1), (NULL, 2)");
    it.check("DELETE FROM d WHERE a IS NULL");
    it.check("INSERT INTO w VALUES ('Ada', 1, 1), ('Bob', 1, 2), ('ada', 2, 3)");
    it.check("UPDATE w SET a = 'ADA' WHERE b = 1 AND c = 1");
    it.check("UPDATE w SET b = b + 1 WHERE b = 2");
    it.check("DELETE FROM w");
}

#[test]
fn generated_and_strict_columns_and_names_in_quotes() {
    let mut it = Program::new(
        r#"CREATE TABLE "a ""b" ("c ""d" INTEGER PRIMARY KEY, "select" TEXT NOT NULL,
             len INT AS (length("select")) VIRTUAL, up TEXT AS (upper("select")) STORED UNIQUE,
             CHECK (len < 9)) STRICT"#,
    );
    it.check(r#"INSERT INTO "a ""b" ("select") VALUES ('x'), ('yy')"#);
    it.check(r#"UPDATE "a ""b" SET "select" = "select" || '!'"#);
    it.check(r#"DELETE FROM "a ""b" WHERE len = 2"#);
}

#[test]
fn more_columns_than_a_function_takes() {
    let columns: Vec<String> = (0..450).map(|at| format!("c{at}")).collect();
    let schema = format!("CREATE TABLE t ({}, UNIQUE (c7))", columns.join(", "));
    let mut it = Program::new(schema.leak());
    let values: Vec<String> = (0..450).map(|at| at.to_string()).collect();
    let row = values.join(", ");
    it.check(&format!("INSERT INTO t VALUES ({row}); INSERT INTO t (c449) VALUES ('x')"));
    it.check("UPDATE t SET c0 = 'first', c199 = c449, c449 = 'last'");
    it.check(&format!("REPLACE INTO t VALUES ({row})"));
    it.check("DELETE FROM t");
}

#[test]
fn replaced_rows() {
    let mut it = Program::new(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a UNIQUE, b, c, UNIQUE (b, c));
         CREATE TABLE w (a PRIMARY KEY, b UNIQUE) WITHOUT ROWID;
         CREATE TABLE r (a UNIQUE ON CONFLICT REPLACE, b)",
    );
    it.check(
        "INSERT INTO t VALUES (1, 'a', 1, 1), (2, 'b', 2, 2), (3, 'c', 3, 3), (4, NULL, 4, NULL)",
    );
    it.check("INSERT OR REPLACE INTO t VALUES (1, 'b', 3, 3)");
    it.check("REPLACE INTO t (a, b, c) VALUES ('b', 9, 9)");
    it.check("UPDATE OR REPLACE t SET a = 'z'; UPDATE t SET c = 5");
    it.check("WITH x(v) AS (VALUES (4), (5)) REPLACE INTO t SELECT v, v, v, v FROM x");
    it.check("INSERT INTO w VALUES (1, 1), (2, 2), (3, 3)");
    it.check("REPLACE INTO w VALUES (1, 2)");
    it.check("UPDATE OR REPLACE w SET b = 3 WHERE a = 1");
    it.check("INSERT INTO r VALUES ('x', 1), ('x', 2), ('y', 3)");
    it.check("UPDATE r SET a = 'x'");
}

#[test]
fn rows_replaced_by_indexes_with_conditions_and_expressions() {
    let mut it = Program::new(
        "CREATE TABLE t (a, b, c TEXT);
         CREATE UNIQUE INDEX part ON t (a) WHERE b > 0;
         CREATE UNIQUE INDEX expr ON t (lower(c))",
    );
    it.check("INSERT INTO t VALUES (1, 0, 'x'), (1, 0, 'y'), (1, 1, 'z'), (2, 1, NULL)");
    it.check("REPLACE INTO t VALUES (1, 1, 'X')");
    it.check("REPLACE INTO t VALUES (1, -1, 'w')");
    it.check("UPDATE OR REPLACE t SET c = 'W' WHERE a = 2");
}

#[test]
fn upserts_and_ignored_rows() {
    let mut it = Program::new("CREATE TABLE t (id INTEGER PRIMARY KEY, a UNIQUE, n DEFAULT 0)");
    it.check("INSERT INTO t (a) VALUES ('x'), ('y')");
    it.check("INSERT INTO t (a) VALUES ('x'), ('z') ON CONFLICT (a) DO UPDATE SET n = n + 1");
    it.check("INSERT OR IGNORE INTO t (a) VALUES ('x'), ('v')");
    it.check(
        "INSERT OR IGNORE INTO t (a) VALUES ('x');
         INSERT INTO t (a) VALUES ('u');
         REPLACE INTO t (a) VALUES ('u')",
    );
}

#[test]
fn foreign_keys_in_both_directions() {
    let mut it = Program::new(
        "CREATE TABLE contact (id INTEGER PRIMARY KEY, name);
         CREATE TABLE visit (id INTEGER PRIMARY KEY, contact REFERENCES contact
             ON DELETE CASCADE ON UPDATE CASCADE);
         CREATE TABLE note (contact DEFAULT 1 REFERENCES contact ON DELETE SET NULL
             ON UPDATE SET DEFAULT);
         CREATE TABLE bill (contact REFERENCES contact ON DELETE RESTRICT ON UPDATE CASCADE);
         CREATE TABLE part (id INTEGER PRIMARY KEY, of REFERENCES part ON DELETE CASCADE
             ON UPDATE CASCADE)",
    );
    it.check(
        "INSERT INTO contact VALUES (1, 'Ada'), (2, 'Bob'), (3, 'Cyd');
         INSERT INTO visit VALUES (1, 1), (2, 2), (3, 2);
         INSERT INTO note VALUES (2), (2), (3);
         INSERT INTO bill VALUES (3);
         INSERT INTO part VALUES (1, NULL), (2, 1), (3, 2), (4, 2), (5, 5)",
    );
    it.check("DELETE FROM contact WHERE id = 2");
    it.check("UPDATE contact SET id = 30 WHERE id = 3");
    it.check("UPDATE contact SET id = 31 WHERE id = 30; UPDATE contact SET id = 3 WHERE id = 31");
    it.check("UPDATE part SET id = id + 100");
    it.check("DELETE FROM part WHERE id = 101; DELETE FROM part");
    it.check("REPLACE INTO contact VALUES (1, 'Ada again')");
    it.check(
        "BEGIN; PRAGMA defer_foreign_keys = ON; INSERT INTO visit VALUES (9, 9);
         INSERT INTO contact VALUES (9, 'Dan'); COMMIT",
    );
}

#[test]
fn the_programs_triggers_do_not_run_twice() {
    let mut it = Program::new(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a, changed DEFAULT 0);
         CREATE TABLE audit (id INTEGER PRIMARY KEY AUTOINCREMENT, what);
         CREATE TABLE total (n);
         INSERT INTO total VALUES (0);
         CREATE TRIGGER t1 AFTER INSERT ON t BEGIN
             INSERT INTO audit (what) VALUES ('+' || NEW.id); UPDATE total SET n = n + 1; END;
         CREATE TRIGGER t2 AFTER UPDATE OF a ON t BEGIN
             UPDATE t SET changed = changed + 1 WHERE id = NEW.id; END;
         CREATE TRIGGER t3 BEFORE DELETE ON t BEGIN
             INSERT INTO audit (what) VALUES ('-' || OLD.id); UPDATE total SET n = n - 1; END;
         CREATE VIEW v AS SELECT id, a FROM t;
         CREATE TRIGGER t4 INSTEAD OF UPDATE ON v BEGIN
             UPDATE t SET a = NEW.a WHERE id = OLD.id; END",
    );
    it.check("INSERT INTO t (a) VALUES ('x'), ('y'), ('z')");
    it.check("UPDATE t SET a = a || '!'");
    it.check("UPDATE v SET a = 'view' WHERE id = 2");
    it.check("DELETE FROM t WHERE id <> 2");
    it.check("INSERT INTO t (a) VALUES ('w'); DELETE FROM t");
}

#[test]
fn numbers_of_autoincrement() {
    let mut it = Program::new(
        "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a);
         CREATE TABLE u (id INTEGER PRIMARY KEY AUTOINCREMENT, a)",
    );
    it.check("INSERT INTO t (a) VALUES (1), (2)");
    it.check("INSERT INTO u (id, a) VALUES (50, 1); DELETE FROM u");
    it.check("INSERT INTO t VALUES (9, 9)");
    assert_eq!(it.back(), Some(StatusCode::SEE_OTHER));
    it.run("INSERT INTO t (a) VALUES (3)");
    assert_eq!(it.db().last_insert_rowid(), 3, "9 is free again");
}

#[test]
fn several_databases_in_one_step() {
    let db = Database::in_memory().migrations(["CREATE TABLE t (a)"]).open().unwrap();
    db.execute_batch(
        "ATTACH ':memory:' AS second; CREATE TABLE second.t (a); CREATE TABLE second.u (b)",
    )
    .unwrap();
    let mut it = Program::of(db, Undo::new());
    it.check(
        "INSERT INTO main.t VALUES (1); INSERT INTO second.t VALUES (2); INSERT INTO u VALUES (3)",
    );
    it.check("BEGIN; DELETE FROM second.t; UPDATE t SET a = 7; COMMIT");
}

const NOTES: &str = "CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT, changes DEFAULT 0);
    CREATE VIRTUAL TABLE found USING fts5 (text, content = 'note', content_rowid = 'id', prefix = '2');
    CREATE TRIGGER i AFTER INSERT ON note BEGIN
        INSERT INTO found (rowid, text) VALUES (NEW.id, NEW.text);
        INSERT INTO own VALUES (NEW.id, NEW.text); END;
    CREATE TRIGGER d AFTER DELETE ON note BEGIN
        INSERT INTO found (found, rowid, text) VALUES ('delete', OLD.id, OLD.text);
        DELETE FROM own WHERE title = OLD.id; END;
    CREATE TRIGGER u AFTER UPDATE OF text ON note WHEN OLD.text <> NEW.text BEGIN
        INSERT INTO found (found, rowid, text) VALUES ('delete', OLD.id, OLD.text);
        UPDATE note SET changes = changes + 1 WHERE id = NEW.id;
        INSERT INTO found (rowid, text) VALUES (NEW.id, NEW.text);
        UPDATE own SET body = NEW.text WHERE title = NEW.id; END;
    CREATE VIRTUAL TABLE own USING fts5 (title, body);
    CREATE TABLE place (id INTEGER PRIMARY KEY, x);
    CREATE VIRTUAL TABLE box USING rtree (id, x0, x1);
    CREATE TRIGGER bi AFTER INSERT ON place BEGIN INSERT INTO box VALUES (NEW.id, NEW.x, NEW.x); END;
    CREATE TRIGGER bd AFTER DELETE ON place BEGIN DELETE FROM box WHERE id = OLD.id; END";

/// The content of the indexes, after a check of their integrity.
fn indexes(it: &Program) -> String {
    it.db()
        .execute_batch(
            "INSERT INTO found (found, rank) VALUES ('integrity-check', 1);
             INSERT INTO own (own) VALUES ('integrity-check')",
        )
        .unwrap();
    let all = |sql: &str| -> String {
        it.db()
            .query_row(sql, [], |row| row.get::<_, Option<String>>(0))
            .unwrap()
            .unwrap_or_default()
    };
    assert_eq!(all("SELECT rtreecheck('box')"), "ok");
    [
        all("SELECT group_concat(rowid || text ORDER BY rowid) FROM found WHERE found MATCH 'ap*'"),
        all("SELECT group_concat(title || body ORDER BY title) FROM own"),
        all("SELECT group_concat(title ORDER BY title) FROM own WHERE own MATCH 'apple'"),
        all("SELECT group_concat(id || '@' || x0 ORDER BY id) FROM box WHERE x1 > 3"),
    ]
    .join("|")
}

#[test]
fn virtual_tables_follow_by_triggers() {
    let mut it = Program::new(NOTES);
    let mut states = vec![indexes(&it)];
    for sql in [
        "INSERT INTO note (text) VALUES ('red apple'), ('green apple'), ('red car')",
        "UPDATE note SET text = 'blue car' WHERE id = 3",
        "DELETE FROM note WHERE text LIKE 'red%'",
        "UPDATE note SET text = text || ' pie'; INSERT INTO place (x) VALUES (2), (5), (7)",
        "DELETE FROM place WHERE id = 2; REPLACE INTO note (id, text) VALUES (7, 'apron')",
    ] {
        it.check(sql);
        states.push(indexes(&it));
    }
    let last = states.pop().unwrap();
    for state in states.iter().rev() {
        assert_eq!(it.back(), Some(StatusCode::SEE_OTHER));
        assert_eq!(indexes(&it), *state);
    }
    while it.again().is_some() {}
    assert_eq!(indexes(&it), last);
}

#[test]
fn a_declared_full_text_index_follows() {
    let schema = "CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT)";
    let db = Database::in_memory().migrations([schema]).full_text("note", ["text"]).open().unwrap();
    let mut it = Program::of(db, Undo::new());
    let found = |it: &Program| -> String {
        let check = "INSERT INTO note_words (note_words, rank) VALUES ('integrity-check', 1)";
        it.db().execute_batch(check).unwrap();
        let sql = "SELECT coalesce(group_concat(rowid || text), '') FROM note_words('ap*')";
        it.db().query_row(sql, [], |row| row.get(0)).unwrap()
    };
    let mut states = vec![found(&it)];
    for sql in [
        "INSERT INTO note (text) VALUES ('red apple'), ('green apple'), ('red car')",
        "UPDATE note SET id = 9, text = 'apple pie' WHERE id = 1",
        "DELETE FROM note WHERE text LIKE 'green%'",
    ] {
        it.run(sql);
        states.push(found(&it));
    }
    assert_eq!(states, ["", "1red apple,2green apple", "2green apple,9apple pie", "9apple pie"]);
    for state in states.iter().rev().skip(1) {
        assert_eq!(it.back(), Some(StatusCode::SEE_OTHER));
        assert_eq!(found(&it), *state);
    }
}

#[test]
fn a_row_that_was_not_replaced_after_all() {
    let mut it = Program::new("CREATE TABLE t (id INTEGER PRIMARY KEY, a UNIQUE, b CHECK (b < 9))");
    it.run("INSERT INTO t VALUES (1, 'x', 0), (2, 'y', 0)");
    let before = it.dump();
    let fails = "UPDATE OR REPLACE t SET a = 'x', b = 9 WHERE id = 2";
    it.post(&[("each", fails), ("sql", "UPDATE t SET b = 1 WHERE id = 2")]);
    let after = it.dump();
    assert_eq!(it.back(), Some(StatusCode::SEE_OTHER));
    assert_same(&it.dump(), &before, "back");
    assert_eq!(it.again(), Some(StatusCode::SEE_OTHER));
    assert_same(&it.dump(), &after, "again");
}

#[test]
fn a_foreign_key_action_that_changes_nothing() {
    let mut it = Program::new(
        "CREATE TABLE t (id INTEGER PRIMARY KEY,
             of DEFAULT 1 REFERENCES t ON UPDATE SET DEFAULT DEFERRABLE INITIALLY DEFERRED)",
    );
    it.check("INSERT INTO t VALUES (1, 1), (2, 1)");
    // The foreign key action sets the default in the row that has just been moved.
    it.check("BEGIN; UPDATE t SET id = -id; INSERT INTO t VALUES (1, 1); COMMIT");
    it.check("UPDATE t SET of = of; BEGIN; UPDATE t SET of = of; SAVEPOINT a;
              DELETE FROM t WHERE id = -2; ROLLBACK TO a; UPDATE t SET of = -1 WHERE id = 1; COMMIT");
    let steps = it.undo.steps().len();
    it.run("UPDATE t SET of = of");
    assert_eq!(it.undo.steps().len(), steps, "nothing to undo");
}
