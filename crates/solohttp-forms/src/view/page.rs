//! The parts of the page around the fields: the start and end of the form, the buttons, and the
//! error summary.

use std::borrow::Cow;
use std::cell::LazyCell;
use std::collections::HashMap;
use std::fmt;

use serde::{Serialize, Serializer};
use solohttp_core::{Html, IoList};

use crate::element::info::Layout;
use crate::form::names::{BASE, REFUSED, STEP, TOKEN};
use crate::markup::writer::Writer;
use crate::view::field::FieldView;
use crate::view::{FormView, find, flatten};

/// With more errors than this, their fields are looked up in a map.
const FEW_ERRORS: usize = 16;

/// The usual length of the HTML around the fields, and that of a field.
const LEN: (usize, usize) = (640, 256);

impl<T> FormView<T> {
    /// The whole form: error summary, fields and buttons.
    #[must_use]
    pub fn render(&self) -> IoList {
        if let Some(prerendered) = self.prerendered() {
            return prerendered.render(self);
        }
        let (around, field) = LEN;
        let mut out = Writer::with_capacity(around + field * self.outline.len());
        self.render_summary(&mut out);
        self.render_open(&mut out);
        self.fields().iter().for_each(|field| field.render_into(&mut out));
        self.render_end(&mut out);
        out.into()
    }

    /// The buttons and the end of the form.
    pub(super) fn render_end(&self, out: &mut Writer) {
        out.raw("<div class=\"buttons\">");
        self.render_buttons(out);
        out.raw("</div></form>");
    }

    /// The start of the form, with its hidden fields.
    #[must_use]
    pub fn open(&self) -> IoList {
        Writer::list(|out| self.render_open(out))
    }

    fn render_open(&self, out: &mut Writer) {
        self.render_start(out);
        self.render_state(out);
    }

    /// The start tag, and the button that the Enter key presses.
    pub(super) fn render_start(&self, out: &mut Writer) {
        let settings = &self.context().settings;
        let mut start = out.tag("form").attr("method", "post");
        if let Some(action) = &settings.action {
            start = start.attr("action", action);
        }
        if self.outline.has_files() {
            start = start.attr("enctype", "multipart/form-data");
        }
        start = start.flag_if("novalidate", !settings.browser_checks).attr("class", "solo-form");
        if self.has_errors() || self.step().is_some() && self.input().contains(STEP) {
            start = start.attr("data-changed", "yes");
        }
        start.end();
        if let Some(first) = settings.buttons.iter().find(|button| button.saves)
            && self.outline.has_rows
        {
            first.render_hidden(out);
        }
    }

    /// The hidden fields that belong to the form as a whole.
    pub(super) fn render_state(&self, out: &mut Writer) {
        if let Some(token) = self.context().token.get() {
            render_hidden(TOKEN, token, out);
        }
        if let Some(digests) = self.input().get(BASE) {
            render_hidden(BASE, digests, out);
        }
        self.render_other_steps(out);
    }

    /// The hidden fields that carry the input of the steps that aren't on the page.
    fn render_other_steps(&self, out: &mut Writer) {
        let context = self.context();
        let Some(step) = context.step else { return };
        render_hidden(STEP, &step.to_string(), out);
        let is_carried = |name: &str| !context.shows(name) && !REFUSED.ends(name);
        for (name, text) in self.input().iter().filter(|(name, _)| is_carried(name)) {
            render_hidden(name, text, out);
        }
    }

    /// The end of the form.
    #[must_use]
    pub fn close(&self) -> IoList {
        IoList::from("</form>")
    }

    /// All buttons, in the order in which they are declared.
    #[must_use]
    pub fn buttons(&self) -> IoList {
        Writer::list(|out| self.render_buttons(out))
    }

    fn render_buttons(&self, out: &mut Writer) {
        let buttons = self.context().settings.buttons.iter().enumerate();
        buttons.for_each(|(index, button)| button.render_into(index == 0, out));
    }

    /// One button, for a custom layout.
    ///
    /// # Panics
    /// If no button has this name.
    #[must_use]
    #[track_caller]
    pub fn button(&self, name: &str) -> IoList {
        let buttons = &self.context().settings.buttons;
        match buttons.iter().find(|button| button.name == name) {
            Some(button) => Writer::list(|out| button.render_into(false, out)),
            None => {
                panic!("the form has no button `{name}`: declare it with `button` or `side_button`")
            }
        }
    }

    /// The error summary, with links to the fields. It is empty if there are no errors.
    #[must_use]
    pub fn summary(&self) -> IoList {
        Writer::list(|out| self.render_summary(out))
    }

