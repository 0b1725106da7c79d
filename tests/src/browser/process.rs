//! The process of a browser: started with a profile of its own, ended with it.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStderr, Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::{Error, PATIENCE};

/// A running browser. It ends, and its profile goes, when this is dropped.
#[derive(Debug)]
pub(super) struct Process {
    child: Child,
    // Dropped last: the browser writes to it until its end.
    profile: TempDir,
}

impl Process {
    /// Starts a browser, and returns what it prints to stderr behind `prefix`: its address.
    pub(super) fn start(
        command: &mut Command,
        profile: TempDir,
        prefix: &str,
    ) -> Result<(Self, String), Error> {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| Error::Start(format!("{:?}: {error}", command.get_program())))?;
        let stderr = child.stderr.take().expect("stderr was asked for as a pipe");
        let process = Self { child, profile };
        Ok((process, address(stderr, prefix)?))
    }

    /// Waits for the end of a browser that was asked to end.
    pub(super) fn wait_for_end(&mut self) {
        let deadline = Instant::now() + Duration::from_secs(5);
        while Instant::now() < deadline {
            if let Ok(Some(_)) = self.child.try_wait() {
                break;
            }
            thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Both calls fail only if the process has ended already, which is what they are for.
        let _ = self.child.kill();
        let _ = self.child.wait();
        // Late writers can make one removal fail; what is left after these is the system's.
        for _ in 0..20 {
            if fs::remove_dir_all(self.profile.path()).is_ok() {
                break;
            }
            thread::sleep(Duration::from_millis(25));
        }
    }
}

/// Waits for the line with the address, and goes on emptying stderr.
fn address(stderr: ChildStderr, prefix: &str) -> Result<String, Error> {
    let (sender, lines) = channel();
    thread::spawn(move || {
        for line in BufReader::new(stderr).lines().map_while(Result::ok) {
            // Once the address is known nobody listens, but the pipe must not fill up.
            let _ = sender.send(line);
        }
    });
    let deadline = Instant::now() + PATIENCE;
    let mut printed = String::new();
    loop {
        match lines.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            Ok(line) => match line.strip_prefix(prefix) {
                Some(url) => return Ok(url.trim().to_owned()),
                None => printed += &format!("\n{line}"),
            },
            Err(RecvTimeoutError::Timeout) => {
                return Err(Error::Start(format!("no address within {PATIENCE:?}:{printed}")));
            }
            Err(RecvTimeoutError::Disconnected) => {
                return Err(Error::Start(format!("it ended at once:{printed}")));
            }
        }
    }
}
