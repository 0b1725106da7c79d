//! Keys by name: `Tab`, `Shift+Tab`, `Control+a`, `x`.

/// Each key's name, its Windows key code (which Chromium uses on every system), and the text that
/// it types.
pub(super) const NAMED: &[(&str, u32, &str)] = &[
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

/// Modifiers, with their bits in Chromium's protocol.
pub(super) const MODIFIERS: &[(&str, u32)] =
    &[("Alt", 1), ("Control", 2), ("Meta", 4), ("Shift", 8)];

/// Modifiers that turn a character into a command.
const COMMANDING: u32 = 1 | 2 | 4;

/// A keystroke with its modifiers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stroke {
    /// Bits of [`MODIFIERS`].
    pub(super) modifiers: u32,
    /// The key's name or character, as in `KeyboardEvent.key`.
    pub(super) key: String,
    /// The key's position on the keyboard, as in `KeyboardEvent.code`; empty if it depends on the
    /// layout.
    pub(super) code: String,
    /// The Windows key code.
    pub(super) number: u32,
    /// The text that the keystroke types.
    pub(super) text: String,
}

impl Stroke {
    /// Parses a key name. Returns `None` for an unknown key.
    pub(super) fn read(name: &str) -> Option<Self> {
        let (modifiers, key) = modifiers(name)?;
        let (key, code, number, text) = match NAMED.iter().find(|(name, ..)| *name == key) {
            Some(&(name, number, text)) => {
                (name.to_owned(), name.to_owned(), number, text.to_owned())
            }
            None => character(key)?,
        };
        Some(Self { modifiers, key, code, number, text })
    }

    /// Whether a modifier turns the character into a command.
    pub(super) fn is_command(&self) -> bool {
        self.modifiers & COMMANDING != 0
    }
}

/// Returns the known names, for an error message.
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
        // The position of any other key depends on the layout. Its text is enough.
        _ => String::new(),
    };
    let number = if code.is_empty() { 0 } else { u32::from(upper) };
    Some((key.to_owned(), code, number, key.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_what_is_no_key() {
        for name in ["", "Return", "tab", "Hyper+a", "ab", "é", "Shift+"] {
            assert!(Stroke::read(name).is_none(), "{name}");
        }
    }
}
