//! Runs the steps of a part over one record.

use std::cell::Cell;

use serde::Serialize;

use super::record::{Learning, Record, Visit};
use super::refuse::Refusal;
use super::rows::Rows;
use super::value::Show;
use crate::error::{Error, ErrorKind};
use crate::format::number::push_u64;
use crate::hint;
use crate::nearest::nearest;
use crate::page::Page;
use crate::program::{Part, Program};
use crate::step::{Action, At, Step, Target};

/// One rendering.
#[derive(Debug)]
pub(crate) struct Run<'p> {
    pub(crate) program: &'p Program,
    pub(crate) page: Page,
    /// The type of record whose fields are being noted.
    pub(super) learning: Option<Box<Learning>>,
}

impl<'p> Run<'p> {
    pub(crate) fn new(program: &'p Program) -> Self {
        Self { program, page: Page::with_room(program.room()), learning: None }
    }
}

/// Which row of a loop a record is.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct RowPlace {
    pub(crate) index: usize,
    pub(crate) is_last: bool,
}

/// A record, and the records around it in which names are looked up next.
#[derive(Clone, Copy)]
pub(crate) struct Scope<'s> {
    record: &'s dyn Names,
    around: Option<&'s Self>,
    pub(super) row: RowPlace,
}

/// A record whose type has been forgotten: what inner loops need of the outer ones.
trait Names {
    /// Does the step at `at` with the field it names; gives `at` back if there is no such field.
    fn step(
        &self,
        run: &mut Run<'_>,
        part: &Part,
        at: At,
        scope: &Scope<'_>,
    ) -> Result<At, Refusal>;
    /// The names it has; `of_type`: those alone that its type has.
    fn names(
        &self,
        run: &mut Run<'_>,
        part: &Part,
        scope: &Scope<'_>,
        of_type: bool,
    ) -> Vec<String>;
}

struct Level<'d, T: ?Sized>(&'d T);

impl<T: Serialize + ?Sized> Names for Level<'_, T> {
    fn step(
        &self,
        run: &mut Run<'_>,
        part: &Part,
        at: At,
        scope: &Scope<'_>,
    ) -> Result<At, Refusal> {
        let mut record = Record::new(run, part, at, scope, Visit::One);
        self.0.serialize(&mut record)?;
        Ok(record.at)
    }

    fn names(
        &self,
        run: &mut Run<'_>,
        part: &Part,
        scope: &Scope<'_>,
        of_type: bool,
    ) -> Vec<String> {
        let names = Cell::new(Vec::new());
        // A record that fails here has failed before, with a better message.
        let visit = if of_type { Visit::Fields(&names) } else { Visit::Names(&names) };
        let _ = self.0.serialize(&mut Record::new(run, part, 0, scope, visit));
        names.into_inner()
    }
}

/// Renders one part over a record that stands alone or in another.
pub(crate) fn render<T: Serialize + ?Sized>(
    run: &mut Run<'_>,
    part: usize,
    data: &T,
    around: Option<&Scope<'_>>,
    row: RowPlace,
) -> Result<(), Error> {
    run_part(run, &run.program.parts[part], data, around, row).map_err(|refusal| refusal.0)
}

