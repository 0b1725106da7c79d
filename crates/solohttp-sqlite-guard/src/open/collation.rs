//! A collation that sorts names alphabetically, ignoring case and accents.
//!
//! SQLite's built-in collations compare bytes: `Zebra` sorts before `apple`, and `Äpfel` last.

use std::cmp::Ordering;

use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::types::{FromSqlError, Type, ValueRef};
use rusqlite::{Connection, Error};
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// The collation's name in SQL.
const NAME: &str = "names";

/// The function's name in SQL.
const KEY: &str = "sort_key";

pub(crate) fn install(db: &Connection) -> rusqlite::Result<()> {
    db.create_collation(NAME, compare)?;
    let flags = FunctionFlags::SQLITE_UTF8
        | FunctionFlags::SQLITE_DETERMINISTIC
        | FunctionFlags::SQLITE_INNOCUOUS;
    db.create_scalar_function(KEY, 1, flags, key_of)
}

fn key_of(context: &Context<'_>) -> rusqlite::Result<Option<String>> {
    match context.get_raw(0) {
        ValueRef::Null => Ok(None),
        ValueRef::Text(text) => match std::str::from_utf8(text) {
            Ok(text) => Ok(Some(key(text))),
            Err(error) => Err(Error::UserFunctionError(Box::new(error))),
        },
        other => {
            let wrong =
                FromSqlError::Other(format!("{KEY} takes text, not {}", other.data_type()).into());
            Err(Error::FromSqlConversionFailure(0, Type::Text, Box::new(wrong)))
        }
    }
}

/// Returns a sort key. Comparing two keys byte by byte gives the same order as [`compare`], unless
/// one of the strings contains control characters.
fn key(text: &str) -> String {
    let mut key: String = letters(text).collect();
    // A tab sorts before every character of a name, so that prefixes come first.
    key.push('\t');
    key.push_str(text);
    key
}

/// Compares by letters. Ties are broken by the original text, so that only identical strings are
/// equal.
pub(crate) fn compare(left: &str, right: &str) -> Ordering {
    let same = left
        .bytes()
        .zip(right.bytes())
        .take_while(|(left, right)| left.is_ascii() && left.eq_ignore_ascii_case(right))
        .count();
    let ascii_at = |text: &str| {
        text.as_bytes().get(same).filter(|byte| byte.is_ascii()).map(u8::to_ascii_lowercase)
    };
    let order = match (ascii_at(left), ascii_at(right)) {
        // The common case, in which nothing needs to be decomposed.
        (Some(left), Some(right)) => left.cmp(&right),
        _ => letters(&left[same..]).cmp(letters(&right[same..])),
    };
    order.then_with(|| left.cmp(right))
}

/// The letters in lower case, without accents.
fn letters(text: &str) -> impl Iterator<Item = char> {
    text.nfd().filter(|letter| !is_combining_mark(*letter)).flat_map(char::to_lowercase).flat_map(
        |letter| {
            let (first, second) = plain(letter);
            std::iter::once(first).chain(second)
        },
    )
}

/// Maps letters that have no Unicode decomposition but are sorted like plain letters.
fn plain(letter: char) -> (char, Option<char>) {
    match letter {
        'ß' => ('s', Some('s')),
        'æ' => ('a', Some('e')),
        'œ' => ('o', Some('e')),
        'þ' => ('t', Some('h')),
        'ø' => ('o', None),
        'ł' => ('l', None),
        'đ' | 'ð' => ('d', None),
        'ħ' => ('h', None),
        'ı' => ('i', None),
        _ => (letter, None),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(sorted: &[&str]) {
        for pair in sorted.windows(2) {
            assert_eq!(compare(pair[0], pair[1]), Ordering::Less, "{pair:?}");
            assert_eq!(compare(pair[1], pair[0]), Ordering::Greater, "{pair:?}");
        }
    }

    #[test]
    fn names_are_found_where_people_look() {
        check(&["apfel", "Äpfel", "Birne", "Zebra"]);
        check(&["Muller", "Müller", "Mullers"]);
        check(&["Strasse", "Straße", "Strassen"]);
        check(&["aa", "Łąka", "Lb", "Ørsted", "p"]);
        check(&["", "a", "A\u{308}b", "ac"]);
        check(&["Émile", "Emily", "Zoë", "Zoe b"]);
        check(&["анна", "Борис"]);
    }

    #[test]
    fn only_the_same_text_is_equal() {
        for (one, other) in [("Zoë", "Zoe\u{308}"), ("a", "A"), ("ß", "ss"), ("a", "a\u{301}")] {
            assert_ne!(compare(one, other), Ordering::Equal, "{one} {other}");
        }
        assert_eq!(compare("Zoë", "Zoë"), Ordering::Equal);
    }

    #[test]
    fn a_key_is_made_of_text_only() {
        let db = Connection::open_in_memory().unwrap();
        install(&db).unwrap();
        let key = |sql: &str| db.query_row(sql, [], |row| row.get::<_, Option<String>>(0));
        assert_eq!(key("SELECT sort_key('Äpfel')").unwrap().unwrap(), "apfel\tÄpfel");
        assert_eq!(key("SELECT sort_key(NULL)").unwrap(), None);
        let error = key("SELECT sort_key(1)").unwrap_err().to_string();
        assert!(error.contains("sort_key takes text, not Integer"), "{error}");
        key("SELECT sort_key(CAST(x'ff' AS TEXT))").unwrap_err();
    }

    proptest! {
        #[test]
        fn keys_sort_as_names_do(
            a in "[aAbBäÄßsS\u{308}\u{301}øé ]{0,5}|\\PC{0,4}",
            b in "[aAbBäÄßsS\u{308}\u{301}øé ]{0,5}|\\PC{0,4}",
        ) {
            prop_assert_eq!(key(&a).cmp(&key(&b)), compare(&a, &b), "{:?} {:?}", a, b);
        }

        /// SQLite's indexes break if the collation isn't a total order.
        #[test]
        fn it_is_an_order(
            texts in prop::collection::vec("[aAbBäÄßsS\u{308}\u{301}øé ]{0,5}|.{0,4}", 3),
        ) {
            let [a, b, c] = &texts[..] else { unreachable!("there are three") };
            prop_assert_eq!(compare(a, b), compare(b, a).reverse());
            prop_assert_eq!(compare(a, b) == Ordering::Equal, a == b);
            if compare(a, b).is_le() && compare(b, c).is_le() {
                prop_assert!(compare(a, c).is_le(), "{a:?} {b:?} {c:?}");
            }
        }
    }
}
