//! Whether a request may come in, decided from its head alone: before a byte of the body is waited
//! for, and before anything is allocated for it.

use std::time::Instant;

use http::StatusCode;
use http::header::EXPECT;

use super::Rules;
use crate::body::FormLimits;
use crate::framing::{Length, body_length};
use crate::parse::Head;
use crate::rejection::Rejection;
use crate::request::Decoded;
use crate::response::Response;

/// What is known of a request that may come in.
pub(super) struct Admitted {
    pub(super) length: Length,
    /// The most that its body may have, in bytes.
    pub(super) most: u64,
    /// What is said before the body is waited for.
    pub(super) interim: &'static [u8],
    pub(super) decoded: Decoded,
}

pub(super) enum Refusal {
    Rejected(Rejection),
    /// For want of the launch token, or because the request is the one that fetches it.
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
    rest: &[u8],
    now: Instant,
) -> Result<Admitted, Refusal> {
    rules.access.check(head)?;
    if let Some(launch) = &rules.launch
        && !rules.access.is_public(head)
        && let Some(page) = launch.turn_away(head, now)
    {
        return Err(Refusal::TurnedAway(Box::new(page)));
    }
    let most = rules.allowances.most(&head.target, rules.limits.body);
    Ok(Admitted {
        length: body_length(head, most)?,
        most,
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
