//! Markers between `<?` and `?>`.
//!
//! A directive other than `else` always contains a space, and a section name never does. The two
//! therefore can't be confused, and existing kali templates don't contain directives by accident.

use std::ops::Range;

/// A marker, classified by its words. The parser checks whether the marker is allowed at its
/// position.
#[derive(Debug, PartialEq, Eq, Clone)]
pub(super) enum Marker {
    /// `<?each name?>`, `<?if name?>` or `<?fragment name?>`, with the range of the name.
    Open(Opener, Range<usize>),
    /// `<?end each?>` and so on.
    Close(Opener),
    Else,
    /// `<?as is?>`
    AsIs,
    /// `<?include name?>`, with the range of the name.
    Include(Range<usize>),
    /// A malformed directive.
    Broken(&'static str),
    /// A section marker if sections are allowed here, and text otherwise, with the range of the
    /// trimmed name.
    Other(Range<usize>),
}

#[derive(Debug, PartialEq, Eq, Clone, Copy)]
pub(super) enum Opener {
    Each,
    If,
    Fragment,
}

impl Opener {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Each => "each",
            Self::If => "if",
            Self::Fragment => "fragment",
        }
    }
}

/// Ends an `<?as is?>` block.
pub(super) const END_AS: &str = "<?end as?>";

/// Returns the length of a marker's content, without the `?>` that ends it. The marker must end on
/// the line where it starts.
pub(super) fn marker_len(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let len = bytes.windows(2).position(|two| two == b"?>" || two[0] == b'\n')?;
    (bytes[len] == b'?').then_some(len)
}

/// Classifies the text at `inner`, between `<?` and `?>`.
pub(super) fn marker(text: &str, inner: Range<usize>) -> Marker {
    let raw = &text[inner.clone()];
    let trimmed = raw.trim_matches(super::blank::is_blank);
    let start = inner.start + (raw.len() - raw.trim_start_matches(super::blank::is_blank).len());
    let whole = start..start + trimmed.len();
    // Three words are enough to tell the markers apart.
    let mut words = [""; 3];
    let mut count = 0;
    let found = trimmed.split([' ', '\t']).filter(|word| !word.is_empty());
    for (word, found) in words.iter_mut().zip(found) {
        *word = found;
        count += 1;
    }
    let opener = |word: &str| {
        [Opener::Each, Opener::If, Opener::Fragment]
            .into_iter()
            .find(|opener| opener.word() == word)
    };
    match &words[..count] {
        ["else"] => Marker::Else,
        ["as", "is"] => Marker::AsIs,
        ["end", "as"] => Marker::Broken("no `<?as is?>` is open"),
        ["end", word] => opener(word).map_or(
            Marker::Broken("expected `end each`, `end if`, `end fragment` or `end as`"),
            Marker::Close,
        ),
        // A single word can be a section name.
        [_] | [] => Marker::Other(whole),
        ["include", name] => Marker::Include(whole.end - name.len()..whole.end),
        [first, name] if opener(first).is_some() => {
            let name = whole.end - name.len()..whole.end;
            opener(first).map_or(Marker::Other(whole), |opener| Marker::Open(opener, name))
        }
        ["each", ..] => Marker::Broken("expected `<?each name?>` with a single name"),
        ["if", ..] => Marker::Broken("expected `<?if name?>` with a single name and no expression"),
        ["fragment", ..] => Marker::Broken("expected `<?fragment name?>` with a single name"),
        ["include", ..] => Marker::Broken("expected `<?include name?>` with a single name"),
        [first, ..]
            if opener(&first.to_lowercase()).is_some() || first.eq_ignore_ascii_case("include") =>
        {
            Marker::Broken("directives are lower case")
        }
        _ => Marker::Other(whole),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(inner: &str, expected: &Marker) {
        assert_eq!(marker(inner, 0..inner.len()), *expected, "{inner}");
    }

    #[test]
    fn tells_directives_from_sections_by_the_space() {
        check("each rows", &Marker::Open(Opener::Each, 5..9));
        check("  if\t x ", &Marker::Open(Opener::If, 6..7));
        check("fragment rows", &Marker::Open(Opener::Fragment, 9..13));
        check(" include  mail/row ", &Marker::Include(10..18));
        check("end each", &Marker::Close(Opener::Each));
        check(" else ", &Marker::Else);
        check("as is", &Marker::AsIs);
        check(" title ", &Marker::Other(1..6));
        check("each", &Marker::Other(0..4));
        check("include", &Marker::Other(0..7));
        check("end", &Marker::Other(0..3));
        check("", &Marker::Other(0..0));
        check("xml version='1.0'", &Marker::Other(0..17));
    }

    #[test]
    fn detects_malformed_directives() {
        for inner in [
            "if a b",
            "each",
            "end foreach",
            "Each rows",
            "if not x",
            "fragment a b",
            "include a b",
            "Include a",
            "end include",
        ] {
            let is_broken = matches!(marker(inner, 0..inner.len()), Marker::Broken(_));
            assert_eq!(is_broken, inner != "each", "{inner}");
        }
    }
}
