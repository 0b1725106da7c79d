//! Runs the steps of a part over one record.

use std::cell::Cell;

use serde::Serialize;

use super::record::{Record, Visit};
use super::refuse::Refusal;
use super::rows::Rows;
use super::value::Show;
use crate::error::{Error, ErrorKind};
use crate::format::number::push_u64;
use crate::nearest;
use crate::page::Page;
use crate::program::{Action, At, Program, Step, Target};

/// One rendering.
#[derive(Debug)]
pub(crate) struct Run<'p> {
    pub(crate) program: &'p Program,
    pub(crate) page: Page,
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
    around: Option<&'s Scope<'s>>,
    pub(super) row: RowPlace,
}

/// A record whose type has been forgotten: what inner loops need of the outer ones.
trait Names {
    /// Does the step at `at` with the field it names; gives `at` back if there is no such field.
    fn step(&self, run: &mut Run<'_>, at: At, scope: &Scope<'_>) -> Result<At, Refusal>;
    /// The names it has.
    fn names(&self, run: &mut Run<'_>, scope: &Scope<'_>) -> Vec<String>;
}

struct Level<'d, T: ?Sized>(&'d T);

impl<T: Serialize + ?Sized> Names for Level<'_, T> {
    fn step(&self, run: &mut Run<'_>, at: At, scope: &Scope<'_>) -> Result<At, Refusal> {
        self.0.serialize(Record { run, at, scope, visit: Visit::One })
    }

    fn names(&self, run: &mut Run<'_>, scope: &Scope<'_>) -> Vec<String> {
        let names = Cell::new(Vec::new());
        // A record that fails here has failed before, with a better message.
        let _ = self.0.serialize(Record { run, at: 0, scope, visit: Visit::Names(&names) });
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
    run_part(run, part, data, around, row).map_err(|refusal| refusal.0)
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
    part: usize,
    data: &T,
    around: Option<&Scope<'_>>,
    row: RowPlace,
) -> Result<(), Refusal> {
    let record = Level(data);
    let scope = Scope { record: &record, around, row };
    let program = run.program;
    let mut at = program.parts[part].steps.start;
    loop {
        at = run.glide(at, &row);
        let step = &program.steps[at];
        match step.subject {
            Target::Name(name) => {
                let before = at;
                at = data.serialize(Record { run, at, scope: &scope, visit: Visit::All(part) })?;
                if at == before {
                    at = run.look_up(at, name, &scope)?;
                }
            }
            Target::Row => at = run.apply(at, data, &scope)?,
            _ => return Ok(()),
        }
    }
}

impl Run<'_> {
    /// Does steps that need no value of the record, up to one that does or the end.
    #[inline]
    pub(super) fn glide(&mut self, mut at: At, row: &RowPlace) -> At {
        let program = self.program;
        loop {
            let step = &program.steps[at];
            match (&step.action, step.subject) {
                (Action::End, _) | (_, Target::Name(_) | Target::Row) => return at,
                (Action::Jump(to), _) => at = *to,
                (Action::If(no), Target::First | Target::Last) => {
                    let yes =
                        if step.subject == Target::First { row.index == 0 } else { row.is_last };
                    at = if yes { self.next(at, step) } else { *no };
                }
                (_, Target::Index) => {
                    push_u64(row.index as u64, &mut self.page.bytes);
                    at = self.next(at, step);
                }
                (_, Target::Number) => {
                    push_u64(row.index as u64 + 1, &mut self.page.bytes);
                    at = self.next(at, step);
                }
                _ => at = self.next(at, step),
            }
        }
    }

    /// Shows the text of a step and goes on to the next.
    #[inline]
    pub(super) fn next(&mut self, at: At, step: &Step) -> At {
        self.page.push_literal(&self.program.text, step.text.start, step.text.end);
        at + 1
    }

    /// Does the step at `at` with this value.
    #[inline]
    pub(super) fn apply<V: Serialize + ?Sized>(
        &mut self,
        at: At,
        value: &V,
        scope: &Scope<'_>,
    ) -> Result<At, Refusal> {
        let step = &self.program.steps[at];
        match &step.action {
            Action::Each(part, after) => {
                let rows = Rows::show(self, at, *part, value, scope)?;
                Ok(if rows { *after } else { self.next(at, step) })
            }
            Action::If(no) => {
                let yes = value.serialize(Show { page: &mut self.page, action: &step.action });
                Ok(if self.placed(at, yes)? { self.next(at, step) } else { *no })
            }
            action => {
                let shown = value.serialize(Show { page: &mut self.page, action });
                self.placed(at, shown)?;
                Ok(self.next(at, step))
            }
        }
    }

    /// Says where in the template a value was refused.
    #[inline]
    fn placed<V>(&self, at: At, result: Result<V, Refusal>) -> Result<V, Refusal> {
        result.map_err(|refusal| self.refused(at, refusal))
    }

    #[cold]
    pub(super) fn refused(&self, at: At, refusal: Refusal) -> Refusal {
        match &self.program.places[at] {
            Some(place) if refusal.0.line().is_none() => Refusal(refusal.0.at(place, "here")),
            _ => refusal,
        }
    }

    /// Does a step by its name alone, in this record or those around it.
    #[cold]
    fn look_up(&mut self, at: At, name: usize, scope: &Scope<'_>) -> Result<At, Refusal> {
        let mut level = Some(scope);
        while let Some(here) = level {
            let next = here.record.step(self, at, scope)?;
            if next != at {
                return Ok(next);
            }
            level = here.around;
        }
        self.missing(at, name, scope)
    }

    fn missing(&mut self, at: At, name: usize, scope: &Scope<'_>) -> Result<At, Refusal> {
        let program = self.program;
        let step = &program.steps[at];
        match &step.action {
            Action::If(no) => return Ok(*no),
            Action::Escaped if !program.strict => {
                for piece in ["{", &program.names[name], "}"] {
                    self.page.bytes.extend_from_slice(piece.as_bytes());
                }
                return Ok(self.next(at, step));
            }
            Action::Each(..) if !program.strict => return Ok(self.next(at, step)),
            _ => {}
        }
        let mut known = Vec::new();
        let mut level = Some(scope);
        while let Some(here) = level {
            known.extend(here.record.names(self, scope));
            level = here.around;
        }
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        let name = &program.names[name];
        let error = Error::new(ErrorKind::MissingName, format!("the data has no `{name}`"));
        let hint = nearest::hint(name, "names", &known);
        Err(Refusal(match &program.places[at] {
            Some(place) => error.at(place, hint),
            None => error.help(hint),
        }))
    }
}
