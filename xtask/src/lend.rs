//! Ends browsers when the tests that use them end, and starts this machine's browsers for tests
//! that run under Wine. Such tests share sockets and files with the machine but can't start its
//! programs.
//!
//! Each connection gets its own browser. The client sends a line with the browser's kind, the
//! folder of its profile, and its arguments, each followed by a tab, and receives the browser's
//! stderr. Closing the connection ends the browser. When a browser has ended, the lender deletes
//! its profile and then closes the connection.

#![allow(
    clippy::disallowed_methods,
    reason = "single-threading is a rule for the library; here a thread waits for each browser"
)]

use std::fs;
use std::io::{self, BufRead, BufReader, Read};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use crate::browser::{CHROMIUM, is_root};

/// The environment variable with the address of the lender.
pub const VARIABLE: &str = "SOLOHTTP_BROWSER";

/// The interval at which the browser is polled.
const OFTEN: Duration = Duration::from_millis(50);

/// Lends these browsers until this process ends. Returns the address to connect to.
pub(crate) fn start(browsers: Vec<(&'static str, PathBuf)>) -> io::Result<SocketAddr> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let address = listener.local_addr()?;
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let browsers = browsers.clone();
            thread::spawn(move || {
                // The test sees the connection end and reports it.
                if let Err(error) = lend(&browsers, &stream) {
                    eprintln!("lending a browser: {error}");
                }
            });
        }
    });
    Ok(address)
}

fn lend(browsers: &[(&str, PathBuf)], stream: &TcpStream) -> io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?);
    let mut line = String::new();
    lines.read_line(&mut line)?;
    let mut words = line.trim_end_matches('\n').split_terminator('\t');
    let (kind, profile) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let Some((kind, program)) = browsers.iter().find(|(known, _)| *known == kind) else {
        return Err(io::Error::other(format!("unknown browser {kind:?}")));
    };
    let mut browser = Command::new(program);
    browser.args(words);
    if *kind == CHROMIUM.name && is_root() {
        browser.arg("--no-sandbox");
    }
    browser.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut browser = browser.spawn()?;
    let mut printed = browser.stderr.take().expect("stderr is piped");
    let mut to = stream.try_clone()?;
    // Errors are ignored, because either end may already be closed.
    thread::spawn(move || io::copy(&mut printed, &mut to));
    keep(browser, Path::new(profile), lines)?;
    // A test that has asked the browser to quit waits for this. It fails if the test is already
    // gone.
    let _ = stream.shutdown(Shutdown::Both);
    Ok(())
}

/// Waits until the browser exits, and ends it if `client` is closed first. Then deletes its
/// profile.
///
/// # Errors
///
/// Returns the system's error if waiting for the browser fails.
pub fn keep(
    mut browser: Child,
    profile: &Path,
    mut client: impl Read + Send + 'static,
) -> io::Result<()> {
    let (is_there, gone) = channel::<()>();
    thread::spawn(move || {
        // No more input is expected, so this only waits for the end.
        let _ = io::copy(&mut client, &mut io::sink());
        drop(is_there);
    });
    while browser.try_wait()?.is_none() {
        if gone.recv_timeout(OFTEN) == Err(RecvTimeoutError::Disconnected) {
            end(&mut browser);
            browser.wait()?;
        }
    }
    // This fails while the browser's other processes still write to the profile. After these
    // attempts, cleaning up is left to the system.
    for _ in 0..20 {
        if fs::remove_dir_all(profile).is_ok() || !profile.exists() {
            break;
        }
        thread::sleep(OFTEN);
    }
    Ok(())
}

/// Ends the browser. Except on Windows, its other processes exit when the first one does.
fn end(browser: &mut Child) {
    if cfg!(windows) {
        let mut tree = Command::new("taskkill");
        tree.args(["/t", "/f", "/pid", &browser.id().to_string()]);
        // Fails only if the browser has already exited.
        let _ = tree.stdout(Stdio::null()).stderr(Stdio::null()).status();
    }
    // Same as above.
    let _ = browser.kill();
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
        let profile = folder.join("profile");
        fs::create_dir(&profile).unwrap();

        let mut stream = TcpStream::connect(start(vec![("some", program)]).unwrap()).unwrap();
        let line = format!("some\t{}\t--one\ta b\t\n", profile.display());
        stream.write_all(line.as_bytes()).unwrap();
        let mut printed = String::new();
        BufReader::new(&stream).read_line(&mut printed).unwrap();
        assert_eq!(printed, "2 --one a b\n");

        stream.shutdown(Shutdown::Write).unwrap();
        assert_eq!(stream.read(&mut [0]).unwrap(), 0);
        assert!(!profile.exists());
        fs::remove_dir_all(&folder).unwrap();
    }
}
