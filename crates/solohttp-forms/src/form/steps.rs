//! The steps of a form that is shown in parts, one after the other (a wizard).
//!
//! All steps belong to one form. The page of a step carries the input of the others in hidden
//! fields, so the server keeps nothing.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use crate::element::info::Layout;
use crate::form::RecordForm;
use crate::form::data::FormData;
use crate::form::field::Field;
use crate::form::names::{BACK, NEXT, STEP};
use crate::markup::button::Button;
use crate::merge::conflict::RecordChanges;
use crate::outline::{Compound, Outline, RowKeys};
use crate::validation::errors::ValidationErrors;
use crate::validation::words::FormWords;

/// A reference to a field of any type in a record `T`, created from a [`Field`] or with
/// [`fields!`](crate::fields!).
pub struct AnyField<T> {
    name: String,
    of: PhantomData<fn(&T)>,
}

impl<T, V> From<Field<T, V>> for AnyField<T> {
    fn from(field: Field<T, V>) -> Self {
        Self { name: field.name().to_owned(), of: PhantomData }
    }
}

impl<T> fmt::Debug for AnyField<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("AnyField").field(&self.name).finish()
    }
}

/// Refers to several fields of a record, for [`FormPage::step`](crate::FormPage::step). Naming a
/// field that doesn't exist is a compile error.
///
/// ```
/// use solohttp_forms::{AnyField, fields};
/// struct Task { title: String, notes: String }
/// let both: [AnyField<Task>; 2] = fields!(Task { title, notes });
/// ```
#[macro_export]
macro_rules! fields {
    ($Record:ident $(:: $More:ident)* { $($field:ident),+ $(,)? }) => {
        $crate::fields!(@ [$Record $(:: $More)*] $($field)+)
    };
    (@ $Record:tt $($field:ident)+) => { [$($crate::fields!(@one $Record $field)),+] };
    (@one [$($Record:tt)+] $field:ident) => {
        $crate::AnyField::from($crate::Field::of(
            stringify!($field),
            |record: &$($Record)+| &record.$field,
        ))
    };
}

#[derive(Debug, Clone)]
pub(crate) struct Step {
    title: Cow<'static, str>,
    fields: Vec<String>,
}

impl Step {
    pub(crate) fn new<T>(
        title: Cow<'static, str>,
        fields: impl IntoIterator<Item = AnyField<T>>,
    ) -> Self {
        Self { title, fields: fields.into_iter().map(|field| field.name).collect() }
    }
}

/// The steps of a form. Empty if the form is shown as a whole.
#[derive(Debug, Clone, Default)]
pub(crate) struct Steps(Vec<Step>);

/// Where a button of a step leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Turn {
    Next,
    Back,
}

impl Steps {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn last(&self) -> usize {
        self.0.len().saturating_sub(1)
    }

    #[track_caller]
    pub(crate) fn push(&mut self, step: Step, outline: &Outline) {
        for name in &step.fields {
            let is_known = outline.iter().any(|(known, _)| known == name);
            assert!(
                is_known,
                "a step can't have `{name}`, which is not a field of the form itself"
            );
            assert!(self.of(name).is_none(), "the field `{name}` is in two steps");
        }
        self.0.push(step);
    }

    /// The step with this field, which may be within a row or group.
    pub(crate) fn of(&self, name: &str) -> Option<usize> {
        let top = name.split(['.', ':']).next().unwrap_or_default();
        self.0.iter().position(|step| step.fields.iter().any(|field| field == top))
    }

    /// The step that was sent.
    pub(crate) fn sent(&self, data: &FormData) -> usize {
        data.text(STEP).parse().unwrap_or(0).min(self.last())
    }

    /// What the pressed button asks for, unless it is one of the form's own. A script's form, which
    /// has no step, is sent as a whole.
    pub(crate) fn turn(&self, data: &FormData, pressed: Option<&str>) -> Option<Turn> {
        match pressed {
            _ if self.is_empty() => None,
            Some(NEXT) => Some(Turn::Next),
            Some(BACK) => Some(Turn::Back),
            None if data.has(STEP) && self.sent(data) < self.last() => Some(Turn::Next),
            _ => None,
        }
    }

