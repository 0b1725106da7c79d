//! One field on the page, whole or in pieces. All ids that connect the pieces are created here.
//!
//! A field can contain rows, and a row contains fields. [`FieldView`] and [`RowView`] therefore
//! refer to each other, and their files import each other.

use std::borrow::Cow;
use std::fmt;
use std::rc::Rc;

use serde::{Serialize, Serializer};
use solohttp_core::{Html, IoList, Sentence, Upload};

use crate::element::info::{ElementInfo, Layout};
use crate::element::reuse::Reuse;
use crate::form::names::BASE;
use crate::form::row_change::RowChange;
use crate::markup::attributes::Attributes;
use crate::markup::button::RowButton;
use crate::markup::writer::Writer;
use crate::validation::words::FormWords;
use crate::view::context::Context;
use crate::view::row::RowView;

/// The parts of an element that are needed to render it.
pub(crate) trait Render {
    fn info(&self) -> &ElementInfo;
    fn layout(&self) -> Layout;
    fn render_control(&self, field: &FieldView, out: &mut Writer);
    fn reuse(&self) -> Option<Reuse>;
    fn is_required(&self) -> bool;
    fn is_editable(&self) -> bool;
    fn has_rows(&self) -> bool;
    fn fixed_count(&self) -> Option<usize>;
}

/// One field of a form on the page.
pub struct FieldView {
    pub(super) name: Cow<'static, str>,
    /// The labels of the enclosing rows and groups, such as `Lines 2, `.
    pub(super) trail: String,
    pub(super) element: Rc<dyn Render>,
    pub(super) context: Rc<Context>,
    pub(super) rows: Vec<RowView>,
    pub(super) has_errors: bool,
    /// Whether the field is in a row that is left out of the record if it is blank.
    pub(super) is_left_out_if_blank: bool,
    /// The field's place in a table of rows.
    pub(super) column: Option<Column>,
}

/// The ids of the cells that label a control in a table.
pub(super) struct Column {
    pub(super) heading: String,
    pub(super) row: String,
}

impl FieldView {
    /// The full name, which is also the name of the control.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The id of the control or of the group of controls.
    #[must_use]
    pub fn id(&self) -> String {
        self.id_of(&self.name)
    }

    fn id_of(&self, name: &str) -> String {
        format!("{}-{}", self.context.settings.prefix, name.replace('.', "-"))
    }

    /// Makes the cells of a table label the control: the heading of its column and that of its row.
    /// The colons keep their ids apart from those of fields.
    pub(super) fn put_into_table(&mut self, rows: &str, index: usize) {
        let rows = self.id_of(rows);
        let field = self.name.rsplit('.').next().unwrap_or_default();
        let column = Column { heading: format!("{rows}:{field}"), row: format!("{rows}:{index}") };
        self.column = Some(column);
    }

    /// The field's value as text. If there are several values, this is the last one.
    #[must_use]
    pub fn text(&self) -> &str {
        self.context.data.text(&self.name)
    }

    /// Whether the form edits an existing record.
    pub(crate) fn is_editing(&self) -> bool {
        self.context.data.has(BASE)
    }

    /// The text of a field that accompanies this one.
    pub(crate) fn text_of(&self, name: &str) -> &str {
        self.context.data.text(name)
    }

    /// Whether the browser must not send the form while the control is blank. A custom control then
    /// needs the attribute `required`.
    ///
    /// This is never the case in rows with [`extra`](crate::Rows::extra), because a blank row is left
    /// out of the record. If a row isn't blank, the program checks its required fields.
    #[must_use]
    pub fn is_required(&self) -> bool {
        self.element.is_required() && !self.is_left_out_if_blank
    }

