//! Entity tags (RFC 9110 section 8.8.3).

use http::HeaderName;
use http::header::IF_NONE_MATCH;

use crate::request::Request;

impl Request {
    /// Whether the client already has the version with this entity tag, which includes its quotation
    /// marks, according to `If-None-Match` (RFC 9110 section 13.1.2). Then the response is a 304.
    /// Returns `None` if the client doesn't say which versions it has.
    ///
    /// ```
    /// use solohttp_core::{Request, Response, StatusCode};
    ///
    /// fn chart(request: &Request) -> Response {
    ///     let tag = "\"v7\"";
    ///     let response = match request.has_version(tag) {
    ///         Some(true) => Response::empty(StatusCode::NOT_MODIFIED),
    ///         _ => Response::bytes("image/svg+xml", "<svg/>"),
    ///     };
    ///     response.with_header(solohttp_core::header::ETAG, tag)
    /// }
    /// # let again = Request::get("/").header("if-none-match", "W/\"v7\"").build();
    /// # assert_eq!(chart(&again).status(), 304);
    /// # assert_eq!(chart(&Request::get("/").build()).status(), 200);
    /// ```
    #[must_use]
    pub fn has_version(&self, tag: &str) -> Option<bool> {
        let is_same = |known: &[u8]| known.strip_prefix(b"W/").unwrap_or(known) == tag.as_bytes();
        self.names_tag(&IF_NONE_MATCH, is_same)
    }

    /// Whether a list of tags in this field has a tag that passes the test, or is `*`. It may span
    /// several field lines (section 5.3). Returns `None` if the field is missing. Compares bytes,
    /// because a tag may contain others than ASCII.
    #[doc(hidden)]
    pub fn names_tag(&self, name: &HeaderName, is_same: impl Fn(&[u8]) -> bool) -> Option<bool> {
        let mut lines = self.headers.get_all(name).peekable();
        lines.peek()?;
        let is_named = |line: &[u8]| {
            let mut tags = line.split(|&byte| byte == b',').map(<[u8]>::trim_ascii);
            line.trim_ascii() == b"*" || tags.any(&is_same)
        };
        Some(lines.any(is_named))
    }
}
