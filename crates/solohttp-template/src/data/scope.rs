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

pub(super) struct Level<'d, T: ?Sized>(pub(super) &'d T);

impl<T: Serialize + ?Sized> Names for Level<'_, T> {
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

/// Calls `inside` with the scope of a record, for loops whose rows come from an iterator.
pub(crate) fn with_scope<T: Serialize + ?Sized, R>(
    data: &T,
    inside: impl FnOnce(&Scope<'_>) -> R,
) -> R {
    inside(&Scope { record: &Level(data), around: None, row: RowPosition::default() })
}
