//! Elements whose value is entered as a single string. A lens converts between the string and the
//! value.
//!
//! The builder methods extend the chain of lenses. The constructors (`text`, `date`, `select`, …)
//! choose the widget. Each constructor is in the file of its widget.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::fmt;
use std::ops::RangeInclusive;

use solohttp_core::{Fields, IoList};

use crate::element::Element;
use crate::element::cell::CellKind;
use crate::element::display::{Display, MASK, MaskedDisplay};
use crate::element::info::{ElementInfo, Layout, info_methods};
use crate::element::reuse::Reuse;
use crate::element::widget::{EntryParts, LensAttributes, LensSummary, Widget};
use crate::form::data::FormData;
use crate::lens::{
    self, AtLeast, AtMost, Check, Lens, Limit, MaxLength, MinLength, Optional, Pattern, Required,
    Reworded, Stepped, Steps, Text, Textual, Through, Trim, Within,
};
use crate::markup::writer::Writer;
use crate::validation::ValidationError;
use crate::validation::errors::ValidationErrors;
use crate::view::field::FieldView;

/// An element whose value is entered as a single string, parsed and formatted by a [`Lens`].
#[derive(Clone)]
pub struct Entry<L> {
    info: ElementInfo,
    lens: L,
    widget: &'static dyn Widget,
    suggestions: Vec<String>,
    blank_label: Option<String>,
    initial: Option<String>,
    /// Determined on first use. A lens can't be changed once the form is complete.
    lens_attributes: OnceCell<LensSummary>,
}

impl<L> Entry<L> {
    pub(crate) fn new(
        label: impl Into<Cow<'static, str>>,
        lens: L,
        widget: &'static dyn Widget,
    ) -> Self {
        Self {
            info: ElementInfo::new(label),
            lens,
            widget,
            suggestions: Vec::new(),
            blank_label: None,
            initial: None,
            lens_attributes: OnceCell::new(),
        }
    }

    info_methods!();

    fn lens<M>(self, wrap: impl FnOnce(L) -> M) -> Entry<M> {
        let Self { info, lens, widget, suggestions, blank_label, initial, .. } = self;
        let (lens, lens_attributes) = (wrap(lens), OnceCell::new());
        Entry { info, lens, widget, suggestions, blank_label, initial, lens_attributes }
    }

    /// Suggests these values while the user types. Other values are allowed too.
    ///
    /// Only for elements that are rendered as an `<input>`.
    #[must_use]
    pub fn suggestions<T: Into<String>>(mut self, texts: impl IntoIterator<Item = T>) -> Self {
        self.suggestions.extend(texts.into_iter().map(Into::into));
        self
    }

    /// Sets the label of the blank choice in a select or radio group.
    #[must_use]
    pub fn blank_label(mut self, label: impl Into<String>) -> Self {
        self.blank_label = Some(label.into());
        self
    }

    /// Shows the value as text that can't be edited.
    ///
    /// The browser still sends the value, so a forged request can change it.
    #[must_use]
    pub fn read_only(mut self) -> Self {
        self.widget = if self.widget.is_secret() { &MaskedDisplay } else { &Display };
        self
    }
}

impl Entry<Trim> {
    /// Keeps leading and trailing whitespace.
    #[must_use]
    pub fn untrimmed(self) -> Entry<Text> {
        self.lens(|_| Text)
    }
}

impl<L: Lens> Entry<L> {
    /// Rejects blank text. Text that consists only of whitespace counts as blank.
    #[must_use]
    pub fn required(self) -> Entry<Required<L>> {
        self.lens(Required)
    }

    /// Parses blank text as `None`. Limits apply only to a value, whether they are set before or
    /// after.
    ///
    /// ```
    /// use solohttp_core::Fields;
    /// use solohttp_forms::{form, number, text};
    ///
    /// struct Place { shelf: Option<u8>, code: Option<String> }
    ///
    /// let form = form!(Place {
    ///     shelf: number("Shelf").optional().range(1..=40),
    ///     code: text("Code").pattern("[A-Z]{2}", "Two letters.").optional(),
    /// });
    /// let sent = |shelf| Fields::from_iter([("shelf", shelf), ("code", "")]);
    /// assert_eq!(form.submit(&sent("")).unwrap().shelf, None);
    /// assert_eq!(form.submit(&sent("40")).unwrap().shelf, Some(40));
    /// assert!(form.submit(&sent("0")).is_err());
    /// ```
    #[must_use]
    pub fn optional(self) -> Entry<Optional<L>> {
        self.lens(Optional)
    }

