//! The names by which a person finds a control: its labels, and the groups around it.

use std::collections::HashMap;
use std::fmt;

use super::document::{Document, NodeId};
use super::text::{label_text, on_one_line};

/// Separates the name of a group from that of a control in it, as in `Lines 2, Item`.
const SEPARATOR: &str = ", ";

/// The labels on a page.
pub(super) struct Labels(HashMap<NodeId, Vec<NodeId>>);

impl Labels {
    pub(super) fn of(document: &Document) -> Self {
        let mut labels = Self(HashMap::new());
        for label in document.all("label") {
            let labeled = match document.attribute(label, "for") {
                Some(id) => document.by_id(id),
                None => document.descendants(label).into_iter().find(|&inner| {
                    let is_hidden = document.attribute(inner, "type") == Some("hidden");
                    !is_hidden && is_labelable(document.name(inner))
                }),
            };
            if let Some(labeled) = labeled {
                labels.0.entry(labeled).or_default().push(label);
            }
        }
        labels
    }
}

fn is_labelable(name: &str) -> bool {
    matches!(name, "button" | "input" | "meter" | "output" | "progress" | "select" | "textarea")
}

/// What a person may call a control or a group.
#[derive(Debug, Clone)]
pub(super) struct Name {
    /// The names of the groups around it, outermost first.
    groups: Vec<String>,
    /// Not empty if the control has any name.
    names: Vec<String>,
}

impl Name {
    pub(super) fn of(document: &Document, labels: &Labels, id: NodeId) -> Self {
        let mut names = all_names(document, id);
        let labels = labels.0.get(&id).into_iter().flatten();
        names.extend(labels.map(|&label| label_text(document, label)));
        names.extend(match document.name(id) {
            "a" | "button" => Some(label_text(document, id)),
            "input" => button_value(document, id),
            _ => group_text(document, id),
        });
        names.retain(|name| !name.is_empty());
        if names.is_empty() {
            let fallback = ["title", "placeholder"].map(|name| document.attribute(id, name));
            names.extend(fallback.into_iter().flatten().map(on_one_line));
        }
        Self { groups: groups(document, id), names }
    }

    /// Whether the control may be called this: its own name, or that name after the names of some
    /// of its groups.
    pub(super) fn fits(&self, wanted: &str) -> bool {
        self.names.iter().any(|name| {
            let rest = wanted.strip_suffix(name.as_str());
            rest.is_some_and(|rest| is_path(rest, &self.groups))
        })
    }

    /// Whether the control is in a group of this name.
    pub(super) fn is_in(&self, group: &str) -> bool {
        self.groups.iter().enumerate().any(|(index, name)| {
            let rest = group.strip_suffix(name.as_str());
            rest.is_some_and(|rest| is_path(rest, &self.groups[..index]))
        })
    }

    /// The control's own name.
    pub(super) fn own(&self) -> &str {
        self.names.first().map_or("(no name)", String::as_str)
    }

    /// The name for lists, with the innermost group.
    pub(super) fn shown(&self) -> String {
        match self.groups.last() {
            Some(group) => format!("{group}{SEPARATOR}{}", self.own()),
            None => self.own().to_owned(),
        }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown())
    }
}

/// Whether `path` consists of the names of some of the groups, outermost first, each followed by a
/// separator.
fn is_path(path: &str, groups: &[String]) -> bool {
    if path.is_empty() {
        return true;
    }
    let Some((innermost, outer)) = groups.split_last() else { return false };
    let rest = path.strip_suffix(SEPARATOR).and_then(|rest| rest.strip_suffix(innermost.as_str()));
    rest.is_some_and(|rest| is_path(rest, outer)) || is_path(path, outer)
}

/// The names of the groups around an element, outermost first. A group can have several names, which
/// follow each other.
fn groups(document: &Document, id: NodeId) -> Vec<String> {
    let mut outermost_first: Vec<NodeId> = document.ancestors(id).collect();
    outermost_first.reverse();
    let mut groups: Vec<String> = Vec::new();
    for outer in outermost_first {
        let own = own_names(document, outer).into_iter().next();
        let Some(name) = own.or_else(|| group_text(document, outer)) else { continue };
        // The number of a row is only a name together with that of its table.
        let is_number = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit());
        let in_table = groups.last().filter(|_| is_number && document.name(outer) == "tr");
        let in_table = in_table.map(|table| format!("{table} {name}"));
        let all = column_heading(document, outer).into_iter().chain([name]).chain(in_table);
        groups.extend(all.filter(|name| !name.is_empty()));
    }
    groups
}

/// The heading of a control's column, if that is part of its name, and all other names that ARIA
/// attributes give the control.
fn all_names(document: &Document, id: NodeId) -> Vec<String> {
    let mut names = Vec::from_iter(column_heading(document, id));
    names.extend(own_names(document, id));
    names
}

