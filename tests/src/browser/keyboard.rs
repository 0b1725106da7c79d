//! Keys by name, as key events want them: `Tab`, `Shift+Tab`, `Control+a`, `x`.

use serde_json::{Value, json};

/// Name, Windows key code (which Chromium wants on every system), and the text that it types.
const NAMED: &[(&str, u32, &str)] = &[
    ("Backspace", 8, ""),
    ("Tab", 9, ""),
    ("Enter", 13, "\r"),
    ("Escape", 27, ""),
    ("PageUp", 33, ""),
    ("PageDown", 34, ""),
    ("End", 35, ""),
    ("Home", 36, ""),
    ("ArrowLeft", 37, ""),
    ("ArrowUp", 38, ""),
    ("ArrowRight", 39, ""),
    ("ArrowDown", 40, ""),
    ("Delete", 46, ""),
];

/// Bits of the protocol's modifier mask.
const MODIFIERS: &[(&str, u32)] = &[("Alt", 1), ("Control", 2), ("Meta", 4), ("Shift", 8)];

/// Modifiers that turn a character into a command.
const COMMANDING: u32 = 1 | 2 | 4;

/// The events of pressing and releasing a key; none if the key is not known.
pub(super) fn stroke(name: &str) -> Option<[Value; 2]> {
    let (modifiers, key) = modifiers(name)?;
    let (key, code, number, text) = match NAMED.iter().find(|(name, ..)| *name == key) {
        Some(&(name, number, text)) => (name.to_owned(), name.to_owned(), number, text.to_owned()),
        None => character(key)?,
    };
    let event = |kind: &str, text: &str| {
        json!({
            "type": kind, "key": key, "code": code, "windowsVirtualKeyCode": number,
            "modifiers": modifiers, "text": text,
        })
    };
    let text = if modifiers & COMMANDING == 0 { text.as_str() } else { "" };
    Some([event(if text.is_empty() { "rawKeyDown" } else { "keyDown" }, text), event("keyUp", "")])
}

/// The names that are understood, for a message.
pub(super) fn known() -> String {
    let named: Vec<&str> = NAMED.iter().map(|(name, ..)| *name).collect();
    let modifiers: Vec<&str> = MODIFIERS.iter().map(|(name, _)| *name).collect();
    format!("{}, Space, an ASCII character; before it {}", named.join(", "), modifiers.join("+, "))
}

/// Splits `Shift+Tab`; a lone `+` is the plus key.
fn modifiers(name: &str) -> Option<(u32, &str)> {
    let Some((first, rest)) = name.split_once('+').filter(|(_, rest)| !rest.is_empty()) else {
        return Some((0, name));
    };
    let (_, bit) = MODIFIERS.iter().find(|(modifier, _)| *modifier == first)?;
    let (more, key) = modifiers(rest)?;
    Some((bit | more, key))
}

fn character(key: &str) -> Option<(String, String, u32, String)> {
    let key = if key == "Space" { " " } else { key };
    let mut characters = key.chars();
    let character = characters.next().filter(|character| matches!(character, ' '..='~'))?;
    if characters.next().is_some() {
        return None;
    }
    let upper = character.to_ascii_uppercase();
    let code = match upper {
        ' ' => "Space".to_owned(),
        'A'..='Z' => format!("Key{upper}"),
        '0'..='9' => format!("Digit{upper}"),
        // Where another sign is depends on the keyboard; the text is what counts.
        _ => String::new(),
    };
    let number = if code.is_empty() { 0 } else { u32::from(upper) };
    Some((key.to_owned(), code, number, key.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_named_keys_characters_and_modifiers() {
        let check = |name: &str, kind: &str, key: &str, code: &str, modifiers: u32, text: &str| {
            let [down, up] = stroke(name).unwrap();
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

    #[test]
    fn refuses_what_is_no_key() {
        for name in ["", "Return", "tab", "Hyper+a", "ab", "é", "Shift+"] {
            assert!(stroke(name).is_none(), "{name}");
        }
    }
}
