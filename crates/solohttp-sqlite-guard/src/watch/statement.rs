//! Classifies SQL statements by their first words.
//!
//! SQLite itself reports whether a transaction is open. The words are only needed to tell what
//! ended it, and to track savepoints, which SQLite doesn't report.

/// The effect of a statement on its transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verb<'a> {
    Commit,
    Rollback,
    RollbackTo(&'a str),
    Savepoint(&'a str),
    Release(&'a str),
    /// Changes something that `total_changes` doesn't count: tables, indexes, the schema version.
    Schema,
    Other,
}

impl<'a> Verb<'a> {
    pub(crate) fn of(sql: &'a str) -> Self {
        let mut words = Words { rest: sql };
        let first = words.next().unwrap_or_default();
        let is = |known: &[&str]| known.iter().any(|word| first.eq_ignore_ascii_case(word));
        if is(&["COMMIT", "END"]) {
            Self::Commit
        } else if is(&["ROLLBACK"]) {
            Self::rollback(words)
        } else if is(&["SAVEPOINT"]) {
            words.next().map_or(Self::Other, Self::Savepoint)
        } else if is(&["RELEASE"]) {
            words.after_optional("SAVEPOINT").map_or(Self::Other, Self::Release)
        } else if is(&["CREATE", "DROP", "ALTER"]) || (is(&["PRAGMA"]) && words.sets_header_field())
        {
            Self::Schema
        } else {
            Self::Other
        }
    }

    /// `ROLLBACK [TRANSACTION [name]] [TO [SAVEPOINT] name]`
    fn rollback(mut words: Words<'a>) -> Self {
        while let Some(word) = words.next() {
            if word.eq_ignore_ascii_case("TO") {
                return words.after_optional("SAVEPOINT").map_or(Self::Rollback, Self::RollbackTo);
            }
        }
        Self::Rollback
    }
}

/// The name of the table that a statement writes to, without quotes. `None` for other statements.
pub(crate) fn target(sql: &str) -> Option<&str> {
    let mut words = Words { rest: sql };
    let mut first = words.next()?;
    if first.eq_ignore_ascii_case("WITH") {
        words.skip_common_tables();
        first = words.next()?;
    }
    let is = |word: &str| first.eq_ignore_ascii_case(word);
    let name = if is("INSERT") || is("REPLACE") {
        words.find(|word| word.eq_ignore_ascii_case("INTO"))?;
        words.next()?
    } else if is("DELETE") {
        words.after_optional("FROM")?
    } else if is("UPDATE") {
        match words.next()? {
            // A conflict clause: `UPDATE OR IGNORE t`.
            word if word.eq_ignore_ascii_case("OR") => words.nth(1)?,
            name => name,
        }
    } else {
        return None;
    };
    let mut after = Words { ..words };
    if after.next() == Some(".") { after.next() } else { Some(name) }
}

/// Whether a statement writes to one of these tables.
pub(crate) fn writes_to(sql: &str, tables: &[String]) -> bool {
    // Most programs have no such tables, so their statements aren't read.
    !tables.is_empty()
        && target(sql).is_some_and(|name| tables.iter().any(|it| it.eq_ignore_ascii_case(name)))
}

/// Whether a statement contains this word, ignoring case, even as part of another word.
pub(crate) fn has_word(sql: &str, word: &str) -> bool {
    sql.as_bytes().windows(word.len()).any(|part| part.eq_ignore_ascii_case(word.as_bytes()))
}

/// Iterates over words and quoted names. Skips comments and whitespace; any other character is a
/// word of its own.
/// The words and signs of a statement.
pub(super) fn words(sql: &str) -> impl Iterator<Item = &str> {
    Words { rest: sql }
}

struct Words<'a> {
    rest: &'a str,
}

impl<'a> Words<'a> {
    fn after_optional(&mut self, word: &str) -> Option<&'a str> {
        let first = self.next()?;
        if first.eq_ignore_ascii_case(word) { self.next() } else { Some(first) }
    }

    /// Skips the rest of a `WITH` clause: `[RECURSIVE] name [(columns)] AS (…), …`
    fn skip_common_tables(&mut self) {
        let mut depth = 0_usize;
        let mut is_closed = false;
        loop {
            self.skip_whitespace_and_comments();
            let start = self.rest;
            let Some(word) = self.next() else { return };
            let continues = word == "," || word.eq_ignore_ascii_case("AS");
            if is_closed && !continues {
                self.rest = start;
                return;
            }
            // A string or a quoted name may be a parenthesis, too.
            let is_sign = start.starts_with(word);
            match word {
                "(" if is_sign => depth += 1,
                ")" if is_sign => depth = depth.saturating_sub(1),
                _ => {}
            }
            is_closed = word == ")" && is_sign && depth == 0;
        }
    }

    /// `PRAGMA [schema.]user_version = 7`, `PRAGMA application_id(7)`
    fn sets_header_field(mut self) -> bool {
        let mut name = self.next().unwrap_or_default();
        let mut after = self.next();
        if after == Some(".") {
            name = self.next().unwrap_or_default();
            after = self.next();
        }
        let fields = ["user_version", "application_id"];
        fields.iter().any(|known| name.eq_ignore_ascii_case(known))
            && matches!(after, Some("=" | "("))
    }

    fn take(&mut self, len: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(len);
        self.rest = rest;
        taken
    }

    fn skip_through(&mut self, end: &str) {
        self.rest = self.rest.split_once(end).map_or("", |(_, rest)| rest);
    }

    fn skip_whitespace_and_comments(&mut self) {
        loop {
            self.rest = self.rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == ';');
            if self.rest.starts_with("--") {
                self.skip_through("\n");
            } else if self.rest.starts_with("/*") {
                self.skip_through("*/");
            } else {
                return;
            }
        }
    }
}

