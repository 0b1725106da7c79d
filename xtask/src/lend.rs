//! Lends the browser of this machine to tests that run in another system on it, where they can
//! reach our sockets and start no program of ours.
//!
//! Each connection is a browser with a fresh profile: one line with its switches goes in, a tab
//! after each; what the browser prints comes out; and it ends with the connection.

#![allow(
    clippy::disallowed_methods,
    reason = "one thread is the rule for the library; here each browser is waited for apart"
)]

use std::fs;
use std::io::{self, BufRead, BufReader, Read};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

use crate::chromium;

/// The environment variable that names the address where browsers are lent.
pub const VARIABLE: &str = "SOLOHTTP_BROWSER";

/// Lends browsers, whose profiles go below `folder`, for as long as this process runs. Returns the
/// address.
pub(crate) fn start(program: PathBuf, folder: PathBuf) -> io::Result<SocketAddr> {
    let listener = TcpListener::bind((std::net::Ipv4Addr::LOCALHOST, 0))?;
    let address = listener.local_addr()?;
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let (program, folder) = (program.clone(), folder.clone());
            thread::spawn(move || {
                // The test at the other end sees the connection end, and tells of it.
                if let Err(error) = lend(&program, &folder, stream) {
                    eprintln!("lending a browser: {error}");
                }
            });
        }
    });
    Ok(address)
}

fn lend(program: &Path, folder: &Path, stream: TcpStream) -> io::Result<()> {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let profile = folder.join(format!("profile-{}-{number}", std::process::id()));
    let mut lines = BufReader::new(stream.try_clone()?);
    let mut switches = String::new();
    lines.read_line(&mut switches)?;
    let mut browser = Command::new(program);
    browser.args(switches.trim_end_matches('\n').split_terminator('\t'));
    browser.arg(format!("--user-data-dir={}", profile.display()));
    if chromium::is_root() {
        browser.arg("--no-sandbox");
    }
    browser.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut browser = browser.spawn()?;
    let mut printed = browser.stderr.take().expect("stderr was asked for as a pipe");
    thread::spawn(move || {
        let mut to = stream;
        // Either end may be gone. The test waits for ours when it has asked the browser to end.
        let _ = io::copy(&mut printed, &mut to);
        let _ = to.shutdown(Shutdown::Both);
    });
    // Nothing more comes; this waits for the end of the connection, however it ends.
    let _ = lines.read_to_end(&mut Vec::new());
    // It fails only if the browser has ended already.
    let _ = browser.kill();
    browser.wait()?;
    match fs::remove_dir_all(&profile) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::io::Write as _;

    use super::*;

    #[test]
    fn a_browser_gets_its_switches_and_ends_with_the_connection() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = std::env::temp_dir().join(format!("lend-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let program = folder.join("browser");
        fs::write(&program, "#!/bin/sh\necho \"$# $1 $2 $3\" >&2\nexec sleep 1000\n").unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();

        let mut stream = TcpStream::connect(start(program, folder.clone()).unwrap()).unwrap();
        stream.write_all(b"--one\ta b\t\n").unwrap();
        let mut printed = String::new();
        BufReader::new(&stream).read_line(&mut printed).unwrap();
        let count = if chromium::is_root() { 4 } else { 3 };
        let expect = format!("{count} --one a b --user-data-dir={}", folder.display());
        assert!(printed.starts_with(&expect), "{printed}");

        // Its end is seen, because the browser had the only other end of the pipe.
        stream.shutdown(Shutdown::Write).unwrap();
        assert_eq!(stream.read(&mut [0]).unwrap(), 0);
        fs::remove_dir_all(&folder).unwrap();
    }
}