/// The heading of the column that, together with that of the row, labels a control in a table.
fn column_heading(document: &Document, id: NodeId) -> Option<String> {
    let heading = document.referenced(id, "aria-labelledby").find(|&part| {
        let cell = document.closest(part, "th");
        cell.is_some_and(|cell| document.attribute(cell, "scope") == Some("col"))
    });
    heading.map(|heading| label_text(document, heading))
}

/// The names that ARIA attributes give an element.
fn own_names(document: &Document, id: NodeId) -> Vec<String> {
    let parts: Vec<String> = document
        .referenced(id, "aria-labelledby")
        .map(|part| match document.attribute(part, "aria-label") {
            Some(label) => on_one_line(label),
            None => label_text(document, part),
        })
        .collect();
    let label = document.attribute(id, "aria-label").map(on_one_line);
    let joined = parts.join(" ");
    [joined].into_iter().chain(label).filter(|name| !name.is_empty()).collect()
}

/// The caption that HTML gives a group: a legend, the caption of a table, or the header of a row.
fn group_text(document: &Document, id: NodeId) -> Option<String> {
    let caption = match document.name(id) {
        "fieldset" => "legend",
        "table" => "caption",
        // Not in the row with the headers of the columns.
        "tr" if document.closest(id, "thead").is_none() => "th",
        _ => return None,
    };
    let mut children = document.children(id);
    let caption = children.find(|&child| document.name(child) == caption)?;
    let is_of_column = document.attribute(caption, "scope") == Some("col");
    (!is_of_column).then(|| label_text(document, caption))
}

/// The text on a button that is an `<input>`.
fn button_value(document: &Document, id: NodeId) -> Option<String> {
    let kind = document.attribute(id, "type").unwrap_or_default().to_ascii_lowercase();
    let (attribute, default) = match kind.as_str() {
        "submit" => ("value", "Submit"),
        "reset" => ("value", "Reset"),
        "button" => ("value", ""),
        "image" => ("alt", "Submit"),
        _ => return None,
    };
    Some(on_one_line(document.attribute(id, attribute).unwrap_or(default)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks the names of the element with the id `x`.
    #[track_caller]
    fn check(html: &str, fitting: &[&str], others: &[&str]) {
        let document = Document::parse(html);
        let id = document.by_id("x").unwrap();
        let name = Name::of(&document, &Labels::of(&document), id);
        for wanted in fitting {
            assert!(name.fits(wanted), "{name:?} doesn't fit {wanted:?}");
        }
        for wanted in others {
            assert!(!name.fits(wanted), "{name:?} fits {wanted:?}");
        }
    }

    #[test]
    fn a_control_has_its_labels_as_names() {
        check("<label for=x>The <b>code</b></label><input id=x>", &["The code"], &["code", ""]);
        check("<label>Code <input id=x></label>", &["Code"], &[]);
        check("<label>Code <select id=x><option>a</select></label>", &["Code"], &[]);
        check("<label><input type=hidden> Code <input id=x></label>", &["Code"], &[]);
        check("<p id=a>A</p><p id=b>B</p><input id=x aria-labelledby='a b'>", &["A B"], &["A"]);
        check("<label for=x>A</label><input id=x aria-label=B>", &["A", "B"], &[]);
        check("<input id=x placeholder=Search>", &["Search"], &[]);
        check("<label>Find <input id=x placeholder=Search></label>", &["Find"], &["Search"]);
        check("<button id=x aria-label='Remove: Line 2'>Remove</button>", &["Remove"], &[]);
        check("<input id=x type=SUBMIT>", &["Submit"], &[]);
    }

    #[test]
    fn a_name_may_begin_with_those_of_its_groups() {
        let row = "<fieldset><legend>Lines</legend><fieldset><legend>Lines 2</legend>\
            <label>Item <input id=x></label></fieldset></fieldset>";
        check(
            row,
            &["Item", "Lines 2, Item", "Lines, Item", "Lines, Lines 2, Item"],
            &["Lines 1, Item", "Lines 2, Lines, Item", ", Item", "Lines 2 Item", "Lines 2"],
        );
        let table = |control| {
            format!(
                "<fieldset><legend>Lines</legend><table><thead><tr><td><th scope=col>\
                <span id=c>Item</span>*<tbody><tr><th scope=row id=r>2</th><td>{control}"
            )
        };
        check(
            &table("<input id=x aria-labelledby='c r'>"),
            &["Lines 2, Item", "Lines, Item", "2, Item", "Lines, Lines 2, Item", "Item", "Item 2"],
            &["Lines 1, Item", "Lines 2 Item", "Lines 2", "2"],
        );
        check(
            &table("<div role=radiogroup aria-labelledby='c r'><label><input type=radio id=x>A"),
            &["Lines 2, Item, A", "Lines 2, A", "Item, A", "Item 2, A"],
            &["Lines 2, Item"],
        );
        check("<form aria-label=Search><input id=x aria-label=a>", &["Search, a"], &[]);
        check("<table><tr><th>Tea<td><button id=x>Delete", &["Tea, Delete"], &[]);
    }
}
