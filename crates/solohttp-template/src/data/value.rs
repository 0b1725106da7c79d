//! A serializer that writes a value into a slot.

use serde::Serialize;
use serde::ser::{
    SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
    SerializeTupleStruct, SerializeTupleVariant, Serializer,
};
use solohttp_core::Html;

use super::error::RenderError;
use super::skip::{scalars, sequence};
use crate::error::{Error, ErrorKind};
use crate::format::Value;
use crate::format::number::Digits;
use crate::page::Page;
use crate::step::{Action, Text};

/// Writes a value according to the action, and then the literal after it. `If` writes nothing. It
/// sets `Page::is_present`, unless the value is `None`, `false` or empty.
///
/// The flag isn't part of the result, because a result that is one word wide is returned in a
/// register.
pub(super) struct ValueSerializer<'r, 's, 'p> {
    pub(super) page: &'r mut Page<'p>,
    pub(super) action: &'s Action,
    pub(super) after: &'s Text,
}

impl<'r, 's, 'p> ValueSerializer<'r, 's, 'p> {
    #[inline(always)]
    fn text(self, text: &str) -> Result<(), RenderError> {
        if matches!(self.action, Action::Escaped) {
            self.page.push_escaped(text, self.after);
            return Ok(());
        }
        Self::other_text(self.page, self.action, self.after, text)
    }

    /// The parameters are passed in registers, unlike a serializer.
    #[inline(never)]
    fn other_text(
        page: &'r mut Page<'p>,
        action: &'s Action,
        after: &'s Text,
        text: &str,
    ) -> Result<(), RenderError> {
        match action {
            Action::Escaped | Action::Raw => page.push_raw(text, after),
            Action::Format(_) => Self { page, action, after }.formatted(Value::Text(text))?,
            _ => page.is_present = !text.is_empty(),
        }
        Ok(())
    }

    #[inline(always)]
    fn unsigned(self, number: u64) -> Result<(), RenderError> {
        if matches!(self.action, Action::Escaped) {
            self.page.push_unsigned(number, self.after);
            return Ok(());
        }
        Self::other_unsigned(self.page, self.action, self.after, number)
    }

    #[inline(never)]
    fn other_unsigned(
        page: &'r mut Page<'p>,
        action: &'s Action,
        after: &'s Text,
        number: u64,
    ) -> Result<(), RenderError> {
        Self { page, action, after }.other_integer(number.into())
    }

    #[inline]
    fn integer(self, number: i64) -> Result<(), RenderError> {
        match u64::try_from(number) {
            Ok(number) => self.unsigned(number),
            Err(_) => self.negative(number),
        }
    }

    #[inline(never)]
    fn negative(self, number: i64) -> Result<(), RenderError> {
        if matches!(self.action, Action::Escaped) {
            self.page.bytes.push(b'-');
            self.page.push_unsigned(number.unsigned_abs(), self.after);
            return Ok(());
        }
        self.other_integer(number.into())
    }

    fn other_integer(self, number: i128) -> Result<(), RenderError> {
        self.digits(&Digits::integer(number), Value::Int(number))
    }

    fn digits(self, digits: &Digits, value: Value<'_>) -> Result<(), RenderError> {
        match self.action {
            Action::Escaped | Action::Raw => self.page.push_raw(digits.as_str(), self.after),
            Action::Format(_) => self.formatted(value)?,
            _ => self.page.is_present = true,
        }
        Ok(())
    }

    #[inline(never)]
    fn formatted(self, value: Value<'_>) -> Result<(), RenderError> {
        let Action::Format(format) = self.action else { return Ok(()) };
        let result = format.write(value, &mut self.page.bytes);
        self.page.push_literal(self.after);
        result.map_err(|error| {
            let message =
                format!("the formatter `{}` can't format this value: {error}", format.name);
            RenderError(Error::new(ErrorKind::WrongValue, message))
        })
    }

    /// Writes only the literal.
    fn nothing(self) -> Result<(), RenderError> {
        if !matches!(self.action, Action::If(_)) {
            self.page.push_literal(self.after);
        }
        Ok(())
    }

