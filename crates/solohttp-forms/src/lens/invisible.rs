//! Characters that nobody can see or type on purpose, but that are copied along with text.
//!
//! Within a word some of them matter: joiners shape Persian and emoji, marks set the direction. So
//! they are dropped only around a text, and a text of nothing else is blank.

use std::borrow::Cow;

/// Takes no ink: the format characters and fillers of Unicode (`Default_Ignorable_Code_Point`, and
/// the blank of Braille).
fn is_invisible(character: char) -> bool {
    matches!(character,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}'..='\u{1160}' | '\u{17B4}'..='\u{17B5}'
        | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{2800}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}'
        | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFF8}' | '\u{1BCA0}'..='\u{1BCA3}'
        | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}')
}

/// Has no meaning at the end of a text, unlike a variation selector after an emoji.
fn is_litter(character: char) -> bool {
    matches!(
        character,
        '\u{AD}' | '\u{180E}' | '\u{200B}' | '\u{2060}' | '\u{2800}' | '\u{3164}' | '\u{FEFF}'
    )
}

/// Is there nothing that anybody could see?
pub(crate) fn is_blank(text: &str) -> bool {
    text.chars().all(|character| character.is_whitespace() || is_invisible(character))
}

/// The text without blanks and litter around it.
pub(crate) fn trim(text: &str) -> &str {
    if is_blank(text) {
        return "";
    }
    text.trim_matches(|character: char| character.is_whitespace() || is_litter(character))
}

/// The text without any of it, for what is made of plain characters, such as an address.
pub(crate) fn without(text: &str) -> Cow<'_, str> {
    let text = trim(text);
    if text.is_ascii() || !text.contains(is_invisible) {
        return text.into();
    }
    text.replace(is_invisible, "").into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_sees_is_blank() {
        for character in
            "\u{200B}\u{2060}\u{AD}\u{180E}\u{3164}\u{FEFF}\u{2800}\u{200D}\u{E0020}".chars()
        {
            let text = format!(" {character}{character}\n");
            assert!(is_blank(&text) && trim(&text).is_empty(), "{text:?}");
        }
        assert!(!is_blank("\u{200B}a") && !is_blank("\u{661}"));
    }

    #[test]
    fn only_litter_around_a_text_is_dropped() {
        for (text, expect) in [
            (" a \u{200B}", "a"),
            ("\u{FEFF}a\u{200B}b\u{AD}", "a\u{200B}b"),
            ("\u{2764}\u{FE0F}", "\u{2764}\u{FE0F}"),
            ("\u{645}\u{6CC}\u{200C}\u{631}", "\u{645}\u{6CC}\u{200C}\u{631}"),
        ] {
            assert_eq!(trim(text), expect);
        }
        assert_eq!(without("a\u{200B}@b.de\u{200E}"), "a@b.de");
    }
}
