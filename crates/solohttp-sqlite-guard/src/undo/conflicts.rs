//! Finds out from the unique indexes which rows a new row may replace.

use rusqlite::Connection;

use crate::sql::quoted;

/// The columns in which a row equals any row that it replaces.
#[derive(Debug)]
pub(crate) struct Conflict {
    /// Columns with their collations, quoted.
    pub(crate) terms: Vec<(String, String)>,
    /// Whether the index has conditions that `terms` can't express, for example because it is
    /// partial or contains expressions.
    pub(crate) has_more: bool,
}

impl Conflict {
    /// The condition in SQL, for a trigger's `NEW` row.
    pub(crate) fn condition(&self) -> String {
        if self.terms.is_empty() {
            return "1".to_owned();
        }
        let term = |(column, collation): &(String, String)| {
            format!("{column} = NEW.{column} COLLATE {collation}")
        };
        format!("({})", self.terms.iter().map(term).collect::<Vec<_>>().join(" AND "))
    }
}

/// A unique index.
pub(crate) struct Index {
    pub(crate) is_primary_key: bool,
    pub(crate) conflict: Conflict,
}

impl Index {
    /// Reads the unique indexes of a table.
    pub(crate) fn all(db: &Connection, database: &str, table: &str) -> rusqlite::Result<Vec<Self>> {
        let mut list = db.prepare(
            "SELECT name, origin, partial FROM pragma_index_list(?1, ?2) WHERE \"unique\"",
        )?;
        let listed: Vec<(String, String, bool)> = list
            .query_map([table, database], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
            .collect::<Result<_, _>>()?;
        let mut columns = db.prepare(
            "SELECT name, coll, cid FROM pragma_index_xinfo(?1, ?2) WHERE key ORDER BY seqno",
        )?;
        // After the trigger has run, `REPLACE` may also replace NULLs with column defaults, which
        // changes generated columns too.
        let mut changing = db.prepare(
            "SELECT name FROM pragma_table_xinfo(?1, ?2)
             WHERE (\"notnull\" AND dflt_value <> '') OR hidden > 1",
        )?;
        let changing: Vec<String> =
            changing.query_map([table, database], |row| row.get(0))?.collect::<Result<_, _>>()?;
        let read = |(name, origin, is_partial): (String, String, bool)| {
            let mut conflict = Conflict { terms: Vec::new(), has_more: is_partial };
            let mut rows = columns.query([name.as_str(), database])?;
            while let Some(row) = rows.next()? {
                match row.get::<_, Option<String>>(0)? {
                    Some(column) if !changing.contains(&column) => {
                        conflict.terms.push((quoted(&column), quoted(&row.get::<_, String>(1)?)));
                    }
                    _ => conflict.has_more = true,
                }
            }
            Ok(Self { is_primary_key: origin == "pk", conflict })
        };
        listed.into_iter().map(read).collect()
    }
}
