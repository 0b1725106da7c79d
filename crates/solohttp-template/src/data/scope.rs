//! A record and the enclosing ones, in which names are looked up.

use std::cell::Cell;

use serde::Serialize;

use super::error::RenderError;
use super::fields::Visitor;
use super::record::{Record, Visit};
use super::render::Renderer;
use crate::program::Part;
use crate::step::At;

/// The position of a row in its loop.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct RowPosition {
    pub(crate) index: usize,
    pub(crate) is_last: bool,
}

/// A record and the enclosing records. Names are looked up from the inside out.
#[derive(Clone, Copy)]
pub(crate) struct Scope<'s> {
    pub(super) record: &'s dyn Names,
    pub(super) around: Option<&'s Self>,
    pub(super) row: RowPosition,
}

/// A type-erased record, for lookups from inner loops.
pub(super) trait Names {
    /// Runs the step at index `at` on the field that it names. Returns `at` if there is no such
    /// field.
    fn step(
        &self,
        renderer: &mut Renderer<'_>,
        part: &Part,
        at: At,
        scope: &Scope<'_>,
    ) -> Result<At, RenderError>;
    /// Returns the names in the record. If `of_type` is set, returns only the fields of its type,
    /// without the keys of maps.
    fn names(
        &self,
        renderer: &mut Renderer<'_>,
        part: &Part,
        scope: &Scope<'_>,
        of_type: bool,
    ) -> Vec<String>;
}

/// A record, or a reference to one.
pub(super) struct Level<D>(pub(super) D);

impl<D: Serialize> Names for Level<D> {
    fn step(
        &self,
        renderer: &mut Renderer<'_>,
        part: &Part,
        at: At,
        scope: &Scope<'_>,
    ) -> Result<At, RenderError> {
        let mut record = Record::new(renderer, part, at, scope, Visit::One);
        self.0.serialize(Visitor(&mut record))?;
        Ok(record.at)
    }

    fn names(
        &self,
        renderer: &mut Renderer<'_>,
        part: &Part,
        scope: &Scope<'_>,
        of_type: bool,
    ) -> Vec<String> {
        let names = Cell::new(Vec::new());
        // Any error is ignored, because rendering has already reported it.
        let visit = if of_type { Visit::Fields(&names) } else { Visit::Names(&names) };
        let _ = self.0.serialize(Visitor(&mut Record::new(renderer, part, 0, scope, visit)));
        names.into_inner()
    }
}

/// Records of any types, outermost first.
#[derive(Default)]
pub(crate) struct Levels(Vec<Box<dyn Names>>);

impl Levels {
    pub(crate) fn push(&mut self, record: impl Serialize + 'static) {
        self.0.push(Box::new(Level(record)));
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Calls `inside` with the scope of the innermost record, if there are any.
    pub(crate) fn with_scope<R>(&self, inside: impl FnOnce(Option<&Scope<'_>>) -> R) -> R {
        nest(&self.0, None, inside)
    }
}

/// Puts the records into the scope `around`, one within the other.
fn nest<R>(
    records: &[Box<dyn Names>],
    around: Option<&Scope<'_>>,
    inside: impl FnOnce(Option<&Scope<'_>>) -> R,
) -> R {
    let Some((record, inner)) = records.split_first() else { return inside(around) };
    let scope = Scope { record: &**record, around, row: RowPosition::default() };
    nest(inner, Some(&scope), inside)
}

/// Calls `inside` with the scope of a record, for loops whose rows come from an iterator.
pub(crate) fn with_scope<T: Serialize + ?Sized, R>(
    data: &T,
    inside: impl FnOnce(&Scope<'_>) -> R,
) -> R {
    inside(&Scope { record: &Level(data), around: None, row: RowPosition::default() })
}
