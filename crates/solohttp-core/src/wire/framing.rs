//! The length of a request body (RFC 9112 section 6).
//!
//! Rejects every conflict, because ambiguous lengths allow request smuggling.

use http::StatusCode;
use http::header::{CONTENT_LENGTH, TRANSFER_ENCODING};

use crate::error::Rejection;
use crate::headers::RequestHeaders;
use crate::language::ServerWords;
use crate::wire::head::Head;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Length {
    /// The number of bytes; usually 0.
    Exactly(u64),
    Chunked,
}

/// Returns the length of the body, or rejects a body of more than `max` bytes.
pub(crate) fn body_length(head: &Head, max: u64) -> Result<Length, Rejection> {
    let mut codings = head.headers.get_all(&TRANSFER_ENCODING);
    let declared = declared_length(&head.headers)?;

    let Some(coding) = codings.next() else {
        let length = declared.unwrap_or(0);
        return if length > max { Err(too_large(max)) } else { Ok(Length::Exactly(length)) };
    };
    if declared.is_some() {
        return Err(Rejection::bad_request(
            "The request has both a Transfer-Encoding and a Content-Length.",
        ));
    }
    if !head.is_http11 {
        return Err(Rejection::bad_request("HTTP/1.0 does not allow a Transfer-Encoding."));
    }
    if codings.next().is_some() || !coding.eq_ignore_ascii_case(b"chunked") {
        return Err(Rejection::technical(
            StatusCode::NOT_IMPLEMENTED,
            "The server supports no transfer coding other than `chunked`.",
        ));
    }
    Ok(Length::Chunked)
}

/// The rejection for a body that exceeds the limit.
pub(crate) fn too_large(limit: u64) -> Rejection {
    Rejection::localized(
        StatusCode::PAYLOAD_TOO_LARGE,
        |words: &ServerWords| &words.too_large,
        &[("limit", &limit)],
    )
}

/// Reads `Content-Length: 1*DIGIT`. Repeated fields must be identical.
fn declared_length(headers: &RequestHeaders) -> Result<Option<u64>, Rejection> {
    let mut values = headers.get_all(&CONTENT_LENGTH);
    let Some(digits) = values.next() else { return Ok(None) };
    if values.any(|other| other != digits) {
        return Err(Rejection::bad_request("The request has two different Content-Length fields."));
    }
    if digits.is_empty() || digits.len() > 19 || !digits.iter().all(u8::is_ascii_digit) {
        return Err(Rejection::bad_request("The Content-Length is not a number."));
    }
    // A number with 19 digits is below 2^64, so nothing overflows.
    Ok(Some(digits.iter().fold(0, |number, digit| number * 10 + u64::from(digit - b'0'))))
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderName, HeaderValue, Method};

    use super::*;

    fn check(is_http11: bool, fields: &[(&str, &str)], expect: Result<Length, u16>) {
        let headers = fields
            .iter()
            .map(|(name, value)| {
                (HeaderName::try_from(*name).unwrap(), HeaderValue::try_from(*value).unwrap())
            })
            .collect::<HeaderMap>()
            .into();
        let target = crate::url::Target::new("/");
        let head = Head { method: Method::POST, target, authority: None, is_http11, headers };
        let found = body_length(&head, 1000).map_err(|rejection| rejection.status().as_u16());
        assert_eq!(found, expect, "{fields:?}");
    }

    const CL: &str = "content-length";
    const TE: &str = "transfer-encoding";

    #[test]
    fn a_length_is_digits_only() {
        check(true, &[], Ok(Length::Exactly(0)));
        check(true, &[(CL, "0")], Ok(Length::Exactly(0)));
        check(true, &[(CL, "0042")], Ok(Length::Exactly(42)));
        for odd in ["", "x", "+1", "-1", "0x10", "1_0", "1 0", "1,1", "1, 1", "1.0", "٣"] {
            check(true, &[(CL, odd)], Err(400));
        }
    }

    #[test]
    fn rejects_a_length_over_the_limit_or_out_of_range() {
        check(true, &[(CL, "1000")], Ok(Length::Exactly(1000)));
        check(true, &[(CL, "1001")], Err(413));
        check(true, &[(CL, "9999999999999999999")], Err(413));
        check(true, &[(CL, "18446744073709551616")], Err(400));
    }

    #[test]
    fn rejects_two_different_lengths() {
        check(true, &[(CL, "5"), (CL, "5")], Ok(Length::Exactly(5)));
        check(true, &[(CL, "5"), (CL, "6")], Err(400));
        check(true, &[(CL, "5"), (CL, "05")], Err(400));
    }

    #[test]
    fn chunked_stands_alone() {
        check(true, &[(TE, "chunked")], Ok(Length::Chunked));
        check(true, &[(TE, "Chunked")], Ok(Length::Chunked));
        check(false, &[(TE, "chunked")], Err(400));
        check(true, &[(TE, "chunked"), (CL, "5")], Err(400));
        for odd in
            ["gzip", "gzip, chunked", "chunked, gzip", "identity", "chunked;q=1", "", "xchunked"]
        {
            check(true, &[(TE, odd)], Err(501));
        }
        check(true, &[(TE, "chunked"), (TE, "chunked")], Err(501));
    }
}
