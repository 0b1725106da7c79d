//! A hostile page, served from elsewhere and open in the user's browser, can't read, write, frame
//! or include anything that belongs to an application on the same machine.
//!
//! Each attempt is first made from the application's own page, where it must succeed. Otherwise,
//! its failure elsewhere would prove nothing. An attempt succeeds if a handler runs.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use solohttp::{Handler, Response, Router, Server};
use solohttp_tests::browser::{Browser, Page, REBOUND_NAMES};
use solohttp_tests::served::{Served, serve, serve_with};

struct Victim {
    server: Served,
    /// How many times a handler has run.
    runs: Arc<AtomicU64>,
}

impl Victim {
    fn new() -> Self {
        let runs = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&runs);
        Self { server: serve(move || app(&counted)), runs }
    }

    /// Makes an attempt in a page and returns how many times handlers ran.
    fn runs_during(&self, page: &mut Page<'_>, attempt: &str) -> u64 {
        let before = self.runs.load(Ordering::SeqCst);
        let script = format!("(victim => {attempt})('{}')", self.server.url);
        // Most attempts fail with an exception in the browser.
        page.eval(&format!("Promise.resolve({script}).then(() => 0, () => 0)"));
        self.runs.load(Ordering::SeqCst) - before
    }
}

/// An application with a page, a file of each type that pages can include, and a value that can be
/// changed.
fn app(runs: &Arc<AtomicU64>) -> impl Handler + use<> {
    let mut router: Router<()> = Router::new();
    let mut answer = |path: &str, kind: &'static str, body: &'static str| {
        let runs = Arc::clone(runs);
        let handler = move || {
            runs.fetch_add(1, Ordering::SeqCst);
            Response::bytes(kind, body)
        };
        router.mount(path, handler);
    };
    answer("/", "text/html", "<!DOCTYPE html><title>Mine</title><link rel=icon href=data:,>secret");
    answer("/data", "application/json", "{\"secret\": 1}");
    answer("/image", "image/svg+xml", "<svg xmlns='http://www.w3.org/2000/svg'/>");
    answer("/script", "text/javascript", "self.stolen = 1");
    answer("/style", "text/css", "body { color: red }");
    answer("/events", "text/event-stream", "data: secret\n\n");
    answer("/change", "text/plain", "changed");
    router
}

fn attacker() -> Served {
    let page = "<!DOCTYPE html><title>Evil</title><link rel=icon href=data:,>";
    // This server has no protection.
    serve_with(|| Server::new().allow_any_host(), move || move || Response::html(page))
}

/// JavaScript that adds an element that loads something. Evaluates to a promise that resolves when
/// loading ends. Firefox fires no event for `embed`, so that case waits a second.
fn element(tag: &str, attribute: &str, target: &str) -> String {
    format!(
        "new Promise(end => {{ const element = document.createElement('{tag}'); \
         element.rel = 'stylesheet'; element.onload = element.onerror = end; \
         element.onloadeddata = end; if ('{tag}' === 'embed') setTimeout(end, 1000); \
         element.{attribute} = victim + '{target}'; \
         document.head.parentNode.append(element); }})"
    )
}

/// JavaScript that submits a form into a frame. Evaluates to a promise that resolves when the
/// frame's next page has loaded.
fn form(method: &str, kind: &str) -> String {
    format!(
        "new Promise(end => {{ const frame = document.createElement('iframe'); \
         frame.name = 'hidden'; document.body.append(frame); frame.onload = end; \
         const form = document.createElement('form'); form.action = victim + 'change'; \
         form.method = '{method}'; form.enctype = '{kind}'; form.target = 'hidden'; \
         form.innerHTML = '<input name=a value=1>'; document.body.append(form); form.submit(); }})"
    )
}

/// Checks that each attempt runs a handler when our own page makes it, but not when another page
/// does.
fn check(browser: &Browser, attempts: &[String]) {
    let victim = Victim::new();
    let attacker = attacker();
    let port = attacker.addr.port();
    // A tab per origin is much faster than a tab per attempt. Each attempt gets a new document.
    let mut own = browser.page();
    for attempt in attempts {
        own.open(&victim.server.url);
        assert_ne!(
            victim.runs_during(&mut own, attempt),
            0,
            "our own page must succeed: {attempt}"
        );
    }
    // The same host name with another port is a different program. `localhost` and the public name
    // are different sites.
    for origin in ["127.0.0.1", "localhost", "evil.example"] {
        let mut page = browser.page();
        for attempt in attempts {
            page.open(&format!("http://{origin}:{port}/"));
            assert_eq!(page.eval("document.title"), "Evil");
            assert_eq!(victim.runs_during(&mut page, attempt), 0, "{origin} can: {attempt}");
        }
    }
}

fn cannot_read(browser: &Browser) {
    let fetch = |target: &str, options: &str| {
        format!("fetch(victim + '{target}', {{{options}}}).then(answer => answer.text())")
    };
    check(browser, &[
        fetch("", ""),
        fetch("data", "credentials: 'include'"),
        fetch("data", "headers: {'X-Own': '1'}"),
        fetch("data", "mode: 'no-cors', credentials: 'include'"),
        fetch("data", "method: 'HEAD', mode: 'no-cors'"),
        "new Promise(end => { const request = new XMLHttpRequest(); request.onloadend = end; \
         request.open('GET', victim + 'data'); request.send(); })"
            .to_owned(),
        "new Promise(end => { const source = new EventSource(victim + 'events'); \
         source.onmessage = source.onerror = () => end(source.close()); })"
            .to_owned(),
        "new Promise(end => { const socket = new WebSocket(victim.replace('http', 'ws') + 'data'); \
         socket.onopen = socket.onerror = end; })"
            .to_owned(),
    ]);
}

