//! Firefox's accessibility tree. WebDriver has no command for it, so a script in the browser's own
//! window queries the accessibility service.

use serde_json::Value;

use crate::browser::AccessibleNode;

/// A script that returns all nodes of the active tab in reading order, or null while the tree
/// doesn't exist yet.
pub(super) const READ: &str = "(() => {
    window.accessibility ??= Cc['@mozilla.org/accessibilityService;1']
        .getService(Ci.nsIAccessibilityService);
    const outer = window.accessibility.getAccessibleFor(gBrowser.selectedBrowser);
    const page = outer && outer.childCount ? outer.getChildAt(0) : null;
    if (!page) return null;
    const states = Ci.nsIAccessibleStates;
    const known = { invalid: states.STATE_INVALID, required: states.STATE_REQUIRED,
        checked: states.STATE_CHECKED, busy: states.STATE_BUSY };
    const read = node => {
        const [bits, extra] = [{}, {}];
        node.getState(bits, extra);
        const told = {};
        for (const name in known) if (bits.value & known[name]) told[name] = 'true';
        try { told.level = node.attributes.getStringProperty('level'); } catch (none) {}
        let value = '';
        try { value = node.value; } catch (none) {}
        let id = '';
        try { id = node.id; } catch (none) {}
        return { id, role: window.accessibility.getStringRole(node.role), name: node.name ?? '',
            description: node.description ?? '', value, states: told };
    };
    const all = [];
    const walk = node => {
        all.push(read(node));
        for (let i = 0; i < node.childCount; i++) walk(node.getChildAt(i));
    };
    walk(page);
    return all[0].states.busy || all[0].role !== 'document' ? null : all;
})()";

/// Converts a node. Without a display, no window is active and the service reports no focus, so the
/// focused node is found by its element's id.
pub(super) fn read(node: &Value, focus: &Value) -> AccessibleNode {
    let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let states = node["states"].as_object().into_iter().flatten();
    let states = states.map(|(name, value)| (name.clone(), word(value)));
    let is_focused = node["id"] != "" && node["id"] == *focus;
    let focused = is_focused.then(|| ("focused".to_owned(), "true".to_owned()));
    AccessibleNode {
        role: role(node["role"].as_str().unwrap_or_default()).to_owned(),
        name: word(&node["name"]),
        description: word(&node["description"]),
        value: word(&node["value"]),
        states: states.chain(focused).collect(),
    }
}

/// Translates a Firefox role to Chromium's name for it.
fn role(role: &str) -> &str {
    match role {
        "pushbutton" => "button",
        "entry" | "password text" => "textbox",
        "checkbutton" => "checkbox",
        "radiobutton" => "radio",
        "text leaf" => "StaticText",
        "label" => "LabelText",
        "document" => "RootWebArea",
        "graphic" => "image",
        other => other,
    }
}
