//! Invisible characters, which often get into text through copy and paste.
//!
//! Some of them matter within a word: joiners shape Persian text and emoji, and marks set the
//! writing direction. Trimming therefore affects only the ends. Text that consists entirely of
//! invisible characters is blank.

use std::borrow::Cow;

/// Whether this is a format character or filler (`Default_Ignorable_Code_Point` and the blank
/// Braille pattern).
fn is_invisible(character: char) -> bool {
    matches!(character,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}'..='\u{1160}' | '\u{17B4}'..='\u{17B5}'
        | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{2800}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}'
        | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFF8}' | '\u{1BCA0}'..='\u{1BCA3}'
        | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}')
}

/// Whether this character is meaningless at either end of a string. This excludes variation
/// selectors, for example, which have a meaning after an emoji.
fn is_trimmable(character: char) -> bool {
    matches!(
        character,
        '\u{AD}' | '\u{180E}' | '\u{200B}' | '\u{2060}' | '\u{2800}' | '\u{3164}' | '\u{FEFF}'
    )
}

/// Whether the text has no visible character.
pub(crate) fn is_blank(text: &str) -> bool {
    text.chars().all(|character| character.is_whitespace() || is_invisible(character))
}

/// Trims whitespace and meaningless invisible characters.
pub(crate) fn trim(text: &str) -> &str {
    if let (Some(first), Some(last)) = (text.bytes().next(), text.bytes().next_back())
        && first.is_ascii_graphic()
        && last.is_ascii_graphic()
    {
        return text;
    }
    if is_blank(text) {
        return "";
    }
    text.trim_matches(|character: char| character.is_whitespace() || is_trimmable(character))
}

/// Removes all invisible characters from text that has no use for them, such as an email address.
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
    fn invisible_text_is_blank() {
        for character in
            "\u{200B}\u{2060}\u{AD}\u{180E}\u{3164}\u{FEFF}\u{2800}\u{200D}\u{E0020}".chars()
        {
            let text = format!(" {character}{character}\n");
            assert!(is_blank(&text) && trim(&text).is_empty(), "{text:?}");
        }
        assert!(!is_blank("\u{200B}a") && !is_blank("\u{661}"));
    }

    #[test]
    fn trims_only_the_ends() {
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
