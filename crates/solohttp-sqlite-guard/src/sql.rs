//! Names and values in generated SQL, and the parts of existing SQL.

use rusqlite::ToSql;
use rusqlite::types::{ToSqlOutput, ValueRef};

/// Quotes a name for SQL.
pub(crate) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Binds a value unchanged, even text that isn't UTF-8.
pub(crate) struct Bound<'a>(pub(crate) ValueRef<'a>);

impl ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(self.0))
    }
}

/// The byte offset of `part`, which is a slice of `text`.
pub(crate) fn offset(text: &str, part: &str) -> usize {
    part.as_ptr().addr() - text.as_ptr().addr()
}

/// Splits SQL into words, quoted strings and single characters, and skips comments.
pub(crate) fn tokens(sql: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = sql;
    while let Some(first) = rest.chars().next() {
        let after = |end: &str, from: usize| {
            rest[from..].find(end).map_or(rest.len(), |at| from + at + end.len())
        };
        let is_comment = rest.starts_with("--") || rest.starts_with("/*");
        let len = match first {
            _ if rest.starts_with("--") => after("\n", 2),
            _ if rest.starts_with("/*") => after("*/", 2),
            // A doubled quote makes two tokens, which doesn't matter here.
            '"' | '\'' | '`' => after(&rest[..1], 1),
            '[' => after("]", 1),
            _ if is_part(first) => rest.find(|char| !is_part(char)).unwrap_or(rest.len()),
            _ => first.len_utf8(),
        };
        let (token, behind) = rest.split_at(len);
        if !is_comment && !first.is_whitespace() {
            tokens.push(token);
        }
        rest = behind;
    }
    tokens
}

fn is_part(char: char) -> bool {
    char.is_alphanumeric() || matches!(char, '_' | '$')
}
