//! Full-text indexes that the program declares: an FTS5 table, and the triggers that keep it up to
//! date.
//!
//! They are made after the migrations. If a migration drops or renames something of their table, they
//! are dropped before it, so it never has to know which version of them a file has. Otherwise they
//! stay, because to make the index of a million rows takes a minute.

use std::fmt::Write as _;

use rusqlite::{Connection, OptionalExtension as _, Transaction};

use crate::open::database::Database;
use crate::open::migrate::Migration;
use crate::record::expression::{Token, tokens};
use crate::sql::quoted;
use crate::undo::follower::follower;

/// A comment in the triggers made here, by which they are recognized.
const MARK: &str = "/* by Database::full_text */";

impl Database {
    /// Declares a full-text index (FTS5) of these columns of a table, for
    /// [`List::full_text`](crate::List::full_text) and [`fts_words_in`](crate::fts_words_in).
    ///
    /// The index of the table `sample` is the full-text table `sample_words`. Its row ids are the
    /// keys of `sample`, which needs an `INTEGER PRIMARY KEY`. It takes the texts from `sample`
    /// (`content = sample`), so it stores only the words, and it has `prefix = '1 2 3'`, which finds
    /// the first letters of a word quickly. Triggers keep it up to date.
    ///
    /// ```
    /// use solohttp_core::Request;
    /// use solohttp_sqlite_guard::{Database, Record as _, columns};
    ///
    /// struct Sample { code: String, notes: String }
    /// columns!(Sample in "sample" { code, notes });
    ///
    /// let schema = "CREATE TABLE sample (
    ///     id INTEGER PRIMARY KEY, code TEXT NOT NULL, notes TEXT NOT NULL) STRICT";
    /// let db = Database::in_memory()
    ///     .migrations([schema])
    ///     .full_text("sample", ["code", "notes"])
    ///     .record::<Sample>()
    ///     .open()?;
    ///
    /// Sample { code: "A-17".into(), notes: "cloudy".into() }.insert(&db)?;
    /// let list = Sample::list().full_text("Find samples", "sample_words");
    /// assert_eq!(list.page(&db, &Request::get("/?q=clou").build())?.into_rows().len(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// [`open`](Self::open) makes the index after the migrations, and makes it again if the columns
    /// here have changed, which takes up to a minute for a million rows. As during a migration, no
    /// other program can have the file open, and an older [copy](crate::Copies) gets the index when
    /// it is restored.
    ///
    /// A migration can change, rename and drop the columns. Before one that does so, and before a
    /// [function](crate::Migration::function), the index is dropped, and it is made again
    /// afterwards. On a new file, there is no index until all migrations have run, so a migration
    /// can't name `sample_words`. The next migration after the declaration is gone drops the index
    /// for good.
    ///
    /// An index that a migration has made is replaced, if it also has the name `sample_words` and
    /// `content = sample`, but its triggers must be dropped in a migration.
    ///
    /// `INSERT OR REPLACE` and `REPLACE` would leave the words of the replaced row in the index,
    /// because SQLite calls no trigger for it. Use `INSERT … ON CONFLICT DO UPDATE`. A generated
    /// column can be indexed, too, for example the texts of several columns without accents.
    ///
    /// # Panics
    /// If there are no columns, or the table already has an index.
    #[track_caller]
    pub fn full_text<C: Into<String>>(
        mut self,
        table: impl Into<String>,
        columns: impl IntoIterator<Item = C>,
    ) -> Self {
        let (table, columns) = (table.into(), columns.into_iter().map(Into::into).collect());
        let index = FullText { table, columns };
        assert!(!index.columns.is_empty(), "a full-text index of {} needs columns", index.table);
        let mut known = self.schema.full_text.iter();
        let is_new = !known.any(|known| known.table.eq_ignore_ascii_case(&index.table));
        assert!(is_new, "{} already has a full-text index", index.table);
        self.schema.full_text.push(index);
        self
    }
}

/// A declared index.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct FullText {
    pub(crate) table: String,
    pub(crate) columns: Vec<String>,
}

/// An index with the names and statements of its parts.
struct Plan {
    /// The name and the statement of the FTS5 table, followed by those of the triggers.
    parts: Vec<(String, String)>,
}

/// The indexed table, as the schema has it.
struct Table {
    key: String,
    columns: Vec<String>,
    has_generated: bool,
}

impl FullText {
    /// The name of the FTS5 table.
    pub(crate) fn index(&self) -> String {
        format!("{}_words", self.table)
    }

