//! Parses the head of a request (RFC 9112 sections 2 to 5).
//!
//! Only this module uses httparse, which is lenient about line endings. Therefore, the module
//! checks line endings, NUL bytes and limits as bytes arrive, and passes only complete, clean heads
//! to httparse. It doesn't depend on bodies.

use std::mem::MaybeUninit;

use http::{Method, StatusCode};

use crate::error::Rejection;
use crate::headers::RequestHeaders;
use crate::language::ServerWords;
use crate::limits::Limits;
use crate::url::Target;

/// Maximum length of the name of a header field, in bytes. `HeaderName` allows no more.
const MAX_NAME: usize = (1 << 16) - 1;

/// A parsed head.
#[derive(Debug)]
pub(crate) struct Head {
    pub(crate) method: Method,
    pub(crate) target: Target,
    /// The host of an absolute-form target (RFC 9112 section 3.2.2).
    pub(crate) authority: Option<String>,
    /// Whether the request is HTTP/1.1, which adds `Expect` and chunked bodies.
    pub(crate) is_http11: bool,
    pub(crate) headers: RequestHeaders,
}

#[derive(Debug)]
#[allow(clippy::large_enum_variant, reason = "a box would be one allocation more per request")]
pub(crate) enum Verdict {
    NeedMore,
    /// The head, and its length in bytes.
    Complete(Head, usize),
    Rejected(Rejection),
}

/// The progress of a scan. It ensures that no byte is examined twice, even if bytes arrive one at a
/// time.
#[derive(Debug, Default)]
pub(crate) struct HeadScanner {
    scanned: usize,
    line_start: usize,
    /// The end of the empty lines that are skipped before the request line (RFC 9112 section 2.2).
    start: usize,
    lines: usize,
}

impl HeadScanner {
    /// Scans all bytes received so far. Each call must pass the bytes of the previous call again,
    /// followed by the new ones.
    pub(crate) fn scan(&mut self, bytes: &[u8], limits: &Limits) -> Verdict {
        match self.find_end(bytes, limits) {
            // All lines but the request line are fields.
            Ok(Some(end)) => match parse(&bytes[self.start..end], self.lines.saturating_sub(1)) {
                Ok(head) => Verdict::Complete(head, end),
                Err(rejection) => Verdict::Rejected(rejection),
            },
            Ok(None) => Verdict::NeedMore,
            Err(rejection) => Verdict::Rejected(rejection),
        }
    }

    fn find_end(&mut self, bytes: &[u8], limits: &Limits) -> Result<Option<usize>, Rejection> {
        while let Some(found) = memchr::memchr3(b'\r', b'\n', 0, &bytes[self.scanned..]) {
            let at = self.scanned + found;
            if bytes[at] != b'\r' {
                return Err(bad("A line of the request head does not end in CR LF."));
            }
            match bytes.get(at + 1) {
                None => {
                    // The CR is examined again when its LF has arrived.
                    self.scanned = at;
                    self.check_first_byte(bytes)?;
                    return self.check_sizes(at, limits).map(|()| None);
                }
                Some(b'\n') => self.scanned = at + 2,
                Some(_) => return Err(bad("The request head contains a bare CR.")),
            }
            self.check_sizes(at, limits)?;
            if at == self.line_start {
                if self.lines == 0 && self.start < 4 {
                    self.start = self.scanned;
                } else {
                    return Ok(Some(self.scanned));
                }
            } else {
                if self.lines == 0 {
                    check_request_line(&bytes[self.line_start..at])?;
                }
                self.lines += 1;
            }
            self.line_start = self.scanned;
        }
        self.scanned = bytes.len();
        self.check_first_byte(bytes)?;
        self.check_sizes(bytes.len(), limits).map(|()| None)
    }

    /// Rejects other protocols at their first byte instead of at the end of the line.
    fn check_first_byte(&self, bytes: &[u8]) -> Result<(), Rejection> {
        match bytes.get(self.start) {
            Some(&byte) if self.lines == 0 && byte != b'\r' && !is_token(byte) => {
                Err(bad("This is not an HTTP request. The server supports plain HTTP only."))
            }
            _ => Ok(()),
        }
    }

    /// Enforces the limits. `at` is the end of the current line so far.
    fn check_sizes(&self, at: usize, limits: &Limits) -> Result<(), Rejection> {
        if self.lines == 0 && at - self.line_start > limits.request_line {
            let limit = limits.request_line;
            return Err(Rejection::localized(
                StatusCode::URI_TOO_LONG,
                |words: &ServerWords| &words.address_too_long,
                &[("limit", &limit)],
            ));
        }
        if at > limits.head || self.lines > limits.header_fields + 1 {
            return Err(Rejection::localized(
                StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
                |words: &ServerWords| &words.head_too_large,
                &[("bytes", &limits.head), ("fields", &limits.header_fields)],
            ));
        }
        Ok(())
    }
}

