//! A program of the workspace as a child process: started, awaited, measured, ended.
//! Knows programs only by what they print: one line with their address.

use std::env;
use std::io::{BufRead, BufReader, Read};
use std::net::{SocketAddr, ToSocketAddrs};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use xtask::windows::PROGRAMS;

/// How long a program may take to print its address, or to end.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// A running program, killed when dropped.
#[derive(Debug)]
pub struct Program {
    /// The address it printed, such as `http://127.0.0.1:8080/`.
    pub url: String,
    /// The same address for sockets.
    pub addr: SocketAddr,
    /// The id of its process.
    pub pid: u32,
    child: Child,
    lines: Receiver<String>,
    output: Vec<String>,
}

/// What a process takes of the machine's memory, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Memory {
    /// Resident now.
    pub resident: u64,
    /// The most that was ever resident.
    pub peak: u64,
}

/// Starts `command` and waits for the line in which it prints its address.
///
/// # Panics
///
/// If it cannot be started, ends, or prints no address within [`PATIENCE`]; the panic shows what
/// it printed instead.
#[track_caller]
#[must_use]
pub fn launch(mut command: Command) -> Program {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = match command.spawn() {
        Ok(child) => child,
        Err(error) => panic!("cannot start {command:?}: {error}"),
    };
    let (sender, lines) = channel();
    let stdout = child.stdout.take().expect("stdout was asked for as a pipe");
    let stderr = child.stderr.take().expect("stderr was asked for as a pipe");
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

/// The same as [`example_with_token`], with the launch token off, for tests that ask it as any client.
///
/// # Panics
///
/// If it does not build.
#[track_caller]
#[must_use]
pub fn example(name: &str) -> Command {
    let mut example = example_with_token(name);
    example.arg("--no-token");
    example
}

/// Builds the example program `name` (quick if it is built already) and returns the command that
/// runs it. Going through cargo means that no test ever runs an old program; where there is no
/// cargo, whoever runs the tests has built the programs, and names their folder.
///
/// # Panics
///
/// If it does not build.
#[track_caller]
#[must_use]
pub fn example_with_token(name: &str) -> Command {
    if let Some(folder) = env::var_os(PROGRAMS) {
        return Command::new(
            Path::new(&folder).join(name).with_extension(env::consts::EXE_EXTENSION),
        );
    }
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    // With --workspace the dependencies have the same features as in a run of all tests, and are
    // not built a second time.
    cargo.args(["build", "--quiet", "--workspace", "--message-format=json", "--example", name]);
    if !cfg!(debug_assertions) {
        cargo.arg("--release");
    }
    let built = match cargo.current_dir(env!("CARGO_MANIFEST_DIR")).output() {
        Ok(output) if output.status.success() => executable(&output.stdout, name),
        Ok(output) => panic!("{cargo:?}: {}", String::from_utf8_lossy(&output.stderr)),
        Err(error) => panic!("{cargo:?}: {error}"),
    };
    match built {
        Some(path) => Command::new(path),
        None => panic!("{cargo:?} built no program {name}"),
    }
}

/// Finds the program among cargo's messages, one JSON object a line.
fn executable(messages: &[u8], name: &str) -> Option<PathBuf> {
    messages.split(|&byte| byte == b'\n').find_map(|line| {
        let message: Value = serde_json::from_slice(line).ok()?;
        let path = message.get("executable")?.as_str()?;
        (message["target"]["name"] == name).then(|| PathBuf::from(path))
    })
}

impl Program {
    /// All lines that it has printed so far, to stdout and stderr as they came.
    pub fn output(&mut self) -> &[String] {
        self.output.extend(self.lines.try_iter());
        &self.output
    }

    /// Waits for a printed line that contains `text`, and returns it.
    ///
    /// # Panics
    ///
    /// If none comes within [`PATIENCE`].
    #[track_caller]
    pub fn wait_for_line(&mut self, text: &str) -> String {
        match self.find_line(|line| line.contains(text).then(|| line.to_owned())) {
            Ok(line) => line,
            Err(why) => {
                panic!("the program {why} with {text:?}; it printed:\n{}", self.output.join("\n"))
            }
        }
    }

    /// Waits until the program ends by itself.
    ///
    /// # Panics
    ///
    /// If it does not within [`PATIENCE`].
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
        panic!("the program still runs after {PATIENCE:?}; it printed:\n{}", self.output.join("\n"))
    }

    /// True as long as the program has not ended.
    pub fn is_running(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Its use of memory, where the system tells (Linux).
    #[must_use]
    pub fn memory(&self) -> Option<Memory> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.pid)).ok()?;
        Memory::read(&status)
    }

    fn await_address(&mut self) -> Result<(String, SocketAddr), String> {
        self.find_line(address)
    }

    /// Goes through what was printed and what will be, until `wanted` finds something.
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
        // Both fail only if the program has ended already, which is what they are for.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Memory {
    /// Reads `VmRSS` and `VmHWM` of a `/proc/PID/status`, given there in units of 1,024 bytes.
    fn read(status: &str) -> Option<Self> {
        let bytes = |field: &str| {
            let value = status.lines().find_map(|line| line.strip_prefix(field))?;
            value.trim().strip_suffix(" kB")?.parse::<u64>().ok().map(|kibibytes| kibibytes * 1024)
        };
        Some(Self { resident: bytes("VmRSS:")?, peak: bytes("VmHWM:")? })
    }
}

/// Sends on each line of `pipe`, so that the child never waits for a full one.
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

/// The first `http://…/` of a line, with the socket address it stands for.
fn address(line: &str) -> Option<(String, SocketAddr)> {
    let start = line.find("http://")?;
    let rest = &line[start + "http://".len()..];
    let host = &rest[..rest.find('/')?];
    // A page other than the root may follow; the address of the server ends before it.
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