/// Calls `inside` with the scope of a record, for loops whose rows come from elsewhere.
pub(crate) fn within<T: Serialize + ?Sized, R>(
    data: &T,
    inside: impl FnOnce(&Scope<'_>) -> R,
) -> R {
    inside(&Scope { record: &Level(data), around: None, row: RowPlace::default() })
}

#[inline]
pub(super) fn run_part<T: Serialize + ?Sized>(
    run: &mut Run<'_>,
    part: &Part,
    data: &T,
    around: Option<&Scope<'_>>,
    row: RowPlace,
) -> Result<(), Refusal> {
    let record = Level(data);
    let scope = Scope { record: &record, around, row };
    run.page.push_literal(&run.program.text, &part.head);
    let mut record = Record::new(run, part, 0, &scope, Visit::All);
    loop {
        let at = record.at;
        let step = &part.steps[at];
        if !step.waits {
            record.at = record.run.glide_on(part, at, &row);
            continue;
        }
        match step.subject {
            Target::Name(name) => {
                data.serialize(&mut record)?;
                if record.at == at {
                    record.at = record.run.look_up(part, at, name, &scope)?;
                }
            }
            Target::Row => record.at = record.run.apply(part, at, data, &scope)?,
            _ => return Ok(()),
        }
    }
}

impl Run<'_> {
    /// Does steps that need no value of the record, up to one that does or the end.
    #[inline(always)]
    pub(super) fn glide(&mut self, part: &Part, at: At, row: &RowPlace) -> At {
        if part.steps[at].waits { at } else { self.glide_on(part, at, row) }
    }

    pub(super) fn glide_on(&mut self, part: &Part, mut at: At, row: &RowPlace) -> At {
        loop {
            let step = &part.steps[at];
            if step.waits {
                return at;
            }
            at = match step.subject {
                Target::First => self.branch(at, step, row.index == 0),
                Target::Last => self.branch(at, step, row.is_last),
                Target::Index => self.count(at, step, row.index),
                Target::Number => self.count(at, step, row.index + 1),
                Target::Name(_) | Target::Row | Target::Nothing => match step.action {
                    Action::Jump(to) => to,
                    _ => self.next(at, step),
                },
            }
        }
    }

    fn count(&mut self, at: At, step: &Step, number: usize) -> At {
        push_u64(number as u64, &mut self.page.bytes);
        self.next(at, step)
    }

    #[inline(always)]
    fn branch(&mut self, at: At, step: &Step, yes: bool) -> At {
        match step.action {
            Action::If(no) if !yes => no,
            _ => self.next(at, step),
        }
    }

    /// Shows the text of a step and goes on to the next.
    #[inline(always)]
    pub(super) fn next(&mut self, at: At, step: &Step) -> At {
        self.page.push_literal(&self.program.text, &step.text);
        at + 1
    }

    /// Does the step at `at` with this value.
    #[inline(always)]
    pub(super) fn apply<V: Serialize + ?Sized>(
        &mut self,
        part: &Part,
        at: At,
        value: &V,
        scope: &Scope<'_>,
    ) -> Result<At, Refusal> {
        let step = &part.steps[at];
        if !step.is_slot {
            return self.apply_block(part, at, value, scope);
        }
        match value.serialize(Show { page: &mut self.page, action: &step.action }) {
            Ok(()) => Ok(self.next(at, step)),
            Err(refusal) => Err(placed(part, at, refusal)),
        }
    }

    #[inline(never)]
    fn apply_block<V: Serialize + ?Sized>(
        &mut self,
        part: &Part,
        at: At,
        value: &V,
        scope: &Scope<'_>,
    ) -> Result<At, Refusal> {
        let step = &part.steps[at];
        let elsewhere = match &step.action {
            Action::Each(body, after) => {
                let body = &self.program.parts[*body];
                let rows = Rows::show(self, body, value, scope);
                let any = rows.map_err(|refusal| placed(part, at, refusal))?;
                after.filter(|_| any)
            }
            Action::If(no) => {
                self.page.answer = false;
                let asked = value.serialize(Show { page: &mut self.page, action: &step.action });
                asked.map_err(|refusal| placed(part, at, refusal))?;
                (!self.page.answer).then_some(*no)
            }
            _ => None,
        };
        Ok(elsewhere.unwrap_or_else(|| self.next(at, step)))
    }

    /// Does a step by its name alone, in this record or those around it.
    #[cold]
    fn look_up(
        &mut self,
        part: &Part,
        at: At,
        name: usize,
        scope: &Scope<'_>,
    ) -> Result<At, Refusal> {
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

    /// Is a name that no record has a slip of the finger for one that a type has?
    ///
    /// A page may leave out what its frame asks for, so a missing name is nothing to `<?if?>`. But
    /// one that differs by a letter would be silently false for ever.
    fn is_slip(&mut self, part: &Part, name: usize, scope: &Scope<'_>) -> bool {
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
    ) -> Result<At, Refusal> {
        let program = self.program;
        let step = &part.steps[at];
        match &step.action {
            Action::If(no) if !program.strict || !self.is_slip(part, name, scope) => {
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
            "it" | "index" | "number" | "first" | "last" if scope.around.is_some() => {
                format!("did you mean `@{name}`?")
            }
            name => hint::suggest(name, "names", &known),
        };
        Err(Refusal(match &part.places[at] {
            Some(place) => error.at(place, suggestion),
            None => error.help(suggestion),
        }))
    }
}

/// Says where in the template a value was refused.
#[cold]
fn placed(part: &Part, at: At, refusal: Refusal) -> Refusal {
    match &part.places[at] {
        Some(place) if refusal.0.line().is_none() => Refusal(refusal.0.at(place, "here")),
        _ => refusal,
    }
}
