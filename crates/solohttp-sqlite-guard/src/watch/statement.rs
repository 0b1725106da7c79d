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

/// Iterates over words and quoted names. Skips comments and whitespace; any other character is a
/// word of its own.
struct Words<'a> {
    rest: &'a str,
}

impl<'a> Words<'a> {
    fn after_optional(&mut self, word: &str) -> Option<&'a str> {
        let first = self.next()?;
        if first.eq_ignore_ascii_case(word) { self.next() } else { Some(first) }
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
    fn takes_everything_else_for_what_it_is() {
        for sql in
            ["", "é", "SELECT 'COMMIT'", "INSERT INTO t VALUES (1)", "--", "/*", "SAVEPOINT", "\""]
        {
            check(sql, Verb::Other);
        }
    }
}
