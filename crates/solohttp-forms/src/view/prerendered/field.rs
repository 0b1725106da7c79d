//! The HTML of a field that is kept.

use std::cell::OnceCell;
use std::ops::Range;
use std::rc::Rc;

use solohttp_core::Fields;

use crate::element::input::is_one_line;
use crate::element::reuse::Reuse;
use crate::form::settings::Settings;
use crate::markup::writer::{Slot, Writer};
use crate::merge::conflict::RecordChanges;
use crate::outline::Outline;
use crate::validation::ValidationError;
use crate::validation::errors::ValidationErrors;
use crate::view::context::Context;
use crate::view::field::FieldView;
use crate::view::page::render_entry_slots;
use crate::view::prerendered::cut::Cut;
use crate::view::{FORM, build_field};

/// A field, and the HTML that its views have in common.
#[derive(Debug)]
pub(super) struct KeptField {
    pub(super) name: &'static str,
    index: usize,
    /// `None` if the field is rendered each time.
    reuse: Option<Reuse>,
    /// Whether all of the field's texts count, as opposed to the last one.
    pub(super) shows_all_texts: bool,
    /// The usual state, whose HTML is in the form's buffer.
    pub(super) usual: State,
    pub(super) html: StateHtml,
    /// The same, if it can be found faster.
    pub(super) simple: Option<Simple>,
    /// The HTML in each of the states, created on first use.
    others: Box<[OnceCell<OtherHtml>; 4]>,
}

/// Everything that a field's HTML depends on, apart from its texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct State {
    pub(super) has_errors: bool,
    pub(super) has_focus: bool,
}

/// The HTML of a field in one state.
#[derive(Debug)]
pub(super) struct StateHtml {
    /// `None` if the field is rendered each time.
    pub(super) blank: Option<Cut>,
    filled: Option<Cut>,
    /// The entry of the summary, if the field has errors.
    pub(super) entry: Option<Cut>,
}

/// A field that shows a single line, or a box. All ranges are in the form's buffer.
#[derive(Debug, Clone)]
pub(super) struct Simple {
    pub(super) blank: Range<usize>,
    /// The field with a text, from which the line is missing.
    pub(super) filled: Range<usize>,
    pub(super) shown: Shown,
}

/// What a simple field shows of a text.
#[derive(Debug, Clone, Copy)]
pub(super) enum Shown {
    /// The text, at this index.
    LineAt(usize),
    /// Nothing, because only this text fits.
    Only(&'static str),
}

impl StateHtml {
    fn simple(&self, reuse: &Reuse) -> Option<Simple> {
        let (blank, filled) = (self.blank.as_ref()?, self.filled.as_ref()?);
        let shown = match *reuse {
            Reuse::Line => Shown::LineAt(filled.value()?),
            Reuse::Check { checked } => Shown::Only(checked),
            _ => return None,
        };
        Some(Simple { blank: blank.range.clone(), filled: filled.range.clone(), shown })
    }
}

/// The HTML of a field in a state that isn't the usual one, with a buffer of its own.
#[derive(Debug)]
struct OtherHtml {
    buffer: Vec<u8>,
    html: StateHtml,
}

/// What the HTML of all fields depends on.
#[derive(Clone, Copy)]
pub(super) struct Declared<'a> {
    pub(super) outline: &'a Outline,
    pub(super) settings: &'a Rc<Settings>,
}

