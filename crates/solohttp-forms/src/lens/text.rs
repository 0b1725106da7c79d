//! Plain text, trimmed or not, and limits on its length.
//!
//! Lengths are in UTF-16 code units, as in `maxlength` (WHATWG HTML 4.10.18.3).

use std::fmt;

use solohttp_core::Numerals;

use crate::lens::{Choice, Lens, invisible};
use crate::markup::attributes::Attributes;
use crate::validation::ValidationError;

/// Text exactly as typed, except that line breaks become `\n`.
///
/// Browsers send all line breaks as CR LF (WHATWG HTML 4.10.21.4), so carriage returns can't be
/// preserved. Text with a NUL character is rejected, because HTML can't contain that character.
#[derive(Debug, Clone, Copy, Default)]
pub struct Text;

impl Lens for Text {
    type Value = String;

    fn show(&self, value: &String) -> String {
        value.clone()
    }

    #[inline]
    fn write(&self, value: &String, out: &mut dyn fmt::Write) -> fmt::Result {
        out.write_str(value)
    }

    fn parse(&self, text: &str) -> Result<String, ValidationError> {
        if text.bytes().all(|byte| !matches!(byte, b'\0' | b'\r')) {
            return Ok(text.to_owned());
        }
        if text.contains('\0') {
            return Err(ValidationError::Unprintable);
        }
        Ok(text.replace("\r\n", "\n").replace('\r', "\n"))
    }
}

/// Text without surrounding whitespace or invisible characters.
#[derive(Debug, Clone, Copy, Default)]
pub struct Trim;

impl Lens for Trim {
    type Value = String;

    fn show(&self, value: &String) -> String {
        value.clone()
    }

    #[inline]
    fn write(&self, value: &String, out: &mut dyn fmt::Write) -> fmt::Result {
        out.write_str(value)
    }

    fn parse(&self, text: &str) -> Result<String, ValidationError> {
        Text.parse(invisible::trim(text))
    }
}

/// A value that is text or optional text.
pub trait Textual {
    /// Returns the text, if any.
    fn as_text(&self) -> Option<&str>;
}

impl Textual for String {
    fn as_text(&self) -> Option<&str> {
        Some(self)
    }
}

impl Textual for Option<String> {
    fn as_text(&self) -> Option<&str> {
        self.as_deref()
    }
}

/// Rejects text without any visible character.
#[derive(Debug, Clone)]
pub struct Required<L>(pub(crate) L);

impl<L: Lens> Lens for Required<L> {
    type Value = L::Value;

    fn show(&self, value: &L::Value) -> String {
        self.0.show(value)
    }

    fn write(&self, value: &L::Value, out: &mut dyn fmt::Write) -> fmt::Result {
        self.0.write(value, out)
    }

    fn parse(&self, text: &str) -> Result<L::Value, ValidationError> {
        if invisible::is_blank(text) {
            return Err(ValidationError::Missing);
        }
        self.0.parse(text)
    }

    fn attributes(&self, attributes: &mut Attributes) {
        self.0.attributes(attributes);
        attributes.set_flag("required");
    }

    fn is_cyclic(&self) -> bool {
        self.0.is_cyclic()
    }

    fn is_absent(&self, value: &L::Value) -> bool {
        self.0.is_absent(value)
    }

    fn choices(&self) -> Option<&[Choice]> {
        self.0.choices()
    }

    fn numerals(&self) -> Option<Numerals> {
        self.0.numerals()
    }
}

macro_rules! length {
    ($(#[$doc:meta])* $Name:ident, $attribute:literal, $is_wrong:expr, $error:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone)]
        pub struct $Name<L> {
            pub(crate) lens: L,
            pub(crate) bound: usize,
        }

        impl<L: Lens<Value: Textual>> Lens for $Name<L> {
            type Value = L::Value;

            fn show(&self, value: &L::Value) -> String {
                self.lens.show(value)
            }

            fn write(&self, value: &L::Value, out: &mut dyn fmt::Write) -> fmt::Result {
                self.lens.write(value, out)
            }

            fn parse(&self, text: &str) -> Result<L::Value, ValidationError> {
                let value = self.lens.parse(text)?;
                let units = value.as_text().unwrap_or_default().encode_utf16().count();
                if $is_wrong(units, self.bound) {
                    return Err($error(units, self.bound));
                }
                Ok(value)
            }

            fn attributes(&self, attributes: &mut Attributes) {
                self.lens.attributes(attributes);
                attributes.set($attribute, self.bound);
            }

            fn is_absent(&self, value: &L::Value) -> bool {
                self.lens.is_absent(value)
            }

            fn numerals(&self) -> Option<Numerals> {
                self.lens.numerals()
            }
        }
    };
}

length! {
    /// Rejects text that is too long.
    MaxLength, "maxlength", |len, max| len > max, |len, max| ValidationError::TooLong { max, len }
}

length! {
    /// Rejects text that is too short. Blank text is allowed unless the field is `required`.
    MinLength, "minlength", |len, min| len > 0 && len < min,
    |len, min| ValidationError::TooShort { min, len }
}
