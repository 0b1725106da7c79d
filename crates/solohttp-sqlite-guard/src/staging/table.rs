//! The temporary table for new rows. It has the columns of the real one, and of its constraints only
//! the unique ones, which are checked against both tables.

use rusqlite::{Connection, OptionalExtension as _};

use crate::record::expression::{self, columns_in};
use crate::sql::{offset, quoted, tokens};

/// A unique index of the temporary table, and the trigger that looks into the real table.
#[derive(Debug)]
pub(super) struct UniqueCheck {
    index: String,
    trigger: String,
    /// The columns on which it depends.
    columns: Vec<String>,
}

impl UniqueCheck {
    pub(super) fn involves(&self, column: &str) -> bool {
        self.columns.iter().any(|known| known.eq_ignore_ascii_case(column))
    }

    pub(super) fn drop(&self, db: &Connection) -> rusqlite::Result<()> {
        let (index, trigger) = (quoted(&self.index), quoted(&self.trigger));
        db.execute_batch(&format!("DROP TRIGGER temp.{trigger}; DROP INDEX temp.{index}"))
    }
}

/// A column of the real table.
struct Column {
    name: String,
    /// Everything after the name in `CREATE TABLE`.
    declaration: String,
    /// The columns that a generated one names.
    depends_on: Vec<String>,
}

/// A unique index of the real table.
struct Index {
    name: String,
    /// Whether SQLite has made it for a constraint.
    is_automatic: bool,
    terms: Vec<String>,
    /// The columns that it consists of. `None` if there is an expression.
    names: Option<Vec<String>>,
    /// The condition of a partial index.
    condition: Option<String>,
    columns: Vec<String>,
}

/// Creates the temporary table and its checks.
pub(super) fn create(
    db: &Connection,
    table: &str,
    key: &str,
) -> rusqlite::Result<Vec<UniqueCheck>> {
    // Read before the temporary table exists, which would be found instead.
    let columns = columns(db, table)?;
    let indexes = indexes(db, table, &columns)?;
    let others = columns.iter().filter(|column| !column.name.eq_ignore_ascii_case(key));
    let others = others.map(|column| format!(", {} {}", quoted(&column.name), column.declaration));
    let others: String = others.collect();
    let (on, row_id) = (quoted(table), quoted(key));
    db.execute_batch(&format!("CREATE TEMP TABLE {on} ({row_id} INTEGER PRIMARY KEY{others})"))?;
    let mut checks = Vec::new();
    for (at, index) in indexes.into_iter().enumerate() {
        // SQLite's message about an expression has the name of the index, which leads to the columns.
        let number = format!("solohttp_staging_{at}");
        let name = if index.is_automatic { number.clone() } else { index.name.clone() };
        let terms = index.terms.join(", ");
        let (only, and) = match &index.condition {
            Some(condition) => (format!("WHERE {condition}"), format!("AND ({condition})")),
            None => Default::default(),
        };
        let message = match &index.names {
            Some(names) => {
                let names = names.iter().map(|name| format!("{table}.{name}"));
                names.collect::<Vec<_>>().join(", ")
            }
            None => format!("index '{}'", index.name),
        };
        let message = format!("UNIQUE constraint failed: {message}").replace('\'', "''");
        db.execute_batch(&format!(
            "CREATE UNIQUE INDEX temp.{} ON {on} ({terms}) {only};
             CREATE TEMP TRIGGER {number} AFTER INSERT ON temp.{on}
             WHEN EXISTS (
                 SELECT 1 FROM main.{on} WHERE ({terms}) = (
                     SELECT {terms} FROM temp.{on}
                     WHERE {row_id} = new.{row_id} {and}
                 ) {and}
             ) BEGIN SELECT RAISE(ABORT, '{message}'); END",
            quoted(&name),
        ))?;
        checks.push(UniqueCheck { index: name, trigger: number, columns: index.columns });
    }
    Ok(checks)
}

