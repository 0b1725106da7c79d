//! The error that travels through serde, and what values are called in messages.

use std::fmt;

use crate::error::{Error, ErrorKind};

/// Ends a rendering. One word wide, because every value on the way returns it.
#[derive(Debug)]
pub(crate) struct Refusal(pub(crate) Error);

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl std::error::Error for Refusal {}

/// A value's own `Serialize` gave up.
impl serde::ser::Error for Refusal {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(Error::new(ErrorKind::WrongValue, format!("a value could not be read: {message}")))
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self(error)
    }
}
