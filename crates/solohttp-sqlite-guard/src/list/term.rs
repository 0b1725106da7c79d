//! Whether a text has a word of a search, without the full-text index, which takes 20 times as long
//! to look up one row.
//!
//! Decides what FTS5's default tokenizer, `unicode61`, would: words consist of letters and digits,
//! and neither case nor diacritics matter. Its Unicode tables aren't repeated here. Where a text has
//! other letters than the common ones, the answer may be that only the index can tell.

use unicode_normalization::UnicodeNormalization as _;

/// Whether a text has a word. Of several texts, the least answer counts, and of several words, the
/// greatest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Answer {
    Yes,
    AskTheIndex,
    No,
}

/// The beginning of a word, as typed.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Term {
    /// In lower case.
    letters: Vec<char>,
}

impl Term {
    pub(super) fn new(word: &str) -> Self {
        Self { letters: word.chars().map(lower).collect() }
    }

    /// Whether a word in this text starts with the term.
    pub(super) fn is_in(&self, text: &str) -> Answer {
        if self.is_surely_in(text) {
            Answer::Yes
        } else if self.may_be_in(text) {
            Answer::AskTheIndex
        } else {
            Answer::No
        }
    }

    /// Compares only letters of which the tokenizer is known.
    fn is_surely_in(&self, text: &str) -> bool {
        let mut rest = text.chars();
        let mut is_start = true;
        loop {
            if is_start && self.starts(rest.clone()) {
                return true;
            }
            match rest.next() {
                // What isn't ASCII may be a part of a word or a space between two.
                Some(letter) => is_start = letter.is_ascii() && !letter.is_ascii_alphanumeric(),
                None => return false,
            }
        }
    }

    fn starts(&self, mut text: impl Iterator<Item = char>) -> bool {
        self.letters
            .iter()
            .all(|&letter| text.next().map(lower) == Some(letter) && is_known(letter))
    }

    /// Any other letter may be the next one of the term, a diacritic, which is nothing, or a space.
    fn may_be_in(&self, text: &str) -> bool {
        if text.is_ascii() && self.letters.iter().all(char::is_ascii) {
            return false;
        }
        if self.letters.len() >= 64 {
            return true;
        }
        // Bit `n` is set if the text so far may end with the first `n` letters.
        let (mut read, mut is_start) = (0, true);
        for letter in text.chars() {
            let is_letter = letter.is_ascii_alphanumeric();
            if letter.is_ascii() && !is_letter {
                (read, is_start) = (0, true);
                continue;
            }
            read = self.skip_diacritics(read | u64::from(is_start));
            let mut next = if is_letter { 0 } else { read };
            for (at, &own) in self.letters.iter().enumerate().filter(|(at, _)| has(read, *at)) {
                if !is_letter || !own.is_ascii() || lower(letter) == own {
                    next |= 1 << (at + 1);
                }
            }
            (read, is_start) = (self.skip_diacritics(next), !is_letter);
            if has(read, self.letters.len()) {
                return true;
            }
        }
        false
    }

    /// A diacritic that was typed is nothing, too.
    fn skip_diacritics(&self, mut read: u64) -> u64 {
        for (at, own) in self.letters.iter().enumerate() {
            if has(read, at) && !own.is_ascii() {
                read |= 1 << (at + 1);
            }
        }
        read
    }
}

fn has(bits: u64, at: usize) -> bool {
    bits >> at & 1 == 1
}

/// A word as the tokenizer stores it: in lower case, without diacritics. `None` if it has other letters
/// than the common ones.
pub(super) fn stored(word: &str) -> Option<String> {
    word.chars()
        .map(|letter| {
            let letter = lower(letter);
            let mut parts = letter.nfd();
            match (parts.next()?, parts.next(), parts.next()) {
                // FTS5 stores this one as `s`.
                _ if !is_known(letter) || letter == 'ſ' => None,
                (base, Some(_), None) if base.is_ascii() => Some(lower(base)),
                (base, None, _) => Some(base),
                _ => None,
            }
        })
        .collect()
}

