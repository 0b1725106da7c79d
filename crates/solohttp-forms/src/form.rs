//! The form of a record: shown, read, and with what the whole of it needs.
//!
//! Knows nothing of requests or of when what is done: `formlet` does.

pub(crate) mod by_name;
pub(crate) mod field;
pub(crate) mod left;
pub(crate) mod outline;
pub(crate) mod sent;

use std::any::Any;
use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;
use std::rc::Rc;

use solohttp_core::{Fields, Locale, LocalePart as _};

use crate::element::RowChange;
use crate::form::outline::{Outline, Plan, RowKeys};
use crate::form::sent::Sent;
use crate::markup::button::{self, Button};
use crate::store::digests::Meanwhile;
use crate::validation::ValidationError;
use crate::validation::errors::{Errors, ValidationErrors};
use crate::validation::words::FormWords;
use crate::view::{Context, FormView};

/// The form of a record `T`, made by [`form!`](crate::form!).
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
/// let sent = Fields::from_iter([("name", "Bolt"), ("stock", "many")]);
/// let again = part_form().submit(&sent).unwrap_err();
/// assert_eq!(again["stock"].text(), "many"); // what was typed is kept
/// assert!(again.render().to_string().contains("Enter a number."));
///
/// let sent = Fields::from_iter([("name", "Bolt"), ("stock", "12")]);
/// assert_eq!(part_form().submit(&sent).unwrap(), Part { name: "Bolt".into(), stock: 12 });
/// ```
pub struct RecordForm<T> {
    plan: Plan<T>,
    settings: Settings,
}

/// What the whole of a form needs beside its fields.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    pub(crate) buttons: Vec<Button>,
    pub(crate) words: Rc<FormWords>,
    pub(crate) wording: fn(&ValidationError) -> Option<String>,
    pub(crate) prefix: Cow<'static, str>,
    pub(crate) action: Option<String>,
    pub(crate) browser_checks: bool,
    pub(crate) duplicates: bool,
    pub(crate) last_wins: bool,
}

impl Settings {
    /// Is what was sent compared with what has become of the record?
    pub(crate) fn compares(&self) -> bool {
        !self.last_wins
    }
}

impl<T> RecordForm<T> {
    pub(crate) fn new(plan: Plan<T>) -> Self {
        let settings = Settings {
            buttons: Vec::new(),
            words: Locale::current(),
            wording: |_| None,
            prefix: "f".into(),
            action: None,
            browser_checks: true,
            duplicates: false,
            last_wins: false,
        };
        Self { plan, settings }
    }

    pub(crate) fn into_plan(self) -> Plan<T> {
        self.plan
    }

    /// Adds a button that saves; `save` learns its name. Without any, there is one named `save`.
    #[must_use]
    pub fn button(self, name: &'static str, label: impl Into<Cow<'static, str>>) -> Self {
        self.add_button(name, label.into(), true)
    }

    /// Adds a button that neither checks nor saves, but leads to
    /// [`Formlet::on_button`](crate::Formlet::on_button) with what is typed so far.
    #[must_use]
    pub fn side_button(self, name: &'static str, label: impl Into<Cow<'static, str>>) -> Self {
        self.add_button(name, label.into(), false)
    }

    fn add_button(mut self, name: &'static str, label: Cow<'static, str>, saves: bool) -> Self {
        self.settings.buttons.push(Button::new(name, label, saves));
        self
    }

    /// Other words than those of the application's [`Locale`].
    ///
    /// # Panics
    /// If a sentence has a placeholder that it gets no value for.
    #[must_use]
    #[track_caller]
    pub fn words(mut self, words: FormWords) -> Self {
        if let Err(problem) = words.check() {
            panic!("{problem}");
        }
        self.settings.words = Rc::new(words);
        self
    }

    /// Other sentences for some mistakes of this form; `None` leaves one to its words.
    #[must_use]
    pub fn wording(mut self, wording: fn(&ValidationError) -> Option<String>) -> Self {
        self.settings.wording = wording;
        self
    }

