//! One field on the page, piece by piece and as a whole.
//!
//! Every reference between its pieces, by id, is made here and nowhere else.

use std::fmt;
use std::rc::Rc;

use solohttp_core::{IoList, Upload, iolist};

use crate::element::{AnyElement, Shape};
use crate::markup::attributes::Attributes;
use crate::markup::button::row_button;
use crate::markup::tag::tag;
use crate::store::digests::BASE;
use crate::validation::words::FormWords;
use crate::view::{Context, RowView, page, version};

/// One field of a form on the page.
pub struct FieldView {
    pub(super) name: String,
    /// Where it is, in words: `Lines 2, `.
    pub(super) trail: String,
    pub(super) element: Rc<dyn AnyElement>,
    pub(super) context: Rc<Context>,
    pub(super) rows: Vec<RowView>,
}

impl FieldView {
    /// The full name, which is that of its control.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The id of its control, or of the group of its controls.
    #[must_use]
    pub fn id(&self) -> String {
        format!("{}-{}", self.context.settings.prefix, self.name.replace('.', "-"))
    }

    /// What is typed; the last of several.
    #[must_use]
    pub fn text(&self) -> &str {
        self.context.sent.text(&self.name)
    }

    /// Is it of a record that is edited, and not of a new one?
    pub(crate) fn is_editing(&self) -> bool {
        self.context.sent.has(BASE)
    }

