//! The grammar of slots. Anything else in braces remains text, so most style sheets and scripts
//! need no quoting.

use std::ops::Range;

/// The ranges of the parts of `{name}`, `{.name}`, `{name:format}` or `{name:format|argument}`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct SlotParts {
    pub(super) whole: Range<usize>,
    pub(super) is_raw: bool,
    /// Includes the `@`, if any.
    pub(super) name: Range<usize>,
    pub(super) format: Option<Range<usize>>,
    pub(super) argument: Option<Range<usize>>,
}

/// Parses the slot whose `{` is at `open`. Returns `None` if that `{` is just text.
pub(super) fn slot_at(text: &str, open: usize) -> Option<SlotParts> {
    let bytes = text.as_bytes();
    let mut at = open + 1;
    let is_raw = bytes.get(at) == Some(&b'.');
    at += usize::from(is_raw);
    let name_start = at;
    at += usize::from(bytes.get(at) == Some(&b'@'));
    if !bytes.get(at).is_some_and(|&byte| byte.is_ascii_alphabetic() || byte == b'_') {
        return None;
    }
    at = word_end(text, at);
    let mut parts =
        SlotParts { whole: open..at, is_raw, name: name_start..at, format: None, argument: None };
    if bytes.get(at) == Some(&b':') {
        let end = word_end(text, at + 1);
        if end == at + 1 {
            return None;
        }
        parts.format = Some(at + 1..end);
        at = end;
        if bytes.get(at) == Some(&b'|') {
            let length = text[at + 1..].find(['}', '\n'])?;
            parts.argument = Some(at + 1..at + 1 + length);
            at += 1 + length;
        }
    }
    parts.whole.end = at + 1;
    (bytes.get(at) == Some(&b'}')).then_some(parts)
}

/// Returns the end of the word at `from`, which consists of letters, digits and underscores.
pub(super) fn word_end(text: &str, from: usize) -> usize {
    let bytes = text.as_bytes();
    let mut at = from;
    while bytes.get(at).is_some_and(|&byte| byte.is_ascii_alphanumeric() || byte == b'_') {
        at += 1;
    }
    if bytes.get(at).is_none_or(u8::is_ascii) {
        return at;
    }
    let rest = &text[at..];
    at + rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len())
}

/// Returns whether `text` is a valid name in a slot.
pub(super) fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && word_end(text, 0) == text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<(bool, &str, Option<&str>, Option<&str>)>) {
        let found = slot_at(text, 0).map(|parts| {
            let part = |range: Option<Range<usize>>| range.map(|range| &text[range]);
            assert_eq!(parts.whole, 0..text.find('}').expect("a slot is closed") + 1);
            (parts.is_raw, &text[parts.name], part(parts.format), part(parts.argument))
        });
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn reads_every_form() {
        check("{name}", Some((false, "name", None, None)));
        check("{.name}", Some((true, "name", None, None)));
        check("{n:num} ", Some((false, "n", Some("num"), None)));
        check("{n:fixed|2}", Some((false, "n", Some("fixed"), Some("2"))));
        check("{d:date|%d.%m. %H:%M}", Some((false, "d", Some("date"), Some("%d.%m. %H:%M"))));
        check("{d:date|}", Some((false, "d", Some("date"), Some(""))));
        check("{@index}", Some((false, "@index", None, None)));
        check("{.@it}", Some((true, "@it", None, None)));
        check("{_x1}", Some((false, "_x1", None, None)));
        check("{naïve}", Some((false, "naïve", None, None)));
        check("{nñ}}", Some((false, "nñ", None, None)));
        check("{color:red}", Some((false, "color", Some("red"), None)));
    }

    #[test]
    fn leaves_everything_else_as_text() {
        for text in [
            "{}",
            "{ x }",
            "{x }",
            "{ x}",
            "{1a}",
            "{a.b}",
            "{a-b}",
            "{a:}",
            "{:num}",
            "{..a}",
            "{color: red}",
            "{color:red;}",
            "{ñ}",
            "{Ünder}",
            "{a\u{301}b}",
            "{",
            "{a",
            "{a:b",
            "{a:b|c",
            "{a:b|c\n}",
            "{a|b}",
            "{@}",
            "{.}",
            "{{a}",
            "{a{b}",
        ] {
            check(text, None);
        }
    }
}
