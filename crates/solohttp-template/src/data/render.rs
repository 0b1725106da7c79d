//! Runs the steps of a part for one record.

use serde::Serialize;
use solohttp_core::IoList;

use super::error::RenderError;
use super::fields::Visitor;
use super::record::{Learning, Record, Visit};
use super::rows::Rows;
use super::scope::{Level, RowPosition, Scope};
use super::slots::Slots;
use super::value::ValueSerializer;
use crate::error::{Error, ErrorKind};
use crate::hint;
use crate::nearest::nearest;
use crate::page::Page;
use crate::program::{Part, Program};
use crate::step::{Action, At, Step, Target};

/// The state while rendering a template.
#[derive(Debug)]
pub(crate) struct Renderer<'p> {
    pub(crate) program: &'p Program,
    pub(crate) page: Page<'p>,
    /// The record type whose fields are being collected.
    pub(super) learning: Option<Box<Learning>>,
}

impl<'p> Renderer<'p> {
    #[inline]
    pub(crate) fn new(program: &'p Program) -> Self {
        let page = Page::with_capacity(program.capacity(), &program.text);
        Self { program, page, learning: None }
    }

    /// Returns the page, unless an error occurred. Taking that error as a parameter saves moving
    /// the page.
    #[inline(never)]
    pub(crate) fn finish(self, rendered: Result<(), Error>) -> Result<IoList, Error> {
        let Self { program, page, .. } = self;
        match rendered {
            Ok(()) => Ok(program.finish(page)),
            Err(error) => Err(error),
        }
    }
}

/// Renders a part for a record, optionally within an enclosing one.
pub(crate) fn render<T: Serialize + ?Sized>(
    renderer: &mut Renderer<'_>,
    part: usize,
    data: &T,
    around: Option<&Scope<'_>>,
    row: RowPosition,
) -> Result<(), Error> {
    render_part(renderer, &renderer.program.parts[part], data, around, row).map_err(|error| error.0)
}

/// Renders a part for a row of a loop.
///
/// A part that consists of slots, the common case for tables and lists, needs less state. Only rows
/// that don't fit its plan are visited again in the general way.
#[inline]
pub(super) fn render_row<T: Serialize + ?Sized>(
    renderer: &mut Renderer<'_>,
    part: &Part,
    data: &T,
    around: &Scope<'_>,
    row: RowPosition,
) -> Result<(), RenderError> {
    let lead = &part.leads[usize::from(row.index > 0)];
    if !lead.has_only_slots || part.plans.is_empty() {
        return render_part(renderer, part, data, Some(around), row);
    }
    renderer.page.push_after(&lead.text);
    let mut slots = Slots::new(&mut renderer.page, part, lead.at);
    data.serialize(Visitor(&mut slots))?;
    match slots.next() {
        None => Ok(()),
        Some(at) => render_rest(renderer, part, at, data, around, row),
    }
}

#[cold]
#[inline(never)]
fn render_rest<T: Serialize + ?Sized>(
    renderer: &mut Renderer<'_>,
    part: &Part,
    at: At,
    data: &T,
    around: &Scope<'_>,
    row: RowPosition,
) -> Result<(), RenderError> {
    render_from(renderer, part, at, data, Some(around), row)
}

#[inline(never)]
pub(super) fn render_part<T: Serialize + ?Sized>(
    renderer: &mut Renderer<'_>,
    part: &Part,
    data: &T,
    around: Option<&Scope<'_>>,
    row: RowPosition,
) -> Result<(), RenderError> {
    let lead = &part.leads[usize::from(row.index > 0)];
    renderer.page.push_literal(&lead.text);
    let at = if lead.is_free { renderer.run_free_steps(part, lead.at, &row) } else { lead.at };
    render_from(renderer, part, at, data, around, row)
}

/// Renders the rest of a part, starting with a step that needs a value.
#[inline]
fn render_from<T: Serialize + ?Sized>(
    renderer: &mut Renderer<'_>,
    part: &Part,
    at: At,
    data: &T,
    around: Option<&Scope<'_>>,
    row: RowPosition,
) -> Result<(), RenderError> {
    let record = Level(data);
    let scope = Scope { record: &record, around, row };
    let mut record = Record::new(renderer, part, at, &scope, Visit::All);
    loop {
        let at = record.at;
        let step = &part.steps[at];
        let next = match step.subject {
            Target::Name(name) => {
                data.serialize(Visitor(&mut record))?;
                if record.at + 1 == part.steps.len() {
                    // The last step is the end.
                    return Ok(());
                }
                if record.at != at {
                    continue;
                }
                record.renderer.look_up(part, at, name, &scope)?
            }
            Target::Row => record.renderer.apply(part, at, step, data, &scope)?,
            _ => return Ok(()),
        };
        record.at = record.renderer.run_free_steps(part, next, &scope.row);
    }
}

