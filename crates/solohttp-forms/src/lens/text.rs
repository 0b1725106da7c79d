//! Text as text: what a browser does to it on the way, and rules about its length.
//!
//! Lengths are counted as browsers count `maxlength` (UTF-16 units, WHATWG HTML 4.10.18.3), so
//! that both sides of the wire agree on the last emoji.

use crate::element::choice::Labelled;
use crate::lens::{Lens, invisible};
use crate::markup::attributes::Attributes;
use crate::validation::ValidationError;

/// Text as it was typed, with every line break as `\n`.
///
/// Browsers send line breaks as CR LF whatever they were (WHATWG HTML 4.10.21.4), so a value with
/// a carriage return cannot be told from one without. NUL cannot stand in a page at all.
#[derive(Debug, Clone, Copy, Default)]
pub struct Text;

impl Lens for Text {
    type Value = String;

    fn show(&self, value: &String) -> String {
        value.clone()
    }

    fn parse(&self, text: &str) -> Result<String, ValidationError> {
        if text.contains('\0') {
            return Err(ValidationError::Unprintable);
        }
        Ok(text.replace("\r\n", "\n").replace('\r', "\n"))
    }
}

/// Text without blanks and invisible characters around it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Trim;

impl Lens for Trim {
    type Value = String;

    fn show(&self, value: &String) -> String {
        value.clone()
    }

    fn parse(&self, text: &str) -> Result<String, ValidationError> {
        Text.parse(invisible::trim(text))
    }
}

/// What has text, or may have.
pub trait Textual {
    /// The text, if there is one.
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

/// Refuses what is blank: without any character that could be seen.
#[derive(Debug, Clone)]
pub struct Required<L>(pub(crate) L);

impl<L: Lens> Lens for Required<L> {
    type Value = L::Value;

    fn show(&self, value: &L::Value) -> String {
        self.0.show(value)
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

    fn choices(&self) -> Option<&[Labelled]> {
        self.0.choices()
    }
}

macro_rules! length {
    ($(#[$doc:meta])* $Name:ident, $attribute:literal, $is_wrong:expr, $mistake:expr) => {
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

            fn parse(&self, text: &str) -> Result<L::Value, ValidationError> {
                let value = self.lens.parse(text)?;
                let units = value.as_text().unwrap_or_default().encode_utf16().count();
                if $is_wrong(units, self.bound) {
                    return Err($mistake(units, self.bound));
                }
                Ok(value)
            }

            fn attributes(&self, attributes: &mut Attributes) {
                self.lens.attributes(attributes);
                attributes.set($attribute, self.bound);
            }
        }
    };
}

length! {
    /// Refuses text that is longer; never cuts it.
    MaxLength, "maxlength", |is, most| is > most, |is, most| ValidationError::TooLong { most, is }
}

length! {
    /// Refuses text that is shorter, unless it is blank: `required` is a rule of its own.
    MinLength, "minlength", |is, least| is > 0 && is < least,
    |is, least| ValidationError::TooShort { least, is }
}
