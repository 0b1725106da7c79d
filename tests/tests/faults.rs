//! Exposes the fixture program to misbehaving clients and handlers, one kind at a time. Normal
//! requests must be answered as before, CPU and memory usage must stay low, and `/quit` must end
//! the program with status 0.
//!
//! The limits are far above the measured values, and only the best of many tries counts, because
//! the tests are about blocking, not about the machine's load. Each test prints its figures, which
//! `--nocapture` shows.

#![allow(clippy::print_stderr, reason = "shown with --nocapture")]

use std::io::Write as _;
use std::process::Command;
use std::time::{Duration, Instant};

use solohttp_tests::program::{self, Program};
use solohttp_tests::wire::{Connection, Reply, ask};

/// How much longer than usual a normal request may take.
const DELAY: Duration = Duration::from_millis(50);

/// How long CPU usage is observed.
const WATCHED: Duration = Duration::from_secs(2);

/// How much memory may be in use temporarily: the buffers of a thousand connections, and one body
/// of 8 MiB.
const GROWTH: u64 = 64 << 20;

struct Fixture {
    program: Program,
    usual: Duration,
    resident: u64,
    _folder: tempfile::TempDir,
}

impl Fixture {
    fn start() -> Self {
        Self::start_by(Command::new(env!("CARGO_BIN_EXE_fixture")))
    }

    fn start_by(mut command: Command) -> Self {
        let folder = tempfile::tempdir().unwrap();
        command
            .args(["--port", "0", "--max-body", "8388608", "--db"])
            .arg(folder.path().join("db"));
        let program = program::launch(command);
        let mut fixture = Self { program, usual: Duration::ZERO, resident: 0, _folder: folder };
        fixture.usual = fixture.best_of_twenty();
        fixture.note_memory();
        fixture
    }

    /// Records the baseline against which later growth is measured.
    fn note_memory(&mut self) {
        self.resident = self.program.memory().map_or(0, |memory| memory.resident);
    }

    fn get(&self, target: &str) -> Reply {
        ask(self.program.addr, request(target).as_bytes())
    }

    fn best_of_twenty(&self) -> Duration {
        let once = |_| {
            let begun = Instant::now();
            assert_eq!(self.get("/").text(), "ok");
            begun.elapsed()
        };
        (0..20).map(once).min().unwrap()
    }

    fn is_undisturbed_by(&self, fault: &str) {
        let best = self.best_of_twenty();
        eprintln!("{fault}: a normal request takes {best:?}, usually {:?}", self.usual);
        assert!(best < self.usual + DELAY, "{best:?} during {fault}, usually {:?}", self.usual);
    }

    /// On Linux, checks that the program uses less than a tenth of a core.
    fn rests_beside(&self, fault: &str) {
        let Some(before) = self.processor_time() else { return };
        let mut idle = Connection::open(self.program.addr);
        assert!(idle.stays_silent_for(WATCHED), "it waits for a first byte for longer");
        let used = self.processor_time().unwrap() - before;
        eprintln!("{fault}: {used:?} of the processor in {WATCHED:?}");
        assert!(used < WATCHED / 10, "{used:?} of the processor in {WATCHED:?} during {fault}");
    }

    /// Returns the sum of `utime` and `stime` (see proc(5)), which are in hundredths of a second.
    fn processor_time(&self) -> Option<Duration> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.program.pid)).ok()?;
        let fields: Vec<&str> = stat.rsplit(')').next()?.split_whitespace().collect();
        let ticks = |index: usize| fields.get(index)?.parse::<u64>().ok();
        Some(Duration::from_millis(10 * (ticks(11)? + ticks(12)?)))
    }

    fn has_not_grown_by(&self, fault: &str) {
        let Some(memory) = self.program.memory() else { return };
        let grown = memory.resident.saturating_sub(self.resident);
        eprintln!("{fault}: {} KiB more memory, {} KiB at most", grown >> 10, memory.peak >> 10);
        assert!(grown < GROWTH, "memory grew by {grown} bytes during {fault}");
    }

    fn quits_well(mut self) {
        assert_eq!(self.get("/quit").text(), "bye");
        assert!(self.program.wait().success());
    }

    fn open(&self, count: usize, sent: &str) -> Vec<Connection> {
        let open = |_| {
            let mut connection = Connection::open_with_receive_buffer(self.program.addr, 4_096);
            connection.send(sent.as_bytes());
            connection
        };
        (0..count).map(open).collect()
    }
}

