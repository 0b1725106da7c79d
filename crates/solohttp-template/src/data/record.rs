//! A visit that passes the fields of a struct or map to the steps that use them.

use std::cell::Cell;

use serde::Serialize;

use super::error::RenderError;
use super::fields::Fields;
use super::key::with_text;
use super::plan::{NONE, PlannedStep};
use super::render::{Renderer, placed};
use super::scope::Scope;
use super::value::ValueSerializer;
use crate::program::Part;
use crate::step::{At, Target};

/// Visits one record and performs the steps that its fields allow.
pub(super) struct Record<'r, 'p, 's> {
    pub(super) renderer: &'r mut Renderer<'p>,
    pub(super) part: &'s Part,
    /// The next step.
    pub(super) at: At,
    pub(super) scope: &'s Scope<'s>,
    visit: Visit<'s>,
    /// The planned steps. Empty if there is no plan.
    plan: &'s [PlannedStep],
    /// The index of the next field.
    index: usize,
    /// The index of the field that the next step needs.
    needed_index: usize,
    /// Whether the next value belongs to a key that the next step needs.
    is_needed: bool,
}

/// The purpose of a visit.
#[derive(Clone, Copy)]
pub(super) enum Visit<'s> {
    /// Perform as many steps as the order of the fields allows.
    All,
    /// Perform one step, whose field is looked up by name.
    One,
    /// Skip the remaining fields.
    Done,
    /// Collect the names.
    Names(&'s Cell<Vec<String>>),
    /// Collect the names of struct fields, but not the keys of maps, which can vary.
    Fields(&'s Cell<Vec<String>>),
}

/// The fields of a record type that has no plan yet.
#[derive(Debug)]
pub(super) struct Learning {
    type_name: &'static str,
    len: usize,
    fields: Vec<&'static str>,
}

impl<'r, 'p, 's> Record<'r, 'p, 's> {
    #[inline]
    pub(super) fn new(
        renderer: &'r mut Renderer<'p>,
        part: &'s Part,
        at: At,
        scope: &'s Scope<'s>,
        visit: Visit<'s>,
    ) -> Self {
        let (index, needed_index, is_needed) = (0, NONE, false);
        Self { renderer, part, at, scope, visit, plan: &[], index, needed_index, is_needed }
    }

    /// Returns whether the next step needs this name.
    fn needs(&self, name: &str) -> bool {
        match self.part.steps[self.at].subject {
            Target::Name(needed) => &*self.renderer.program.names[needed] == name,
            _ => false,
        }
    }

    fn apply<V: Serialize + ?Sized>(&mut self, value: &V) -> Result<(), RenderError> {
        let step = &self.part.steps[self.at];
        self.at = self.renderer.apply(self.part, self.at, step, value, self.scope)?;
        if matches!(self.visit, Visit::All) {
            self.at = self.renderer.run_free_steps(self.part, self.at, &self.scope.row);
        } else {
            self.visit = Visit::Done;
        }
        Ok(())
    }

    fn note(&self, name: &str) {
        if let Visit::Names(names) | Visit::Fields(names) = self.visit {
            let mut noted = names.take();
            noted.push(name.to_owned());
            names.set(noted);
        }
    }

    #[cold]
    fn learn(&mut self, type_name: &'static str, len: usize) {
        self.renderer.learning = Some(Box::new(Learning { type_name, len, fields: Vec::new() }));
    }

    /// Performs the next step, and all following steps that need the same field. Only the most
    /// common case, a single slot, is inlined.
    #[inline(always)]
    fn planned<V: Serialize + ?Sized>(
        &mut self,
        index: usize,
        name: &'static str,
        value: &V,
    ) -> Result<(), RenderError> {
        let planned = &self.plan[self.at];
        if !planned.is_for(name) {
            // This is a different type with the same name, so the field is looked up by name
            // instead.
            self.needed_index = NONE;
            return Ok(());
        }
        if !planned.step.is_slot {
            return self.planned_block(index, value);
        }
        let (page, step) = (&mut self.renderer.page, &planned.step);
        let slot = ValueSerializer { page, action: &step.action, after: &step.text };
        if let Err(error) = value.serialize(slot) {
            return Err(placed(self.part, self.at, error));
        }
        self.at += 1;
        self.needed_index = planned.next_field;
        if planned.goes_on {
            return self.go_on(index, value);
        }
        Ok(())
    }

    #[inline(never)]
    fn planned_block<V: Serialize + ?Sized>(
        &mut self,
        index: usize,
        value: &V,
    ) -> Result<(), RenderError> {
        self.at = self.renderer.apply_block(self.part, self.at, value, self.scope)?;
        self.go_on(index, value)
    }

    /// Performs the steps from here on that need no value or the current field.
    #[inline(never)]
    fn go_on<V: Serialize + ?Sized>(&mut self, index: usize, value: &V) -> Result<(), RenderError> {
        loop {
            let mut planned = &self.plan[self.at];
            if !planned.step.needs_value {
                self.at = self.renderer.run_free_steps(self.part, self.at, &self.scope.row);
                planned = &self.plan[self.at];
            }
            self.needed_index = planned.field;
            if planned.field != index {
                return Ok(());
            }
            self.at = self.renderer.apply(self.part, self.at, &planned.step, value, self.scope)?;
        }
    }

    #[cold]
    fn unplanned<V: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &V,
    ) -> Result<(), RenderError> {
        match self.visit {
            Visit::All => {
                if let Some(learning) = &mut self.renderer.learning {
                    learning.fields.push(name);
                }
            }
            Visit::One if self.needs(name) => self.apply(value)?,
            Visit::One | Visit::Done => {}
            Visit::Names(_) | Visit::Fields(_) => self.note(name),
        }
        Ok(())
    }

    #[cold]
    fn finish_learning(&mut self) {
        if let Some(learned) = self.renderer.learning.take() {
            let Learning { type_name, len, fields } = *learned;
            self.part.plans.learn(
                &self.renderer.program.names,
                &self.part.steps,
                (type_name, len),
                &fields,
            );
        }
    }
}

impl Fields for Record<'_, '_, '_> {
    #[inline]
    fn begin(&mut self, type_name: &'static str, len: usize) {
        self.index = 0;
        if !matches!(self.visit, Visit::All) {
            return;
        }
        match self.part.plans.find(type_name, len) {
            Some(plan) => {
                self.plan = &plan.steps;
                self.needed_index = plan.steps[self.at].field;
            }
            None => self.learn(type_name, len),
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
        if index == self.needed_index {
            self.planned(index, name, value)
        } else if self.plan.is_empty() {
            self.unplanned(name, value)
        } else {
            Ok(())
        }
    }

    #[inline]
    fn end(&mut self) {
        if self.plan.is_empty() {
            self.finish_learning();
        }
    }

    /// Map entries are matched by name.
    fn key<K: Serialize + ?Sized>(&mut self, key: &K) -> Result<(), RenderError> {
        self.is_needed = match self.visit {
            Visit::Names(_) => with_text(key, |key| self.note(key)).map(|()| false)?,
            Visit::All | Visit::One => with_text(key, |key| self.needs(key))?,
            Visit::Done | Visit::Fields(_) => false,
        };
        Ok(())
    }

    fn value<V: Serialize + ?Sized>(&mut self, value: &V) -> Result<(), RenderError> {
        while self.is_needed {
            let name = self.part.steps[self.at].subject;
            self.apply(value)?;
            let is_again = name == self.part.steps[self.at].subject;
            self.is_needed = is_again && matches!(self.visit, Visit::All);
        }
        Ok(())
    }
}