fn bad(detail: &'static str) -> Rejection {
    Rejection::bad_request(detail)
}

/// Whether the byte may be part of a token (RFC 9110 section 5.6.2).
pub(crate) fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

/// Checks for `method SP request-target SP HTTP-version`, with exactly these two spaces.
fn check_request_line(line: &[u8]) -> Result<(), Rejection> {
    let mut words = line.split(|&byte| byte == b' ');
    let (Some(method), Some(target), Some(version), None) =
        (words.next(), words.next(), words.next(), words.next())
    else {
        return Err(bad("The request line must consist of method, target and version."));
    };
    if method.is_empty() || !method.iter().copied().all(is_token) {
        return Err(bad("The method is not a token."));
    }
    if target.is_empty() || !target.iter().all(u8::is_ascii_graphic) || target.contains(&b'#') {
        return Err(bad("The request target contains a character that must be percent-encoded."));
    }
    match version {
        b"HTTP/1.1" | b"HTTP/1.0" => {}
        [b'H', b'T', b'T', b'P', b'/', major, b'.', minor]
            if major.is_ascii_digit() && minor.is_ascii_digit() =>
        {
            return Err(Rejection::technical(
                StatusCode::HTTP_VERSION_NOT_SUPPORTED,
                "The server supports HTTP/1.0 and HTTP/1.1.",
            ));
        }
        _ => return Err(bad("The HTTP version is malformed.")),
    }
    if matches!(method, b"CONNECT" | b"TRACE") {
        return Err(Rejection::technical(
            StatusCode::NOT_IMPLEMENTED,
            "The server does not support CONNECT or TRACE.",
        ));
    }
    Ok(())
}

fn parse(head: &[u8], fields: usize) -> Result<Head, Rejection> {
    // Browsers send about fifteen fields, so they usually fit into the array on the stack.
    let (mut few, mut many) = ([const { MaybeUninit::uninit() }; 32], Vec::new());
    let parsed = few.get_mut(..fields).unwrap_or_else(|| {
        many.resize_with(fields, MaybeUninit::uninit);
        &mut many
    });
    let mut request = httparse::Request::new(&mut []);
    match request.parse_with_uninit_headers(head, parsed) {
        Ok(httparse::Status::Complete(_)) => {}
        Ok(httparse::Status::Partial) => return Err(bad("The request head is malformed.")),
        Err(error) => {
            return Err(Rejection::bad_request(format!("The request head is malformed: {error}.")));
        }
    }
    let (Some(method), Some(target)) = (request.method, request.path) else {
        return Err(bad("The request line is malformed."));
    };
    let method =
        Method::from_bytes(method.as_bytes()).map_err(|_| bad("The method is not a token."))?;
    let (authority, target) = split_target(&method, target)?;
    let mut headers = RequestHeaders::with_capacity(request.headers.len(), head.len());
    for field in request.headers.iter() {
        if field.name.len() > MAX_NAME {
            return Err(bad("The name of a header field is too long."));
        }
        headers.push(field.name.as_bytes(), field.value);
    }
    Ok(Head {
        method,
        target: Target::new(target),
        authority,
        is_http11: request.version == Some(1),
        headers,
    })
}

/// Splits a target into the host, if any, and the rest. Accepts the origin form, the absolute form,
/// and the asterisk of OPTIONS (RFC 9112 section 3.2).
fn split_target(method: &Method, target: &str) -> Result<(Option<String>, String), Rejection> {
    if target.starts_with('/') || (target == "*" && *method == Method::OPTIONS) {
        return Ok((None, encode_markup(target)));
    }
    let scheme = target.get(..7).filter(|scheme| scheme.eq_ignore_ascii_case("http://"));
    let Some(rest) = scheme.and_then(|scheme| target.get(scheme.len()..)) else {
        return Err(bad("The request target does not start with a slash."));
    };
    let (authority, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
    let slash = if path.starts_with('/') { "" } else { "/" };
    Ok((Some(authority.to_owned()), encode_markup(&format!("{slash}{path}"))))
}

/// Percent-encodes `"`, `<` and `>`, which aren't allowed in a URI (RFC 3986 appendix C) and which
/// browsers encode too. So a path can be inserted into an HTML page unescaped.
fn encode_markup(target: &str) -> String {
    if memchr::memchr3(b'"', b'<', b'>', target.as_bytes()).is_none() {
        return target.to_owned();
    }
    target.replace('"', "%22").replace('<', "%3C").replace('>', "%3E")
}

#[cfg(test)]
mod tests;
