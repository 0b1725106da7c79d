//! A struct or a map, whose fields go to the steps that name them.

use std::cell::Cell;

use serde::Serialize;
use serde::ser::{SerializeMap, SerializeStruct, SerializeStructVariant, Serializer};

use super::key::with_text;
use super::plan::{NONE, Plan};
use super::refuse::Refusal;
use super::render::{Run, Scope};
use super::skip::{Skip, scalars};
use crate::program::{At, Part, Target};

/// Visits one record. The answer is the step that is next; the same as before if none was done.
pub(super) struct Record<'r, 'p, 's> {
    pub(super) run: &'r mut Run<'p>,
    pub(super) part: &'s Part,
    pub(super) at: At,
    pub(super) scope: &'s Scope<'s>,
    pub(super) visit: Visit<'s>,
}

/// What a visit is for.
#[derive(Clone, Copy)]
pub(super) enum Visit<'s> {
    /// As many steps as come in the order of the fields.
    All,
    /// One step, found by name.
    One,
    /// Only the names.
    Names(&'s Cell<Vec<String>>),
}

impl Record<'_, '_, '_> {
    /// The name that the next step asks for.
    fn wanted(&self) -> Option<&str> {
        match self.part.steps[self.at].subject {
            Target::Name(name) => Some(&self.run.program.names[name]),
            _ => None,
        }
    }

    fn apply<V: Serialize + ?Sized>(&mut self, value: &V) -> Result<(), Refusal> {
        self.at = self.run.apply(self.part, self.at, value, self.scope)?;
        if matches!(self.visit, Visit::All) {
            self.at = self.run.glide(self.part, self.at, &self.scope.row);
        }
        Ok(())
    }

    fn note(&self, name: &str) {
        if let Visit::Names(names) = self.visit {
            let mut noted = names.take();
            noted.push(name.to_owned());
            names.set(noted);
        }
    }
}

impl<'r, 'p, 's> Serializer for Record<'r, 'p, 's> {
    type Ok = At;
    type Error = Refusal;
    type SerializeSeq = Skip<At>;
    type SerializeTuple = Skip<At>;
    type SerializeTupleStruct = Skip<At>;
    type SerializeTupleVariant = Skip<At>;
    type SerializeMap = Entries<'r, 'p, 's>;
    type SerializeStruct = Fields<'r, 'p, 's>;
    type SerializeStructVariant = Fields<'r, 'p, 's>;

    // Whatever is no record has no fields.
    scalars!(|record, _value| Ok(record.at));

    fn serialize_none(self) -> Result<At, Refusal> {
        Ok(self.at)
    }

    fn serialize_unit(self) -> Result<At, Refusal> {
        Ok(self.at)
    }

    #[inline]
    fn serialize_some<V: Serialize + ?Sized>(self, value: &V) -> Result<At, Refusal> {
        value.serialize(self)
    }

    fn serialize_newtype_struct<V: Serialize + ?Sized>(
        self,
        _name: &'static str,
        value: &V,
    ) -> Result<At, Refusal> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<V: Serialize + ?Sized>(
        self,
        _name: &'static str,
        _index: u32,
        _variant: &'static str,
        value: &V,
    ) -> Result<At, Refusal> {
        value.serialize(self)
    }

    fn serialize_seq(self, _len: Option<usize>) -> Result<Skip<At>, Refusal> {
        Ok(Skip(self.at))
    }

    fn serialize_tuple(self, _len: usize) -> Result<Skip<At>, Refusal> {
        Ok(Skip(self.at))
    }

    fn serialize_tuple_struct(self, _name: &'static str, _len: usize) -> Result<Skip<At>, Refusal> {
        Ok(Skip(self.at))
    }

    fn serialize_tuple_variant(
        self,
        _name: &'static str,
        _index: u32,
        _variant: &'static str,
        _len: usize,
    ) -> Result<Skip<At>, Refusal> {
        Ok(Skip(self.at))
    }

    fn serialize_map(self, _len: Option<usize>) -> Result<Self::SerializeMap, Refusal> {
        Ok(Entries { record: self, is_wanted: false, is_done: false })
    }

    #[inline]
    fn serialize_struct(
        self,
        name: &'static str,
        len: usize,
    ) -> Result<Self::SerializeStruct, Refusal> {
        if matches!(self.visit, Visit::All)
            && let Some(plan) = self.part.plans.find(name, len)
        {
            let want = plan.wants(self.at);
            return Ok(Fields::Planned(Planned { record: self, plan, index: 0, want }));
        }
        Ok(Fields::unplanned(self, name, len))
    }

    fn serialize_struct_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        len: usize,
    ) -> Result<Self::SerializeStructVariant, Refusal> {
        self.serialize_struct(variant, len)
    }
}

/// The fields of a struct.
pub(super) enum Fields<'r, 'p, 's> {
    Planned(Planned<'r, 'p, 's>),
    /// Apart, because it is large and seldom.
    Unplanned(Box<Unplanned<'r, 'p, 's>>),
}

/// Fields of a type that has been seen before, matched by position.
pub(super) struct Planned<'r, 'p, 's> {
    record: Record<'r, 'p, 's>,
    plan: &'s Plan,
    /// Of the field that comes next.
    index: usize,
    /// Of the field that the next step wants.
    want: usize,
}

