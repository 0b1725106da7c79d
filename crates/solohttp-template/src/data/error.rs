//! The error type of the serializers.

use std::fmt;

use crate::error::{Error, ErrorKind};

/// A rendering error. It is only one word wide, because every value's serialization returns it in a
/// `Result`.
#[derive(Debug)]
pub(crate) struct RenderError(pub(crate) Error);

impl fmt::Display for RenderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl std::error::Error for RenderError {}

/// Called if a value's `Serialize` implementation fails.
impl serde::ser::Error for RenderError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(Error::new(ErrorKind::WrongValue, format!("cannot serialize a value: {message}")))
    }
}

impl From<Error> for RenderError {
    fn from(error: Error) -> Self {
        Self(error)
    }
}
