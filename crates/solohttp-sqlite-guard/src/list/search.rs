//! Converts what the user has typed into a full-text query.

/// Converts what the user has typed into a query for SQLite's full-text search (FTS5): every word
/// must occur, at least as a prefix. Nothing that is typed is syntax. Returns `None` if there are
/// no words.
///
/// ```
/// use solohttp_sqlite_guard::fts_words;
///
/// assert_eq!(fts_words("ann o'neil").as_deref(), Some(r#""ann"* "o"* "neil"*"#));
/// assert_eq!(fts_words(" *"), None);
/// ```
#[must_use]
pub fn fts_words(typed: &str) -> Option<String> {
    let words: Vec<String> = words(typed).map(|word| format!("\"{word}\"*")).collect();
    (!words.is_empty()).then(|| words.join(" "))
}

pub(super) fn words(typed: &str) -> impl Iterator<Item = &str> {
    typed.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_is_typed_is_syntax() {
        let check = |typed: &str, expect: Option<&str>| {
            assert_eq!(fts_words(typed).as_deref(), expect, "{typed}");
        };
        check("ann o'neil", Some("\"ann\"* \"o\"* \"neil\"*"));
        check("NEAR(\"a\" *) ", Some("\"NEAR\"* \"a\"*"));
        check("zoë@example.org", Some("\"zoë\"* \"example\"* \"org\"*"));
        check(" -*\" ", None);
    }
}
