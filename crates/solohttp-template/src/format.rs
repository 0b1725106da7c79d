//! Formatters: their input, output and registry.

mod built_in;
mod date;
pub(crate) mod number;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, LazyLock};

use solohttp_core::html;

use crate::error::{Error, ErrorKind};
use crate::hint;
use crate::source::Place;
use date::DateStyle;

/// The value passed to a formatter.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Value<'v> {
    /// `true` or `false`.
    Bool(bool),
    /// An integer of any type, except that values above `i128::MAX` are passed as
    /// [`Float`](Self::Float).
    Int(i128),
    /// A floating-point number. An `f32` is converted via its shortest decimal form.
    Float(f64),
    /// A string, a character, or the name of an enum variant.
    Text(&'v str),
}

/// A formatter's output. Everything written to it is escaped.
pub struct Sink<'p> {
    page: &'p mut Vec<u8>,
}

impl<'p> Sink<'p> {
    pub(crate) fn new(page: &'p mut Vec<u8>) -> Self {
        Self { page }
    }

    /// Escapes and appends a string.
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

/// A formatter's error about its value or argument.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected {expected}")]
pub struct FormatError {
    expected: Cow<'static, str>,
}

impl FormatError {
    /// Creates an error from a description of the expected input, for example "a number" or "a date
    /// such as 2025-12-31".
    #[must_use]
    pub fn expected(what: impl Into<Cow<'static, str>>) -> Self {
        Self { expected: what.into() }
    }
}

/// Lets formatters use `write!(out, …)?`.
impl From<fmt::Error> for FormatError {
    fn from(_: fmt::Error) -> Self {
        Self::expected("a value that can be written as text")
    }
}

type Function = dyn Fn(Value<'_>, &str, &mut Sink<'_>) -> Result<(), FormatError> + Send + Sync;

/// The formatter of a slot, resolved when the template was parsed.
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
struct Formatter {
    takes_argument: bool,
    function: Arc<Function>,
}

/// A dialect's formatters, by name. Those for dates aren't included, because they are the same for
/// all dialects.
#[derive(Clone)]
pub(crate) struct Formats(Arc<BTreeMap<String, Formatter>>);

/// The built-in formatters, which most dialects share.
static BUILT_IN: LazyLock<Formats> = LazyLock::new(Formats::new);

impl Formats {
    pub(crate) fn built_in() -> Self {
        BUILT_IN.clone()
    }

    fn new() -> Self {
        let mut formats = Self(Arc::default());
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
            "invalid formatter name `{name}`: use letters, digits and `_`, without the colon"
        );
        let formatter = Formatter { takes_argument, function };
        let is_new = Arc::make_mut(&mut self.0).insert(name.to_owned(), formatter).is_none();
        assert!(
            is_new && DateStyle::named(name).is_none(),
            "the formatter `{name}` already exists: choose another name"
        );
    }

    fn unknown(&self, place: &Place) -> Error {
        let name = place.text();
        let dates = DateStyle::ALL.map(DateStyle::name);
        let known: Vec<&str> = self.0.keys().map(String::as_str).chain(dates).collect();
        Error::new(ErrorKind::Formatter, format!("unknown formatter `{name}`"))
            .at(place, hint::suggest(name, "formatters", &known))
            .help(
                "if this is CSS or JavaScript, add a space after the colon,\n\
                 or put it between `<?as is?>` and `<?end as?>`",
            )
    }

    /// Finds the formatter named at `place`.
    pub(crate) fn find(&self, place: &Place, argument: Option<&Place>) -> Result<FormatUse, Error> {
        let name = place.text();
        let function = match (self.0.get(name), DateStyle::named(name)) {
            (Some(formatter), _) => {
                check_argument(place, formatter.takes_argument, argument)?;
                Arc::clone(&formatter.function)
            }
            (None, Some(style)) => style.function(argument)?,
            (None, None) => return Err(self.unknown(place)),
        };
        let argument = argument.map_or_else(String::new, |argument| argument.text().to_owned());
        Ok(FormatUse { name: name.to_owned(), argument, function })
    }
}

fn check_argument(place: &Place, takes: bool, argument: Option<&Place>) -> Result<(), Error> {
    let name = place.text();
    let (problem, label) = match (takes, argument) {
        (true, None) => ("needs an argument", format!("expected `:{name}|argument`")),
        (false, Some(_)) => ("takes no argument", format!("expected just `:{name}`")),
        _ => return Ok(()),
    };
    let message = format!("the formatter `{name}` {problem}");
    Err(Error::new(ErrorKind::Formatter, message).at(place, label))
}

/// The formatter for whole URLs, which rejects unsafe schemes.
pub(crate) const URL: &str = "url";

/// The formatter for a value within a URL.
pub(crate) const URLENCODE: &str = "urlencode";
