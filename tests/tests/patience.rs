//! No client can block another. The limits are far above the measured values and far below one
//! timeout. Only the best of several tries counts, because the tests are about blocking, not about
//! the machine's load.

use std::fs::File;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use solohttp::{Handler, Limits, Request, Response, Router, Server};
use solohttp_tests::browser::Browser;
use solohttp_tests::program::{self, Program};
use solohttp_tests::served::{serve, serve_with};
use solohttp_tests::wire::{Connection, ask};

const SOON: Duration = Duration::from_secs(1);

/// Starts the benchmark server with a sparse file of 100 MiB.
fn bench_server() -> (Program, tempfile::TempDir) {
    bench_server_by(Command::new(env!("CARGO_BIN_EXE_bench-server")))
}

fn bench_server_by(mut command: Command) -> (Program, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let path: PathBuf = folder.path().join("large");
    File::create(&path).unwrap().set_len(100 << 20).unwrap();
    command.args(["--port", "0"]).env("BENCH_FILE", &path);
    (program::launch(command), folder)
}

/// Returns the shortest time of five runs.
fn best_of_five(mut once: impl FnMut() -> Duration) -> Duration {
    (0..5).map(|_| once()).min().unwrap()
}

fn normal_get_is_answered_soon(server: &Program, beside: &str) {
    let best = best_of_five(|| {
        let begun = Instant::now();
        let request = format!("GET / HTTP/1.1\r\nHost: {}\r\n\r\n", server.addr);
        assert_eq!(ask(server.addr, request.as_bytes()).body, b"Hello, world!");
        begun.elapsed()
    });
    assert!(best < SOON, "{best:?} with {beside}");
}

fn many(server: &Program, count: usize, sent: &str) -> Vec<Connection> {
    let open = |_| {
        let mut connection = Connection::open(server.addr);
        connection.send(sent.as_bytes());
        connection
    };
    (0..count).map(open).collect()
}

#[test]
fn a_normal_request_waits_for_no_other_client() {
    let (server, _folder) = bench_server();
    let mut others = many(&server, 500, "");
    normal_get_is_answered_soon(&server, "500 idle connections");
    others.extend(many(&server, 100, "GET / HTTP/1.1\r\nHost: loc"));
    normal_get_is_answered_soon(&server, "100 incomplete heads");
    others.extend(many(&server, 100, "GET /big HTTP/1.1\r\nHost: localhost\r\n\r\n"));
    normal_get_is_answered_soon(&server, "100 clients that don't read a page");
    others.extend(many(&server, 100, "GET /file HTTP/1.1\r\nHost: localhost\r\n\r\n"));
    normal_get_is_answered_soon(&server, "100 clients that don't read a file");
}

#[test]
fn beyond_the_limit_the_idlest_connection_is_dropped() {
    let (server, _folder) = bench_server();
    let others = many(&server, 1_500, "");
    normal_get_is_answered_soon(&server, "1,500 idle connections");
    let mut first = others.into_iter().next().unwrap();
    assert_eq!(first.read_to_end(), b"", "the idlest connection was closed");
}

/// Windows has no such limit on descriptors.
#[cfg(unix)]
#[test]
fn it_survives_running_out_of_descriptors() {
    let mut limited = Command::new("sh");
    let program = env!("CARGO_BIN_EXE_bench-server");
    limited.args(["-c", "ulimit -n 64; exec \"$0\" \"$@\"", program]);
    let (mut server, _folder) = bench_server_by(limited);
    let others = many(&server, 200, "");
    normal_get_is_answered_soon(&server, "200 connections with 64 descriptors");
    drop(others);
    normal_get_is_answered_soon(&server, "no others, after running out of descriptors");
    assert!(server.is_running());
}

fn impatient() -> Server {
    let mut limits = Limits::default();
    limits.first_byte_timeout = Duration::from_millis(50);
    limits.head_timeout = Duration::from_millis(50);
    limits.body_timeout = Duration::from_millis(50);
    limits.write_timeout = Duration::from_millis(50);
    Server::new().limits(limits)
}

