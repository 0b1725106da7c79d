//! A sequence, each element of which is the record of one row.

use serde::Serialize;
use serde::ser::{
    SerializeSeq, SerializeTuple, SerializeTupleStruct, SerializeTupleVariant, Serializer,
};

use super::refuse::Refusal;
use super::render::{RowPlace, Run, Scope, run_part};
use super::skip::{Skip, scalars, sequence};
use super::value::Show;
use crate::error::{Error, ErrorKind};
use crate::html::HTML_TOKEN;
use crate::program::Part;
use crate::step::{Step, Text};

/// Shows a part once for each element.
pub(super) struct Rows<'r, 'p, 's> {
    run: &'r mut Run<'p>,
    part: &'s Part,
    scope: &'s Scope<'s>,
    /// How many rows there are, once they had to be counted.
    counted: Option<usize>,
}

/// What a value was as a sequence.
#[derive(Clone, Copy)]
pub(super) enum Seen {
    Rows(bool),
    /// So many, and none shown yet.
    Counted(usize),
    /// One record that stands for itself.
    Single,
}

impl Rows<'_, '_, '_> {
    /// Shows the rows of a value; says whether there were any.
    #[inline]
    pub(super) fn show<V: Serialize + ?Sized>(
        run: &mut Run<'_>,
        part: &Part,
        value: &V,
        scope: &Scope<'_>,
    ) -> Result<bool, Refusal> {
        let mut counted = None;
        loop {
            let seen = value.serialize(Rows { run, part, scope, counted });
            match seen {
                Ok(Seen::Rows(any)) => return Ok(any),
                Ok(Seen::Counted(len)) => counted = Some(len),
                Ok(Seen::Single) => {
                    let row = RowPlace { index: 0, is_last: true };
                    run_part(run, part, value, Some(scope), row)?;
                    return Ok(true);
                }
                Err(refusal) => return Err(refusal),
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
        let cell = part.is_cell.then(|| (&part.head, &part.steps[0]));
        // Without a length nothing asks for the last row.
        let len = len.unwrap_or(usize::MAX);
        Each { run: self.run, part: self.part, scope: self.scope, index: 0, len, counting, cell }
    }

    fn refuse() -> Result<Seen, Refusal> {
        let error = Error::new(ErrorKind::WrongValue, "`<?each …?>` over a single value");
        let help =
            "it needs a sequence or a record; to ask whether there is a value, use `<?if …?>`";
        Err(Refusal(error.help(help)))
    }
}

impl<'r, 'p, 's> Serializer for Rows<'r, 'p, 's> {
    type Ok = Seen;
    type Error = Refusal;
    type SerializeSeq = Each<'r, 'p, 's>;
    type SerializeTuple = Each<'r, 'p, 's>;
    type SerializeTupleStruct = Each<'r, 'p, 's>;
    type SerializeTupleVariant = Each<'r, 'p, 's>;
    type SerializeMap = Skip<Seen>;
    type SerializeStruct = Skip<Seen>;
    type SerializeStructVariant = Skip<Seen>;

    scalars!(|_rows, _value| Self::refuse());

    fn serialize_none(self) -> Result<Seen, Refusal> {
        Ok(Seen::Rows(false))
    }

    fn serialize_unit(self) -> Result<Seen, Refusal> {
        Ok(Seen::Rows(false))
    }

    fn serialize_some<V: Serialize + ?Sized>(self, value: &V) -> Result<Seen, Refusal> {
        value.serialize(self)
    }

    fn serialize_newtype_struct<V: Serialize + ?Sized>(
        self,
        name: &'static str,
        value: &V,
    ) -> Result<Seen, Refusal> {
        if name == HTML_TOKEN { Self::refuse() } else { value.serialize(self) }
    }

    fn serialize_newtype_variant<V: Serialize + ?Sized>(
        self,
        _name: &'static str,
        _index: u32,
        _variant: &'static str,
        value: &V,
    ) -> Result<Seen, Refusal> {
        value.serialize(self)
    }

    #[inline]
    fn serialize_seq(self, len: Option<usize>) -> Result<Self::SerializeSeq, Refusal> {
        Ok(self.sequence(len))
    }

    fn serialize_tuple(self, len: usize) -> Result<Self::SerializeTuple, Refusal> {
        Ok(self.sequence(Some(len)))
    }

    fn serialize_tuple_struct(
        self,
        _name: &'static str,
        len: usize,
    ) -> Result<Self::SerializeTupleStruct, Refusal> {
        Ok(self.sequence(Some(len)))
    }

    fn serialize_tuple_variant(
        self,
        _name: &'static str,
        _index: u32,
        _variant: &'static str,
        len: usize,
    ) -> Result<Self::SerializeTupleVariant, Refusal> {
        Ok(self.sequence(Some(len)))
    }

    fn serialize_map(self, _len: Option<usize>) -> Result<Skip<Seen>, Refusal> {
        Ok(Skip(Seen::Single))
    }

    fn serialize_struct(self, _name: &'static str, _len: usize) -> Result<Skip<Seen>, Refusal> {
        Ok(Skip(Seen::Single))
    }

    fn serialize_struct_variant(
        self,
        _name: &'static str,
        _index: u32,
        _variant: &'static str,
        _len: usize,
    ) -> Result<Skip<Seen>, Refusal> {
        Ok(Skip(Seen::Single))
    }
}

/// The rows as they come.
pub(super) struct Each<'r, 'p, 's> {
    run: &'r mut Run<'p>,
    part: &'s Part,
    scope: &'s Scope<'s>,
    index: usize,
    len: usize,
    counting: bool,
    /// The text before and the step of a part that is one cell.
    cell: Option<(&'s Text, &'s Step)>,
}

impl Each<'_, '_, '_> {
    #[inline]
    fn row<V: Serialize + ?Sized>(&mut self, value: &V) -> Result<(), Refusal> {
        let row = RowPlace { index: self.index, is_last: self.index + 1 == self.len };
        self.index += 1;
        if let Some((head, slot)) = self.cell {
            // A table has thousands of these: no scope, no look at the steps.
            let (program, page) = (self.run.program, &mut self.run.page);
            page.push_literal(&program.text, head);
            value.serialize(Show { page, action: &slot.action })?;
            page.push_literal(&program.text, &slot.text);
            return Ok(());
        }
        if self.counting {
            return Ok(());
        }
        run_part(self.run, self.part, value, Some(self.scope), row)
    }

    fn seen(&self) -> Seen {
        if self.counting { Seen::Counted(self.index) } else { Seen::Rows(self.index > 0) }
    }
}

sequence!(('r, 'p, 's) Each<'r, 'p, 's>: Seen, |rows, value| rows.row(value), |rows| Ok(rows.seen()));
