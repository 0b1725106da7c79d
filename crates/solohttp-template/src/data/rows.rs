//! A serializer that renders a part for each element of a sequence.

use serde::Serialize;
use serde::ser::{
    SerializeSeq, SerializeTuple, SerializeTupleStruct, SerializeTupleVariant, Serializer,
};
use solohttp_core::Html;

use super::error::RenderError;
use super::render::{Renderer, render_part, render_row};
use super::scope::{RowPosition, Scope};
use super::skip::{Skip, scalars, sequence};
use super::value::ValueSerializer;
use crate::error::{Error, ErrorKind};
use crate::program::Part;
use crate::step::{Step, Text};

/// Renders a part once for each element.
pub(super) struct Rows<'r, 'p, 's> {
    renderer: &'r mut Renderer<'p>,
    part: &'s Part,
    scope: &'s Scope<'s>,
    /// The number of rows, if it had to be counted.
    counted: Option<usize>,
}

/// The result of visiting a value as a sequence.
#[derive(Clone, Copy)]
pub(super) enum Outcome {
    /// Whether there were any rows.
    Rows(bool),
    /// The rows were only counted.
    Counted(usize),
    /// The value is a single record.
    Single,
}

impl Rows<'_, '_, '_> {
    /// Renders the rows of a value, and returns whether there were any.
    #[inline]
    pub(super) fn show<V: Serialize + ?Sized>(
        renderer: &mut Renderer<'_>,
        part: &Part,
        value: &V,
        scope: &Scope<'_>,
    ) -> Result<bool, RenderError> {
        let mut counted = None;
        loop {
            let outcome = value.serialize(Rows { renderer, part, scope, counted });
            match outcome {
                Ok(Outcome::Rows(any)) => return Ok(any),
                Ok(Outcome::Counted(len)) => counted = Some(len),
                Ok(Outcome::Single) => {
                    let row = RowPosition { index: 0, is_last: true };
                    render_part(renderer, part, value, Some(scope), row)?;
                    return Ok(true);
                }
                Err(error) => return Err(error),
            }
        }
    }
}

impl<'r, 'p, 's> Rows<'r, 'p, 's> {
    #[inline]
    fn sequence(self, len: Option<usize>) -> Each<'r, 'p, 's> {
        let len = len.or(self.counted);
        let part = self.part;
        let counting = len.is_none() && part.asks_last;
        let cell = part.is_cell.then(|| (&part.leads[0].text, &part.steps[0]));
        // If the length is unknown, either no step uses `@last`, or the rows are only counted.
        let len = len.unwrap_or(usize::MAX);
        Each {
            renderer: self.renderer,
            part: self.part,
            scope: self.scope,
            index: 0,
            len,
            counting,
            cell,
        }
    }

    fn not_iterable() -> Result<Outcome, RenderError> {
        let error = Error::new(ErrorKind::WrongValue, "`<?each …?>` over a single value");
        let help = "expected a sequence or a record; to check for a value, use `<?if …?>`";
        Err(RenderError(error.help(help)))
    }
}

impl<'r, 'p, 's> Serializer for Rows<'r, 'p, 's> {
    type Ok = Outcome;
    type Error = RenderError;
    type SerializeSeq = Each<'r, 'p, 's>;
    type SerializeTuple = Each<'r, 'p, 's>;
    type SerializeTupleStruct = Each<'r, 'p, 's>;
    type SerializeTupleVariant = Each<'r, 'p, 's>;
    type SerializeMap = Skip<Outcome>;
    type SerializeStruct = Skip<Outcome>;
    type SerializeStructVariant = Skip<Outcome>;

    scalars!(|_rows, _value| Self::not_iterable());

    fn serialize_none(self) -> Result<Outcome, RenderError> {
        Ok(Outcome::Rows(false))
    }

    fn serialize_unit(self) -> Result<Outcome, RenderError> {
        Ok(Outcome::Rows(false))
    }

    fn serialize_some<V: Serialize + ?Sized>(self, value: &V) -> Result<Outcome, RenderError> {
        value.serialize(self)
    }

    fn serialize_newtype_struct<V: Serialize + ?Sized>(
        self,
        name: &'static str,
        value: &V,
    ) -> Result<Outcome, RenderError> {
        if name == Html::TYPE_NAME { Self::not_iterable() } else { value.serialize(self) }
    }

    fn serialize_newtype_variant<V: Serialize + ?Sized>(
        self,
        _name: &'static str,
        _index: u32,
        _variant: &'static str,
        value: &V,
    ) -> Result<Outcome, RenderError> {
        value.serialize(self)
    }

    #[inline]
    fn serialize_seq(self, len: Option<usize>) -> Result<Self::SerializeSeq, RenderError> {
        Ok(self.sequence(len))
    }

    fn serialize_tuple(self, len: usize) -> Result<Self::SerializeTuple, RenderError> {
        Ok(self.sequence(Some(len)))
    }

    fn serialize_tuple_struct(
        self,
        _name: &'static str,
        len: usize,
    ) -> Result<Self::SerializeTupleStruct, RenderError> {
        Ok(self.sequence(Some(len)))
    }

    fn serialize_tuple_variant(
        self,
        _name: &'static str,
        _index: u32,
        _variant: &'static str,
        len: usize,
    ) -> Result<Self::SerializeTupleVariant, RenderError> {
        Ok(self.sequence(Some(len)))
    }

    fn serialize_map(self, _len: Option<usize>) -> Result<Skip<Outcome>, RenderError> {
        Ok(Skip(Outcome::Single))
    }

    fn serialize_struct(
        self,
        _name: &'static str,
        _len: usize,
    ) -> Result<Skip<Outcome>, RenderError> {
        Ok(Skip(Outcome::Single))
    }

    fn serialize_struct_variant(
        self,
        _name: &'static str,
        _index: u32,
        _variant: &'static str,
        _len: usize,
    ) -> Result<Skip<Outcome>, RenderError> {
        Ok(Skip(Outcome::Single))
    }
}

/// Renders the elements.
pub(super) struct Each<'r, 'p, 's> {
    renderer: &'r mut Renderer<'p>,
    part: &'s Part,
    scope: &'s Scope<'s>,
    index: usize,
    len: usize,
    counting: bool,
    /// If the part is a single cell, the text before the cell, and its step.
    cell: Option<(&'s Text, &'s Step)>,
}

impl Each<'_, '_, '_> {
    #[inline]
    fn row<V: Serialize + ?Sized>(&mut self, value: &V) -> Result<(), RenderError> {
        let row = RowPosition { index: self.index, is_last: self.index + 1 == self.len };
        self.index += 1;
        if let Some((head, slot)) = self.cell {
            // Fast path for table cells, of which there can be thousands.
            let page = &mut self.renderer.page;
            page.push_after(head);
            return value.serialize(ValueSerializer {
                page,
                action: &slot.action,
                after: &slot.text,
            });
        }
        if self.counting {
            return Ok(());
        }
        render_row(self.renderer, self.part, value, self.scope, row)
    }

    fn outcome(&self) -> Outcome {
        if self.counting { Outcome::Counted(self.index) } else { Outcome::Rows(self.index > 0) }
    }
}

sequence!(('r, 'p, 's) Each<'r, 'p, 's>: Outcome, |rows, value| rows.row(value), |rows| Ok(rows.outcome()));
