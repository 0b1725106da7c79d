//! Memory of each server: idle, per idle connection, and during large bodies.

use std::io::{self, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;

use race::{Bar, Entrant, Row, progress};

use crate::NAMES;
use crate::server::Server;

const IDLE: usize = 1_000;
const UPLOAD: usize = 1 << 30;

/// In KiB each.
pub fn rows(file: &Path) -> io::Result<Vec<Row>> {
    let of = |names: &[&'static str], what: &str, measure: fn(&Server) -> io::Result<f64>| {
        let measured = names.iter().map(|&name| {
            progress(&format!("memory {what}: {name}"));
            let server = Server::start(name, file)?;
            // Excludes allocations of the first request.
            get(server.address, "/")?;
            let kib = measure(&server)?;
            Ok(Entrant::new(name, vec![kib]).beside("KiB", kib))
        });
        let measured = measured.collect::<io::Result<_>>()?;
        Ok::<_, io::Error>(Row::new(format!("memory {what}"), "KiB", measured))
    };
    let ours = &NAMES[..1];
    // The bare loop would block on the first idle connection.
    let patient: Vec<_> = NAMES.into_iter().filter(|name| *name != "raw").collect();
    Ok(vec![
        of(&patient, "for each of 1,000 idle connections", idle)?.with_bar(Bar::Most("KiB", 2.0)),
        of(&NAMES, "beyond rest, while a file of 100 MiB is sent", |server| {
            beyond_rest(server, |address| get(address, "/file"))
        })?
        .with_bar(Bar::Most("KiB", 1_024.0)),
        of(ours, "beyond rest, while 1 GiB is uploaded", |server| beyond_rest(server, upload))?
            .with_bar(Bar::Most("KiB", 16_384.0)),
        // The page is complete before it is sent, so it is all in memory.
        of(ours, "beyond rest, for a page of 100 MiB of 64 bytes each", |server| {
            beyond_rest(server, |address| get(address, "/hundred"))
        })?
        .with_bar(Bar::Most("KiB", 210_000.0)),
    ])
}

fn idle(server: &Server) -> io::Result<f64> {
    let (before, _) = server.memory()?;
    let connect = |_| TcpStream::connect(server.address);
    let open: Vec<TcpStream> = (0..IDLE).map(connect).collect::<io::Result<_>>()?;
    // A response to a later request means that all of these were accepted.
    get(server.address, "/")?;
    let (after, _) = server.memory()?;
    drop(open);
    Ok((after - before).max(0.0) / IDLE as f64)
}

fn beyond_rest(
    server: &Server,
    transfer: impl FnOnce(SocketAddr) -> io::Result<()>,
) -> io::Result<f64> {
    let (before, _) = server.memory()?;
    server.forget_peak()?;
    transfer(server.address)?;
    Ok((server.memory()?.1 - before).max(0.0))
}

fn get(address: SocketAddr, target: &str) -> io::Result<()> {
    let mut socket = TcpStream::connect(address)?;
    let head = format!("GET {target} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    socket.write_all(head.as_bytes())?;
    is_fine(socket)
}

fn upload(address: SocketAddr) -> io::Result<()> {
    let mut socket = TcpStream::connect(address)?;
    let head = format!(
        "POST /upload HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\
         Content-Length: {UPLOAD}\r\n\r\n"
    );
    socket.write_all(head.as_bytes())?;
    let piece = vec![b'x'; 1 << 20];
    for _ in 0..UPLOAD >> 20 {
        socket.write_all(&piece)?;
    }
    is_fine(socket)
}

fn is_fine(mut socket: TcpStream) -> io::Result<()> {
    let mut buffer = vec![0; 256 << 10];
    let first = socket.read(&mut buffer)?;
    if buffer[..first].get(8..12) != Some(b" 200") {
        let start = String::from_utf8_lossy(&buffer[..first.min(80)]).into_owned();
        return Err(io::Error::other(format!("a wrong answer: {start}")));
    }
    while socket.read(&mut buffer)? > 0 {}
    Ok(())
}