    /// What the ids of its elements start with, `f` if nothing is said: two forms on one page
    /// need two.
    #[must_use]
    pub fn id_prefix(mut self, prefix: impl Into<Cow<'static, str>>) -> Self {
        self.settings.prefix = prefix.into();
        self
    }

    /// Where it is sent to, if not to the address of its own page.
    #[must_use]
    pub fn action(mut self, url: impl fmt::Display) -> Self {
        self.settings.action = Some(url.to_string());
        self
    }

    /// Leaves all checks to the server, which tells every error at once; a browser tells one at a
    /// time.
    #[must_use]
    pub fn without_browser_checks(mut self) -> Self {
        self.settings.browser_checks = false;
        self
    }

    /// Saves a form as often as it is sent.
    ///
    /// Without this, a page of a [`Formlet`](crate::Formlet) saves the same only once. A double
    /// click gets the first answer again. A user who goes back and sends the same once more is told
    /// that it was saved already, and can save it a second time (409); if the form edits a record,
    /// it is simply saved again. The last 256 submissions are remembered until the program ends.
    #[must_use]
    pub fn allow_duplicates(mut self) -> Self {
        self.settings.duplicates = true;
        self
    }

    /// Saves what is sent, whatever has become of the record since the form was shown.
    ///
    /// Without this, a [`Formlet`](crate::Formlet) with a `load` finds out who changed what. What
    /// others have changed and this user has not is kept; where both changed one field, each in
    /// another way, nothing is saved, and the user chooses between the two (409). Rows and groups
    /// are one field each.
    #[must_use]
    pub fn last_wins(mut self) -> Self {
        self.settings.last_wins = true;
        self
    }

