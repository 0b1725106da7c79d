//! Starts this machine's browsers for tests that run under Wine. Such tests share sockets and files
//! with the machine but can't start its programs.
//!
//! Each connection is one browser. The client sends a line with the browser's kind and arguments,
//! each followed by a tab, and receives the browser's stderr. Closing the connection shuts the
//! browser down.

#![allow(
    clippy::disallowed_methods,
    reason = "single-threading is a rule for the library; here a thread waits for each browser"
)]

use std::io::{self, BufRead, BufReader, Read};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::thread;

use crate::browser::{CHROMIUM, is_root};

/// The environment variable with the address of the lender.
pub const VARIABLE: &str = "SOLOHTTP_BROWSER";

/// Lends these browsers until this process ends. Returns the address to connect to.
pub(crate) fn start(browsers: Vec<(&'static str, PathBuf)>) -> io::Result<SocketAddr> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let address = listener.local_addr()?;
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let browsers = browsers.clone();
            thread::spawn(move || {
                // The test sees the connection end and reports it.
                if let Err(error) = lend(&browsers, stream) {
                    eprintln!("lending a browser: {error}");
                }
            });
        }
    });
    Ok(address)
}

fn lend(browsers: &[(&str, PathBuf)], stream: TcpStream) -> io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?);
    let mut line = String::new();
    lines.read_line(&mut line)?;
    let (kind, arguments) = line.trim_end_matches('\n').split_once('\t').unwrap_or_default();
    let Some((kind, program)) = browsers.iter().find(|(known, _)| *known == kind) else {
        return Err(io::Error::other(format!("unknown browser {kind:?}")));
    };
    let mut browser = Command::new(program);
    browser.args(arguments.split_terminator('\t'));
    if *kind == CHROMIUM.name && is_root() {
        browser.arg("--no-sandbox");
    }
    browser.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut browser = browser.spawn()?;
    let mut printed = browser.stderr.take().expect("stderr was asked for as a pipe");
    thread::spawn(move || {
        let mut to = stream;
        // Either end may already be closed. A test that has asked the browser to quit waits for the
        // shutdown.
        let _ = io::copy(&mut printed, &mut to);
        let _ = to.shutdown(Shutdown::Both);
    });
    // No more input is expected; this waits until the connection ends.
    let _ = lines.read_to_end(&mut Vec::new());
    // Fails only if the browser has already exited.
    let _ = browser.kill();
    browser.wait().map(drop)
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs;
    use std::io::Write as _;

    use super::*;

    #[test]
    fn a_browser_gets_its_arguments_and_ends_with_the_connection() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = std::env::temp_dir().join(format!("lend-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let program = folder.join("browser");
        fs::write(&program, "#!/bin/sh\necho \"$# $1 $2\" >&2\nexec sleep 1000\n").unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();

        let mut stream = TcpStream::connect(start(vec![("some", program)]).unwrap()).unwrap();
        stream.write_all(b"some\t--one\ta b\t\n").unwrap();
        let mut printed = String::new();
        BufReader::new(&stream).read_line(&mut printed).unwrap();
        assert_eq!(printed, "2 --one a b\n");

        // EOF means that the browser exited: it held the only other end of the pipe.
        stream.shutdown(Shutdown::Write).unwrap();
        assert_eq!(stream.read(&mut [0]).unwrap(), 0);
        fs::remove_dir_all(&folder).unwrap();
    }
}
