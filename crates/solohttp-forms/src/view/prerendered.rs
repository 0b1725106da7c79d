//! The HTML that all views of a form have in common.
//!
//! Most of a form's HTML is the same on every page. It is kept in one buffer, in two versions: with
//! all fields blank, and with all of them filled in. A page is put together from runs of the two,
//! with the values between them. Fields with errors, and elements whose HTML depends on more than a
//! text, are rendered each time. All of the HTML comes from the same functions, in
//! `field_html.rs`.

use std::cell::{Cell, OnceCell};
use std::ops::Range;
use std::rc::Rc;

use solohttp_core::{Fields, IoList};

use crate::element::reuse::Reuse;
use crate::form::data::FormData;
use crate::form::names::BASE;
use crate::form::settings::Settings;
use crate::markup::writer::Writer;
use crate::merge::conflict::RecordChanges;
use crate::outline::Outline;
use crate::validation::errors::ValidationErrors;
use crate::view::FormView;
use crate::view::context::Context;

/// What all views of a form share.
#[derive(Debug, Default)]
pub(crate) struct Shared {
    /// The settings, with the default button.
    settings: OnceCell<Rc<Settings>>,
    is_rendered: Cell<bool>,
    html: OnceCell<Prerendered>,
}

/// The HTML of a form, blank and filled in.
#[derive(Debug)]
pub(crate) struct Prerendered {
    html: Vec<u8>,
    /// The start of the form, without errors.
    start: Range<usize>,
    fields: Vec<PrerenderedField>,
    /// The buttons and the end of the form.
    end: Range<usize>,
    /// The length of the longer version.
    len: usize,
    /// The name of the field that has the focus.
    focus: Option<String>,
    /// The whole blank form, unless some of its fields are rendered each time.
    blank: Option<IoList>,
}

#[derive(Debug)]
struct PrerenderedField {
    name: &'static str,
    has_focus: bool,
    /// `None` if the field is rendered each time.
    reuse: Option<Reuse>,
    blank: Range<usize>,
    filled: Option<Filled>,
}

/// The HTML of a field before and after its text, which is missing from the buffer.
#[derive(Debug)]
struct Filled {
    before: Range<usize>,
    after: Range<usize>,
}

impl Shared {
    /// The settings of all views.
    pub(crate) fn settings(&self, declared: &Rc<Settings>) -> Rc<Settings> {
        let complete = || {
            let mut settings = declared.clone();
            if settings.buttons.is_empty() {
                Rc::make_mut(&mut settings).complete_buttons();
            }
            settings
        };
        self.settings.get_or_init(complete).clone()
    }
}

impl<T> FormView<T> {
    /// The HTML of the form, except the first time: it wouldn't pay off if the form were declared
    /// for each page.
    pub(super) fn prerendered(&self) -> Option<&Prerendered> {
        let shared = self.shared.as_ref()?;
        let again = shared.is_rendered.replace(true);
        let create = || Prerendered::new(&self.outline, &self.context.settings);
        again.then(|| shared.html.get_or_init(create))
    }
}

impl Prerendered {
    fn new(outline: &Rc<Outline>, settings: &Rc<Settings>) -> Self {
        let view = |fields: Fields| {
            let (data, errors) = (FormData::from(fields), ValidationErrors::default());
            let context = Context::new(data, errors, settings.clone(), RecordChanges::default());
            FormView::<()>::new(outline, context, None, None)
        };
        let reuses: Vec<_> =
            outline.iter().map(|(name, element)| (name, element.reuse())).collect();
        let samples = reuses.iter().filter_map(|(name, reuse)| Some((*name, (*reuse)?.sample?)));
        let (blank, filled) = (view(Fields::new()), view(samples.collect()));
        let mut out = Writer::default();
        let start = out.range_of(|out| blank.render_start(out));
        let fields = reuses.iter().enumerate().map(|(index, &(name, reuse))| {
            let field = blank.field(index);
            let render = |out: &mut Writer| reuse.into_iter().for_each(|_| field.render_into(out));
            let (blank, has_focus) = (out.range_of(render), field.has_focus());
            PrerenderedField { name, has_focus, reuse, blank, filled: None }
        });
        let mut fields: Vec<PrerenderedField> = fields.collect();
        let end = out.range_of(|out| blank.render_end(out));
        let blank_len = end.end;
        for (index, field) in fields.iter_mut().enumerate() {
            if let Some(reuse) = field.reuse.filter(|reuse| reuse.sample.is_some()) {
                let filled = filled.field(index);
                field.filled = Filled::new(reuse, |out| filled.render_into(out), &mut out);
            }
        }
        let html = out.into_bytes();
        let len = blank_len.max(start.len() + (html.len() - blank_len) + end.len());
        let is_whole = fields.iter().all(|field| field.reuse.is_some());
        let focus = blank.context.focus.get().cloned().flatten();
        let blank = is_whole.then(|| IoList::from(html[..blank_len].to_vec()));
        Self { html, start, fields, end, len, focus, blank }
    }

