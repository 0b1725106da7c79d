//! The path of a request: split at raw slashes first, percent-decoded after.
//!
//! So `%2F` stays data inside its segment. Knows nothing of routes; the router asks it for
//! segments and for the normal spelling.

use std::fmt::Write as _;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::target::Target;
use crate::error::Rejection;

/// All but the unreserved characters and those sub-delimiters that a segment may hold as they
/// are (RFC 3986 section 3.3). `'` and `&` are escaped all the same, so that an encoded path can
/// stand in a quoted HTML attribute without further care.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'!')
    .remove(b'$')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b'+')
    .remove(b',')
    .remove(b';')
    .remove(b'=')
    .remove(b':')
    .remove(b'@');

/// A decoded path. `/` has one segment, the blank one; a trailing slash makes the last one blank.
#[derive(Debug, Clone, Default)]
pub(crate) struct Path {
    /// All segments behind each other: one allocation however many there are.
    decoded: String,
    /// Where each segment ends in `decoded`.
    ends: Vec<usize>,
}

impl Path {
    /// Decodes a raw path, which starts with a slash and holds neither query nor blanks.
    pub(crate) fn parse(raw: &str) -> Result<Self, Rejection> {
        let rest = raw.strip_prefix('/').ok_or_else(|| {
            Rejection::bad_request("The request target does not start with a slash.")
        })?;
        let mut path = Self { decoded: String::with_capacity(rest.len()), ends: Vec::new() };
        for segment in rest.split('/') {
            path.push(segment)?;
        }
        Ok(path)
    }

    fn push(&mut self, segment: &str) -> Result<(), Rejection> {
        if segment.contains('%') {
            if !every_escape_is_whole(segment) {
                return Err(Rejection::bad_request("The path has a `%` that starts no escape."));
            }
            let text = percent_decode_str(segment)
                .decode_utf8()
                .map_err(|_| Rejection::bad_request("The path is not UTF-8 text."))?;
            self.decoded.push_str(&text);
        } else {
            self.decoded.push_str(segment);
        }
        self.ends.push(self.decoded.len());
        Ok(())
    }

    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(crate) fn segment(&self, index: usize) -> Option<&str> {
        let end = *self.ends.get(index)?;
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        Some(&self.decoded[start..end])
    }

    pub(crate) fn segments(
        &self,
    ) -> impl ExactSizeIterator<Item = &str> + DoubleEndedIterator + Clone {
        (0..self.len()).map(|index| self.segment(index).expect("the index is below the length"))
    }

    /// The normal spelling if this is not it: no blank segment but the last, no `.`, no `..`.
    ///
    /// It starts with exactly one slash followed by no other and no backslash (those come out
    /// as `%5C`), so a redirect to it stays on this host.
    pub(crate) fn to_normal(&self) -> Option<String> {
        let last = self.len().saturating_sub(1);
        let odd = |(index, segment)| match segment {
            "." | ".." => true,
            "" => index < last,
            _ => false,
        };
        if !self.segments().enumerate().any(odd) {
            return None;
        }
        let mut kept = Vec::with_capacity(self.len());
        for segment in self.segments() {
            match segment {
                "" | "." => {}
                ".." => drop(kept.pop()),
                _ => kept.push(segment),
            }
        }
        let folder = self.segments().next_back().is_none_or(|end| matches!(end, "" | "." | ".."));
        if folder && !kept.is_empty() {
            kept.push("");
        }
        Some(encode(kept))
    }
}

/// Joins segments to an absolute path, percent-encoded, starting with exactly one slash.
pub(crate) fn encode<S: AsRef<str>>(segments: impl IntoIterator<Item = S>) -> String {
    let mut path = String::new();
    // Blank segments in front would name another host: `//example.org/`.
    for segment in segments.into_iter().skip_while(|segment| segment.as_ref().is_empty()) {
        write!(path, "/{}", utf8_percent_encode(segment.as_ref(), SEGMENT))
            .expect("a String takes everything");
    }
    if path.is_empty() {
        path.push('/');
    }
    path
}

/// Returns a link to a target of this server. As sent, a target may mean another host to a browser
/// (`//example.org/`, `/\\example.org/`). The root for `*`.
pub(crate) fn link_to(target: &Target) -> String {
    Path::parse(target.path())
        .map_or_else(|_| "/".to_owned(), |path| encode(path.segments()) + target.query_suffix())
}

fn every_escape_is_whole(segment: &str) -> bool {
    segment.split('%').skip(1).all(|escape| {
        escape.len() >= 2 && escape.bytes().take(2).all(|digit| digit.is_ascii_hexdigit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(raw: &str, segments: &[&str], normal: Option<&str>) {
        let path = Path::parse(raw).unwrap();
        assert_eq!(path.segments().collect::<Vec<_>>(), segments, "{raw}");
        assert_eq!(path.to_normal().as_deref(), normal, "{raw}");
    }

    #[test]
    fn splits_before_it_decodes() {
        check("/", &[""], None);
        check("/a/b", &["a", "b"], None);
        check("/a/", &["a", ""], None);
        check("/a%2Fb/c", &["a/b", "c"], None);
        check("/caf%C3%A9/a+b%20c", &["café", "a+b c"], None);
    }

    #[test]
    fn names_the_normal_spelling() {
        check("//a", &["", "a"], Some("/a"));
        check("/a//b/", &["a", "", "b", ""], Some("/a/b/"));
        check("/a/./b/..", &["a", ".", "b", ".."], Some("/a/"));
        check("/../x", &["..", "x"], Some("/x"));
        check("/%2e%2E/x", &["..", "x"], Some("/x"));
        check("/..", &[".."], Some("/"));
        check("//", &["", ""], Some("/"));
    }

    #[test]
    fn the_normal_spelling_never_names_another_host() {
        for raw in
            ["//evil.example/x", "///evil.example", "/.//evil.example", "/..//\\evil.example"]
        {
            let normal = Path::parse(raw).unwrap().to_normal().unwrap();
            assert!(normal.starts_with('/'), "{normal}");
            assert!(!normal[1..].starts_with(['/', '\\']), "{normal}");
        }
        check("/./%5Cevil", &[".", "\\evil"], Some("/%5Cevil"));
        check("/./%2Fevil", &[".", "/evil"], Some("/%2Fevil"));
    }

    #[test]
    fn rejects_half_escapes_and_what_is_not_utf8() {
        for raw in ["/%", "/%4", "/%zz", "/a%2", "/%ff", "/%C3/%A9", "", "x"] {
            assert!(Path::parse(raw).is_err(), "{raw}");
        }
    }

    #[test]
    fn a_normal_path_encodes_to_itself() {
        for raw in ["/", "/a/b", "/a/", "/caf%C3%A9/a+b%20c%2F", "/a=b;c,d/(e)!$*:@-._~"] {
            let path = Path::parse(raw).unwrap();
            assert_eq!(encode(path.segments()), raw);
        }
    }
}