    /// Fails with a sentence that says what to do if the index can't be made.
    fn plan(&self, db: &Connection) -> rusqlite::Result<Result<Plan, String>> {
        let Some(table) = read(db, &self.table, &self.columns)? else {
            let table = &self.table;
            return Ok(Err(format!("there is no table `{table}`: create it in a migration")));
        };
        let is = |known: &String, name: &String| known.eq_ignore_ascii_case(name);
        let is_missing = |name: &&String| !table.columns.iter().any(|known| is(known, name));
        if let Some(name) = self.columns.iter().find(is_missing) {
            return Ok(Err(format!("there is no column `{name}`: add it in a migration")));
        }
        if table.key.is_empty() {
            return Ok(Err("the table has no INTEGER PRIMARY KEY: add one in a migration".into()));
        }
        Ok(Ok(self.planned(&table)))
    }

    fn planned(&self, table: &Table) -> Plan {
        let (index, on, key) = (self.index(), quoted(&self.table), quoted(&table.key));
        let list = |prefix: &str| {
            let mut list = String::new();
            for column in &self.columns {
                // Writing to a String doesn't fail.
                let _ = write!(list, ", {prefix}{}", quoted(column));
            }
            list
        };
        let (columns, old, new) = (list(""), list("old."), list("new."));
        let words = quoted(&index);
        let add = format!("INSERT INTO {words} (rowid{columns}) VALUES (new.{key}{new});");
        let remove = format!(
            "INSERT INTO {words} ({words}, rowid{columns}) VALUES ('delete', old.{key}{old});"
        );
        // `UPDATE OF` doesn't see that a generated column changes.
        let of = if table.has_generated { String::new() } else { format!(" OF {key}{columns}") };
        let create = format!(
            "CREATE VIRTUAL TABLE {words} USING fts5({}, content = {on}, content_rowid = {key}, \
             prefix = '1 2 3')",
            &columns[2..],
        );
        let trigger = |event: &str, of: &str, body: &str| {
            let name = format!("{index}_{event}");
            let (quoted, event) = (quoted(&name), event.to_ascii_uppercase());
            let sql = format!(
                "CREATE TRIGGER {quoted} AFTER {event}{of} ON {on} BEGIN {MARK}\n{body} END"
            );
            (name, sql)
        };
        let parts = vec![
            (index.clone(), create),
            trigger("insert", "", &add),
            trigger("delete", "", &remove),
            trigger("update", &of, &format!("{remove}\n{add}")),
        ];
        Plan { parts }
    }

    /// Whether the index can stay while a migration runs, because its triggers see all changes of the
    /// rows, and its columns stay. `REPLACE` deletes rows without a trigger.
    fn survives(&self, step: &Migration) -> bool {
        let Some(sql) = step.statements() else { return false };
        let all = tokens(sql);
        let is_named = all.iter().any(|token| token.is_text(&self.table));
        let mut risky = ["DROP", "RENAME", "REPLACE"].into_iter();
        !is_named || !risky.any(|word| all.iter().any(|token| token.is_word(word)))
    }

