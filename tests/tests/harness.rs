//! Tests the harness itself against a tiny server that doesn't use the library. The harness's
//! reports must be true.

use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::Command;
use std::thread;
use std::time::Duration;

use solohttp_tests::browser::{Browser, Engine, Error};
use solohttp_tests::program;
use solohttp_tests::wire::{self, Connection};

const PAGE: &str = r#"<!doctype html><html lang="en"><title>Harness</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="/style.css">
<h1>Harness</h1>
<button id="add" onclick="count.textContent++">Add</button> <output id="count">0</output>
<button id="hidden" style="display: none">Hidden</button>
<button id="warn" onclick="confirm('Sure?') && console.error('warned', 7)">Warn</button>
<form action="/echo" method="post" enctype="text/plain">
<label for="title">Title</label>
<input id="title" name="title" required aria-invalid="true" aria-describedby="why">
<p id="why">Say what to do.</p>
<label>Done <input type="checkbox" id="done" name="done"></label>
<input type="file" id="files" multiple aria-label="Files">
<button id="send">Send</button>
</form>"#;

const DATE: &str = "Wed, 21 Oct 2015 07:28:00 GMT";

/// Answers each connection on its own thread, until the test program ends.
fn serve() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming() {
            // Browsers open spare connections that they send nothing on.
            thread::spawn(move || answer(stream.unwrap()));
        }
    });
    address
}

fn answer(mut stream: TcpStream) {
    let mut request = Vec::new();
    let mut more = [0; 4096];
    while !is_complete(&request) {
        match stream.read(&mut more) {
            Ok(length @ 1..) => request.extend_from_slice(&more[..length]),
            _ => break,
        }
    }
    let text = String::from_utf8_lossy(&request).into_owned();
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    let reply = match head.split(' ').nth(1).unwrap_or_default() {
        "/" => html("200 OK", PAGE),
        "/style.css" => {
            let css = ":root { color-scheme: light dark } body { font: 20px sans-serif }";
            reply("200 OK", "text/css", "Cache-Control: max-age=600\r\n", css)
        }
        "/echo" => html("200 OK", &format!("<title>Echo</title><pre>{body}</pre>")),
        // Chromium revalidates by date only: it ignores the ETag of an HTTP/1.0 response.
        "/dated" if head.contains(&format!("If-Modified-Since: {DATE}")) => {
            "HTTP/1.0 304 Not Modified\r\n\r\n".to_owned()
        }
        "/dated" => {
            let fields = format!("Last-Modified: {DATE}\r\nCache-Control: no-cache\r\n");
            reply("200 OK", "text/html", &fields, "<p>Dated.")
        }
        "/old" => reply("303 See Other", "text/plain", "Location: /\r\n", ""),
        "/nothing" => String::new(),
        _ => html("404 Not Found", "<title>None</title>Nothing here."),
    };
    // The client may already be gone, as in the tests for resets.
    let _ = stream.write_all(reply.as_bytes());
}

fn is_complete(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request);
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|line| line.strip_prefix("Content-Length: "));
    body.len() >= length.map_or(0, |length| length.parse().unwrap())
}

fn html(status: &str, body: &str) -> String {
    reply(status, "text/html; charset=utf-8", "", body)
}

fn reply(status: &str, mime: &str, fields: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.0 {status}\r\nContent-Type: {mime}\r\n{fields}Content-Length: {length}\r\n\r\n{body}"
    )
}

#[test]
fn wire_sends_and_reads_at_any_pace() {
    let server = serve();
    let request = b"POST /echo HTTP/1.0\r\nContent-Length: 5\r\n\r\nhello";
    let whole = wire::ask(server, request);
    assert_eq!((whole.status, whole.reason.as_str()), (200, "OK"));
    assert_eq!(whole.text(), "<title>Echo</title><pre>hello</pre>");
    assert_eq!(whole.content_length(), Some(whole.body.len()));

    let mut bytewise = Connection::open(server);
    bytewise.send_bytewise(request);
    assert_eq!(bytewise.reply(), whole);

    let mut halved = Connection::open_with_receive_buffer(server, 4096);
    halved.send(&request[..30]);
    assert!(halved.stays_silent_for(Duration::from_millis(50)));
    halved.send(&request[30..]);
    halved.half_close();
    assert!(!halved.stays_silent_for(Duration::from_secs(5)));
    assert_eq!(halved.read_some(8), b"HTTP/1.0");
    assert!(!halved.read_to_end().is_empty());
    assert_eq!(wire::exchange(server, b"GET /nothing HTTP/1.0\r\n\r\n"), b"");
}

