//! A visit that writes the fields of a struct into slots, as long as they are in the order in which
//! the template uses them.

use serde::Serialize;

use super::error::RenderError;
use super::fields::Fields;
use super::plan::PlannedStep;
use super::render::placed;
use super::value::ValueSerializer;
use crate::page::Page;
use crate::program::Part;
use crate::step::At;

/// Visits one row of a part that consists of slots.
pub(super) struct Slots<'r, 'p, 's> {
    page: &'r mut Page<'p>,
    part: &'s Part,
    /// The first step of the visit.
    start: At,
    /// The remaining steps, including the end. Empty if there is no plan.
    rest: &'s [PlannedStep],
    /// The index of the next field.
    index: usize,
}

impl<'r, 'p, 's> Slots<'r, 'p, 's> {
    #[inline(always)]
    pub(super) fn new(page: &'r mut Page<'p>, part: &'s Part, start: At) -> Self {
        Self { page, part, start, rest: &[], index: 0 }
    }

    /// Returns the next step, unless only the end remains.
    #[inline(always)]
    pub(super) fn next(&self) -> Option<At> {
        match self.rest.len() {
            0 => Some(self.start),
            1 => None,
            len => Some(self.part.steps.len() - len),
        }
    }

    #[inline(always)]
    fn write<V: Serialize + ?Sized>(
        &mut self,
        planned: &'s PlannedStep,
        rest: &'s [PlannedStep],
        value: &V,
    ) -> Result<(), RenderError> {
        let (page, step) = (&mut *self.page, &planned.step);
        match value.serialize(ValueSerializer { page, action: &step.action, after: &step.text }) {
            Ok(()) => {
                self.rest = rest;
                Ok(())
            }
            Err(error) => Err(placed(self.part, self.part.steps.len() - rest.len() - 1, error)),
        }
    }

    /// Writes the following slots that need the same field.
    #[inline(never)]
    fn go_on<V: Serialize + ?Sized>(&mut self, index: usize, value: &V) -> Result<(), RenderError> {
        while let Some((planned, rest)) = self.rest.split_first()
            && planned.field == index
        {
            self.write(planned, rest, value)?;
        }
        Ok(())
    }
}

impl Fields for Slots<'_, '_, '_> {
    #[inline]
    fn begin(&mut self, type_name: &'static str, len: usize) {
        if let Some(plan) = self.part.plans.find(type_name, len) {
            self.rest = plan.steps.get(self.start..).unwrap_or_default();
        }
    }

    #[inline(always)]
    fn field<V: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &V,
    ) -> Result<(), RenderError> {
        let index = self.index;
        self.index = index + 1;
        let Some((planned, rest)) = self.rest.split_first() else { return Ok(()) };
        // If the name differs, this is another type with the same name. The step then remains.
        if planned.field != index || !planned.is_for(name) {
            return Ok(());
        }
        self.write(planned, rest, value)?;
        if planned.goes_on { self.go_on(index, value) } else { Ok(()) }
    }

    #[inline]
    fn end(&mut self) {}

    fn key<K: Serialize + ?Sized>(&mut self, _key: &K) -> Result<(), RenderError> {
        Ok(())
    }

    fn value<V: Serialize + ?Sized>(&mut self, _value: &V) -> Result<(), RenderError> {
        Ok(())
    }
}
