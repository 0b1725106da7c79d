//! The pages of the launch: the file that a browser is started with, and what strangers see.

use http::header::{CACHE_CONTROL, REFERRER_POLICY, WWW_AUTHENTICATE};
use http::{HeaderValue, Method, StatusCode};

use crate::error_page;
use crate::html::escape;
use crate::parse::Head;
use crate::path::link_to;
use crate::rejection::Rejection;
use crate::response::Response;

/// A page that goes on by itself, also where scripts are turned off.
pub(super) fn leading_to(address: &str) -> String {
    let address = escape(address);
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n<title>Opening…</title>\n\
         <meta http-equiv=\"refresh\" content=\"0;url={address}\">\n</head>\n<body>\n\
         <p><a href=\"{address}\">Go on</a></p>\n</body>\n</html>\n"
    )
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
    fn advice(self) -> &'static str {
        match self {
            Self::Start => {
                "Start the program again, although it is running: that opens a signed-in browser \
                 page, or prints a link to one."
            }
            Self::EndAndStart => {
                "End the program and start it again: that opens a signed-in browser page, or \
                 prints a link to one."
            }
        }
    }
}

/// For a browser that comes too late, or a second time.
pub(super) fn for_latecomers(again: Again) -> Response {
    let advice = again.advice();
    unauthorized(&format!("This sign-in link was already used or has expired. {advice}"))
}

/// For everyone whom the program has not let in.
///
/// A link from elsewhere, such as one in a mail, comes without the Strict cookie, and with it as
/// soon as the person goes on from here: a click, so that no page elsewhere can do it for them.
pub(super) fn for_strangers(head: &Head, root: &str, again: Again) -> Response {
    let site = head.headers.get("sec-fetch-site");
    let is_foreign = site.is_some_and(|site| site == "cross-site" || site == "same-site");
    if is_foreign && head.method == Method::GET {
        let target = escape(&link_to(&head.target)).into_owned();
        let body = format!(
            "<p>A link from another site led here. \
             <a href=\"{target}\" autofocus>Go on to the page</a></p>\n"
        );
        let page = Response::page("A link from elsewhere", body);
        return challenge(page.with_status(StatusCode::UNAUTHORIZED));
    }
    let advice = again.advice();
    unauthorized(&format!(
        "This browser is not signed in to the program. {advice} From then on bookmarks work too, \
         at {root} and under no other name. Other clients send the token from the program's data \
         folder, as `Authorization: Bearer TOKEN`."
    ))
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