impl Declared<'_> {
    /// A view of the field.
    fn sample(self, index: usize, state: State, text: Option<&str>) -> FieldView {
        let (name, element) = self.outline.nth(index);
        let fields: Fields = text.into_iter().map(|text| (name, text)).collect();
        let mut errors = ValidationErrors::default();
        if state.has_errors {
            errors.add(name, ValidationError::Missing);
        }
        let context =
            Context::new(fields.into(), errors, self.settings.clone(), RecordChanges::default());
        if state.has_focus {
            context.focus.get_or_init(|| name.to_owned());
        }
        build_field((name, element), FORM, &Rc::new(context))
    }

    fn blank(self, index: usize, state: State, buffer: &mut Vec<u8>) -> Cut {
        let mut out = Writer::with_slots();
        self.sample(index, state, None).render_into(&mut out);
        Cut::new(out, |slot| *slot == Slot::Error, buffer)
    }

    /// Returns `None` if it isn't known where the text or the choices are, because the attributes
    /// of the control are merged.
    fn filled(
        self,
        index: usize,
        state: State,
        reuse: &Reuse,
        buffer: &mut Vec<u8>,
    ) -> Option<Cut> {
        let sample = reuse.sample()?;
        let mut out = Writer::with_slots();
        self.sample(index, state, Some(sample)).render_into(&mut out);
        let cut = Cut::new(out, |_| true, buffer);
        let is_known = match reuse {
            Reuse::Line | Reuse::Text { .. } => cut.has_value(),
            Reuse::Check { .. } => true,
            Reuse::Choices { .. } => cut.has_choice(sample),
        };
        if !is_known {
            buffer.truncate(cut.range.start);
        }
        is_known.then_some(cut)
    }

    fn entry(self, index: usize, state: State, buffer: &mut Vec<u8>) -> Cut {
        let mut out = Writer::with_slots();
        render_entry_slots(&self.sample(index, state, None), &mut out);
        Cut::new(out, |_| true, buffer)
    }
}

impl KeptField {
    /// Appends the blank field. [`fill`](Self::fill) appends the one with a text, so that each of
    /// the two versions of the form is in one piece.
    pub(super) fn new(
        declared: Declared<'_>,
        index: usize,
        usual: State,
        buffer: &mut Vec<u8>,
    ) -> Self {
        let (name, element) = declared.outline.nth(index);
        let reuse = element.reuse();
        let blank = reuse.is_some().then(|| declared.blank(index, usual, buffer));
        let html = StateHtml { blank, filled: None, entry: None };
        let shows_all_texts = matches!(reuse, Some(Reuse::Choices { .. }));
        let others = Default::default();
        Self { name, index, reuse, shows_all_texts, usual, html, simple: None, others }
    }

    pub(super) fn fill(&mut self, declared: Declared<'_>, buffer: &mut Vec<u8>) {
        if let Some(reuse) = &self.reuse {
            self.html.filled = declared.filled(self.index, self.usual, reuse, buffer);
            self.simple = self.html.simple(reuse);
        }
    }

    /// The HTML in this state, and the buffer that it is in.
    #[inline]
    pub(super) fn in_state<'a>(
        &'a self,
        state: State,
        form: &'a [u8],
        declared: Declared<'_>,
    ) -> (&'a [u8], &'a StateHtml) {
        if state == self.usual { (form, &self.html) } else { self.in_other_state(state, declared) }
    }

    #[inline(never)]
    fn in_other_state(&self, state: State, declared: Declared<'_>) -> (&[u8], &StateHtml) {
        let State { has_errors, has_focus } = state;
        let other = &self.others[2 * usize::from(has_errors) + usize::from(has_focus)];
        let OtherHtml { buffer, html } = other.get_or_init(|| self.render(state, declared));
        (buffer, html)
    }

    fn render(&self, state: State, declared: Declared<'_>) -> OtherHtml {
        let mut buffer = Vec::new();
        let entry = state.has_errors.then(|| declared.entry(self.index, state, &mut buffer));
        let reuse = self.reuse.as_ref();
        let blank = reuse.map(|_| declared.blank(self.index, state, &mut buffer));
        let filled = reuse.and_then(|reuse| declared.filled(self.index, state, reuse, &mut buffer));
        OtherHtml { buffer, html: StateHtml { blank, filled, entry } }
    }

    /// The HTML for this text, which is missing from it. `None` if the field has to be rendered.
    #[inline]
    pub(super) fn cut<'a>(&self, html: &'a StateHtml, text: &str) -> Option<&'a Cut> {
        if text.is_empty() {
            return html.blank.as_ref();
        }
        let filled = html.filled.as_ref()?;
        let fits = match self.reuse.as_ref()? {
            Reuse::Line => is_one_line(text.as_bytes()),
            Reuse::Text { fits, .. } => fits(text),
            Reuse::Check { checked } => text == *checked,
            Reuse::Choices { .. } => filled.has_choice(text),
        };
        fits.then_some(filled)
    }
}
