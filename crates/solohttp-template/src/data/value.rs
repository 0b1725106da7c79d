//! A serializer that writes a value into a slot.

use serde::Serialize;
use serde::ser::{
    SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
    SerializeTupleStruct, SerializeTupleVariant, Serializer,
};
use solohttp_core::html;

use super::error::RenderError;
use super::skip::{scalars, sequence};
use crate::error::{Error, ErrorKind};
use crate::format::Value;
use crate::format::number::{Digits, push_i64, push_u64};
use crate::html::{HTML_TOKEN, take_html};
use crate::page::Page;
use crate::step::Action;

/// Writes a value according to the action. `If` writes nothing. It sets `Page::is_present`, unless
/// the value is `None`, `false` or empty.
///
/// The flag isn't part of the result, because a result that is one word wide is returned in a
/// register.
pub(super) struct ValueSerializer<'r, 'p> {
    pub(super) page: &'r mut Page,
    pub(super) action: &'p Action,
}

impl<'r, 'p> ValueSerializer<'r, 'p> {
    #[inline]
    fn text(self, text: &str) -> Result<(), RenderError> {
        match self.action {
            Action::Escaped => html::escape_to_vec(text, &mut self.page.bytes),
            Action::Raw => self.page.bytes.extend_from_slice(text.as_bytes()),
            Action::Format(_) => self.formatted(Value::Text(text))?,
            _ => self.page.is_present = !text.is_empty(),
        }
        Ok(())
    }

    #[inline]
    fn integer(self, number: i64) -> Result<(), RenderError> {
        match self.action {
            Action::Escaped | Action::Raw => push_i64(number, &mut self.page.bytes),
            Action::Format(_) => self.formatted(Value::Int(number.into()))?,
            _ => self.page.is_present = true,
        }
        Ok(())
    }

    #[inline]
    fn unsigned(self, number: u64) -> Result<(), RenderError> {
        match self.action {
            Action::Escaped | Action::Raw => push_u64(number, &mut self.page.bytes),
            Action::Format(_) => self.formatted(Value::Int(number.into()))?,
            _ => self.page.is_present = true,
        }
        Ok(())
    }

    fn digits(self, digits: &Digits, value: Value<'_>) -> Result<(), RenderError> {
        match self.action {
            Action::Escaped | Action::Raw => {
                self.page.bytes.extend_from_slice(digits.as_str().as_bytes());
            }
            Action::Format(_) => self.formatted(value)?,
            _ => self.page.is_present = true,
        }
        Ok(())
    }

    #[inline(never)]
    fn formatted(self, value: Value<'_>) -> Result<(), RenderError> {
        let Action::Format(format) = self.action else { return Ok(()) };
        format.write(value, &mut self.page.bytes).map_err(|error| {
            let message =
                format!("the formatter `{}` can't format this value: {error}", format.name);
            RenderError(Error::new(ErrorKind::WrongValue, message))
        })
    }

    fn elements(self) -> Result<Elements<'r, 'p>, RenderError> {
        if matches!(self.action, Action::Format(_)) {
            return Err(wrong_value("cannot format a sequence", "<?each name?>"));
        }
        Ok(Elements { page: self.page, action: self.action })
    }

    fn record(self) -> Result<Elements<'r, 'p>, RenderError> {
        if matches!(self.action, Action::If(_)) {
            return self.elements();
        }
        Err(wrong_value("cannot show a record in a slot", "<?each name?>"))
    }
}

#[cold]
fn wrong_value(message: &str, open: &str) -> RenderError {
    let help = format!("put `{open}…<?end each?>` around slots for its fields or elements");
    RenderError(Error::new(ErrorKind::WrongValue, message).help(help))
}

impl<'r, 'p> Serializer for ValueSerializer<'r, 'p> {
    type Ok = ();
    type Error = RenderError;
    type SerializeSeq = Elements<'r, 'p>;
    type SerializeTuple = Elements<'r, 'p>;
    type SerializeTupleStruct = Elements<'r, 'p>;
    type SerializeTupleVariant = Elements<'r, 'p>;
    type SerializeMap = Elements<'r, 'p>;
    type SerializeStruct = Elements<'r, 'p>;
    type SerializeStructVariant = Elements<'r, 'p>;

    scalars!(|serializer, text| serializer.text(text); serialize_str(&str));
    scalars!(|serializer, number| serializer.integer(i64::from(number));
        serialize_i8(i8) serialize_i16(i16) serialize_i32(i32));
    scalars!(|serializer, number| serializer.integer(number); serialize_i64(i64));
    scalars!(|serializer, number| serializer.unsigned(u64::from(number));
        serialize_u8(u8) serialize_u16(u16) serialize_u32(u32));
    scalars!(|serializer, number| serializer.unsigned(number); serialize_u64(u64));

    fn serialize_bool(self, value: bool) -> Result<(), RenderError> {
        match self.action {
            Action::If(_) => self.page.is_present = value,
            Action::Format(_) => self.formatted(Value::Bool(value))?,
            _ => self.text(if value { "true" } else { "false" })?,
        }
        Ok(())
    }