/// Fields matched by name, or of a type that is being learned.
pub(super) struct Unplanned<'r, 'p, 's> {
    record: Record<'r, 'p, 's>,
    type_name: &'static str,
    len: usize,
    /// Names met so far.
    seen: Vec<&'static str>,
    is_done: bool,
}

impl<'r, 'p, 's> Fields<'r, 'p, 's> {
    #[cold]
    fn unplanned(record: Record<'r, 'p, 's>, type_name: &'static str, len: usize) -> Self {
        let seen = Vec::new();
        Self::Unplanned(Box::new(Unplanned { record, type_name, len, seen, is_done: false }))
    }

    #[inline]
    fn field<V: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &V,
    ) -> Result<(), Refusal> {
        match self {
            Self::Planned(fields) => {
                let index = fields.index;
                fields.index += 1;
                if index == fields.want { fields.wanted(index, name, value) } else { Ok(()) }
            }
            Self::Unplanned(fields) => fields.field(name, value),
        }
    }

    #[inline]
    fn finish(self) -> At {
        match self {
            Self::Planned(fields) => fields.record.at,
            Self::Unplanned(fields) => fields.finish(),
        }
    }
}

impl Planned<'_, '_, '_> {
    #[inline]
    fn wanted<V: Serialize + ?Sized>(
        &mut self,
        index: usize,
        name: &'static str,
        value: &V,
    ) -> Result<(), Refusal> {
        if !self.plan.has_field(index, name) {
            // Not the type it seems to be: the step is looked up by name.
            self.want = NONE;
            return Ok(());
        }
        while self.want == index {
            let Record { run, part, at, scope, .. } = &mut self.record;
            let next = run.apply(part, *at, value, scope)?;
            *at = run.glide(part, next, &scope.row);
            self.want = self.plan.wants(*at);
        }
        Ok(())
    }
}

impl Unplanned<'_, '_, '_> {
    #[cold]
    fn field<V: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &V,
    ) -> Result<(), Refusal> {
        match self.record.visit {
            Visit::All => self.seen.push(name),
            Visit::One if !self.is_done && self.record.wanted() == Some(name) => {
                self.is_done = true;
                self.record.apply(value)?;
            }
            Visit::One => {}
            Visit::Names(_) => self.record.note(name),
        }
        Ok(())
    }

    #[cold]
    fn finish(self) -> At {
        if matches!(self.record.visit, Visit::All) {
            let Record { run, part, .. } = &self.record;
            part.plans.learn(run.program, &part.steps, (self.type_name, self.len), self.seen);
        }
        self.record.at
    }
}

impl SerializeStruct for Fields<'_, '_, '_> {
    type Ok = At;
    type Error = Refusal;

    #[inline]
    fn serialize_field<V: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &V,
    ) -> Result<(), Refusal> {
        self.field(name, value)
    }

    /// A field left out by `skip_serializing_if` is there, with nothing in it.
    fn skip_field(&mut self, name: &'static str) -> Result<(), Refusal> {
        self.field(name, &())
    }

    #[inline]
    fn end(self) -> Result<At, Refusal> {
        Ok(self.finish())
    }
}

impl SerializeStructVariant for Fields<'_, '_, '_> {
    type Ok = At;
    type Error = Refusal;

    fn serialize_field<V: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &V,
    ) -> Result<(), Refusal> {
        self.field(name, value)
    }

    fn skip_field(&mut self, name: &'static str) -> Result<(), Refusal> {
        self.field(name, &())
    }

    fn end(self) -> Result<At, Refusal> {
        Ok(self.finish())
    }
}

/// The entries of a map, matched by name.
pub(super) struct Entries<'r, 'p, 's> {
    record: Record<'r, 'p, 's>,
    is_wanted: bool,
    is_done: bool,
}

impl SerializeMap for Entries<'_, '_, '_> {
    type Ok = At;
    type Error = Refusal;

    fn serialize_key<K: Serialize + ?Sized>(&mut self, key: &K) -> Result<(), Refusal> {
        let record = &self.record;
        self.is_wanted = match record.visit {
            Visit::Names(_) => with_text(key, |key| record.note(key)).map(|()| false)?,
            Visit::All | Visit::One if self.is_done => false,
            Visit::All | Visit::One => {
                let wanted = record.wanted();
                with_text(key, |key| wanted == Some(key))?
            }
        };
        Ok(())
    }

    fn serialize_value<V: Serialize + ?Sized>(&mut self, value: &V) -> Result<(), Refusal> {
        let steps = &self.record.part.steps;
        while self.is_wanted {
            let name = steps[self.record.at].subject;
            self.record.apply(value)?;
            self.is_done = matches!(self.record.visit, Visit::One);
            self.is_wanted = !self.is_done && name == steps[self.record.at].subject;
        }
        Ok(())
    }

    fn end(self) -> Result<At, Refusal> {
        Ok(self.record.at)
    }
}
