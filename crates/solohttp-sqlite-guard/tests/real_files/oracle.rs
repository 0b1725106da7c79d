//! Random sequences of statements: the guard reports a loss if and only if something is lost.
//!
//! The oracle doesn't use hooks: it records which inserts succeeded and checks which of them are
//! in the file afterwards.

use std::collections::BTreeSet;

use proptest::prelude::*;
use rusqlite::Connection;
use solohttp_core::{Handler, Request};
use solohttp_sqlite_guard::{Database, SqliteGuard, rollback_on_purpose};

#[derive(Debug, Clone)]
enum Step {
    Insert,
    InsertTwo,
    FailingInsert,
    Conflict(&'static str),
    Sql(String),
    OnPurpose(String),
    Read,
}

fn step() -> impl Strategy<Value = Step> {
    let name = prop::sample::select(vec!["a", "B", "\"c d\""]);
    let rollback_to = name.clone().prop_map(|name| format!("ROLLBACK TO {name}"));
    let plain = prop::sample::select(vec!["BEGIN", "BEGIN IMMEDIATE", "COMMIT", "END", "ROLLBACK"]);
    let on = prop::sample::select(vec!["ROLLBACK", "ABORT", "FAIL", "IGNORE"]);
    prop_oneof![
        4 => Just(Step::Insert),
        1 => Just(Step::InsertTwo),
        1 => Just(Step::FailingInsert),
        1 => Just(Step::Read),
        1 => on.prop_map(Step::Conflict),
        5 => plain.prop_map(|sql| Step::Sql(sql.to_owned())),
        2 => name.clone().prop_map(|name| Step::Sql(format!("SAVEPOINT {name}"))),
        2 => name.prop_map(|name| Step::Sql(format!("RELEASE {name}"))),
        2 => rollback_to.clone().prop_map(Step::Sql),
        1 => rollback_to.prop_map(Step::OnPurpose),
        1 => Just(Step::OnPurpose("ROLLBACK".to_owned())),
    ]
}

struct App {
    db: Connection,
    /// The rows that were inserted and not rolled back on purpose.
    done: BTreeSet<i64>,
    next: i64,
    /// The savepoints, starting with the transaction itself, each with the value that `next` had
    /// when it was set.
    marks: Vec<(String, i64)>,
}

impl App {
    fn open(path: &std::path::Path) -> Self {
        let schema = "CREATE TABLE t (id INTEGER PRIMARY KEY) STRICT; INSERT INTO t VALUES (0)";
        let db = Database::at(path).migrations([schema]).open().unwrap();
        // For speed; this test isn't about power failures.
        db.pragma_update(None, "synchronous", "OFF").unwrap();
        Self { db, done: BTreeSet::new(), next: 1, marks: Vec::new() }
    }

    fn insert(&mut self, sql: &str, count: i64) {
        if self.db.execute_batch(&sql.replace("?1", &self.next.to_string())).is_ok() {
            self.done.extend(self.next..self.next + count);
        }
        self.next += count;
    }

    fn take(&mut self, step: &Step) {
        match step {
            Step::Insert => self.insert("INSERT INTO t VALUES (?1)", 1),
            Step::InsertTwo => self.insert("INSERT INTO t VALUES (?1), (?1 + 1)", 2),
            Step::FailingInsert => self.insert("INSERT INTO t VALUES (?1), (0)", 0),
            Step::Conflict(word) => {
                self.insert(&format!("INSERT OR {word} INTO t VALUES (0)"), 0);
            }
            Step::Sql(sql) => {
                if self.db.execute_batch(sql).is_ok() {
                    self.went_to_a_mark(sql);
                }
            }
            Step::OnPurpose(sql) => {
                if rollback_on_purpose(|| self.db.execute_batch(sql)).is_ok() {
                    let from = self.went_to_a_mark(sql);
                    self.done.retain(|id| *id < from);
                }
            }
            Step::Read => {
                let _ = self.db.query_row("SELECT max(id) FROM t", [], |_| Ok(()));
            }
        }
        if self.db.is_autocommit() {
            self.marks.clear();
        }
    }

    /// Tracks a completed statement. Returns the value of `next` at the savepoint that it rolled
    /// back to, or the current value if there is none.
    fn went_to_a_mark(&mut self, sql: &str) -> i64 {
        if self.marks.is_empty() {
            self.marks.push((String::new(), self.next));
        }
        let name = sql.rsplit_once(if sql.contains(" TO ") { " TO " } else { " " });
        let name = name.map_or(String::new(), |(_, name)| name.to_ascii_lowercase());
        let found = self.marks.iter().rposition(|(known, _)| *known == name).unwrap_or(0);
        match sql.split(' ').next() {
            Some("SAVEPOINT") => self.marks.push((name, self.next)),
            Some("RELEASE") => self.marks.truncate(found),
            Some("ROLLBACK") => {
                self.marks.truncate(found + 1);
                return self.marks[found].1;
            }
            _ => {}
        }
        self.next
    }
}

/// Checks the guard against the oracle for this sequence of statements.
fn check(steps: &[Step]) {
    let folder = tempfile::tempdir().unwrap();
    let app = App::open(&folder.path().join("t.sqlite"));
    let handler = |app: &mut App| {
        steps.iter().for_each(|step| app.take(step));
        "Saved."
    };
    // A second application runs the same steps without a guard, to see what is left open.
    let mut bare = App::open(&folder.path().join("bare.sqlite"));
    steps.iter().for_each(|step| bare.take(step));
    let was_open = !bare.db.is_autocommit();

    let mut app = SqliteGuard::new(handler, |app: &App| &app.db).with_state(app);
    let response = Request::post("/").send_to(&mut app);
    let status = response.status().as_u16();
    let app = app.state();
    let others = Connection::open(folder.path().join("t.sqlite")).unwrap();
    let mut select = others.prepare("SELECT id FROM t WHERE id > 0").unwrap();
    let there: BTreeSet<i64> =
        select.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    let lost = &app.done - &there;
    assert!(app.db.is_autocommit());
    assert_eq!(
        status == 500,
        was_open || !lost.is_empty(),
        "status {status}, open {was_open}, lost {lost:?}\n{}",
        response.into_text()
    );
}

#[test]
fn whoever_means_to_undo_all_means_what_was_undone_before() {
    let sql = |sql: &str| Step::Sql(sql.to_owned());
    let on_purpose = |sql: &str| Step::OnPurpose(sql.to_owned());
    for last in ["ROLLBACK TO a", "ROLLBACK"] {
        check(&[
            sql("SAVEPOINT a"),
            Step::Insert,
            sql("ROLLBACK TO a"),
            on_purpose(last),
            sql("END"),
        ]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..Default::default() })]

    #[test]
    fn the_guard_tells_every_loss_and_no_other(steps in prop::collection::vec(step(), 0..14)) {
        check(&steps);
    }
}
