//! Random schemas and random requests: undo and redo restore every state.
//!
//! Set `SOLOHTTP_UNDO_RUNS=10000` for many more runs.

use std::fmt::Write as _;

use super::*;

/// A small generator (Marsaglia, "Xorshift RNGs", 2003), so that a run can be repeated by its
/// number.
struct Random(u64);

impl Random {
    fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % limit
    }

    fn one_in(&mut self, chances: usize) -> bool {
        self.below(chances) == 0
    }

    fn of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }
}

/// A table of a random schema.
struct RandomTable {
    name: String,
    /// Columns that can be written.
    columns: Vec<String>,
    /// The column that other tables can refer to.
    key: Option<String>,
    refers_to_itself: bool,
}

struct Schema {
    sql: String,
    tables: Vec<RandomTable>,
}

const ACTIONS: [&str; 5] = ["CASCADE", "SET NULL", "SET DEFAULT", "RESTRICT", "NO ACTION"];

impl Schema {
    fn new(random: &mut Random) -> Self {
        let mut schema = Self { sql: String::new(), tables: Vec::new() };
        for at in 0..=1 + random.below(3) {
            schema.add_table(random, format!("t{at}"));
        }
        schema.add_audit(random);
        if random.one_in(3) {
            schema.add_full_text();
        }
        schema
    }

    #[expect(clippy::too_many_lines, reason = "a list of choices")]
    fn add_table(&mut self, random: &mut Random, name: String) {
        let mut parts = Vec::new();
        let mut columns = Vec::new();
        let kind = random.below(5);
        let mut key = None;
        if kind < 3 {
            let word = if kind == 2 { " AUTOINCREMENT" } else { "" };
            parts.push(format!("id INTEGER PRIMARY KEY{word}"));
            columns.push("id".to_owned());
            key = Some("id".to_owned());
        }
        for at in 0..2 + random.below(3) {
            let column = format!("c{at}");
            let of = random.of(&["INTEGER", "TEXT", "REAL", "NUMERIC", "BLOB", ""]);
            let rule = match random.below(12) {
                0 => " UNIQUE",
                1 => " UNIQUE ON CONFLICT REPLACE",
                2 => " NOT NULL DEFAULT 7",
                3 => " COLLATE NOCASE UNIQUE",
                _ => "",
            };
            let check =
                if random.one_in(8) { format!(" CHECK ({column} <> 3)") } else { String::new() };
            parts.push(format!("{column} {of}{rule}{check}"));
            columns.push(column);
        }
        if random.one_in(3) {
            let kind = random.of(&["VIRTUAL", "STORED"]);
            let unique = if random.one_in(3) { " UNIQUE" } else { "" };
            parts.push(format!("g AS (c0 || 'g') {kind}{unique}"));
        }
        for at in 0..random.below(3) {
            let targets: Vec<&RandomTable> =
                self.tables.iter().filter(|it| it.key.is_some()).collect();
            let own = key.as_ref().map(|key| (name.clone(), key.clone()));
            let target = if targets.is_empty() || random.one_in(4) {
                own
            } else {
                let target = random.of(&targets);
                Some((target.name.clone(), target.key.clone().unwrap()))
            };
            let Some((table, column)) = target else { continue };
            let (delete, update) = (random.of(&ACTIONS), random.of(&ACTIONS));
            let deferred = random.of(&["", " DEFERRABLE INITIALLY DEFERRED"]);
            let default = random.of(&["", " DEFAULT 1"]);
            parts.push(format!(
                "f{at}{default} REFERENCES {table} ({column}) ON DELETE {delete} ON UPDATE {update}{deferred}"
            ));
            columns.push(format!("f{at}"));
        }
        let without_rowid = kind == 3;
        if without_rowid {
            parts.push("PRIMARY KEY (c1, c0)".to_owned());
        } else if kind == 4 && random.one_in(2) {
            parts.push("UNIQUE (c0, c1)".to_owned());
        }
        let end = if without_rowid { " WITHOUT ROWID" } else { "" };
        writeln!(self.sql, "CREATE TABLE {name} ({}){end};", parts.join(", ")).unwrap();
        if random.one_in(5) {
            writeln!(self.sql, "CREATE UNIQUE INDEX {name}_part ON {name} (c0) WHERE c1 > 2;")
                .unwrap();
        }
        if random.one_in(6) {
            writeln!(self.sql, "CREATE UNIQUE INDEX {name}_expr ON {name} (lower(c1));").unwrap();
        }
        let refers_to_itself =
            parts.iter().any(|part| part.contains(&format!("REFERENCES {name} ")));
        self.tables.push(RandomTable { name, columns, key, refers_to_itself });
    }

