//! Compares a record with its table, so that a forgotten column is an error at the start and never
//! a silent loss.

mod parts;

use rusqlite::{Connection, OptionalExtension as _};

use super::expression::{self, tokens};
use super::statements::{Column, Declaration, plain};
use super::value::Class;

/// A column of the table.
struct TableColumn {
    name: String,
    declared: String,
    is_not_null: bool,
    has_default: bool,
    /// The column's place in the primary key, counted from 1.
    key: i64,
    is_hidden: bool,
}

impl TableColumn {
    fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    /// An `INTEGER PRIMARY KEY` is never NULL, although it isn't declared so.
    fn may_be_null(&self) -> bool {
        !self.is_not_null && self.key == 0
    }
}

/// What is known about the table.
struct Table {
    columns: Vec<TableColumn>,
    is_strict: bool,
    has_rowid: bool,
    sql: String,
}

/// Returns a sentence for each difference, and those of the record's child rows.
pub(crate) fn problems(
    db: &Connection,
    declaration: &Declaration,
) -> rusqlite::Result<Vec<String>> {
    let mut problems = own_problems(db, declaration)?;
    if problems.is_empty() {
        parts::check(db, declaration, &mut vec![declaration.table], &mut problems)?;
    }
    Ok(problems)
}

/// The differences between a record and its own table.
fn own_problems(db: &Connection, declaration: &Declaration) -> rusqlite::Result<Vec<String>> {
    let name = declaration.table;
    let Some(table) = read(db, name)? else {
        return Ok(vec![format!("there is no table `{name}`: create it in a migration")]);
    };
    let mut problems = Vec::new();
    problems.extend(key_problem(declaration, &table));
    for column in declaration.columns {
        check_column(declaration, column, &table, &mut problems);
    }
    for (computed, _) in declaration.computed {
        let computed = plain(computed);
        if !table.columns.iter().any(|column| column.is(computed)) {
            problems
                .push(format!("there is no column `{computed}` to compute: add it in a migration"));
        }
    }
    check_rest(declaration, &table, &mut problems);
    if problems.is_empty() {
        problems.extend(statement_problem(db, declaration)?);
    }
    Ok(problems)
}

fn read(db: &Connection, name: &str) -> rusqlite::Result<Option<Table>> {
    let sql = "SELECT strict, wr, (SELECT sql FROM sqlite_schema AS s WHERE s.name = t.name)
        FROM pragma_table_list AS t
        WHERE schema = 'main' AND type = 'table' AND name = ?1 COLLATE NOCASE";
    let found: Option<(bool, bool, Option<String>)> =
        db.query_row(sql, [name], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).optional()?;
    let Some((is_strict, without_rowid, sql)) = found else { return Ok(None) };
    let mut select = db.prepare(
        "SELECT name, upper(type), \"notnull\", dflt_value IS NOT NULL, pk, hidden > 0
         FROM pragma_table_xinfo(?1)",
    )?;
    let columns = select.query_map([name], |row| {
        Ok(TableColumn {
            name: row.get(0)?,
            declared: row.get(1)?,
            is_not_null: row.get(2)?,
            has_default: row.get(3)?,
            key: row.get(4)?,
            is_hidden: row.get(5)?,
        })
    })?;
    let columns = columns.collect::<Result<_, _>>()?;
    let sql = sql.unwrap_or_default();
    Ok(Some(Table { columns, is_strict, has_rowid: !without_rowid, sql }))
}

fn key_problem(declaration: &Declaration, table: &Table) -> Option<String> {
    let keys: Vec<&TableColumn> = table.columns.iter().filter(|column| column.key > 0).collect();
    let is_rowid = matches!(&keys[..], [one] if one.is(declaration.key)
        && one.declared == "INTEGER" && table.has_rowid);
    let key = declaration.key;
    (!is_rowid).then(|| {
        format!(
            "`{key}` isn't the INTEGER PRIMARY KEY of the table: name the column that is, with \
             `in \"{}\" by \"…\"`, or mark its field with `: key`",
            declaration.table
        )
    })
}

