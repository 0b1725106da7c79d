//! A record's form: shows the record, and holds the settings of the form as a whole.
//!
//! `submit` reads a record. This module is independent of requests; `formlet` handles those.

pub(crate) mod by_name;
mod cached;
pub(crate) mod data;
mod declare;
pub(crate) mod field;
pub(crate) mod names;
pub(crate) mod plan;
pub(crate) mod row_change;
pub(crate) mod row_diff;
pub(crate) mod settings;
pub(crate) mod steps;
mod submit;

use std::any::Any;
use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;
use std::rc::Rc;

use solohttp_core::{Fields, Locale, LocalePart as _};

use crate::form::data::FormData;
use crate::form::plan::{Plan, Reading, Showing};
use crate::form::row_change::{RowChange, RowFocus};
use crate::form::settings::Settings;
use crate::form::steps::Steps;
use crate::markup::button::Button;
use crate::merge::conflict::RecordChanges;
use crate::outline::{Outline, RowKeys};
use crate::validation::ValidationError;
use crate::validation::errors::ValidationErrors;
use crate::validation::words::FormWords;
use crate::view::FormView;
use crate::view::context::Context;
use crate::view::prerendered::Shared;
use crate::view::prerendered::record_page::ShownRecord;

/// The usual length of a field's name and value, in bytes.
const FIELD_LEN: usize = 24;

/// The form for a record `T`, created with [`form!`](crate::form!).
///
/// ```
/// use solohttp_core::Fields;
/// use solohttp_forms::{RecordForm, form, number, text};
///
/// #[derive(Debug, PartialEq)]
/// struct Part { name: String, stock: u32 }
///
/// fn part_form() -> RecordForm<Part> {
///     form!(Part { name: text("Name").required(), stock: number("Stock").max(999) })
/// }
///
/// let data = Fields::from_iter([("name", "Bolt"), ("stock", "many")]);
/// let again = part_form().submit(&data).unwrap_err();
/// assert_eq!(again["stock"].text(), "many"); // the input is kept
/// assert!(again.render().to_string().contains("Enter a number."));
///
/// let data = Fields::from_iter([("name", "Bolt"), ("stock", "12")]);
/// assert_eq!(part_form().submit(&data).unwrap(), Part { name: "Bolt".into(), stock: 12 });
/// ```
///
/// A form keeps the HTML that is the same on all of its pages, and its clones share it. To declare
/// a form only once, use [`cached`](Self::cached).
pub struct RecordForm<T> {
    plan: Plan<T>,
    settings: Rc<Settings>,
    /// What all views of the form share. Belongs to exactly these settings.
    shared: Rc<Shared>,
}

