//! Runs a program of this workspace as a child process: starts, observes, measures and stops it.
//! The program must print a line with its address.

use std::collections::BTreeMap;
use std::env;
use std::io::{BufRead, BufReader, Read};
use std::net::{SocketAddr, ToSocketAddrs};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use xtask::windows::PROGRAMS;

use crate::wire::ask;

/// The timeout for a program to print its address, or to exit.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// A running program, killed when dropped.
#[derive(Debug)]
pub struct Program {
    /// The address it printed, such as `http://127.0.0.1:8080/`.
    pub url: String,
    /// The URL's socket address.
    pub addr: SocketAddr,
    /// Its process id.
    pub pid: u32,
    child: Child,
    lines: Receiver<String>,
    output: Vec<String>,
}

/// A process's memory usage, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Memory {
    /// The current resident set size.
    pub resident: u64,
    /// The peak resident set size.
    pub peak: u64,
}

/// Starts `command` and waits for the line with its address.
///
/// # Panics
///
/// If the program can't be started, exits early, or prints no address within [`PATIENCE`]. The
/// message includes the program's output.
#[track_caller]
#[must_use]
pub fn launch(mut command: Command) -> Program {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = match command.spawn() {
        Ok(child) => child,
        Err(error) => panic!("cannot start {command:?}: {error}"),
    };
    let (sender, lines) = channel();
    let stdout = child.stdout.take().expect("stdout is piped");
    let stderr = child.stderr.take().expect("stderr is piped");
    forward(stdout, sender.clone());
    forward(stderr, sender);
    let mut program = Program {
        url: String::new(),
        addr: SocketAddr::from(([0, 0, 0, 0], 0)),
        pid: child.id(),
        child,
        lines,
        output: Vec::new(),
    };
    match program.await_address() {
        Ok((url, addr)) => {
            program.url = url;
            program.addr = addr;
            program
        }
        Err(why) => panic!("{command:?} {why}; it printed:\n{}", program.output.join("\n")),
    }
}

/// Like [`example_with_token`], but with the launch token off, for tests without a browser.
///
/// # Panics
///
/// If the example doesn't build.
#[track_caller]
#[must_use]
pub fn example(name: &str) -> Command {
    let mut example = example_with_token(name);
    example.arg("--no-token");
    example
}

/// Like [`example_with_token`], but for a desktop program. The program stores its data in the
/// folder `data`, uses any free port, and prints a sign-in link instead of opening a browser. See
/// [`Program::sign_in_link`].
///
/// # Panics
///
/// If the example doesn't build.
#[track_caller]
#[must_use]
pub fn desktop_example(name: &str, data: &Path) -> Command {
    let mut example = example_with_token(name);
    example.args(["--port", "0", "--no-browser", "--data"]).arg(data);
    example
}

/// Builds the example `name`, once per test program, and returns the command that runs it. Building
/// through cargo means that a test never runs an outdated program. Where cargo isn't available, an
/// environment variable names the folder with the built programs.
///
/// # Panics
///
/// If the example doesn't build.
#[track_caller]
#[must_use]
pub fn example_with_token(name: &str) -> Command {
    if let Some(folder) = env::var_os(PROGRAMS) {
        return Command::new(
            Path::new(&folder).join(name).with_extension(env::consts::EXE_EXTENSION),
        );
    }
    // Stays locked while cargo runs. Cargo allows only one build at a time anyway.
    static BUILT: Mutex<BTreeMap<String, PathBuf>> = Mutex::new(BTreeMap::new());
    let mut built = BUILT.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(path) = built.get(name) {
        return Command::new(path);
    }
    match build_example(name) {
        Ok(path) => {
            built.insert(name.to_owned(), path.clone());
            Command::new(path)
        }
        Err(why) => panic!("{why}"),
    }
}

