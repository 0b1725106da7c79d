//! Decides whether to accept a request. Looks only at the head, before waiting for the body or
//! allocating memory for it.

use std::time::Instant;

use http::header::{CONTENT_ENCODING, CONTENT_TYPE, EXPECT};
use http::{HeaderValue, StatusCode};

use super::Rules;
use crate::access::cors;
use crate::body::{FormLimits, Overflow};
use crate::error::Rejection;
use crate::request::Decoded;
use crate::response::Response;
use crate::wire::framing::{Length, body_length, too_large};
use crate::wire::head::Head;

#[allow(clippy::large_enum_variant, reason = "a box would be one allocation more per request")]
pub(super) enum Admission {
    /// Read the body, then call the handler.
    Accept(Accepted),
    /// Respond without calling the handler. This answers sign-ins, preflights, and clients that
    /// aren't signed in.
    Respond(Box<Response>),
    Reject(Rejection),
}

/// How to read the rest of an accepted request.
pub(super) struct Accepted {
    pub(super) length: Length,
    /// Maximum size of the body, in bytes.
    pub(super) max: u64,
    /// Reduces a form that exceeds its limit.
    pub(super) overflow: Option<Box<Overflow>>,
    /// An interim response to send before the body is read. May be empty.
    pub(super) interim: &'static [u8],
    pub(super) decoded: Decoded,
}

pub(super) fn admit(
    rules: &Rules,
    head: &Head,
    trusted_origin: Option<&HeaderValue>,
    rest: &[u8],
    now: Instant,
) -> Admission {
    decide(rules, head, trusted_origin, rest, now).unwrap_or_else(Admission::Reject)
}

/// Checks access first, so that a client without access learns nothing from other errors.
fn decide(
    rules: &Rules,
    head: &Head,
    trusted_origin: Option<&HeaderValue>,
    rest: &[u8],
    now: Instant,
) -> Result<Admission, Rejection> {
    rules.access.check(head)?;
    if let Some(response) = cors::preflight(head, trusted_origin) {
        return Ok(Admission::Respond(Box::new(response)));
    }
    if let Some(launch) = &rules.launch
        && !rules.access.is_public(head)
        && let Some(response) = launch.intercept(head, now)
    {
        return Ok(Admission::Respond(Box::new(response)));
    }
    let decoded = Decoded::read(&head.target, &FormLimits::from(&rules.limits))?;
    let limit = rules.body_limits.max_for(decoded.path(), rules.limits.body);
    let kind = head.headers.text(CONTENT_TYPE.as_str());
    // A form with a Content-Encoding can't be parsed.
    let kind = kind.filter(|_| !head.headers.contains(&CONTENT_ENCODING));
    let overflow = kind.and_then(|kind| Overflow::new(kind, rules.limits.form_parts, limit));
    let max = if overflow.is_some() { limit.max(rules.limits.drain) } else { limit };
    let length = body_length(head, max).map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => too_large(limit),
        _ => rejection,
    })?;
    // Most forms fit and need no reduction.
    let fits = matches!(length, Length::Exactly(length) if length <= limit);
    Ok(Admission::Accept(Accepted {
        length,
        max,
        overflow: overflow.filter(|_| !fits).map(Box::new),
        interim: interim_response(head, rest)?,
        decoded,
    }))
}

/// Returns the interim response for `Expect: 100-continue` (RFC 9110 section 10.1.1). The interim
/// response is empty for HTTP/1.0 and if the client has already started to send the body.
fn interim_response(head: &Head, rest: &[u8]) -> Result<&'static [u8], Rejection> {
    match head.headers.get(&EXPECT) {
        None => Ok(b""),
        Some(value) if value.eq_ignore_ascii_case(b"100-continue") => {
            let waits = head.is_http11 && rest.is_empty();
            Ok(if waits { b"HTTP/1.1 100 Continue\r\n\r\n" } else { b"" })
        }
        Some(_) => Err(Rejection::technical(
            StatusCode::EXPECTATION_FAILED,
            "The server supports no expectation other than `100-continue`.",
        )),
    }
}
