//! Full-text searches: the words, as a query for SQLite's FTS5.
//!
//! FTS5 reads all matches of a prefix before it returns the first one, unless the table has an index
//! for prefixes of that length. A million matches take about 70 ms. It reads the matches of a whole
//! word one by one. So a prefix that few words have is replaced by those words.

use rusqlite::Connection;

use super::doclist::{self, Doclists, Entry};
use super::search::words;
use super::term::{Term, stored};
use crate::sql::quoted;

/// The most words that replace a prefix.
const MOST_TERMS: usize = 16;

/// The most prefixes that are replaced.
const MOST_PREFIXES: usize = 8;

/// A full-text query for what the user has typed.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Expression {
    pub(super) sql: String,
    /// Matches are read one by one, so the first ones, and a single one, take no time.
    pub(super) is_lazy: bool,
    /// A row matches if each of these is in one of its texts. `None` if only the index can tell.
    pub(super) terms: Option<Vec<Term>>,
    /// Where the index has the matches. `None` if only FTS5 can find them.
    pub(super) doclists: Option<Doclists>,
}

/// Same as [`fts_words`](crate::fts_words), but for this full-text table, and quick even if a million
/// rows match. Use it for a statement that reads only the first or the latest matches:
///
/// ```
/// use solohttp_sqlite_guard::rusqlite::Connection;
/// use solohttp_sqlite_guard::fts_words_in;
///
/// # fn latest(db: &Connection, typed: &str) -> solohttp_sqlite_guard::rusqlite::Result<Vec<i64>> {
/// let Some(words) = fts_words_in(db, "note_words", typed) else { return Ok(Vec::new()) };
/// let mut select = db.prepare_cached(
///     "SELECT rowid FROM note_words WHERE note_words MATCH ?1 ORDER BY rowid DESC LIMIT 100",
/// )?;
/// select.query_map([words], |row| row.get(0))?.collect()
/// # }
/// # let db = Connection::open_in_memory()?;
/// # db.execute_batch("CREATE VIRTUAL TABLE note_words USING fts5 (text);
/// #     INSERT INTO note_words VALUES ('Green tea'), ('Team'), ('Cake')")?;
/// # assert_eq!(latest(&db, "TEA")?, [2, 1]);
/// # Ok::<(), solohttp_sqlite_guard::rusqlite::Error>(())
/// ```
///
/// The beginning of a word is replaced by all words in the table that begin with it, unless there
/// are more than a few, or the transaction has changed something. FTS5 reads the matches of whole
/// words one by one, but those of a beginning all at once. Beginnings that many words share, such as
/// a single letter, need the option
/// [`prefix`](https://sqlite.org/fts5.html#prefix_indexes) of the table.
#[must_use]
pub fn fts_words_in(db: &Connection, table: &str, typed: &str) -> Option<String> {
    expression(db, table, typed).map(|expression| expression.sql)
}

/// Returns `None` if there are no words.
pub(super) fn expression(db: &Connection, table: &str, typed: &str) -> Option<Expression> {
    words(typed).next()?;
    let declaration = declaration(db, table).unwrap_or_default();
    let is_known = !declaration.is_empty() && !declaration.contains("tokenize");
    let indexed = prefix_lengths(&declaration);
    let mut is_lazy = true;
    let mut entries = Some(Vec::new()).filter(|_| is_known && has_all(&declaration));
    let parts = words(typed).enumerate().map(|(index, word)| {
        let terms = (is_known && index < MOST_PREFIXES).then(|| terms(db, table, word)).flatten();
        if let Some(all) = &mut entries {
            match entries_of(word, terms.as_deref(), &indexed) {
                Some(word) => all.push(word),
                None => entries = None,
            }
        }
        match terms {
            Some(terms) if !terms.is_empty() => {
                let terms: Vec<String> = terms.iter().map(|term| quoted(term)).collect();
                format!("({})", terms.join(" OR "))
            }
            _ => {
                is_lazy &= terms.is_some() || indexed.contains(&word.chars().count());
                format!("\"{word}\"*")
            }
        }
    });
    let parts: Vec<String> = parts.collect();
    let is_plain = is_known && has_texts(&declaration);
    let terms = is_plain.then(|| words(typed).map(Term::new).collect());
    let doclists = entries.map(|entries| Doclists::new(table, entries));
    Some(Expression { sql: parts.join(" AND "), is_lazy, terms, doclists })
}

