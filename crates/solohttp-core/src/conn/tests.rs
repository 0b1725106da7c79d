//! Tests for input, output and timing, without sockets or clocks.

mod properties;

use std::io::IoSlice;
use std::time::Duration;

use super::*;
use crate::error::Failure;
use crate::event_stream::{Event, EventChannel};

impl Conn {
    /// Answers the ready request with `handler`.
    fn handle(&mut self, handler: impl FnOnce(&mut Request) -> Response) {
        if let Some(mut request) = self.take_request() {
            let response = handler(&mut request);
            self.respond(&request, response);
        }
    }
}

/// A connection with a client, and a clock that the test advances.
struct Talk {
    conn: Conn,
    now: Instant,
    output: Vec<u8>,
    requests: Vec<String>,
    wrote_end: bool,
}

impl Talk {
    fn new() -> Self {
        Self::under(Rules::default())
    }

    fn under(rules: Rules) -> Self {
        let now = Instant::now();
        let conn = Conn::new(Rc::new(rules), now);
        Self { conn, now, output: Vec::new(), requests: Vec::new(), wrote_end: false }
    }

    /// Serves as far as possible, writing up to `max` bytes at a time.
    fn serve(&mut self, max: usize) {
        loop {
            match self.conn.want() {
                Want::Respond => self.conn.handle(|request| {
                    let body = request.body().to_bytes().unwrap();
                    let body = String::from_utf8_lossy(&body).into_owned();
                    self.requests.push(format!("{} {} {body}", request.method(), request.target()));
                    Response::text(format!("<{body}>"))
                }),
                Want::Write => {
                    let mut slices = [IoSlice::new(&[]); 4];
                    let filled = self.conn.output(&mut slices, max);
                    let bytes =
                        slices[..filled.count].iter().flat_map(|slice| slice.iter().copied());
                    let bytes: Vec<u8> = bytes.collect();
                    let taken = &bytes[..bytes.len().min(max)];
                    self.output.extend_from_slice(taken);
                    let is_all = taken.len() == bytes.len();
                    self.conn.sent(taken.len(), self.now);
                    let has_ended = matches!(self.conn.want(), Want::ShutDownWrite | Want::Close);
                    // The event loop may hold back the last write until the connection ends, so the
                    // connection must end after that write.
                    assert!(has_ended || !(filled.is_last && is_all));
                }
                Want::ShutDownWrite => {
                    self.wrote_end = true;
                    self.conn.write_shut_down(self.now);
                }
                Want::Read | Want::Listen | Want::Reset | Want::Close => return,
            }
        }
    }

    fn send(&mut self, bytes: &[u8]) -> &mut Self {
        self.conn.receive(bytes, self.now);
        self.serve(usize::MAX);
        self
    }

    fn end(&mut self) -> &mut Self {
        self.conn.receive_end(self.now);
        self.serve(usize::MAX);
        self
    }

    fn pass(&mut self, seconds: u64) -> &mut Self {
        self.now += Duration::from_secs(seconds);
        if self.conn.deadline().is_some_and(|deadline| deadline <= self.now) {
            self.conn.time_out(self.now);
            self.serve(usize::MAX);
        }
        self
    }

    fn status(&self) -> Option<u16> {
        let output = String::from_utf8_lossy(&self.output);
        let last = output.rsplit("HTTP/1.0 ").next()?;
        (last.len() < output.len()).then(|| last[..3].parse().unwrap())
    }

    fn body(&self) -> String {
        let output = String::from_utf8_lossy(&self.output);
        output.rsplit("\r\n\r\n").next().unwrap_or_default().to_owned()
    }

    fn is_closed(&self) -> bool {
        self.conn.want() == Want::Close
    }

    fn is_reset(&self) -> bool {
        self.conn.want() == Want::Reset
    }
}

fn post(fields: &str, body: &str) -> Vec<u8> {
    format!("POST /p HTTP/1.1\r\nHost: localhost\r\n{fields}\r\n{body}").into_bytes()
}

/// Sends `raw` whole and split at every byte. The request and the response must be the same.
fn check(raw: &[u8], requests: &[&str], status: Option<u16>) {
    for split in 0..=raw.len() {
        let mut talk = Talk::new();
        let (first, second) = raw.split_at(split);
        if !first.is_empty() {
            talk.send(first);
        }
        if !second.is_empty() {
            talk.send(second);
        }
        let shown = raw.escape_ascii();
        assert_eq!(talk.requests, requests, "`{shown}` split at {split}");
        assert_eq!(talk.status(), status, "`{shown}` split at {split}");
    }
}

