//! A browser process with its own profile.

use std::env;
use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::path::{Component, Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;
use xtask::browser::Kind;
use xtask::lend;

use super::{Error, PATIENCE};

/// A running browser. Dropping it shuts the browser down and deletes its profile.
#[derive(Debug)]
pub(super) struct Process {
    running: Running,
    // Dropped last: the browser writes to it until it exits.
    profile: TempDir,
}

/// How the browser runs.
#[derive(Debug)]
enum Running {
    Child(Child),
    /// Borrowed from the host system, for as long as the connection is open.
    Lent(TcpStream),
}

/// The browser's output.
type Printed = Box<dyn Read + Send>;

/// The path of the browser's program, or just its name if the browser is borrowed.
pub(super) fn program(kind: &Kind) -> Result<PathBuf, Error> {
    if env::var_os(lend::VARIABLE).is_some() {
        return Ok(PathBuf::from(kind.name));
    }
    kind.find().map_err(|missing| Error::Start(missing.to_string()))
}

/// Translates a path for the browser. A borrowed browser runs on the host, whose root folder is our
/// drive Z.
pub(super) fn path_for_browser(path: &Path) -> PathBuf {
    if env::var_os(lend::VARIABLE).is_none() {
        return path.to_owned();
    }
    let is_name = |part: &Component<'_>| matches!(part, Component::Normal(_));
    let names = path.components().filter(is_name);
    PathBuf::from(names.map(|name| format!("/{}", name.as_os_str().display())).collect::<String>())
}

/// The `file:` URL at which a browser opens this file.
#[must_use]
pub fn file_url(file: &Path) -> String {
    let path = path_for_browser(file).display().to_string().replace('\\', "/");
    // Windows paths start with a drive letter.
    let slash = if path.starts_with('/') { "" } else { "/" };
    format!("file://{slash}{path}")
}

impl Process {
    /// Starts a browser and returns the address that it prints to stderr after `prefix`.
    pub(super) fn start(
        command: &mut Command,
        profile: TempDir,
        prefix: &str,
    ) -> Result<(Self, String), Error> {
        let started = match env::var(lend::VARIABLE) {
            Ok(lender) => borrow(&lender, command),
            Err(_) => spawn(command),
        };
        let (running, printed) = started
            .map_err(|error| Error::Start(format!("{:?}: {error}", command.get_program())))?;
        let process = Self { running, profile };
        Ok((process, address(printed, prefix)?))
    }

    /// Waits until a browser that was asked to exit has done so.
    pub(super) fn wait_for_end(&mut self) {
        let patience = Duration::from_secs(5);
        let deadline = Instant::now() + patience;
        match &mut self.running {
            Running::Child(child) => {
                while Instant::now() < deadline && !matches!(child.try_wait(), Ok(Some(_))) {
                    thread::sleep(Duration::from_millis(5));
                }
            }
            Running::Lent(stream) => {
                // In any case, the browser exits when the connection closes.
                let _ = stream.set_read_timeout(Some(patience));
                let _ = io::copy(stream, &mut io::sink());
            }
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // These fail only if the process has already exited.
        match &mut self.running {
            Running::Child(child) => {
                let _ = child.kill();
                let _ = child.wait();
            }
            Running::Lent(stream) => {
                let _ = stream.shutdown(Shutdown::Both);
            }
        }
        // The browser's last writes can make removing the folder fail. After these attempts,
        // cleaning up is left to the system.
        for _ in 0..20 {
            if fs::remove_dir_all(self.profile.path()).is_ok() {
                break;
            }
            thread::sleep(Duration::from_millis(25));
        }
    }
}

fn spawn(command: &mut Command) -> io::Result<(Running, Printed)> {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = command.spawn()?;
    let printed = child.stderr.take().expect("stderr was asked for as a pipe");
    Ok((Running::Child(child), Box::new(printed)))
}

/// Speaks the protocol of [`xtask::lend`]: the program and its arguments, each followed by a tab.
fn borrow(lender: &str, command: &Command) -> io::Result<(Running, Printed)> {
    let mut stream = TcpStream::connect(lender)?;
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let line: String = words.map(|word| format!("{}\t", word.display())).collect();
    stream.write_all(format!("{line}\n").as_bytes())?;
    let printed = stream.try_clone()?;
    Ok((Running::Lent(stream), Box::new(printed)))
}

/// Waits for the line with the address, and keeps reading the output.
fn address(stderr: Printed, prefix: &str) -> Result<String, Error> {
    let (sender, lines) = channel();
    thread::spawn(move || {
        for line in BufReader::new(stderr).lines().map_while(Result::ok) {
            // Later lines are read and discarded, so that the pipe doesn't fill up.
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
