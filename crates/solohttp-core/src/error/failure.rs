//! An error or a panic on its way from a handler to the error page.
//!
//! A failure holds only the message, causes and location. It doesn't depend on pages or requests.

use std::backtrace::Backtrace;
use std::error::Error;
use std::fmt;
use std::io;
use std::panic::Location;

use http::StatusCode;

use crate::error::{Rejection, backtrace};
use crate::log_line::Indented;

/// The error type for handlers. The `?` operator converts any error into a `Failure` and records
/// the source line.
///
/// ```
/// use solohttp_core::{Failure, Response};
///
/// fn page() -> Result<Response, Failure> {
///     let number: u32 = "seven".parse()?; // the error page names this line
///     Ok(Response::text(number.to_string()))
/// }
/// assert_eq!(page().unwrap_err().to_string(), "invalid digit found in string");
/// ```
///
/// `Failure` doesn't implement [`Error`], because that would prevent `?` from converting arbitrary
/// errors.
pub struct Failure {
    kind: Kind,
    context: Option<String>,
    location: Option<String>,
    backtrace: Option<Backtrace>,
}

enum Kind {
    /// The client is at fault, not the program.
    Rejection(Box<Rejection>),
    Error(Box<dyn Error>),
    Panic(String),
}

impl Failure {
    /// Creates a failure from a caught panic.
    pub(crate) fn from_panic(
        message: String,
        location: Option<String>,
        backtrace: Option<Backtrace>,
    ) -> Self {
        Self { kind: Kind::Panic(message), context: None, location, backtrace }
    }

    /// Adds a line of context, such as a file name.
    #[must_use]
    pub fn within(mut self, context: impl Into<String>) -> Self {
        self.context = Some(context.into());
        self
    }

    /// The error; `None` for a panic.
    #[must_use]
    pub fn error(&self) -> Option<&(dyn Error + 'static)> {
        match &self.kind {
            Kind::Rejection(rejection) => Some(rejection.as_ref()),
            Kind::Error(error) => Some(error.as_ref()),
            Kind::Panic(_) => None,
        }
    }

    /// The status of the response. If the error is a [`Rejection`], even one wrapped in an
    /// [`io::Error`], this is the rejection's status; otherwise it is 500.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.rejection().map_or(StatusCode::INTERNAL_SERVER_ERROR, Rejection::status)
    }

    pub(crate) fn rejection(&self) -> Option<&Rejection> {
        match &self.kind {
            Kind::Rejection(rejection) => Some(rejection),
            Kind::Error(_) | Kind::Panic(_) => None,
        }
    }

    /// The context that was added by [`within`](Self::within).
    #[must_use]
    pub fn context(&self) -> Option<&str> {
        self.context.as_deref()
    }

    /// The location of the `?` or the panic, as `file:line:column`.
    #[must_use]
    pub fn location(&self) -> Option<&str> {
        self.location.as_deref()
    }

    /// The panic's backtrace.
    pub(crate) fn backtrace(&self) -> Option<&Backtrace> {
        self.backtrace.as_ref()
    }

    /// Logs that `what` failed, with the causes, the location and, for a panic, the backtrace.
    pub fn log(&self, what: impl fmt::Display) {
        log::error!(target: "solohttp", "{what} failed: {}", Indented(self));
        if let Some(backtrace) = self.backtrace() {
            log::error!(target: "solohttp", "backtrace: {}", backtrace::trimmed(backtrace));
        }
    }

    /// Iterates over the chain of the error's [`source`](Error::source)s.
    pub fn causes(&self) -> impl Iterator<Item = &(dyn Error + 'static)> {
        let first = self.error().and_then(Error::source);
        std::iter::successors(first, |&error: &&(dyn Error + 'static)| error.source())
    }
}

impl Kind {
    fn of(error: Box<dyn Error>) -> Self {
        // Reading a body that is too large fails with an `io::Error` that wraps a rejection.
        let wrapped = error.downcast_ref::<io::Error>().and_then(|error| error.get_ref());
        if let Some(rejection) = wrapped.and_then(|error| error.downcast_ref::<Rejection>()) {
            return Self::Rejection(Box::new(rejection.clone()));
        }
        match error.downcast() {
            Ok(rejection) => Self::Rejection(rejection),
            Err(error) => Self::Error(error),
        }
    }
}

impl<E: Into<Box<dyn Error>>> From<E> for Failure {
    #[track_caller]
    fn from(error: E) -> Self {
        Self {
            kind: Kind::of(error.into()),
            context: None,
            location: Some(Location::caller().to_string()),
            backtrace: None,
        }
    }
}

/// The message of the error or panic, without its causes.
impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            Kind::Rejection(rejection) => rejection.fmt(f),
            Kind::Error(error) => error.fmt(f),
            Kind::Panic(message) => f.write_str(message),
        }
    }
}

/// The message, causes and location, as printed by `fn main() -> Result<(), Failure>`.
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
    fn records_the_line_of_the_question_mark() {
        let location = read().unwrap_err().location().unwrap().to_owned();
        assert!(location.contains("failure.rs:"), "{location}");
    }

    #[test]
    fn converts_text_and_keeps_the_status_of_a_rejection() {
        assert_eq!(Failure::from("out of paper").status(), 500);
        let gone = Rejection::new(StatusCode::GONE, "It was deleted.");
        let wrapped = io::Error::other(gone.clone());
        assert_eq!(Failure::from(gone).status(), 410);
        assert_eq!(Failure::from(wrapped).status(), 410);
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