fn request(target: &str) -> String {
    format!("GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n")
}

const HALF_HEAD: &str = "GET / HTTP/1.1\r\nHost: loc";
const HALF_BODY: &str = "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 999\r\n\r\na";

#[test]
fn two_thousand_idle_connections() {
    let fault = "2,000 idle connections";
    let fixture = Fixture::start();
    let idle = fixture.open(2_000, "");
    fixture.is_undisturbed_by(fault);
    fixture.rests_beside(fault);
    fixture.has_not_grown_by(fault);
    drop(idle);
    fixture.is_undisturbed_by("none of 2,000 any more");
    fixture.quits_well();
}

#[test]
fn five_hundred_slow_clients() {
    let fault = "500 slow heads, bodies and readers";
    let fixture = Fixture::start();
    let mut slow = fixture.open(167, HALF_HEAD);
    slow.extend(fixture.open(167, HALF_BODY));
    let readers = fixture.open(166, &request("/big?bytes=100000"));
    for _ in 0..3 {
        for connection in &mut slow {
            connection.send(b"x");
        }
        fixture.is_undisturbed_by(fault);
    }
    fixture.rests_beside(fault);
    fixture.has_not_grown_by(fault);
    for mut reader in readers.into_iter().take(10) {
        assert_eq!(reader.reply().body.len(), 100_000, "slow clients are served");
    }
    fixture.quits_well();
}

#[test]
fn ten_thousand_resets() {
    let mut fixture = Fixture::start();
    let reset = |times: usize| {
        for _ in 0..times {
            Connection::open(fixture.program.addr).reset();
            let mut half = Connection::open(fixture.program.addr);
            half.send(HALF_HEAD.as_bytes());
            half.reset();
            let mut reader = Connection::open_with_receive_buffer(fixture.program.addr, 4_096);
            reader.send(request("/big?bytes=1000000").as_bytes());
            assert!(!reader.read_some(10).is_empty());
            reader.reset();
        }
        fixture.is_undisturbed_by("resets");
        fixture.program.memory().map_or(0, |memory| memory.resident)
    };
    // The allocator keeps some memory after the first large bodies. That doesn't count as growth.
    let after_some = reset(334);
    reset(3_000);
    fixture.resident = after_some;
    fixture.rests_beside("10,002 resets");
    fixture.has_not_grown_by("10,002 resets");
    fixture.quits_well();
}

/// Windows has no such limit on descriptors.
#[cfg(unix)]
#[test]
fn five_hundred_clients_of_sixty_four_descriptors() {
    let fault = "500 clients and 64 descriptors";
    let mut limited = Command::new("sh");
    let script = "ulimit -n 64; exec \"$0\" \"$@\"";
    limited.args(["-c", script, env!("CARGO_BIN_EXE_fixture")]);
    let fixture = Fixture::start_by(limited);
    let clients = fixture.open(500, HALF_HEAD);
    fixture.is_undisturbed_by(fault);
    fixture.rests_beside(fault);
    drop(clients);
    assert_eq!(fixture.get("/sqlite/count").text(), "0", "the application has descriptors left");
    fixture.quits_well();
}

/// Like the test above, but the configured connection limit is lower than the limit that the server
/// falls back to when it runs out of descriptors.
#[cfg(unix)]
#[test]
fn a_low_cap_and_no_descriptors() {
    let folder = tempfile::tempdir().unwrap();
    let mut limited = Command::new("sh");
    let script = "ulimit -n 24; exec \"$0\" \"$@\"";
    limited.args(["-c", script, env!("CARGO_BIN_EXE_fixture"), "--connections", "15"]);
    limited.args(["--port", "0", "--db"]).arg(folder.path().join("db"));
    let mut program = program::launch(limited);
    let clients: Vec<_> = (0..60).map(|_| Connection::open(program.addr)).collect();
    assert_eq!(ask(program.addr, request("/").as_bytes()).text(), "ok");
    drop(clients);
    assert_eq!(ask(program.addr, request("/quit").as_bytes()).text(), "bye");
    assert!(program.wait().success());
}

