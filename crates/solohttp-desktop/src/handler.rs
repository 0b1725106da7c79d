//! The handler that wraps the application and adds the crate's own routes.

use std::io;
use std::path::PathBuf;

use solohttp_core::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY};
use solohttp_core::{
    Failure, Handler, HeaderValue, IntoResponse as _, Locale, Method, Request, Response, Sentence,
    StatusCode, html, iolist, open_in_browser,
};

use crate::menu::Menu;
use crate::page_script::page_script;
use crate::presence::Shown;
use crate::shell::Shell;
use crate::words::DesktopWords;

/// The prefix of all of this crate's paths.
const PREFIX: &str = "/__desktop/";

/// The path of the script that every page loads.
pub(crate) const SCRIPT: &str = "/__desktop/page.js";

/// A form posted to this path quits the program and closes its windows:
///
/// ```html
/// <form method="post" action="/__desktop/quit"><button>Quit</button></form>
/// ```
pub const QUIT: &str = "/__desktop/quit";

/// A form posted to this path adds the program to the desktop's menu, like `--install`.
pub const INSTALL: &str = "/__desktop/install";

/// A form posted to this path removes the program from the desktop's menu, like
/// `--uninstall`.
pub const UNINSTALL: &str = "/__desktop/uninstall";

/// The application, wrapped with this crate's routes.
pub(crate) struct DesktopHandler<H> {
    pub(crate) app: H,
    pub(crate) shell: Shell,
    pub(crate) menu: Menu,
}

impl<H: Handler> Handler for DesktopHandler<H> {
    fn handle(&mut self, (): &mut (), request: &mut Request) -> Response {
        if let Some(response) = request.run_call(&mut self.shell) {
            return response;
        }
        if request.is_call() {
            return self.app.handle(&mut (), request);
        }
        self.shell.presence.requested();
        if request.path().starts_with(PREFIX) {
            return self.own(request);
        }
        let response = self.app.handle(&mut (), request);
        if is_navigation(request)
            && let Some(shown) = shown(&response)
        {
            self.shell.presence.navigated(shown);
        }
        if response.shuts_down() {
            self.shell.window.borrow_mut().closes_at_end = true;
        }
        match self.menu.icon {
            Some(icon) if is_missing_icon(request, &response) => icon_response(icon),
            _ => response,
        }
    }
}

impl<H> DesktopHandler<H> {
    fn own(&mut self, request: &Request) -> Response {
        if let Some(response) = self.shell.work.handle(request) {
            return response;
        }
        match (request.method(), request.path()) {
            (&Method::GET, SCRIPT) => script(&self.menu.title),
            (&Method::GET, "/__desktop/events") => self.shell.listen(),
            (&Method::POST, "/__desktop/open") => open(request),
            (&Method::POST, QUIT) => {
                self.shell.quit();
                ended_page(&self.menu.title)
            }
            (&Method::POST, INSTALL) => {
                menu_page(&self.menu, self.menu.install(), |words| &words.installed)
            }
            (&Method::POST, UNINSTALL) => {
                menu_page(&self.menu, self.menu.uninstall(), |words| &words.uninstalled)
            }
            _ => Response::empty(StatusCode::NOT_FOUND),
        }
    }
}

/// Returns the page that lists the files that were written or removed.
fn menu_page(
    menu: &Menu,
    changed: io::Result<Vec<PathBuf>>,
    sentence: fn(&DesktopWords) -> &Sentence,
) -> Response {
    let words = Locale::current::<DesktopWords>();
    let paths = match changed {
        Ok(paths) => paths,
        Err(error) => return Response::failed(Failure::from(error).within(words.menu.to_string())),
    };
    let title = sentence(&words).say(&[("title", &menu.title)]);
    let back = html::escape(&words.back.to_string()).into_owned();
    let mut page = iolist!["<ul>\n"];
    for path in paths {
        let path = path.display().to_string();
        page.push(iolist!["<li>", html::escape(&path).into_owned(), "</li>\n"]);
    }
    page.push(iolist!["</ul>\n<p><a href=\"/\">", back, "</a></p>\n"]);
    Response::page(&title, page)
}

/// Returns the script, with its message in the application's language.
fn script(title: &str) -> Response {
    let words = Locale::current::<DesktopWords>();
    let script = page_script(&json_string(&words.ended.say(&[("title", &title)])));
    // The URL has a number that is different for each start.
    let cached = HeaderValue::from_static("private, max-age=31536000, immutable");
    Response::bytes("text/javascript; charset=utf-8", script).with_header(CACHE_CONTROL, cached)
}

/// Returns a string literal for JSON (RFC 8259, section 7) and for scripts.
fn json_string(text: &str) -> String {
    let mut json = String::from("\"");
    for char in text.chars() {
        match char {
            '"' | '\\' => json.extend(['\\', char]),
            // In older versions of JavaScript, these separators end a line.
            char if char.is_control() || matches!(char, '\u{2028}' | '\u{2029}') => {
                json.push_str(&format!("\\u{:04x}", u32::from(char)));
            }
            char => json.push(char),
        }
    }
    json + "\""
}

