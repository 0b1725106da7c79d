//! Checks invariants that hold for every connection, whatever the client sends, however the bytes
//! are split, and whenever the client stops.

use std::io::IoSlice;
use std::time::Duration;

use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, any, prop_oneof, proptest};
use proptest::test_runner::TestCaseError;
use proptest::{prop_assert, prop_assert_eq};

use super::super::*;

/// An event on a connection.
#[derive(Debug, Clone)]
enum Event {
    /// The client sends this many bytes.
    Send(usize),
    /// The client reads this many bytes. 0 means that its buffers are full.
    Take(usize),
    Pass(Duration),
    /// The client shuts down its sending side.
    End,
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        6 => (1_usize..400).prop_map(Event::Send),
        2 => (0_usize..3_000).prop_map(Event::Take),
        2 => (0_u64..12_000).prop_map(|time| Event::Pass(Duration::from_millis(time))),
        1 => Just(Event::End),
    ]
}

/// All bytes that the client would send.
#[derive(Debug, Clone)]
struct Sent {
    bytes: Vec<u8>,
    /// The lengths of the head and of the whole request, if known.
    known: Option<(usize, usize)>,
}

fn request() -> impl Strategy<Value = Sent> {
    let expect = prop_oneof![Just(""), Just("Expect: 100-continue\r\n")];
    (0_usize..5, any::<u8>(), 0_usize..900, expect, 0_usize..60).prop_map(
        |(kind, filler, length, expect, surplus)| {
            let filler = char::from(b'a' + filler % 26).to_string();
            let (fields, body) = match kind {
                0 => (String::new(), String::new()),
                1 | 2 => (format!("Content-Length: {length}\r\n"), filler.repeat(length)),
                _ => {
                    let (chunk, half) = (filler.repeat(length + 1), length / 2);
                    let chunks = [&chunk[..=half], &chunk[half + 1..]];
                    let chunks = chunks.into_iter().filter(|chunk| !chunk.is_empty());
                    let encode = |chunk: &str| format!("{:x};e\r\n{chunk}\r\n", chunk.len());
                    let chunks: String = chunks.map(encode).collect();
                    ("Transfer-Encoding: chunked\r\n".to_owned(), format!("{chunks}0\r\n\r\n"))
                }
            };
            let method = if kind == 0 { "GET" } else { "POST" };
            let head = format!("{method} / HTTP/1.1\r\nHost: localhost\r\n{fields}{expect}\r\n");
            let known = Some((head.len(), head.len() + body.len()));
            let surplus =
                &"GET /second HTTP/1.1\r\nHost: localhost\r\n\r\nand more"[..surplus % 50];
            Sent { bytes: format!("{head}{body}{surplus}").into_bytes(), known }
        },
    )
}

/// Valid requests, corrupted ones, and noise.
fn sent() -> impl Strategy<Value = Sent> {
    let corrupted =
        (request(), vec((any::<usize>(), any::<u8>()), 1..4)).prop_map(|(sent, changes)| {
            let mut bytes = sent.bytes;
            for (at, byte) in changes {
                let at = at % bytes.len();
                bytes[at] = byte;
            }
            Sent { bytes, known: None }
        });
    let noise = vec(any::<u8>(), 0..300).prop_map(|bytes| Sent { bytes, known: None });
    prop_oneof![6 => request(), 3 => corrupted, 1 => noise]
}

#[derive(Debug, Clone, Copy)]
enum Answer {
    Pieces(usize),
    /// The number of bytes in a stream, and whether it matches the announced length.
    Stream(usize, bool),
    ToEnd(usize),
}

fn answer() -> impl Strategy<Value = Answer> {
    let length = 0_usize..40_000;
    prop_oneof![
        length.clone().prop_map(Answer::Pieces),
        (length.clone(), any::<bool>()).prop_map(|(length, whole)| Answer::Stream(length, whole)),
        length.prop_map(Answer::ToEnd),
    ]
}