/// The entries of the index that stand for a typed word: any of its `terms`, or itself.
fn entries_of(word: &str, terms: Option<&[String]>, indexed: &[usize]) -> Option<Vec<Entry>> {
    if let Some(terms) = terms {
        return Some(terms.iter().map(|term| Entry::word(term)).collect());
    }
    let letters = stored(word)?;
    let index = indexed.iter().position(|&length| length == letters.chars().count())?;
    Some(vec![Entry::prefix(index, &letters)?])
}

/// Whether the index has the positions of all words, and nothing is deleted in another way.
fn has_all(declaration: &str) -> bool {
    count(declaration, &["detail=", "contentless_delete"]) == 0
        && count(declaration, &["prefix="]) < 2
}

/// Whether the table returns all texts that it has an index of, and no others.
fn has_texts(declaration: &str) -> bool {
    count(declaration, &["content=''", "content=\"\"", "contentless", "unindexed"]) == 0
}

/// How often the declaration has any of these options.
fn count(declaration: &str, options: &[&str]) -> usize {
    let dense: String = declaration.split_whitespace().collect();
    options.iter().map(|option| dense.matches(option).count()).sum()
}

/// The statement that has created the table, in lower case.
fn declaration(db: &Connection, table: &str) -> rusqlite::Result<String> {
    let sql = "SELECT sql FROM main.sqlite_schema WHERE name = ?1 COLLATE NOCASE";
    let declaration: String = db.prepare_cached(sql)?.query_row([table], |row| row.get(0))?;
    Ok(declaration.to_ascii_lowercase())
}

/// The lengths in an option such as `prefix = '2 3'`.
fn prefix_lengths(declaration: &str) -> Vec<usize> {
    let options = declaration.split([',', '(']).map(str::trim);
    let mut values =
        options.filter_map(|option| option.strip_prefix("prefix")?.trim().strip_prefix('='));
    let digits = values.next_back().unwrap_or_default();
    digits
        .split(|letter: char| !letter.is_ascii_digit())
        .filter_map(|text| text.parse().ok())
        .collect()
}

/// The words that start with this one. `None` if there are many, or if it isn't known how the word is
/// stored.
fn terms(db: &Connection, table: &str, word: &str) -> Option<Vec<String>> {
    let terms = doclist::words(db, table, &stored(word)?, MOST_TERMS)?;
    (terms.len() <= MOST_TERMS).then_some(terms)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(options: &str, typed: &str, expect: &str) {
        let db = Connection::open_in_memory().unwrap();
        db.execute_batch(&format!(
            "CREATE VIRTUAL TABLE w USING fts5 (t{options});
             INSERT INTO w VALUES ('Person persons'), ('other'), ('Zoë')"
        ))
        .unwrap();
        let numbers =
            "WITH RECURSIVE n(i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM n WHERE i < 116)
            INSERT INTO w SELECT i FROM n";
        db.execute(numbers, []).unwrap();
        let Expression { sql: found, is_lazy, .. } = expression(&db, "w", typed).unwrap();
        let is_whole = !found.contains('*') || found.contains("missing");
        assert_eq!((&*found, is_lazy), (expect, is_whole || options.contains("prefix")), "{typed}");
        let count = |query: &str| -> i64 {
            let sql = "SELECT count(*) FROM w WHERE w MATCH ?1";
            db.query_row(sql, [query], |row| row.get(0)).unwrap()
        };
        let plain = super::super::fts_words(typed).unwrap();
        assert_eq!(count(&found), count(&plain), "{typed}");
    }

    #[test]
    fn a_prefix_of_few_words_becomes_those_words() {
        check("", "PERSON", r#"("person" OR "persons")"#);
        check("", "persons oth", r#"("persons") AND ("other")"#);
        check("", "ZOË", r#"("zoe")"#);
        check("", "missing", r#""missing"*"#);
    }

    #[test]
    fn a_prefix_of_many_words_stays_one() {
        check("", "1", r#""1"*"#);
        check(", prefix = '4 1'", "1", r#""1"*"#);
        check(", prefix='1 2'", "1", r#""1"*"#);
        check("", "11", r#"("110" OR "111" OR "112" OR "113" OR "114" OR "115" OR "116")"#);
    }

    #[test]
    fn words_that_a_tokenizer_may_change_stay_as_they_are() {
        check("", "анна", r#""анна"*"#);
        check(", tokenize = 'porter'", "persons", r#""persons"*"#);
    }

    #[test]
    fn nothing_typed_is_no_query() {
        let db = Connection::open_in_memory().unwrap();
        assert_eq!(expression(&db, "w", " -*\" "), None);
        let sql = "\"a\"*".to_owned();
        let expect = Expression { sql, is_lazy: false, terms: None, doclists: None };
        assert_eq!(expression(&db, "w", "a"), Some(expect), "there is no such table");
    }
}