/// A slow handler blocks other requests but doesn't make them time out: input that arrived while it
/// ran is read before deadlines are checked.
#[test]
fn requests_that_came_while_a_handler_ran_are_answered() {
    const PATIENCE: Duration = Duration::from_secs(1);
    let settings = || {
        let mut limits = Limits::default();
        (limits.first_byte_timeout, limits.head_timeout) = (PATIENCE, PATIENCE);
        Server::new().limits(limits)
    };
    let server = serve_with(settings, || {
        let mut router: Router<()> = Router::new();
        router.get("/", || Response::text("ok"));
        router.get("/slow", || {
            std::thread::sleep(2 * PATIENCE);
            Response::text("slow")
        });
        router
    });
    let request = |target: &str| format!("GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n");
    let mut early = Connection::open(server.addr);
    let mut half = Connection::open(server.addr);
    half.send(&request("/").as_bytes()[..9]);
    let mut slow = Connection::open(server.addr);
    slow.send(request("/slow").as_bytes());
    // Waits until the handler is running, so that the server doesn't read the other input together
    // with the slow request.
    std::thread::sleep(PATIENCE / 4);
    early.send(request("/").as_bytes());
    half.send(&request("/").as_bytes()[9..]);
    assert_eq!(
        (slow.reply().text(), early.reply().text(), half.reply().text()),
        ("slow", "ok", "ok")
    );
}

fn large() -> impl Handler {
    let mut router: Router<()> = Router::new();
    router.get("/", || Response::text("x".repeat(50_000_000)));
    router
}

#[test]
fn timeouts_close_stalled_connections() {
    let server = serve_with(impatient, large);
    let status = |sent: &[u8]| {
        let mut connection = Connection::open(server.addr);
        connection.send(sent);
        connection.reply().status
    };
    assert_eq!(Connection::open(server.addr).read_to_end(), b"", "no response without a request");
    assert_eq!(status(b"GET / HT"), 408);
    assert_eq!(status(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nabc"), 408);
    let mut greedy = Connection::open_with_receive_buffer(server.addr, 4_096);
    greedy.send(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    // This client doesn't read while ten later connections time out one after another. By then, its
    // own timeout has passed, and it no longer gets the whole page.
    for _ in 0..10 {
        assert_eq!(Connection::open(server.addr).read_to_end(), b"");
    }
    assert!(greedy.read_to_end().len() < 50_000_000);
}

/// Clients that don't read can't use up all connections. A new client gets in even if it sends its
/// request only after being accepted.
#[test]
fn stuck_readers_make_room_for_new_connections() {
    let settings = || {
        let mut limits = Limits::default();
        limits.connections = 4;
        Server::new().limits(limits)
    };
    let server = serve_with(settings, large);
    let request = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
    let mut stuck = Vec::new();
    for _ in 0..4 {
        let mut reader = Connection::open_with_receive_buffer(server.addr, 4_096);
        reader.send(request);
        // Its response has started, so the server is now waiting for this client to read.
        assert!(!reader.read_some(1).is_empty());
        stuck.push(reader);
    }
    // A client counts as stuck if it hasn't read for a second.
    std::thread::sleep(Duration::from_secs(2));
    let mut newcomer = Connection::open(server.addr);
    assert!(newcomer.stays_silent_for(Duration::from_millis(100)), "it is accepted and kept");
    newcomer.send(request);
    assert_eq!(newcomer.reply().body.len(), 50_000_000);
}

/// A slow reader isn't a stuck one. The system reports free buffer space only about once per
/// mebibyte, and this client takes much longer than the write timeout to read that much.
#[test]
fn a_slow_reader_gets_all_of_a_response() {
    let patience = Duration::from_millis(500);
    let server = serve_with(
        move || {
            let mut limits = Limits::default();
            limits.write_timeout = patience;
            Server::new().limits(limits)
        },
        large,
    );
    let mut slow = Connection::open_with_receive_buffer(server.addr, 16 << 10);
    slow.send(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    let begun = Instant::now();
    let mut read = 0;
    while begun.elapsed() < 6 * patience {
        read += slow.read_some(8 << 10).len();
        std::thread::sleep(patience / 50);
    }
    assert!(read < 10_000_000, "it was slow: {read}");
    read += slow.read_to_end().len();
    assert!(read > 50_000_000, "{read} bytes came");
}

fn page_with_resources(request: &Request) -> Response {
    match request.path() {
        "/" => {
            let link = |number| format!("<img src=\"/{number}.svg\" alt=\"\">");
            let images: String = (0..20).map(link).collect();
            Response::html(format!("<!DOCTYPE html><title>Twenty</title>{images}"))
        }
        _ => Response::bytes("image/svg+xml", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>"),
    }
}

/// kali needed 2.1 seconds for this page, because its queue held only one connection.
fn a_browser_loads_a_page_with_twenty_resources_without_a_stall(browser: &Browser) {
    let server = serve(|| page_with_resources);
    let mut page = browser.page();
    let best = best_of_five(|| page.open(&server.url));
    assert!(best < SOON, "{best:?}");
    let loaded = "[...document.images].filter(image => image.complete).length";
    assert_eq!(page.eval(loaded), 20);
}

solohttp_tests::in_each_browser!(a_browser_loads_a_page_with_twenty_resources_without_a_stall,);
