//! Tests event streams over real sockets.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::mpsc::channel;
use std::thread;
use std::time::{Duration, Instant};

use solohttp_core::{Event, EventChannel, Handler as _, IntoHandler, Limits, Request, Response};

use crate::running::Running;

#[derive(Default)]
struct App {
    changes: EventChannel,
    /// The values passed to `on_close`.
    left: std::rc::Rc<std::cell::RefCell<Vec<usize>>>,
}

fn app(app: &mut App, request: &Request) -> Response {
    match request.path() {
        "/stream" => app.changes.stream(),
        _ => Response::text("page"),
    }
}

fn run() -> Running<App> {
    run_with(|_| {})
}

fn run_with(set: impl FnOnce(&mut Limits)) -> Running<App> {
    let mut limits = Limits::default();
    set(&mut limits);
    Running::new(limits, || {
        let state = App::default();
        let left = std::rc::Rc::clone(&state.left);
        state.changes.on_close(move |count| left.borrow_mut().push(count));
        app.into_handler().with_state(state)
    })
}

impl Running<App> {
    /// Opens a stream and reads its head.
    fn listen(&self) -> (TcpStream, String) {
        let mut socket = self.ask("GET", "/stream", "");
        let head = read_to(&mut socket, "\r\n\r\n");
        (socket, head)
    }

    fn publish(&self, text: &str) {
        let event = Event::message(text);
        self.remote.run(move |app| app.changes.publish(event)).unwrap();
    }

    fn listeners(&self) -> usize {
        self.remote.ask(|app| app.changes.listeners()).unwrap()
    }

    fn wait_for_listeners(&self, count: usize) -> Duration {
        let start = Instant::now();
        while self.listeners() != count {
            assert!(start.elapsed() < Duration::from_secs(10), "{} listeners", self.listeners());
        }
        start.elapsed()
    }
}

fn read_to(socket: &mut TcpStream, end: &str) -> String {
    let (mut text, mut byte) = (String::new(), [0]);
    while !text.ends_with(end) {
        assert_eq!(socket.read(&mut byte).unwrap(), 1, "it ended after {text:?}");
        text.push(char::from(byte[0]));
    }
    text
}

#[test]
fn events_arrive_as_they_are_published() {
    let server = run();
    let (mut one, head) = server.listen();
    assert!(head.starts_with("HTTP/1.0 200 OK\r\n"), "{head}");
    for line in ["content-type: text/event-stream", "cache-control: no-store"] {
        assert!(head.contains(line), "{head}");
    }
    assert!(!head.contains("content-length"), "{head}");
    let (mut two, _) = server.listen();
    for text in ["first", "second"] {
        server.publish(text);
        for socket in [&mut one, &mut two] {
            assert_eq!(read_to(socket, "\n\n"), format!("data: {text}\n\n"));
        }
    }
}

#[test]
fn a_closed_tab_is_seen_at_once() {
    let server = run();
    let (one, _) = server.listen();
    let (two, _) = server.listen();
    server.wait_for_listeners(2);
    drop(one);
    server.wait_for_listeners(1);
    // Closes only the sending half, like a browser that has left the page.
    two.shutdown(std::net::Shutdown::Write).unwrap();
    server.wait_for_listeners(0);
    assert_eq!(server.remote.ask(|app| app.left.borrow().clone()).unwrap(), [1, 0]);
}

#[test]
fn a_head_request_opens_no_stream() {
    let server = run();
    let mut text = String::new();
    server.ask("HEAD", "/stream", "").read_to_string(&mut text).unwrap();
    assert!(text.ends_with("connection: close\r\n\r\n"), "{text}");
    server.wait_for_listeners(0);
}

#[test]
fn a_listener_that_does_not_read_is_ended_and_delays_nobody() {
    let server = run();
    let (mut stuck, _) = server.listen();
    let (mut reader, _) = server.listen();
    let event = format!("data: {}\n\n", "x".repeat(1 << 14));
    let (read, has_read) = channel();
    let len = event.len();
    let reading = thread::spawn(move || {
        let mut buffer = vec![0; len];
        while reader.read_exact(&mut buffer).is_ok() && read.send(buffer.clone()).is_ok() {}
    });
    for _ in 0..640 {
        server.publish(&"x".repeat(1 << 14));
        // The client that reads gets everything, even after 10 MB have been queued for the other
        // client.
        assert_eq!(has_read.recv().unwrap(), event.as_bytes());
    }
    server.wait_for_listeners(1);
    drop(has_read);
    server.publish("the end");
    server.publish(&"x".repeat(1 << 15));
    reading.join().unwrap();
    let mut rest = Vec::new();
    // The stream ends, either cleanly or with a reset.
    drop(stuck.read_to_end(&mut rest));
    assert!(rest.len() < 10 << 20);
}

#[test]
fn streams_have_a_limit_of_their_own_and_give_their_place_back() {
    let server = run_with(|limits| limits.streams = 3);
    let open: Vec<_> = (0..3).map(|_| server.listen()).collect();
    let text = server.get("/stream");
    assert!(text.starts_with("HTTP/1.0 503 "), "{text}");
    assert!(text.contains("the limit is 3"), "{text}");
    let mut text = String::new();
    let fields = "Accept: text/event-stream\r\n";
    server.ask("GET", "/stream", fields).read_to_string(&mut text).unwrap();
    // Any other status would make an `EventSource` give up for good.
    assert!(text.starts_with("HTTP/1.0 200 "), "{text}");
    for line in ["content-type: text/event-stream", "cache-control: no-store"] {
        assert!(text.contains(line), "{text}");
    }
    let (_, body) = text.split_once("\r\n\r\n").unwrap();
    assert_eq!(body, ": the limit of 3 event streams is reached\nretry: 10000\n\n");
    assert_eq!(server.listeners(), 3);
    drop(open);
    server.wait_for_listeners(0);
    let (_, head) = server.listen();
    assert!(head.starts_with("HTTP/1.0 200 "), "{head}");
}

#[test]
fn idle_streams_are_not_dropped_for_new_connections() {
    let server = run_with(|limits| limits.connections = 8);
    let mut open: Vec<_> = (0..6).map(|_| server.listen().0).collect();
    let idle: Vec<_> = (0..20).map(|_| TcpStream::connect(server.address).unwrap()).collect();
    assert_eq!(server.page("/"), "page");
    server.publish("still there");
    for socket in &mut open {
        assert_eq!(read_to(socket, "\n\n"), "data: still there\n\n");
    }
    drop(idle);
}

#[test]
fn streams_end_at_once_with_the_server() {
    let mut server = run();
    let mut open: Vec<_> = (0..5).map(|_| server.listen().0).collect();
    let start = Instant::now();
    server.end();
    assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
    for socket in &mut open {
        assert_eq!(socket.read(&mut [0]).unwrap_or(0), 0);
    }
}

#[test]
fn what_a_client_sends_on_a_stream_is_discarded() {
    let server = run();
    let (mut socket, _) = server.listen();
    socket.write_all(&vec![b'x'; 1 << 20]).unwrap();
    server.publish("after a mebibyte");
    assert_eq!(read_to(&mut socket, "\n\n"), "data: after a mebibyte\n\n");
    assert_eq!(server.listeners(), 1);
}
