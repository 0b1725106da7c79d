//! Sends files over a real socket, including a file that changes while it is being sent.

use std::fs::{self, File, OpenOptions};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, SystemTime};

use solohttp_core::{Server, StopHandle};
use solohttp_router::StaticFolder;
use tempfile::TempDir;

/// More bytes than fit into the buffers between server and client.
const LEN: u64 = 64 << 20;

/// Serves a folder with one large file, `big`, while `client` runs.
fn with_server(client: impl FnOnce(SocketAddr, &Path)) {
    let folder = TempDir::new().expect("a temporary folder");
    let big = folder.path().join("big");
    let file = File::create(&big).expect("a file");
    file.set_len(LEN).expect("a sparse file");
    // This time is long ago, so that a change is noticed even if the clock is coarse.
    file.set_modified(SystemTime::UNIX_EPOCH).expect("a file's time can be set");
    let (bound, started) = mpsc::channel();
    thread::scope(|scope| {
        scope.spawn(|| {
            let listening = Server::new().port(0).quiet().bind().expect("any port is free");
            bound.send((listening.address(), listening.stop_handle())).expect("the client waits");
            listening.run(StaticFolder::new(folder.path())).expect("the poller works");
        });
        let (address, stop) = started.recv().expect("the server has a port");
        let stop = Stopping(stop);
        client(address, &big);
        drop(stop);
    });
}

/// Stops the server even if the client's checks fail.
struct Stopping(StopHandle);

impl Drop for Stopping {
    fn drop(&mut self) {
        self.0.stop();
    }
}

/// Sends a request and reads the head. Returns the head, the announced length and the rest of the
/// stream.
fn ask(address: SocketAddr, fields: &str) -> (String, u64, BufReader<TcpStream>) {
    let mut socket = TcpStream::connect(address).expect("the server listens");
    socket.set_read_timeout(Some(Duration::from_secs(20))).expect("a time-out can be set");
    let request = format!("GET /big HTTP/1.0\r\nHost: localhost\r\n{fields}\r\n");
    socket.write_all(request.as_bytes()).expect("the server reads");
    let mut reader = BufReader::new(socket);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        assert_ne!(reader.read_line(&mut head).expect("a head"), 0, "{head}");
    }
    let len = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    let len = len.and_then(|len| len.parse().ok()).expect("a length");
    (head, len, reader)
}

/// Counts the bytes until the connection ends or fails.
fn count_rest(mut reader: impl std::io::Read) -> u64 {
    let mut chunk = vec![0; 1 << 16];
    let mut count = 0;
    while let Ok(read @ 1..) = reader.read(&mut chunk) {
        count += u64::try_from(read).expect("a length fits in 64 bits");
    }
    count
}

#[test]
fn a_large_file_arrives_whole_or_in_the_part_asked_for() {
    with_server(|address, _| {
        let (head, len, reader) = ask(address, "");
        assert!(head.starts_with("HTTP/1.0 200 "), "{head}");
        assert_eq!((len, count_rest(reader)), (LEN, LEN));
        let (head, len, reader) = ask(address, "Range: bytes=1000000-\r\n");
        assert!(head.starts_with("HTTP/1.0 206 "), "{head}");
        assert_eq!((len, count_rest(reader)), (LEN - 1_000_000, LEN - 1_000_000));
    });
}

/// Checks that the connection ends before the announced length is reached if `change` happens
/// midway.
fn check_ends_early(change: impl FnOnce(&Path)) {
    with_server(|address, big| {
        let (_, len, mut reader) = ask(address, "");
        assert_eq!(len, LEN);
        let mut start = [0; 1000];
        reader.read_exact(&mut start).expect("the first bytes");
        change(big);
        let count = 1000 + count_rest(reader);
        assert!(count < LEN, "all of the {count} bytes came, as if nothing had happened");
        // The server keeps running and serves the new version.
        let now = fs::metadata(big).expect("a file").len();
        let (_, len, reader) = ask(address, "");
        assert_eq!((len, count_rest(reader)), (now, now));
    });
}

#[test]
fn a_file_that_shrinks_ends_the_response_early() {
    check_ends_early(|big| {
        let file = OpenOptions::new().write(true).open(big).expect("a file");
        file.set_len(LEN / 2).expect("a shorter file");
    });
}

#[test]
fn a_file_that_is_written_to_ends_the_response_early() {
    check_ends_early(|big| {
        let mut file = OpenOptions::new().write(true).open(big).expect("a file");
        file.write_all(b"other bytes").expect("room on the disk");
    });
}
