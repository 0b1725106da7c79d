//! The HTML of a field. Each function appends to the form's buffer.

use std::borrow::Cow;

use crate::element::info::Layout;
use crate::markup::writer::{StartTag, Writer};
use crate::view::field::{Column, FieldView};
use crate::view::version;

impl FieldView {
    pub(super) fn render_label(&self, out: &mut Writer) {
        if !self.is_shown() {
            return;
        }
        match self.layout() {
            Layout::Hidden => {}
            Layout::Single | Layout::Check => {
                out.raw("<label for=\"");
                self.render_id(out);
                out.raw("\">");
                out.text(self.label_text());
                out.raw("</label>");
            }
            _ => {
                out.raw("<span class=\"label\" id=\"");
                self.render_id(out);
                out.raw("-label\">");
                out.text(self.label_text());
                out.raw("</span>");
            }
        }
    }

    pub(super) fn render_help(&self, out: &mut Writer) {
        if !self.is_shown() {
            return;
        }
        if let Some(help) = &self.element.info().help {
            out.raw("<p class=\"help\" id=\"");
            self.render_help_id(out);
            out.raw("\">");
            out.text(help);
            out.raw("</p>");
        }
    }

    pub(super) fn render_error(&self, out: &mut Writer) {
        if !self.is_shown() {
            return;
        }
        if self.has_errors() && self.layout() != Layout::Hidden {
            out.raw("<p class=\"error\" id=\"");
            self.render_error_id(out);
            out.raw("\">");
            out.error(&self.error_text());
            out.raw("</p>");
        }
    }

    pub(super) fn render_control(&self, out: &mut Writer) {
        if !self.is_shown() {
            return;
        }
        match self.layout() {
            Layout::Single | Layout::Check | Layout::Hidden => {
                self.element.render_control(self, out);
            }
            layout => {
                let group =
                    out.tag("div").attr_with("aria-labelledby", |out| self.render_label_ids(out));
                let group = match layout {
                    Layout::RadioGroup => group,
                    _ => group.attr("role", "group"),
                };
                self.group_attributes(group).end();
                self.element.render_control(self, out);
                out.raw("</div>");
            }
        }
        self.render_version_choice(out);
    }

    pub(crate) fn render_into(&self, out: &mut Writer) {
        if !self.is_shown() {
            return;
        }
        match self.layout() {
            Layout::Hidden => self.render_control(out),
            Layout::Single => {
                out.raw("<div class=\"field");
                self.render_state(out);
                out.raw("\">");
                self.render_label(out);
                self.render_help(out);
                self.render_error(out);
                self.render_control(out);
                out.raw("</div>");
            }
            Layout::Check => {
                out.raw("<div class=\"field");
                self.render_state(out);
                out.raw(" check\">");
                self.render_control(out);
                out.raw(" ");
                self.render_label(out);
                self.render_help(out);
                self.render_error(out);
                out.raw("</div>");
            }
            layout => self.render_fieldset(layout, out),
        }
    }

    fn render_fieldset(&self, layout: Layout, out: &mut Writer) {
        let fieldset = out.tag("fieldset").attr_with("class", |out| {
            out.raw("field");
            self.render_state(out);
        });
        self.group_attributes(fieldset).end();
        out.raw("<legend>");
        out.text(self.label_text());
        out.raw("</legend>");
        self.render_help(out);
        self.render_error(out);
        // Chromium's layout time for a fieldset grows with the square of the number of children.
        // Without this `div`, 20,000 boxes took three times as long.
        let has_choices = layout == Layout::CheckGroup;
        out.raw(if has_choices { "<div class=\"choices\">" } else { "" });
        self.element.render_control(self, out);
        out.raw(if has_choices { "</div>" } else { "" });
        out.raw("</fieldset>");
        self.render_version_choice(out);
    }