/// Letters that are the same to the tokenizer if they are the same in lower case: ASCII, and the
/// letters of Latin-1, Latin Extended-A and -B.
fn is_known(letter: char) -> bool {
    letter.is_ascii() || matches!(letter, 'à'..='ö' | 'ø'..='ɏ')
}

fn lower(letter: char) -> char {
    if letter.is_ascii() {
        return letter.to_ascii_lowercase();
    }
    let mut lower = letter.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(lower), None) => lower,
        _ => letter,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, proptest};
    use proptest::prop_assert_eq;
    use rusqlite::Connection;

    use super::*;

    #[track_caller]
    fn check(text: &str, typed: &str, expect: Answer) {
        assert_eq!(Term::new(typed).is_in(text), expect, "{typed} in {text}");
    }

    #[test]
    fn common_letters_are_compared_and_others_are_left_to_the_index() {
        check("Green tea", "TE", Answer::Yes);
        check("steam", "tea", Answer::No);
        check("a_tea", "tea", Answer::Yes);
        check("", "tea", Answer::No);
        check("Zoë, Ünsal", "ZOË", Answer::Yes);
        check("Zoë", "zoe", Answer::AskTheIndex);
        check("zoe", "zoë", Answer::AskTheIndex);
        check("Björn", "tea", Answer::No);
        check("“tea”", "tea", Answer::AskTheIndex);
        check("Анна", "tea", Answer::AskTheIndex);
        check("Анна", "анна", Answer::AskTheIndex);
    }

    #[test]
    fn a_word_is_known_as_it_is_stored() {
        let db = Connection::open_in_memory().unwrap();
        db.execute_batch(
            "CREATE VIRTUAL TABLE w USING fts5 (t);
             CREATE VIRTUAL TABLE stored USING fts5vocab (w, row)",
        )
        .unwrap();
        let mut known = 0;
        for letter in '\0'..='\u{250}' {
            let Some(found) = stored(&format!("a{letter}")) else { continue };
            db.execute("DELETE FROM w", []).unwrap();
            db.execute("INSERT INTO w VALUES ('a' || ?1)", [letter.to_string()]).unwrap();
            let expect: String =
                db.query_row("SELECT term FROM stored", [], |row| row.get(0)).unwrap();
            if letter.is_alphanumeric() {
                assert_eq!(found, expect, "{letter}");
                known += 1;
            }
        }
        assert!(known > 350, "{known}");
        assert_eq!(stored("Zoë").as_deref(), Some("zoe"));
        assert_eq!(stored("Анна"), None);
    }

    proptest! {
        #[test]
        fn an_answer_is_that_of_the_index(
            texts in proptest::collection::vec("[aeozAEOZ1 .,_'éÉëßøÖıж中\u{301}\u{308}’×–]{0,12}", 40),
            typed in "[aeozAEZ1éÉëøÖıж中]{1,3}",
            is_deep in any::<bool>(),
        ) {
            let db = Connection::open_in_memory().unwrap();
            db.execute_batch("CREATE VIRTUAL TABLE w USING fts5 (t)").unwrap();
            let term = Term::new(&typed);
            for text in texts {
                let text = if is_deep { format!("{text}{typed}{text}") } else { text };
                db.execute("DELETE FROM w", []).unwrap();
                db.execute("INSERT INTO w VALUES (?1)", [&text]).unwrap();
                let sql = "SELECT count(*) FROM w WHERE w MATCH ?1";
                let words = format!("\"{typed}\"*");
                let found: i64 = db.query_row(sql, [words], |row| row.get(0)).unwrap();
                match term.is_in(&text) {
                    Answer::Yes => prop_assert_eq!(found, 1, "{} in {}", typed, text),
                    Answer::No => prop_assert_eq!(found, 0, "{} in {}", typed, text),
                    Answer::AskTheIndex => {}
                }
            }
        }
    }
}
