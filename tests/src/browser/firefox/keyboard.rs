//! Keystrokes as key actions. Named keys have their own code points (WebDriver, 17.4.2).

use serde_json::{Value, json};

use crate::browser::keyboard::{MODIFIERS, Stroke};

const NAMED: &[(&str, char)] = &[
    ("Backspace", '\u{E003}'),
    ("Tab", '\u{E004}'),
    ("Enter", '\u{E006}'),
    ("Alt", '\u{E00A}'),
    ("Control", '\u{E009}'),
    ("Meta", '\u{E03D}'),
    ("Shift", '\u{E008}'),
    ("Escape", '\u{E00C}'),
    ("PageUp", '\u{E00E}'),
    ("PageDown", '\u{E00F}'),
    ("End", '\u{E010}'),
    ("Home", '\u{E011}'),
    ("ArrowLeft", '\u{E012}'),
    ("ArrowUp", '\u{E013}'),
    ("ArrowRight", '\u{E014}'),
    ("ArrowDown", '\u{E015}'),
    ("Delete", '\u{E017}'),
];

/// The key-down and key-up events of one keystroke, enclosed by those of its modifiers.
pub(super) fn stroke(stroke: &Stroke) -> Vec<Value> {
    let held: Vec<String> = MODIFIERS
        .iter()
        .filter(|(_, bit)| stroke.modifiers & bit != 0)
        .map(|(name, _)| value(name))
        .collect();
    let key = value(&stroke.key);
    let down = held.iter().map(|modifier| action("keyDown", modifier));
    let up = held.iter().rev().map(|modifier| action("keyUp", modifier));
    down.chain([action("keyDown", &key), action("keyUp", &key)]).chain(up).collect()
}

/// A key-down and a key-up event for each character.
pub(super) fn text(text: &str) -> Vec<Value> {
    let keys = text.chars().map(|character| match character {
        '\n' => value("Enter"),
        '\t' => value("Tab"),
        character => character.to_string(),
    });
    keys.flat_map(|key| [action("keyDown", &key), action("keyUp", &key)]).collect()
}

fn action(kind: &str, key: &str) -> Value {
    json!({ "type": kind, "value": key })
}

fn value(key: &str) -> String {
    let named = NAMED.iter().find(|(name, _)| *name == key);
    named.map_or_else(|| key.to_owned(), |(_, character)| character.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::browser::keyboard::NAMED as KNOWN;

    #[test]
    fn modifiers_are_held_around_a_key() {
        let told = stroke(&Stroke::read("Control+Shift+ArrowLeft").unwrap());
        let told: Vec<_> = told.iter().map(|action| action["value"].as_str().unwrap()).collect();
        assert_eq!(told, ["\u{E009}", "\u{E008}", "\u{E012}", "\u{E012}", "\u{E008}", "\u{E009}"]);
    }

    #[test]
    fn every_named_key_has_a_code_point() {
        for (name, ..) in KNOWN {
            assert_eq!(value(name).chars().count(), 1, "{name}");
        }
    }
}