impl Answer {
    fn response(self) -> Response {
        let reader = |length| std::io::Cursor::new("x".repeat(length));
        match self {
            Self::Pieces(length) => Response::text("x".repeat(length)),
            Self::Stream(length, whole) => {
                let len =
                    u64::try_from(length + usize::from(!whole)).expect("a length fits in 64 bits");
                Response::stream("text/plain", reader(length), len)
            }
            Self::ToEnd(length) => Response::stream_to_end("text/plain", reader(length)),
        }
    }
}

/// Simulates the event loop around a connection and checks the invariants after every step.
struct Drive {
    conn: Conn,
    sent: Sent,
    answer: Answer,
    started: Instant,
    now: Instant,
    given: usize,
    handled: usize,
    output: Vec<u8>,
    /// Whether the connection was reset because the client was too slow.
    was_reset: bool,
}

type Outcome = Result<(), TestCaseError>;

impl Drive {
    fn new(sent: Sent, answer: Answer) -> Self {
        let now = Instant::now();
        let conn = Conn::new(Rc::new(Rules::default()), now);
        let output = Vec::new();
        let (started, given, handled) = (now, 0, 0);
        Self { conn, sent, answer, started, now, given, handled, output, was_reset: false }
    }

    fn play(&mut self, event: &Event) -> Outcome {
        match *event {
            Event::Send(count) if self.conn.want() == Want::Read => {
                let end = self.sent.bytes.len().min(self.given + count);
                if end > self.given {
                    self.conn.receive(&self.sent.bytes[self.given..end], self.now);
                    self.given = end;
                }
            }
            Event::Send(_) => {}
            Event::Take(max) => self.write(max)?,
            Event::Pass(time) => {
                self.now += time;
                self.expire();
            }
            Event::End => self.conn.receive_end(self.now),
        }
        self.serve()
    }

    /// Does everything that the event loop can do without waiting for the client.
    fn serve(&mut self) -> Outcome {
        loop {
            match self.conn.want() {
                Want::Respond => {
                    let (answer, handled) = (self.answer, &mut self.handled);
                    self.conn.handle(|_| {
                        *handled += 1;
                        answer.response()
                    });
                    if let Some((_, whole)) = self.sent.known {
                        prop_assert!(
                            self.given >= whole,
                            "handled at byte {} of {whole}",
                            self.given
                        );
                    }
                }
                Want::ShutDownWrite => self.conn.write_shut_down(self.now),
                Want::Read | Want::Write | Want::Listen | Want::Reset | Want::Close => {
                    return self.check();
                }
            }
        }
    }

    fn write(&mut self, max: usize) -> Outcome {
        if self.conn.want() != Want::Write {
            return Ok(());
        }
        if max == 0 {
            self.conn.write_blocked(self.now);
            self.was_reset |= self.conn.want() == Want::Reset;
            let is_watched = self.conn.deadline().is_some() || self.conn.want() != Want::Write;
            prop_assert!(is_watched, "a blocked write has a deadline");
            return Ok(());
        }
        let mut slices = [IoSlice::new(&[]); 3];
        let filled = self.conn.output(&mut slices, max);
        let bytes: Vec<u8> =
            slices[..filled.count].iter().flat_map(|slice| slice.to_vec()).collect();
        let taken = bytes.len().min(max);
        self.output.extend_from_slice(&bytes[..taken]);
        self.conn.sent(taken, self.now);
        Ok(())
    }

    fn expire(&mut self) {
        if self.conn.deadline().is_some_and(|deadline| deadline <= self.now) {
            self.was_reset |= self.conn.want() == Want::Write;
            self.conn.time_out(self.now);
        }
    }