    /// Renders a whole form.
    pub(super) fn render<T>(&self, view: &FormView<T>) -> IoList {
        let Context { data, errors, token, focus, .. } = view.context();
        let is_valid = errors.is_empty();
        if let Some(blank) = &self.blank
            && is_valid
            && token.get().is_none()
            && data.fields().is_empty()
        {
            return blank.clone();
        }
        let texts = self.texts(data);
        let len: usize = texts.iter().flatten().map(|text| text.len() + ESCAPES_LEN).sum();
        let out = Writer::with_capacity(self.len + len + ERROR_LEN * errors.iter().len());
        let mut out = Copying { html: &self.html, run: 0..0, out };
        if is_valid {
            out.copy(&self.start);
        } else {
            view.render_summary(&mut out.out);
            view.render_start(&mut out.out);
        }
        if token.get().is_some() || data.has(BASE) {
            view.render_state(out.flush());
        }
        let is_usual = is_valid && focus.get() == Some(&self.focus);
        for (index, (field, text)) in self.fields.iter().zip(texts).enumerate() {
            let is_usual = is_usual || field.is_usual(view.context());
            let piece = if is_usual { field.piece(text) } else { Piece::Changed };
            match piece {
                Piece::Blank => out.copy(&field.blank),
                Piece::Filled(Filled { before, after }, text) => {
                    out.copy(before);
                    if !text.is_empty() {
                        out.flush().text(text);
                    }
                    out.copy(after);
                }
                Piece::Changed => view.field(index).render_into(out.flush()),
            }
        }
        out.copy(&self.end);
        out.flush();
        out.out.into()
    }

    /// The text of each field, if it has one.
    fn texts<'a>(&self, data: &'a FormData) -> Vec<Option<&'a str>> {
        self.texts_in_order(data.fields()).unwrap_or_else(|| {
            let text = |name| data.has(name).then(|| data.text(name));
            self.fields.iter().map(|field| text(field.name)).collect()
        })
    }

    /// The same, without a search for each field. Returns `None` if the fields aren't in the form's
    /// order.
    fn texts_in_order<'a>(&self, fields: &'a Fields) -> Option<Vec<Option<&'a str>>> {
        let mut texts = Vec::with_capacity(self.fields.len());
        for (name, text) in fields.iter() {
            let before = texts.len();
            let skipped = self.fields[before..].iter().position(|field| field.name == name);
            match skipped {
                Some(skipped) => {
                    texts.resize(before + skipped, None);
                    texts.push(Some(text));
                }
                // The last of several values counts.
                None if before > 0 && self.fields[before - 1].name == name => {
                    texts[before - 1] = Some(text);
                }
                // Not the name of an element of the form itself.
                None if name.contains(['.', ':']) => {}
                None => return None,
            }
        }
        texts.resize(self.fields.len(), None);
        Some(texts)
    }
}

/// The usual length of the HTML of an error.
const ERROR_LEN: usize = 400;

/// The room for the escapes in a text.
const ESCAPES_LEN: usize = 16;

/// The HTML of a field in a view.
enum Piece<'a> {
    Blank,
    Filled(&'a Filled, &'a str),
    /// It has to be rendered.
    Changed,
}

impl PrerenderedField {
    /// Whether the field looks as usual, that is, apart from its text.
    fn is_usual(&self, context: &Context) -> bool {
        !context.has_errors(self.name) && context.has_focus(self.name) == self.has_focus
    }

    fn piece<'a>(&'a self, text: Option<&'a str>) -> Piece<'a> {
        let Some(reuse) = self.reuse else { return Piece::Changed };
        match text {
            None => Piece::Blank,
            Some("") if reuse.has_many_values => Piece::Changed,
            Some("") => Piece::Blank,
            Some(text) => match &self.filled {
                Some(filled) if (reuse.fits)(text) => {
                    Piece::Filled(filled, if reuse.shows_text { text } else { "" })
                }
                _ => Piece::Changed,
            },
        }
    }
}

impl Filled {
    /// Appends the field's HTML without its text. Returns `None` if it isn't known where the text
    /// is, because the control's attributes are merged.
    fn new(reuse: Reuse, render: impl FnOnce(&mut Writer), out: &mut Writer) -> Option<Self> {
        // Another field's text doesn't count.
        out.take_value();
        let all = out.range_of(render);
        let text = if reuse.shows_text { out.take_value() } else { Some(all.end..all.end) };
        let Some(text) = text else {
            out.cut(all);
            return None;
        };
        out.cut(text.clone());
        Some(Self { before: all.start..text.start, after: text.start..all.end - text.len() })
    }
}

/// Copies runs of the buffer, each of them at once.
struct Copying<'a> {
    html: &'a [u8],
    /// The bytes that are copied next.
    run: Range<usize>,
    out: Writer,
}

impl Copying<'_> {
    fn copy(&mut self, bytes: &Range<usize>) {
        if bytes.start != self.run.end {
            self.flush();
            self.run.start = bytes.start;
        }
        self.run.end = bytes.end;
    }

    fn flush(&mut self) -> &mut Writer {
        self.out.bytes(&self.html[self.run.clone()]);
        self.run.start = self.run.end;
        &mut self.out
    }
}