impl Renderer<'_> {
    /// Performs steps until one of them needs a value, or until the end.
    #[inline(always)]
    pub(super) fn run_free_steps(&mut self, part: &Part, at: At, row: &RowPosition) -> At {
        if part.steps[at].needs_value {
            return at;
        }
        let at = self.run_short_steps(part, at, row);
        if part.steps[at].needs_value { at } else { self.run_any_steps(part, at, row) }
    }

    /// Performs the most common steps without calling another function.
    #[inline(never)]
    fn run_short_steps(&mut self, part: &Part, mut at: At, row: &RowPosition) -> At {
        loop {
            let step = &part.steps[at];
            if step.needs_value {
                return at;
            }
            at = match (&step.action, step.subject) {
                (Action::If(no), Target::First) if row.index > 0 => *no,
                (Action::If(no), Target::Last) if !row.is_last => *no,
                (Action::Jump(to), _) => *to,
                (Action::If(_) | Action::Pass, _) if self.page.push_if_short(&step.text) => at + 1,
                _ => return at,
            }
        }
    }

    #[inline(never)]
    fn run_any_steps(&mut self, part: &Part, mut at: At, row: &RowPosition) -> At {
        while !part.steps[at].needs_value {
            let step = &part.steps[at];
            at = match step.subject {
                Target::Index => self.count(at, step, row.index),
                Target::Number => self.count(at, step, row.index + 1),
                _ => self.next(at, step),
            };
            at = self.run_short_steps(part, at, row);
        }
        at
    }

    fn count(&mut self, at: At, step: &Step, number: usize) -> At {
        self.page.push_unsigned(number as u64, &step.text);
        at + 1
    }

    /// Writes the text after a step and advances to the next step.
    #[inline(always)]
    pub(super) fn next(&mut self, at: At, step: &Step) -> At {
        self.page.push_literal(&step.text);
        at + 1
    }

    /// Performs the step at `at` with this value.
    #[inline(always)]
    pub(super) fn apply<V: Serialize + ?Sized>(
        &mut self,
        part: &Part,
        at: At,
        step: &Step,
        value: &V,
        scope: &Scope<'_>,
    ) -> Result<At, RenderError> {
        if !step.is_slot {
            return self.apply_block(part, at, value, scope);
        }
        let (page, action, after) = (&mut self.page, &step.action, &step.text);
        match value.serialize(ValueSerializer { page, action, after }) {
            Ok(()) => Ok(at + 1),
            Err(error) => Err(placed(part, at, error)),
        }
    }

    #[inline(never)]
    pub(super) fn apply_block<V: Serialize + ?Sized>(
        &mut self,
        part: &Part,
        at: At,
        value: &V,
        scope: &Scope<'_>,
    ) -> Result<At, RenderError> {
        let step = &part.steps[at];
        let elsewhere = match &step.action {
            Action::Each(body, after) => {
                let body = &self.program.parts[*body];
                let rows = Rows::show(self, body, value, scope);
                let any = rows.map_err(|error| placed(part, at, error))?;
                after.filter(|_| any)
            }
            Action::If(no) => {
                self.page.is_present = false;
                let (page, action, after) = (&mut self.page, &step.action, &step.text);
                let result = value.serialize(ValueSerializer { page, action, after });
                result.map_err(|error| placed(part, at, error))?;
                (!self.page.is_present).then_some(*no)
            }
            _ => None,
        };
        Ok(elsewhere.unwrap_or_else(|| self.next(at, step)))
    }

    /// Performs a step by looking up its name in this record and the enclosing ones.
    #[cold]
    fn look_up(
        &mut self,
        part: &Part,
        at: At,
        name: usize,
        scope: &Scope<'_>,
    ) -> Result<At, RenderError> {
        let mut level = Some(scope);
        while let Some(here) = level {
            let next = here.record.step(self, part, at, scope)?;
            if next != at {
                return Ok(next);
            }
            level = here.around;
        }
        self.missing(part, at, name, scope)
    }

    /// Returns whether a missing name is probably a misspelled field.
    ///
    /// `<?if?>` accepts missing names, so that a base template can check for values that only some
    /// pages have. A typo, however, would silently be false every time.
    fn is_typo(&mut self, part: &Part, name: usize, scope: &Scope<'_>) -> bool {
        let name = &self.program.names[name];
        let known = self.known(part, scope, true);
        name.len() > 2 && nearest(name, known.iter().map(String::as_str)).is_some()
    }

    fn known(&mut self, part: &Part, scope: &Scope<'_>, of_type: bool) -> Vec<String> {
        let mut known = Vec::new();
        let mut level = Some(scope);
        while let Some(here) = level {
            known.extend(here.record.names(self, part, scope, of_type));
            level = here.around;
        }
        known
    }

    fn missing(
        &mut self,
        part: &Part,
        at: At,
        name: usize,
        scope: &Scope<'_>,
    ) -> Result<At, RenderError> {
        let program = self.program;
        let step = &part.steps[at];
        match &step.action {
            Action::If(no) if !program.strict || !self.is_typo(part, name, scope) => {
                return Ok(*no);
            }
            Action::Escaped if !program.strict => {
                for piece in ["{", &program.names[name], "}"] {
                    self.page.bytes.extend_from_slice(piece.as_bytes());
                }
                return Ok(self.next(at, step));
            }
            Action::Each(..) if !program.strict => return Ok(self.next(at, step)),
            _ => {}
        }
        let known = self.known(part, scope, false);
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        let name = &program.names[name];
        let error = Error::new(ErrorKind::MissingName, format!("the data has no `{name}`"));
        let suggestion = match &**name {
            "it" | "index" | "number" | "first" | "last" if part.is_row => {
                format!("did you mean `@{name}`?")
            }
            name => hint::suggest(name, "names", &known),
        };
        Err(RenderError(match &part.places[at] {
            Some(place) => error.at(place, suggestion),
            None => error.help(suggestion),
        }))
    }
}

/// Adds the step's position to an error.
#[cold]
pub(super) fn placed(part: &Part, at: At, error: RenderError) -> RenderError {
    match &part.places[at] {
        Some(place) if error.0.line().is_none() => RenderError(error.0.at(place, "here")),
        _ => error,
    }
}
