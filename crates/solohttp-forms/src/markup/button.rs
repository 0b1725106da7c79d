//! Submit buttons, and which one was pressed.

use std::borrow::Cow;

use solohttp_core::{Fields, Sentence};

use crate::form::names::{BUTTON, ROW_BUTTON};
use crate::markup::writer::Writer;
use crate::validation::words::FormWords;

/// Prefixes the value of a button that saves a new record.
const AS_NEW: &str = ":new ";

/// A submit button.
#[derive(Debug, Clone)]
pub(crate) struct Button {
    pub(crate) name: &'static str,
    /// Whether the button saves a new record, because the form's own record was deleted.
    pub(crate) as_new: bool,
    pub(crate) label: Cow<'static, str>,
    /// Whether the button saves. If not, it is a side button.
    pub(crate) saves: bool,
}

impl Button {
    pub(crate) fn new(name: &'static str, label: Cow<'static, str>, saves: bool) -> Self {
        Self { name, as_new: false, label, saves }
    }

    fn render_value(&self, out: &mut Writer) {
        out.raw(if self.as_new { AS_NEW } else { "" });
        out.text(self.name);
    }

    pub(crate) fn render_into(&self, is_first: bool, out: &mut Writer) {
        let button = out
            .tag("button")
            .attr("type", "submit")
            .attr("name", BUTTON)
            .attr_with("value", |out| self.render_value(out))
            .flag_if("formnovalidate", !self.saves);
        if is_first { button.attr("class", "first") } else { button }.end();
        out.text(&self.label);
        out.raw("</button>");
    }

    /// Renders a hidden copy of the button, for the start of the form. The Enter key presses a
    /// form's first button (WHATWG HTML 4.10.21.2), which must not be one that removes a row.
    pub(crate) fn render_hidden(&self, out: &mut Writer) {
        out.tag("button")
            .attr("type", "submit")
            .attr("name", BUTTON)
            .attr_with("value", |out| self.render_value(out))
            .flag_if("hidden", true)
            .flag_if("formnovalidate", !self.saves)
            .end();
        out.text(&self.label);
        out.raw("</button>");
    }
}

/// A button that changes rows without validating the form.
pub(crate) struct RowButton<'a> {
    pub(crate) command: &'a str,
    pub(crate) label: &'a Sentence,
    /// Completes the label for screen readers.
    pub(crate) context: &'a str,
    pub(crate) has_focus: bool,
}

impl RowButton<'_> {
    /// Renders the button, which submits the form to the URL `action`.
    pub(crate) fn render_into(&self, action: &str, words: &FormWords, out: &mut Writer) {
        let label = self.label.to_string();
        let description = words.row_button.say(&[("button", &label), ("row", &self.context)]);
        out.tag("button")
            .attr("type", "submit")
            .attr("name", ROW_BUTTON)
            .attr("value", self.command)
            .attr("formaction", action)
            .flag_if("formnovalidate", true)
            .flag_if("autofocus", self.has_focus)
            .attr("aria-label", &description)
            .end();
        out.text(&label);
        out.raw("</button>");
    }
}

/// Removes and returns the value of the button that was pressed.
pub(crate) fn take(fields: &mut Fields, which: &str) -> Option<String> {
    let pressed = fields.get(which).map(str::to_owned);
    fields.remove(which);
    pressed
}

/// Turns every button that saves the form into one that saves a new record, and relabels the first
/// one.
pub(crate) fn offer_new(buttons: &mut [Button], words: &FormWords) {
    for (index, button) in buttons.iter_mut().filter(|button| button.saves).enumerate() {
        button.as_new = true;
        if index == 0 {
            button.label = words.save_as_new.to_string().into();
        }
    }
}

/// The name of the button, and whether it saves a new record.
pub(crate) fn read(pressed: Option<&str>) -> (Option<&str>, bool) {
    match pressed.and_then(|pressed| pressed.strip_prefix(AS_NEW)) {
        Some(name) => (Some(name), true),
        None => (pressed, false),
    }
}