    fn elements(self) -> Result<Elements<'r, 's, 'p>, RenderError> {
        if matches!(self.action, Action::Format(_)) {
            return Err(wrong_value("cannot format a sequence", "<?each name?>"));
        }
        Ok(Elements { page: self.page, action: self.action, after: self.after })
    }

    fn record(self) -> Result<Elements<'r, 's, 'p>, RenderError> {
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

impl<'r, 's, 'p> Serializer for ValueSerializer<'r, 's, 'p> {
    type Ok = ();
    type Error = RenderError;
    type SerializeSeq = Elements<'r, 's, 'p>;
    type SerializeTuple = Elements<'r, 's, 'p>;
    type SerializeTupleStruct = Elements<'r, 's, 'p>;
    type SerializeTupleVariant = Elements<'r, 's, 'p>;
    type SerializeMap = Elements<'r, 's, 'p>;
    type SerializeStruct = Elements<'r, 's, 'p>;
    type SerializeStructVariant = Elements<'r, 's, 'p>;

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
        self.nothing()
    }

    fn serialize_unit(self) -> Result<(), RenderError> {
        self.nothing()
    }

    fn serialize_unit_struct(self, _name: &'static str) -> Result<(), RenderError> {
        self.nothing()
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
        if name != Html::TYPE_NAME {
            return value.serialize(self);
        }
        let html = Html::take_serialized();
        match self.action {
            Action::Escaped | Action::Raw => {
                self.page.push_html(html.as_bytes());
                self.page.push_literal(self.after);
            }
            Action::Format(format) => {
                let message = format!("the formatter `{}` can't format `Html`", format.name);
                return Err(RenderError(Error::new(ErrorKind::WrongValue, message)));
            }
            _ => self.page.is_present = !html.as_bytes().is_empty(),
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

    fn serialize_seq(self, _len: Option<usize>) -> Result<Elements<'r, 's, 'p>, RenderError> {
        self.elements()
    }

    fn serialize_tuple(self, _len: usize) -> Result<Elements<'r, 's, 'p>, RenderError> {
        self.elements()
    }

    fn serialize_tuple_struct(
        self,
        _name: &'static str,
        _len: usize,
    ) -> Result<Elements<'r, 's, 'p>, RenderError> {
        self.elements()
    }

    fn serialize_tuple_variant(
        self,
        _name: &'static str,
        _index: u32,
        _variant: &'static str,
        _len: usize,
    ) -> Result<Elements<'r, 's, 'p>, RenderError> {
        self.elements()
    }

    fn serialize_map(self, _len: Option<usize>) -> Result<Elements<'r, 's, 'p>, RenderError> {
        self.record()
    }

    fn serialize_struct(
        self,
        _name: &'static str,
        _len: usize,
    ) -> Result<Elements<'r, 's, 'p>, RenderError> {
        self.record()
    }

    fn serialize_struct_variant(
        self,
        _name: &'static str,
        _index: u32,
        _variant: &'static str,
        _len: usize,
    ) -> Result<Elements<'r, 's, 'p>, RenderError> {
        self.record()
    }
}

/// Writes the elements of a sequence one after the other. For `If`, only checks whether there are
/// any.
pub(super) struct Elements<'r, 's, 'p> {
    page: &'r mut Page<'p>,
    action: &'s Action,
    after: &'s Text,
}

impl Elements<'_, '_, '_> {
    fn show<V: Serialize + ?Sized>(&mut self, value: &V) -> Result<(), RenderError> {
        if matches!(self.action, Action::If(_)) {
            self.page.is_present = true;
            return Ok(());
        }
        value.serialize(ValueSerializer {
            page: self.page,
            action: self.action,
            after: &Text::EMPTY,
        })
    }

    fn finish(self) -> Result<(), RenderError> {
        ValueSerializer { page: self.page, action: self.action, after: self.after }.nothing()
    }
}

sequence!(('r, 's, 'p) Elements<'r, 's, 'p>: (), |elements, value| elements.show(value), |elements| elements.finish());

impl SerializeMap for Elements<'_, '_, '_> {
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

impl SerializeStruct for Elements<'_, '_, '_> {
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

impl SerializeStructVariant for Elements<'_, '_, '_> {
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