fn build_example(name: &str) -> Result<PathBuf, String> {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    // With --workspace, dependencies have the same features as in a full test run, so they aren't
    // built twice.
    cargo.args(["build", "--quiet", "--workspace", "--message-format=json", "--example", name]);
    if !cfg!(debug_assertions) {
        cargo.arg("--release");
    }
    let output = cargo.current_dir(env!("CARGO_MANIFEST_DIR")).output();
    let output = output.map_err(|error| format!("{cargo:?}: {error}"))?;
    if !output.status.success() {
        return Err(format!("{cargo:?}: {}", String::from_utf8_lossy(&output.stderr)));
    }
    executable(&output.stdout, name).ok_or_else(|| format!("{cargo:?} built no program {name}"))
}

/// Finds the program in cargo's messages, which are one JSON object per line.
fn executable(messages: &[u8], name: &str) -> Option<PathBuf> {
    messages.split(|&byte| byte == b'\n').find_map(|line| {
        let message: Value = serde_json::from_slice(line).ok()?;
        let path = message.get("executable")?.as_str()?;
        (message["target"]["name"] == name).then(|| PathBuf::from(path))
    })
}

impl Program {
    /// Returns all lines printed so far to stdout and stderr, in order of arrival.
    pub fn output(&mut self) -> &[String] {
        self.output.extend(self.lines.try_iter());
        &self.output
    }

    /// Waits for a printed line that contains `text`, and returns it.
    ///
    /// # Panics
    ///
    /// If no such line is printed within [`PATIENCE`].
    #[track_caller]
    pub fn wait_for_line(&mut self, text: &str) -> String {
        match self.find_line(|line| line.contains(text).then(|| line.to_owned())) {
            Ok(line) => line,
            Err(why) => {
                panic!("the program {why} with {text:?}; it printed:\n{}", self.output.join("\n"))
            }
        }
    }

    /// Returns the sign-in link that a desktop program has printed. It signs one browser in.
    ///
    /// # Panics
    ///
    /// If no link is printed within [`PATIENCE`].
    #[track_caller]
    pub fn sign_in_link(&mut self) -> String {
        let line = self.wait_for_line("One-time sign-in link");
        line.rsplit(' ').next().unwrap_or_default().to_owned()
    }

    /// Signs in with the [link](Self::sign_in_link) and returns the cookie, for requests without a
    /// browser.
    ///
    /// # Panics
    ///
    /// If the link sets no cookie.
    #[track_caller]
    pub fn sign_in(&mut self) -> String {
        let link = self.sign_in_link();
        let target = &link[self.url.len() - 1..];
        let request = format!("GET {target} HTTP/1.1\r\nHost: {}\r\n\r\n", self.addr);
        let deadline = Instant::now() + PATIENCE;
        loop {
            let reply = ask(self.addr, request.as_bytes());
            if let Some(cookie) = reply.header("set-cookie") {
                return cookie.split(';').next().unwrap_or_default().to_owned();
            }
            // The program is still opening its data.
            assert!(Instant::now() < deadline, "{link} sets no cookie: {}", reply.status);
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// Waits until the program exits.
    ///
    /// # Panics
    ///
    /// If it doesn't exit within [`PATIENCE`].
    #[track_caller]
    pub fn wait(&mut self) -> ExitStatus {
        let deadline = Instant::now() + PATIENCE;
        while Instant::now() < deadline {
            match self.child.try_wait() {
                Ok(Some(status)) => return status,
                Ok(None) => thread::sleep(Duration::from_millis(5)),
                Err(error) => panic!("waiting for the program: {error}"),
            }
        }
        panic!(
            "the program is still running after {PATIENCE:?}; it printed:\n{}",
            self.output.join("\n")
        )
    }

    /// Whether the program is still running.
    pub fn is_running(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Returns the program's memory usage, if the system reports it (only Linux does).
    #[must_use]
    pub fn memory(&self) -> Option<Memory> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.pid)).ok()?;
        Memory::read(&status)
    }

