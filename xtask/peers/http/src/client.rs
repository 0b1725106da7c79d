//! Closed-loop clients, one connection a request, and what a run of them costs the server.

use std::fmt;
use std::io::{self, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::server::Server;

pub const CLIENTS: usize = 8;

#[derive(Clone, Copy)]
pub enum Page {
    HelloAlone,
    Hello,
    Page,
    Big,
    Form,
    File,
}

impl Page {
    pub const ALL: [Self; 6] =
        [Self::HelloAlone, Self::Hello, Self::Page, Self::Big, Self::Form, Self::File];

    /// Does its line hold this text, if one is asked for?
    pub fn is_named(self, only: Option<&String>) -> bool {
        only.is_none_or(|only| self.to_string().contains(only.as_str()))
    }

    fn requests(self) -> usize {
        match self {
            Self::HelloAlone | Self::Hello | Self::Form => 6_000,
            Self::Page => 3_000,
            Self::Big => 400,
            Self::File => 6,
        }
    }

    fn clients(self) -> usize {
        if matches!(self, Self::HelloAlone | Self::File) { 1 } else { CLIENTS }
    }

    fn request(self, address: SocketAddr) -> String {
        let target = match self {
            Self::HelloAlone | Self::Hello => "GET /",
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
            Self::HelloAlone | Self::Hello => 13,
            Self::Page => 64 << 10,
            Self::Big => 1 << 20,
            Self::Form => 9,
            Self::File => 100 << 20,
        }
    }
}

impl fmt::Display for Page {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::HelloAlone => "`/` 13 bytes, 1 client",
            Self::Hello => "`/` 13 bytes",
            Self::Page => "`/page` 64 KiB of 1,024 pieces",
            Self::Big => "`/big` 1 MiB of 16,384 pieces",
            Self::Form => "`/form` ten fields",
            Self::File => "`/file` 100 MiB, 1 client",
        })
    }
}

/// Microseconds of the server's CPU time for one request.
pub fn measure(server: &Server, page: Page) -> io::Result<f64> {
    run(server.address, page, page.requests() / 10 + 1)?;
    let before = server.cpu_time()?;
    run(server.address, page, page.requests())?;
    let nanoseconds = server.cpu_time()? - before;
    Ok(nanoseconds as f64 / 1e3 / page.requests() as f64)
}

fn run(address: SocketAddr, page: Page, requests: usize) -> io::Result<()> {
    let request = page.request(address);
    let started = AtomicUsize::new(0);
    thread::scope(|scope| {
        let client = || {
            let mut buffer = vec![0; 256 << 10];
            while started.fetch_add(1, Ordering::Relaxed) < requests {
                once(address, &request, page.body(), &mut buffer)?;
            }
            Ok(())
        };
        let clients: Vec<_> = (0..page.clients()).map(|_| scope.spawn(client)).collect();
        clients.into_iter().try_for_each(|one| one.join().expect("a client does not panic"))
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
