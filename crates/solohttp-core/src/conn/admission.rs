//! Whether a request may come in, decided from its head alone: before a byte of the body is waited
//! for, and before anything is allocated for it.

use std::time::Instant;

use http::header::{CONTENT_ENCODING, CONTENT_TYPE, EXPECT};
use http::{HeaderValue, StatusCode};

use super::Rules;
use crate::access::cors;
use crate::body::{FormLimits, Overflow};
use crate::error::rejection::Rejection;
use crate::request::Decoded;
use crate::response::Response;
use crate::wire::framing::{Length, body_length, too_large};
use crate::wire::head::Head;

/// What is known of a request that may come in.
pub(super) struct Admitted {
    pub(super) length: Length,
    /// The most that is received of its body, in bytes.
    pub(super) most: u64,
    /// What reduces a form that is larger than what is kept.
    pub(super) overflow: Option<Box<Overflow>>,
    /// What is said before the body is waited for.
    pub(super) interim: &'static [u8],
    pub(super) decoded: Decoded,
}

pub(super) enum Refusal {
    Rejected(Rejection),
    /// For want of the launch token, because the request is the one that fetches it, or because
    /// only a browser asks in advance.
    TurnedAway(Box<Response>),
}

impl From<Rejection> for Refusal {
    fn from(rejection: Rejection) -> Self {
        Self::Rejected(rejection)
    }
}

/// Who asks, how long will the body be, and can the target be read? In this order, so that nobody
/// learns more than they may.
pub(super) fn admit(
    rules: &Rules,
    head: &Head,
    trusted_origin: Option<&HeaderValue>,
    rest: &[u8],
    now: Instant,
) -> Result<Admitted, Refusal> {
    rules.access.check(head)?;
    if let Some(response) = cors::preflight(head, trusted_origin) {
        return Err(Refusal::TurnedAway(Box::new(response)));
    }
    if let Some(launch) = &rules.launch
        && !rules.access.is_public(head)
        && let Some(page) = launch.turn_away(head, now)
    {
        return Err(Refusal::TurnedAway(Box::new(page)));
    }
    let kept = rules.allowances.most(&head.target, rules.limits.body);
    let kind = head.headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    // No form can be read through a coding.
    let kind = kind.filter(|_| !head.headers.contains_key(CONTENT_ENCODING));
    let overflow = kind.and_then(|kind| Overflow::new(kind, rules.limits.form_parts, kept));
    let most = if overflow.is_some() { kept.max(rules.limits.drain) } else { kept };
    let length = body_length(head, most).map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => too_large(kept),
        _ => rejection,
    })?;
    // Most forms fit, and need no second look.
    let fits = matches!(length, Length::Exactly(length) if length <= kept);
    Ok(Admitted {
        length,
        most,
        overflow: overflow.filter(|_| !fits).map(Box::new),
        interim: interim_response(head, rest)?,
        decoded: Decoded::read(&head.target, &FormLimits::from(&rules.limits))?,
    })
}

/// What a client that waits for leave to send its body is told (RFC 9110 section 10.1.1). An
/// HTTP/1.0 client does not know interim responses, and one that has sent already waits for none.
fn interim_response(head: &Head, rest: &[u8]) -> Result<&'static [u8], Rejection> {
    match head.headers.get(EXPECT) {
        None => Ok(b""),
        Some(value) if value.as_bytes().eq_ignore_ascii_case(b"100-continue") => {
            let waits = head.is_http11 && rest.is_empty();
            Ok(if waits { b"HTTP/1.1 100 Continue\r\n\r\n" } else { b"" })
        }
        Some(_) => Err(Rejection::technical(
            StatusCode::EXPECTATION_FAILED,
            "`100-continue` is the only expectation that the server understands.",
        )),
    }
}