#[test]
fn reset_reaches_the_server_as_a_reset() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let connection = Connection::open(listener.local_addr().unwrap());
    let (mut accepted, _) = listener.accept().unwrap();
    connection.reset();
    let error = accepted.read(&mut [0]).unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset);
}

#[test]
fn a_program_is_started_observed_and_measured() {
    let mut program = program::launch(Command::new(env!("CARGO_BIN_EXE_announcer")));
    assert_eq!(program.url, format!("http://{}/", program.addr));
    assert!(program.is_running());
    if cfg!(target_os = "linux") {
        let memory = program.memory().unwrap();
        assert!(memory.resident > 100_000 && memory.peak >= memory.resident, "{memory:?}");
    }
    assert_eq!(wire::ask(program.addr, b"GET /7 HTTP/1.0\r\n").status, 200);
    assert_eq!(program.wait_for_line("asked"), "asked: GET /7 HTTP/1.0");
    assert_eq!(program.wait().code(), Some(7));
    assert!(!program.is_running());
    assert!(program.output().contains(&"starting up".to_owned()), "{:?}", program.output());
}

#[test]
#[should_panic(expected = "ended without a line; it printed:\nthis port is taken")]
fn a_program_that_fails_is_quoted() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_announcer"));
    command.arg("--fail");
    drop(program::launch(command));
}

#[test]
fn a_dropped_program_is_gone() {
    let program = program::launch(Command::new(env!("CARGO_BIN_EXE_announcer")));
    let mut connection = Connection::open(program.addr);
    drop(program);
    // If the program were still running, it would wait for a request, and this read would time out.
    assert_eq!(connection.read_to_end(), b"");
}

fn clicks_types_and_submits(browser: &Browser) {
    let url = format!("http://{}/", serve());
    let mut page = browser.page();
    let took = page.open(&url);
    assert!(took > Duration::ZERO && took < Duration::from_secs(30), "{took:?}");

    page.click("#add");
    page.click("#add");
    assert_eq!(page.eval("document.querySelector('#count').value"), "2");
    assert!(page.text().contains("Say what to do."), "{}", page.text());
    assert!(!page.text().contains("Hidden"), "{}", page.text());

    page.click("label[for=title]");
    page.type_text("größer & besser");
    page.press("Shift+Home");
    page.type_text("Milch");
    page.press("Tab");
    page.press("Space");
    assert_eq!(page.eval("done.checked && document.activeElement.id"), "done");
    page.press("Shift+Tab");
    page.navigate(|page| page.press("Enter"));
    assert_eq!(page.url(), format!("{url}echo"));
    assert_eq!(page.text().split_whitespace().collect::<Vec<_>>(), ["title=Milch", "done=on"]);
}

fn reads_the_accessibility_tree(browser: &Browser) {
    let mut page = browser.page();
    page.open(&format!("http://{}/", serve()));
    page.click("#title");
    let tree = page.accessibility_tree();
    let find = |role: &str, name: &str| tree.iter().find(|n| n.role == role && n.name == name);
    let title = find("textbox", "Title").expect("the label names the field");
    assert_eq!(title.description, "Say what to do.");
    assert!(title.is_invalid() && title.is_required() && title.is_focused(), "{title:?}");
    let add = find("button", "Add").expect("the button is there");
    assert!(!add.is_invalid() && !add.is_required() && !add.is_focused(), "{add:?}");
    assert_eq!(find("heading", "Harness").map(|n| n.states["level"].as_str()), Some("1"));
    assert!(find("button", "Hidden").is_none());
}

