//! Doclists have the matches that FTS5 returns, or only FTS5 can find them.

use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop_oneof, proptest};
use proptest::{prop_assert, prop_assert_eq};
use rusqlite::types::Value;

use super::super::full_text::expression;
use super::*;

/// Small pages, and merges that go on later.
const INDEX: &str = "CREATE VIRTUAL TABLE w USING fts5 (t, u, prefix = '2 1');
    CREATE VIRTUAL TABLE v USING fts5vocab (w, row);
    INSERT INTO w (w, rank) VALUES ('pgsz', 32), ('automerge', 2), ('crisismerge', 4)";

#[derive(Debug, Clone)]
enum Step {
    Write(i64, String),
    Delete(i64),
    Merge(i64),
    Optimize,
    Commit,
}

fn step() -> impl Strategy<Value = Step> {
    let key =
        || prop_oneof![10 => 0..60_i64, 1 => any::<i64>(), 1 => Just(i64::MIN), 1 => Just(-1)];
    let words = "([abé]{1,3} ){0,5}|(a b ){100}|(ab ){1,60}";
    prop_oneof![
        20 => (key(), words).prop_map(|(key, words)| Step::Write(key, words)),
        8 => key().prop_map(Step::Delete),
        3 => (-40..40_i64).prop_map(Step::Merge),
        1 => Just(Step::Optimize),
        12 => Just(Step::Commit),
    ]
}

fn take(db: &Connection, step: &Step) {
    match step {
        Step::Write(key, words) => {
            let sql = "INSERT OR REPLACE INTO w (rowid, t, u) VALUES (?1, ?2, 'all')";
            db.execute(sql, (key, words)).unwrap();
        }
        Step::Delete(key) => {
            db.execute("DELETE FROM w WHERE rowid = ?1", [key]).unwrap();
        }
        Step::Merge(pages) => {
            db.execute("INSERT INTO w (w, rank) VALUES ('merge', ?1)", [pages]).unwrap();
        }
        Step::Optimize => {
            db.execute("INSERT INTO w (w) VALUES ('optimize')", []).unwrap();
        }
        Step::Commit => db.execute_batch("COMMIT; BEGIN").unwrap(),
    }
}

/// The matches that FTS5 returns.
fn matches(db: &Connection, query: &str) -> Vec<i64> {
    let mut select = db.prepare_cached("SELECT rowid FROM w WHERE w MATCH ?1").unwrap();
    let keys = select.query_map([query], |row| row.get(0)).unwrap();
    keys.collect::<Result<_, _>>().unwrap()
}

/// The words that FTS5 has.
fn vocabulary(db: &Connection, beginning: &str) -> Vec<String> {
    let mut select = db.prepare_cached("SELECT term FROM v WHERE term GLOB ?1 || '*'").unwrap();
    let words = select.query_map([beginning], |row| row.get(0)).unwrap();
    words.collect::<Result<_, _>>().unwrap()
}

