//! Splits a file into stripped sections, which are then parsed independently of each other.

use std::ops::Range;
use std::sync::Arc;

use super::blank::is_blank;
use super::directive::{END_AS, Marker, Opener, marker, marker_len};
use super::slot::is_name;
use crate::error::{Error, ErrorKind};
use crate::source::{Place, Source};

/// A stripped section. The first one is the text before the first marker and has no name.
#[derive(Debug)]
pub(super) struct RawSection {
    pub(super) name: Option<Place>,
    pub(super) text: Place,
}

/// Splits a range into one or more sections.
pub(super) fn cut(source: &Arc<Source>, range: Range<usize>) -> Result<Vec<RawSection>, Error> {
    let mut sections = Vec::new();
    let mut open: Vec<(Opener, Place)> = Vec::new();
    let (mut name, mut start, mut at) = (None, range.start, range.start);
    let is_start = |two: &[u8]| two == b"<?";
    while let Some(length) = source.text.as_bytes()[at..range.end].windows(2).position(is_start) {
        let begin = at + length;
        let end = marker_end(source, begin, range.end)?;
        let whole = Place::new(source, begin, end);
        at = end;
        match marker(&source.text, begin + 2..end - 2) {
            Marker::AsIs => {
                let rest = &source.text[end..range.end];
                at = rest.find(END_AS).map_or(range.end, |length| end + length + END_AS.len());
            }
            Marker::Open(opener, _) => open.push((opener, whole)),
            Marker::Close(_) => drop(open.pop()),
            // The parser handles these.
            Marker::Broken(_) | Marker::Include(_) => {}
            Marker::Else if !open.is_empty() => {}
            Marker::Else | Marker::Other(_) => {
                if let Some((opener, opened)) = open.last() {
                    return Err(inside(*opener, opened, &whole));
                }
                let next = section_name(&whole)?;
                let earlier =
                    sections.iter().filter_map(|section: &RawSection| section.name.as_ref());
                if let Some(earlier) = earlier.chain(&name).find(|name| name.text() == next.text())
                {
                    return Err(repeated(&next, earlier));
                }
                let text = trimmed(source, start, begin);
                sections.push(RawSection { name: name.replace(next), text });
                start = end;
            }
        }
    }
    sections.push(RawSection { name, text: trimmed(source, start, range.end) });
    Ok(sections)
}

/// Returns the end of the marker that starts at `begin`.
fn marker_end(source: &Arc<Source>, begin: usize, limit: usize) -> Result<usize, Error> {
    if let Some(length) = marker_len(&source.text[begin + 2..limit]) {
        return Ok(begin + 2 + length + 2);
    }
    Err(Error::new(ErrorKind::Syntax, "`<?` without `?>` on the same line")
        .at(&Place::new(source, begin, begin + 2), "starts here")
        .help("write section markers on one line, `<?name?>`; for a literal `<?`, write `&lt;?`"))
}

fn inside(opener: Opener, opened: &Place, marker: &Place) -> Error {
    let word = opener.word();
    Error::new(ErrorKind::Syntax, format!("a section starts inside `<?{word} …?>`"))
        .at(marker, format!("the `{word}` from line {} is still open", opened.line()))
        .help(format!("close it first with `<?end {word}?>`"))
}

fn section_name(marker: &Place) -> Result<Place, Error> {
    let name = trimmed(&marker.source, marker.start + 2, marker.end - 2);
    if is_name(name.text()) {
        return Ok(name);
    }
    let shown = if name.text().is_empty() { marker } else { &name };
    Err(Error::new(ErrorKind::Section, "invalid section name")
        .at(shown, "expected a single word of letters, digits and `_`")
        .help("put a literal processing instruction between `<?as is?>` and `<?end as?>`"))
}

fn repeated(name: &Place, earlier: &Place) -> Error {
    Error::new(ErrorKind::Section, format!("duplicate section `{}`", name.text()))
        .at(name, format!("the first one is on line {}", earlier.line()))
}

fn trimmed(source: &Arc<Source>, start: usize, end: usize) -> Place {
    let text = &source.text[start..end];
    let from = start + text.len() - text.trim_start_matches(is_blank).len();
    let length = text.trim_matches(is_blank).len();
    Place::new(source, from, from + length)
}