    /// What keeps the index from being made, among what the file already has.
    fn obstacle(&self, tx: &Connection) -> rusqlite::Result<Option<String>> {
        let index = self.index();
        let found: Option<(String, Option<String>)> = tx
            .prepare("SELECT type, sql FROM sqlite_schema WHERE name = ?1 COLLATE NOCASE")?
            .query_row([&index], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        if let Some((kind, sql)) = found
            && !(kind == "table" && sql.is_some_and(|sql| has_content_in(&sql, &self.table)))
        {
            return Ok(Some(format!(
                "`{index}` isn't a full-text table with `content = {}`: drop or rename it in a \
                 migration",
                self.table
            )));
        }
        let names = [index.clone()];
        let mut triggers =
            tx.prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")?;
        let mut rows = triggers.query([])?;
        while let Some(row) = rows.next()? {
            let (name, sql): (String, String) = (row.get(0)?, row.get(1)?);
            if !sql.contains(MARK) && follower(&sql, 0, "main", &names).is_some() {
                return Ok(Some(format!(
                    "the trigger `{name}` writes to `{index}`, which has triggers of its own: drop \
                     `{name}` in a migration"
                )));
            }
        }
        Ok(None)
    }
}

impl Plan {
    /// Whether the file has exactly this index.
    fn is_there(&self, db: &Connection) -> rusqlite::Result<bool> {
        let mut select =
            db.prepare_cached("SELECT 1 FROM sqlite_schema WHERE name = ?1 AND sql = ?2")?;
        for (name, sql) in &self.parts {
            if !select.exists([name, sql])? {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// Whether any of the indexes is missing or has another declaration.
pub(crate) fn is_due(db: &Connection, declared: &[FullText]) -> rusqlite::Result<bool> {
    for index in declared {
        match index.plan(db)? {
            Ok(plan) if plan.is_there(db)? && index.obstacle(db)?.is_none() => {}
            // `make` says what is wrong.
            _ => return Ok(true),
        }
    }
    Ok(false)
}

/// Drops the indexes made here before migrations run, except those that stay as they are.
pub(crate) fn drop_before(
    tx: &Transaction<'_>,
    declared: &[FullText],
    steps: &[Migration],
) -> rusqlite::Result<()> {
    let stays = |trigger: &str| {
        let mut declared = declared.iter();
        let index = declared
            .find(|index| trigger.rsplit_once('_').is_some_and(|(name, _)| name == index.index()));
        index.is_some_and(|index| steps.iter().all(|step| index.survives(step)))
    };
    let sql = "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND instr(sql, ?1) > 0";
    let made: Vec<String> =
        tx.prepare(sql)?.query_map([MARK], |row| row.get(0))?.collect::<Result<_, _>>()?;
    for trigger in made.iter().filter(|trigger| !stays(trigger)) {
        tx.execute_batch(&format!("DROP TRIGGER {}", quoted(trigger)))?;
        if let Some(index) = trigger.strip_suffix("_insert") {
            tx.execute_batch(&format!("DROP TABLE IF EXISTS {}", quoted(index)))?;
        }
    }
    Ok(())
}

/// Makes the indexes that are missing or have another declaration. Returns the name of a table and a
/// sentence if one of them can't be made.
pub(crate) fn make(
    tx: &Transaction<'_>,
    declared: &[FullText],
) -> rusqlite::Result<Result<(), (String, String)>> {
    for index in declared {
        let problem = |sentence| Ok(Err((index.table.clone(), sentence)));
        let plan = match index.plan(tx)? {
            Ok(plan) => plan,
            Err(sentence) => return problem(sentence),
        };
        if let Some(sentence) = index.obstacle(tx)? {
            return problem(sentence);
        }
        if plan.is_there(tx)? {
            continue;
        }
        for (name, _) in plan.parts.iter().skip(1) {
            tx.execute_batch(&format!("DROP TRIGGER IF EXISTS {}", quoted(name)))?;
        }
        let words = quoted(&index.index());
        tx.execute_batch(&format!("DROP TABLE IF EXISTS {words}"))?;
        for (_, sql) in &plan.parts {
            // For example, FTS5 has no column `rank`.
            if let Err(error) = tx.execute_batch(sql) {
                return problem(error.to_string());
            }
        }
        tx.execute_batch(&format!("INSERT INTO {words} ({words}) VALUES ('rebuild')"))?;
    }
    Ok(Ok(()))
}

/// The key and the columns of a table, and whether any of `used` is generated.
fn read(db: &Connection, table: &str, used: &[String]) -> rusqlite::Result<Option<Table>> {
    let sql = "SELECT wr FROM pragma_table_list
        WHERE schema = 'main' AND type = 'table' AND name = ?1 COLLATE NOCASE";
    let without_rowid: Option<bool> =
        db.prepare_cached(sql)?.query_row([table], |row| row.get(0)).optional()?;
    let Some(without_rowid) = without_rowid else { return Ok(None) };
    let sql = "SELECT name, upper(type) = 'INTEGER' AND pk = 1, pk > 1, hidden > 1
        FROM pragma_table_xinfo(?1)";
    let mut select = db.prepare_cached(sql)?;
    let mut rows = select.query([table])?;
    let mut found = Table { key: String::new(), columns: Vec::new(), has_generated: false };
    let mut has_one_key = !without_rowid;
    while let Some(row) = rows.next()? {
        let (name, is_key, is_next_key): (String, bool, bool) =
            (row.get(0)?, row.get(1)?, row.get(2)?);
        let is_used = used.iter().any(|column| column.eq_ignore_ascii_case(&name));
        found.has_generated |= is_used && row.get::<_, bool>(3)?;
        if is_key {
            found.key.clone_from(&name);
        }
        has_one_key &= !is_next_key;
        found.columns.push(name);
    }
    if !has_one_key {
        found.key.clear();
    }
    Ok(Some(found))
}

/// Whether this statement creates an FTS5 table with its content in `table`. Any other one may have
/// content of its own.
fn has_content_in(sql: &str, table: &str) -> bool {
    let all = tokens(sql);
    let is_fts5 = all.windows(2).any(|pair| pair[0].is_word("USING") && pair[1].is_word("fts5"));
    let is_content = |found: &[Token]| {
        found[0].is_word("content") && found[1].is_sign('=') && found[2].is_text(table)
    };
    is_fts5 && all.windows(3).any(is_content)
}
