//! Rules for connections, ports and the log that can only be tested with a real socket.

use std::io::Read as _;
use std::net::{Ipv6Addr, SocketAddr, TcpListener};
use std::process::Command;
use std::time::Duration;

use socket2::{Domain, SockRef, Socket, Type};
use solohttp::{Handler, Request, Response, Router, Server, StaticFolder};
use solohttp_tests::program;
use solohttp_tests::served::{Served, serve, serve_with};
use solohttp_tests::wire::{Connection, Reply, ask};

fn app() -> impl Handler {
    let mut router: Router<()> = Router::new();
    router.get("/", || Response::text("ok"));
    router.get("/slow", || {
        std::thread::sleep(Duration::from_millis(100));
        Response::text("slow")
    });
    router.get("/large", || Response::text("x".repeat(3_000_000)));
    router.post("/length", |request: &Request| request.body().len().to_string());
    router.mount_folder("/static/", StaticFolder::browsable("tests"));
    router
}

fn served() -> Served {
    serve(app)
}

fn get(target: &str) -> Vec<u8> {
    format!("GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n").into_bytes()
}

/// Reads everything. Unlike in the harness, a reset is an error here.
fn read_to_the_plain_end(connection: &Connection) -> Reply {
    let mut bytes = Vec::new();
    connection.stream().read_to_end(&mut bytes).unwrap();
    Reply::parse(&bytes)
}

/// RFC 9112 section 9.6.
#[test]
fn a_response_ends_cleanly_even_if_more_was_sent() {
    let server = served();
    for (target, more, pause) in [
        ("/", &b""[..], 0),
        ("/", b"\r\n", 0),
        ("/large", b"", 0),
        ("/large", b"GET /large HTTP/1.1\r\n\r\n", 0),
        ("/large", b"\r\n", 20),
        ("/slow", b"GET /slow HTTP/1.1\r\n\r\n", 20),
        ("/slow", b"\r\n", 20),
    ] {
        let mut connection = Connection::open(server.addr);
        connection.send(&get(target));
        std::thread::sleep(Duration::from_millis(pause));
        connection.send(more);
        connection.half_close();
        assert_eq!(read_to_the_plain_end(&connection).status, 200, "{target} {more:?}");
    }
}

/// The server sends both in one write, so a client gets the head and the body with a single read.
#[test]
fn head_and_a_small_body_come_together() {
    let server = served();
    for _ in 0..20 {
        let mut connection = Connection::open(server.addr);
        connection.send(&get("/"));
        let first = connection.read_some(4_096);
        assert!(first.ends_with(b"\r\n\r\nok"), "{}", first.escape_ascii());
    }
}

#[test]
fn urgent_data_is_no_event() {
    let server = served();
    let mut connection = Connection::open(server.addr);
    SockRef::from(connection.stream()).send_out_of_band(b"!").unwrap();
    connection.send(&get("/"));
    // On most systems, urgent data isn't part of the stream. On the others, it makes the request
    // malformed.
    assert!(matches!(connection.reply().status, 200 | 400));
    assert_eq!(ask(server.addr, &get("/")).text(), "ok");
}

#[test]
fn an_asterisk_addresses_the_server_itself() {
    let reply = ask(served().addr, b"OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n");
    assert_eq!((reply.status, reply.text()), (200, ""));
}

#[test]
fn compressed_bodies_are_not_decoded() {
    let gzip = b"\x1f\x8b\x08\0\0\0\0\0";
    let head = format!(
        "POST /length HTTP/1.1\r\nHost: localhost\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n",
        gzip.len()
    );
    let reply = ask(served().addr, &[head.as_bytes(), gzip].concat());
    assert_eq!(reply.text(), "8");
}

#[test]
fn an_unknown_host_is_rejected_on_every_path() {
    let server = served();
    for target in ["/", "/static/", "/static/main.rs", "/missing", "//x", "/static", "*"] {
        for method in ["GET", "HEAD", "OPTIONS", "POST", "BREW"] {
            let request = format!("{method} {target} HTTP/1.1\r\nHost: evil.example\r\n\r\n");
            let reply = ask(server.addr, request.as_bytes());
            // `*` is only valid for OPTIONS.
            let expect = if target == "*" && method != "OPTIONS" { 400 } else { 403 };
            assert_eq!(reply.status, expect, "{method} {target}");
            assert_eq!((reply.header("location"), reply.header("allow")), (None, None));
        }
    }
}