    /// All of the field's values, as text.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.context.data.texts(&self.name)
    }

    /// The uploaded files with their tokens, latest last.
    pub(crate) fn files(&self) -> impl Iterator<Item = (&str, &Upload)> {
        self.context.data.files(&self.name)
    }

    /// Whether the field itself has errors, not counting the fields within it.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.has_errors
    }

    /// Whether the field is on the page, and not in another step.
    pub(super) fn is_shown(&self) -> bool {
        self.context.shows(&self.name)
    }

    /// The text of the label.
    pub(crate) fn label_text(&self) -> &str {
        &self.element.info().label
    }

    /// The field's rows. A group has exactly one.
    #[must_use]
    pub fn rows(&self) -> &[RowView] {
        &self.rows
    }

    /// The form's words.
    pub(crate) fn words(&self) -> &FormWords {
        &self.context.settings.words
    }

    /// The label, connected to the control.
    #[must_use]
    pub fn label(&self) -> IoList {
        Writer::list(|out| self.render_label(out))
    }

    /// The help text, if any. The control refers to it.
    #[must_use]
    pub fn help(&self) -> IoList {
        Writer::list(|out| self.render_help(out))
    }

    /// The errors, if any. The control refers to them.
    #[must_use]
    pub fn error(&self) -> IoList {
        Writer::list(|out| self.render_error(out))
    }

    /// The errors as text; blank if there are none.
    #[must_use]
    pub fn error_text(&self) -> String {
        let mut errors = self.context.errors.at(&self.name);
        let message = |error| self.context.settings.message(error);
        let mut text = errors.next().map(message).unwrap_or_default().into_owned();
        for error in errors {
            text.push(' ');
            text.push_str(&message(error));
        }
        text
    }

    /// The control, which refers to the label, help and errors by their ids. If the field was
    /// changed in two places, this is followed by the choice between the two versions.
    #[must_use]
    pub fn control(&self) -> IoList {
        Writer::list(|out| self.render_control(out))
    }

    /// The whole field: label, help, errors and control.
    #[must_use]
    pub fn render(&self) -> IoList {
        Writer::list(|out| self.render_into(out))
    }

    /// The attributes for the element's control: id, name, ARIA attributes, and those set by
    /// `attr`.
    #[must_use]
    pub fn attributes(&self) -> Attributes {
        let mut attributes = Attributes::new();
        attributes.set("id", self.id());
        attributes.set("name", self.name());
        let help = self.element.info().help.is_some().then(|| self.help_id());
        let error = self.has_errors().then(|| self.error_id());
        let ids: Vec<String> = help.into_iter().chain(error).collect();
        if !ids.is_empty() {
            attributes.set("aria-describedby", ids.join(" "));
        }
        if self.has_errors() {
            attributes.set("aria-invalid", "true");
        }
        if self.has_focus() {
            attributes.set_flag("autofocus");
        }
        if self.column.is_some() {
            attributes.set("aria-labelledby", self.label_ids());
        }
        attributes.set_all(self.own_attributes());
        attributes
    }

    /// The attributes set by `attr` in the declaration.
    pub(crate) fn own_attributes(&self) -> &Attributes {
        &self.element.info().attributes
    }

    /// Whether the control gets the initial focus.
    pub(crate) fn has_focus(&self) -> bool {
        self.context.has_focus(&self.name)
    }

    /// The button that adds a row. Empty if the number of rows is fixed.
    #[must_use]
    pub fn add_button(&self) -> IoList {
        Writer::list(|out| self.render_add_button(out))
    }

    pub(crate) fn render_add_button(&self, out: &mut Writer) {
        if self.element.fixed_count() == Some(self.rows.len()) {
            return;
        }
        let place = format!("{}{}", self.trail, self.label_text());
        self.row_button(&RowChange::Add.command(&self.name), &self.words().add, &place, out);
    }

    /// A button that changes rows of this form.
    pub(super) fn row_button(
        &self,
        command: &str,
        label: &Sentence,
        context: &str,
        out: &mut Writer,
    ) {
        let settings = &self.context.settings;
        let has_focus = self.context.has_focus(command);
        let button = RowButton { command, label, context, has_focus };
        button.render_into(&settings.row_action(), &settings.words, out);
    }

    /// The label for a value that isn't one of the choices.
    pub(crate) fn unavailable(&self, text: &str) -> String {
        self.words().unavailable.say(&[("choice", &text)])
    }

    pub(crate) fn layout(&self) -> Layout {
        self.element.layout()
    }

    /// The ids of the elements that label the control.
    fn label_ids(&self) -> String {
        match &self.column {
            Some(Column { heading, row }) => format!("{heading} {row}"),
            None => self.id() + "-label",
        }
    }

    /// All rows of a table share the help in the heading.
    fn help_id(&self) -> String {
        match &self.column {
            Some(Column { heading, .. }) => format!("{heading}-help"),
            None => self.id() + "-help",
        }
    }

    pub(super) fn error_id(&self) -> String {
        self.id() + "-error"
    }
}

/// Finds a field by the last part of its name.
#[track_caller]
pub(super) fn named<'a>(fields: &'a [FieldView], name: &str) -> &'a FieldView {
    let last = |field: &FieldView| field.name.rsplit('.').next() == Some(name);
    fields.iter().find(|field| last(field)).unwrap_or_else(|| {
        let known: Vec<&str> = fields.iter().map(FieldView::name).collect();
        panic!("the form has no field `{name}`; its fields are {}", known.join(", "))
    })
}

/// Serialized as [`Html`], so a template can insert the [whole field](FieldView::render).
impl Serialize for FieldView {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Html::from(self.render()).serialize(serializer)
    }
}

impl fmt::Debug for FieldView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("FieldView").field(&self.name).finish()
    }
}
