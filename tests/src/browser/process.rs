//! A browser process with its own profile.

use std::env;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::path::{Component, Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;
use xtask::browser::Kind;
use xtask::lend;

use super::{Error, PATIENCE};

/// A running browser. Dropping it ends the browser and deletes its profile. The same happens when
/// this process ends, even if it is killed.
#[derive(Debug)]
pub(super) struct Process {
    running: Running,
    // Usually deleted by the keeper or the lender. This field is dropped last, because the browser
    // writes to its profile until it exits.
    _profile: TempDir,
}

/// How the browser runs.
#[derive(Debug)]
enum Running {
    /// As a child of the program `keeper`, which ends the browser when `input` is closed.
    Kept { keeper: Child, input: Option<ChildStdin> },
    /// Borrowed from the host system while the connection is open.
    Lent(TcpStream),
}

/// The timeout for a browser to exit, and for its profile to be deleted.
const END: Duration = Duration::from_secs(5);

/// The browser's output.
type Printed = Box<dyn Read + Send>;

/// Returns the path of the browser's program, or only its name if the browser is borrowed.
pub(super) fn program(kind: &Kind) -> Result<PathBuf, Error> {
    if env::var_os(lend::VARIABLE).is_some() {
        return Ok(PathBuf::from(kind.name));
    }
    kind.find().map_err(|missing| Error::Start(missing.to_string()))
}

/// Translates a path for the browser. A borrowed browser runs on the host, whose root folder is
/// drive Z for this process.
pub(super) fn path_for_browser(path: &Path) -> PathBuf {
    if env::var_os(lend::VARIABLE).is_none() {
        return path.to_owned();
    }
    let is_name = |part: &Component<'_>| matches!(part, Component::Normal(_));
    let names = path.components().filter(is_name);
    PathBuf::from(names.map(|name| format!("/{}", name.as_os_str().display())).collect::<String>())
}

/// Returns the `file:` URL of this file, as the browser sees it.
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
            Ok(lender) => borrow(&lender, profile.path(), command),
            Err(_) => spawn(profile.path(), command),
        };
        let (running, printed) = started
            .map_err(|error| Error::Start(format!("{:?}: {error}", command.get_program())))?;
        let process = Self { running, _profile: profile };
        Ok((process, address(printed, prefix)?))
    }

    /// Waits until a browser that was asked to exit has done so.
    pub(super) fn wait_for_end(&mut self) {
        match &mut self.running {
            Running::Kept { keeper, .. } => {
                let deadline = Instant::now() + END;
                while Instant::now() < deadline && !matches!(keeper.try_wait(), Ok(Some(_))) {
                    thread::sleep(Duration::from_millis(5));
                }
            }
            Running::Lent(stream) => {
                // In any case, the browser exits when the connection closes.
                let _ = stream.set_read_timeout(Some(END));
                let _ = io::copy(stream, &mut io::sink());
            }
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        match &mut self.running {
            Running::Kept { input, .. } => drop(input.take()),
            // Fails only if the browser has already exited.
            Running::Lent(stream) => drop(stream.shutdown(Shutdown::Write)),
        }
        self.wait_for_end();
    }
}

/// Starts the browser through the keeper.
fn spawn(profile: &Path, command: &Command) -> io::Result<(Running, Printed)> {
    let mut keeper = Command::new(keeper()?);
    keeper.arg(profile).arg(command.get_program()).args(command.get_args());
    keeper.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    keeper.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut keeper = keeper.spawn()?;
    let input = keeper.stdin.take();
    let printed = keeper.stderr.take().expect("stderr is piped");
    Ok((Running::Kept { keeper, input }, Box::new(printed)))
}

/// Finds the keeper. Cargo puts this package's programs next to the folder that contains the test
/// programs.
fn keeper() -> io::Result<PathBuf> {
    let test = env::current_exe()?;
    let name = format!("keeper{}", env::consts::EXE_SUFFIX);
    let mut places = test.ancestors().skip(1).take(2).map(|folder| folder.join(&name));
    places
        .find(|place| place.is_file())
        .ok_or_else(|| io::Error::other(format!("no program {name} near {}", test.display())))
}

/// Borrows a browser by the protocol of [`xtask::lend`]: sends the program, its profile and its
/// arguments, each followed by a tab.
fn borrow(lender: &str, profile: &Path, command: &Command) -> io::Result<(Running, Printed)> {
    let mut stream = TcpStream::connect(lender)?;
    let profile = path_for_browser(profile);
    let words = [command.get_program(), profile.as_os_str()].into_iter().chain(command.get_args());
    let line: String = words.map(|word| format!("{}\t", word.display())).collect();
    stream.write_all(format!("{line}\n").as_bytes())?;
    let printed = stream.try_clone()?;
    Ok((Running::Lent(stream), Box::new(printed)))
}

/// Waits for the line with the address, and keeps reading the output in the background.
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
                return Err(Error::Start(format!("it exited immediately:{printed}")));
            }
        }
    }
}
