//! Checks the tables that have the parts of a record: its child rows and its files.

use rusqlite::Connection;

use super::super::expression::tokens;
use super::super::parts::{Part, PartKind};
use super::super::statements::{Declaration, Parent, plain};
use super::{Table, own_problems, read};

/// Adds a sentence for each difference. `checked` are the tables of the record and those that it is a
/// part of, because a row may have rows of its own kind.
pub(super) fn check(
    db: &Connection,
    declaration: &Declaration,
    checked: &mut Vec<&'static str>,
    problems: &mut Vec<String>,
) -> rusqlite::Result<()> {
    for part in declaration.parts {
        let found = match part.kind {
            PartKind::Rows(child) => rows(db, declaration, part, child(), checked)?,
            PartKind::File(table) => file_problem(db, declaration, table)?.into_iter().collect(),
        };
        let field = plain(part.field);
        problems.extend(found.into_iter().map(|problem| format!("`{field}`: {problem}")));
    }
    Ok(())
}

fn rows(
    db: &Connection,
    declaration: &Declaration,
    part: &Part,
    child: &'static Declaration,
    checked: &mut Vec<&'static str>,
) -> rusqlite::Result<Vec<String>> {
    let mut problems = own_problems(db, child)?;
    let (Some(parent), Some(table)) = (child.parent, read(db, child.table)?) else {
        return Ok(problems);
    };
    problems.extend(parent_problem(db, declaration, child.table, parent.column, &table)?);
    problems.extend(place_problem(db, child, parent, &table)?);
    if problems.is_empty() && !is_indexed(db, child.table, parent.column)? {
        let (table, column) = (child.table, parent.column);
        let place = parent.place.map_or(String::new(), |place| format!(", {place}"));
        problems.push(format!(
            "to find the rows of `{}`, add an index: CREATE INDEX {table}_of_{column} ON {table} \
             ({column}{place})",
            plain(part.field),
        ));
    }
    if problems.is_empty() && !checked.contains(&child.table) {
        checked.push(child.table);
        check(db, child, checked, &mut problems)?;
    }
    Ok(problems)
}

/// Checks the column that refers to the record.
fn parent_problem(
    db: &Connection,
    declaration: &Declaration,
    table: &str,
    column: &str,
    found: &Table,
) -> rusqlite::Result<Option<String>> {
    let parent = declaration.table;
    let wanted =
        format!("declare it `{column} INTEGER NOT NULL REFERENCES {parent} ON DELETE CASCADE`");
    if !found.columns.iter().any(|it| it.is(column)) {
        return Ok(Some(format!("the table `{table}` has no column `{column}`: {wanted}")));
    }
    let sql = "SELECT \"table\" = ?3 COLLATE NOCASE AND on_delete = 'CASCADE'
        FROM pragma_foreign_key_list(?1) WHERE \"from\" = ?2 COLLATE NOCASE";
    let mut keys = db.prepare(sql)?;
    let keys = keys.query_map([table, column, parent], |row| row.get(0))?;
    let keys: Vec<bool> = keys.collect::<Result<_, _>>()?;
    Ok((!keys.contains(&true)).then(|| {
        format!(
            "the column `{column}` of the table `{table}` doesn't refer to `{parent}`, or doesn't \
             delete the row together with its parent: {wanted}"
        )
    }))
}

/// Checks the column for the order.
fn place_problem(
    db: &Connection,
    child: &Declaration,
    parent: Parent,
    table: &Table,
) -> rusqlite::Result<Option<String>> {
    let Some(place) = parent.place else { return Ok(None) };
    let name = child.table;
    let Some(found) = table.columns.iter().find(|column| column.is(place)) else {
        return Ok(Some(format!(
            "the table `{name}` has no column `{place}`: declare it `{place} INTEGER NOT NULL`, or \
             leave out `placed \"{place}\"`"
        )));
    };
    if !["INTEGER", "INT"].contains(&found.declared.as_str()) || found.is_hidden {
        return Ok(Some(format!(
            "the column `{place}` of the table `{name}` is for the order: declare it `{place} \
             INTEGER NOT NULL`"
        )));
    }
    let sql = "SELECT 1 FROM pragma_index_list(?1) AS i, pragma_index_info(i.name) AS c
        WHERE i.\"unique\" AND c.name = ?2 COLLATE NOCASE";
    let is_unique = db.prepare(sql)?.exists([name, place])?;
    Ok(is_unique.then(|| {
        format!(
            "the column `{place}` of the table `{name}` is UNIQUE, so rows can't be moved: declare \
             the index without UNIQUE"
        )
    }))
}

/// Whether there is an index that starts with this column, for all rows.
fn is_indexed(db: &Connection, table: &str, column: &str) -> rusqlite::Result<bool> {
    let sql = "SELECT 1 FROM pragma_index_list(?1) AS i, pragma_index_info(i.name) AS c
        WHERE NOT i.partial AND c.seqno = 0 AND c.name = ?2 COLLATE NOCASE";
    db.prepare(sql)?.exists([table, column])
}

/// Checks the table of a stored file.
fn file_problem(
    db: &Connection,
    declaration: &Declaration,
    name: &str,
) -> rusqlite::Result<Option<String>> {
    let record = declaration.table;
    let wanted = format!(
        "CREATE TABLE {name} (id INTEGER PRIMARY KEY AUTOINCREMENT, {record} INTEGER NOT NULL UNIQUE \
         REFERENCES {record} ON DELETE CASCADE, name TEXT NOT NULL, media_type TEXT NOT NULL, bytes \
         BLOB NOT NULL) STRICT"
    );
    let Some(table) = read(db, name)? else {
        return Ok(Some(format!("there is no table `{name}`: {wanted}")));
    };
    let columns =
        [(record, "INTEGER"), ("name", "TEXT"), ("media_type", "TEXT"), ("bytes", "BLOB")];
    let has = |&(name, class): &(&str, &str)| {
        table.columns.iter().any(|it| it.is(name) && it.declared == class && it.is_not_null)
    };
    let is_unique = {
        let sql = "SELECT 1 FROM pragma_index_list(?1) AS i WHERE i.\"unique\" AND NOT i.partial
            AND (SELECT group_concat(name) FROM pragma_index_info(i.name)) = ?2 COLLATE NOCASE";
        db.prepare(sql)?.exists([name, record])?
    };
    let is_numbered = table.columns.iter().any(|it| it.is("id") && it.key > 0)
        && tokens(&table.sql).iter().any(|token| token.is_word("AUTOINCREMENT"));
    let is_complete = columns.iter().all(has) && is_unique && is_numbered;
    let parent = parent_problem(db, declaration, name, record, &table)?;
    Ok((!is_complete || parent.is_some())
        .then(|| format!("the table `{name}` isn't one for stored files: {wanted}")))
}
