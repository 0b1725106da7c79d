//! Text that must match a regular expression as a whole, here and in the browser.
//!
//! The only place that names the regex engine. A pattern becomes an HTML attribute only when it
//! means the same to both engines: a browser that refuses what the server would take is worse
//! than one that lets everything pass.

use regex_lite::Regex;

use crate::lens::{Lens, Textual};
use crate::markup::attributes::Attributes;
use crate::validation::ValidationError;

/// Refuses text that does not match as a whole, unless it is blank: `required` is another rule.
#[derive(Debug, Clone)]
pub struct Pattern<L> {
    lens: L,
    regex: Regex,
    source: &'static str,
    mistake: ValidationError,
}

impl<L> Pattern<L> {
    #[track_caller]
    pub(crate) fn new(lens: L, source: &'static str, mistake: ValidationError) -> Self {
        match Regex::new(&format!("^(?:{source})$")) {
            Ok(regex) => Self { lens, regex, source, mistake },
            Err(error) => panic!("correct the pattern `{source}`: {error}"),
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
            Some(text) if !text.is_empty() && !self.regex.is_match(text) => {
                Err(self.mistake.clone())
            }
            _ => Ok(value),
        }
    }

    fn attributes(&self, attributes: &mut Attributes) {
        self.lens.attributes(attributes);
        if means_the_same_in_a_browser(self.source) {
            attributes.set("pattern", self.source);
            // Browsers show the title beside their own words when the pattern does not match.
            if let ValidationError::Said(text) = &self.mistake {
                attributes.set("title", text);
            }
        }
    }
}

/// Is it within what ECMAScript's `v` flag and our engine read alike?
///
/// Left out, because they differ or only one has them: `\s`, `\b`, `\p` and all escapes of
/// letters but `\d` and `\w`; flags, names and widget-around; in classes, everything beyond
/// letters, digits, ranges and a few harmless marks. `.` is left out too: it matches line breaks
/// of different kinds.
fn means_the_same_in_a_browser(source: &str) -> bool {
    let mut letters = source.chars().peekable();
    let mut in_class = false;
    while let Some(letter) = letters.next() {
        let fine = match (letter, in_class) {
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
        if !fine {
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
    fn only_what_both_engines_read_alike_reaches_the_browser() {
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
    #[should_panic(expected = "correct the pattern `(`")]
    fn a_pattern_that_is_none_is_found_when_the_form_is_declared() {
        Pattern::new(Trim, "(", ValidationError::Missing);
    }
}