    fn await_address(&mut self) -> Result<(String, SocketAddr), String> {
        self.find_line(address)
    }

    /// Searches past and future output until `wanted` returns something.
    fn find_line<T>(&mut self, wanted: impl Fn(&str) -> Option<T>) -> Result<T, String> {
        if let Some(found) = self.output().iter().find_map(|line| wanted(line)) {
            return Ok(found);
        }
        let deadline = Instant::now() + PATIENCE;
        loop {
            match self.lines.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(line) => {
                    let found = wanted(&line);
                    self.output.push(line);
                    if let Some(found) = found {
                        return Ok(found);
                    }
                }
                Err(RecvTimeoutError::Timeout) => {
                    return Err(format!("printed no line within {PATIENCE:?}"));
                }
                Err(RecvTimeoutError::Disconnected) => return Err("ended without a line".into()),
            }
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // Either call fails only if the program has already exited.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Memory {
    /// Parses `VmRSS` and `VmHWM` from `/proc/PID/status`, where they are in units of 1,024 bytes.
    fn read(status: &str) -> Option<Self> {
        let bytes = |field: &str| {
            let value = status.lines().find_map(|line| line.strip_prefix(field))?;
            value.trim().strip_suffix(" kB")?.parse::<u64>().ok().map(|kibibytes| kibibytes * 1024)
        };
        Some(Self { resident: bytes("VmRSS:")?, peak: bytes("VmHWM:")? })
    }
}

/// Forwards each line of `pipe`, so that the child never blocks on a full pipe.
fn forward(pipe: impl Read + Send + 'static, lines: std::sync::mpsc::Sender<String>) {
    thread::spawn(move || {
        let mut pipe = BufReader::new(pipe);
        let mut line = Vec::new();
        while pipe.read_until(b'\n', &mut line).is_ok_and(|length| length > 0) {
            let text = String::from_utf8_lossy(&line).trim_end().to_owned();
            if lines.send(text).is_err() {
                break;
            }
            line.clear();
        }
    });
}

/// Finds the first `http://…/` in a line, and its socket address.
fn address(line: &str) -> Option<(String, SocketAddr)> {
    let start = line.find("http://")?;
    let rest = &line[start + "http://".len()..];
    let host = &rest[..rest.find('/')?];
    // The URL may have a path; the server's address ends before it.
    let addr = host.to_socket_addrs().ok()?.next()?;
    Some((format!("http://{host}/"), addr))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_address_in_a_line() {
        let check = |line: &str, expect: Option<(&str, u16)>| {
            let found = address(line).map(|(url, addr)| (url, addr.port()));
            assert_eq!(found, expect.map(|(url, port)| (url.to_owned(), port)), "{line}");
        };
        check("Listening on http://127.0.0.1:8080/", Some(("http://127.0.0.1:8080/", 8080)));
        check("http://localhost:80/today (^C ends)", Some(("http://localhost:80/", 80)));
        check("http://127.0.0.1:8080", None);
        check("https://127.0.0.1:8080/", None);
    }

    #[test]
    fn reads_memory_in_bytes() {
        let status = "Name:\tx\nVmHWM:\t    2048 kB\nVmRSS:\t    1024 kB\n";
        assert_eq!(Memory::read(status), Some(Memory { resident: 1 << 20, peak: 2 << 20 }));
        assert_eq!(Memory::read("VmRSS:\t1 kB\n"), None);
    }

    #[test]
    fn finds_the_program_among_the_messages_of_cargo() {
        let messages = br#"{"reason":"x","target":{"name":"intro"},"executable":null}
{"target":{"name":"other"},"executable":"/x/other"}
not JSON
{"target":{"name":"intro"},"executable":"/x/intro"}
"#;
        assert_eq!(executable(messages, "intro"), Some(PathBuf::from("/x/intro")));
        assert_eq!(executable(messages, "none"), None);
    }
}
