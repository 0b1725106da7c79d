//! Nodes of Chromium's accessibility tree.

use serde_json::Value;

use crate::browser::AccessibleNode;

/// Returns `None` for a node hidden from assistive technology.
pub(super) fn read(node: &Value) -> Option<AccessibleNode> {
    if node["ignored"] == true {
        return None;
    }
    let states = node["properties"].as_array().into_iter().flatten();
    Some(AccessibleNode {
        role: word(&node["role"]),
        name: word(&node["name"]),
        description: word(&node["description"]),
        value: word(&node["value"]),
        states: states
            .filter_map(|state| Some((state["name"].as_str()?.to_owned(), word(&state["value"]))))
            .collect(),
    })
}

/// Converts an AXValue, `{ "type": …, "value": … }`, to a string.
fn word(value: &Value) -> String {
    match &value["value"] {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
