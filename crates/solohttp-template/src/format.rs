//! Formatters: the registry, what one receives, and where it writes.

mod built_in;
pub(crate) mod number;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use solohttp_core::html;

use crate::error::{Error, ErrorKind};
use crate::hint;
use crate::source::Place;

/// One value on its way into a slot.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Value<'v> {
    /// `true` or `false`.
    Bool(bool),
    /// A whole number of any type; above `i128::MAX` it comes as [`Float`](Self::Float).
    Int(i128),
    /// A number with a fraction; an `f32` comes as the decimal number it prints.
    Float(f64),
    /// Text, a character, or the name of an enum's variant.
    Text(&'v str),
}

/// Where a formatter writes. Everything pushed is escaped on its way into the page.
pub struct Sink<'p> {
    page: &'p mut Vec<u8>,
}

impl<'p> Sink<'p> {
    pub(crate) fn new(page: &'p mut Vec<u8>) -> Self {
        Self { page }
    }

    /// Appends text, which will be escaped.
    pub fn push_str(&mut self, text: &str) {
        html::escape_to_vec(text, self.page);
    }
}

impl fmt::Write for Sink<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.push_str(text);
        Ok(())
    }
}

impl fmt::Debug for Sink<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sink").finish_non_exhaustive()
    }
}

/// A formatter's refusal of a value or of its argument.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected {expected}")]
pub struct FormatError {
    expected: Cow<'static, str>,
}

impl FormatError {
    /// Names what the formatter would have taken: "a number", "a date like 2025-12-31".
    #[must_use]
    pub fn expected(what: impl Into<Cow<'static, str>>) -> Self {
        Self { expected: what.into() }
    }
}

/// So that `write!(out, …)?` works in a formatter.
impl From<fmt::Error> for FormatError {
    fn from(_: fmt::Error) -> Self {
        Self::expected("a value that can be written as text")
    }
}

type Function = dyn Fn(Value<'_>, &str, &mut Sink<'_>) -> Result<(), FormatError> + Send + Sync;

/// A slot's formatter, looked up when the template was parsed.
pub(crate) struct FormatUse {
    pub(crate) name: String,
    argument: String,
    function: Arc<Function>,
}

impl FormatUse {
    pub(crate) fn write(&self, value: Value<'_>, page: &mut Vec<u8>) -> Result<(), FormatError> {
        (self.function)(value, &self.argument, &mut Sink::new(page))
    }
}

impl fmt::Debug for FormatUse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FormatUse({}|{})", self.name, self.argument)
    }
}

#[derive(Clone)]
struct Entry {
    takes_argument: bool,
    function: Arc<Function>,
}

/// The formatters of one dialect, by name.
#[derive(Clone)]
pub(crate) struct Formats(BTreeMap<String, Entry>);

impl Formats {
    pub(crate) fn built_in() -> Self {
        let mut formats = Self(BTreeMap::new());
        formats.add("num", false, Arc::new(|value, _, out| built_in::num(value, out)));
        formats.add("cents", false, Arc::new(|value, _, out| built_in::cents(value, out)));
        formats.add("fixed", true, Arc::new(built_in::fixed));
        formats.add("fixed_point", true, Arc::new(built_in::fixed_point));
        formats.add(URL, false, Arc::new(|value, _, out| built_in::url(value, out)));
        formats.add(URLENCODE, false, Arc::new(|value, _, out| built_in::urlencode(value, out)));
        formats
    }

    #[track_caller]
    pub(crate) fn add(&mut self, name: &str, takes_argument: bool, function: Arc<Function>) {
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        assert!(
            !name.is_empty() && name.chars().all(is_word),
            "the formatter `{name}` could not be written in a slot: \
             name it with letters, digits and `_`, without the colon"
        );
        let entry = Entry { takes_argument, function };
        assert!(
            self.0.insert(name.to_owned(), entry).is_none(),
            "there is already a formatter `{name}`: choose another name"
        );
    }

    pub(crate) fn find(&self, place: &Place, argument: Option<String>) -> Result<FormatUse, Error> {
        let name = place.text();
        let Some(entry) = self.0.get(name) else {
            let known: Vec<&str> = self.0.keys().map(String::as_str).collect();
            return Err(Error::new(ErrorKind::Formatter, format!("unknown formatter `{name}`"))
                .at(place, hint::suggest(name, "formatters", &known))
                .help(
                    "if this is CSS or JavaScript, write a blank after the colon,\n\
                     or put `<?as is?>` before it and `<?end as?>` after it",
                ));
        };
        match (entry.takes_argument, &argument) {
            (true, None) => {
                return Err(Error::new(
                    ErrorKind::Formatter,
                    format!("the formatter `{name}` needs an argument"),
                )
                .at(place, format!("expected `:{name}|argument`")));
            }
            (false, Some(_)) => {
                return Err(Error::new(
                    ErrorKind::Formatter,
                    format!("the formatter `{name}` takes no argument"),
                )
                .at(place, format!("expected `:{name}` alone")));
            }
            _ => {}
        }
        let function = Arc::clone(&entry.function);
        Ok(FormatUse { name: name.to_owned(), argument: argument.unwrap_or_default(), function })
    }
}

/// The formatter that makes an address safe to follow.
pub(crate) const URL: &str = "url";

/// The formatter for one value within an address.
pub(crate) const URLENCODE: &str = "urlencode";