/// Opens a link in the user's own browser.
fn open(request: &Request) -> Response {
    let fields = match request.form() {
        Ok(fields) => fields,
        Err(rejection) => return rejection.into_response(),
    };
    let url = fields.get("url").unwrap_or_default();
    if !is_external(url) {
        return Response::empty(StatusCode::UNPROCESSABLE_ENTITY);
    }
    match open_in_browser(url) {
        Ok(()) => Response::empty(StatusCode::NO_CONTENT),
        Err(error) => {
            log::warn!("cannot open a link: {error}");
            Response::empty(StatusCode::BAD_GATEWAY)
        }
    }
}

/// Returns whether this is a link for a browser or a mail program. Other links could start any
/// program.
fn is_external(url: &str) -> bool {
    let is = |scheme: &str| {
        url.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    };
    let is_clean =
        url.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&byte));
    is_clean && ["https://", "http://", "mailto:"].into_iter().any(is)
}

fn ended_page(title: &str) -> Response {
    let words = Locale::current::<DesktopWords>();
    let [title, quit] = [&words.quit_title, &words.quit].map(|it| it.say(&[("title", &title)]));
    Response::page(&title, iolist!["<p>", html::escape(&quit).into_owned(), "</p>\n"])
}

/// Returns whether the browser shows the response in a window or tab, unless the response is a
/// download (Fetch Metadata).
fn is_navigation(request: &Request) -> bool {
    let dest = request.header("sec-fetch-dest");
    let accept = || request.header("accept").is_some_and(|accept| accept.contains("text/html"));
    dest.map_or_else(accept, |dest| dest == "document")
}

/// Returns what kind of content a response shows, or `None` if it doesn't replace the open page.
fn shown(response: &Response) -> Option<Shown> {
    let status = response.status();
    let is_attachment = || {
        let disposition = response.headers().get(CONTENT_DISPOSITION);
        disposition.is_some_and(|value| value.as_bytes().starts_with(b"attachment"))
    };
    if status.is_redirection() || status == StatusCode::NO_CONTENT || is_attachment() {
        return None;
    }
    let policies = response.headers().get_all(CONTENT_SECURITY_POLICY).iter();
    let is_allowed = policies.into_iter().all(|policy| allows_stream(policy.as_bytes()));
    Some(if response.is_page() && is_allowed { Shown::Page } else { Shown::Other })
}

/// Returns whether a content security policy allows our script and its stream, which have the
/// page's own origin (CSP Level 3, section 6.8).
fn allows_stream(policy: &[u8]) -> bool {
    let policy = String::from_utf8_lossy(policy);
    let directives = || policy.split(';').map(str::split_ascii_whitespace);
    let allows = |names: &[&str]| {
        let sources = names.iter().find_map(|name| {
            directives().find_map(|mut words| (words.next() == Some(*name)).then_some(words))
        });
        sources.is_none_or(|mut sources| sources.any(|source| matches!(source, "'self'" | "*")))
    };
    allows(&["script-src-elem", "script-src", "default-src"])
        && allows(&["connect-src", "default-src"])
}

fn is_missing_icon(request: &Request, response: &Response) -> bool {
    response.status() == StatusCode::NOT_FOUND && request.path() == "/favicon.ico"
}

fn icon_response(icon: &'static [u8]) -> Response {
    Response::bytes("image/png", icon)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_for_browsers_and_mail_programs_only() {
        for url in ["https://www.sqlite.org/a?b=%20#c", "HTTP://x", "mailto:a@example.org"] {
            assert!(is_external(url), "{url}");
        }
        for url in [
            "file:///etc/passwd",
            "javascript:alert(1)",
            "-h",
            "https://a b",
            "https://\"&calc",
            "",
        ] {
            assert!(!is_external(url), "{url}");
        }
    }

    #[test]
    fn knows_what_replaces_a_page() {
        let html = || Response::html("<p>");
        let with = |name, value: &'static str| html().with_header(name, value);
        for (response, expect) in [
            (html(), Some(Shown::Page)),
            (Response::failed("no luck".into()), Some(Shown::Page)),
            (Response::bytes("application/pdf", "%PDF"), Some(Shown::Other)),
            (Response::stream("text/html", &b"<p>"[..], 3), Some(Shown::Other)),
            (with(CONTENT_SECURITY_POLICY, "default-src 'self'"), Some(Shown::Page)),
            (with(CONTENT_SECURITY_POLICY, "img-src 'none'"), Some(Shown::Page)),
            (with(CONTENT_SECURITY_POLICY, "script-src 'none'; default-src *"), Some(Shown::Other)),
            (with(CONTENT_SECURITY_POLICY, "default-src 'none'"), Some(Shown::Other)),
            (with(CONTENT_SECURITY_POLICY, "connect-src 'none'"), Some(Shown::Other)),
            (with(CONTENT_DISPOSITION, "attachment; filename=a.csv"), None),
            (Response::redirect("/"), None),
            (Response::empty(StatusCode::NO_CONTENT), None),
        ] {
            assert_eq!(shown(&response), expect, "{response:?}");
        }
    }
}
