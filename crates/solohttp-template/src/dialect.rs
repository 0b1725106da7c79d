//! The settings under which text is parsed: how strict, and with which formatters.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use crate::error::{Error, ErrorKind};
use crate::format::{FormatError, FormatUse, Formats, Sink, Value};
use crate::parse::tree::Mode;
use crate::source::{Place, Source};

/// How strict to be, and which formatters there are.
///
/// Strict is the default: a name the data lacks is an error, and so is a slot where escaping does
/// not help. [`lenient`](Self::lenient) behaves like the ancestor.
///
/// ```
/// use solohttp_template::{Dialect, Value};
///
/// let dialect = Dialect::new().format("class", |done, out| {
///     out.push_str(if done == Value::Bool(true) { "done" } else { "open" });
///     Ok(())
/// });
/// let item = dialect.template("<li class=\"{done:class}\">{text}</li>")?;
/// # Ok::<(), solohttp_template::Error>(())
/// ```
#[derive(Clone)]
pub struct Dialect {
    strict: bool,
    formats: Formats,
}

impl Dialect {
    /// Strict, with the built-in formatters `num`, `cents`, `fixed|digits`, `fixed_point|digits`,
    /// `url` (an address that runs no script) and `urlencode` (one value within an address).
    #[must_use]
    pub fn new() -> Self {
        Self { strict: true, formats: Formats::built_in() }
    }

    /// As the ancestor had it: a missing `{name}` shows itself in the page, text that looks almost
    /// like a tag of the language is text, and nobody asks where in the HTML a slot stands.
    #[must_use]
    pub fn lenient() -> Self {
        Self { strict: false, ..Self::new() }
    }

    /// Adds a formatter without argument, written `{name:format}`.
    ///
    /// What it pushes is escaped. It is not called for `None`, which shows as nothing.
    ///
    /// # Panics
    ///
    /// If `name` is not one word of letters, digits and `_`, or is taken.
    #[must_use]
    #[track_caller]
    pub fn format(
        mut self,
        name: &str,
        format: impl Fn(Value<'_>, &mut Sink<'_>) -> Result<(), FormatError> + Send + Sync + 'static,
    ) -> Self {
        self.formats.add(name, false, Arc::new(move |value, _, out| format(value, out)));
        self
    }

    /// Adds a formatter that takes one argument, written `{name:format|argument}`.
    ///
    /// # Panics
    ///
    /// Like [`format`](Self::format).
    #[must_use]
    #[track_caller]
    pub fn format_with(
        mut self,
        name: &str,
        format: impl Fn(Value<'_>, &str, &mut Sink<'_>) -> Result<(), FormatError>
        + Send
        + Sync
        + 'static,
    ) -> Self {
        self.formats.add(name, true, Arc::new(format));
        self
    }

    pub(crate) fn is_strict(&self) -> bool {
        self.strict
    }

    /// What a slot with these parts does to its value.
    pub(crate) fn mode_of(
        &self,
        source: &Arc<Source>,
        is_raw: bool,
        format: Option<Range<usize>>,
        argument: Option<Range<usize>>,
    ) -> Result<Mode, Error> {
        let Some(format) = format else {
            return Ok(if is_raw { Mode::Raw } else { Mode::Escaped });
        };
        let place = Place::new(source, format.start, format.end);
        if is_raw {
            let place = Place::new(source, format.start - 1, format.end);
            return Err(Error::new(ErrorKind::Formatter, "a raw slot cannot have a formatter")
                .at(&place, "this would be ignored")
                .help("leave out the dot: what a formatter gives is escaped"));
        }
        let argument = argument.map(|range| source.text[range].to_owned());
        self.formats.find(&place, argument).map(|found: FormatUse| Mode::Format(Arc::new(found)))
    }
}

impl Default for Dialect {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Dialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dialect").field("strict", &self.strict).finish_non_exhaustive()
    }
}