fn columns(db: &Connection, table: &str) -> rusqlite::Result<Vec<Column>> {
    let sql = "SELECT sql, strict FROM pragma_table_list AS t JOIN main.sqlite_schema USING (name)
        WHERE t.schema = 'main' AND t.name = ?1 COLLATE NOCASE";
    let found = db.query_row(sql, [table], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    let (sql, is_strict): (String, bool) = found.unwrap_or_default();
    let mut select =
        db.prepare("SELECT name, type, dflt_value, hidden FROM pragma_table_xinfo(?1)")?;
    let mut rows = select.query([table])?;
    let (mut columns, mut generated) = (Vec::new(), Vec::new());
    while let Some(row) = rows.next()? {
        let (name, class): (String, String) = (row.get(0)?, row.get(1)?);
        let default: Option<String> = row.get(2)?;
        // In a table that isn't strict, `ANY` would be a number.
        let class =
            if is_strict && class.eq_ignore_ascii_case("ANY") { String::new() } else { class };
        let (_, collation, ..) = db.column_metadata(Some("main"), table, &name)?;
        let collation = collation.and_then(|name| name.to_str().ok()).unwrap_or("BINARY");
        let mut declaration = format!("{class} COLLATE {}", quoted(collation));
        if row.get::<_, i64>(3)? > 1 {
            let Some(expression) = generation(&sql, &name) else { continue };
            declaration += &format!(" AS ({expression})");
            generated.push((columns.len(), expression));
        } else if let Some(default) = default {
            declaration += &format!(" DEFAULT ({default})");
        }
        columns.push(Column { name, declaration, depends_on: Vec::new() });
    }
    let names: Vec<String> = columns.iter().map(|column| column.name.clone()).collect();
    for (at, expression) in generated {
        columns[at].depends_on = columns_in(&expression::tokens(expression), &names);
    }
    Ok(columns)
}

/// The unique indexes whose columns are all known.
fn indexes(db: &Connection, table: &str, columns: &[Column]) -> rusqlite::Result<Vec<Index>> {
    let all: Vec<String> = columns.iter().map(|column| column.name.clone()).collect();
    let sql = "SELECT l.name, s.sql FROM pragma_index_list(?1) AS l
        LEFT JOIN main.sqlite_schema AS s ON s.type = 'index' AND s.name = l.name
        WHERE l.\"unique\" ORDER BY l.name";
    let mut select = db.prepare(sql)?;
    let mut rows = select.query([table])?;
    let mut indexes = Vec::new();
    while let Some(row) = rows.next()? {
        let (name, sql): (String, Option<String>) = (row.get(0)?, row.get(1)?);
        let (texts, condition) = sql.as_deref().map(parts).unwrap_or_default();
        let mut terms = db.prepare("SELECT name, coll FROM pragma_index_xinfo(?1) WHERE key")?;
        let mut terms = terms.query([&name])?;
        let mut index = Index {
            is_automatic: sql.is_none(),
            terms: Vec::new(),
            names: Some(Vec::new()),
            condition: condition.map(str::to_owned),
            columns: columns_in(&expression::tokens(condition.unwrap_or_default()), &all),
            name,
        };
        let mut is_known = true;
        while let Some(term) = terms.next()? {
            let (column, collation): (Option<String>, String) = (term.get(0)?, term.get(1)?);
            let text = match column {
                Some(column) => {
                    is_known &= all.contains(&column);
                    let text = quoted(&column);
                    index.names.iter_mut().for_each(|names| names.push(column.clone()));
                    index.columns.push(column);
                    text
                }
                None => {
                    let text = texts.get(index.terms.len()).copied().unwrap_or("NULL");
                    index.names = None;
                    index.columns.extend(columns_in(&expression::tokens(text), &all));
                    format!("({text})")
                }
            };
            index.terms.push(format!("{text} COLLATE {}", quoted(&collation)));
        }
        if is_known {
            index.add_dependencies(columns);
            indexes.push(index);
        }
    }
    Ok(indexes)
}

impl Index {
    /// Adds the columns that its generated columns name.
    fn add_dependencies(&mut self, columns: &[Column]) {
        let mut at = 0;
        while let Some(name) = self.columns.get(at) {
            let column = columns.iter().find(|column| column.name == *name);
            for name in column.into_iter().flat_map(|column| &column.depends_on) {
                if !self.columns.contains(name) {
                    self.columns.push(name.clone());
                }
            }
            at += 1;
        }
    }
}

/// The terms and the condition in `CREATE INDEX name ON table (terms) WHERE condition`.
fn parts(sql: &str) -> (Vec<&str>, Option<&str>) {
    let all = tokens(sql);
    let Some(open) = all.iter().position(|token| *token == "(") else { return Default::default() };
    let Some(close) = closing(&all, open) else { return Default::default() };
    let mut terms = Vec::new();
    let (mut depth, mut from) = (0_usize, open + 1);
    for at in open + 1..=close {
        match all[at] {
            "(" => depth += 1,
            ")" if at < close => depth -= 1,
            "," | ")" if depth == 0 => {
                let order =
                    ["ASC", "DESC"].iter().any(|word| all[at - 1].eq_ignore_ascii_case(word));
                terms.push(text(sql, &all[from..at - usize::from(order)]));
                from = at + 1;
            }
            _ => {}
        }
    }
    // The first token is WHERE.
    let condition = all.get(close + 2..).filter(|condition| !condition.is_empty());
    (terms, condition.map(|condition| text(sql, condition)))
}

/// The expression of a generated column in `CREATE TABLE`.
fn generation<'a>(sql: &'a str, column: &str) -> Option<&'a str> {
    let all = tokens(sql);
    let open = all.iter().position(|token| *token == "(")?;
    let is_it = |token: &str| token.trim_matches(['"', '`', '[', ']']).eq_ignore_ascii_case(column);
    let name = (open + 1..all.len()).find(|&at| {
        is_it(all[at]) && (at == open + 1 || all[at - 1] == ",") && depth(&all[open + 1..at]) == 0
    })?;
    let named = all[name..].iter().position(|token| token.eq_ignore_ascii_case("AS"))? + name;
    let close = closing(&all, named + 1)?;
    Some(text(sql, &all[named + 2..close]))
}

