//! Content negotiation between HTML and JSON (RFC 9110 section 12.5.1).
//!
//! Only errors are negotiated. A handler decides on its own what it returns.

use http::header::{ACCEPT, CONTENT_TYPE};

use crate::headers::{RequestHeaders, visible};
use crate::request::Request;

/// A quality of 1, in thousandths.
const FULL: u16 = 1_000;

impl Request {
    /// Whether the client would rather have JSON than HTML, according to its `Accept` field. If
    /// the client accepts both alike, as `fetch` does by default, true if the request itself
    /// contains JSON.
    ///
    /// Error pages become JSON for these clients: see [`Problem`](crate::Problem).
    ///
    /// ```
    /// use solohttp_core::Request;
    ///
    /// let prefers_json = |accept| Request::get("/").header("accept", accept).build().prefers_json();
    /// assert!(prefers_json("application/json"));
    /// assert!(prefers_json("text/html;q=0.5, application/json"));
    /// assert!(!prefers_json("text/html, */*;q=0.8")); // a browser that opens a page
    /// assert!(!prefers_json("*/*"));
    /// ```
    #[must_use]
    pub fn prefers_json(&self) -> bool {
        prefers_json(&self.headers)
    }
}

/// See [`Request::prefers_json`].
pub(crate) fn prefers_json(headers: &RequestHeaders) -> bool {
    let ranges: Vec<MediaRange> = MediaRange::all_in(headers).collect();
    let quality = |kind, subtype| match headers.contains(&ACCEPT) {
        true => MediaRange::quality_of(&ranges, kind, subtype),
        false => FULL,
    };
    let html = quality("text", "html");
    let json = quality("application", "json").max(quality("application", "problem+json"));
    json > html || (json == html && json > 0 && sends_json(headers))
}

fn sends_json(headers: &RequestHeaders) -> bool {
    headers.text(CONTENT_TYPE.as_str()).is_some_and(is_json)
}

/// Whether this media type is JSON: `application/json`, or any type with the suffix `+json` (RFC
/// 6839 section 3.1).
pub(crate) fn is_json(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json")
        || essence.rsplit_once('+').is_some_and(|(_, suffix)| suffix.eq_ignore_ascii_case("json"))
}

/// An element of `Accept`, such as `text/*;q=0.5`. Parameters other than the quality are ignored.
#[derive(Debug)]
struct MediaRange {
    kind: String,
    subtype: String,
    /// In thousandths.
    quality: u16,
}

impl MediaRange {
    /// The media ranges in all `Accept` fields. Malformed ones are left out.
    fn all_in(headers: &RequestHeaders) -> impl Iterator<Item = Self> {
        let fields = headers.get_all(&ACCEPT).filter_map(visible);
        fields.flat_map(|field| split_unquoted(field, ',')).filter_map(Self::parse)
    }

    fn parse(text: &str) -> Option<Self> {
        let mut parts = split_unquoted(text, ';');
        let (kind, subtype) = parts.next()?.trim().split_once('/')?;
        let quality = parts.find_map(|parameter| {
            let (name, value) = parameter.trim().split_once('=')?;
            name.eq_ignore_ascii_case("q").then_some(value)
        });
        let quality = quality.map_or(Some(FULL), thousandths)?;
        Some(Self {
            kind: kind.to_ascii_lowercase(),
            subtype: subtype.to_ascii_lowercase(),
            quality,
        })
    }

    /// The quality of a media type, which is that of the most specific range. Zero if no range
    /// includes the type.
    fn quality_of(ranges: &[Self], kind: &str, subtype: &str) -> u16 {
        let specificity = |range: &Self| match (range.kind.as_str(), range.subtype.as_str()) {
            ("*", "*") => Some(0),
            (same, "*") if same == kind => Some(1),
            (same, equal) if same == kind && equal == subtype => Some(2),
            _ => None,
        };
        let fitting = ranges.iter().filter_map(|range| Some((specificity(range)?, range.quality)));
        fitting.max().map_or(0, |(_, quality)| quality)
    }
}

/// Parses a `qvalue`: a number from 0 to 1 with up to three decimals.
fn thousandths(text: &str) -> Option<u16> {
    let (whole, decimals) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    if decimals.len() > 3 || !decimals.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let value = format!("{whole}{decimals:0<3}").parse().ok()?;
    (value <= FULL).then_some(value)
}

/// Splits at a separator that isn't within a quoted string.
fn split_unquoted(text: &str, separator: char) -> impl Iterator<Item = &str> {
    let (mut is_quoted, mut is_escaped) = (false, false);
    text.split(move |letter| {
        match letter {
            _ if is_escaped => is_escaped = false,
            '\\' if is_quoted => is_escaped = true,
            '"' => is_quoted = !is_quoted,
            _ => {}
        }
        letter == separator && !is_quoted
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What browsers send when they open a page.
    const CHROMIUM: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,\
        image/webp,image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7";
    const FIREFOX: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

    #[track_caller]
    fn check(accept: &[&str], content_type: Option<&str>, expect: bool) {
        let mut request = Request::post("/");
        for value in accept {
            request = request.header("accept", value);
        }
        if let Some(kind) = content_type {
            request = request.header("content-type", kind);
        }
        assert_eq!(request.build().prefers_json(), expect, "{accept:?} {content_type:?}");
    }

    #[test]
    fn a_navigation_gets_html() {
        for accept in [CHROMIUM, FIREFOX] {
            check(&[accept], None, false);
            check(&[accept], Some("application/x-www-form-urlencoded"), false);
            check(&[accept], Some("application/json"), false);
        }
    }

    #[test]
    fn a_client_without_a_preference_gets_what_it_sends() {
        for accept in [&["*/*"][..], &[], &["application/json, text/html"]] {
            check(accept, None, false);
            check(accept, Some("text/plain"), false);
            check(accept, Some("application/json"), true);
            check(accept, Some("Application/LD+JSON; charset=utf-8"), true);
        }
        check(&["image/png"], Some("application/json"), false);
    }

    #[test]
    fn the_highest_quality_wins() {
        check(&["application/json"], None, true);
        check(&["application/problem+json"], None, true);
        check(&["text/html;q=0.9, application/json"], None, true);
        check(&["text/html; q=0.9, application/json; q=0.899"], None, false);
        check(&["text/html;q=0", "*/*"], None, true);
        check(&["application/*"], None, true);
        check(&["application/json;q=0, */*"], Some("application/json"), true);
        check(&["application/json;q=0, application/problem+json;q=0, */*"], None, false);
    }

    #[test]
    fn the_most_specific_range_decides() {
        check(&["text/*;q=0.2, text/html, */*;q=0.5"], None, false);
        check(&["text/html;q=0.2, text/*, */*;q=0.5"], None, true);
        check(&["text/html;level=\"1,2;q=0\", application/json;q=0.5"], None, false);
    }

    #[test]
    fn malformed_ranges_are_left_out() {
        for quality in ["2", "1.001", "-1", "0.1234", "x", ""] {
            check(&[&format!("application/json;q={quality}, text/html;q=0.1")], None, false);
        }
        check(&["json, , ;q=1"], None, false);
    }
}