#[test]
fn two_hundred_at_once() {
    let fixture = Fixture::start();
    for mut client in fixture.open(200, &request("/")) {
        assert_eq!(client.reply().text(), "ok");
    }
    fixture.quits_well();
}

#[test]
fn half_closed_clients() {
    let fault = "600 half-closed clients";
    let fixture = Fixture::start();
    let whole = request("/");
    let mut clients = Vec::new();
    for (sent, status) in [("", 0), (&*whole, 200), (HALF_HEAD, 400), (HALF_BODY, 400)] {
        for mut client in fixture.open(150, sent) {
            client.half_close();
            clients.push((client, status));
        }
    }
    fixture.is_undisturbed_by(fault);
    fixture.rests_beside(fault);
    for (client, status) in &mut clients {
        let bytes = client.read_to_end();
        let found = if bytes.is_empty() { 0 } else { Reply::parse(&bytes).status };
        assert_eq!(found, *status);
    }
    fixture.quits_well();
}

#[test]
fn a_thousand_panics() {
    let mut fixture = Fixture::start();
    assert_eq!(fixture.get("/panic").status, 500);
    // Takes the baseline after the first panic, because in a debug build, the first backtrace loads
    // the program's symbols.
    fixture.note_memory();
    for _ in 0..1_000 {
        assert_eq!(fixture.get("/panic").status, 500);
    }
    let post = |target: &str| {
        let request =
            format!("POST {target} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n");
        ask(fixture.program.addr, request.as_bytes()).status
    };
    assert_eq!((post("/sqlite/forget"), post("/sqlite/add")), (500, 200));
    assert_eq!(fixture.get("/sqlite/count").text(), "1");
    fixture.is_undisturbed_by("1,000 panics");
    fixture.has_not_grown_by("1,000 panics");
    fixture.quits_well();
}

/// Input after a rejection is read and discarded, so that the client can read the response. That
/// takes time but no memory, and doesn't delay other clients.
#[test]
fn a_client_that_goes_on_sending() {
    let fixture = Fixture::start();
    let zeros = vec![0; 64 << 10];
    let chunk = [b"10000\r\n".as_slice(), &zeros, b"\r\n"].concat();
    let post = "POST /echo HTTP/1.1\r\nHost: localhost\r\n";
    for (fault, head, piece, status) in [
        ("10 GiB declared", format!("{post}Content-Length: 10737418240\r\n\r\n"), &zeros, 413),
        ("10 GiB in chunks", format!("{post}Transfer-Encoding: chunked\r\n\r\n"), &chunk, 413),
        ("10 GiB behind a request", request("/"), &zeros, 200),
        ("10 GiB of a head", format!("{}X: ", request("/").trim_end()), &b"x".repeat(4096), 431),
    ] {
        let mut connection = Connection::open(fixture.program.addr);
        // Sends both in one write. Otherwise, the server would answer a complete request and close
        // the connection before more data arrives.
        connection.send(&[head.as_bytes(), piece].concat());
        let mut sent = piece.len();
        while sent < 256 << 20 {
            connection.stream().write_all(piece).expect("the server takes what is sent");
            sent += piece.len();
        }
        fixture.is_undisturbed_by(fault);
        connection.half_close();
        assert_eq!(connection.reply().status, status, "{fault}");
    }
    fixture.has_not_grown_by("256 MiB four times");
    fixture.quits_well();
}

#[test]
fn quitting_with_all_kinds_of_clients_connected() {
    let fixture = Fixture::start();
    let idle = fixture.open(50, "");
    let halves = [fixture.open(50, HALF_HEAD), fixture.open(50, HALF_BODY)];
    let readers = fixture.open(50, &request("/big?bytes=3000000"));
    let begun = Instant::now();
    fixture.quits_well();
    let took = begun.elapsed();
    eprintln!("quitting with 200 clients connected: {took:?}");
    assert!(took < Duration::from_secs(4), "{took:?}: readers get 2 s");
    drop((idle, halves, readers));
}

#[test]
fn a_client_that_leaves_while_its_handler_runs() {
    let fixture = Fixture::start();
    for _ in 0..3 {
        let mut client = Connection::open(fixture.program.addr);
        client.send(request("/slow?ms=100").as_bytes());
        client.reset();
        assert_eq!(fixture.get("/").text(), "ok");
    }
    fixture.quits_well();
}
