//! A client that uses an application's pages as a person with a browser does.
//!
//! This module sends requests and follows redirects. `page` knows HTML and forms.

mod address;
mod cookies;

use std::borrow::Borrow;
use std::fmt;

use http::{StatusCode, header};

use self::address::{HOST, resolve, without_fragment};
use self::cookies::Cookies;
use crate::handler::dispatch::Dispatcher;
use crate::handler::{Handler, IntoHandler};
use crate::request::Request;
use crate::testing::form_content::FormContent;
use crate::testing::page::{Encoding, Method, TestPage};

/// What Chromium sends when it opens a page.
const ACCEPT: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,\
    image/apng,*/*;q=0.8";

/// Browsers give up after this many redirects (Fetch standard, section 4.4).
const MAX_REDIRECTS: usize = 20;

/// A client for tests that fills in forms as a person does, and sends what a browser would send.
///
/// It keeps cookies, follows redirects, and checks the rules that browsers check, such as
/// `required` and `pattern`. A test that uses it therefore fails if a page lacks a field, or if no
/// browser could send the form. It needs the feature `test-client`, and runs no scripts.
///
/// ```
/// use solohttp_core::{Handler, IntoHandler, Request, Response, Result, TestClient};
///
/// # use solohttp_core::Method;
/// fn samples(samples: &mut Vec<String>, request: &Request) -> Result<Response> {
///     if *request.method() == Method::POST {
///         let form = request.form()?;
///         samples.push(format!("{:?} {:?}", form.get("code"), form.get("state")));
///         return Ok(Response::redirect("/"));
///     }
///     Ok(Response::html(format!(
///         "<title>Samples</title><p>{}
///          <form method=post>
///            <label>Code <input name=code required maxlength=4></label>
///            <label>Status <select name=state><option>Fresh<option>Frozen</select></label>
///            <button>Save</button>
///          </form>",
///         samples.join(", ")
///     )))
/// }
///
/// // #[test]
/// fn a_sample_is_saved() {
///     let mut browser = TestClient::new(samples.into_handler().with_state(Vec::new()));
///     let mut page = browser.get("/");
///     page.fill("Code", "A-17").choose("Status", "Frozen");
///     let page = browser.press(page, "Save");
///     assert_eq!(page.title(), "Samples");
///     assert_eq!(browser.handler().state(), &[r#"Some("A-17") Some("Frozen")"#]);
/// }
/// # a_sample_is_saved();
/// ```
///
/// Text in a `<noscript>`, the wrapping of `<textarea wrap=hard>`, and links within an `<iframe>`
/// are ignored. A response to a script is better tested with [`Request::get`] and
/// [`Request::post`].
pub struct TestClient<H> {
    handler: H,
    dispatcher: Dispatcher,
    cookies: Cookies,
}

impl<H: Handler> TestClient<H> {
    /// Creates a client without cookies. To use the application itself in between, pass `&mut app`.
    pub fn new<M>(handler: impl IntoHandler<(), M, Handler = H>) -> Self {
        Self {
            handler: handler.into_handler(),
            dispatcher: Dispatcher::default(),
            cookies: Cookies::default(),
        }
    }

    /// The application.
    #[must_use]
    pub fn handler(&self) -> &H {
        &self.handler
    }

    /// Mutable access to the application, for example to change its state.
    pub fn handler_mut(&mut self) -> &mut H {
        &mut self.handler
    }

    /// Opens a page, as if its address had been typed. `url` is a path with an optional query.
    ///
    /// An error page is returned like any other page: see [`TestPage::status`].
    ///
    /// # Panics
    /// If the URL leads elsewhere, or redirects don't end.
    #[track_caller]
    pub fn get(&mut self, url: &str) -> TestPage {
        let url = local("/", url);
        self.navigate(Navigation { method: "GET", url, body: None, referrer: None })
    }

    /// Follows the link with this text.
    ///
    /// # Panics
    /// If the page has no such link, or several that lead to different pages, or if the link leads
    /// to another server.
    #[track_caller]
    pub fn follow(&mut self, page: impl Borrow<TestPage>, text: &str) -> TestPage {
        let page = page.borrow();
        let url = self.resolve(page, page.link(text));
        let referrer = Some(without_fragment(page.url()).to_owned());
        self.navigate(Navigation { method: "GET", url, body: None, referrer })
    }

    /// Presses the button with this text, which submits its form. Returns the page that the browser
    /// shows then.
    ///
    /// Pass a reference to keep the page, for example to send its form twice.
    ///
    /// # Panics
    /// If the page has no such button, or if a browser wouldn't send the form. The message says
    /// why.
    #[track_caller]
    pub fn press(&mut self, page: impl Borrow<TestPage>, button: &str) -> TestPage {
        let page = page.borrow();
        let submission = page.press(button);
        // A form without an action is sent to the page itself, whatever its base.
        let mut url = match submission.action.trim() {
            "" => page.url().to_owned(),
            action => self.resolve(page, action),
        };
        let referrer = Some(without_fragment(page.url()).to_owned());
        let (method, body) = match submission.method {
            Method::Post(encoding) => ("POST", Some(encode(&submission.content, encoding))),
            Method::Get => {
                let target = without_fragment(&url);
                let path = target.split('?').next().unwrap_or_default();
                url = format!("{path}?{}", submission.content.urlencoded());
                ("GET", None)
            }
        };
        self.navigate(Navigation { method, url, body, referrer })
    }

    #[track_caller]
    fn resolve(&self, page: &TestPage, link: &str) -> String {
        let base =
            page.base().map_or_else(|| page.url().to_owned(), |base| local(page.url(), base));
        local(&base, link)
    }

    #[track_caller]
    fn navigate(&mut self, mut to: Navigation) -> TestPage {
        for _ in 0..=MAX_REDIRECTS {
            let target = without_fragment(&to.url).to_owned();
            let path = target.split('?').next().unwrap_or_default();
            let mut request = to.request(&target);
            if let Some(cookies) = self.cookies.header(path) {
                request = request.header("cookie", cookies);
            }
            let response = self.dispatcher.dispatch(&mut self.handler, &mut request.build());
            self.cookies.receive(path, response.headers());
            let next = response.header(header::LOCATION.as_str()).filter(|_| {
                let status = response.status();
                status.is_redirection() && status != StatusCode::NOT_MODIFIED
            });
            let Some(url) = next.and_then(|location| resolve(&to.url, location)) else {
                return TestPage::new(to.url, response);
            };
            // A browser repeats the request only for 307 and 308 (Fetch standard, section 4.4).
            let repeats = [StatusCode::TEMPORARY_REDIRECT, StatusCode::PERMANENT_REDIRECT];
            if !repeats.contains(&response.status()) {
                (to.method, to.body) = ("GET", None);
            }
            to.url = url;
        }
        panic!("{} redirects without end", to.url)
    }
}

/// A request on the way to a page.
struct Navigation {
    method: &'static str,
    /// The path, query and fragment.
    url: String,
    /// The `Content-Type` and the body.
    body: Option<(String, Vec<u8>)>,
    /// The path and query of the page that led here.
    referrer: Option<String>,
}

impl Navigation {
    #[track_caller]
    fn request(&self, target: &str) -> crate::testing::RequestBuilder {
        let method = http::Method::from_bytes(self.method.as_bytes()).expect("it is a token");
        let site = if self.referrer.is_some() { "same-origin" } else { "none" };
        let mut request = Request::with_method(method, target)
            .header("host", HOST)
            .header("accept", ACCEPT)
            .header("sec-fetch-site", site)
            .header("sec-fetch-mode", "navigate")
            .header("sec-fetch-user", "?1")
            .header("sec-fetch-dest", "document");
        if let Some(path) = &self.referrer {
            request = request.header("referer", format!("http://{HOST}{path}"));
        }
        if let Some((kind, body)) = &self.body {
            let origin = format!("http://{HOST}");
            request = request.header("origin", origin).header("content-type", kind);
            request = request.body(body.clone());
        }
        request
    }
}

fn encode(content: &FormContent, encoding: Encoding) -> (String, Vec<u8>) {
    match encoding {
        Encoding::Urlencoded => {
            ("application/x-www-form-urlencoded".to_owned(), content.urlencoded().into_bytes())
        }
        Encoding::PlainText => ("text/plain".to_owned(), content.plain_text().into_bytes()),
        Encoding::Multipart => {
            let (kind, body) = content.multipart();
            (kind.to_str().expect("the boundary is visible ASCII").to_owned(), body)
        }
    }
}

#[track_caller]
fn local(base: &str, link: &str) -> String {
    resolve(base, link).unwrap_or_else(|| panic!("{link} on {base} leads to another server"))
}

impl<H> fmt::Debug for TestClient<H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TestClient").field("cookies", &self.cookies).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
