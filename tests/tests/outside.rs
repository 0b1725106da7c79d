//! Work that happens outside requests, end to end: closures from other threads, timers, and pages
//! that listen for events.

use std::process::Command;
use std::time::{Duration, Instant};

use solohttp::{Event, EventChannel, Handler, Remote, Response, Router};
use solohttp_tests::browser::Browser;
use solohttp_tests::in_each_browser;
use solohttp_tests::program::{self, Program};
use solohttp_tests::served::serve;
use solohttp_tests::wire::{Connection, Reply, ask};

fn fixture() -> Program {
    let mut fixture = Command::new(env!("CARGO_BIN_EXE_fixture"));
    fixture.args(["--port", "0"]);
    program::launch(fixture)
}

fn request(program: &Program, method: &str, path: &str) -> Reply {
    let length = if method == "POST" { "Content-Length: 0\r\n" } else { "" };
    let head = format!("{method} {path} HTTP/1.0\r\nHost: {}\r\n{length}\r\n", program.addr);
    ask(program.addr, head.as_bytes())
}

fn number(program: &Program, path: &str) -> u64 {
    request(program, "GET", path).text().parse().unwrap()
}

/// Waits until another thread has made the condition true.
#[track_caller]
fn eventually(mut is_so: impl FnMut() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < Duration::from_secs(10), "it stays false");
    }
}

#[test]
fn every_closure_of_a_thread_is_an_event_in_order() {
    let program = fixture();
    let mut stream = Connection::open(program.addr);
    stream.send(format!("GET /stream HTTP/1.0\r\nHost: {}\r\n\r\n", program.addr).as_bytes());
    eventually(|| number(&program, "/watching") == 1);
    assert_eq!(request(&program, "POST", "/push?text=first&times=1").status, 204);
    let mut text = String::new();
    while !text.ends_with("data: first\n\n") {
        text += &String::from_utf8(stream.read_some(1 << 16)).unwrap();
    }
    assert_eq!(request(&program, "POST", "/push?text=a%0Ab&times=500").status, 204);
    while text.matches("data: b\n\n").count() < 500 {
        text += &String::from_utf8(stream.read_some(1 << 16)).unwrap();
    }
    let (head, events) = text.split_once("\r\n\r\n").unwrap();
    assert!(head.contains("content-type: text/event-stream"), "{head}");
    let rest = events.strip_prefix("data: first\n\n").unwrap();
    assert_eq!(rest, "data: a\ndata: b\n\n".repeat(500));
    drop(stream);
    eventually(|| number(&program, "/watching") == 0);
}

#[test]
fn a_panic_outside_of_requests_is_logged_with_its_place_and_ends_nothing() {
    let mut program = fixture();
    assert_eq!(request(&program, "POST", "/panic-outside").status, 204);
    let line = program.wait_for_line("failed: the fixture panics outside of requests");
    assert!(line.contains("RUN ") && line.contains("fixture.rs:"), "{line}");
    assert_eq!(request(&program, "GET", "/").status, 200);
    let ticks = number(&program, "/ticks");
    eventually(|| number(&program, "/ticks") > ticks);
}

#[test]
fn a_transaction_that_a_closure_forgets_is_rolled_back_and_told() {
    let mut program = fixture();
    assert_eq!(request(&program, "POST", "/forget-outside").status, 204);
    let line = program.wait_for_line("forgotten outside");
    assert!(line.contains("RUN ") && line.contains("fixture.rs:"), "{line}");
    assert_eq!(request(&program, "POST", "/sqlite/add").status, 200);
    assert_eq!(number(&program, "/sqlite/count"), 1);
}

#[test]
fn a_timer_rings_ten_times_a_second() {
    let program = fixture();
    let (start, before) = (Instant::now(), number(&program, "/ticks"));
    std::thread::sleep(Duration::from_millis(1_500));
    let ticks = number(&program, "/ticks") - before;
    let most = start.elapsed().as_millis() / 100 + 1;
    assert!(ticks >= 2 && u128::from(ticks) <= most, "{ticks}, {most} at most");
}

#[derive(Default)]
struct App {
    progress: u32,
    changes: EventChannel,
}

/// A script sends the request, because Firefox 153 ends a page's streams once a form is submitted,
/// even if the response is 204.
const PAGE: &str = r#"<!DOCTYPE html><title>Work</title>
    <button onclick="fetch('/', { method: 'POST' })">Go</button><p id="progress"></p><script>
    new EventSource('/changes').addEventListener('progress', event =>
        document.querySelector('#progress').textContent += event.data + ' ');
    </script>"#;

fn app() -> impl Handler {
    let mut router: Router<App> = Router::new();
    router.get("/", || PAGE);
    router.post("/", |remote: Remote<App>| {
        std::thread::spawn(move || {
            for percent in [25, 50, 75, 100] {
                let step = remote.run(move |app| {
                    app.progress = percent;
                    app.changes.publish(Event::named("progress").data(percent));
                });
                if step.is_err() {
                    return;
                }
            }
        });
        Response::empty(solohttp::StatusCode::NO_CONTENT)
    });
    router.get("/changes", |app: &mut App| app.changes.stream());
    router.get("/watching", |app: &mut App| app.changes.listeners().to_string());
    router.with_state(App::default())
}

fn a_page_hears_of_work_while_it_runs(browser: &Browser) {
    let server = serve(app);
    let watching = || {
        let host = format!("Host: {}\r\n\r\n", server.addr);
        let reply = ask(server.addr, format!("GET /watching HTTP/1.0\r\n{host}").as_bytes());
        reply.text().parse::<u32>().unwrap()
    };
    let (mut one, mut two) = (browser.page(), browser.page());
    one.open(&server.url);
    two.open(&server.url);
    eventually(|| watching() == 2);
    one.click("button");
    for page in [&mut one, &mut two] {
        page.wait_for("document.querySelector('#progress').textContent.trim() === '25 50 75 100'");
    }
    // A reloaded page listens again, but a different page opened in the same tab doesn't.
    one.open(&server.url);
    eventually(|| watching() == 2);
    one.open("about:blank");
    eventually(|| watching() == 1);
    two.close();
    eventually(|| watching() == 0);
}

in_each_browser!(a_page_hears_of_work_while_it_runs);
