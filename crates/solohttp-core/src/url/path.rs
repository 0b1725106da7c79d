//! The path of a request, split at raw slashes before percent-decoding, so that `%2F` stays within
//! its segment.

use std::fmt::Write as _;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::target::Target;
use crate::error::Rejection;

/// All characters except the unreserved ones and the sub-delimiters that are allowed in a segment
/// (RFC 3986 section 3.3). `'` and `&` are encoded too, so that a path is safe in a quoted HTML
/// attribute.
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

/// A decoded path. `/` has one empty segment; a trailing slash adds an empty last segment.
#[derive(Debug, Clone, Default)]
pub(crate) struct Path {
    /// All segments concatenated, in a single allocation.
    decoded: String,
    /// The end of each segment in `decoded`.
    ends: Vec<usize>,
}

impl Path {
    /// Decodes a raw path without a query. It must start with a slash.
    pub(crate) fn parse(raw: &str) -> Result<Self, Rejection> {
        let rest = raw.strip_prefix('/').ok_or_else(|| {
            Rejection::bad_request("The request target does not start with a slash.")
        })?;
        let slashes = || memchr::memchr_iter(b'/', rest.as_bytes());
        let mut path = Self {
            decoded: String::with_capacity(rest.len()),
            ends: Vec::with_capacity(slashes().count() + 1),
        };
        let mut start = 0;
        for end in slashes().chain([rest.len()]) {
            path.push(&rest[start..end])?;
            start = end + 1;
        }
        Ok(path)
    }

    fn push(&mut self, segment: &str) -> Result<(), Rejection> {
        if memchr::memchr(b'%', segment.as_bytes()).is_some() {
            if !escapes_are_valid(segment) {
                return Err(Rejection::bad_request(
                    "The path contains a `%` that does not start an escape.",
                ));
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

    /// Returns the normalized path, or `None` if this path is already normalized. A normalized path
    /// has no `.`, no `..`, and no empty segment except the last one.
    ///
    /// The result starts with exactly one slash. A backslash never follows, because backslashes are
    /// encoded as `%5C`. Therefore, a redirect to the result stays on this host.
    pub(crate) fn to_normal(&self) -> Option<String> {
        let last = self.len().saturating_sub(1);
        let is_removed = |(index, segment)| match segment {
            "." | ".." => true,
            "" => index < last,
            _ => false,
        };
        if !self.segments().enumerate().any(is_removed) {
            return None;
        }
        let mut normal = Vec::with_capacity(self.len());
        for segment in self.segments() {
            match segment {
                "" | "." => {}
                ".." => drop(normal.pop()),
                _ => normal.push(segment),
            }
        }
        let folder = self.segments().next_back().is_none_or(|end| matches!(end, "" | "." | ".."));
        if folder && !normal.is_empty() {
            normal.push("");
        }
        Some(encode(normal))
    }
}

/// Joins segments into a percent-encoded absolute path that starts with exactly one slash.
pub(crate) fn encode<S: AsRef<str>>(segments: impl IntoIterator<Item = S>) -> String {
    let mut path = String::new();
    // Leading empty segments would lead to another host: `//example.org/`.
    for segment in segments.into_iter().skip_while(|segment| segment.as_ref().is_empty()) {
        write!(path, "/{}", utf8_percent_encode(segment.as_ref(), SEGMENT))
            .expect("a String takes everything");
    }
    if path.is_empty() {
        path.push('/');
    }
    path
}

/// Returns a link to a target on this server, or to the root if the target is `*`. A browser could
/// mistake an unmodified target for another host (`//example.org/`, `/\\example.org/`).
pub(crate) fn link_to(target: &Target) -> String {
    Path::parse(target.path())
        .map_or_else(|_| "/".to_owned(), |path| encode(path.segments()) + target.query_suffix())
}

fn escapes_are_valid(segment: &str) -> bool {
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
    fn normalizes() {
        check("//a", &["", "a"], Some("/a"));
        check("/a//b/", &["a", "", "b", ""], Some("/a/b/"));
        check("/a/./b/..", &["a", ".", "b", ".."], Some("/a/"));
        check("/../x", &["..", "x"], Some("/x"));
        check("/%2e%2E/x", &["..", "x"], Some("/x"));
        check("/..", &[".."], Some("/"));
        check("//", &["", ""], Some("/"));
    }

    #[test]
    fn a_normalized_path_never_leads_to_another_host() {
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
    fn rejects_invalid_escapes_and_invalid_utf8() {
        for raw in ["/%", "/%4", "/%zz", "/a%2", "/%ff", "/%C3/%A9", "", "x"] {
            assert!(Path::parse(raw).is_err(), "{raw}");
        }
    }

    #[test]
    fn a_normalized_path_encodes_to_itself() {
        for raw in ["/", "/a/b", "/a/", "/caf%C3%A9/a+b%20c%2F", "/a=b;c,d/(e)!$*:@-._~"] {
            let path = Path::parse(raw).unwrap();
            assert_eq!(encode(path.segments()), raw);
        }
    }
}
