//! A sentence that an application can replace, and the macro that lists those of a crate.
//!
//! Knows nothing of pages. What goes into a sentence is text; whoever makes the page escapes it.

use std::borrow::Cow;
use std::fmt;

/// A sentence for the user: a text with named placeholders, or a function.
///
/// A text is enough for most languages. A function can choose between forms:
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
/// assert_eq!(Sentence::made_by(zeilen).say(&[("rows", &1)]), "Eine Zeile wurde gespeichert.");
/// ```
///
/// A text keeps the braces around a name that it is given no value for.
#[derive(Clone)]
pub struct Sentence(Source);

#[derive(Clone)]
enum Source {
    Text(Cow<'static, str>),
    MadeBy(fn(Values<'_>) -> String),
}

/// What goes into a sentence, by the names that its documentation lists.
#[derive(Debug, Clone, Copy)]
pub struct Values<'a>(&'a [(&'a str, String)]);

impl<'a> Values<'a> {
    /// The value as text; blank if the sentence has none of this name.
    #[must_use]
    pub fn get(self, name: &str) -> &'a str {
        self.0.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value)
    }

    /// The value as a number, if it is one: to choose the form of a word.
    #[must_use]
    pub fn number(self, name: &str) -> Option<u64> {
        self.get(name).parse().ok()
    }
}

impl Sentence {
    /// A sentence that a function makes from its values.
    #[must_use]
    pub const fn made_by(function: fn(Values<'_>) -> String) -> Self {
        Self(Source::MadeBy(function))
    }

    /// The text, with its placeholders; `None` if a function makes it.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match &self.0 {
            Source::Text(text) => Some(text),
            Source::MadeBy(_) => None,
        }
    }

    /// The sentence with these values, by name. A value is never searched for placeholders.
    #[must_use]
    pub fn say(&self, values: &[(&str, &dyn fmt::Display)]) -> String {
        match &self.0 {
            Source::Text(text) => fill(text, values),
            Source::MadeBy(function) => {
                let shown: Vec<_> =
                    values.iter().map(|(name, value)| (*name, value.to_string())).collect();
                function(Values(&shown))
            }
        }
    }

    /// What stands before and behind a value that is no text, such as a link. If the sentence does
    /// not have it, everything stands before it.
    #[must_use]
    pub fn around(&self, name: &str) -> (String, String) {
        let said = self.say(&[(name, &'\0')]);
        match said.split_once('\0') {
            Some((before, behind)) => (before.to_owned(), behind.to_owned()),
            None => (said, String::new()),
        }
    }
}

/// In one pass, so that what a value holds is left alone.
fn fill(text: &str, values: &[(&str, &dyn fmt::Display)]) -> String {
    let mut said = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        let (before, from) = rest.split_at(open);
        said.push_str(before);
        let named = from.find('}').and_then(|close| {
            let name = &from[1..close];
            let value = values.iter().find(|(known, _)| *known == name);
            value.map(|(_, value)| (value, close))
        });
        rest = match named {
            Some((value, close)) => {
                said.push_str(&value.to_string());
                &from[close + 1..]
            }
            None => {
                said.push('{');
                &from[1..]
            }
        };
    }
    said.push_str(rest);
    said
}

/// The names between braces.
fn placeholders(text: &str) -> impl Iterator<Item = &str> {
    text.split('{').skip(1).filter_map(|part| part.split_once('}')).map(|(name, _)| name)
}

/// A placeholder of `sentence` that gets no value, because the English one does not have it.
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

/// The sentence without values.
impl fmt::Display for Sentence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.say(&[]))
    }
}

impl fmt::Debug for Sentence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Source::Text(text) => text.fmt(f),
            Source::MadeBy(_) => f.write_str("a function"),
        }
    }
}

/// Declares the sentences of a crate: a struct of [`Sentence`]s with the English ones as default,
/// which is a [`LocalePart`](crate::LocalePart). Each field's placeholders are those of its
/// default.
///
/// ```
/// use solohttp_core::{Locale, sentences};
///
/// sentences! {
///     /// What the shop says.
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
            /// Every sentence with the name of its field, to read them from a file, or to test
            /// that none was forgotten.
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

/// What `sentences!` checks of each field.
#[doc(hidden)]
pub fn check_sentence(field: &str, own: &Sentence, english: &Sentence) -> Result<(), String> {
    unknown_placeholder(own, english).map_or(Ok(()), |name| {
        let english = english.text().unwrap_or_default();
        Err(format!("`{field}` has no value {{{name}}}; in English it is {english:?}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &'static str, expect: &str) {
        let said = Sentence::from(text).say(&[("a", &"{b}"), ("b", &2)]);
        assert_eq!(said, expect, "{text}");
    }

    #[test]
    fn a_text_has_its_values_in_any_order_and_all_else_as_it_is() {
        check("plain", "plain");
        check("{b} of {a}, {b}", "2 of {b}, 2");
        check("{c} {", "{c} {");
        check("{{b}}", "{2}");
        check("} {a", "} {a");
        check("{ä{b}", "{ä2");
        check("", "");
    }

    #[test]
    fn a_function_learns_the_values_by_name() {
        fn plural(values: Values<'_>) -> String {
            let word = if values.number("n") == Some(1) { "Zeile" } else { "Zeilen" };
            format!("{} {word}{}", values.get("n"), values.get("none"))
        }
        assert_eq!(Sentence::made_by(plural).say(&[("n", &1)]), "1 Zeile");
        assert_eq!(Sentence::made_by(plural).say(&[("n", &2)]), "2 Zeilen");
    }

    #[test]
    fn a_link_stands_where_the_language_wants_it() {
        let (before, behind) = Sentence::from("Bei {x} schief").around("x");
        assert_eq!((before.as_str(), behind.as_str()), ("Bei ", " schief"));
        assert_eq!(Sentence::from("Schief").around("x").0, "Schief");
    }

    #[test]
    fn a_placeholder_that_gets_no_value_is_found() {
        let english = Sentence::from("{limit} bytes");
        let unknown = |text: &'static str| {
            unknown_placeholder(&Sentence::from(text), &english).map(str::to_owned)
        };
        assert_eq!(unknown("{limt} Byte").as_deref(), Some("limt"));
        assert_eq!(unknown("höchstens {limit}"), None);
        assert_eq!(unknown("zu groß"), None);
    }
}