    /// The classes for a field that is required or has errors.
    fn render_state(&self, out: &mut Writer) {
        out.raw(if self.element.is_required() { " required" } else { "" });
        out.raw(if self.has_errors() { " bad" } else { "" });
    }

    /// The same attributes, as a part of a start tag.
    pub(crate) fn control_attributes<'w>(&self, tag: StartTag<'w>) -> StartTag<'w> {
        let tag =
            tag.attr_with("id", |out| self.render_id(out)).attr_with("name", |out| {
                match &self.name {
                    Cow::Borrowed(name) => out.raw(name),
                    Cow::Owned(name) => out.text(name),
                }
            });
        let mut tag = self.descriptions(tag);
        if self.has_errors() {
            tag = tag.raw("aria-invalid", "true");
        }
        tag = tag.flag_if("autofocus", self.has_focus());
        if self.column.is_some() {
            tag = tag.attr_with("aria-labelledby", |out| self.render_label_ids(out));
        }
        tag.attrs(self.own_attributes(), &[])
    }

    fn render_version_choice(&self, out: &mut Writer) {
        let conflicts = &self.context.changes.conflicts;
        let Some(conflict) = conflicts.iter().find(|conflict| conflict.name == self.name) else {
            return;
        };
        let label = match self.label_text() {
            "" => self.name(),
            label => label,
        };
        // For a hidden field, only the summary shows the error.
        let error = (self.layout() != Layout::Hidden).then(|| self.error_id());
        out.push(&version::choice(conflict, self.words(), (&self.id(), label), error));
    }

    fn group_attributes<'w>(&self, tag: StartTag<'w>) -> StartTag<'w> {
        let mut tag = self.descriptions(tag.attr_with("id", |out| self.render_id(out)));
        if self.layout() == Layout::RadioGroup {
            tag = tag.attr("role", "radiogroup");
            if self.element.is_required() {
                tag = tag.attr("aria-required", "true");
            }
            if self.has_errors() {
                tag = tag.raw("aria-invalid", "true");
            }
        }
        tag
    }

    /// The reference to the help and the errors.
    fn descriptions<'w>(&self, tag: StartTag<'w>) -> StartTag<'w> {
        let (has_help, has_errors) = (self.element.info().help.is_some(), self.has_errors());
        if !has_help && !has_errors {
            return tag;
        }
        tag.attr_with("aria-describedby", |out| {
            if has_help {
                self.render_help_id(out);
            }
            out.raw(if has_help && has_errors { " " } else { "" });
            if has_errors {
                self.render_error_id(out);
            }
        })
    }

    /// Writes [`id`](Self::id) without allocating, and the functions below write the other ids.
    pub(crate) fn render_id(&self, out: &mut Writer) {
        out.text(&self.context.settings.prefix);
        match &self.name {
            // An identifier.
            Cow::Borrowed(name) => {
                out.raw("-");
                out.raw(name);
            }
            Cow::Owned(name) => {
                for part in name.split('.') {
                    out.raw("-");
                    out.text(part);
                }
            }
        }
    }

    /// Writes the id of the control to focus. In a group, this is the first control.
    pub(super) fn render_focus_id(&self, out: &mut Writer) {
        self.render_id(out);
        if matches!(self.layout(), Layout::RadioGroup | Layout::CheckGroup) {
            out.raw("-0");
        }
    }

    fn render_label_ids(&self, out: &mut Writer) {
        match &self.column {
            Some(Column { heading, row }) => {
                out.text(heading);
                out.raw(" ");
                out.text(row);
            }
            None => {
                self.render_id(out);
                out.raw("-label");
            }
        }
    }

    fn render_help_id(&self, out: &mut Writer) {
        match &self.column {
            Some(Column { heading, .. }) => out.text(heading),
            None => self.render_id(out),
        }
        out.raw("-help");
    }

    fn render_error_id(&self, out: &mut Writer) {
        self.render_id(out);
        out.raw("-error");
    }
}