#[test]
fn answers_one_whole_request() {
    check(b"GET /a?b HTTP/1.0\r\n\r\n", &["GET /a?b "], Some(200));
    check(&post("Content-Length: 5\r\n", "hello"), &["POST /p hello"], Some(200));
    check(&post("Content-Length: 0\r\n", ""), &["POST /p "], Some(200));
    let chunks = "3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n";
    check(&post("Transfer-Encoding: chunked\r\n", chunks), &["POST /p hello"], Some(200));
}

#[test]
fn calls_no_handler_before_the_request_is_complete() {
    check(b"GET / HTTP/1.1\r\nHost: localhost\r\n", &[], None);
    check(&post("Content-Length: 5\r\n", "hell"), &[], None);
    check(&post("Transfer-Encoding: chunked\r\n", "3\r\nhel\r\n"), &[], None);
}

#[test]
fn rejects_from_the_head_alone() {
    check(&post("Content-Length: 5\r\nOrigin: http://evil.example\r\n", ""), &[], Some(403));
    check(&post("Content-Length: 8589934592\r\n", ""), &[], Some(413));
    check(&post("Content-Length: x\r\n", "hello"), &[], Some(400));
    check(&post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", ""), &[], Some(400));
    check(&post("Expect: magic\r\nContent-Length: 5\r\n", ""), &[], Some(417));
    check(b"GET /%zz HTTP/1.1\r\nHost: localhost\r\n\r\n", &[], Some(400));
    check(b"GET /?a=%ff HTTP/1.1\r\nHost: localhost\r\n\r\n", &[], Some(400));
}

#[cfg(feature = "json")]
#[test]
fn rejects_a_script_that_prefers_json_in_json() {
    let rejected = |fields: &str, body: &str| {
        let mut talk = Talk::new();
        talk.send(&post(&format!("Accept: application/json\r\n{fields}"), body));
        talk.body()
    };
    let from_the_head = rejected("Content-Length: 5\r\nOrigin: http://evil.example\r\n", "");
    assert!(from_the_head.contains("\"status\":403,"), "{from_the_head}");
    let in_the_body = rejected("Transfer-Encoding: chunked\r\n", "x\r\n");
    assert!(in_the_body.contains("\"status\":400,"), "{in_the_body}");
}

#[test]
fn answers_the_first_of_two_requests_and_lingers() {
    let mut talk = Talk::new();
    talk.send(b"GET /1 HTTP/1.1\r\nHost: localhost\r\n\r\nGET /2 HTTP/1.1\r\n\r\n");
    assert_eq!(talk.requests, ["GET /1 "]);
    assert!(talk.wrote_end && !talk.is_closed());
    assert!(talk.end().is_closed());
}

#[test]
fn closes_at_once_if_nothing_is_unread() {
    let mut talk = Talk::new();
    talk.send(&post("Content-Length: 2\r\n", "hi"));
    assert!(talk.is_closed() && !talk.wrote_end);
}

#[test]
fn input_after_a_rejection_is_discarded_within_limits() {
    let mut rules = Rules::default();
    rules.limits.drain = 1 << 20;
    rules.limits.drain_timeout = Duration::from_secs(20);
    let rules = Rc::new(rules);
    let rejected = || {
        let mut talk = Talk::new();
        talk.conn = Conn::new(Rc::clone(&rules), talk.now);
        talk.send(&post("Content-Length: 99999999\r\n", "x"));
        assert_eq!(talk.status(), Some(413));
        assert!(talk.wrote_end, "the response is delivered even if it is read later");
        talk
    };
    assert!(rejected().pass(3).is_closed(), "no input");
    assert!(!rejected().send(&[0; 1 << 20]).is_closed());
    assert!(rejected().send(&[0; 1 << 20]).send(b"x").is_closed(), "too many bytes");
    let mut slow = rejected();
    for _ in 0..19 {
        slow.pass(1).send(b"x");
        assert!(!slow.is_closed(), "still sending");
    }
    assert!(slow.pass(1).send(b"x").pass(1).is_closed(), "over the total time");
}

const FORM: &str = "Content-Type: multipart/form-data; boundary=B\r\n";

/// Returns a form with a text field, a file of `len` bytes, and another text field.
fn form(len: usize) -> String {
    let part = |rest: &str| format!("--B\r\nContent-Disposition: form-data; name={rest}\r\n");
    let file = part("\"f\"; filename=\"f.png\"\r\n") + &"x".repeat(len);
    part("\"a\"\r\n\r\n1") + &file + "\r\n" + &part("\"b\"\r\n\r\n2") + "--B--\r\n"
}

fn limited(max: u64) -> Rules {
    let mut rules = Rules::default();
    rules.limits.body = max;
    rules
}

#[test]
fn a_form_over_the_limit_reaches_the_handler_without_its_file() {
    let body = form(5_000);
    let body_len = body.len();
    let chunked = format!("{body_len:x}\r\n{body}\r\n0\r\n\r\n");
    let length = format!("{FORM}Content-Length: {}\r\n", body.len());
    for (fields, body) in
        [(length, body.clone()), (format!("{FORM}Transfer-Encoding: chunked\r\n"), chunked)]
    {
        let raw = post(&fields, &body);
        for size in [1, 7, 100, raw.len()] {
            let mut talk = Talk::under(limited(1_000));
            for piece in raw.chunks(size) {
                talk.conn.receive(piece, talk.now);
            }
            assert_eq!(talk.conn.want(), Want::Respond);
            talk.conn.handle(|request| {
                assert_eq!(request.form().unwrap_err().status(), 413);
                assert_eq!(request.uploads().unwrap_err().status(), 413);
                assert_eq!(request.body().len(), u64::try_from(body_len).unwrap());
                let read = Failure::from(request.body().to_bytes().unwrap_err());
                assert_eq!(read.status(), 413, "a reduced body is never read as the whole");
                let sent = request.sent_form().unwrap();
                let fields: Vec<_> = sent.fields.iter().collect();
                assert_eq!((fields, sent.uploads.len()), (vec![("a", "1"), ("b", "2")], 0));
                let file = &sent.oversized[0];
                assert_eq!((file.field.as_str(), file.len, file.limit), ("f", 5_000, 1_000));
                Response::text("again")
            });
            talk.serve(usize::MAX);
            assert_eq!((talk.status(), &*talk.body()), (Some(200), "again"));
        }
    }
}

/// RFC 9110 section 10.1.1.
#[test]
fn only_a_form_may_exceed_the_limit_after_100_continue() {
    let sent = |kind: &str| {
        let mut talk = Talk::under(limited(1_000));
        let length = "Expect: 100-continue\r\nContent-Length: 5000\r\n";
        talk.send(&post(&format!("{kind}{length}"), ""));
        String::from_utf8(talk.output).unwrap()
    };
    assert_eq!(sent(FORM), "HTTP/1.1 100 Continue\r\n\r\n");
    for kind in ["image/png", "application/x-www-form-urlencoded"] {
        assert!(sent(&format!("Content-Type: {kind}\r\n")).starts_with("HTTP/1.0 413 "));
    }
}

#[test]
fn a_form_within_the_limit_is_not_reduced() {
    let body = form(500);
    let mut talk = Talk::under(limited(1_000));
    talk.conn.receive(&post(&format!("{FORM}Content-Length: {}\r\n", body.len()), &body), talk.now);
    talk.conn.handle(|request| {
        assert_eq!(request.uploads().unwrap()[0].len(), 500);
        assert!(request.sent_form().unwrap().oversized.is_empty());
        Response::text("")
    });
}

#[test]
fn only_a_form_may_exceed_the_limit() {
    for kind in ["application/octet-stream", "multipart/mixed; boundary=B", "multipart/form-data"] {
        let mut talk = Talk::under(limited(1_000));
        talk.send(&post(&format!("Content-Type: {kind}\r\nContent-Length: 1001\r\n"), ""));
        assert_eq!(talk.status(), Some(413), "{kind}");
    }
    let mut talk = Talk::under(limited(1_000));
    let compressed = format!("{FORM}Content-Encoding: gzip\r\nContent-Length: 1001\r\n");
    talk.send(&post(&compressed, ""));
    assert_eq!(talk.status(), Some(413), "a compressed form can't be parsed");
    let mut rules = limited(1_000);
    rules.limits.drain = 5_000;
    let mut talk = Talk::under(rules);
    talk.send(&post(&format!("{FORM}Content-Length: 5001\r\n"), ""));
    assert_eq!(talk.status(), Some(413));
    assert!(talk.body().contains("1000 bytes"), "{}", talk.body());
}

/// Returns rules that store bodies of more than three bytes in a file in this folder.
fn spooling(folder: &std::path::Path) -> Rules {
    let mut rules = Rules { spool_folder: folder.to_owned(), ..Rules::default() };
    rules.limits.body_in_memory = 3;
    rules
}

#[test]
fn a_spooled_body_reads_like_one_in_memory() {
    let folder = tempfile::TempDir::new().unwrap();
    let chunks = "3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n";
    for raw in
        [post("Content-Length: 5\r\n", "hello"), post("Transfer-Encoding: chunked\r\n", chunks)]
    {
        for size in [1, 2, raw.len()] {
            let mut talk = Talk::under(spooling(folder.path()));
            for piece in raw.chunks(size) {
                talk.send(piece);
            }
            assert_eq!(talk.requests, ["POST /p hello"]);
            assert_eq!((talk.status(), talk.is_closed()), (Some(200), true));
        }
    }
}

#[test]
fn a_body_that_cannot_be_stored_is_rejected_with_a_readable_response() {
    let folder = tempfile::TempDir::new().unwrap();
    let mut talk = Talk::under(spooling(&folder.path().join("missing")));
    talk.send(&post("Content-Length: 5\r\n", "hel"));
    assert_eq!(talk.status(), None);
    talk.send(b"lo");
    assert_eq!((talk.status(), talk.requests.len()), (Some(500), 0));
    assert!(talk.wrote_end && !talk.is_closed(), "it lingers");
}

#[test]
fn a_path_may_have_its_own_limit() {
    let sent = |path: &str, length: u32| {
        let mut rules = Rules::default();
        rules.limits.body = 10;
        rules.body_limits.add("/import", 20);
        let mut talk = Talk::under(rules);
        let raw = post(&format!("Content-Length: {length}\r\n"), "");
        let raw = String::from_utf8(raw).unwrap().replace("/p ", path);
        talk.send(raw.as_bytes());
        talk.status()
    };
    assert_eq!((sent("/import/x ", 20), sent("/import ", 21)), (None, Some(413)));
    assert_eq!((sent("/p ", 10), sent("/p ", 11)), (None, Some(413)));
}

#[test]
fn head_is_answered_without_a_body() {
    let mut talk = Talk::new();
    talk.send(b"HEAD / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    assert_eq!((talk.status(), &*talk.body()), (Some(200), ""));
}

#[test]
fn sends_100_continue_to_a_waiting_client() {
    let head = post("Content-Length: 2\r\nExpect: 100-continue\r\n", "");
    let mut talk = Talk::new();
    talk.send(&head);
    assert_eq!(talk.output, b"HTTP/1.1 100 Continue\r\n\r\n");
    talk.send(b"hi");
    assert_eq!(talk.requests, ["POST /p hi"]);

    let mut eager = Talk::new();
    eager.send(&[&head[..], b"hi"].concat());
    assert!(eager.output.starts_with(b"HTTP/1.0 200"), "not if the body has arrived");
    let mut old = Talk::new();
    let text = String::from_utf8(head).unwrap().replace("HTTP/1.1", "HTTP/1.0");
    old.send(text.as_bytes());
    assert_eq!(old.output, b"", "HTTP/1.0 has no interim responses");
}

#[test]
fn a_half_closed_client_gets_its_response() {
    let mut talk = Talk::new();
    talk.conn.receive(b"GET / HTTP/1.0\r\n\r\n", talk.now);
    talk.end();
    assert_eq!(talk.status(), Some(200));
    assert!(talk.is_closed());
}

#[test]
fn a_truncated_request_is_rejected_and_never_handled() {
    for raw in [&b"GET / HT"[..], &post("Content-Length: 50\r\n", "abc")] {
        let mut talk = Talk::new();
        talk.send(raw).end();
        assert_eq!((talk.status(), talk.requests.len()), (Some(400), 0));
        assert!(talk.is_closed());
    }
    let mut silent = Talk::new();
    assert!(silent.end().is_closed());
    assert_eq!(silent.output, b"");
}

#[test]
fn a_silent_connection_is_closed_without_a_response() {
    let mut talk = Talk::new();
    assert!(!talk.pass(9).is_closed());
    assert!(talk.pass(2).is_closed());
    assert_eq!(talk.output, b"");
}

#[test]
fn slow_bytes_do_not_extend_the_head_timeout() {
    let mut talk = Talk::new();
    for byte in b"GET /tr" {
        talk.send(&[*byte]).pass(1);
        assert_eq!(talk.status(), None);
    }
    talk.pass(4);
    assert_eq!(talk.status(), Some(408));
}

#[test]
fn a_body_may_take_long_without_long_pauses() {
    let mut talk = Talk::new();
    talk.send(&post("Content-Length: 9\r\n", ""));
    for byte in b"12345678" {
        talk.pass(9).send(&[*byte]);
    }
    assert_eq!(talk.status(), None);
    talk.pass(11);
    assert_eq!(talk.status(), Some(408));
}

#[test]
fn a_client_that_does_not_read_is_dropped() {
    let mut talk = Talk::new();
    talk.conn.receive(b"GET / HTTP/1.0\r\n\r\n", talk.now);
    talk.conn.handle(|_| Response::text("0123456789"));
    assert_eq!(talk.conn.deadline(), None, "the timeout starts with the first blocked write");
    talk.conn.write_blocked(talk.now);
    talk.now += Duration::from_secs(9);
    talk.conn.sent(1, talk.now);
    talk.now += Duration::from_secs(9);
    talk.conn.write_blocked(talk.now);
    assert!(!talk.is_reset(), "progress extends the timeout");
    talk.now += Duration::from_secs(1);
    talk.conn.sent(1, talk.now);
    talk.conn.write_blocked(talk.now);
    assert!(!talk.is_reset(), "late progress counts");
    talk.now += Duration::from_secs(10);
    talk.conn.write_blocked(talk.now);
    assert!(talk.is_reset(), "a normal close would look complete");
}

#[test]
fn lingers_after_a_long_response() {
    let responded = |len: usize| {
        let mut talk = Talk::new();
        talk.conn.receive(b"GET / HTTP/1.0\r\n\r\n", talk.now);
        talk.conn.handle(|_| Response::text("x".repeat(len)));
        talk.serve(usize::MAX);
        talk
    };
    assert!(responded(100_000).is_closed());
    let mut talk = responded(200_000);
    assert!(talk.wrote_end && !talk.is_closed());
    assert!(talk.end().is_closed());
}

fn stream(response: Response) -> Talk {
    let mut talk = Talk::new();
    talk.conn.receive(b"GET / HTTP/1.0\r\n\r\n", talk.now);
    let mut response = Some(response);
    talk.conn.handle(|_| response.take().unwrap());
    talk.serve(7_001);
    talk
}

#[test]
fn streams_arrive_complete_in_pieces_of_any_size() {
    let text: String = (0..50_000).map(|number| number.to_string()).collect();
    let len = u64::try_from(text.len()).unwrap();
    let reader = || std::io::Cursor::new(text.clone());
    assert!(stream(Response::stream("text/plain", reader(), len)).body() == text);
    assert!(stream(Response::stream("text/plain", reader(), 100_000)).body() == text[..100_000]);
    assert!(stream(Response::stream_to_end("text/plain", reader())).body() == text);
    assert!(stream(Response::stream_to_end("text/plain", std::io::empty())).is_closed());
    assert!(stream(Response::stream("text/plain", std::io::empty(), 0)).is_closed());
}

#[test]
fn a_stream_that_ends_early_closes_without_padding() {
    let talk = stream(Response::stream("text/plain", &b"short"[..], 100));
    assert!(talk.is_closed());
    let output = String::from_utf8(talk.output).unwrap();
    assert!(output.contains("content-length: 100\r\n"), "{output}");
    assert!(output.len() < output.find("\r\n\r\n").unwrap() + 100, "{output}");
}

/// A reader that fails on its second read.
struct Breaks(bool);

impl std::io::Read for Breaks {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if std::mem::replace(&mut self.0, true) {
            return Err(std::io::Error::other("the disk is gone"));
        }
        buffer[0] = b'x';
        Ok(1)
    }
}

#[test]
fn a_failed_stream_never_looks_complete() {
    assert!(stream(Response::stream("text/plain", Breaks(false), 100)).is_closed());
    assert!(stream(Response::stream_to_end("text/plain", Breaks(false))).is_reset());
}

#[test]
fn options_of_the_server_itself_are_responded() {
    let mut talk = Talk::new();
    talk.conn.receive(b"OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n", talk.now);
    let mut handler = || -> &'static str { unreachable!("`*` is no path of the application") };
    talk.conn.handle(|request| {
        crate::handler::dispatch::Dispatcher::default().dispatch(
            &mut crate::handler::IntoHandler::<(), _>::into_handler(&mut handler),
            request,
        )
    });
    talk.serve(usize::MAX);
    assert_eq!((talk.status(), &*talk.body()), (Some(200), ""));
}

/// All responses are encoded by the same code, which adds the security fields.
#[test]
fn every_response_has_the_security_fields() {
    let get =
        |fields: &str| format!("GET / HTTP/1.1\r\nHost: localhost\r\n{fields}\r\n").into_bytes();
    let sent = |raw: &[u8]| {
        let mut talk = Talk::new();
        talk.send(raw).pass(11);
        String::from_utf8(talk.output).unwrap()
    };
    let mut unchanged = Talk::new();
    unchanged.conn.receive(&get(""), unchanged.now);
    unchanged.conn.handle(|_| Response::empty(StatusCode::NOT_MODIFIED));
    unchanged.serve(usize::MAX);
    for (status, output) in [
        (200, sent(&get(""))),
        (304, String::from_utf8(unchanged.output).unwrap()),
        (400, sent(b"GET nothing HTTP/1.1\r\n\r\n")),
        (403, sent(&get("Sec-Fetch-Site: cross-site\r\n"))),
        (408, sent(b"GET / HTTP/1.1\r\nHo")),
        (413, sent(&post("Content-Length: 8589934592\r\n", ""))),
    ] {
        let head = output.split("\r\n\r\n").next().unwrap().to_ascii_lowercase();
        assert!(head.starts_with(&format!("http/1.0 {status} ")), "{head}");
        for field in [
            "x-content-type-options: nosniff",
            "x-frame-options: sameorigin",
            "content-security-policy: frame-ancestors 'self'",
            "connection: close",
            "date: ",
        ] {
            assert_eq!(head.matches(field).count(), 1, "{field} in {head}");
        }
        assert!(!head.contains("access-control-"), "{head}");
    }
}

#[test]
fn a_head_request_that_is_not_understood_gets_no_body_either() {
    for (raw, status) in [
        (&b"HEAD nothing HTTP/1.1\r\n\r\n"[..], 400),
        (b"\r\nHEAD / HTTP/1.1\r\nHost : x\r\n\r\n", 400),
        (b"HEAD / HTTP/1.1\r\nHost: x\r\n", 408),
    ] {
        let mut talk = Talk::new();
        talk.send(raw).pass(11);
        assert_eq!((talk.status(), &*talk.body()), (Some(status), ""));
    }
    let mut cut = Talk::new();
    cut.send(b"HEAD / HTTP/1.1\r\nHost: x\r\n").end();
    assert_eq!((cut.status(), &*cut.body()), (Some(400), ""));
}

#[test]
fn a_rejected_request_gets_no_100_continue() {
    let expect = "Expect: 100-continue\r\n";
    for (fields, status) in [
        ("Content-Length: 8589934592\r\n", 413),
        ("Content-Length: 2\r\nOrigin: http://evil.example\r\n", 403),
        ("Content-Length: x\r\n", 400),
        ("Content-Length: 0\r\n", 200),
    ] {
        let mut talk = Talk::new();
        talk.send(&post(&format!("{fields}{expect}"), ""));
        assert_eq!(talk.status(), Some(status), "{fields}");
        assert!(talk.output.starts_with(b"HTTP/1.0 "), "{fields}");
    }
}

#[test]
fn a_second_request_is_never_handled() {
    let mut talk = Talk::new();
    talk.conn.receive(b"GET / HTTP/1.0\r\n\r\n", talk.now);
    talk.conn.receive(b"GET /2 HTTP/1.0\r\n\r\n", talk.now);
    talk.serve(3);
    assert_eq!(talk.requests, ["GET / "]);
}

/// CORS preflights and shared responses (Fetch standard, section 3.2).
#[test]
fn only_a_trusted_origin_may_fetch() {
    let sent = |raw: String| {
        let mut rules = Rules::default();
        rules.access.trust_origin("http://127.0.0.1:5173");
        let mut talk = Talk::under(rules);
        talk.send(raw.as_bytes());
        let head = String::from_utf8(talk.output).unwrap().to_ascii_lowercase();
        (head.split("\r\n\r\n").next().unwrap().to_owned(), talk.requests.len())
    };
    let ask = |method: &str, origin: &str, fields: &str| {
        sent(format!(
            "{method} / HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: same-site\r\n\
             Sec-Fetch-Mode: cors\r\nSec-Fetch-Dest: empty\r\nOrigin: {origin}\r\n{fields}\r\n"
        ))
    };
    let (ours, other) = ("http://127.0.0.1:5173", "http://127.0.0.1:5174");
    let preflight = "Access-Control-Request-Method: PUT\r\nAccess-Control-Request-Headers: x-a,content-type\r\n";
    let (head, handled) = ask("OPTIONS", ours, preflight);
    assert!(head.starts_with("http/1.0 204 ") && handled == 0, "{head}");
    for field in [
        "access-control-allow-origin: http://127.0.0.1:5173",
        "access-control-allow-credentials: true",
        "access-control-allow-methods: put",
        "access-control-allow-headers: x-a,content-type",
        "vary: origin",
    ] {
        assert!(head.contains(field), "{field} in {head}");
    }
    for (method, fields, status) in
        [("GET", "", 200), ("PUT", "", 200), ("PUT", "Content-Length: 8589934592\r\n", 413)]
    {
        let (head, _) = ask(method, ours, fields);
        assert!(head.starts_with(&format!("http/1.0 {status} ")), "{method} {head}");
        assert!(head.contains("access-control-allow-origin: http://127.0.0.1:5173\r\n"), "{head}");
        let (head, handled) = ask(method, other, fields);
        assert!(head.starts_with("http/1.0 403 ") && handled == 0, "{method} {head}");
        assert!(!head.contains("access-control-"), "{head}");
    }
    let (head, handled) = ask("OPTIONS", other, preflight);
    assert!(head.starts_with("http/1.0 403 ") && handled == 0, "{head}");
}
/// A connection whose request was answered with an event stream.
fn event_stream(channel: &EventChannel) -> Talk {
    let mut talk = Talk::new();
    talk.conn.receive(b"GET / HTTP/1.0\r\nHost: localhost\r\n\r\n", talk.now);
    talk.conn.handle(|_| channel.stream());
    talk.serve(1_000);
    assert!(talk.output.ends_with(b"\r\n\r\n"));
    talk.output.clear();
    talk
}

#[test]
fn a_silent_event_stream_sends_a_comment_every_15_seconds() {
    let channel = EventChannel::new();
    let mut talk = event_stream(&channel);
    for _ in 0..3 {
        let due = talk.conn.deadline().unwrap();
        assert_eq!(due, talk.now + Duration::from_secs(15));
        talk.now = due;
        talk.conn.time_out(talk.now);
        talk.serve(1_000);
        assert_eq!(std::mem::take(&mut talk.output), b":\n\n");
        assert_eq!(talk.conn.want(), Want::Listen);
    }
    channel.publish(Event::message("so"));
    talk.serve(1_000);
    assert_eq!(talk.output, b"data: so\n\n");
}

#[test]
fn a_listener_that_takes_nothing_is_cut_off() {
    let channel = EventChannel::new();
    let mut talk = event_stream(&channel);
    channel.publish(Event::message("so"));
    assert_eq!(talk.conn.want(), Want::Write);
    talk.conn.write_blocked(talk.now);
    talk.now = talk.conn.deadline().unwrap();
    talk.conn.time_out(talk.now);
    assert_eq!(talk.conn.want(), Want::Reset);
    assert_eq!(channel.listeners(), 0);
}

#[test]
fn an_event_stream_ends_with_its_client_and_with_its_channel() {
    let channel = EventChannel::new();
    let mut talk = event_stream(&channel);
    talk.conn.receive(b"more", talk.now);
    assert_eq!(talk.conn.want(), Want::Listen);
    talk.conn.receive_end(talk.now);
    assert_eq!(talk.conn.want(), Want::Close);
    assert_eq!(channel.listeners(), 0);
    let talk = event_stream(&channel);
    drop(channel);
    assert_eq!(talk.conn.want(), Want::Close);
}
