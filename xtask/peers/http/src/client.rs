//! Closed-loop clients with one connection per request, and what a run costs the server.

use std::fmt;
use std::io::{self, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Instant;

use race::Bar;

use crate::server::{self, Server};

#[derive(Clone, Copy)]
pub enum Target {
    HelloAlone,
    Hello,
    HelloMany,
    Page,
    Big,
    Form,
    File,
}

impl Target {
    pub const ALL: [Self; 7] = [
        Self::HelloAlone,
        Self::Hello,
        Self::HelloMany,
        Self::Page,
        Self::Big,
        Self::Form,
        Self::File,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::HelloAlone => "hello-alone",
            Self::Hello => "hello",
            Self::HelloMany => "hello-many",
            Self::Page => "page",
            Self::Big => "big",
            Self::Form => "form",
            Self::File => "file",
        }
    }

    /// The targets.
    pub fn bars(self) -> Vec<Bar> {
        match self {
            Self::HelloAlone | Self::Hello | Self::HelloMany => {
                vec![Bar::Times("raw", 1.2), Bar::Times("hyper", 0.85)]
            }
            Self::Page | Self::Big => vec![Bar::Times("raw", 1.05), Bar::Times("hyper", 1.0)],
            Self::Form | Self::File => vec![Bar::Times("axum", 1.0)],
        }
    }

    fn requests(self) -> usize {
        match self {
            Self::HelloAlone | Self::Hello | Self::HelloMany | Self::Form => 6_000,
            Self::Page => 3_000,
            Self::Big => 400,
            Self::File => 6,
        }
    }

    fn clients(self) -> usize {
        match self {
            Self::HelloAlone | Self::File => 1,
            Self::Hello | Self::Page | Self::Big | Self::Form => 8,
            Self::HelloMany => 64,
        }
    }

    fn request(self, address: SocketAddr) -> String {
        let target = match self {
            Self::HelloAlone | Self::Hello | Self::HelloMany => "GET /",
            Self::Page => "GET /page",
            Self::Big => "GET /big",
            Self::Form => "POST /form",
            Self::File => "GET /file",
        };
        let form = match self {
            Self::Form => (0..10).map(|n| format!("field{n}=value+{n}%21&")).collect(),
            _ => String::new(),
        };
        let form = form.trim_end_matches('&');
        let body = match form.len() {
            0 => "\r\n".to_owned(),
            length => format!(
                "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\r\n{form}"
            ),
        };
        format!(
            "{target} HTTP/1.1\r\nHost: {address}\r\nUser-Agent: bench\r\nAccept: */*\r\n\
             Connection: close\r\n{body}"
        )
    }

    fn body(self) -> usize {
        match self {
            Self::HelloAlone | Self::Hello | Self::HelloMany => 13,
            Self::Page => 64 << 10,
            Self::Big => 1 << 20,
            Self::Form => 9,
            Self::File => 100 << 20,
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::HelloAlone => "`/` 13 bytes, 1 client",
            Self::Hello => "`/` 13 bytes",
            Self::HelloMany => "`/` 13 bytes, 64 clients",
            Self::Page => "`/page` 64 KiB of 1,024 pieces",
            Self::Big => "`/big` 1 MiB of 16,384 pieces",
            Self::Form => "`/form` ten fields",
            Self::File => "`/file` 100 MiB, 1 client",
        })
    }
}

/// The cost of one request, in microseconds.
#[derive(Clone)]
pub struct Cost {
    /// CPU time of the server.
    pub server: f64,
    /// CPU time of the clients.
    pub client: f64,
    /// Wall-clock time, with all clients running.
    pub passed: f64,
}

pub fn measure(server: &Server, page: Target) -> io::Result<Cost> {
    run(server.address, page, page.requests() / 10 + 1)?;
    let before = server.cpu_time()?;
    let start = Instant::now();
    let client = run(server.address, page, page.requests())?;
    let passed = start.elapsed().as_secs_f64() * 1e6;
    let server = (server.cpu_time()? - before) as f64 / 1e3;
    let each = |all: f64| all / page.requests() as f64;
    Ok(Cost { server: each(server), client: each(client as f64 / 1e3), passed: each(passed) })
}

/// Returns the CPU time of the clients in nanoseconds.
fn run(address: SocketAddr, page: Target, requests: usize) -> io::Result<u64> {
    let request = page.request(address);
    let started = AtomicUsize::new(0);
    thread::scope(|scope| {
        let client = || {
            let mut buffer = vec![0; 256 << 10];
            while started.fetch_add(1, Ordering::Relaxed) < requests {
                once(address, &request, page.body(), &mut buffer)?;
            }
            server::thread_time(Path::new("/proc/thread-self"))
        };
        let clients: Vec<_> = (0..page.clients()).map(|_| scope.spawn(client)).collect();
        clients.into_iter().map(|one| one.join().expect("a client does not panic")).sum()
    })
}

fn once(address: SocketAddr, request: &str, body: usize, buffer: &mut [u8]) -> io::Result<()> {
    let mut socket = TcpStream::connect(address)?;
    socket.write_all(request.as_bytes())?;
    let mut received = 0;
    let mut head = None;
    loop {
        let count = socket.read(&mut buffer[if head.is_none() { received } else { 0 }..])?;
        received += count;
        if head.is_none() {
            let end = buffer[..received].windows(4).position(|four| four == b"\r\n\r\n");
            head = end.filter(|_| buffer.starts_with(b"HTTP/1.")).map(|end| end + 4);
        }
        if count == 0 {
            break;
        }
    }
    match head {
        Some(head) if received - head == body => Ok(()),
        _ => Err(io::Error::other(format!("a wrong answer of {received} bytes"))),
    }
}
