//! Text that must match a regular expression, on the server and in the browser.
//!
//! This is the only file that uses the regex crate. A pattern becomes an HTML attribute only if it
//! means the same to the browser as to the regex crate. A browser that rejects valid input is worse
//! than one that checks nothing.

use regex_lite::Regex;

use crate::lens::{Lens, Textual};
use crate::markup::attributes::Attributes;
use crate::validation::ValidationError;

/// Rejects text unless all of it matches the pattern. Blank text is allowed unless the field is
/// `required`.
#[derive(Debug, Clone)]
pub struct Pattern<L> {
    lens: L,
    regex: Regex,
    source: &'static str,
    error: ValidationError,
}

impl<L> Pattern<L> {
    #[track_caller]
    pub(crate) fn new(lens: L, source: &'static str, error: ValidationError) -> Self {
        match Regex::new(&format!("^(?:{source})$")) {
            Ok(regex) => Self { lens, regex, source, error },
            Err(error) => panic!("invalid pattern `{source}`: {error}"),
        }
    }
}

impl<L: Lens<Value: Textual>> Lens for Pattern<L> {
    type Value = L::Value;

    fn show(&self, value: &L::Value) -> String {
        self.lens.show(value)
    }

    fn parse(&self, text: &str) -> Result<L::Value, ValidationError> {
        let value = self.lens.parse(text)?;
        match value.as_text() {
            Some(text) if !text.is_empty() && !self.regex.is_match(text) => Err(self.error.clone()),
            _ => Ok(value),
        }
    }

    fn attributes(&self, attributes: &mut Attributes) {
        self.lens.attributes(attributes);
        if means_the_same_in_a_browser(self.source) {
            attributes.set("pattern", self.source);
            // Browsers add the title to their own message if the pattern doesn't match.
            if let ValidationError::Custom(text) = &self.error {
                attributes.set("title", text);
            }
        }
    }
}

/// Whether a pattern means the same in ECMAScript (with the `v` flag) as in the regex crate.
///
/// Excludes syntax that differs, or that only one of the two supports: escaped letters such as
/// `\s`, `\b` and `\p` (but not `\d` and `\w`), flags, named groups, look-around, and `.`, which
/// treats line breaks differently. Classes may contain letters, digits, ranges and some
/// punctuation.
fn means_the_same_in_a_browser(source: &str) -> bool {
    let mut letters = source.chars().peekable();
    let mut in_class = false;
    while let Some(letter) = letters.next() {
        let is_portable = match (letter, in_class) {
            ('\\', _) => letters.next().is_some_and(|escaped| {
                "dw".contains(escaped) || r"^$\.*+?()[]{}|/-".contains(escaped)
            }),
            ('[', false) => {
                in_class = true;
                letters.next_if_eq(&'^');
                true
            }
            (']', true) => {
                in_class = false;
                true
            }
            ('(', false) if letters.next_if_eq(&'?').is_some() => letters.next() == Some(':'),
            (_, true) => {
                letter.is_alphanumeric()
                    || " -_,;:.@%+#".contains(letter) && letters.peek() != Some(&letter)
            }
            (_, false) => !".^$]/".contains(letter),
        };
        if !is_portable {
            return false;
        }
    }
    !in_class
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lens::Trim;

    fn check(source: &'static str, in_browser: bool) {
        assert_eq!(means_the_same_in_a_browser(source), in_browser, "{source}");
    }

    #[test]
    fn only_portable_patterns_reach_the_browser() {
        for source in
            ["[0-9]{5}", r"\d{2}-\d+", "(?:a|b)*", "[^a-z_]?", r"[\]\-]", "é+", "a{2,3}", r"\w\.\/"]
        {
            check(source, true);
        }
        for source in [
            "a.b",
            r"\s",
            r"\bword",
            r"\p{L}",
            "(?i)x",
            "(?<y>a)",
            "(?=a)",
            "[[:alpha:]]",
            "[a&&b]",
            "[(]",
            "^a",
            "a$",
            "[--a]",
            r"\x41",
            "a/b",
        ] {
            check(source, false);
        }
    }

    #[test]
    fn the_whole_text_must_match() {
        let lens = Pattern::new(Trim, "a|bc", ValidationError::from("a or bc"));
        assert_eq!(lens.parse("bc").unwrap(), "bc");
        assert_eq!(lens.parse("").unwrap(), "");
        for text in ["ab", "xbc", "bc\n"] {
            let trimmed = text.trim();
            assert_eq!(lens.parse(text).is_ok(), trimmed == "bc", "{text:?}");
        }
    }

    #[test]
    #[should_panic(expected = "invalid pattern `(`")]
    fn an_invalid_pattern_panics_when_the_form_is_declared() {
        Pattern::new(Trim, "(", ValidationError::Missing);
    }
}
