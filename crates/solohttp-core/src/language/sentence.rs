//! Replaceable sentences, and the macro that declares a crate's sentences.
//!
//! Values and results are plain text, so pages must escape them.

use std::borrow::Cow;
use std::fmt::{self, Write as _};

/// A sentence for the user: a string with named placeholders, or a function.
///
/// A function can choose between plural forms:
///
/// ```
/// use solohttp_core::{Sentence, Values};
///
/// fn zeilen(values: Values<'_>) -> String {
///     match values.get("rows") {
///         "1" => "Eine Zeile wurde gespeichert.".to_owned(),
///         rows => format!("{rows} Zeilen wurden gespeichert."),
///     }
/// }
/// let text = Sentence::from("{rows} rows were saved.");
/// assert_eq!(text.say(&[("rows", &1)]), "1 rows were saved.");
/// assert_eq!(Sentence::from_fn(zeilen).say(&[("rows", &1)]), "Eine Zeile wurde gespeichert.");
/// ```
///
/// A placeholder without a value is left unchanged, including its braces.
#[derive(Clone)]
pub struct Sentence(Source);

#[derive(Clone)]
enum Source {
    Text(Cow<'static, str>),
    Function(fn(Values<'_>) -> String),
}

/// The values for a sentence's placeholders, by name. Each sentence's documentation lists the
/// names.
#[derive(Debug, Clone, Copy)]
pub struct Values<'a>(&'a [(&'a str, String)]);

impl<'a> Values<'a> {
    /// The value with this name, as a string; empty if there is none.
    #[must_use]
    pub fn get(self, name: &str) -> &'a str {
        self.0.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value)
    }

    /// The value as a number, for choosing a plural form. `None` if the value isn't a number.
    #[must_use]
    pub fn number(self, name: &str) -> Option<u64> {
        self.get(name).parse().ok()
    }
}

impl Sentence {
    /// Creates a sentence from a function that formats its values.
    #[must_use]
    pub const fn from_fn(function: fn(Values<'_>) -> String) -> Self {
        Self(Source::Function(function))
    }

    /// The text, including its placeholders; `None` if the sentence is a function.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match &self.0 {
            Source::Text(text) => Some(text),
            Source::Function(_) => None,
        }
    }

    /// Formats the sentence with these values. Braces in values have no special meaning.
    #[must_use]
    pub fn say(&self, values: &[(&str, &dyn fmt::Display)]) -> String {
        match &self.0 {
            Source::Text(text) if values.is_empty() => text.clone().into_owned(),
            Source::Text(text) => fill(text, values),
            Source::Function(function) => {
                let shown: Vec<_> =
                    values.iter().map(|(name, value)| (*name, value.to_string())).collect();
                function(Values(&shown))
            }
        }
    }

    /// Returns the text before and after a placeholder, so that a link or other HTML can be
    /// inserted. If the placeholder is missing, the first string contains the whole text.
    pub(crate) fn around(&self, name: &str) -> (String, String) {
        let text = self.say(&[(name, &'\0')]);
        match text.split_once('\0') {
            Some((before, after)) => (before.to_owned(), after.to_owned()),
            None => (text, String::new()),
        }
    }
}

/// The usual length of all values of a sentence.
const VALUES_LEN: usize = 32;

/// Fills in all values in one pass, so that braces in values have no effect.
fn fill(text: &str, values: &[(&str, &dyn fmt::Display)]) -> String {
    let mut filled = String::with_capacity(text.len() + VALUES_LEN);
    let mut rest = text;
    while let Some(open) = memchr::memchr(b'{', rest.as_bytes()) {
        let (before, from) = rest.split_at(open);
        filled.push_str(before);
        let named = memchr::memchr(b'}', from.as_bytes()).and_then(|close| {
            let name = &from[1..close];
            let value = values.iter().find(|(known, _)| *known == name);
            value.map(|(_, value)| (value, close))
        });
        rest = match named {
            Some((value, close)) => {
                // Writing to a string doesn't fail.
                let _ = write!(filled, "{value}");
                &from[close + 1..]
            }
            None => {
                filled.push('{');
                &from[1..]
            }
        };
    }
    filled.push_str(rest);
    filled
}

/// Returns the names between braces.
fn placeholders(text: &str) -> impl Iterator<Item = &str> {
    text.split('{').skip(1).filter_map(|part| part.split_once('}')).map(|(name, _)| name)
}

/// Returns a placeholder in `sentence` that is missing from the English text.
fn unknown_placeholder<'a>(sentence: &'a Sentence, english: &Sentence) -> Option<&'a str> {
    let known: Vec<&str> = placeholders(english.text()?).collect();
    placeholders(sentence.text()?).find(|name| !known.contains(name))
}

impl Default for Sentence {
    fn default() -> Self {
        Self::from("")
    }
}