    /// Adds triggers that write to other tables and to their own.
    fn add_audit(&mut self, random: &mut Random) {
        self.sql.push_str("CREATE TABLE audit (id INTEGER PRIMARY KEY AUTOINCREMENT, what);\n");
        for RandomTable { name, .. } in &self.tables {
            for event in ["INSERT", "UPDATE", "DELETE"] {
                if random.one_in(2) {
                    let row = if event == "DELETE" { "OLD" } else { "NEW" };
                    let more = if random.one_in(4) && event == "INSERT" {
                        format!(
                            "UPDATE {name} SET c0 = c0 || 'x' WHERE c0 IS NEW.c0 AND length(c0) < 3;"
                        )
                    } else {
                        String::new()
                    };
                    let when = random.of(&["", "WHEN length(OF.c0) % 2 "]).replace("OF", row);
                    writeln!(
                        self.sql,
                        "CREATE TRIGGER {name}_{event} AFTER {event} ON {name} {when}BEGIN \
                         INSERT INTO audit (what) VALUES ('{event} ' || quote({row}.c0)); {more} END;"
                    )
                    .unwrap();
                }
            }
        }
    }

    fn add_full_text(&mut self) {
        self.sql.push_str(
            "CREATE TABLE note (id INTEGER PRIMARY KEY, c0 TEXT, c1);
             CREATE VIRTUAL TABLE found USING fts5 (c0, content = 'note', content_rowid = 'id');
             CREATE TRIGGER ni AFTER INSERT ON note BEGIN
                 INSERT INTO found (rowid, c0) VALUES (NEW.id, NEW.c0); END;
             CREATE TRIGGER nd AFTER DELETE ON note BEGIN
                 INSERT INTO found (found, rowid, c0) VALUES ('delete', OLD.id, OLD.c0); END;
             CREATE TRIGGER nu AFTER UPDATE ON note BEGIN
                 INSERT INTO found (found, rowid, c0) VALUES ('delete', OLD.id, OLD.c0);
                 INSERT INTO found (rowid, c0) VALUES (NEW.id, NEW.c0); END;\n",
        );
        let columns = ["id", "c0", "c1"].map(str::to_owned).to_vec();
        self.tables.push(RandomTable {
            name: "note".to_owned(),
            columns,
            key: None,
            refers_to_itself: false,
        });
    }

    #[expect(clippy::too_many_lines, reason = "a list of choices")]
    fn statement(&self, random: &mut Random) -> String {
        let table = &self.tables[random.below(self.tables.len())];
        let RandomTable { name, columns, refers_to_itself, .. } = table;
        let is_note = name == "note";
        // An external-content index isn't updated when rows are replaced.
        let ways = if is_note {
            &["", "OR IGNORE "][..]
        } else {
            &[
                "",
                "",
                "OR REPLACE ",
                "OR REPLACE ",
                "OR IGNORE ",
                "OR FAIL ",
                "OR ABORT ",
                "OR ROLLBACK ",
            ]
        };
        let way = random.of(ways);
        let mut some: Vec<&String> = columns.iter().filter(|_| !random.one_in(3)).collect();
        if some.is_empty() {
            some.push(&columns[0]);
        }
        let names: Vec<&str> = some.iter().map(|name| name.as_str()).collect();
        let column = &columns[random.below(columns.len())];
        let condition = match random.below(5) {
            0 => String::new(),
            1 => format!(" WHERE {column} > {}", value(random)),
            2 => format!(" WHERE {column} IS {}", value(random)),
            _ => format!(" WHERE {column} = {}", value(random)),
        };
        match random.below(9) {
            0..=3 => {
                let rows: Vec<String> = (0..1 + random.below(3))
                    .map(|_| {
                        let row: Vec<String> = names.iter().map(|_| value(random)).collect();
                        format!("({})", row.join(", "))
                    })
                    .collect();
                let upsert = match random.below(6) {
                    0 if way.is_empty() && !is_note => {
                        format!(" ON CONFLICT DO UPDATE SET {column} = {}", value(random))
                    }
                    1 if way.is_empty() => " ON CONFLICT DO NOTHING".to_owned(),
                    _ => String::new(),
                };
                format!(
                    "INSERT {way}INTO {name} ({}) VALUES {}{upsert}",
                    names.join(", "),
                    rows.join(", ")
                )
            }
            4..=6 => {
                let to = match random.below(4) {
                    0 => format!("{column} + 1"),
                    1 => format!("-{column}"),
                    _ => value(random),
                };
                // Avoids replacing a row that refers to the row moving into its place. The log
                // can't separate their changes, so undo refuses.
                let way = if column == "id" && *refers_to_itself && way == "OR REPLACE " {
                    ""
                } else {
                    way
                };
                format!("UPDATE {way}{name} SET {column} = {to}{condition}")
            }
            7 => format!("DELETE FROM {name}{condition}"),
            _ => random
                .of(&[
                    "SAVEPOINT a",
                    "SAVEPOINT b",
                    "ROLLBACK TO a",
                    "RELEASE a",
                    "RELEASE b",
                    "BEGIN",
                    "COMMIT",
                    "ROLLBACK",
                ])
                .to_owned(),
        }
    }
}