    /// Sets the maximum length in UTF-16 code units, which is how browsers count characters. Most
    /// emoji count as two. Longer text is an error and is never truncated.
    #[must_use]
    pub fn max_length(self, max: usize) -> Entry<MaxLength<L>>
    where
        L::Value: Textual,
    {
        self.lens(|lens| MaxLength { lens, bound: max })
    }

    /// Sets the minimum number of characters. Blank text is allowed unless you call `required()`.
    #[must_use]
    pub fn min_length(self, min: usize) -> Entry<MinLength<L>>
    where
        L::Value: Textual,
    {
        self.lens(|lens| MinLength { lens, bound: min })
    }

    /// Requires the whole text to match this regular expression, unless the text is blank.
    ///
    /// # Panics
    /// If `regex` is not a valid regular expression.
    #[must_use]
    #[track_caller]
    pub fn pattern(
        self,
        regex: &'static str,
        message: impl Into<ValidationError>,
    ) -> Entry<Pattern<L>>
    where
        L::Value: Textual,
    {
        let Self { info, lens, widget, suggestions, blank_label, initial, .. } = self;
        // `#[track_caller]` has no effect in a closure passed to `self.lens(…)`.
        let lens = Pattern::new(lens, regex, message.into());
        let lens_attributes = OnceCell::new();
        Entry { info, lens, widget, suggestions, blank_label, initial, lens_attributes }
    }

    /// Sets the minimum.
    #[must_use]
    pub fn min(self, min: impl Limit<L::Value>) -> Entry<AtLeast<L>>
    where
        L::Value: PartialOrd,
    {
        self.lens(|lens| AtLeast { lens, bound: min.into_limit() })
    }

    /// Sets the maximum.
    #[must_use]
    pub fn max(self, max: impl Limit<L::Value>) -> Entry<AtMost<L>>
    where
        L::Value: PartialOrd,
    {
        self.lens(|lens| AtMost { lens, bound: max.into_limit() })
    }

    /// Sets the minimum and the maximum. A range of times may span midnight, for example from 22:00
    /// to 6:00.
    ///
    /// # Panics
    /// If the range is empty.
    #[must_use]
    #[track_caller]
    pub fn range<B>(self, values: RangeInclusive<B>) -> Entry<Within<L>>
    where
        B: Limit<L::Value> + PartialOrd,
        L::Value: PartialOrd,
    {
        let has_values = !values.is_empty() || self.lens.is_cyclic();
        assert!(has_values, "swap the ends of the range: it contains no values");
        let (min, max) = values.into_inner();
        self.lens(|lens| Within { lens, min: min.into_limit(), max: max.into_limit() })
    }

    /// Allows only values that are a whole number of steps from the minimum, or from zero if there
    /// is no minimum. Call this after `min` or `range`.
    ///
    /// For a number, the step is a number. For a `time` or `date_time`, it is a
    /// [`Duration`](std::time::Duration). For a `date`, `month` or `week`, it is a number of days,
    /// months or weeks.
    ///
    /// # Panics
    /// If the value is a date or time and has no minimum.
    #[must_use]
    #[track_caller]
    pub fn step(self, step: <L::Value as Steps>::Step) -> Entry<Stepped<L>>
    where
        L::Value: Steps,
    {
        // Without a `min`, browsers count steps from the value in the page.
        let has_base = !self.widget.counts_from_value() || self.summary().attributes.has("min");
        assert!(
            has_base,
            "call `min` or `range` before `step`: steps are counted from the minimum"
        );
        self.lens(|lens| Stepped::new(lens, step))
    }

    /// Adds a custom check, with the message to show if it fails.
    #[must_use]
    pub fn check<F>(self, check: F, message: impl Into<ValidationError>) -> Entry<Check<L, F>>
    where
        F: Fn(&L::Value) -> bool + 'static,
    {
        self.lens(|lens| Check { lens, check, error: message.into() })
    }