    /// The step to show: the first one with errors, or the one that was sent. `None` for the form as
    /// a whole, which is shown if the user has to choose between two versions of it.
    pub(crate) fn shown(
        &self,
        data: &FormData,
        errors: &ValidationErrors,
        changes: &RecordChanges,
    ) -> Option<usize> {
        let is_whole = !changes.conflicts.is_empty() || changes.is_deleted || changes.offers_new;
        if self.is_empty() || is_whole {
            return None;
        }
        let invalid = errors.iter().filter_map(|(name, _)| self.of(name)).min();
        Some(invalid.unwrap_or_else(|| self.sent(data)))
    }

    /// Panics if a field could never be filled in.
    #[track_caller]
    pub(crate) fn check(&self, outline: &Outline) {
        for (name, element) in outline.iter() {
            let step = self.of(name);
            let within = element.compound().map(Compound::outline);
            let is_secret = element.is_secret() || within.is_some_and(|it| it.has_secrets);
            assert!(
                step.is_some() || element.layout() == Layout::Hidden,
                "the field `{name}` is in no step, so the user could never fill it in"
            );
            assert!(
                !is_secret || step == Some(self.last()),
                "the secret `{name}` must be in the last step: the pages of other steps can't \
                 carry it"
            );
        }
    }

    /// Replaces the buttons with those of a step.
    pub(crate) fn buttons(&self, step: usize, buttons: &mut Vec<Button>, words: &FormWords) {
        let (saves, others): (Vec<_>, Vec<_>) = buttons.drain(..).partition(|it| it.saves);
        if step < self.last() {
            buttons.push(Button::new(NEXT, words.next.to_string().into(), true));
        } else {
            buttons.extend(saves);
        }
        if step > 0 {
            buttons.push(Button::new(BACK, words.back.to_string().into(), false));
        }
        buttons.extend(others);
    }

    pub(crate) fn view(&self, step: usize) -> FormStep<'_> {
        FormStep { number: step + 1, count: self.0.len(), title: &self.0[step].title }
    }
}

impl<T> RecordForm<T> {
    /// Adds a step, so that the form is shown in parts (a wizard). See
    /// [`FormPage::step`](crate::FormPage::step).
    ///
    /// # Panics
    /// If a field is in another step already, or belongs to a row or group.
    #[must_use]
    #[track_caller]
    pub fn step(
        self,
        title: impl Into<Cow<'static, str>>,
        fields: impl IntoIterator<Item = AnyField<T>>,
    ) -> Self {
        self.with_step(Step::new(title.into(), fields))
    }

    #[track_caller]
    pub(crate) fn with_step(mut self, step: Step) -> Self {
        let outline = self.plan.outline.clone();
        self.settings_mut().steps.push(step, &outline);
        self
    }
}

/// The step of a form that a page shows. See [`FormView::step`](crate::FormView::step).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct FormStep<'a> {
    /// The number of the step, counted from 1.
    pub number: usize,
    /// The number of steps.
    pub count: usize,
    /// The title of the step.
    pub title: &'a str,
}

/// What has been entered up to a step, for [`Formlet::check_step`](crate::Formlet::check_step).
pub struct StepInput<'a, T> {
    form: &'a RecordForm<T>,
    data: &'a FormData,
    /// `None` if all steps have been filled in.
    step: Option<usize>,
}

impl<'a, T> StepInput<'a, T> {
    pub(crate) fn new(form: &'a RecordForm<T>, data: &'a FormData, step: Option<usize>) -> Self {
        Self { form, data, step }
    }

    /// The value of a field. Returns `None` if the field is invalid, or belongs to a later step.
    #[must_use]
    #[expect(clippy::needless_pass_by_value, reason = "`field!` creates them in place")]
    pub fn value<V: 'static>(&self, field: Field<T, V>) -> Option<V> {
        let name = field.name();
        let (steps, step) = (&self.form.settings().steps, self.step);
        if steps.of(name).is_some_and(|own| step.is_some_and(|step| own > step)) {
            return None;
        }
        let element = self.form.outline().find(name, &RowKeys::of(self.data.fields()))?;
        element.parse_any(name, self.data)?.downcast().ok().map(|value| *value)
    }
}

impl<T> fmt::Debug for StepInput<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StepInput").field("step", &self.step).finish_non_exhaustive()
    }
}
