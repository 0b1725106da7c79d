//! A minimal program for the harness's own tests: prints its address, answers one request, and
//! exits with the status that the request names.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "printing is its purpose")]

use std::env;
use std::io::{self, BufRead, BufReader, Write};
use std::net::TcpListener;
use std::process::ExitCode;

fn main() -> io::Result<ExitCode> {
    if env::args().nth(1).as_deref() == Some("--fail") {
        eprintln!("this port is taken");
        return Ok(ExitCode::FAILURE);
    }
    let listener = TcpListener::bind("127.0.0.1:0")?;
    eprintln!("starting up");
    println!("Listening on http://{}/, end with Ctrl-C.", listener.local_addr()?);
    let (stream, _) = listener.accept()?;
    let mut request = String::new();
    BufReader::new(&stream).read_line(&mut request)?;
    println!("asked: {}", request.trim_end());
    (&stream).write_all(b"HTTP/1.0 200 OK\r\n\r\n")?;
    let status = request.split(['/', ' ']).find_map(|word| word.parse().ok());
    Ok(ExitCode::from(status.unwrap_or(0)))
}
