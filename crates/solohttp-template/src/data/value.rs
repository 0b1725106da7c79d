//! One value into one slot.

use serde::Serialize;
use serde::ser::{
    SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
    SerializeTupleStruct, SerializeTupleVariant, Serializer,
};
use solohttp_core::html;

use super::refuse::Refusal;
use super::skip::{scalars, sequence};
use crate::error::{Error, ErrorKind};
use crate::format::Value;
use crate::format::number::{Digits, push_i64, push_u64};
use crate::html::{HTML_TOKEN, handed_over};
use crate::page::Page;
use crate::step::Action;

/// Writes a value as the action says. To a question it answers yes by setting `Page::answer`, if
/// there is anything: `None`, `false` and what is empty are nothing.
///
/// The answer is not the result, because a result of one word is returned in a register.
pub(super) struct Show<'r, 'p> {
    pub(super) page: &'r mut Page,
    pub(super) action: &'p Action,
}

impl<'r, 'p> Show<'r, 'p> {
    #[inline]
    fn text(self, text: &str) -> Result<(), Refusal> {
        match self.action {
            Action::Escaped => html::escape_to_vec(text, &mut self.page.bytes),
            Action::Raw => self.page.bytes.extend_from_slice(text.as_bytes()),
            Action::Format(_) => self.formatted(Value::Text(text))?,
            _ => self.page.answer = !text.is_empty(),
        }
        Ok(())
    }

    #[inline]
    fn whole(self, number: i64) -> Result<(), Refusal> {
        match self.action {
            Action::Escaped | Action::Raw => push_i64(number, &mut self.page.bytes),
            Action::Format(_) => self.formatted(Value::Int(number.into()))?,
            _ => self.page.answer = true,
        }
        Ok(())
    }

    #[inline]
    fn unsigned(self, number: u64) -> Result<(), Refusal> {
        match self.action {
            Action::Escaped | Action::Raw => push_u64(number, &mut self.page.bytes),
            Action::Format(_) => self.formatted(Value::Int(number.into()))?,
            _ => self.page.answer = true,
        }
        Ok(())
    }

    fn digits(self, digits: &Digits, value: Value<'_>) -> Result<(), Refusal> {
        match self.action {
            Action::Escaped | Action::Raw => {
                self.page.bytes.extend_from_slice(digits.as_str().as_bytes());
            }
            Action::Format(_) => self.formatted(value)?,
            _ => self.page.answer = true,
        }
        Ok(())
    }

    /// Everything that is not shown as it is.
    #[inline(never)]
    fn formatted(self, value: Value<'_>) -> Result<(), Refusal> {
        let Action::Format(format) = self.action else { return Ok(()) };
        format.write(value, &mut self.page.bytes).map_err(|error| {
            let message =
                format!("the formatter `{}` cannot show this value: {error}", format.name);
            Refusal(Error::new(ErrorKind::WrongValue, message))
        })
    }

    fn elements(self) -> Result<Elements<'r, 'p>, Refusal> {
        if matches!(self.action, Action::Format(_)) {
            return Err(refused("a sequence cannot be formatted as a whole", "<?each name?>"));
        }
        Ok(Elements { page: self.page, action: self.action })
    }

    fn record(self) -> Result<Elements<'r, 'p>, Refusal> {
        if matches!(self.action, Action::If(_)) {
            return self.elements();
        }
        Err(refused("a record with names of its own cannot stand in a slot", "<?each name?>"))
    }
}

#[cold]
fn refused(message: &str, way: &str) -> Refusal {
    let help = format!("put `{way}…<?end each?>` around slots that show its parts");
    Refusal(Error::new(ErrorKind::WrongValue, message).help(help))
}

impl<'r, 'p> Serializer for Show<'r, 'p> {
    type Ok = ();
    type Error = Refusal;
    type SerializeSeq = Elements<'r, 'p>;
    type SerializeTuple = Elements<'r, 'p>;
    type SerializeTupleStruct = Elements<'r, 'p>;
    type SerializeTupleVariant = Elements<'r, 'p>;
    type SerializeMap = Elements<'r, 'p>;
    type SerializeStruct = Elements<'r, 'p>;
    type SerializeStructVariant = Elements<'r, 'p>;

    scalars!(|show, text| show.text(text); serialize_str(&str));
    scalars!(|show, number| show.whole(i64::from(number));
        serialize_i8(i8) serialize_i16(i16) serialize_i32(i32));
    scalars!(|show, number| show.whole(number); serialize_i64(i64));
    scalars!(|show, number| show.unsigned(u64::from(number));
        serialize_u8(u8) serialize_u16(u16) serialize_u32(u32));
    scalars!(|show, number| show.unsigned(number); serialize_u64(u64));

    fn serialize_bool(self, value: bool) -> Result<(), Refusal> {
        match self.action {
            Action::If(_) => self.page.answer = value,
            Action::Format(_) => self.formatted(Value::Bool(value))?,
            _ => self.text(if value { "true" } else { "false" })?,
        }
        Ok(())
    }