fn reports_requests_failures_and_complaints(browser: &Browser) {
    let url = format!("http://{}/", serve());
    let mut page = browser.page();
    page.open(&format!("{url}old"));
    page.open(&format!("{url}missing"));
    page.open(&url);
    page.open(&format!("{url}dated"));
    page.open(&url);
    page.open(&format!("{url}dated"));
    let log = page.network_log();
    let told: Vec<_> = log
        .iter()
        .map(|entry| (entry.url.trim_start_matches(&url), entry.status, entry.from_cache))
        // Firefox records `data:` URLs as requests.
        .filter(|(path, ..)| !["favicon.ico", "data:,"].contains(path))
        .collect();
    let expect = [
        ("old", Some(303), false),
        ("", Some(200), false),
        ("style.css", Some(200), false),
        ("missing", Some(404), false),
        ("", Some(200), false),
        ("style.css", Some(200), true),
        ("dated", Some(200), false),
        ("", Some(200), false),
        ("style.css", Some(200), true),
        ("dated", Some(304), false),
    ];
    assert_eq!(told, expect);
    assert_eq!(log[1].headers["content-type"], "text/html; charset=utf-8");
    assert!(log[1].kind == "Document" && log[1].method == "GET" && log[1].finished, "{log:?}");

    page.open(&url);
    page.click("#warn");
    assert_eq!(page.dialogs(), ["Sure?"]);
    page.eval("void setTimeout(() => { throw new Error('late') })");
    page.wait_for("new Promise(done => setTimeout(done, 1, true))");
    let errors = page.console_errors().join("\n");
    for complaint in ["404 (Not Found)", "warned 7", "Error: late"] {
        assert!(errors.contains(complaint), "{complaint} is not in:\n{errors}");
    }
    assert!(
        matches!(page.try_eval("nowhere.to"), Err(Error::Script(why)) if why.contains("nowhere"))
    );
    assert!(matches!(page.try_eval("Promise.reject(7)"), Err(Error::Script(_))));
    let word = match page.engine() {
        Engine::Chromium => "net::ERR_EMPTY_RESPONSE",
        Engine::Firefox => "NS_ERROR_NET_RESET",
    };
    let refused = page.try_open(&format!("{url}nothing"));
    assert!(
        matches!(&refused, Err(Error::Navigation { reason, .. }) if reason == word),
        "{refused:?}"
    );
}

fn takes_pictures_of_the_viewport_it_was_given(browser: &Browser) {
    let folder = tempfile::tempdir().unwrap();
    let mut page = browser.page();
    page.set_viewport(320, 200);
    page.open(&format!("http://{}/", serve()));
    let mut picture = |dark: bool| {
        page.emulate_colour_scheme(dark);
        let is_dark = page.eval("matchMedia('(prefers-color-scheme: dark)').matches");
        assert_eq!(is_dark, dark);
        let path = folder.path().join("picture.png");
        page.screenshot(&path);
        fs::read(path).unwrap()
    };
    let (light, dark) = (picture(false), picture(true));
    // The signature, then the header chunk with width and height (PNG specification, 5.2 and
    // 11.2.1).
    assert_eq!(light[..8], *b"\x89PNG\r\n\x1A\n");
    assert_eq!(light[16..24], [0, 0, 1, 64, 0, 0, 0, 200]);
    assert_ne!(light, dark);
}

fn uploads_files_and_keeps_tabs_apart(browser: &Browser) {
    let url = format!("http://{}/", serve());
    let folder = tempfile::tempdir().unwrap();
    let paths = ["one.txt", "zwei ä.txt"].map(|name| folder.path().join(name));
    for path in &paths {
        fs::write(path, "text").unwrap();
    }
    let (mut first, mut second) = (browser.page(), browser.page());
    first.open(&url);
    second.open(&url);
    first.upload("#files", &paths);
    assert_eq!(
        first.eval("[...files.files].map(file => file.name + file.size)"),
        serde_json::json!(["one.txt4", "zwei ä.txt4"])
    );
    for page in [&mut first, &mut second] {
        page.click("#title");
        page.press("x");
    }
    assert_eq!(first.eval("title.value + files.files.length"), "x2");
    assert_eq!(second.eval("title.value + files.files.length"), "x0");
}

fn remembers_nothing_of_the_test_before(browser: &Browser) {
    let url = format!("http://{}/", serve());
    let visit = |browser: &Browser| {
        let mut page = browser.page();
        page.open(&url);
        let stored = page.eval("document.cookie + localStorage.length");
        page.eval("document.cookie = 'a=1; max-age=600'; localStorage.a = 1");
        let log = page.network_log();
        (stored, log.iter().filter(|entry| entry.from_cache).count())
    };
    let nothing = (serde_json::json!("0"), 0);
    assert_eq!(visit(browser), nothing);
    for _ in 0..2 {
        assert_eq!(visit(&Browser::shared(browser.engine())), nothing);
    }
}

#[test]
fn a_browser_that_has_crashed_is_replaced() {
    let url = format!("http://{}/", serve());
    for engine in [Engine::Chromium, Engine::Firefox] {
        let mut crashed = Browser::shared(engine);
        crashed.crash();
        drop(crashed);
        Browser::shared(engine).page().open(&url);
    }
}

solohttp_tests::in_each_browser!(
    clicks_types_and_submits,
    reads_the_accessibility_tree,
    remembers_nothing_of_the_test_before,
    reports_requests_failures_and_complaints,
    takes_pictures_of_the_viewport_it_was_given,
    uploads_files_and_keeps_tabs_apart,
);
