//! Finds what a person means on a page, and explains why it can't be found.

use super::TestPage;
use super::control::Control;
use super::document::{Document, NodeId};
use super::names::{Labels, Name};
use super::text::label_text;

/// A control or group that may show an error.
#[derive(Debug, Clone)]
pub(super) struct Field {
    name: Name,
    error: Option<String>,
}

impl Field {
    pub(super) fn all(document: &Document, controls: &[Control]) -> Vec<Self> {
        let visible = controls.iter().filter(|control| !control.is_hidden && !control.is_button());
        let own = visible
            .map(|control| Self { name: control.name.clone(), error: error(document, control.id) });
        let labels = Labels::of(document);
        let groups = document.elements().filter(|&id| {
            let role = document.attribute(id, "role").unwrap_or_default();
            document.name(id) == "fieldset" || matches!(role, "group" | "radiogroup")
        });
        let groups = groups
            .filter(|&id| !document.is_hidden(id))
            .map(|id| Self { name: Name::of(document, &labels, id), error: error(document, id) });
        own.chain(groups).collect()
    }

    pub(super) fn fits(&self, label: &str) -> bool {
        self.name.fits(label)
    }

    pub(super) fn error(&self) -> Option<&str> {
        self.error.as_deref()
    }
}

fn error(document: &Document, id: NodeId) -> Option<String> {
    let is_invalid = document.attribute(id, "aria-invalid").is_some_and(|value| value != "false");
    let messages: Vec<NodeId> = document.referenced(id, "aria-errormessage").collect();
    let descriptions: Vec<NodeId> = document.referenced(id, "aria-describedby").collect();
    let is_error = |id: &NodeId| {
        let marks = ["class", "id"].map(|name| document.attribute(*id, name).unwrap_or_default());
        marks.iter().any(|mark| mark.contains("error"))
    };
    let mut errors = if is_invalid { messages } else { Vec::new() };
    if errors.is_empty() {
        errors = descriptions.iter().copied().filter(is_error).collect();
    }
    if errors.is_empty() && is_invalid {
        errors = descriptions;
    }
    let texts: Vec<String> = errors.into_iter().map(|id| label_text(document, id)).collect();
    (is_invalid || !texts.is_empty()).then(|| texts.join(" "))
}

impl TestPage {
    /// The visible controls that fit the name, apart from buttons.
    pub(super) fn visible(&self, name: &str, is_wanted: impl Fn(&Control) -> bool) -> Vec<usize> {
        self.visible_of(name, |control| !control.is_button() && is_wanted(control))
    }

    /// The visible controls that fit the name, including buttons.
    pub(super) fn visible_of(
        &self,
        name: &str,
        is_wanted: impl Fn(&Control) -> bool,
    ) -> Vec<usize> {
        let controls = self.controls.iter().enumerate();
        let fitting = controls.filter(|(_, control)| {
            !control.is_hidden && is_wanted(control) && control.name.fits(name)
        });
        fitting.map(|(index, _)| index).collect()
    }

    /// The radio buttons of the group with this name.
    pub(super) fn radios_of(&self, group: &str) -> Vec<usize> {
        let controls = self.controls.iter().enumerate();
        let in_group = controls.filter(|(_, control)| {
            control.kind == "radio" && !control.is_hidden && control.name.is_in(group)
        });
        in_group.map(|(index, _)| index).collect()
    }

    /// Finds the control for an action, which must be able to change it.
    #[track_caller]
    pub(super) fn find(
        &self,
        label: &str,
        action: &str,
        is_wanted: impl Fn(&Control) -> bool,
    ) -> usize {
        let found = self.visible(label, &is_wanted);
        if found.is_empty()
            && let Some(&other) = self.visible(label, |_| true).first()
        {
            let right = action_for(&self.controls[other]);
            panic!("cannot {action} {}: use `{right}`", self.about(label));
        }
        let index = self.only_one(label, &found);
        self.assert_usable(label, index);
        index
    }

    /// Finds a control whatever its type.
    #[track_caller]
    pub(super) fn find_any(&self, label: &str) -> usize {
        self.only_one(label, &self.visible(label, |_| true))
    }

