//! Keystrokes as DevTools key events.

use serde_json::{Value, json};

use crate::browser::keyboard::Stroke;

/// The key-down and key-up events of a keystroke.
pub(super) fn events(stroke: &Stroke) -> [Value; 2] {
    let Stroke { modifiers, key, code, number, .. } = stroke;
    let event = |kind: &str, text: &str| {
        json!({
            "type": kind, "key": key, "code": code, "windowsVirtualKeyCode": number,
            "modifiers": modifiers, "text": text,
        })
    };
    let text = if stroke.is_command() { "" } else { stroke.text.as_str() };
    [event(if text.is_empty() { "rawKeyDown" } else { "keyDown" }, text), event("keyUp", "")]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_named_keys_characters_and_modifiers() {
        let check = |name: &str, kind: &str, key: &str, code: &str, modifiers: u32, text: &str| {
            let [down, up] = events(&Stroke::read(name).unwrap());
            let expect = json!([kind, key, code, modifiers, text]);
            let found = ["type", "key", "code", "modifiers", "text"].map(|field| &down[field]);
            assert_eq!(json!(found), expect, "{name}");
            assert_eq!((&up["type"], &up["text"]), (&json!("keyUp"), &json!("")), "{name}");
        };
        check("Tab", "rawKeyDown", "Tab", "Tab", 0, "");
        check("Shift+Tab", "rawKeyDown", "Tab", "Tab", 8, "");
        check("Enter", "keyDown", "Enter", "Enter", 0, "\r");
        check("Space", "keyDown", " ", "Space", 0, " ");
        check("a", "keyDown", "a", "KeyA", 0, "a");
        check("Shift+A", "keyDown", "A", "KeyA", 8, "A");
        check("Control+a", "rawKeyDown", "a", "KeyA", 2, "");
        check("Control+Shift+ArrowLeft", "rawKeyDown", "ArrowLeft", "ArrowLeft", 10, "");
        check("+", "keyDown", "+", "", 0, "+");
        check("Shift++", "keyDown", "+", "", 8, "+");
    }
}
