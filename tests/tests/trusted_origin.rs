//! A page from another origin that the program trusts, such as a development server.

use std::sync::mpsc::channel;

use solohttp::{Handler, Request, Response, Router, Server};
use solohttp_tests::browser::Browser;
use solohttp_tests::in_each_browser;
use solohttp_tests::served::{serve, serve_with};

fn app() -> impl Handler {
    let mut router: Router<()> = Router::new();
    router.get("/data", || "data");
    router.put("/data", |request: &Request| {
        Response::text(request.header("x-mark").unwrap_or_default().to_owned())
    });
    router
}

/// JavaScript that uses `fetch` for a simple read and for a preflighted write.
const FETCH: &str = "(async url => {
    const read = await (await fetch(url)).text();
    const options = { method: 'PUT', headers: { 'X-Mark': 'seen', 'Content-Type': 'text/x' } };
    const write = await (await fetch(url, { ...options, credentials: 'include' })).text();
    return read + ' ' + write;
})";

fn only_a_trusted_page_can_fetch(browser: &Browser) {
    let trusted = serve(|| || "<title>trusted</title>");
    let other = serve(|| || "<title>other</title>");
    let (sender, receiver) = channel();
    sender.send(trusted.url.trim_end_matches('/').to_owned()).unwrap();
    let server = serve_with(
        move || Server::new().trust_origin(&receiver.recv().expect("the origin was sent")),
        app,
    );
    let mut page = browser.page();
    let fetch = format!("{FETCH}('{}data')", server.url);
    page.open(&trusted.url);
    assert_eq!(page.eval(&fetch).as_str(), Some("data seen"));
    page.open(&other.url);
    let refused = page.try_eval(&fetch).unwrap_err().to_string();
    assert!(refused.contains("TypeError"), "{refused}");
}

in_each_browser!(only_a_trusted_page_can_fetch);