    pub(crate) fn outline(&self) -> &Outline {
        &self.plan.outline
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The form for a new record.
    #[must_use]
    pub fn blank(&self) -> FormView<T> {
        self.view(Sent::from(self.blank_fields()), ValidationErrors::default())
    }

    /// The form with a record in it.
    #[must_use]
    pub fn show(&self, record: &T) -> FormView<T> {
        self.view(Sent::from(self.fields_of(record)), ValidationErrors::default())
    }

    /// What a browser would send for a new record without anything typed.
    #[must_use]
    pub fn blank_fields(&self) -> Fields {
        let mut fields = Fields::new();
        self.plan.outline.blank("", &mut fields);
        fields
    }

    /// What a browser would send for this record.
    #[must_use]
    pub fn fields_of(&self, record: &T) -> Fields {
        let mut fields = Fields::new();
        self.plan.show("", record, &mut fields);
        fields
    }

    /// Reads a record from what was sent. Files are not among the fields: a form with files needs
    /// a [`Formlet`](crate::Formlet), which keeps them.
    ///
    /// # Errors
    /// The form as it was filled in, with every error at its field.
    pub fn submit(&self, fields: &Fields) -> Result<T, FormView<T>> {
        let mut sent = Sent::from(fields.clone());
        self.settle(&mut sent);
        self.parse(&sent).map_err(|errors| self.view_again(sent, errors.mistakes))
    }

    /// The form with this typed in, and errors if there are any.
    #[must_use]
    pub fn filled(&self, fields: Fields, errors: Errors<T>) -> FormView<T> {
        self.view_again(Sent::from(fields), errors.mistakes)
    }

    pub(crate) fn settle(&self, sent: &mut Sent) {
        let fields = std::mem::take(sent.fields_mut());
        *sent.fields_mut() = self.plan.outline.settle("", fields);
    }

    pub(crate) fn parse(&self, sent: &Sent) -> Result<T, Errors<T>> {
        let mut errors = Errors::new();
        match self.plan.parse("", sent, &mut errors.mistakes) {
            Some(record) if errors.is_empty() => Ok(record),
            _ => Err(errors),
        }
    }

    /// The names of the secrets that were typed, such as passwords.
    pub(crate) fn secrets_of(&self, sent: &Sent) -> Vec<String> {
        let mut names = self.plan.outline.secrets("", sent, true);
        names.retain(|name| !sent.text(name).is_empty());
        names
    }

    /// Takes secrets out of what a form comes back with, and asks for the typed ones again.
    pub(crate) fn forget_secrets(
        &self,
        sent: &mut Sent,
        typed: &[String],
        mistakes: &mut ValidationErrors,
    ) {
        let secrets: HashSet<String> = self.secrets_of(sent).into_iter().collect();
        if !secrets.is_empty() {
            let fields = std::mem::take(sent.fields_mut());
            let shown = fields.into_iter().filter(|(name, _)| !secrets.contains(name.as_str()));
            *sent.fields_mut() = shown.collect();
        }
        for name in typed {
            if mistakes.at(name).next().is_none() {
                mistakes.add(name, ValidationError::EnterAgain);
            }
        }
    }

    pub(crate) fn view(&self, sent: Sent, mistakes: ValidationErrors) -> FormView<T> {
        self.view_of(sent, mistakes, Meanwhile::default())
    }

    fn view_again(&self, mut sent: Sent, mut mistakes: ValidationErrors) -> FormView<T> {
        let typed = self.secrets_of(&sent);
        self.forget_secrets(&mut sent, &typed, &mut mistakes);
        self.view(sent, mistakes)
    }

    pub(crate) fn view_of(
        &self,
        sent: Sent,
        mistakes: ValidationErrors,
        meanwhile: Meanwhile,
    ) -> FormView<T> {
        let mut settings = self.settings.clone();
        if settings.buttons.is_empty() {
            let label = settings.words.save.to_string().into();
            settings.buttons.push(Button::new("save", label, true));
        }
        if meanwhile.offers_new {
            button::offer_new(&mut settings.buttons, &settings.words);
        }
        let context = Context::new(&self.plan.outline, sent, mistakes, settings, meanwhile);
        FormView::new(&self.plan.outline, Rc::new(context))
    }

    /// The button with this name, or the first that saves if nothing is said, as when the form is
    /// sent by a script.
    pub(crate) fn pressed(&self, name: Option<&str>) -> Option<(&str, bool)> {
        let buttons = &self.settings.buttons;
        let found = match name {
            Some(name) => buttons.iter().find(|button| button.name == name),
            None => buttons.iter().find(|button| button.saves),
        };
        let default = || ["save"].into_iter().find(|own| name.is_none_or(|name| name == *own));
        match found {
            Some(button) => Some((button.name, button.saves)),
            None if buttons.iter().all(|button| !button.saves) => default().map(|own| (own, true)),
            None => None,
        }
    }

    /// Adds, removes or moves a row, as the button at it says: `up lines 2`. False if it cannot.
    pub(crate) fn rearrange(&self, command: &str, fields: &mut Fields) -> bool {
        let mut words = command.split(' ');
        let (Some(verb), Some(name)) = (words.next(), words.next()) else { return false };
        let row = words.next().and_then(|row| row.parse().ok()).unwrap_or(usize::MAX);
        let change = match verb {
            "add" => RowChange::Add,
            "remove" => RowChange::Remove(row),
            "up" => RowChange::Up(row),
            "down" => RowChange::Down(row),
            _ => return false,
        };
        let element = self.plan.outline.find(name, &RowKeys::of(fields));
        let compound = element.and_then(|element| element.compound());
        compound.is_some_and(|compound| compound.rearrange(name, change, fields))
    }

    /// Puts a value into a field, in place of what is typed there. False if there is no such field.
    pub(crate) fn put(&self, name: &str, value: &dyn Any, fields: &mut Fields) -> bool {
        let element = self.plan.outline.find(name, &RowKeys::of(fields));
        element.is_some_and(|element| {
            outline::put(element.as_ref(), name, value, fields);
            true
        })
    }
}

impl<T> fmt::Debug for RecordForm<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecordForm").field("fields", &self.plan.outline).finish_non_exhaustive()
    }
}
