//! Submit buttons with names, and how the one that was pressed is told.
//!
//! Names of buttons start with a colon, which no field's name can.

use std::borrow::Cow;

use solohttp_core::{Fields, IoList, Sentence};

use crate::tag::tag;
use crate::words::FormWords;

/// The field that a button of the form itself is sent as.
pub(crate) const BUTTON: &str = ":button";
/// The field that a button at a row is sent as.
pub(crate) const ROW: &str = ":row";

/// A submit button.
#[derive(Debug, Clone)]
pub(crate) struct Button {
    pub(crate) name: &'static str,
    pub(crate) label: Cow<'static, str>,
    /// Is the form checked and saved, or is the button for something else?
    pub(crate) saves: bool,
}

impl Button {
    pub(crate) fn render(&self, is_first: bool) -> IoList {
        tag("button")
            .attr("type", "submit")
            .attr("name", BUTTON)
            .attr("value", self.name)
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
            .attr("value", self.name)
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
