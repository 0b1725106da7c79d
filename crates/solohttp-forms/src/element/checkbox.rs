//! Checkboxes and switches.

use std::borrow::Cow;
use std::fmt;

use solohttp_core::{Fields, IoList};

use crate::element::Element;
use crate::element::cell::CellKind;
use crate::element::info::{ElementInfo, Layout, info_methods};
use crate::element::reuse::Reuse;
use crate::form::data::FormData;
use crate::markup::writer::Writer;
use crate::validation::ValidationError;
use crate::validation::errors::ValidationErrors;
use crate::view::field::FieldView;

/// The value that browsers send by default for a checked box.
pub(crate) const CHECKED: &str = "on";

/// A checkbox or a switch.
#[derive(Debug, Clone)]
pub struct Checkbox {
    info: ElementInfo,
    switch: bool,
    required: bool,
    initial: bool,
}

/// A checkbox.
pub fn checkbox(label: impl Into<Cow<'static, str>>) -> Checkbox {
    Checkbox { info: ElementInfo::new(label), switch: false, required: false, initial: false }
}

/// A switch: a checkbox with the ARIA role `switch`.
pub fn switch(label: impl Into<Cow<'static, str>>) -> Checkbox {
    Checkbox { switch: true, ..checkbox(label) }
}

impl Checkbox {
    info_methods!();

    /// Requires the box to be checked, for example to accept terms.
    #[must_use]
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// Sets whether the box is checked in the form for a new record.
    #[must_use]
    pub fn initial(mut self, checked: bool) -> Self {
        self.initial = checked;
        self
    }
}

impl Element for Checkbox {
    type Value = bool;

    fn info(&self) -> &ElementInfo {
        &self.info
    }

    fn layout(&self) -> Layout {
        Layout::Check
    }

    fn blank(&self, name: &str, fields: &mut Fields) {
        self.show(name, &self.initial, fields);
    }

    fn show(&self, name: &str, checked: &bool, fields: &mut Fields) {
        if *checked {
            fields.push(name, CHECKED);
        }
    }

    fn write(&self, checked: &bool, text: &mut dyn fmt::Write) -> fmt::Result {
        text.write_str(if *checked { CHECKED } else { "" })
    }

    /// Browsers send nothing for an unchecked box. Rejects unknown values, because otherwise even
    /// `false` would count as checked.
    fn parse(&self, name: &str, data: &FormData, errors: &mut ValidationErrors) -> Option<bool> {
        let error = match data.text(name) {
            CHECKED => return Some(true),
            "" if self.required => ValidationError::Missing,
            "" => return Some(false),
            _ => ValidationError::NoSuchChoice,
        };
        errors.add(name, error);
        None
    }

    fn control(&self, field: &FieldView) -> IoList {
        Writer::list(|out| self.render_control(field, out))
    }

    fn render_control(&self, field: &FieldView, out: &mut Writer) {
        let merges = self.info.has_attributes();
        let mut input = out.merging_tag("input", merges).raw("type", "checkbox");
        if self.switch {
            input = input.attr("role", "switch");
        }
        input = input
            .raw("value", CHECKED)
            .flag_if("checked", field.text() == CHECKED)
            .flag_if("required", field.is_required());
        if self.required && !field.is_required() {
            input = input.attr("aria-required", "true");
        }
        field.control_attributes(input).end();
    }

    fn reuse(&self) -> Option<Reuse> {
        Some(Reuse::Check { checked: CHECKED })
    }

    fn is_required(&self) -> bool {
        self.required
    }

    fn cell(&self) -> Option<CellKind<'_>> {
        Some(CellKind::Check)
    }

    /// The label if the box is checked. The value `on` would be meaningless among the other values
    /// in a row.
    fn describe(&self, name: &str, data: &FormData) -> String {
        if data.text(name) == CHECKED { self.info.label.to_string() } else { String::new() }
    }
}