fn value(random: &mut Random) -> String {
    match random.below(12) {
        0 => "NULL".to_owned(),
        // Not the largest integer, because SQLite chooses random rowids after it.
        1 => "4611686018427387904".to_owned(),
        2 => "1e300".to_owned(),
        3 => "x'00ff'".to_owned(),
        4 => "'a' || char(0)".to_owned(),
        5 => "'A'".to_owned(),
        6 => "'a'".to_owned(),
        7 => "2.5".to_owned(),
        _ => (random.below(7)).to_string(),
    }
}

/// 1 to 50 statements, some of them in a transaction.
fn request(schema: &Schema, random: &mut Random) -> Vec<String> {
    let count = 1 + if random.one_in(2) { random.below(5) } else { random.below(50) };
    let mut statements: Vec<String> = (0..count).map(|_| schema.statement(random)).collect();
    if random.one_in(2) {
        statements.insert(0, "BEGIN".to_owned());
    }
    // The guard would report a transaction that is left open.
    statements.extend(["COMMIT", "ROLLBACK"].map(str::to_owned));
    statements
}

fn send(it: &mut Program, statements: &[String]) {
    let fields: Vec<(&str, &str)> = statements.iter().map(|sql| ("each", sql.as_str())).collect();
    let response = it.post(&fields);
    assert_eq!(response.status(), 200, "{}", response.into_text());
}

fn state(it: &Program, has_full_text: bool) -> String {
    if has_full_text {
        let check = "INSERT INTO found (found, rank) VALUES ('integrity-check', 1)";
        it.db().execute_batch(check).unwrap();
    }
    it.dump()
}

fn has_broken_references(db: &Connection) -> bool {
    db.prepare("PRAGMA foreign_key_check").unwrap().exists([]).unwrap()
}

fn runs() -> u64 {
    std::env::var("SOLOHTTP_UNDO_RUNS").map_or(50, |runs| runs.parse().unwrap())
}

/// Creates a program, sends it some requests, and walks through its states. Returns the number of
/// steps, or `None` if the run has dangling references.
fn check_run(run: u64) -> Option<usize> {
    let random = &mut Random::new(run);
    let schema = Schema::new(random);
    let db = Database::in_memory().open().unwrap();
    if let Err(error) = db.execute_batch(&schema.sql) {
        panic!("run {run}: {error}: {}", schema.sql);
    }
    let has_full_text = schema.sql.contains("fts5");
    // Runs the same statements without undo.
    let plain = Database::in_memory().open().unwrap();
    plain.execute_batch(&schema.sql).unwrap();
    let mut it = Program::of(db, Undo::new());
    let mut states = vec![state(&it, has_full_text)];
    let mut log = String::new();
    let mut is_broken = false;
    for _ in 0..2 + random.below(8) {
        let statements = request(&schema, random);
        writeln!(log, "{}\n--", statements.join(";\n")).unwrap();
        send(&mut it, &statements);
        let now = state(&it, has_full_text);
        is_broken |= has_broken_references(it.db());
        // With foreign keys, SQLite itself behaves differently with and without triggers. Without
        // them, it sometimes accepts a dangling reference, or counts one that no longer exists.
        if !schema.sql.contains("REFERENCES") {
            for sql in &statements {
                let _ = plain.execute_batch(sql);
            }
            assert_same(&dump(&plain), &now, &format!("run {run}: the same without undo"));
        }
        if it.undo.steps().len() == states.len() {
            states.push(now);
        } else {
            // A statement may use up `AUTOINCREMENT` numbers without changing a row.
            let rows = |state: &str| -> String {
                state.lines().filter(|line| !line.starts_with("sqlite_sequence")).collect()
            };
            let last = states.last().unwrap();
            assert_same(&rows(&now), &rows(last), &format!("run {run} without a step"));
            if now != *last {
                is_broken = true;
                break;
            }
        }
    }
    if is_broken {
        return None;
    }
    walk(run, random, &mut it, &states, &format!("{}\n{log}", schema.sql));
    Some(states.len() - 1)
}

