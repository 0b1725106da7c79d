//! The tables whose changes are recorded, and the triggers that record them.

use std::collections::BTreeSet;

use rusqlite::Connection;

use super::change_log::Kind;
use super::conflicts::{Conflict, Index};
use super::follower::follower;
use super::references::ForeignKey;
use crate::sql::quoted;
use crate::watch::statement::has_word;

/// The SQL function that appends a change to the log. Its arguments are the log's length, the
/// table, the kind and the values. Returns the new length.
pub(crate) const RECORD: &str = "solohttp_undo";
/// Takes the first values of a row that is too wide for one call.
pub(crate) const MORE: &str = "solohttp_undo_more";
/// Returns whether the running statements may replace rows.
pub(crate) const REPLACES: &str = "solohttp_undo_replaces";
/// Notes that a row is about to be written. Its arguments are the log's length, the table, the kind
/// and the old key.
pub(crate) const BEFORE: &str = "solohttp_undo_before";
/// Takes a row that the statement might replace.
pub(crate) const REPLACED: &str = "solohttp_undo_replaced";
/// Takes the key of a row that might have been replaced but still exists after the write.
pub(crate) const KEPT: &str = "solohttp_undo_kept";
/// The temporary table with the log's length. A rollback restores the earlier length.
pub(crate) const MARK: &str = "solohttp_undo_mark";

/// The number of values in one call. SQLite's limit is 127 arguments by default.
const CHUNK: usize = 100;

/// A snapshot of a connection's schema.
#[derive(Debug, Default)]
pub(crate) struct Schema {
    pub(crate) tables: Vec<Table>,
    /// Each database with its `schema_version`, which changes with the schema.
    pub(crate) versions: Vec<(String, i64)>,
    /// The names of virtual tables, whose changes triggers can't record.
    pub(crate) virtual_tables: Vec<String>,
    /// The statements that create the triggers that keep virtual tables up to date during a replay.
    pub(crate) followers: Vec<String>,
    /// Databases that have an `AUTOINCREMENT` table.
    pub(crate) sequences: Vec<String>,
    pub(crate) foreign_keys: Vec<ForeignKey>,
    /// Whether a constraint or trigger may replace rows even if the statement doesn't say
    /// `REPLACE`.
    pub(crate) may_replace: bool,
}

#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) database: String,
    pub(crate) name: String,
    /// The quoted names of all columns that are stored and can be written. If no column is an alias
    /// for the rowid, the rowid comes first.
    pub(crate) columns: Vec<String>,
    /// Positions of the columns that identify a row.
    pub(crate) key: Vec<usize>,
    has_rowid: bool,
    /// The conditions under which a row replaces another: one for the rowid or key, and one for
    /// each unique index.
    conflicts: Vec<Conflict>,
}

impl Schema {
    /// Reads all tables except excluded and temporary ones.
    pub(crate) fn read(
        db: &Connection,
        is_excluded: impl Fn(&str) -> bool,
    ) -> rusqlite::Result<Self> {
        let mut schema = Self { versions: versions(db)?, ..Self::default() };
        let listed = tables(db)?;
        let is_virtual = |table: &&Listed| table.kind == "virtual" && table.database != "temp";
        schema.virtual_tables =
            listed.iter().filter(is_virtual).map(|it| it.name.clone()).collect();
        for (database, _) in schema.versions.clone() {
            schema.read_statements(db, &database)?;
        }
        let databases: BTreeSet<&str> =
            schema.versions.iter().map(|(database, _)| database.as_str()).collect();
        let mut all = Vec::new();
        for Listed { database, name, kind, without_rowid } in listed {
            let is_known = databases.contains(database.as_str()) && !name.starts_with("sqlite_");
            if !is_known || kind != "table" {
                continue;
            }
            all.push((database.clone(), name.clone()));
            if !is_excluded(&name) {
                let table = Table::read(db, database, name, without_rowid)?;
                schema.tables.extend(table);
            }
        }
        // Includes the foreign keys of excluded tables.
        for (database, name) in all {
            let keys = ForeignKey::all(db, &database, &name, &schema.tables)?;
            schema.foreign_keys.extend(keys);
        }
        Ok(schema)
    }

    /// Reads the SQL of tables and triggers.
    fn read_statements(&mut self, db: &Connection, database: &str) -> rusqlite::Result<()> {
        let sql =
            format!("SELECT type, sql FROM {}.sqlite_schema WHERE sql <> ''", quoted(database));
        let mut statements = db.prepare(&sql)?;
        let mut rows = statements.query([])?;
        let mut has_sequences = false;
        while let Some(row) = rows.next()? {
            let (kind, sql): (String, String) = (row.get(0)?, row.get(1)?);
            match kind.as_str() {
                "table" if has_word(&sql, "AUTOINCREMENT") => has_sequences = true,
                "trigger" => {
                    let at = self.followers.len();
                    self.followers.extend(follower(&sql, at, database, &self.virtual_tables));
                }
                _ => {}
            }
            self.may_replace |= kind != "index" && has_word(&sql, "REPLACE");
        }
        if has_sequences {
            self.sequences.push(database.to_owned());
        }
        Ok(())
    }

