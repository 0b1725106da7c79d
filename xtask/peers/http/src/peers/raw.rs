//! The lower bound: blocking accept, one read, one write, close; parses nothing.

use std::fs::File;
use std::io::{self, IoSlice, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};

use super::{HELLO, PIECES, fields, joined, large_file};

pub fn serve() -> io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    println!("{}", listener.local_addr()?);
    let mut buffer = vec![0; 64 << 10];
    loop {
        let (mut socket, _) = listener.accept()?;
        let count = socket.read(&mut buffer)?;
        let request = &buffer[..count];
        let path = request.split(|&byte| byte == b' ').nth(1).unwrap_or_default();
        match path {
            b"/page" => send(&mut socket, &joined(PIECES))?,
            b"/big" => send(&mut socket, &joined(16 * PIECES))?,
            b"/form" => {
                let body = request.rsplit(|&byte| byte == b'\n').next().unwrap_or_default();
                send(&mut socket, format!("fields={}", fields(body)).as_bytes())?;
            }
            b"/file" => {
                let mut file = File::open(large_file())?;
                let length = file.metadata()?.len();
                socket.write_all(&head(length))?;
                let mut chunk = vec![0; 64 << 10];
                loop {
                    match file.read(&mut chunk)? {
                        0 => break,
                        count => socket.write_all(&chunk[..count])?,
                    }
                }
            }
            _ => send(&mut socket, HELLO.as_bytes())?,
        }
    }
}

fn head(length: u64) -> Vec<u8> {
    format!("HTTP/1.0 200 OK\r\ncontent-type: text/html\r\ncontent-length: {length}\r\n\r\n").into()
}

fn send(socket: &mut TcpStream, body: &[u8]) -> io::Result<()> {
    let head = head(body.len() as u64);
    let sent = socket.write_vectored(&[IoSlice::new(&head), IoSlice::new(body)])?;
    let left = sent.saturating_sub(head.len());
    socket.write_all(&body[left..])
}