    fn serialize_char(self, value: char) -> Result<(), RenderError> {
        self.text(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_i128(self, number: i128) -> Result<(), RenderError> {
        self.digits(&Digits::integer(number), Value::Int(number))
    }

    fn serialize_u128(self, number: u128) -> Result<(), RenderError> {
        match i128::try_from(number) {
            Ok(number) => self.serialize_i128(number),
            #[expect(clippy::cast_precision_loss, reason = "documented for `Value::Int`")]
            Err(_) => self.digits(&Digits::unsigned(number), Value::Float(number as f64)),
        }
    }

    fn serialize_f32(self, number: f32) -> Result<(), RenderError> {
        // A direct conversion to f64 would turn 0.1_f32 into 0.10000000149.
        self.serialize_f64(number.to_string().parse().unwrap_or_else(|_| number.into()))
    }

    fn serialize_f64(self, number: f64) -> Result<(), RenderError> {
        self.digits(&Digits::float(number), Value::Float(number))
    }

    /// Escapes bytes in the same way as strings. Only `Html` isn't escaped.
    fn serialize_bytes(self, bytes: &[u8]) -> Result<(), RenderError> {
        self.text(&String::from_utf8_lossy(bytes))
    }

    fn serialize_none(self) -> Result<(), RenderError> {
        Ok(())
    }

    fn serialize_unit(self) -> Result<(), RenderError> {
        Ok(())
    }

    fn serialize_unit_struct(self, _name: &'static str) -> Result<(), RenderError> {
        Ok(())
    }

    fn serialize_unit_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
    ) -> Result<(), RenderError> {
        self.text(variant)
    }

    #[inline]
    fn serialize_some<V: Serialize + ?Sized>(self, value: &V) -> Result<(), RenderError> {
        value.serialize(self)
    }

    fn serialize_newtype_struct<V: Serialize + ?Sized>(
        self,
        name: &'static str,
        value: &V,
    ) -> Result<(), RenderError> {
        if name != HTML_TOKEN {
            return value.serialize(self);
        }
        let html = take_html();
        match self.action {
            Action::Escaped | Action::Raw => self.page.push_html(&html),
            Action::Format(format) => {
                let message = format!("the formatter `{}` can't format `Html`", format.name);
                return Err(RenderError(Error::new(ErrorKind::WrongValue, message)));
            }
            _ => self.page.is_present = !html.is_empty(),
        }
        Ok(())
    }

    fn serialize_newtype_variant<V: Serialize + ?Sized>(
        self,
        _name: &'static str,
        _index: u32,
        _variant: &'static str,
        value: &V,
    ) -> Result<(), RenderError> {
        value.serialize(self)
    }

    fn serialize_seq(self, _len: Option<usize>) -> Result<Elements<'r, 'p>, RenderError> {
        self.elements()
    }

    fn serialize_tuple(self, _len: usize) -> Result<Elements<'r, 'p>, RenderError> {
        self.elements()
    }

    fn serialize_tuple_struct(
        self,
        _name: &'static str,
        _len: usize,
    ) -> Result<Elements<'r, 'p>, RenderError> {
        self.elements()
    }

    fn serialize_tuple_variant(
        self,
        _name: &'static str,
        _index: u32,
        _variant: &'static str,
        _len: usize,
    ) -> Result<Elements<'r, 'p>, RenderError> {
        self.elements()
    }

    fn serialize_map(self, _len: Option<usize>) -> Result<Elements<'r, 'p>, RenderError> {
        self.record()
    }

    fn serialize_struct(
        self,
        _name: &'static str,
        _len: usize,
    ) -> Result<Elements<'r, 'p>, RenderError> {
        self.record()
    }

    fn serialize_struct_variant(
        self,
        _name: &'static str,
        _index: u32,
        _variant: &'static str,
        _len: usize,
    ) -> Result<Elements<'r, 'p>, RenderError> {
        self.record()
    }
}

/// Writes the elements of a sequence one after the other. For `If`, only checks whether there are
/// any.
pub(super) struct Elements<'r, 'p> {
    page: &'r mut Page,
    action: &'p Action,
}

impl Elements<'_, '_> {
    fn show<V: Serialize + ?Sized>(&mut self, value: &V) -> Result<(), RenderError> {
        if matches!(self.action, Action::If(_)) {
            self.page.is_present = true;
            return Ok(());
        }
        value.serialize(ValueSerializer { page: self.page, action: self.action })
    }
}

sequence!(('r, 'p) Elements<'r, 'p>: (), |elements, value| elements.show(value), |_elements| Ok(()));

impl SerializeMap for Elements<'_, '_> {
    type Ok = ();
    type Error = RenderError;

    fn serialize_key<K: Serialize + ?Sized>(&mut self, _key: &K) -> Result<(), RenderError> {
        self.page.is_present = true;
        Ok(())
    }

    fn serialize_value<V: Serialize + ?Sized>(&mut self, _value: &V) -> Result<(), RenderError> {
        Ok(())
    }

    fn end(self) -> Result<(), RenderError> {
        Ok(())
    }
}

impl SerializeStruct for Elements<'_, '_> {
    type Ok = ();
    type Error = RenderError;

    fn serialize_field<V: Serialize + ?Sized>(
        &mut self,
        _name: &'static str,
        _value: &V,
    ) -> Result<(), RenderError> {
        Ok(())
    }

    /// A struct counts as present even if it has no fields.
    fn end(self) -> Result<(), RenderError> {
        self.page.is_present = true;
        Ok(())
    }
}

impl SerializeStructVariant for Elements<'_, '_> {
    type Ok = ();
    type Error = RenderError;

    fn serialize_field<V: Serialize + ?Sized>(
        &mut self,
        _name: &'static str,
        _value: &V,
    ) -> Result<(), RenderError> {
        Ok(())
    }

    fn end(self) -> Result<(), RenderError> {
        self.page.is_present = true;
        Ok(())
    }
}
