//! An error or a panic on its way from a handler to the error page.
//!
//! Knows nothing of pages or requests: it only keeps what happened, where, and why.

use std::backtrace::Backtrace;
use std::error::Error;
use std::fmt;
use std::io;
use std::panic::Location;

use http::StatusCode;

use crate::error::Rejection;

/// The error type of handlers: `?` turns any error into it and remembers the line.
///
/// ```
/// use solohttp_core::{Failure, Response};
///
/// fn page() -> Result<Response, Failure> {
///     let number: u32 = "seven".parse()?; // becomes the error page, with this line on it
///     Ok(Response::text(number.to_string()))
/// }
/// assert_eq!(page().unwrap_err().to_string(), "invalid digit found in string");
/// ```
///
/// It is not an [`Error`] itself, because then `?` could not take every other error in.
pub struct Failure {
    kind: Kind,
    context: Option<String>,
    location: Option<String>,
    backtrace: Option<Backtrace>,
}

enum Kind {
    Error(Box<dyn Error>),
    Panic(String),
}

impl Failure {
    /// What a caught panic leaves behind.
    pub(crate) fn from_panic(
        message: String,
        location: Option<String>,
        backtrace: Option<Backtrace>,
    ) -> Self {
        Self { kind: Kind::Panic(message), context: None, location, backtrace }
    }

    /// The same failure with a line that says what was being done, such as the file's name.
    #[must_use]
    pub fn within(mut self, context: impl Into<String>) -> Self {
        self.context = Some(context.into());
        self
    }

    /// The error, unless a panic brought us here.
    #[must_use]
    pub fn error(&self) -> Option<&(dyn Error + 'static)> {
        match &self.kind {
            Kind::Error(error) => Some(error.as_ref()),
            Kind::Panic(_) => None,
        }
    }

    /// Did the handler panic?
    #[must_use]
    pub fn is_panic(&self) -> bool {
        matches!(self.kind, Kind::Panic(_))
    }

    /// The status that the response gets: that of a [`Rejection`], also within an
    /// [`io::Error`], else 500.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.rejection().map_or(StatusCode::INTERNAL_SERVER_ERROR, Rejection::status)
    }

    pub(crate) fn rejection(&self) -> Option<&Rejection> {
        let error = self.error()?;
        // Reading a body that is too large fails with one inside.
        let inner = || error.downcast_ref::<io::Error>()?.get_ref()?.downcast_ref();
        error.downcast_ref().or_else(inner)
    }

    /// What was being done, if somebody said so: see [`within`](Self::within).
    #[must_use]
    pub fn context(&self) -> Option<&str> {
        self.context.as_deref()
    }

    /// `file:line:column` of the `?` or of the panic.
    #[must_use]
    pub fn location(&self) -> Option<&str> {
        self.location.as_deref()
    }

    /// The stack of a panic.
    #[must_use]
    pub fn backtrace(&self) -> Option<&Backtrace> {
        self.backtrace.as_ref()
    }

    /// What caused the error, then what caused that, and so on.
    pub fn causes(&self) -> impl Iterator<Item = &(dyn Error + 'static)> {
        let first = self.error().and_then(Error::source);
        std::iter::successors(first, |&error: &&(dyn Error + 'static)| error.source())
    }
}

impl<E: Into<Box<dyn Error>>> From<E> for Failure {
    #[track_caller]
    fn from(error: E) -> Self {
        Self {
            kind: Kind::Error(error.into()),
            context: None,
            location: Some(Location::caller().to_string()),
            backtrace: None,
        }
    }
}

/// The message of the error or of the panic, without its causes.
impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            Kind::Error(error) => error.fmt(f),
            Kind::Panic(message) => f.write_str(message),
        }
    }
}

/// The message, its causes and the place, as `fn main() -> Result<(), Failure>` shows it.
impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")?;
        for cause in self.causes() {
            write!(f, "\n  because: {cause}")?;
        }
        if let Some(context) = self.context() {
            write!(f, "\n  within {context}")?;
        }
        if let Some(location) = self.location() {
            write!(f, "\n  at {location}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read() -> Result<(), Failure> {
        std::fs::File::open("no such file")?;
        Ok(())
    }

    #[test]
    fn remembers_the_line_of_the_question_mark() {
        let location = read().unwrap_err().location().unwrap().to_owned();
        assert!(location.contains("failure.rs:"), "{location}");
    }

    #[test]
    fn takes_texts_and_keeps_the_status_of_a_rejection() {
        assert_eq!(Failure::from("out of paper").status(), 500);
        let gone = Rejection::new(StatusCode::GONE, "It was deleted.");
        assert_eq!(Failure::from(gone).status(), 410);
    }

    #[test]
    fn shows_the_chain_of_causes() {
        #[derive(Debug)]
        struct Outer(std::num::ParseIntError);
        impl fmt::Display for Outer {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("bad page number")
            }
        }
        impl Error for Outer {
            fn source(&self) -> Option<&(dyn Error + 'static)> {
                Some(&self.0)
            }
        }
        let failure = Failure::from(Outer("x".parse::<u8>().unwrap_err())).within("the search");
        let shown = format!("{failure:?}");
        let expect =
            "bad page number\n  because: invalid digit found in string\n  within the search\n  at ";
        assert!(shown.starts_with(expect), "{shown}");
    }
}
