//! The HTML that all views of a form have in common.
//!
//! Most of a form's HTML is the same on every page. It is kept in one buffer, in two versions: with
//! all fields blank, and with all of them filled in. A page is put together from runs of the two,
//! with the values between them. The HTML of a field with errors, or with another focus, is kept in
//! a buffer of its own. Elements whose HTML depends on more than a text are rendered each time. All
//! of the HTML comes from the same functions, in `field_html.rs` and `page.rs`.

mod cut;
mod field;
mod messages;
pub(crate) mod record_page;
mod texts;

use std::cell::{Cell, OnceCell};
use std::ops::Range;
use std::rc::Rc;

use solohttp_core::{Bytes, Fields, IoList};

use crate::form::data::FormData;
use crate::form::names::BASE;
use crate::form::settings::Settings;
use crate::markup::writer::Writer;
use crate::merge::conflict::RecordChanges;
use crate::outline::Outline;
use crate::validation::ValidationError;
use crate::validation::errors::ValidationErrors;
use crate::view::FormView;
use crate::view::context::Context;
use crate::view::page::render_summary_end;
use crate::view::prerendered::cut::Page;
use crate::view::prerendered::field::{Declared, KeptField, Simple, State};
use crate::view::prerendered::messages::Messages;
use crate::view::prerendered::record_page::RecordPage;
use crate::view::prerendered::texts::{Texts, sorted};

/// What all views of a form share.
#[derive(Debug, Default)]
pub(crate) struct Shared {
    /// The settings, with the default button.
    settings: OnceCell<Rc<Settings>>,
    /// The fields of a new record.
    blank: OnceCell<Fields>,
    is_rendered: Cell<bool>,
    html: OnceCell<Prerendered>,
}

/// The HTML of a form, blank and filled in.
#[derive(Debug)]
pub(crate) struct Prerendered {
    html: Vec<u8>,
    /// The start of the form, without errors.
    start: Range<usize>,
    fields: Vec<KeptField>,
    /// The buttons and the end of the form.
    end: Range<usize>,
    /// The start of the summary of the errors.
    summary: Range<usize>,
    /// The end of the summary, and the start of the form with errors.
    start_with_errors: Range<usize>,
    /// Whether the entries of the summary are kept.
    has_entries: bool,
    /// The length of the longer version.
    len: usize,
    usual_focus: Option<usize>,
    /// The fields again, in less space, if all of them are simple.
    simple: Option<Box<[Simple]>>,
    /// The whole blank form, unless some of its fields are rendered each time.
    blank: Option<Bytes>,
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

    /// The fields of a new record, which the function creates and checks the first time.
    pub(crate) fn blank_fields(&self, create: impl FnOnce() -> Fields) -> Fields {
        let blank = self.blank.get_or_init(create);
        // This is faster than a copy.
        if blank.is_empty() { Fields::new() } else { blank.clone() }
    }

