//! A box to check: yes or no.

use std::borrow::Cow;

use solohttp_core::{Fields, IoList};

use crate::element::{Element, Face, Shape, face_methods};
use crate::form::sent::Sent;
use crate::markup::tag::tag;
use crate::validation::ValidationError;
use crate::validation::errors::ValidationErrors;
use crate::view::FieldView;

/// What browsers send for a box that has no value of its own.
const CHECKED: &str = "on";

/// A check box, or a switch, which is one that looks and reads otherwise.
#[derive(Debug, Clone)]
pub struct Checkbox {
    face: Face,
    switch: bool,
    required: bool,
    initial: bool,
}

/// Yes or no, as a box to check.
pub fn checkbox(label: impl Into<Cow<'static, str>>) -> Checkbox {
    Checkbox { face: Face::new(label), switch: false, required: false, initial: false }
}

/// On or off, as a switch.
pub fn switch(label: impl Into<Cow<'static, str>>) -> Checkbox {
    Checkbox { switch: true, ..checkbox(label) }
}

impl Checkbox {
    face_methods!();

    /// Must be checked, as the conditions of a contract are.
    #[must_use]
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// Whether it is checked in the form for a new record.
    #[must_use]
    pub fn initial(mut self, checked: bool) -> Self {
        self.initial = checked;
        self
    }
}

impl Element for Checkbox {
    type Value = bool;

    fn face(&self) -> &Face {
        &self.face
    }

    fn shape(&self) -> Shape {
        Shape::Check
    }

    fn blank(&self, name: &str, fields: &mut Fields) {
        self.show(name, &self.initial, fields);
    }

    fn show(&self, name: &str, checked: &bool, fields: &mut Fields) {
        if *checked {
            fields.push(name, CHECKED);
        }
    }

    /// A browser sends nothing at all for a box that is not checked. Any value but its own is
    /// refused: `false` would otherwise mean true.
    fn parse(&self, name: &str, sent: &Sent, mistakes: &mut ValidationErrors) -> Option<bool> {
        let mistake = match sent.text(name) {
            CHECKED => return Some(true),
            "" if self.required => ValidationError::Missing,
            "" => return Some(false),
            _ => ValidationError::NoSuchChoice,
        };
        mistakes.add(name, mistake);
        None
    }

    fn control(&self, at: &FieldView) -> IoList {
        tag("input")
            .attr("type", "checkbox")
            .attr_if("role", self.switch.then_some("switch"))
            .attr("value", CHECKED)
            .flag_if("checked", at.text() == CHECKED)
            .flag_if("required", self.required)
            .attrs(&at.attributes())
            .void()
    }

    fn is_required(&self) -> bool {
        self.required
    }

    /// Its label if it is checked: among the other texts of a row, `on` would tell nothing.
    fn say(&self, name: &str, sent: &Sent) -> String {
        if sent.text(name) == CHECKED { self.face.label.to_string() } else { String::new() }
    }
}
