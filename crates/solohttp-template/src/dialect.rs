//! The parser's settings: strictness and formatters.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use crate::error::{Error, ErrorKind};
use crate::format::{FormatError, FormatUse, Formats, Sink, Value};
use crate::parse::tree::Mode;
use crate::source::{Place, Source};

/// The strictness and the formatters that templates are parsed with.
///
/// Strict by default: missing names and slots in unsafe places are errors.
/// [`lenient`](Self::lenient) is compatible with kali, the Python library that this crate grew out
/// of.
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
    /// Creates a strict dialect with the [built-in formatters](crate::language#formatters).
    #[must_use]
    pub fn new() -> Self {
        Self { strict: true, formats: Formats::built_in() }
    }

    /// Creates a dialect that is compatible with kali: a missing `{name}` is shown literally,
    /// misspelled tags are text, and slots are allowed anywhere.
    #[must_use]
    pub fn lenient() -> Self {
        Self { strict: false, ..Self::new() }
    }

    /// Adds a formatter without an argument, used as `{name:format}`.
    ///
    /// The formatter's output is escaped. It isn't called for `None`, which produces no output.
    ///
    /// # Panics
    ///
    /// If `name` is not a single word of letters, digits and `_`, or already exists.
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

    /// Adds a formatter with an argument, used as `{name:format|argument}`.
    ///
    /// # Panics
    ///
    /// Same as [`format`](Self::format).
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

    /// Returns the mode of a slot with these parts.
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
            return Err(Error::new(ErrorKind::Formatter, "a raw slot can't have a formatter")
                .at(&place, "not allowed with a dot")
                .help("remove the dot: the output of formatters is escaped"));
        }
        let argument = argument.map(|range| Place::new(source, range.start, range.end));
        let found: FormatUse = self.formats.find(&place, argument.as_ref())?;
        Ok(Mode::Format(Arc::new(found)))
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
