//! The pages of the launch: the file that a browser is started with, and what strangers see.

use http::header::{CACHE_CONTROL, REFERRER_POLICY, WWW_AUTHENTICATE};
use http::{HeaderValue, Method, StatusCode};

use crate::error::rejection::Rejection;
use crate::html::escape;
use crate::language::locale::Locale;
use crate::language::sentence::Sentence;
use crate::language::words::ServerWords;
use crate::response::Response;
use crate::response::error_page;
use crate::url::path::link_to;
use crate::wire::head::Head;

/// A page that goes on by itself, also where scripts are turned off.
pub(super) fn leading_to(address: &str) -> String {
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

/// Sets out from here once more.
///
/// A redirect would still belong to the navigation that began at the file, which is another site,
/// so that a Strict cookie is withheld: tried with Chromium 156, where the page after a 303 came
/// without its cookie, and after a page like this one with it.
pub(super) fn go_on(start_page: &str) -> Response {
    private(Response::html(leading_to(&format!("/{start_page}"))))
}

/// What the person has to do for another way in.
#[derive(Debug, Clone, Copy)]
pub(super) enum Again {
    /// A second start finds this one.
    Start,
    /// It cannot, because there is no folder in which they could meet.
    EndAndStart,
}

impl Again {
    fn advice(self, words: &ServerWords) -> &Sentence {
        match self {
            Self::Start => &words.start_again,
            Self::EndAndStart => &words.end_and_start,
        }
    }
}

/// For a browser that comes too late, or a second time.
pub(super) fn for_latecomers(again: Again) -> Response {
    let words = Locale::current::<ServerWords>();
    unauthorized(&format!("{} {}", words.link_used, again.advice(&words)))
}

/// For everyone whom the program has not let in.
///
/// A link from elsewhere, such as one in a mail, comes without the Strict cookie, and with it as
/// soon as the person goes on from here: a click, so that no page elsewhere can do it for them.
pub(super) fn for_strangers(head: &Head, root: &str, again: Again) -> Response {
    let words = Locale::current::<ServerWords>();
    let site = head.headers.get("sec-fetch-site");
    let is_foreign = site.is_some_and(|site| site == "cross-site" || site == "same-site");
    if is_foreign && head.method == Method::GET {
        let target = escape(&link_to(&head.target)).into_owned();
        let [why, go_on] = [&words.foreign, &words.foreign_continue].map(escaped);
        let body = format!("<p>{why} <a href=\"{target}\" autofocus>{go_on}</a></p>\n");
        let page = Response::page(&words.foreign_title.to_string(), body);
        return challenge(page.with_status(StatusCode::UNAUTHORIZED));
    }
    let bookmarks = words.bookmarks.say(&[("root", &root)]);
    let advice = again.advice(&words);
    unauthorized(&format!("{} {advice} {bookmarks} {}", words.signed_out, words.bearer))
}

fn unauthorized(detail: &str) -> Response {
    let rejection = Rejection::new(StatusCode::UNAUTHORIZED, detail.to_owned());
    challenge(error_page::of_rejection(&rejection))
}

/// RFC 9110 section 15.5.2: a 401 says what would be accepted.
fn challenge(page: Response) -> Response {
    private(page.with_header(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer")))
}

fn private(page: Response) -> Response {
    page.with_header(CACHE_CONTROL, HeaderValue::from_static("no-store"))
        .with_header(REFERRER_POLICY, HeaderValue::from_static("no-referrer"))
}
