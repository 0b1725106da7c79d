//! Text that must match a regular expression, on the server and in the browser.
//!
//! This is the only file that uses the regex crate. A pattern becomes an HTML attribute only if it
//! can be written so that it means the same to browsers. A browser that rejects valid input is worse
//! than one that checks nothing.

mod ecmascript;

use regex_lite::Regex;
use solohttp_core::Numerals;

use crate::lens::{Lens, Textual};
use crate::markup::attributes::Attributes;
use crate::validation::ValidationError;

/// Rejects text unless all of it matches the pattern. Blank text is allowed unless the field is
/// `required`.
#[derive(Debug, Clone)]
pub struct Pattern<L> {
    lens: L,
    regex: Regex,
    /// The pattern as browsers write it.
    attribute: Option<String>,
    error: ValidationError,
}

impl<L> Pattern<L> {
    #[track_caller]
    pub(crate) fn new(lens: L, source: &'static str, error: ValidationError) -> Self {
        // Checked on its own first, so that an unbalanced bracket can't escape the group.
        let whole = Regex::new(source).and_then(|_| Regex::new(&format!("^(?:{source})$")));
        match whole {
            Ok(regex) => Self { lens, regex, attribute: ecmascript::translate(source), error },
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
        if let Some(pattern) = &self.attribute {
            attributes.set("pattern", pattern);
            // Browsers add the title to their own message if the pattern doesn't match.
            if let ValidationError::Custom(text) = &self.error {
                attributes.set("title", text);
            }
        }
    }

    fn is_absent(&self, value: &L::Value) -> bool {
        self.lens.is_absent(value)
    }

    fn numerals(&self) -> Option<Numerals> {
        self.lens.numerals()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lens::Trim;

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
    fn an_unbalanced_pattern_is_invalid_even_if_the_anchors_would_balance_it() {
        let new = || Pattern::new(Trim, "a)|(?:b", ValidationError::Missing);
        assert!(std::panic::catch_unwind(new).is_err());
    }

    #[test]
    #[should_panic(expected = "invalid pattern `(`")]
    fn an_invalid_pattern_panics_when_the_form_is_declared() {
        Pattern::new(Trim, "(", ValidationError::Missing);
    }
}