/// Undoes all steps, redoes all, then moves in random directions.
fn walk(run: u64, random: &mut Random, it: &mut Program, states: &[String], log: &str) {
    let mut at = states.len() - 1;
    let mut walk: Vec<bool> = vec![true; at];
    walk.extend(vec![false; at]);
    walk.extend((0..12).map(|_| random.one_in(2)));
    for back in walk {
        let Some(next) = (if back { at.checked_sub(1) } else { Some(at + 1) }) else { continue };
        let Some(expect) = states.get(next) else { continue };
        let response =
            if back { it.press("/__undo/back", false) } else { it.press("/__undo/again", true) };
        let response = response.unwrap();
        if response.status() != StatusCode::SEE_OTHER {
            let page = response.into_text();
            let (_, page) = page.split_once("<h1>").unwrap();
            let from = &states[at];
            panic!("run {run}, {at} to {next}: {page}\n{log}\nfrom:\n{from}to:\n{expect}");
        }
        let found = state(it, log.contains("fts5"));
        assert_same(&found, expect, &format!("run {run}, {at} to {next}:\n{log}"));
        at = next;
    }
}

#[test]
fn every_state_is_found_again() {
    let outcomes: Vec<_> = (0..runs()).map(check_run).collect();
    let broken = outcomes.iter().filter(|steps| steps.is_none()).count();
    let steps: usize = outcomes.iter().flatten().sum();
    println!("{} runs, {steps} steps, {broken} runs with broken references", runs());
    assert!(broken * 20 < outcomes.len());
}

#[test]
fn with_another_program_it_is_exact_or_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (mut exact, mut refused) = (0, 0);
    for run in 0..runs() / 3 {
        let random = &mut Random::new(run + 1_000_000);
        let schema = Schema::new(random);
        let path = folder.path().join(format!("{run}.sqlite"));
        let db = Database::at(&path).open().unwrap();
        db.execute_batch("PRAGMA synchronous = OFF").unwrap();
        db.execute_batch(&schema.sql).unwrap();
        let other = Connection::open(&path).unwrap();
        other.execute_batch("PRAGMA foreign_keys = ON; PRAGMA synchronous = OFF").unwrap();
        let mut it = Program::of(db, Undo::new());
        for _ in 0..5 {
            send(&mut it, &request(&schema, random));
        }
        for _ in 0..10 {
            let statements: Vec<String> =
                (0..random.below(4)).map(|_| schema.statement(random)).collect();
            for sql in &statements {
                let _ = other.execute_batch(sql);
            }
            let _ = other.execute_batch("COMMIT");
            if !other.is_autocommit() {
                other.execute_batch("ROLLBACK").unwrap();
            }
            if has_broken_references(it.db()) {
                // The other program caused these; see `check_run`.
                break;
            }
            let before = it.dump();
            let Some(status) = it.back() else { break };
            if status == StatusCode::SEE_OTHER {
                assert_eq!(it.again(), Some(StatusCode::SEE_OTHER), "run {run}");
                assert_same(&it.dump(), &before, &format!("run {run}, there and back"));
                it.back();
                exact += 1;
            } else {
                assert_eq!(status, StatusCode::CONFLICT, "run {run}");
                assert_same(&it.dump(), &before, &format!("run {run}, refused"));
                refused += 1;
            }
            assert!(!has_broken_references(it.db()), "run {run}");
        }
    }
    println!("{exact} exact, {refused} refused");
    assert!(exact > 10 && refused > 10, "{exact} exact, {refused} refused");
}
