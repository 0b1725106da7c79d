//! What stands between `<?` and `?>`.
//!
//! A directive always has a blank inside, except `else`; a section's name never has one. So the two
//! cannot be confused, and no file of the ancestor contains a directive by accident.

use std::ops::Range;

/// A marker, recognised by its words alone; the parser knows whether it is welcome.
#[derive(Debug, PartialEq, Eq, Clone)]
pub(super) enum Marker {
    /// `<?each name?>`, `<?if name?>`, `<?fragment name?>`: the offsets of the name.
    Open(Opener, Range<usize>),
    /// `<?end each?>` and so on.
    Close(Opener),
    Else,
    /// `<?as is?>`
    AsIs,
    /// Begins like a directive and is none.
    Broken(&'static str),
    /// A section, if sections are possible here; text otherwise. The offsets of the trimmed name.
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

/// The text that ends an `<?as is?>` stretch.
pub(super) const END_AS: &str = "<?end as?>";

/// Reads the marker text at `inner`, which lies between `<?` and `?>`.
pub(super) fn marker(text: &str, inner: Range<usize>) -> Marker {
    let raw = &text[inner.clone()];
    let trimmed = raw.trim_matches(super::blank::is_blank);
    let start = inner.start + (raw.len() - raw.trim_start_matches(super::blank::is_blank).len());
    let whole = start..start + trimmed.len();
    let words: Vec<&str> = trimmed.split([' ', '\t']).filter(|word| !word.is_empty()).collect();
    let opener = |word: &str| {
        [Opener::Each, Opener::If, Opener::Fragment]
            .into_iter()
            .find(|opener| opener.word() == word)
    };
    match words.as_slice() {
        ["else"] => Marker::Else,
        ["as", "is"] => Marker::AsIs,
        ["end", "as"] => Marker::Broken("there is no open `<?as is?>` before it"),
        ["end", word] => opener(word).map_or(
            Marker::Broken("expected `end each`, `end if`, `end fragment` or `end as`"),
            Marker::Close,
        ),
        // One word alone can be the name of a section.
        [_] | [] => Marker::Other(whole),
        [first, name] if opener(first).is_some() => {
            let name = whole.end - name.len()..whole.end;
            opener(first).map_or(Marker::Other(whole), |opener| Marker::Open(opener, name))
        }
        ["each", ..] => Marker::Broken("expected `<?each name?>`, with one name"),
        ["if", ..] => Marker::Broken("expected `<?if name?>`, with one name and no condition"),
        ["fragment", ..] => Marker::Broken("expected `<?fragment name?>`, with one name"),
        [first, ..] if opener(&first.to_lowercase()).is_some() => {
            Marker::Broken("directives are written in small letters")
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
    fn tells_directives_from_sections_by_the_blank() {
        check("each rows", &Marker::Open(Opener::Each, 5..9));
        check("  if\t x ", &Marker::Open(Opener::If, 6..7));
        check("fragment rows", &Marker::Open(Opener::Fragment, 9..13));
        check("end each", &Marker::Close(Opener::Each));
        check(" else ", &Marker::Else);
        check("as is", &Marker::AsIs);
        check(" title ", &Marker::Other(1..6));
        check("each", &Marker::Other(0..4));
        check("end", &Marker::Other(0..3));
        check("", &Marker::Other(0..0));
        check("xml version='1.0'", &Marker::Other(0..17));
    }

    #[test]
    fn sees_directives_with_a_slip() {
        for inner in ["if a b", "each", "end foreach", "Each rows", "if not x", "fragment a b"] {
            let is_broken = matches!(marker(inner, 0..inner.len()), Marker::Broken(_));
            assert_eq!(is_broken, inner != "each", "{inner}");
        }
    }
}