    /// Whether the connection still has this schema.
    pub(crate) fn is_current(&self, db: &Connection) -> rusqlite::Result<bool> {
        for (database, known) in &self.versions {
            if version(db, database)? != *known {
                return Ok(false);
            }
        }
        Ok(true)
    }

    pub(crate) fn columns(&self, table: usize) -> usize {
        self.tables.get(table).map_or(0, |table| table.columns.len())
    }

    /// The statements that create the recording triggers.
    pub(crate) fn triggers(&self) -> String {
        let mut sql = String::new();
        for (at, table) in self.tables.iter().enumerate() {
            table.push_triggers(at, &mut sql);
        }
        sql
    }
}

struct Listed {
    database: String,
    name: String,
    kind: String,
    without_rowid: bool,
}

fn tables(db: &Connection) -> rusqlite::Result<Vec<Listed>> {
    let mut list =
        db.prepare("SELECT schema, name, type, wr FROM pragma_table_list ORDER BY 1, 2")?;
    let rows = list.query_map([], |row| {
        Ok(Listed {
            database: row.get(0)?,
            name: row.get(1)?,
            kind: row.get(2)?,
            without_rowid: row.get(3)?,
        })
    })?;
    rows.collect()
}

fn versions(db: &Connection) -> rusqlite::Result<Vec<(String, i64)>> {
    let mut list = db.prepare("SELECT name FROM pragma_database_list WHERE name <> 'temp'")?;
    let names =
        list.query_map([], |row| row.get::<_, String>(0))?.collect::<Result<Vec<_>, _>>()?;
    names.into_iter().map(|name| version(db, &name).map(|version| (name, version))).collect()
}

fn version(db: &Connection, database: &str) -> rusqlite::Result<i64> {
    let sql = format!("PRAGMA {}.schema_version", quoted(database));
    db.prepare_cached(&sql)?.query_row([], |row| row.get(0))
}