impl From<&'static str> for Sentence {
    fn from(text: &'static str) -> Self {
        Self(Source::Text(Cow::Borrowed(text)))
    }
}

impl From<String> for Sentence {
    fn from(text: String) -> Self {
        Self(Source::Text(Cow::Owned(text)))
    }
}

/// Formats the sentence without values.
impl fmt::Display for Sentence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.say(&[]))
    }
}

impl fmt::Debug for Sentence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Source::Text(text) => text.fmt(f),
            Source::Function(_) => f.write_str("a function"),
        }
    }
}

/// Declares a crate's sentences: a struct of [`Sentence`]s that defaults to English and implements
/// [`LocalePart`](crate::LocalePart). Each field's default determines which placeholders are
/// allowed.
///
/// ```
/// use solohttp_core::{Locale, sentences};
///
/// sentences! {
///     /// The sentences of the shop.
///     pub struct ShopWords {
///         /// Below the list; {count} is the number of articles.
///         total: "{count} articles",
///     }
/// }
/// let mut words = ShopWords::default();
/// words.total = "{count} Artikel".into();
/// Locale::new().with(words).install();
/// assert_eq!(Locale::current::<ShopWords>().total.say(&[("count", &3)]), "3 Artikel");
/// ```
#[macro_export]
macro_rules! sentences {
    (
        $(#[$of_struct:meta])*
        pub struct $name:ident {
            $($(#[$of_field:meta])* $field:ident: $english:expr,)*
        }
    ) => {
        $(#[$of_struct])*
        #[derive(Debug, Clone)]
        #[non_exhaustive]
        pub struct $name {
            $($(#[$of_field])* #[doc = concat!("\n\nEnglish: `", $english, "`")]
            pub $field: $crate::Sentence,)*
        }

        impl Default for $name {
            fn default() -> Self {
                Self { $($field: $english.into(),)* }
            }
        }

        impl $name {
            /// Iterates over all sentences and the names of their fields, for example to load
            /// translations from a file or to test that none is missing.
            pub fn each_mut(
                &mut self,
            ) -> impl Iterator<Item = (&'static str, &mut $crate::Sentence)> {
                [$((stringify!($field), &mut self.$field),)*].into_iter()
            }
        }

        impl $crate::LocalePart for $name {
            fn check(&self) -> Result<(), String> {
                let english = Self::default();
                $($crate::check_sentence(
                    concat!(stringify!($name), "::", stringify!($field)),
                    &self.$field,
                    &english.$field,
                )?;)*
                Ok(())
            }
        }
    };
}

/// Checks the placeholders of one field, for `sentences!`.
#[doc(hidden)]
pub fn check_sentence(field: &str, own: &Sentence, english: &Sentence) -> Result<(), String> {
    unknown_placeholder(own, english).map_or(Ok(()), |name| {
        let english = english.text().unwrap_or_default();
        Err(format!(
            "unknown placeholder {{{name}}} in `{field}`; the English sentence is {english:?}"
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &'static str, expect: &str) {
        let filled = Sentence::from(text).say(&[("a", &"{b}"), ("b", &2)]);
        assert_eq!(filled, expect, "{text}");
    }

    #[test]
    fn fills_in_values_in_any_order() {
        check("plain", "plain");
        check("{b} of {a}, {b}", "2 of {b}, 2");
        check("{c} {", "{c} {");
        check("{{b}}", "{2}");
        check("} {a", "} {a");
        check("{ä{b}", "{ä2");
        check("", "");
    }

    #[test]
    fn a_function_gets_the_values_by_name() {
        fn plural(values: Values<'_>) -> String {
            let word = if values.number("n") == Some(1) { "Zeile" } else { "Zeilen" };
            format!("{} {word}{}", values.get("n"), values.get("none"))
        }
        assert_eq!(Sentence::from_fn(plural).say(&[("n", &1)]), "1 Zeile");
        assert_eq!(Sentence::from_fn(plural).say(&[("n", &2)]), "2 Zeilen");
    }

    #[test]
    fn around_splits_at_the_placeholder() {
        let (before, after) = Sentence::from("Bei {x} schief").around("x");
        assert_eq!((before.as_str(), after.as_str()), ("Bei ", " schief"));
        assert_eq!(Sentence::from("Schief").around("x").0, "Schief");
    }

    #[test]
    fn finds_an_unknown_placeholder() {
        let english = Sentence::from("{limit} bytes");
        let unknown = |text: &'static str| {
            unknown_placeholder(&Sentence::from(text), &english).map(str::to_owned)
        };
        assert_eq!(unknown("{limt} Byte").as_deref(), Some("limt"));
        assert_eq!(unknown("höchstens {limit}"), None);
        assert_eq!(unknown("zu groß"), None);
    }
}
