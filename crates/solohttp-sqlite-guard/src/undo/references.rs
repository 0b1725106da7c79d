//! Checks foreign keys after a replay. They are off during the replay. The log already has the
//! effects of their actions, and running the actions again would interfere with rows that the
//! replay restores in another order. Afterwards, the changed rows are checked.
//!
//! A schema holds its foreign keys, and a check needs the schema, so this file and `schema.rs` import
//! each other.

use rusqlite::types::ValueRef;
use rusqlite::{Connection, params_from_iter};

use super::blocked::Blocked;
use super::change_log::Change;
use super::schema::{Schema, Table};
use crate::sql::{Bound, quoted};

/// The maximum number of rows to look up one by one. With more rows, and no index on the foreign
/// key, checking the whole table is faster.
const MAX_SINGLE: usize = 1_000;

/// A foreign key with its tables and columns, quoted.
#[derive(Debug)]
pub(crate) struct ForeignKey {
    child: Side,
    parent: Side,
    /// The child's database and table.
    child_name: (String, String),
    /// Whether the parent's column is its rowid, so values that compare equal are identical.
    is_rowid: bool,
}

#[derive(Debug)]
struct Side {
    /// The position of the table, if its changes are recorded.
    at: Option<usize>,
    /// Positions of the columns. `None` if one of them is generated.
    columns: Option<Vec<usize>>,
    /// The query for a row with given values in these columns.
    find: String,
}

impl ForeignKey {
    /// Reads the foreign keys of a table.
    pub(crate) fn all(
        db: &Connection,
        database: &str,
        table: &str,
        tables: &[Table],
    ) -> rusqlite::Result<Vec<Self>> {
        let mut list = db.prepare_cached(
            "SELECT id, \"table\", \"from\", \"to\" FROM pragma_foreign_key_list(?1, ?2)
             ORDER BY id, seq",
        )?;
        let mut keys: Vec<(i64, String, Vec<String>, Vec<String>)> = Vec::new();
        let mut rows = list.query([table, database])?;
        while let Some(row) = rows.next()? {
            let id: i64 = row.get(0)?;
            if keys.last().is_none_or(|(last, ..)| *last != id) {
                keys.push((id, row.get(1)?, Vec::new(), Vec::new()));
            }
            if let Some((.., from, to)) = keys.last_mut() {
                from.push(row.get(2)?);
                to.extend(row.get::<_, Option<String>>(3)?);
            }
        }
        keys.into_iter()
            .map(|(_, parent, from, mut to)| {
                if to.is_empty() {
                    to = primary_key(db, database, &parent)?;
                }
                let is_rowid = tables.iter().any(|it| {
                    it.is(database, &parent)
                        && matches!(&to[..], [one] if it.is_rowid(&quoted(one)))
                });
                Ok(Self {
                    child: Side::new(database, table, &from, tables),
                    parent: Side::new(database, &parent, &to, tables),
                    child_name: (database.to_owned(), table.to_owned()),
                    is_rowid,
                })
            })
            .collect()
    }
}

fn primary_key(db: &Connection, database: &str, table: &str) -> rusqlite::Result<Vec<String>> {
    let sql = "SELECT name FROM pragma_table_info(?1, ?2) WHERE pk > 0 ORDER BY pk";
    db.prepare_cached(sql)?.query_map([table, database], |row| row.get(0))?.collect()
}

impl Side {
    fn new(database: &str, table: &str, columns: &[String], tables: &[Table]) -> Self {
        let at = tables.iter().position(|it| it.is(database, table));
        let quoted_columns: Vec<String> = columns.iter().map(|name| quoted(name)).collect();
        let position = |column: &String| {
            let columns = &tables[at?].columns;
            columns.iter().position(|it| it.eq_ignore_ascii_case(column))
        };
        let conditions =
            quoted_columns.iter().zip(1..).map(|(column, at)| format!("{column} = ?{at}"));
        Self {
            at,
            columns: quoted_columns.iter().map(position).collect(),
            find: format!(
                "SELECT 1 FROM {}.{} WHERE {}",
                quoted(database),
                quoted(table),
                conditions.collect::<Vec<_>>().join(" AND "),
            ),
        }
    }

    /// A row's values in the columns on this side of the foreign key. `None` if one of them is
    /// NULL, because the row then refers to nothing.
    fn values<'a>(&self, row: &[ValueRef<'a>]) -> Option<Vec<ValueRef<'a>>> {
        let values = self.columns.as_ref()?.iter().map(|&at| row.get(at).copied());
        let is_set = |value: &ValueRef<'_>| *value != ValueRef::Null;
        values.map(|value| value.filter(is_set)).collect()
    }

    fn finds(&self, db: &Connection, values: &[ValueRef<'_>]) -> rusqlite::Result<bool> {
        let values = values.iter().copied().map(Bound);
        db.prepare_cached(&self.find)?.exists(params_from_iter(values))
    }
}

/// Checks the foreign keys of changed rows.
pub(crate) fn check<'a>(
    db: &Connection,
    schema: &Schema,
    changes: impl Fn() -> Box<dyn Iterator<Item = Change<'a>> + 'a>,
) -> Result<(), Blocked> {
    for key in &schema.foreign_keys {
        let touches = |side: &Side| side.at.is_some_and(|at| changes().any(|it| it.table == at));
        let has_columns = key.child.columns.is_some() && key.parent.columns.is_some();
        let removed = changes()
            .filter(|change| key.parent.at == Some(change.table) && !change.old.is_empty())
            .count();
        let is_complete = if has_columns || !(touches(&key.child) || touches(&key.parent)) {
            removed > 0 && (!key.is_rowid || removed > MAX_SINGLE)
        } else {
            true
        };
        let is_broken = if is_complete {
            let (database, table) = &key.child_name;
            let sql = format!("PRAGMA {}.foreign_key_check({})", quoted(database), quoted(table));
            db.prepare(&sql)?.exists([])?
        } else {
            any_broken(db, key, changes())?
        };
        if is_broken {
            return Err(Blocked::Reference);
        }
    }
    Ok(())
}

fn any_broken<'a>(
    db: &Connection,
    key: &ForeignKey,
    changes: impl Iterator<Item = Change<'a>>,
) -> rusqlite::Result<bool> {
    for change in changes {
        if key.child.at == Some(change.table)
            && let Some(values) = key.child.values(&change.new)
            && key.child.finds(db, &values)?
            && !key.parent.finds(db, &values)?
        {
            return Ok(true);
        }
        if key.parent.at == Some(change.table)
            && let Some(values) = key.parent.values(&change.old)
            && !key.parent.finds(db, &values)?
            && key.child.finds(db, &values)?
        {
            return Ok(true);
        }
    }
    Ok(false)
}