impl Table {
    fn read(
        db: &Connection,
        database: String,
        name: String,
        without_rowid: bool,
    ) -> rusqlite::Result<Option<Self>> {
        let columns: Vec<(String, i64)> = db
            .prepare(
                "SELECT name, pk FROM pragma_table_xinfo(?1, ?2) WHERE hidden = 0 ORDER BY cid",
            )?
            .query_map([&name, &database], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<Result<_, _>>()?;
        let indexes = Index::all(db, &database, &name)?;
        let rowid_column = columns
            .iter()
            .position(|(_, pk)| *pk > 0)
            // A primary key without an index is the rowid.
            .filter(|_| !without_rowid && !indexes.iter().any(|index| index.is_primary_key));
        let mut names: Vec<String> = columns.iter().map(|(name, _)| quoted(name)).collect();
        let mut key: Vec<usize> = Vec::new();
        if without_rowid {
            key = columns
                .iter()
                .enumerate()
                .filter(|(_, (_, pk))| *pk > 0)
                .map(|(at, _)| at)
                .collect();
        } else if let Some(at) = rowid_column {
            key.push(at);
        } else {
            let is_free =
                |alias: &&str| !columns.iter().any(|(name, _)| name.eq_ignore_ascii_case(alias));
            match ["rowid", "_rowid_", "oid"].into_iter().find(is_free) {
                Some(alias) => names.insert(0, alias.to_owned()),
                // All three names are columns, so nothing can identify a row.
                None => return Ok(None),
            }
            key.push(0);
        }
        let mut conflicts: Vec<Conflict> =
            indexes.into_iter().map(|index| index.conflict).collect();
        if !without_rowid {
            let terms = vec![(names[key[0]].clone(), "BINARY".to_owned())];
            conflicts.push(Conflict { terms, has_more: false });
        }
        Ok(Some(Self { database, name, columns: names, key, has_rowid: !without_rowid, conflicts }))
    }

    pub(crate) fn is(&self, database: &str, name: &str) -> bool {
        self.database == database && self.name.eq_ignore_ascii_case(name)
    }

    /// Whether a quoted column is the rowid.
    pub(crate) fn is_rowid(&self, column: &str) -> bool {
        self.has_rowid && self.columns[self.key[0]].eq_ignore_ascii_case(column)
    }

    /// `"main"."contact"`
    pub(crate) fn quoted_name(&self) -> String {
        format!("{}.{}", quoted(&self.database), quoted(&self.name))
    }

    /// The statement that makes a change. Its parameters are the new values, followed by the old
    /// key. A conflicting row is an error, even if the table has `ON CONFLICT REPLACE`.
    pub(crate) fn statement(&self, kind: Kind) -> String {
        let table = self.quoted_name();
        let first_of_key = if kind == Kind::Delete { 1 } else { self.columns.len() + 1 };
        let key = self.has_key(first_of_key);
        let columns = self.columns.join(", ");
        match kind {
            Kind::Insert => {
                let places = vec!["?"; self.columns.len()].join(", ");
                format!("INSERT OR ABORT INTO {table} ({columns}) VALUES ({places})")
            }
            Kind::Update => {
                let set =
                    self.columns.iter().zip(1..).map(|(column, at)| format!("{column} = ?{at}"));
                let set = set.collect::<Vec<_>>().join(", ");
                format!("UPDATE OR ABORT {table} SET {set} WHERE {key}")
            }
            Kind::Delete => format!("DELETE FROM {table} WHERE {key}"),
        }
    }

    /// The statement that reads a row by its key.
    pub(crate) fn select(&self) -> String {
        let (columns, table) = (self.columns.join(", "), self.quoted_name());
        format!("SELECT {columns} FROM {table} WHERE {}", self.has_key(1))
    }

    /// The condition that a row has a given key. The key's values are parameters, numbered from
    /// `first`.
    fn has_key(&self, first: usize) -> String {
        let key = self.key.iter().zip(first..);
        let key = key.map(|(&column, at)| format!("{} = ?{at}", self.columns[column]));
        key.collect::<Vec<_>>().join(" AND ")
    }

    fn push_triggers(&self, at: usize, sql: &mut String) {
        for (kind, event, rows) in [
            (Kind::Insert, "INSERT", &["NEW"][..]),
            (Kind::Update, "UPDATE", &["OLD", "NEW"]),
            (Kind::Delete, "DELETE", &["OLD"]),
        ] {
            let values = rows
                .iter()
                .flat_map(|row| self.columns.iter().map(move |column| format!("{row}.{column}")));
            let values: Vec<String> = values.collect();
            let kept = if kind == Kind::Delete { String::new() } else { self.kept(at) };
            let (more, last) = chunks(&values);
            let more = if more.is_empty() { more } else { format!("SELECT {more}; ") };
            sql.push_str(&format!(
                "CREATE TEMP TRIGGER solohttp_undo_{at}_{event} AFTER {event} ON {table} BEGIN \
                 {kept}{more}UPDATE {MARK} SET at = {RECORD}(at, {at}, {code}, {last}); END;\n",
                table = self.quoted_name(),
                code = kind.code(),
            ));
            if kind != Kind::Delete {
                sql.push_str(&self.before(at, event));
            }
        }
    }

    /// The trigger that collects the rows that a statement may replace. `REPLACE` fires delete
    /// triggers only with `recursive_triggers`, which would change what the program's own triggers
    /// do.
    fn before(&self, at: usize, event: &str) -> String {
        let (kind, old_key, others) = match event {
            "UPDATE" => {
                let key = self.key.iter().map(|&at| format!(", OLD.{}", self.columns[at]));
                let others = format!(" AND NOT ({})", self.same_key("OLD"));
                (Kind::Update, key.collect(), others)
            }
            _ => (Kind::Insert, String::new(), String::new()),
        };
        let (more, last) = chunks(&self.columns);
        let more = if more.is_empty() { more } else { format!("{more}, ") };
        format!(
            "CREATE TEMP TRIGGER solohttp_undo_{at}_before_{event} BEFORE {event} ON {table} \
             WHEN {REPLACES}() BEGIN \
             SELECT {BEFORE}(at, {at}, {kind}{old_key}) FROM {MARK}; \
             SELECT {more}{REPLACED}({at}, {last}) FROM {table} WHERE ({conflict}){others}; END;\n",
            table = self.quoted_name(),
            kind = kind.code(),
            conflict = self.conflict(),
        )
    }

    /// The statement that finds which of these rows still exist. Only needed if an index has
    /// conditions that aren't known.
    fn kept(&self, at: usize) -> String {
        if !self.conflicts.iter().any(|conflict| conflict.has_more) {
            return String::new();
        }
        let key: Vec<&str> = self.key.iter().map(|&at| self.columns[at].as_str()).collect();
        format!(
            "SELECT {KEPT}({at}, {key}) FROM {table} WHERE {KEPT}({at}) AND ({conflict}) \
             AND NOT ({new}); ",
            key = key.join(", "),
            table = self.quoted_name(),
            conflict = self.conflict(),
            new = self.same_key("NEW"),
        )
    }

    /// The condition that a row may be replaced by the row `NEW`.
    fn conflict(&self) -> String {
        let any: Vec<String> = self.conflicts.iter().map(Conflict::condition).collect();
        any.join(" OR ")
    }

    fn same_key(&self, row: &str) -> String {
        let same = |&at: &usize| format!("{0} IS {row}.{0}", self.columns[at]);
        self.key.iter().map(same).collect::<Vec<_>>().join(" AND ")
    }
}

/// Splits values into calls of `MORE` and the arguments of the final call.
fn chunks(values: &[String]) -> (String, String) {
    let last = values.len().saturating_sub(1) / CHUNK * CHUNK;
    let (first, last) = values.split_at(last);
    let more = first.chunks(CHUNK).map(|chunk| format!("{MORE}({})", chunk.join(", ")));
    (more.collect::<Vec<_>>().join(", "), last.join(", "))
}
