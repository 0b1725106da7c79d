//! What can go wrong with a template, and how it is told.
//!
//! One error type: a kind to match on, a place, and a text that shows the source line with a caret.
//! The whole text is in `Display`, so that a log and an error page show the same thing.

use std::fmt;

use crate::source::Place;

/// Why a template could not be loaded or rendered.
///
/// `Display` gives several lines: what is wrong, file with line and column, the source line with a
/// caret, and how to put it right.
pub struct Error(Box<Report>);

#[derive(Debug)]
struct Report {
    kind: ErrorKind,
    message: String,
    place: Option<Place>,
    /// Beside the caret.
    label: String,
    help: Option<String>,
    cause: Option<std::io::Error>,
}

/// The sort of mistake, for programs that want to tell them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The text breaks a rule of the language.
    Syntax,
    /// A section that is repeated, badly named, or that the base has no slot for.
    Section,
    /// `{name:format}` with a formatter that nobody has defined, or used in a wrong way.
    Formatter,
    /// A slot at a place where HTML escaping does not make its value harmless.
    UnsafePlace,
    /// A template name that does not exist or that would leave the folder.
    NoSuchTemplate,
    /// A template that extends itself, directly or through others.
    Cycle,
    /// A template of the other sort was asked for: a loop instead of a page or the reverse.
    WrongSort,
    /// A file that could not be read, or is not UTF-8.
    Unreadable,
    /// The data has no such name.
    MissingName,
    /// The data has a value that cannot go where the template wants it.
    WrongValue,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(Report {
            kind,
            message: message.into(),
            place: None,
            label: String::new(),
            help: None,
            cause: None,
        }))
    }

    pub(crate) fn at(mut self, place: &Place, label: impl Into<String>) -> Self {
        self.0.place = Some(place.clone());
        self.0.label = label.into();
        self
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.0.help = Some(help.into());
        self
    }

    pub(crate) fn cause(mut self, cause: std::io::Error) -> Self {
        self.0.cause = Some(cause);
        self
    }

    /// The sort of mistake.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The first line of the text, without place and caret.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The name of the template in which the mistake is.
    #[must_use]
    pub fn template(&self) -> Option<&str> {
        self.0.place.as_ref().map(|place| place.source.name.as_str())
    }

    /// The line of the mistake, counted from 1.
    #[must_use]
    pub fn line(&self) -> Option<usize> {
        self.0.place.as_ref().map(Place::line)
    }

    /// The column of the mistake in characters, counted from 1.
    #[must_use]
    pub fn column(&self) -> Option<usize> {
        self.0.place.as_ref().map(Place::column)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let report = &*self.0;
        f.write_str(&report.message)?;
        let mut margin = 1;
        if let Some(place) = &report.place {
            margin = place.line().to_string().len();
            write_quote(f, place, &report.label, margin)?;
        }
        if let Some(help) = &report.help {
            for (number, line) in help.lines().enumerate() {
                let lead = if number == 0 { "= help:" } else { "       " };
                write!(f, "\n{:margin$} {lead} {line}", "")?;
            }
        }
        Ok(())
    }
}

/// The line with a caret under it; a very long line is shown around the place only.
fn write_quote(
    f: &mut fmt::Formatter<'_>,
    place: &Place,
    label: &str,
    margin: usize,
) -> fmt::Result {
    const BEFORE: usize = 60;
    const SHOWN: usize = 110;
    let (line, column) = (place.line(), place.column());
    let text: Vec<char> = place.line_text().chars().collect();
    let from = if text.len() > SHOWN { (column - 1).saturating_sub(BEFORE) } else { 0 };
    let to = text.len().min(from + SHOWN);
    let lead = if from > 0 { "…" } else { "" };
    let tail = if to < text.len() { "…" } else { "" };
    // A tab would move the caret away from its place.
    let shown: String =
        text[from..to].iter().map(|&c| if c.is_control() { ' ' } else { c }).collect();
    let indent = column - 1 - from + lead.chars().count();
    let carets = "^".repeat(place.width().min(to.saturating_sub(column - 1)).max(1));
    write!(f, "\n{:margin$}--> {}:{line}:{column}", "", place.source.name)?;
    write!(f, "\n{:margin$} |", "")?;
    write!(f, "\n{line} | {lead}{shown}{tail}")?;
    write!(f, "\n{:margin$} | {:indent$}{carets}", "", "")?;
    if label.is_empty() { Ok(()) } else { write!(f, " {label}") }
}

/// The same text as `Display`: `main() -> Result<…>` and `unwrap` print it readably.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.cause.as_ref().map(|cause| cause as &(dyn std::error::Error + 'static))
    }
}