impl<T> RecordForm<T> {
    /// Called by [`form!`](crate::form!).
    #[doc(hidden)]
    pub fn declare(
        outline: Outline,
        parse: impl Fn(&mut Reading<'_>) -> Option<T> + 'static,
        show: impl Fn(&T, &mut Showing<'_, '_>) + 'static,
    ) -> Self {
        let settings = Settings {
            buttons: Vec::new(),
            words: Locale::current(),
            wording: |_| None,
            prefix: "f".into(),
            action: None,
            browser_checks: true,
            duplicates: false,
            last_wins: false,
            steps: Steps::default(),
        };
        let plan = Plan::new(outline, parse, show);
        Self { plan, settings: Rc::new(settings), shared: Rc::default() }
    }

    fn settings_mut(&mut self) -> &mut Settings {
        self.shared = Rc::default();
        Rc::make_mut(&mut self.settings)
    }

    pub(crate) fn into_plan(self) -> Plan<T> {
        self.plan
    }

    /// Adds a button that saves the form. If it is pressed,
    /// [`Submission::button`](crate::Submission::button) returns its name. A form without buttons
    /// gets one named `save`.
    #[must_use]
    pub fn button(self, name: &'static str, label: impl Into<Cow<'static, str>>) -> Self {
        self.add_button(name, label.into(), true)
    }

    /// Adds a button that neither validates nor saves, but calls
    /// [`Formlet::on_button`](crate::Formlet::on_button) with the input so far. Implement
    /// [`Formlet::confirm`](crate::Formlet::confirm) to ask first.
    #[must_use]
    pub fn side_button(self, name: &'static str, label: impl Into<Cow<'static, str>>) -> Self {
        self.add_button(name, label.into(), false)
    }

    fn add_button(mut self, name: &'static str, label: Cow<'static, str>, saves: bool) -> Self {
        self.settings_mut().buttons.push(Button::new(name, label, saves));
        self
    }

    /// Uses these words instead of those in the application's [`Locale`].
    ///
    /// # Panics
    /// If a sentence contains an unknown placeholder.
    #[must_use]
    #[track_caller]
    pub fn words(mut self, words: FormWords) -> Self {
        if let Err(problem) = words.check() {
            panic!("{problem}");
        }
        self.settings_mut().words = Rc::new(words);
        self
    }

    /// Overrides the messages for some errors. If the function returns `None`, the form takes the
    /// message from its [`FormWords`].
    #[must_use]
    pub fn wording(mut self, wording: fn(&ValidationError) -> Option<String>) -> Self {
        self.settings_mut().wording = wording;
        self
    }

    /// Sets the prefix of all element ids. Defaults to `f`. Two forms on the same page need
    /// different prefixes.
    #[must_use]
    pub fn id_prefix(mut self, prefix: impl Into<Cow<'static, str>>) -> Self {
        self.settings_mut().prefix = prefix.into();
        self
    }

    /// Sets the URL to submit to. Defaults to the page's own URL.
    #[must_use]
    pub fn action(mut self, url: impl fmt::Display) -> Self {
        self.settings_mut().action = Some(url.to_string());
        self
    }

    /// Disables the browser's own checks, which report only one error at a time. The server reports
    /// all errors at once.
    #[must_use]
    pub fn without_browser_checks(mut self) -> Self {
        self.settings_mut().browser_checks = false;
        self
    }

    /// Saves every submission of the form, even duplicates.
    ///
    /// Without this, a [`Formlet`](crate::Formlet) saves the same submission only once. The second
    /// click of a double click gets the same response as the first. If the user goes back and sends
    /// the same input again, the form says that the input has already been saved, and offers to
    /// save it a second time (409). A form that edits an existing record simply saves it again. The
    /// last 256 submissions are remembered until the program ends.
    #[must_use]
    pub fn allow_duplicates(mut self) -> Self {
        self.settings_mut().duplicates = true;
        self
    }

    /// Overwrites changes that were saved after the form was shown.
    ///
    /// Without this, a [`Formlet`](crate::Formlet) that implements `load` merges changes. Fields
    /// that the user hasn't changed keep the value that was saved in the meantime. If the user and
    /// someone else have changed the same field to different values, nothing is saved, and the user
    /// chooses between the two values (409). A list of rows counts as a single field, and so does a
    /// group.
    #[must_use]
    pub fn last_wins(mut self) -> Self {
        self.settings_mut().last_wins = true;
        self
    }

    pub(crate) fn outline(&self) -> &Outline {
        &self.plan.outline
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The form for a new record.
    ///
    /// # Panics
    /// If a hidden or read-only field is blank although its value is required. The user could never
    /// send the form.
    #[must_use]
    #[track_caller]
    pub fn blank(&self) -> FormView<T> {
        let fields = self.shared.blank_fields(|| {
            let fields = self.blank_fields();
            self.check_sendable(&FormData::from(fields.clone()));
            fields
        });
        self.view(FormData::from(fields), ValidationErrors::default())
    }

    /// The form for an existing record.
    ///
    /// # Panics
    /// Like [`blank`](Self::blank).
    #[must_use]
    #[track_caller]
    pub fn show(&self, record: &T) -> FormView<T> {
        let data = self.shown(record).map_or_else(
            || {
                let data = FormData::from(self.fields_of(record));
                self.check_sendable(&data);
                data
            },
            FormData::from,
        );
        self.view(data, ValidationErrors::default())
    }

    /// The page for a record, if it can be written at once.
    fn shown(&self, record: &T) -> Option<ShownRecord> {
        if self.plan.outline.has_fixed_fields || !self.settings.steps.is_empty() {
            return None;
        }
        let mut page = self.shared.record_page()?;
        self.plan.show_on(&mut page, record);
        Some(ShownRecord { html: page.finish()?.into(), form: self.shared.clone() })
    }

    /// Panics if the user could never send the form.
    #[track_caller]
    pub(crate) fn check_sendable(&self, data: &FormData) {
        if let Some(name) = self.plan.outline.unsendable("", data) {
            refuse_to_show(&name);
        }
    }

    /// The fields of a new record.
    pub(crate) fn blank_fields(&self) -> Fields {
        let mut fields = Fields::new();
        self.plan.outline.blank("", &mut fields);
        fields
    }

    /// The fields that a browser would send for this record.
    #[must_use]
    pub fn fields_of(&self, record: &T) -> Fields {
        let count = self.plan.outline.len();
        let mut fields = Fields::with_capacity(count, FIELD_LEN * count);
        self.plan.show("", record, &mut fields);
        fields
    }

    /// The names of the secret fields, such as passwords, that were filled in.
    pub(crate) fn secrets_of(&self, data: &FormData) -> Vec<String> {
        let mut names = self.plan.outline.secrets("", data, true);
        names.retain(|name| !data.text(name).is_empty());
        names
    }

    /// Removes secrets before the form is shown again, and asks the user to re-enter those in
    /// `typed`.
    pub(crate) fn forget_secrets(
        &self,
        data: &mut FormData,
        typed: &[String],
        errors: &mut ValidationErrors,
    ) {
        let secrets: HashSet<String> = self.secrets_of(data).into_iter().collect();
        if !secrets.is_empty() {
            let shown = data.fields().iter().filter(|(name, _)| !secrets.contains(*name));
            let shown: Fields = shown.collect();
            *data.fields_mut() = shown;
        }
        for name in typed {
            if errors.at(name).next().is_none() {
                errors.add(name, ValidationError::EnterAgain);
            }
        }
    }

    fn view(&self, data: FormData, errors: ValidationErrors) -> FormView<T> {
        self.view_after(data, errors, RecordChanges::default(), None)
    }

    fn redisplay(&self, mut data: FormData, mut errors: ValidationErrors) -> FormView<T> {
        let typed = self.secrets_of(&data);
        self.forget_secrets(&mut data, &typed, &mut errors);
        self.view(data, errors)
    }

    /// The form after changes to the record, or after a row button's action.
    pub(crate) fn view_after(
        &self,
        data: FormData,
        errors: ValidationErrors,
        changes: RecordChanges,
        focus: Option<&RowFocus>,
    ) -> FormView<T> {
        let mut settings = self.shared.settings(&self.settings);
        if changes.offers_new {
            Rc::make_mut(&mut settings).offer_new();
        }
        let step = self.settings.steps.shown(&data, &errors, &changes);
        if let Some(step) = step {
            settings.steps.check(&self.plan.outline);
            Rc::make_mut(&mut settings).enter_step(step);
        }
        let context = Context { step, ..Context::new(data, errors, settings, changes) };
        let context = Rc::new(context);
        FormView::new(&self.plan.outline, context, focus, Some(&self.shared))
    }

    /// Runs a row button's command. Returns the row to focus, or `None` if the command is invalid.
    pub(crate) fn rearrange(&self, command: &str, fields: &mut Fields) -> Option<RowFocus> {
        let (change, name) = RowChange::parse(command)?;
        let compound = self.plan.outline.find(name, &RowKeys::of(fields))?.compound()?;
        let index = compound.rearrange(name, change, fields)?;
        if change == RowChange::Add {
            let row = format!("{name}.{index}");
            let unsendable = compound.outline().unsendable(&row, &FormData::from(fields.clone()));
            unsendable.iter().for_each(|name| refuse_to_show(name));
        }
        Some(RowFocus { name: name.to_owned(), index })
    }

    /// Replaces a field's text with a value. Returns whether the field exists.
    pub(crate) fn put(&self, name: &str, value: &dyn Any, fields: &mut Fields) -> bool {
        let element = self.plan.outline.find(name, &RowKeys::of(fields));
        element.is_some_and(|element| {
            fields.remove(name);
            element.show_any(name, value, fields);
            true
        })
    }
}

#[track_caller]
fn refuse_to_show(name: &str) {
    panic!(
        "the form could never be sent: its field `{name}` is blank, which isn't valid, and users \
         can't fill in a hidden or read-only field. Set its value in the record or with `initial`, \
         or make it `optional()`"
    );
}

/// Clones share the elements.
impl<T> Clone for RecordForm<T> {
    fn clone(&self) -> Self {
        let (plan, settings) = (self.plan.clone(), self.settings.clone());
        Self { plan, settings, shared: self.shared.clone() }
    }
}

impl<T> fmt::Debug for RecordForm<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecordForm").field("fields", &self.plan.outline).finish_non_exhaustive()
    }
}