    #[track_caller]
    pub(super) fn only_one(&self, label: &str, found: &[usize]) -> usize {
        match found {
            [] => {
                let visible = self.controls.iter();
                let visible = visible.filter(|control| !control.is_hidden && !control.is_button());
                panic!("{}", self.no_such("field", label, visible.map(described)))
            }
            [index] => *index,
            several => {
                let names = several.iter().map(|&index| self.controls[index].name.to_string());
                let names: Vec<String> = names.collect();
                panic!("{}\n  {}", self.ambiguous("fields", label), names.join("\n  "))
            }
        }
    }

    #[track_caller]
    pub(super) fn assert_usable(&self, label: &str, index: usize) {
        let control = &self.controls[index];
        assert!(!control.is_disabled, "{}: it is disabled", self.about(label));
        let is_read_only = control.is_entry() && self.document.has(control.id, "readonly");
        assert!(!is_read_only, "{}: it is read-only", self.about(label));
    }

    /// Finds a button. If there are several with the same effect, returns the first one.
    #[track_caller]
    pub(super) fn find_button(&self, name: &str) -> usize {
        let found = self.visible_of(name, Control::is_button);
        let Some(&first) = found.first() else {
            let buttons = self.controls.iter();
            let buttons = buttons.filter(|control| control.is_button() && !control.is_hidden);
            panic!("{}", self.no_such("button", name, buttons.map(described)))
        };
        let effect = |index: usize| {
            let control = &self.controls[index];
            let attributes = ["name", "value", "formaction", "formmethod", "formnovalidate"];
            let attributes = attributes.map(|name| self.document.attribute(control.id, name));
            (control.form, control.is_disabled, attributes)
        };
        let is_ambiguous = found.iter().any(|&other| effect(other) != effect(first));
        if is_ambiguous {
            let names = found.iter().map(|&index| described(&self.controls[index]));
            let names: Vec<String> = names.collect();
            panic!("{}\n  {}", self.ambiguous("buttons", name), names.join("\n  "))
        }
        first
    }

    /// The visible links on the page, with their targets.
    pub(super) fn links(&self) -> impl Iterator<Item = (Name, &str)> {
        let labels = Labels::of(&self.document);
        self.document.all("a").filter(|&id| !self.document.is_hidden(id)).filter_map(move |id| {
            let href = self.document.attribute(id, "href")?;
            Some((Name::of(&self.document, &labels, id), href))
        })
    }

    pub(super) fn about(&self, label: &str) -> String {
        format!("{} on {}", quoted(label), self.url)
    }

    pub(super) fn no_such(
        &self,
        what: &str,
        name: &str,
        known: impl Iterator<Item = String>,
    ) -> String {
        let known: Vec<String> = known.collect();
        let list = match known.len() {
            0 => format!("it has no {what}s"),
            _ => format!("its {what}s are\n  {}", known.join("\n  ")),
        };
        format!("no {what} {} on {} ({}): {list}", quoted(name), self.url, self.status)
    }

    pub(super) fn ambiguous(&self, what: &str, name: &str) -> String {
        format!(
            "several {what} are called {} on {}: add the name of a group",
            quoted(name),
            self.url
        )
    }
}

pub(super) fn quoted(text: &str) -> String {
    format!("“{text}”")
}

/// A control in a list of what is on the page.
fn described(control: &Control) -> String {
    let mut shown = control.name.to_string();
    if control.is_select() {
        shown += &format!(" ({})", options(control));
    }
    if control.is_disabled {
        shown += " (disabled)";
    }
    shown
}

/// The options of a select.
pub(super) fn options(control: &Control) -> String {
    let texts = control.options.iter().map(|choice| quoted(&choice.text));
    texts.collect::<Vec<_>>().join(", ")
}

/// The method that changes this control.
fn action_for(control: &Control) -> &'static str {
    match control.kind.as_str() {
        "checkbox" | "radio" => "check",
        "select" => "choose",
        "file" => "upload",
        _ => "fill",
    }
}
