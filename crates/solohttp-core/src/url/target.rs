//! The request target: a path with an optional query.

/// The path and query as they appear on the request line, or `*` (RFC 9112 section 3.2). Split once
/// at the `?`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Target {
    text: String,
    path_len: usize,
}

impl Target {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        let text = text.into();
        let path_len = memchr::memchr(b'?', text.as_bytes()).unwrap_or(text.len());
        Self { text, path_len }
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// The part before the `?`, still percent-encoded.
    pub(crate) fn path(&self) -> &str {
        &self.text[..self.path_len]
    }

    /// The part after the `?`, if there is one.
    pub(crate) fn query(&self) -> Option<&str> {
        self.text.get(self.path_len + 1..)
    }

    /// The query with its `?`, or nothing.
    pub(crate) fn query_suffix(&self) -> &str {
        &self.text[self.path_len..]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_at_the_first_question_mark() {
        for (text, path, query) in [
            ("/a", "/a", None),
            ("/a?", "/a", Some("")),
            ("/a?b=?c", "/a", Some("b=?c")),
            ("*", "*", None),
        ] {
            let target = Target::new(text);
            assert_eq!((target.path(), target.query()), (path, query));
            assert_eq!(format!("{path}{}", target.query_suffix()), text);
            assert_eq!(target.as_str(), text);
        }
    }
}
