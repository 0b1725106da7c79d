//! Whitespace at the edges of files and sections.

/// Returns whether this is whitespace. For compatibility with kali, this includes U+001C to U+001F,
/// which Python's `str.strip` also removes.
pub(crate) fn is_blank(c: char) -> bool {
    c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_the_separators_and_leaves_zero_width_characters() {
        let blanks = "\t\n\u{b}\u{c}\r\u{1c}\u{1d}\u{1e}\u{1f} \u{85}\u{a0}\u{1680}\u{2000}\u{200a}\
                      \u{2028}\u{2029}\u{202f}\u{205f}\u{3000}";
        assert!(blanks.chars().all(is_blank));
        assert!(!"\u{200b}\u{feff}\u{180e}_x\u{8}\u{e}\u{1b}\0".chars().any(is_blank));
    }
}
