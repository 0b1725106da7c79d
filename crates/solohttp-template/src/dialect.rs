//! The settings under which text is parsed: how strict, and with which formatters.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use crate::error::{Error, ErrorKind};
use crate::format::{FormatError, FormatUse, Formats, Sink, Value};
use crate::parse::tree::Mode;
use crate::parse::{parse_file, parse_inline, tree::File};
use crate::repeat::Repeat;
use crate::source::{Place, Source};
use crate::template::Template;

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

    /// Parses a page from text; the text is kept exactly, white space and all.
    ///
    /// # Errors
    ///
    /// If the text breaks a rule of the language.
    pub fn template(&self, text: &str) -> Result<Template, Error> {
        let source = Source::inline(text);
        if self.strict
            && let start = text.trim_start()
            && (start.starts_with("<extend>") || start.starts_with("<loop>"))
        {
            return Err(composite_as_page(&source, start));
        }
        Template::from_nodes(parse_inline(&source, self, false)?, self)
    }

    /// Parses a loop from text of the form `<loop>… <?begin?>…</loop>`.
    ///
    /// # Errors
    ///
    /// If the text is not a loop, or breaks a rule of the language.
    pub fn repeat(&self, text: &str) -> Result<Repeat, Error> {
        let source = Source::inline(text);
        match parse_file(&source, self)? {
            File::Repeat(sections) => Repeat::from_sections(&sections, self),
            File::Page(_) | File::Extend(_) => {
                Err(Error::new(ErrorKind::WrongSort, "this text is not a loop")
                    .at(&Place::new(&source, 0, 0), "expected `<loop>` here"))
            }
        }
    }

    /// A loop from its four parts, each kept exactly as it is; an empty part is a missing one.
    ///
    /// # Errors
    ///
    /// If a part breaks a rule of the language.
    pub fn repeat_from_parts(
        &self,
        preamble: &str,
        body: &str,
        epilogue: &str,
        otherwise: &str,
    ) -> Result<Repeat, Error> {
        Repeat::from_parts([preamble, body, epilogue, otherwise], self)
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

fn composite_as_page(source: &Arc<Source>, start: &str) -> Error {
    let from = source.text.len() - start.len();
    let place = Place::new(source, from, from + start.find('>').map_or(1, |end| end + 1));
    let error = Error::new(ErrorKind::WrongSort, "this text is not a page");
    if start.starts_with("<loop>") {
        error.at(&place, "this begins a loop").help("use `Repeat::parse`")
    } else {
        error
            .at(&place, "this names a base, which must come from a folder")
            .help("put the text into a `TemplateFolder`, or bind sections with `assembly`")
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