fn cannot_write(browser: &Browser) {
    let fetch = |method: &str, options: &str| {
        format!("fetch(victim + 'change', {{method: '{method}', body: 'a=1', {options}}})")
    };
    check(
        browser,
        &[
            fetch("POST", ""),
            fetch("POST", "mode: 'no-cors', credentials: 'include'"),
            fetch("POST", "mode: 'no-cors', keepalive: true"),
            fetch("POST", "headers: {'Content-Type': 'application/json'}"),
            fetch("PUT", ""),
            fetch("PATCH", ""),
            fetch("DELETE", ""),
            form("post", "application/x-www-form-urlencoded"),
            form("post", "multipart/form-data"),
            form("post", "text/plain"),
            form("get", ""),
        ],
    );
}

fn cannot_frame(browser: &Browser) {
    check(
        browser,
        &[
            element("iframe", "src", ""),
            element("object", "data", ""),
            element("embed", "src", ""),
            "new Promise(end => { const frame = document.createElement('iframe'); \
         frame.sandbox = 'allow-scripts allow-same-origin'; frame.src = victim; \
         frame.onload = end; document.body.append(frame); })"
                .to_owned(),
        ],
    );
}

fn cannot_include(browser: &Browser) {
    check(browser, &[
        element("img", "src", "image"),
        element("script", "src", "script"),
        element("link", "href", "style"),
        element("video", "src", "data"),
        element("audio", "src", "data"),
        "new FontFace('Stolen', `url(${victim}data)`).load()".to_owned(),
        "import(victim + 'script')".to_owned(),
        "new Promise(end => { const code = `importScripts('${victim}script'); postMessage(1)`; \
         const worker = new Worker(URL.createObjectURL(new Blob([code]))); \
         worker.onmessage = worker.onerror = end; })"
            .to_owned(),
        "new Promise(end => { const image = new Image(); image.crossOrigin = 'use-credentials'; \
         image.onload = image.onerror = end; image.src = victim + 'image'; })"
            .to_owned(),
    ]);
}

/// A link may open the application, but the page with the link can't see the application's content.
fn cannot_look_into_a_window_that_it_opened(browser: &Browser) {
    let victim = Victim::new();
    let attacker = attacker();
    let mut page = browser.page();
    page.open(&format!("http://localhost:{}/", attacker.addr.port()));
    let url = &victim.server.url;
    page.eval(&format!("document.body.innerHTML = '<a href=\"{url}\" target=\"named\">app</a>'"));
    page.click("a");
    let looks = "(() => { try { return !open('', 'named').document.body.innerText; } \
                 catch (error) { return error.name; } })()";
    page.wait_for(&format!("{looks} === 'SecurityError'"));
    assert_eq!(victim.runs.load(Ordering::SeqCst), 1, "the link was not followed");
}

/// A public name that suddenly resolves to this machine makes the attacker's pages same-origin with
/// ours. Only the `Host` field reveals this.
fn cannot_become_same_origin_by_dns_rebinding(browser: &Browser) {
    let victim = Victim::new();
    let port = victim.server.addr.port();
    for name in REBOUND_NAMES {
        let mut page = browser.page();
        page.open(&format!("http://{name}:{port}/"));
        let text = page.text();
        assert!(
            text.contains("Access denied") && text.contains("Server::allow_host"),
            "{name}: {text}"
        );
        for attempt in [
            "fetch('/data').then(answer => answer.text())",
            "fetch('/change', {method: 'POST', body: 'a=1'})",
            "import('/script')",
        ] {
            assert_eq!(victim.runs_during(&mut page, attempt), 0, "{name}: {attempt}");
        }
    }
    let mut page = browser.page();
    // Either Chromium refuses to open this address, or the server rejects the request. In both
    // cases, no handler runs.
    let _ = page.try_open(&format!("http://0.0.0.0:{port}/"));
    assert_eq!(victim.runs.load(Ordering::SeqCst), 0);
}

/// No client can use any protocol other than HTTP.
#[test]
fn gets_no_other_protocol() {
    let victim = Victim::new();
    let socket = "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n\
                  Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    let foreign = format!("{socket}Origin: http://evil.example\r\n");
    let next =
        "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABk\r\n";
    for (upgrade, status) in [(socket, 200), (&foreign, 403), (next, 200)] {
        let request =
            format!("GET /data HTTP/1.1\r\nHost: {}\r\n{upgrade}\r\n", victim.server.addr);
        let reply = solohttp_tests::wire::ask(victim.server.addr, request.as_bytes());
        assert_eq!((reply.status, reply.header("upgrade")), (status, None), "{reply:?}");
    }
}

#[test]
fn gets_no_permission_from_a_preflight() {
    let victim = Victim::new();
    for origin in ["null", "http://evil.example"] {
        let request = format!(
            "OPTIONS /change HTTP/1.1\r\nHost: {}\r\nOrigin: {origin}\r\n\
             Access-Control-Request-Method: PUT\r\n\
             Access-Control-Request-Private-Network: true\r\n\r\n",
            victim.server.addr
        );
        let reply = solohttp_tests::wire::ask(victim.server.addr, request.as_bytes());
        let grants = |(name, _): &(String, String)| name.to_lowercase().starts_with("access-");
        assert!(!reply.headers.iter().any(grants), "{reply:?}");
    }
}

solohttp_tests::in_each_browser!(
    cannot_read,
    cannot_write,
    cannot_frame,
    cannot_include,
    cannot_look_into_a_window_that_it_opened,
    cannot_become_same_origin_by_dns_rebinding,
);
