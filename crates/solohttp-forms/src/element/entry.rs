//! One control with one text, and a lens between that text and the value.
//!
//! The builder methods here lengthen the chain of lenses; how the control looks is decided by the
//! function that makes the entry (`text`, `date`, `select`, …) and rendered by its family's file.

use std::borrow::Cow;
use std::fmt;
use std::ops::RangeInclusive;

use solohttp_core::{Fields, IoList};

use crate::element::choice;
use crate::element::input::{self, Kind};
use crate::element::{Element, Face, Shape, face_methods, hidden, radio, select, textarea};
use crate::form::sent::Sent;
use crate::lens::{
    AtLeast, AtMost, Check, Lens, MaxLength, MinLength, Optional, Pattern, Required, Reworded,
    Stepped, Steps, Text, Textual, Through, Trim, Within,
};
use crate::markup::attributes::Attributes;
use crate::validation::ValidationError;
use crate::validation::errors::ValidationErrors;
use crate::view::FieldView;

/// A control with one text, read through a lens.
#[derive(Clone)]
pub struct Entry<L> {
    pub(crate) face: Face,
    pub(crate) lens: L,
    pub(crate) widget: Widget,
    initial: Option<String>,
}

/// Which control it is.
#[derive(Debug, Clone)]
pub(crate) enum Widget {
    Input { kind: &'static Kind, suggestions: Vec<String> },
    Textarea,
    Select { blank: Option<String> },
    Radio { blank: Option<String> },
    Hidden,
    Display { is_secret: bool },
}

impl Widget {
    fn is_secret(&self) -> bool {
        match self {
            Self::Input { kind, .. } => kind.is_secret(),
            Self::Display { is_secret } => *is_secret,
            _ => false,
        }
    }
}

/// A one-line text control read through a lens of one's own.
pub fn entry<L: Lens>(label: impl Into<Cow<'static, str>>, lens: L) -> Entry<L> {
    Entry::new(label, lens, Widget::Input { kind: &input::TEXT, suggestions: Vec::new() })
}

impl<L> Entry<L> {
    pub(crate) fn new(label: impl Into<Cow<'static, str>>, lens: L, widget: Widget) -> Self {
        Self { face: Face::new(label), lens, widget, initial: None }
    }

    face_methods!();

    fn lens<M>(self, wrap: impl FnOnce(L) -> M) -> Entry<M> {
        let Self { face, lens, widget, initial } = self;
        Entry { face, lens: wrap(lens), widget, initial }
    }

    /// Choices that the browser offers while one types; others may be typed too.
    #[must_use]
    pub fn suggestions<T: Into<String>>(mut self, texts: impl IntoIterator<Item = T>) -> Self {
        if let Widget::Input { suggestions, .. } = &mut self.widget {
            suggestions.extend(texts.into_iter().map(Into::into));
        }
        self
    }

    /// What to call the choice of none, for selects and radio buttons.
    #[must_use]
    pub fn blank_label(mut self, label: impl Into<String>) -> Self {
        if let Widget::Select { blank } | Widget::Radio { blank } = &mut self.widget {
            *blank = Some(label.into());
        }
        self
    }

    /// Shows the value without letting anyone edit it.
    ///
    /// The browser sends it back with the rest, so a crafted request can still change it.
    #[must_use]
    pub fn read_only(mut self) -> Self {
        self.widget = Widget::Display { is_secret: self.widget.is_secret() };
        self
    }
}

impl Entry<Trim> {
    /// Keeps blanks around the text.
    #[must_use]
    pub fn untrimmed(self) -> Entry<Text> {
        self.lens(|_| Text)
    }
}

impl<L: Lens> Entry<L> {
    /// May not be left blank; nothing but blanks counts as blank.
    #[must_use]
    pub fn required(self) -> Entry<Required<L>> {
        self.lens(Required)
    }

    /// May be left blank, which is `None`. Say this last: bounds are those of the value inside.
    #[must_use]
    pub fn optional(self) -> Entry<Optional<L>> {
        self.lens(Optional)
    }

    /// At most so many characters, counted as browsers do: most emoji are two. Longer text is
    /// an error and never cut.
    #[must_use]
    pub fn max_length(self, most: usize) -> Entry<MaxLength<L>>
    where
        L::Value: Textual,
    {
        self.lens(|lens| MaxLength { lens, bound: most })
    }

    /// At least so many characters, unless it is blank.
    #[must_use]
    pub fn min_length(self, least: usize) -> Entry<MinLength<L>>
    where
        L::Value: Textual,
    {
        self.lens(|lens| MinLength { lens, bound: least })
    }

    /// Must match this regular expression as a whole, unless it is blank.
    ///
    /// # Panics
    /// If it is no regular expression.
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
        let Self { face, lens, widget, initial } = self;
        Entry { face, lens: Pattern::new(lens, regex, message.into()), widget, initial }
    }

    /// The least value.
    #[must_use]
    pub fn min(self, least: L::Value) -> Entry<AtLeast<L>>
    where
        L::Value: PartialOrd,
    {
        self.lens(|lens| AtLeast { lens, bound: least })
    }

    /// The greatest value.
    #[must_use]
    pub fn max(self, most: L::Value) -> Entry<AtMost<L>>
    where
        L::Value: PartialOrd,
    {
        self.lens(|lens| AtMost { lens, bound: most })
    }