impl<'a> Iterator for Words<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        self.skip_whitespace_and_comments();
        let first = self.rest.chars().next()?;
        let quote = match first {
            '"' | '\'' | '`' => Some(first),
            '[' => Some(']'),
            _ => None,
        };
        if let Some(quote) = quote {
            self.take(1);
            let name = self.take(self.rest.find(quote).unwrap_or(self.rest.len()));
            self.take(usize::from(!self.rest.is_empty()));
            return Some(name);
        }
        let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
        let len = self.rest.find(|c| !is_part(c)).unwrap_or(self.rest.len());
        Some(self.take(len.max(first.len_utf8() * usize::from(len == 0))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(sql: &str, expect: Verb<'_>) {
        assert_eq!(Verb::of(sql), expect, "{sql}");
    }

    #[test]
    fn knows_what_ends_a_transaction() {
        check("COMMIT", Verb::Commit);
        check("  end transaction;", Verb::Commit);
        check("/* so */ -- long\n commit", Verb::Commit);
        check("ROLLBACK", Verb::Rollback);
        check("rollback transaction", Verb::Rollback);
    }

    #[test]
    fn knows_savepoints_by_name_in_every_spelling() {
        check("SAVEPOINT a", Verb::Savepoint("a"));
        check("savepoint \"my point\"", Verb::Savepoint("my point"));
        check("SAVEPOINT [a]", Verb::Savepoint("a"));
        check("RELEASE a", Verb::Release("a"));
        check("RELEASE SAVEPOINT 'a'", Verb::Release("a"));
        check("ROLLBACK TO a", Verb::RollbackTo("a"));
        check("rollback transaction to savepoint `a`;", Verb::RollbackTo("a"));
    }

    #[test]
    fn knows_what_changes_the_schema() {
        check("CREATE TABLE t (a)", Verb::Schema);
        check("alter table t add b", Verb::Schema);
        check("PRAGMA user_version = 3", Verb::Schema);
        check("pragma main.application_id(3)", Verb::Schema);
        check("PRAGMA user_version", Verb::Other);
        check("PRAGMA foreign_keys = 1", Verb::Other);
    }

    #[test]
    fn knows_the_table_that_is_written_to() {
        for (sql, expect) in [
            ("INSERT INTO t VALUES (1)", Some("t")),
            ("insert or replace into main.\"my t\" (a) values (1)", Some("my t")),
            ("REPLACE INTO [t]", Some("t")),
            ("/* x */ UPDATE OR IGNORE temp . t SET a = 1", Some("t")),
            ("UPDATE t SET a = 1", Some("t")),
            ("DELETE FROM t WHERE a", Some("t")),
            ("SELECT 1 FROM t", None),
            ("WITH x AS (SELECT 1) DELETE FROM t", Some("t")),
            ("with recursive x(a, b) as not materialized (select (1), ')'), \"(\" AS (SELECT '(''(')
              /* ) */ INSERT INTO main.t SELECT * FROM x", Some("t")),
            ("WITH \"replace\" AS (SELECT 1), y AS (SELECT 2) UPDATE OR FAIL t SET a = 1", Some("t")),
            ("WITH x AS (SELECT 1) SELECT replace(a, 'DELETE', '') FROM t", None),
            ("WITH x AS (SELECT 1", None),
            ("WITH", None),
            ("INSERT", None),
            ("UPDATE OR", None),
        ] {
            assert_eq!(target(sql), expect, "{sql}");
        }
    }

    #[test]
    fn knows_writes_to_some_tables() {
        let tables = ["found".to_owned()];
        for (sql, expect) in [
            ("INSERT INTO main.Found VALUES (1)", true),
            ("INSERT INTO note SELECT * FROM found", false),
            ("SELECT * FROM found", false),
            ("WITH x AS (SELECT 1) INSERT INTO found SELECT * FROM x", true),
            ("WITH x AS (SELECT * FROM found) SELECT * FROM x", false),
            ("WITH x AS (SELECT * FROM found) DELETE FROM note WHERE id IN x", false),
            ("WITH x AS (SELECT 1) UPDATE note SET a = 'found'", false),
        ] {
            assert_eq!(writes_to(sql, &tables), expect, "{sql}");
        }
    }

    #[test]
    fn takes_everything_else_for_what_it_is() {
        for sql in
            ["", "é", "SELECT 'COMMIT'", "INSERT INTO t VALUES (1)", "--", "/*", "SAVEPOINT", "\""]
        {
            check(sql, Verb::Other);
        }
    }
}
