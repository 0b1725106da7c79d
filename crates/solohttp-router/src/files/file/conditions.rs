//! Conditional requests: has the client this very version already? (RFC 9110 section 13)
//!
//! Knows a version by its entity tag and its date, and nothing of files.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use solohttp_core::{HeaderName, Request, header};

/// How a client tells one version of a file from another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Version {
    /// With its quotation marks; always a strong one.
    pub(crate) tag: String,
    pub(crate) modified: Option<SystemTime>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Condition {
    Send,
    NotModified,
    /// The client wants only another version: 412.
    Failed,
}

impl Version {
    /// In the order of section 13.2.2.
    pub(crate) fn meets(&self, request: &Request) -> Condition {
        let failed = match self.is_named_by(request, header::IF_MATCH, Compare::Strongly) {
            Some(is_named) => !is_named,
            None => self.is_newer_than(request.header("if-unmodified-since")) == Some(true),
        };
        let known = match self.is_named_by(request, header::IF_NONE_MATCH, Compare::Weakly) {
            Some(is_named) => is_named,
            None => self.is_newer_than(request.header("if-modified-since")) == Some(false),
        };
        match (failed, known) {
            (true, _) => Condition::Failed,
            (_, true) => Condition::NotModified,
            _ => Condition::Send,
        }
    }

    /// May a part of this version be sent, or has the client parts of another one (13.1.5)?
    pub(crate) fn may_be_in_parts(&self, request: &Request) -> bool {
        match request.header("if-range") {
            None => true,
            Some(tag) if tag.contains('"') => self.is_among(tag.as_bytes(), Compare::Strongly),
            Some(date) => {
                let known = httpdate::parse_http_date(date).ok();
                known.is_some() && known == self.modified.map(to_second)
            }
        }
    }

    /// Is this version in a list of tags, which may go over several lines (5.3)? `None` if there is
    /// no list. As bytes: a tag may hold others than ASCII (8.8.3), which ours never does.
    fn is_named_by(&self, request: &Request, name: HeaderName, compare: Compare) -> Option<bool> {
        let mut lines = request.headers().get_all(name).iter().peekable();
        lines.peek()?;
        Some(lines.any(|line| self.is_among(line.as_bytes(), compare)))
    }

    fn is_among(&self, tags: &[u8], compare: Compare) -> bool {
        let own = self.tag.as_bytes();
        tags.trim_ascii() == b"*"
            || tags.split(|&byte| byte == b',').map(<[u8]>::trim_ascii).any(|tag| match compare {
                Compare::Strongly => tag == own,
                Compare::Weakly => tag.strip_prefix(b"W/").unwrap_or(tag) == own,
            })
    }

    /// `None` if either date is missing or malformed: then there is no condition.
    fn is_newer_than(&self, date: Option<&str>) -> Option<bool> {
        let date = httpdate::parse_http_date(date?).ok()?;
        Some(to_second(self.modified?) > date)
    }
}

/// How entity tags are compared (section 8.8.3.2).
#[derive(Debug, Clone, Copy)]
enum Compare {
    Strongly,
    Weakly,
}

/// Dates in HTTP have no fractions of a second.
fn to_second(time: SystemTime) -> SystemTime {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    UNIX_EPOCH + Duration::from_secs(since.as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEFORE: &str = "Sun, 06 Nov 1994 08:49:36 GMT";
    const THEN: &str = "Sun, 06 Nov 1994 08:49:37 GMT";

    fn version() -> Version {
        let modified = httpdate::parse_http_date(THEN).unwrap() + Duration::from_millis(700);
        Version { tag: "\"v1\"".to_owned(), modified: Some(modified) }
    }

    fn request(fields: &[(&str, &str)]) -> Request {
        let builder = Request::get("/");
        fields.iter().fold(builder, |builder, (name, value)| builder.header(name, value)).build()
    }

    fn check(fields: &[(&str, &str)], expect: Condition) {
        assert_eq!(version().meets(&request(fields)), expect, "{fields:?}");
    }

    #[test]
    fn a_known_tag_or_date_is_not_sent_again() {
        check(&[], Condition::Send);
        check(&[("if-none-match", "\"v1\"")], Condition::NotModified);
        check(&[("if-none-match", "\"v0\", W/\"v1\"")], Condition::NotModified);
        check(&[("if-none-match", "*")], Condition::NotModified);
        check(&[("if-none-match", "\"v2\"")], Condition::Send);
        check(&[("if-modified-since", THEN)], Condition::NotModified);
        check(&[("if-modified-since", BEFORE)], Condition::Send);
        check(&[("if-modified-since", "yesterday")], Condition::Send);
    }

    /// RFC 9110 sections 5.3 and 8.8.3.
    #[test]
    fn a_list_may_have_several_lines_and_tags_any_bytes() {
        let several = |name: &str, lines: &[&[u8]]| {
            let builder =
                lines.iter().fold(Request::get("/"), |builder, line| builder.header(name, line));
            version().meets(&builder.build())
        };
        let other: &[u8] = b"\"\xe9\"";
        assert_eq!(several("if-none-match", &[other, b"\"v1\""]), Condition::NotModified);
        assert_eq!(several("if-match", &[b"\"v1\"", other]), Condition::Send);
        assert_eq!(several("if-match", &[other, b"\"v2\""]), Condition::Failed);
    }

    #[test]
    fn a_tag_counts_more_than_a_date() {
        check(&[("if-none-match", "\"v2\""), ("if-modified-since", THEN)], Condition::Send);
        check(&[("if-match", "\"v1\""), ("if-unmodified-since", BEFORE)], Condition::Send);
    }

    #[test]
    fn another_version_than_the_wanted_one_fails() {
        check(&[("if-match", "\"v2\"")], Condition::Failed);
        check(&[("if-match", "W/\"v1\"")], Condition::Failed);
        check(&[("if-match", "*")], Condition::Send);
        check(&[("if-unmodified-since", BEFORE)], Condition::Failed);
        check(&[("if-unmodified-since", THEN)], Condition::Send);
        check(&[("if-match", "\"v2\""), ("if-none-match", "\"v1\"")], Condition::Failed);
    }

    #[test]
    fn parts_are_of_one_version() {
        let parts = |field: &[(&str, &str)]| version().may_be_in_parts(&request(field));
        assert!(parts(&[]));
        assert!(parts(&[("if-range", "\"v1\"")]));
        assert!(parts(&[("if-range", THEN)]));
        assert!(!parts(&[("if-range", "\"v2\"")]));
        assert!(!parts(&[("if-range", "W/\"v1\"")]));
        assert!(!parts(&[("if-range", BEFORE)]));
    }
}
