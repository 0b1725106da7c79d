//! The pages for signing in: the launch file, the redirect after a sign-in, and the 401 pages.

use http::header::{CACHE_CONTROL, REFERRER_POLICY, WWW_AUTHENTICATE};
use http::{HeaderValue, Method, StatusCode};

use crate::error::Rejection;
use crate::headers::RequestHeaders;
use crate::html::escape;
use crate::language::{Locale, Sentence, ServerWords};
use crate::response::Response;
use crate::response::error_page;
use crate::url::path::link_to;
use crate::wire::head::Head;

/// Returns a page that redirects without a script.
pub(super) fn redirecting_to(address: &str) -> String {
    let address = escape(address);
    let words = Locale::current::<ServerWords>();
    let [lang, opening, open] = [&words.lang, &words.opening, &words.open].map(escaped);
    format!(
        "<!DOCTYPE html>\n<html lang=\"{lang}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n<title>{opening}</title>\n\
         <meta http-equiv=\"refresh\" content=\"0;url={address}\">\n</head>\n<body>\n\
         <p><a href=\"{address}\">{open}</a></p>\n</body>\n</html>\n"
    )
}

fn escaped(sentence: &Sentence) -> String {
    escape(&sentence.to_string()).into_owned()
}

/// Redirects with a page instead of a 303.
///
/// A 303 would be part of the navigation that started at the launch file. The launch file counts as
/// another site, so browsers would withhold the `SameSite=Strict` cookie (tested with Chromium
/// 156).
pub(super) fn redirect(start_page: &str) -> Response {
    private(Response::html(redirecting_to(&format!("/{start_page}"))))
}

/// How the user can get another sign-in link.
#[derive(Debug, Clone, Copy)]
pub(super) enum Retry {
    /// Start the program again. The second instance finds the running one.
    Start,
    /// Stop the program and start it again. Without a data folder, a second instance can't find
    /// this one.
    Restart,
}

impl Retry {
    fn advice(self, words: &ServerWords) -> &Sentence {
        match self {
            Self::Start => &words.start_again,
            Self::Restart => &words.stop_and_start,
        }
    }
}

/// Returns the page for a sign-in link that has expired or has already been used.
pub(super) fn link_expired(retry: Retry) -> Response {
    let words = Locale::current::<ServerWords>();
    unauthorized(
        &RequestHeaders::default(),
        &format!("{} {}", words.link_used, retry.advice(&words)),
    )
}

/// Returns the page for a browser that isn't signed in.
///
/// If the user follows a link on another site or in an email, the request arrives without the
/// `SameSite=Strict` cookie. The page then asks the user to continue. Continuing takes a click, so
/// the other site can't automate it.
pub(super) fn signed_out(head: &Head, root: &str, retry: Retry) -> Response {
    let words = Locale::current::<ServerWords>();
    let site = head.headers.text("sec-fetch-site");
    let is_foreign = site.is_some_and(|site| site == "cross-site" || site == "same-site");
    if is_foreign && head.method == Method::GET {
        let target = escape(&link_to(&head.target)).into_owned();
        let [why, go_on] = [&words.foreign, &words.foreign_continue].map(escaped);
        let body = format!("<p>{why} <a href=\"{target}\" autofocus>{go_on}</a></p>\n");
        let page = Response::page(&words.foreign_title.to_string(), body);
        return challenge(page.with_status(StatusCode::UNAUTHORIZED));
    }
    let bookmarks = words.bookmarks.say(&[("root", &root)]);
    let advice = retry.advice(&words);
    let detail = format!("{} {advice} {bookmarks} {}", words.signed_out, words.bearer);
    unauthorized(&head.headers, &detail)
}

fn unauthorized(headers: &RequestHeaders, detail: &str) -> Response {
    let rejection = Rejection::new(StatusCode::UNAUTHORIZED, detail.to_owned());
    challenge(error_page::of_rejection(headers, &rejection))
}

/// A 401 response must name an accepted authentication scheme (RFC 9110 section 15.5.2).
fn challenge(page: Response) -> Response {
    private(page.with_header(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer")))
}

fn private(page: Response) -> Response {
    page.with_header(CACHE_CONTROL, HeaderValue::from_static("no-store"))
        .with_header(REFERRER_POLICY, HeaderValue::from_static("no-referrer"))
}