    /// From the least to the greatest value, both included. A range of times may go over midnight:
    /// from 22:00 to 6:00.
    ///
    /// # Panics
    /// If no value is in the range.
    #[must_use]
    #[track_caller]
    pub fn range(self, values: RangeInclusive<L::Value>) -> Entry<Within<L>>
    where
        L::Value: PartialOrd,
    {
        let has_values = !values.is_empty() || self.lens.goes_round();
        assert!(has_values, "swap the ends of the range: no value is in it");
        let (least, most) = values.into_inner();
        self.lens(|lens| Within { lens, least, most })
    }

    /// Only whole steps from the least value, or from zero. Say this after `min` or `range`.
    ///
    /// The step of a number is a number; that of a `time` or `date_time` a
    /// [`Duration`](std::time::Duration); that of a `date`, `month` or `week` how many days, months
    /// or weeks.
    ///
    /// # Panics
    /// If dates or times are to be counted in steps and there is no least one to count from.
    #[must_use]
    #[track_caller]
    pub fn step(self, step: <L::Value as Steps>::Step) -> Entry<Stepped<L>>
    where
        L::Value: Steps,
    {
        // Without `min`, browsers count from the value that the page shows.
        let counts = matches!(&self.widget, Widget::Input { kind, .. } if kind.counts_from_value());
        let has_base = !counts || self.lens_attributes().has("min");
        assert!(has_base, "say `min` or `range` before `step`: steps are counted from there");
        self.lens(|lens| Stepped { lens, step })
    }

    /// A check of one's own, with what to say if it fails.
    #[must_use]
    pub fn check<F>(self, check: F, message: impl Into<ValidationError>) -> Entry<Check<L, F>>
    where
        F: Fn(&L::Value) -> bool + 'static,
    {
        self.lens(|lens| Check { lens, check, mistake: message.into() })
    }

    /// Goes on to another type: `parse` may refuse with a message, `show` undoes it.
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

    /// What to say instead, whatever is wrong.
    #[must_use]
    pub fn message(self, message: impl Into<ValidationError>) -> Entry<Reworded<L>> {
        self.lens(|lens| Reworded { lens, mistake: message.into() })
    }

    /// The value in the form for a new record. A time is shown to the minute: what `now` has of
    /// seconds and less, nobody would choose, and no browser has a picker for.
    ///
    /// # Panics
    /// For a password, which no page shows.
    #[must_use]
    #[track_caller]
    #[expect(clippy::needless_pass_by_value, reason = "initial values are made on the spot")]
    pub fn initial(mut self, value: L::Value) -> Self {
        assert!(!self.widget.is_secret(), "no page shows a password, so it cannot begin with one");
        let text = self.lens.show(&value);
        self.initial = Some(match &self.widget {
            Widget::Input { kind, .. } => kind.initial(text),
            _ => text,
        });
        self
    }

    pub(crate) fn lens_attributes(&self) -> Attributes {
        let mut attributes = Attributes::new();
        self.lens.attributes(&mut attributes);
        attributes
    }
}

impl<L: Lens> Element for Entry<L> {
    type Value = L::Value;

    fn face(&self) -> &Face {
        &self.face
    }

    fn shape(&self) -> Shape {
        match self.widget {
            Widget::Radio { .. } => Shape::RadioGroup,
            Widget::Hidden => Shape::Hidden,
            _ => Shape::Single,
        }
    }

    fn blank(&self, name: &str, fields: &mut Fields) {
        if let Some(initial) = &self.initial {
            fields.push(name, initial);
        }
    }

    fn show(&self, name: &str, value: &L::Value, fields: &mut Fields) {
        fields.push(name, self.lens.show(value));
    }

    fn parse(&self, name: &str, sent: &Sent, mistakes: &mut ValidationErrors) -> Option<L::Value> {
        match self.lens.parse(sent.text(name)) {
            Ok(value) => Some(value),
            Err(mistake) => {
                mistakes.add(name, mistake);
                None
            }
        }
    }

    fn control(&self, at: &FieldView) -> IoList {
        let (lens, choices) = (self.lens_attributes(), self.lens.choices().unwrap_or_default());
        match &self.widget {
            Widget::Input { kind, suggestions } => {
                let is_right = self.lens.parse(at.text()).is_ok();
                input::control(kind, suggestions, &lens, is_right, at)
            }
            Widget::Textarea => textarea::control(&lens, at),
            Widget::Select { blank } => select::control(choices, blank.as_deref(), &lens, at),
            Widget::Radio { blank } => radio::control(choices, blank.as_deref(), &lens, at),
            Widget::Hidden => hidden::control(at),
            Widget::Display { is_secret: true } => hidden::masked(at),
            Widget::Display { .. } => hidden::display(choices, at),
        }
    }

    fn is_required(&self) -> bool {
        self.lens_attributes().has("required")
    }

    fn is_secret(&self) -> bool {
        self.widget.is_secret()
    }

    fn say(&self, name: &str, sent: &Sent) -> String {
        let text = sent.text(name);
        match &self.widget {
            _ if self.is_secret() && !text.is_empty() => "••••••".to_owned(),
            _ => choice::label(self.lens.choices().unwrap_or_default(), text).to_owned(),
        }
    }
}

impl<L> fmt::Debug for Entry<L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry").field("face", &self.face).field("widget", &self.widget).finish()
    }
}