fn check_column(
    declaration: &Declaration,
    column: &Column,
    table: &Table,
    problems: &mut Vec<String>,
) {
    let (field, name) = (plain(column.field), column.name);
    let Some(found) = table.columns.iter().find(|found| found.is(name)) else {
        problems.push(format!(
            "there is no column `{name}` for the field `{field}`: add it in a migration, or \
             declare `{field}: skip` if it isn't stored in this table"
        ));
        return;
    };
    let accepted = (column.accepted)();
    if found.is_hidden {
        problems.push(format!(
            "the column `{name}` is generated, so the field `{field}` can't be written to it"
        ));
    } else if found.may_be_null() && !accepted.null {
        problems.push(format!(
            "the column `{name}` may be NULL, but the field `{field}` may not: declare the column \
             NOT NULL, or the field as an `Option`"
        ));
    } else if !found.may_be_null() && accepted.null && accepted.class.is_some() {
        problems.push(format!(
            "the field `{field}` may be `None`, but the column `{name}` is NOT NULL: declare the \
             field without `Option`, or the column without NOT NULL"
        ));
    }
    let is_strict = table.is_strict && found.declared != "ANY";
    if let Some(class) = accepted.class.filter(|class| is_strict && !fits(*class, &found.declared))
    {
        let (class, declared) = (class.name(), &found.declared);
        problems.push(format!(
            "the field `{field}` is stored as {class}, but the column `{name}` is {declared}"
        ));
    }
    if let Some(choices) = accepted.choices {
        let all = tokens(&table.sql);
        let checks = expression::checks(&all);
        let listed = checks.iter().find_map(|check| expression::listed(check.condition, name));
        let Some(listed) = listed else { return };
        let missing = |from: &[String], of: &[String]| -> Vec<String> {
            of.iter().filter(|literal| !from.contains(literal)).cloned().collect()
        };
        let (forbidden, unknown) = (missing(&listed, &choices), missing(&choices, &listed));
        if !forbidden.is_empty() {
            problems.push(format!(
                "the CHECK of the column `{name}` doesn't allow {}, which is a choice of the field \
                 `{field}`: rebuild the table in a migration",
                forbidden.join(", ")
            ));
        }
        if !unknown.is_empty() {
            problems.push(format!(
                "the CHECK of the column `{name}` allows {}, which isn't a choice of the field \
                 `{field}` of {}",
                unknown.join(", "),
                declaration.record
            ));
        }
    }
}

/// Whether values of this type belong into a column that is declared like this.
fn fits(class: Class, declared: &str) -> bool {
    declared == class.name() || (class == Class::Integer && declared == "INT")
}

/// Checks the columns that the record doesn't store.
fn check_rest(declaration: &Declaration, table: &Table, problems: &mut Vec<String>) {
    let except: Vec<&str> = declaration.except.iter().map(|name| plain(name)).collect();
    let columns = declaration.columns.iter().map(|column| column.name);
    let computed = declaration.computed.iter().map(|(name, _)| plain(name));
    let parent = declaration.parent.iter();
    let parent = parent.flat_map(|parent| parent.place.into_iter().chain([parent.column]));
    let named: Vec<&str> = columns.chain(computed).chain([declaration.key]).chain(parent).collect();
    for column in table.columns.iter().filter(|column| !column.is_hidden) {
        let name = &column.name;
        let is_excepted = except.iter().any(|known| column.is(known));
        if named.iter().any(|known| column.is(known)) {
            continue;
        }
        if !is_excepted {
            problems.push(format!(
                "nothing is stored in the column `{name}`: name it in `columns!`, or list it in \
                 `except {{ {name} }}`"
            ));
        } else if !column.has_default && !column.may_be_null() {
            problems.push(format!(
                "no row can be inserted without the column `{name}`: give it a DEFAULT, or don't \
                 list it in `except`"
            ));
        }
    }
    for name in except {
        if !table.columns.iter().any(|column| column.is(name)) {
            problems.push(format!("there is no column `{name}`, which is listed in `except`"));
        }
    }
}

/// Prepares the statements, which finds mistakes in expressions.
fn statement_problem(
    db: &Connection,
    declaration: &Declaration,
) -> rusqlite::Result<Option<String>> {
    let statements = declaration.statements();
    let insert = match db.prepare(&statements.insert) {
        Ok(insert) => insert,
        Err(error) => return Ok(Some(error.to_string())),
    };
    if insert.parameter_count() > declaration.columns.len() {
        let name = insert.parameter_name(declaration.columns.len() + 1).unwrap_or("?");
        let fields = declaration.columns.iter().map(|column| plain(column.field));
        let fields: Vec<&str> = fields.collect();
        return Ok(Some(format!(
            "an expression uses `{name}`, which isn't one of the stored fields: {}",
            fields.join(", ")
        )));
    }
    Ok(db.prepare(&statements.update).err().map(|error| error.to_string()))
}