#[test]
fn its_own_address_is_an_allowed_host() {
    // Only Linux has all of 127.0.0.0/8 on its loopback interface.
    if TcpListener::bind("127.0.0.2:0").is_err() {
        return;
    }
    let server = serve_with(|| Server::new().address([127, 0, 0, 2]), app);
    assert!(server.url.starts_with("http://127.0.0.2:"), "{}", server.url);
    let request = format!("GET / HTTP/1.1\r\nHost: {}\r\n\r\n", server.addr);
    assert_eq!(ask(server.addr, request.as_bytes()).status, 200);
    let other = "GET / HTTP/1.1\r\nHost: 127.0.0.3\r\n\r\n";
    assert_eq!(ask(server.addr, other.as_bytes()).status, 403);
}

#[test]
fn the_port_is_exclusive() {
    let server = served();
    let try_to_share = || {
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
        socket.set_reuse_address(true)?;
        socket.bind(&server.addr.into())?;
        socket.listen(1)
    };
    assert!(try_to_share().is_err());
}

#[test]
fn another_program_on_the_other_loopback_address_is_an_error() {
    let Ok(stranger) = TcpListener::bind("[::1]:0") else { return };
    let port = stranger.local_addr().unwrap().port();
    if TcpListener::bind(("127.0.0.1", port)).is_err() {
        return; // Another program happens to use that port.
    }
    let error = Server::new().port(port).quiet().bind().unwrap_err();
    let other = SocketAddr::new(Ipv6Addr::LOCALHOST.into(), port);
    assert!(matches!(error, solohttp::Error::PortTaken(address) if address == other), "{error}");
}

/// Every request, even a rejected one, is logged as one line of printable ASCII. No client can
/// forge log lines, and no secret appears in the log.
#[test]
fn the_log_has_one_clean_line_for_a_request() {
    let mut fixture = Command::new(env!("CARGO_BIN_EXE_fixture"));
    fixture.args(["--port", "0", "--max-body", "10"]).env("RUST_LOG", "info");
    let mut fixture = program::launch(fixture);
    let before = fixture.output().len();
    let own = "HTTP/1.1\r\nHost: localhost\r\nCookie: a=SECRET\r\nAuthorization: Bearer SECRET\r\n";
    for (raw, status) in [
        (format!("GET /?q=%1b[31m {own}\r\n"), 200),
        (format!("GET /missing {own}\r\n"), 404),
        (format!("GET /%zz {own}\r\n"), 400),
        (format!("POST /echo {own}Origin: http://\t\u{202e}evil\r\n\r\n"), 400),
        (format!("POST /echo {own}Origin: http://\tevil\r\n\r\n"), 403),
        (format!("POST /echo {own}Content-Length: 11\r\n\r\nSECRET"), 413),
        (format!("POST /echo {own}Content-Length: 6\r\n\r\nSECRET"), 200),
        ("GET / HTTP/1.1\r\nHost: evil\u{1b}[2J\r\n\r\n".to_owned(), 400),
        ("\u{1b}[2J".to_owned(), 400),
    ] {
        assert_eq!(ask(fixture.addr, raw.as_bytes()).status, status, "{raw:?}");
    }
    assert_eq!(ask(fixture.addr, &get("/quit")).status, 200);
    fixture.wait();
    let lines: Vec<String> = fixture.output()[before..].to_vec();
    let requests: Vec<&String> = lines.iter().filter(|line| line.contains(" -> ")).collect();
    assert_eq!(requests.len(), 10, "{lines:#?}");
    for line in &lines {
        assert!(!line.contains("SECRET"), "{line}");
        assert!(line.bytes().all(|byte| matches!(byte, b' '..=b'~')), "{line:?}");
    }
    assert!(requests[2].contains("GET /%zz -> 400: "), "{}", requests[2]);
    assert!(requests[4].contains("POST /echo -> 403: "), "{}", requests[4]);
    assert!(requests[8].contains("- - -> 400: "), "{}", requests[8]);
}
