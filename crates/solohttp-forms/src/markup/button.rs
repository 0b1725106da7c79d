//! Submit buttons with names, and how the one that was pressed is told.
//!
//! Names of buttons start with a colon, which no field's name can.

use std::borrow::Cow;

use solohttp_core::{Fields, IoList, Sentence};

use crate::markup::tag::tag;
use crate::validation::words::FormWords;

/// The field that a button of the form itself is sent as.
pub(crate) const BUTTON: &str = ":button";
/// The field that a button at a row is sent as.
pub(crate) const ROW: &str = ":row";

/// What the name of a button starts with that saves as a new record.
const AS_NEW: &str = ":new ";

/// A submit button.
#[derive(Debug, Clone)]
pub(crate) struct Button {
    pub(crate) name: &'static str,
    /// Does it save as a new record, because the form's own was deleted?
    pub(crate) as_new: bool,
    pub(crate) label: Cow<'static, str>,
    /// Is the form checked and saved, or is the button for something else?
    pub(crate) saves: bool,
}

impl Button {
    pub(crate) fn new(name: &'static str, label: Cow<'static, str>, saves: bool) -> Self {
        Self { name, as_new: false, label, saves }
    }

    fn value(&self) -> String {
        format!("{}{}", if self.as_new { AS_NEW } else { "" }, self.name)
    }

    pub(crate) fn render(&self, is_first: bool) -> IoList {
        tag("button")
            .attr("type", "submit")
            .attr("name", BUTTON)
            .attr("value", self.value())
            .flag_if("formnovalidate", !self.saves)
            .attr_if("class", is_first.then_some("first"))
            .text(&self.label)
    }

    /// A twin that nobody sees. The Enter key presses the first button of a form, which must not
    /// be one that removes a row (WHATWG HTML 4.10.21.2).
    pub(crate) fn render_unseen(&self) -> IoList {
        tag("button")
            .attr("type", "submit")
            .attr("name", BUTTON)
            .attr("value", self.value())
            .flag_if("hidden", true)
            .flag_if("formnovalidate", !self.saves)
            .text(&self.label)
    }
}

/// A button that changes rows and checks nothing; `context` completes its label for those who do
/// not see where it stands.
pub(crate) fn row_button(
    change: &str,
    label: &Sentence,
    context: &str,
    words: &FormWords,
) -> IoList {
    let label = label.to_string();
    tag("button")
        .attr("type", "submit")
        .attr("name", ROW)
        .attr("value", change)
        .flag_if("formnovalidate", true)
        .attr("aria-label", words.row_button.say(&[("button", &label), ("row", &context)]))
        .text(&label)
}

/// Takes out which button was pressed.
pub(crate) fn take(fields: &mut Fields, which: &str) -> Option<String> {
    let pressed = fields.get(which).map(str::to_owned);
    fields.remove(which);
    pressed
}

/// Makes those that save do so as a new record; the first says it.
pub(crate) fn offer_new(buttons: &mut [Button], words: &FormWords) {
    for (place, button) in buttons.iter_mut().filter(|button| button.saves).enumerate() {
        button.as_new = true;
        if place == 0 {
            button.label = words.save_as_new.to_string().into();
        }
    }
}

/// The button's own name, and whether it saves as a new record.
pub(crate) fn read(pressed: Option<&str>) -> (Option<&str>, bool) {
    match pressed.and_then(|pressed| pressed.strip_prefix(AS_NEW)) {
        Some(name) => (Some(name), true),
        None => (pressed, false),
    }
}