    /// Checks the invariants between events.
    fn check(&self) -> Outcome {
        prop_assert!(self.handled <= 1);
        let limits = crate::Limits::default();
        if self.conn.want() == Want::Read {
            let max = limits.first_byte_timeout.max(limits.head_timeout).max(limits.body_timeout);
            let deadline = self.conn.deadline();
            prop_assert!(deadline.is_some_and(|deadline| deadline <= self.now + max));
        }
        let head_is_due = self.started + limits.first_byte_timeout + limits.head_timeout;
        if let Some((head, _)) = self.sent.known
            && self.given < head
            && self.now >= head_is_due
        {
            prop_assert!(!self.conn.is_receiving(), "a head takes at most 20 s");
        }
        if self.handled == 1 {
            prop_assert!(!self.conn.is_receiving(), "handled only once");
        }
        Ok(())
    }

    /// Checks that the connection ends once the client sends nothing more and reads everything.
    fn end(&mut self) -> Outcome {
        for _ in 0..3 {
            while self.conn.want() == Want::Write {
                self.write(1_500)?;
                self.serve()?;
            }
            if let Some(deadline) = self.conn.deadline() {
                self.now = deadline;
                self.expire();
                self.serve()?;
            }
        }
        let end = self.conn.want();
        prop_assert!(matches!(end, Want::Close | Want::Reset), "{:?}", end);
        prop_assert!(end == Want::Close || self.was_reset, "only a failure is a reset");
        let before = self.output.len();
        self.conn.receive(b"GET / HTTP/1.0\r\n\r\n", self.now);
        self.conn.receive_end(self.now);
        self.serve()?;
        prop_assert_eq!((self.conn.want(), self.output.len()), (end, before));
        self.judge()
    }

    /// Checks that the output contains at most one interim response, followed by at most one
    /// response. The response must be complete unless one side failed.
    fn judge(&self) -> Outcome {
        let text = String::from_utf8_lossy(&self.output);
        let text = text.strip_prefix("HTTP/1.1 100 Continue\r\n\r\n").unwrap_or(&text);
        let responses =
            text.match_indices("HTTP/1.").filter(|(at, _)| is_status_line(&text[*at..])).count();
        prop_assert!(responses <= 1, "{}", text);
        if text.is_empty() || self.was_reset {
            return Ok(());
        }
        prop_assert_eq!(responses, 1, "{}", text);
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            return Err(TestCaseError::fail(format!("half a head: {text}")));
        };
        let is_ours = head.starts_with("HTTP/1.0 200");
        prop_assert_eq!(is_ours, self.handled == 1, "{}", head);
        let length = head.split("content-length: ").nth(1).and_then(|rest| rest.lines().next());
        let length =
            length.map(|length| length.parse::<usize>().expect("a Content-Length is a number"));
        match self.answer {
            Answer::Stream(length, false) if is_ours => prop_assert_eq!(body.len(), length),
            Answer::ToEnd(length) if is_ours => prop_assert_eq!(body.len(), length),
            _ => prop_assert_eq!(Some(body.len()), length),
        }
        Ok(())
    }
}

/// Whether `text` starts with a status line. Error pages may mention HTTP versions too.
fn is_status_line(text: &str) -> bool {
    let mut words = text.lines().next().unwrap_or_default().split(' ');
    let status = words.nth(1).unwrap_or_default();
    status.len() == 3 && status.bytes().all(|byte| byte.is_ascii_digit())
}

proptest! {
    #[test]
    fn a_complete_request_gets_a_complete_response_in_time(
        sent in sent(),
        answer in answer(),
        events in vec(event(), 0..40),
    ) {
        let mut drive = Drive::new(sent, answer);
        for event in &events {
            drive.play(event)?;
        }
        drive.end()?;
    }

    #[test]
    fn a_steady_client_always_gets_a_response(
        sent in request(),
        answer in answer(),
        sizes in vec(1_usize..200, 1..20),
    ) {
        let whole = sent.known.map(|(_, whole)| whole);
        let mut drive = Drive::new(sent, answer);
        for size in sizes.into_iter().cycle() {
            drive.play(&Event::Send(size))?;
            drive.play(&Event::Take(size * 50))?;
            if Some(drive.given) >= whole || matches!(drive.conn.want(), Want::Close | Want::Reset) {
                break;
            }
        }
        drive.end()?;
        prop_assert_eq!(drive.handled, 1);
    }
}