    fn serialize_char(self, value: char) -> Result<(), Refusal> {
        self.text(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_i128(self, number: i128) -> Result<(), Refusal> {
        self.digits(&Digits::whole(number), Value::Int(number))
    }

    fn serialize_u128(self, number: u128) -> Result<(), Refusal> {
        match i128::try_from(number) {
            Ok(number) => self.serialize_i128(number),
            #[expect(clippy::cast_precision_loss, reason = "documented at `Value::Int`")]
            Err(_) => self.digits(&Digits::whole_unsigned(number), Value::Float(number as f64)),
        }
    }

    fn serialize_f32(self, number: f32) -> Result<(), Refusal> {
        // 0.1_f32 is 0.10000000149 as an f64; what is meant is 0.1.
        self.serialize_f64(number.to_string().parse().unwrap_or_else(|_| number.into()))
    }

    fn serialize_f64(self, number: f64) -> Result<(), Refusal> {
        self.digits(&Digits::float(number), Value::Float(number))
    }

    /// Bytes are no safer than text; only `Html` is.
    fn serialize_bytes(self, bytes: &[u8]) -> Result<(), Refusal> {
        self.text(&String::from_utf8_lossy(bytes))
    }

    fn serialize_none(self) -> Result<(), Refusal> {
        Ok(())
    }

    fn serialize_unit(self) -> Result<(), Refusal> {
        Ok(())
    }

    fn serialize_unit_struct(self, _name: &'static str) -> Result<(), Refusal> {
        Ok(())
    }

    fn serialize_unit_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
    ) -> Result<(), Refusal> {
        self.text(variant)
    }

    #[inline]
    fn serialize_some<V: Serialize + ?Sized>(self, value: &V) -> Result<(), Refusal> {
        value.serialize(self)
    }

    fn serialize_newtype_struct<V: Serialize + ?Sized>(
        self,
        name: &'static str,
        value: &V,
    ) -> Result<(), Refusal> {
        if name != HTML_TOKEN {
            return value.serialize(self);
        }
        let html = handed_over();
        match self.action {
            Action::Escaped | Action::Raw => self.page.push_html(&html),
            Action::Format(format) => {
                let message = format!("the formatter `{}` cannot show finished HTML", format.name);
                return Err(Refusal(Error::new(ErrorKind::WrongValue, message)));
            }
            _ => self.page.answer = !html.is_empty(),
        }
        Ok(())
    }

    fn serialize_newtype_variant<V: Serialize + ?Sized>(
        self,
        _name: &'static str,
        _index: u32,
        _variant: &'static str,
        value: &V,
    ) -> Result<(), Refusal> {
        value.serialize(self)
    }

    fn serialize_seq(self, _len: Option<usize>) -> Result<Elements<'r, 'p>, Refusal> {
        self.elements()
    }

    fn serialize_tuple(self, _len: usize) -> Result<Elements<'r, 'p>, Refusal> {
        self.elements()
    }

    fn serialize_tuple_struct(
        self,
        _name: &'static str,
        _len: usize,
    ) -> Result<Elements<'r, 'p>, Refusal> {
        self.elements()
    }

    fn serialize_tuple_variant(
        self,
        _name: &'static str,
        _index: u32,
        _variant: &'static str,
        _len: usize,
    ) -> Result<Elements<'r, 'p>, Refusal> {
        self.elements()
    }

    fn serialize_map(self, _len: Option<usize>) -> Result<Elements<'r, 'p>, Refusal> {
        self.record()
    }

    fn serialize_struct(
        self,
        _name: &'static str,
        _len: usize,
    ) -> Result<Elements<'r, 'p>, Refusal> {
        self.record()
    }

    fn serialize_struct_variant(
        self,
        _name: &'static str,
        _index: u32,
        _variant: &'static str,
        _len: usize,
    ) -> Result<Elements<'r, 'p>, Refusal> {
        self.record()
    }
}

/// The elements of a sequence, one after the other; for a question, only whether there are any.
pub(super) struct Elements<'r, 'p> {
    page: &'r mut Page,
    action: &'p Action,
}

impl Elements<'_, '_> {
    fn show<V: Serialize + ?Sized>(&mut self, value: &V) -> Result<(), Refusal> {
        if matches!(self.action, Action::If(_)) {
            self.page.answer = true;
            return Ok(());
        }
        value.serialize(Show { page: self.page, action: self.action })
    }
}

sequence!(('r, 'p) Elements<'r, 'p>: (), |elements, value| elements.show(value), |_elements| Ok(()));

impl SerializeMap for Elements<'_, '_> {
    type Ok = ();
    type Error = Refusal;

    fn serialize_key<K: Serialize + ?Sized>(&mut self, _key: &K) -> Result<(), Refusal> {
        self.page.answer = true;
        Ok(())
    }

    fn serialize_value<V: Serialize + ?Sized>(&mut self, _value: &V) -> Result<(), Refusal> {
        Ok(())
    }

    fn end(self) -> Result<(), Refusal> {
        Ok(())
    }
}

impl SerializeStruct for Elements<'_, '_> {
    type Ok = ();
    type Error = Refusal;

    fn serialize_field<V: Serialize + ?Sized>(
        &mut self,
        _name: &'static str,
        _value: &V,
    ) -> Result<(), Refusal> {
        Ok(())
    }

    /// A struct is something, even without fields.
    fn end(self) -> Result<(), Refusal> {
        self.page.answer = true;
        Ok(())
    }
}

impl SerializeStructVariant for Elements<'_, '_> {
    type Ok = ();
    type Error = Refusal;

    fn serialize_field<V: Serialize + ?Sized>(
        &mut self,
        _name: &'static str,
        _value: &V,
    ) -> Result<(), Refusal> {
        Ok(())
    }

    fn end(self) -> Result<(), Refusal> {
        self.page.answer = true;
        Ok(())
    }
}