    /// Everything that is typed or chosen.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.context.sent.texts(&self.name)
    }

    /// The files that are kept for it, each with its token, the latest last.
    pub fn files(&self) -> impl Iterator<Item = (&str, &Upload)> {
        self.context.sent.files(&self.name)
    }

    /// Is something wrong with it, not counting fields within?
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.context.mistakes.at(&self.name).next().is_some()
    }

    /// The words of its label.
    #[must_use]
    pub fn label_text(&self) -> &str {
        &self.element.face().label
    }

    /// Its rows, or the one part of a group.
    #[must_use]
    pub fn rows(&self) -> &[RowView] {
        &self.rows
    }

    /// The words of the form.
    #[must_use]
    pub fn words(&self) -> &FormWords {
        &self.context.settings.words
    }

    /// The label, tied to the control.
    #[must_use]
    pub fn label(&self) -> IoList {
        match self.shape() {
            Shape::Hidden => IoList::new(),
            Shape::Single | Shape::Check => {
                tag("label").attr("for", self.id()).text(self.label_text())
            }
            _ => tag("span")
                .attr("class", "label")
                .attr("id", self.label_id())
                .text(self.label_text()),
        }
    }

    /// The help text, if there is one; the control refers to it.
    #[must_use]
    pub fn help(&self) -> IoList {
        match &self.element.face().help {
            Some(help) => tag("p").attr("class", "help").attr("id", self.help_id()).text(help),
            None => IoList::new(),
        }
    }

    /// What is wrong, if anything; the control refers to it.
    #[must_use]
    pub fn error(&self) -> IoList {
        if !self.has_errors() || self.shape() == Shape::Hidden {
            return IoList::new();
        }
        tag("p").attr("class", "error").attr("id", self.error_id()).text(&self.error_text())
    }

    /// What is wrong, in words; blank if nothing is.
    #[must_use]
    pub fn error_text(&self) -> String {
        let settings = &self.context.settings;
        let told =
            self.context.mistakes.at(&self.name).map(|mistake| page::tell(settings, mistake));
        told.collect::<Vec<_>>().join(" ")
    }

    /// The control by itself, complete: refers to its label, help and error by their ids. Where
    /// somebody else has changed the field too, the choice between the two is below.
    #[must_use]
    pub fn control(&self) -> IoList {
        let inner = self.element.control(self);
        let control = match self.shape() {
            Shape::Single | Shape::Check | Shape::Hidden => inner,
            _ => {
                let group = tag("div").attr("aria-labelledby", self.label_id());
                let role =
                    group.attr_if("role", (self.shape() != Shape::RadioGroup).then_some("group"));
                role.attrs(&self.group_attributes()).content(inner)
            }
        };
        iolist![control, version::choice(self)]
    }

    /// Label, help, error and control together.
    #[must_use]
    pub fn render(&self) -> IoList {
        let (help, error) = (self.help(), self.error());
        let required = if self.element.is_required() { " required" } else { "" };
        let bad = if self.has_errors() { " bad" } else { "" };
        let class = format!("field{required}{bad}");
        match self.shape() {
            Shape::Hidden => self.control(),
            Shape::Single => tag("div").attr("class", class).content(iolist![
                self.label(),
                help,
                error,
                self.control()
            ]),
            Shape::Check => tag("div").attr("class", class + " check").content(iolist![
                self.control(),
                " ",
                self.label(),
                help,
                error
            ]),
            _ => {
                let legend = tag("legend").text(self.label_text());
                let control = match (self.shape(), self.element.control(self)) {
                    // Chromium's time to lay out a fieldset grows with the square of what is
                    // directly in it: 20,000 boxes took three times as long.
                    (Shape::CheckGroup, boxes) => {
                        tag("div").attr("class", "choices").content(boxes)
                    }
                    (_, control) => control,
                };
                let inner = iolist![legend, help, error, control];
                let frame = tag("fieldset").attr("class", class).attrs(&self.group_attributes());
                iolist![frame.content(inner), version::choice(self)]
            }
        }
    }

    /// Attributes for an element's control: id, name, what describes it, and the user's own.
    #[must_use]
    pub fn attributes(&self) -> Attributes {
        let mut attributes = Attributes::new();
        attributes.set("id", self.id());
        attributes.set("name", self.name());
        self.describe(&mut attributes);
        if self.has_errors() {
            attributes.set("aria-invalid", "true");
        }
        if self.has_focus() {
            attributes.set_flag("autofocus");
        }
        attributes.set_all(self.own_attributes());
        attributes
    }

    fn group_attributes(&self) -> Attributes {
        let mut attributes = Attributes::new();
        attributes.set("id", self.id());
        self.describe(&mut attributes);
        if self.shape() == Shape::RadioGroup {
            attributes.set("role", "radiogroup");
            if self.element.is_required() {
                attributes.set("aria-required", "true");
            }
            if self.has_errors() {
                attributes.set("aria-invalid", "true");
            }
        }
        attributes
    }

    fn describe(&self, attributes: &mut Attributes) {
        let help = self.element.face().help.is_some().then(|| self.help_id());
        let error = self.has_errors().then(|| self.error_id());
        let ids: Vec<String> = help.into_iter().chain(error).collect();
        if !ids.is_empty() {
            attributes.set("aria-describedby", ids.join(" "));
        }
    }

    /// The attributes that its declaration sets.
    #[must_use]
    pub fn own_attributes(&self) -> &Attributes {
        &self.element.face().attributes
    }

    /// Does the cursor start here?
    #[must_use]
    pub fn has_focus(&self) -> bool {
        self.context.focus.get().is_some_and(|id| *id == Some(self.focus_id()))
    }

    /// The button that adds a row.
    #[must_use]
    pub fn add_button(&self) -> IoList {
        let where_to = format!("{}{}", self.trail, self.label_text());
        row_button(&format!("add {}", self.name), &self.words().add, &where_to, self.words())
    }

    /// What to call a choice that is not offered, or no longer.
    #[must_use]
    pub fn unavailable(&self, text: &str) -> String {
        self.words().unavailable.say(&[("choice", &text)])
    }

    /// The id of what can be focused: in a group, the first of its controls.
    pub(crate) fn focus_id(&self) -> String {
        match self.shape() {
            Shape::RadioGroup | Shape::CheckGroup => format!("{}-0", self.id()),
            _ => self.id(),
        }
    }

    pub(crate) fn shape(&self) -> Shape {
        self.element.shape()
    }

    fn label_id(&self) -> String {
        self.id() + "-label"
    }

    fn help_id(&self) -> String {
        self.id() + "-help"
    }

    pub(super) fn error_id(&self) -> String {
        self.id() + "-error"
    }
}

impl fmt::Debug for FieldView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("FieldView").field(&self.name).finish()
    }
}