/// The index of the parenthesis that closes the one at `open`.
fn closing(all: &[&str], open: usize) -> Option<usize> {
    (open + 1..all.len()).find(|&at| all[at] == ")" && depth(&all[open + 1..at]) == 0)
}

/// How many more parentheses are opened than closed.
fn depth(tokens: &[&str]) -> usize {
    let count = |sign| tokens.iter().filter(|token| **token == sign).count();
    count("(").saturating_sub(count(")"))
}

/// The text of consecutive tokens.
fn text<'a>(sql: &'a str, tokens: &[&str]) -> &'a str {
    let (Some(first), Some(last)) = (tokens.first(), tokens.last()) else { return "" };
    &sql[offset(sql, first)..offset(sql, last) + last.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_parts_of_an_index() {
        for (sql, terms, condition) in [
            ("CREATE UNIQUE INDEX i ON t (a, b DESC)", &["a", "b"][..], None),
            (
                "CREATE UNIQUE INDEX \"a (b\" ON [t] (lower(a), b || ',' ASC)",
                &["lower(a)", "b || ','"],
                None,
            ),
            (
                "CREATE UNIQUE INDEX i ON t(f(a, (b)) COLLATE x) WHERE a > 1 AND (b)",
                &["f(a, (b)) COLLATE x"],
                Some("a > 1 AND (b)"),
            ),
            ("CREATE UNIQUE INDEX", &[], None),
        ] {
            assert_eq!(parts(sql), (terms.to_vec(), condition), "{sql}");
        }
    }

    #[test]
    fn reads_the_expression_of_a_generated_column() {
        let sql = "CREATE TABLE t (id INTEGER, a TEXT CHECK (a IN ('x', \"key\")), \"key\" TEXT \
            GENERATED ALWAYS AS (lower(a) || ')' || (id)) STORED, c AS (1))";
        assert_eq!(generation(sql, "KEY"), Some("lower(a) || ')' || (id)"));
        assert_eq!(generation(sql, "c"), Some("1"));
        assert_eq!(generation(sql, "x"), None);
    }
}
