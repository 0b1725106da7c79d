//! The error type: a kind, a position, and a message that shows the source line with a caret.
//!
//! `Display` writes the complete message, so that logs and error pages show the same message.

use std::fmt;

use crate::source::Place;

/// An error that occurred when loading or rendering a template.
///
/// `Display` writes several lines: the problem, the position, the source line with a caret, and a
/// suggested fix.
pub struct Error(Box<Report>);

#[derive(Debug)]
struct Report {
    kind: ErrorKind,
    message: String,
    place: Option<Place>,
    /// Shown next to the caret.
    label: String,
    help: Option<String>,
    cause: Option<std::io::Error>,
}

/// The kind of an [`Error`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The template breaks a rule of the language.
    Syntax,
    /// A section is repeated, has an invalid name, or has no slot in the base.
    Section,
    /// A slot `{name:format}` names an unknown formatter, or uses one incorrectly.
    Formatter,
    /// A slot is in a place where HTML escaping doesn't make a value safe.
    UnsafePlace,
    /// A template doesn't exist, or its name would lead outside the folder.
    TemplateNotFound,
    /// A template extends itself, directly or indirectly.
    Cycle,
    /// A loop was requested as a page, or a page was requested as a loop.
    WrongKind,
    /// A file can't be read or is not UTF-8.
    Unreadable,
    /// The data has no value for a name in the template.
    MissingName,
    /// A value in the data has the wrong type for its use in the template.
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

    /// Returns the kind of the error.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Returns the name of the template that contains the error.
    #[must_use]
    pub fn template(&self) -> Option<&str> {
        self.0.place.as_ref().map(|place| place.source.name.as_str())
    }

    /// Returns the line of the error, counted from 1.
    #[must_use]
    pub fn line(&self) -> Option<usize> {
        self.0.place.as_ref().map(Place::line)
    }

    /// Returns the column of the error in characters, counted from 1.
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

/// Writes the line with a caret below it. A very long line is cut to the part around the error.
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
    // Control characters such as tabs would misalign the caret.
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

/// Same as `Display`, because `main() -> Result<…>` and `unwrap` print errors with `Debug`.
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