    /// A page for a record, if the HTML of the form is kept and all of its fields are simple.
    #[inline]
    pub(crate) fn record_page(&self) -> Option<RecordPage<'_>> {
        self.html.get().and_then(RecordPage::new)
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
        let view = |errors: ValidationErrors| {
            let (data, changes) = (FormData::default(), RecordChanges::default());
            let context = Context::new(data, errors, settings.clone(), changes);
            FormView::<()>::new(outline, Rc::new(context), None, None)
        };
        let blank = view(ValidationErrors::default());
        let declared = Declared { outline, settings };
        let mut html = Vec::new();
        let start = append(&mut html, |out| blank.render_start(out));
        let fields = outline.iter().enumerate().map(|(index, (name, _))| {
            let state = State { has_errors: false, has_focus: blank.context.has_focus(name) };
            KeptField::new(declared, index, state, &mut html)
        });
        let mut fields: Vec<KeptField> = fields.collect();
        let end = append(&mut html, |out| blank.render_end(out));
        let blank_len = html.len();
        fields.iter_mut().for_each(|field| field.fill(declared, &mut html));
        let len = blank_len.max(start.len() + (html.len() - blank_len) + end.len());
        let mut errors = ValidationErrors::default();
        errors.add("", ValidationError::Missing);
        let wrong = view(errors);
        let summary = append(&mut html, |out| wrong.render_summary_start(true, out));
        let start_with_errors = append(&mut html, |out| {
            render_summary_end(out);
            wrong.render_start(out);
        });
        let usual_focus = fields.iter().position(|field| field.usual.has_focus);
        let simple = fields.iter().map(|field| field.simple.clone()).collect();
        let is_whole = fields.iter().all(|field| field.html.blank.is_some());
        let blank = is_whole.then(|| Bytes::copy_from_slice(&html[..blank_len]));
        // The sentence of a function may depend on the error.
        let has_entries = settings.words.summary_entry.text().is_some()
            && outline.iter().all(|(_, element)| !element.info().label.contains('\0'));
        Self {
            html,
            start,
            fields,
            end,
            summary,
            start_with_errors,
            has_entries,
            len,
            usual_focus,
            simple,
            blank,
        }
    }

    /// Renders a whole form.
    pub(super) fn render(&self, view: &dyn View) -> IoList {
        let Context { data, errors, token, .. } = view.context();
        if errors.is_empty() && token.get().is_none() {
            if let Some(shown) = data.shown() {
                return shown.html.clone().into();
            }
            if let Some(blank) = &self.blank
                && data.fields().is_empty()
            {
                return blank.clone().into();
            }
        }
        let has_token = token.get().is_some();
        self.put_together(view, data.fields(), has_token).unwrap_or_else(|| {
            let fields = sorted(&self.fields, data);
            self.put_together(view, &fields, has_token || data.has(BASE))
                .expect("the fields are in order now")
        })
    }

    /// Renders the form with these fields. Returns `None` if they aren't in the form's order, or
    /// include fields of the form as a whole although `has_state` is false.
    fn put_together(&self, view: &dyn View, fields: &Fields, has_state: bool) -> Option<IoList> {
        let Context { data, focus, settings, .. } = view.context();
        let declared = Declared { outline: view.outline(), settings };
        let index_of = |name: &String| self.fields.iter().position(|field| field.name == name);
        let focus = focus.get().and_then(index_of);
        let messages = Messages::of(view.context(), &self.fields);
        let html_of = |index: usize, has_errors: bool| {
            let state = State { has_errors, has_focus: Some(index) == focus };
            self.fields[index].in_state(state, &self.html, declared)
        };
        let mut page = Page::with_capacity(self.len_of(view.context()));
        if messages.is_empty() {
            page.copy(&self.html, self.start.clone());
        } else if self.has_entries && messages.have_fields() {
            page.copy(&self.html, self.summary.clone());
            for (index, message) in messages.each() {
                let (html, kept) = html_of(index, true);
                if let Some(entry) = &kept.entry {
                    page.fill(html, entry, "", || message);
                }
            }
            page.copy(&self.html, self.start_with_errors.clone());
        } else {
            view.render_summary(page.flush());
            view.render_start(page.flush());
        }
        if has_state {
            view.render_state(page.flush());
        }
        let moved_focus =
            if focus == self.usual_focus { [None; 2] } else { [focus, self.usual_focus] };
        let mut texts = Texts::new(&self.fields, fields);
        let mut next = 0;
        loop {
            let [old, new] = moved_focus.map(|index| index.filter(|index| *index >= next));
            let unusual = [messages.next_field(next), old, new];
            let until = unusual.into_iter().flatten().min().unwrap_or(self.fields.len());
            next += page.fill_simple(&self.html, &self.fields[next..until], &mut texts);
            let Some(field) = self.fields.get(next) else { break };
            let text = texts.find(field.name).inspect(|_| texts.take()).unwrap_or_default();
            let mut is_repeated = false;
            while field.shows_all_texts && texts.find(field.name).is_some() {
                texts.take();
                is_repeated = true;
            }
            let (html, kept) = html_of(next, messages.has(next));
            match field.cut(kept, text) {
                Some(cut) if !is_repeated => page.fill(html, cut, text, || messages.at(next)),
                _ => view.render_field(next, page.flush()),
            }
            next += 1;
        }
        page.copy(&self.html, self.end.clone());
        let is_complete = has_state || texts.are_all() || !data.has(BASE);
        (is_complete && texts.are_taken()).then(|| page.into_list())
    }

    /// The usual length of a page.
    fn len_of(&self, Context { data, errors, .. }: &Context) -> usize {
        let texts = data.fields().text_len() + ESCAPES_LEN * self.fields.len();
        self.len + texts + ERROR_LEN * errors.iter().len()
    }
}

/// A view of any record, which renders the parts that aren't kept.
pub(super) trait View {
    fn context(&self) -> &Context;
    fn outline(&self) -> &Outline;
    fn render_summary(&self, out: &mut Writer);
    fn render_start(&self, out: &mut Writer);
    fn render_state(&self, out: &mut Writer);
    fn render_field(&self, index: usize, out: &mut Writer);
}

impl<T> View for FormView<T> {
    fn context(&self) -> &Context {
        &self.context
    }

    fn outline(&self) -> &Outline {
        &self.outline
    }

    fn render_summary(&self, out: &mut Writer) {
        self.render_summary(out);
    }

    fn render_start(&self, out: &mut Writer) {
        self.render_start(out);
    }

    fn render_state(&self, out: &mut Writer) {
        self.render_state(out);
    }

    fn render_field(&self, index: usize, out: &mut Writer) {
        self.field(index).render_into(out);
    }
}

/// The place of the HTML that the function appends.
fn append(html: &mut Vec<u8>, render: impl FnOnce(&mut Writer)) -> Range<usize> {
    let start = html.len();
    let mut out = Writer::default();
    render(&mut out);
    html.extend(out.into_slots().0);
    start..html.len()
}

/// The usual length of the HTML of an error.
const ERROR_LEN: usize = 400;

/// The room for the escapes in a text.
const ESCAPES_LEN: usize = 16;
