//! The controls on a page, with the state that a person has given them.

use super::document::{Document, NodeId};
use super::names::{Labels, Name};
use super::text::on_one_line;
use super::values::Rules;
use crate::testing::form_content::File;

/// A control of a form.
#[derive(Debug, Clone)]
pub(super) struct Control {
    pub(super) id: NodeId,
    /// The type of an `<input>` or `<button>`, or `select` or `textarea`.
    pub(super) kind: String,
    pub(super) name: Name,
    pub(super) form: Option<NodeId>,
    pub(super) is_disabled: bool,
    pub(super) is_hidden: bool,
    pub(super) value: String,
    /// For checkboxes and radio buttons.
    pub(super) is_checked: bool,
    /// For selects.
    pub(super) options: Vec<Choice>,
    /// For file inputs.
    pub(super) files: Vec<File>,
    /// Whether a person has changed the value. Browsers check some rules only then.
    pub(super) is_edited: bool,
}

/// An option of a select.
#[derive(Debug, Clone)]
pub(super) struct Choice {
    pub(super) value: String,
    pub(super) text: String,
    pub(super) is_selected: bool,
    pub(super) is_disabled: bool,
    /// Whether this option stands for no choice in a required select.
    pub(super) is_placeholder: bool,
}

const INPUT_TYPES: [&str; 22] = [
    "hidden",
    "text",
    "search",
    "tel",
    "url",
    "email",
    "password",
    "date",
    "month",
    "week",
    "time",
    "datetime-local",
    "number",
    "range",
    "color",
    "checkbox",
    "radio",
    "file",
    "submit",
    "image",
    "reset",
    "button",
];

impl Control {
    /// All controls on the page, in order.
    pub(super) fn all(document: &Document) -> Vec<Self> {
        let labels = Labels::of(document);
        let controls = document.elements().filter_map(|id| Self::new(document, &labels, id));
        let mut controls: Vec<Self> = controls.collect();
        // Of several checked buttons in a group, the last one stays checked.
        for index in (0..controls.len()).rev() {
            if controls[index].kind == "radio" && controls[index].is_checked {
                check_radio(document, &mut controls, index);
            }
        }
        controls
    }

    fn new(document: &Document, labels: &Labels, id: NodeId) -> Option<Self> {
        // The content of these isn't part of the page, at least if scripts are allowed.
        let is_inert = |outer| matches!(document.name(outer), "template" | "noscript");
        let kind = kind(document, id).filter(|_| !document.ancestors(id).any(is_inert))?;
        let attribute = |name| document.attribute(id, name).unwrap_or_default();
        let value = match kind {
            "textarea" => document.inner_text(id),
            "checkbox" | "radio" if !document.has(id, "value") => "on".to_owned(),
            kind => Rules::of(document, id, kind).sanitize(attribute("value")),
        };
        let form = match document.attribute(id, "form") {
            Some(form) => document.by_id(form).filter(|&form| document.name(form) == "form"),
            None => document.closest(id, "form"),
        };
        Some(Self {
            id,
            name: Name::of(document, labels, id),
            form,
            is_disabled: is_disabled(document, id),
            is_hidden: kind == "hidden" || document.is_hidden(id),
            value,
            is_checked: document.has(id, "checked") && matches!(kind, "checkbox" | "radio"),
            options: if kind == "select" { choices(document, id) } else { Vec::new() },
            files: Vec::new(),
            is_edited: false,
            kind: kind.to_owned(),
        })
    }

    /// Whether the control is a button that does something, or would with a script.
    pub(super) fn is_button(&self) -> bool {
        matches!(self.kind.as_str(), "submit" | "image" | "reset" | "button")
    }

    /// Whether a person can type into this control, or set its value directly.
    pub(super) fn is_entry(&self) -> bool {
        !self.is_button() && !matches!(self.kind.as_str(), "checkbox" | "radio" | "select" | "file")
    }

    pub(super) fn is_select(&self) -> bool {
        self.kind == "select"
    }
}

/// The radio buttons in the same group as `controls[index]`, including itself (section 4.10.5.1.16).
pub(super) fn radio_group(document: &Document, controls: &[Control], index: usize) -> Vec<usize> {
    let name = |control: &Control| document.attribute(control.id, "name").unwrap_or_default();
    let (own, form) = (name(&controls[index]), controls[index].form);
    let is_in_group = |other: &Control| {
        other.kind == "radio" && other.form == form && !own.is_empty() && name(other) == own
    };
    let others = (0..controls.len()).filter(|&at| at == index || is_in_group(&controls[at]));
    others.collect()
}

/// Checks a radio button, and unchecks the others in its group.
pub(super) fn check_radio(document: &Document, controls: &mut [Control], index: usize) {
    for other in radio_group(document, controls, index) {
        controls[other].is_checked = other == index;
    }
}

fn kind(document: &Document, id: NodeId) -> Option<&'static str> {
    let given = document.attribute(id, "type").unwrap_or_default();
    let among = |known: &[&'static str], default| {
        known.iter().find(|known| known.eq_ignore_ascii_case(given)).copied().unwrap_or(default)
    };
    match document.name(id) {
        "input" => Some(among(&INPUT_TYPES, "text")),
        "button" => Some(among(&["submit", "reset", "button"], "submit")),
        "select" => Some("select"),
        "textarea" => Some("textarea"),
        _ => None,
    }
}

/// Whether the element or a fieldset around it is disabled. The legend of a disabled fieldset isn't
/// (section 4.10.15).
fn is_disabled(document: &Document, id: NodeId) -> bool {
    let mut inner = id;
    document.has(id, "disabled")
        || document.ancestors(id).any(|outer| {
            let is_legend = document.name(inner) == "legend"
                && document.children(outer).find(|&child| document.name(child) == "legend")
                    == Some(inner);
            inner = outer;
            document.name(outer) == "fieldset" && document.has(outer, "disabled") && !is_legend
        })
}

fn choices(document: &Document, select: NodeId) -> Vec<Choice> {
    let descendants = document.descendants(select);
    let options = descendants.into_iter().filter(|&id| document.name(id) == "option");
    let is_multiple = document.has(select, "multiple");
    let size = document.attribute(select, "size").and_then(|size| size.trim().parse().ok());
    let is_drop_down = !is_multiple && size.unwrap_or(1_u32) <= 1;
    let mut choices: Vec<Choice> = Vec::new();
    for id in options {
        let text = on_one_line(&document.inner_text(id));
        let value = document.attribute(id, "value").unwrap_or(&text).to_owned();
        let group = document.ancestors(id).take_while(|&outer| outer != select);
        let in_disabled_group = group
            .filter(|&outer| document.name(outer) == "optgroup")
            .any(|group| document.has(group, "disabled"));
        choices.push(Choice {
            is_placeholder: choices.is_empty()
                && is_drop_down
                && value.is_empty()
                && document.ancestors(id).next() == Some(select),
            value,
            text: document.attribute(id, "label").map_or(text, on_one_line),
            is_selected: document.has(id, "selected"),
            is_disabled: document.has(id, "disabled") || in_disabled_group,
        });
    }
    if !is_multiple {
        let selected = choices.iter().rposition(|choice| choice.is_selected);
        let first = || choices.iter().position(|choice| !choice.is_disabled);
        let selected = selected.or_else(|| first().filter(|_| is_drop_down));
        for (index, choice) in choices.iter_mut().enumerate() {
            choice.is_selected = selected == Some(index);
        }
    }
    choices
}