    pub(super) fn render_summary(&self, out: &mut Writer) {
        let errors = || self.errors().filter(|(name, _)| self.context().shows(name));
        if errors().next().is_none() {
            return;
        }
        let settings = &self.context().settings;
        // Most errors belong to a field that is neither in a row nor in a group. Its view is enough.
        let index = |name: &str| self.outline.iter().position(|(known, _)| known == name);
        let by_name = LazyCell::new(|| self.fields_by_name());
        let within = |name: &str| match by_name.as_ref() {
            _ if !name.contains('.') => None,
            Some(fields) => fields.get(name).copied(),
            None => find(self.fields(), &|field| field.name == name),
        };
        let mut names = errors().map(|(name, _)| name);
        self.render_summary_start(
            names.any(|name| index(name).is_some() || within(name).is_some()),
            out,
        );
        for (name, error) in errors() {
            let text = settings.message(error);
            match (index(name), within(name)) {
                (Some(index), _) => render_entry(&self.field(index), &text, out),
                (_, Some(field)) => render_entry(field, &text, out),
                _ => {
                    out.raw("<li>");
                    render_span(|out| out.text(&text), out);
                    out.raw("</li>");
                }
            }
        }
        render_summary_end(out);
    }

    /// The summary's heading. Errors that concern the form as a whole don't name a field to check.
    pub(super) fn render_summary_start(&self, names_fields: bool, out: &mut Writer) {
        let settings = &self.context().settings;
        out.tag("div")
            .attr("class", "form-errors")
            .attr_with("id", |out| {
                out.text(&settings.prefix);
                out.raw("-errors");
            })
            .attr("role", "alert")
            .end();
        if names_fields {
            out.raw("<p>");
            out.text(&settings.words.summary.say(&[]));
            out.raw("</p>");
        }
        out.raw("<ul>");
    }

    /// An index of the fields, if it pays off.
    fn fields_by_name(&self) -> Option<HashMap<&str, &FieldView>> {
        if self.errors().len() <= FEW_ERRORS {
            return None;
        }
        let mut leaves = Vec::new();
        flatten(self.fields(), &mut leaves);
        Some(leaves.into_iter().rev().map(|field| (field.name(), field)).collect())
    }

    /// All pieces by name, for templates. `form_open`, `form_errors`, `form_buttons` and
    /// `form_close` belong to the form. A field such as `title` has five pieces: the whole field as
    /// `title`, and its parts as `title_label`, `title_control`, `title_help` and `title_error`.
    pub fn pieces(&self) -> impl Iterator<Item = (String, IoList)> {
        let around = [
            ("form_open", self.open()),
            ("form_errors", self.summary()),
            ("form_buttons", self.buttons()),
            ("form_close", self.close()),
        ];
        let fields = self.fields().iter().flat_map(|field| {
            [
                (field.name().to_owned(), field.render()),
                (format!("{}_label", field.name), field.label()),
                (format!("{}_control", field.name), field.control()),
                (format!("{}_help", field.name), field.help()),
                (format!("{}_error", field.name), field.error()),
            ]
        });
        around.into_iter().map(|(name, piece)| (name.to_owned(), piece)).chain(fields)
    }
}

/// Serialized as [`Html`], so a template can insert the [whole form](FormView::render).
impl<T> Serialize for FormView<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Html::from(self.render()).serialize(serializer)
    }
}

pub(super) fn render_summary_end(out: &mut Writer) {
    out.raw("</ul></div>");
}

/// An entry of the summary.
fn render_entry(field: &FieldView, error: &str, out: &mut Writer) {
    let text = entry_text(field, &error);
    render_link(field, |out| out.text(&text), out);
}

/// An entry without the error, which can occur anywhere in the sentence.
pub(super) fn render_entry_slots(field: &FieldView, out: &mut Writer) {
    let text = entry_text(field, &NO_ERROR);
    let write = |out: &mut Writer| {
        for (index, part) in text.split(NO_ERROR).enumerate() {
            if index > 0 {
                out.error("");
            }
            out.text(part);
        }
    };
    render_link(field, write, out);
}

/// Marks the error's place. A page can't contain this character.
const NO_ERROR: char = '\0';

fn entry_text(field: &FieldView, error: &dyn fmt::Display) -> String {
    // A hidden field has no label.
    let label = match field.label_text() {
        "" => field.name(),
        label => label,
    };
    let label = match field.trail.as_str() {
        "" => Cow::Borrowed(label),
        trail => Cow::Owned(format!("{trail}{label}")),
    };
    field.words().summary_entry.say(&[("field", &label), ("error", error)])
}

/// A link to a field, or only the text if the field is invisible.
fn render_link(field: &FieldView, write: impl FnOnce(&mut Writer), out: &mut Writer) {
    out.raw("<li>");
    if field.layout() == Layout::Hidden {
        render_span(write, out);
    } else {
        out.tag("a")
            .attr_with("href", |out| {
                out.raw("#");
                field.render_focus_id(out);
            })
            .end();
        write(out);
        out.raw("</a>");
    }
    out.raw("</li>");
}

fn render_span(write: impl FnOnce(&mut Writer), out: &mut Writer) {
    out.raw("<span>");
    write(out);
    out.raw("</span>");
}

fn render_hidden(name: &str, value: &str, out: &mut Writer) {
    out.tag("input").attr("type", "hidden").attr("name", name).attr("value", value).end();
}
