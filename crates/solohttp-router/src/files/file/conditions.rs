//! Conditional requests (RFC 9110 section 13).

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use solohttp_core::{Request, header};

/// Identifies a version of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Version {
    /// A strong entity tag, with its quotation marks.
    pub(crate) tag: String,
    pub(crate) modified: Option<SystemTime>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Condition {
    Send,
    NotModified,
    /// The client requires a different version: 412.
    Failed,
}

impl Version {
    /// Evaluates the preconditions in the order of section 13.2.2.
    pub(crate) fn evaluate(&self, request: &Request) -> Condition {
        let is_this = |tag: &[u8]| tag == self.tag.as_bytes();
        let failed = match request.names_tag(&header::IF_MATCH, is_this) {
            Some(is_named) => !is_named,
            None => self.is_newer_than(request.header("if-unmodified-since")) == Some(true),
        };
        let known = match request.has_version(&self.tag) {
            Some(is_named) => is_named,
            None => self.is_newer_than(request.header("if-modified-since")) == Some(false),
        };
        match (failed, known) {
            (true, _) => Condition::Failed,
            (_, true) => Condition::NotModified,
            _ => Condition::Send,
        }
    }

    /// Returns whether a range may be sent. It may not if the client's partial copy is from another
    /// version (13.1.5).
    pub(crate) fn allows_range(&self, request: &Request) -> bool {
        match request.header("if-range") {
            None => true,
            Some(tag) if tag.contains('"') => tag == self.tag,
            Some(date) => {
                let known = httpdate::parse_http_date(date).ok();
                known.is_some() && known == self.modified.map(to_second)
            }
        }
    }

    /// Returns `None` if either date is missing or malformed, in which case the condition is
    /// ignored.
    fn is_newer_than(&self, date: Option<&str>) -> Option<bool> {
        let date = httpdate::parse_http_date(date?).ok()?;
        Some(to_second(self.modified?) > date)
    }
}

/// Truncates to whole seconds, since HTTP dates have no fractions of a second.
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
        assert_eq!(version().evaluate(&request(fields)), expect, "{fields:?}");
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
            version().evaluate(&builder.build())
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
        let parts = |field: &[(&str, &str)]| version().allows_range(&request(field));
        assert!(parts(&[]));
        assert!(parts(&[("if-range", "\"v1\"")]));
        assert!(parts(&[("if-range", THEN)]));
        assert!(!parts(&[("if-range", "\"v2\"")]));
        assert!(!parts(&[("if-range", "W/\"v1\"")]));
        assert!(!parts(&[("if-range", BEFORE)]));
    }
}