fn read(db: &Connection, typed: &str) -> Option<Vec<i64>> {
    expression(db, "w", typed).unwrap().doclists?.read(db)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_matches_are_those_of_fts5(steps in proptest::collection::vec(step(), 1..120)) {
        let db = Connection::open_in_memory().unwrap();
        db.execute_batch(INDEX).unwrap();
        let all = ["a", "ab", "aba", "b", "bb", "é", "éa", "al", "c", "a b", "ab b é", "all a", "a c"];
        let check = |db: &Connection| {
            for typed in all {
                let query = expression(db, "w", typed).unwrap().sql;
                prop_assert_eq!(read(db, typed), Some(matches(db, &query)), "{}", typed);
            }
            for beginning in ["", "a", "ab", "abb", "c", "e"] {
                let all = vocabulary(db, beginning);
                let found = words(db, "w", beginning, 9).unwrap();
                let missing = all.iter().filter(|word| !found.contains(word)).count();
                prop_assert!(missing == 0 || found.len() > 9, "{}: {:?}", beginning, found);
                prop_assert!(found.iter().all(|word| word.starts_with(beginning)));
                let found = words(db, "w", beginning, 1_000).unwrap();
                prop_assert!(all.iter().all(|word| found.contains(word)), "{}", beginning);
            }
            Ok(())
        };
        check(&db)?;
        db.execute_batch("BEGIN").unwrap();
        for step in &steps {
            take(&db, step);
            if matches!(step, Step::Commit) {
                check(&db)?;
            }
        }
        db.execute_batch("COMMIT").unwrap();
        check(&db)?;
    }

    #[test]
    fn a_damaged_index_is_left_to_fts5_or_read_in_part(
        steps in proptest::collection::vec(step(), 60),
        damages in proptest::collection::vec((any::<u32>(), any::<u32>(), any::<u8>()), 40),
    ) {
        let db = Connection::open_in_memory().unwrap();
        db.execute_batch(INDEX).unwrap();
        db.execute_batch("BEGIN").unwrap();
        steps.iter().for_each(|step| take(&db, step));
        db.execute_batch("COMMIT").unwrap();
        let sql = "SELECT id, block FROM w_data";
        let pages: Vec<(i64, Vec<u8>)> = db.prepare(sql).unwrap()
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap()
            .collect::<Result<_, _>>().unwrap();
        let write = "UPDATE w_data SET block = ?2 WHERE id = ?1";
        for (page, at, value) in damages {
            let (id, page) = &pages[usize::try_from(page).unwrap() % pages.len()];
            let mut damaged = page.clone();
            let at = usize::try_from(at).unwrap() % (page.len() + 1);
            match damaged.get_mut(at) {
                Some(byte) => *byte = value,
                None => damaged.truncate(page.len() / 2),
            }
            db.execute(write, (id, damaged)).unwrap();
            for typed in ["a", "b a", "all"] {
                if let Some(keys) = read(&db, typed) {
                    assert!(keys.is_sorted());
                }
            }
            let words = words(&db, "w", "a", 9).unwrap_or_default();
            assert!(words.iter().all(|word| word.starts_with('a')), "{words:?}");
            db.execute(write, (id, page)).unwrap();
        }
    }
}

#[test]
fn what_only_fts5_can_find_is_left_to_it() {
    let db = Connection::open_in_memory().unwrap();
    db.execute_batch(INDEX).unwrap();
    db.execute("INSERT INTO w (rowid, t) VALUES (7, 'tea теа'), (8, 'cake')", []).unwrap();
    assert_eq!(read(&db, "tea"), Some(vec![7]));
    assert_eq!(read(&db, "теа"), None, "its letters may be stored as others");

    db.execute_batch("BEGIN").unwrap();
    assert_eq!(read(&db, "tea"), Some(vec![7]), "nothing has changed in the transaction");
    db.execute("INSERT INTO w (rowid, t) VALUES (9, 'tea')", []).unwrap();
    assert_eq!(read(&db, "tea"), None, "FTS5 has the change in memory");
    db.execute_batch("COMMIT").unwrap();
    assert_eq!(read(&db, "tea"), Some(vec![7, 9]));

    let version = |version: Value| {
        db.execute("UPDATE w_config SET v = ?1 WHERE k = 'version'", [version]).unwrap();
    };
    version(Value::Integer(6));
    assert_eq!(read(&db, "tea"), None, "the format has another version");
    version(Value::Null);
    assert_eq!(read(&db, "tea"), None, "the version is missing");
    version(Value::Integer(4));
    let secure =
        "INSERT INTO w (w, rank) VALUES ('secure-delete', 1); DELETE FROM w WHERE rowid = 9";
    db.execute_batch(secure).unwrap();
    assert_eq!(read(&db, "tea"), None, "a row is deleted securely");
    assert_eq!(matches(&db, "tea"), [7]);
}

#[test]
fn options_that_change_the_index_leave_it_to_fts5() {
    let check = |options: &str, expect: bool| {
        let db = Connection::open_in_memory().unwrap();
        let create = format!(
            "CREATE VIRTUAL TABLE w USING fts5 (t, {options});
             INSERT INTO w (rowid, t) VALUES (1, 'tea'), (2, 'team')"
        );
        db.execute_batch(&create).unwrap();
        let expect = expect.then(|| vec![1, 2]);
        assert_eq!(read(&db, "te"), expect, "{options}");
        assert_eq!(matches(&db, "te*"), [1, 2], "{options}");
    };
    check("prefix = '1 2'", true);
    check("PREFIX='3,2'", true);
    check("columnsize = 0", true);
    check("content = ''", true);
    check("prefix = '1', prefix = '2'", false);
    check("detail = none", false);
    check("detail=column", false);
    check("tokenize = 'porter'", false);
    check("content = '', contentless_delete = 1", false);
}