    /// Converts the value to another type. `parse` may fail with a message; `show` is its inverse.
    ///
    /// ```
    /// use solohttp_forms::{Entry, lens::Lens, text};
    /// let tags = text("Tags").through(
    ///     |text| Ok::<_, &str>(text.split_whitespace().map(str::to_owned).collect::<Vec<_>>()),
    ///     |tags| tags.join(" "),
    /// );
    /// ```
    #[must_use]
    pub fn through<V, E, P, S>(self, parse: P, show: S) -> Entry<Through<L, P, S>>
    where
        P: Fn(L::Value) -> Result<V, E> + 'static,
        S: Fn(&V) -> L::Value + 'static,
        E: Into<ValidationError>,
        V: 'static,
    {
        self.lens(|lens| Through { lens, parse, show })
    }

    /// Replaces all error messages of this element with a single one.
    #[must_use]
    pub fn message(self, message: impl Into<ValidationError>) -> Entry<Reworded<L>> {
        self.lens(|lens| Reworded { lens, error: message.into() })
    }

    /// Sets the initial value in the form for a new record. Times are rounded down to the minute:
    /// the initial value is often the current time, and browsers have no picker for its seconds.
    ///
    /// # Panics
    /// If this is a password, which is never shown.
    #[must_use]
    #[track_caller]
    #[expect(clippy::needless_pass_by_value, reason = "initial values are made on the spot")]
    pub fn initial(mut self, value: L::Value) -> Self {
        assert!(!self.widget.is_secret(), "a password is never shown, so it has no initial value");
        self.initial = Some(self.widget.initial(self.lens.show(&value)));
        self
    }

    fn summary(&self) -> &LensSummary {
        self.lens_attributes.get_or_init(|| LensSummary::of(&self.lens, &self.info))
    }
}

impl<L: Lens> Element for Entry<L> {
    type Value = L::Value;

    fn info(&self) -> &ElementInfo {
        &self.info
    }

    fn layout(&self) -> Layout {
        self.widget.layout()
    }

    fn blank(&self, name: &str, fields: &mut Fields) {
        if let Some(initial) = &self.initial {
            fields.push(name, initial);
        }
    }

    fn show(&self, name: &str, value: &L::Value, fields: &mut Fields) {
        fields.push_with(name, |text| self.lens.write(value, text));
    }

    fn write(&self, value: &L::Value, text: &mut dyn fmt::Write) -> fmt::Result {
        self.lens.write(value, text)
    }

    fn parse(
        &self,
        name: &str,
        data: &FormData,
        errors: &mut ValidationErrors,
    ) -> Option<L::Value> {
        self.lens.parse(data.text(name)).map_err(|error| errors.add(name, error)).ok()
    }

    fn control(&self, field: &FieldView) -> IoList {
        Writer::list(|out| self.render_control(field, out))
    }

    fn render_control(&self, field: &FieldView, out: &mut Writer) {
        let LensSummary { attributes, is_required, collide } = self.summary();
        let may_be_blank = *is_required && !field.is_required();
        let parts = EntryParts {
            lens: LensAttributes { list: attributes, may_be_blank },
            merges: *collide,
            is_required: *is_required,
            choices: self.lens.choices().unwrap_or_default(),
            suggestions: &self.suggestions,
            blank_label: self.blank_label.as_deref(),
            is_valid: &|| self.lens.parse(field.text()).is_ok(),
        };
        self.widget.render(&parts, field, out);
    }

    fn reuse(&self) -> Option<Reuse> {
        self.widget.reuse(self.lens.choices().unwrap_or_default())
    }

    fn is_required(&self) -> bool {
        self.summary().is_required
    }

    fn is_secret(&self) -> bool {
        self.widget.is_secret()
    }

    fn is_editable(&self) -> bool {
        self.widget.is_editable()
    }

    fn untouched(&self, name: &str, fields: &mut Fields) {
        let lens = self.summary();
        if self.initial.is_none()
            && lens.is_required
            && let Some(text) = self.widget.untouched(&lens.attributes)
        {
            fields.push(name, text);
        }
    }

    fn cell(&self) -> Option<CellKind<'_>> {
        if self.is_secret() || !self.is_editable() {
            return None;
        }
        let number = self.lens.numerals().map(CellKind::Number);
        Some(number.or(self.lens.choices().map(CellKind::Choice)).unwrap_or(CellKind::Text))
    }

    fn describe(&self, name: &str, data: &FormData) -> String {
        match data.text(name) {
            text if self.is_secret() && !text.is_empty() => MASK.to_owned(),
            text => lens::label(self.lens.choices().unwrap_or_default(), text).to_owned(),
        }
    }
}

impl<L> fmt::Debug for Entry<L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry").field("info", &self.info).field("widget", &self.widget).finish()
    }
}
