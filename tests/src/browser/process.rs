//! The browser's process: a child of ours, or one lent by the machine that we run on as another
//! system. Knows switches only as text.

use std::env;
use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::path::{Component, Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;
use xtask::{chromium, lend};

use super::Error;

/// A browser that runs.
#[derive(Debug)]
pub(super) enum Process {
    /// The profile is dropped last: the browser writes to it until its end.
    Child { process: Child, profile: TempDir },
    /// As long as this connection.
    Lent(TcpStream),
}

impl Process {
    /// Starts Chromium with a fresh profile; returns what it prints too.
    pub(super) fn start(switches: &[&str]) -> Result<(Self, Box<dyn Read + Send>), Error> {
        match env::var(lend::VARIABLE) {
            Ok(address) => borrow(&address, switches),
            Err(_) => spawn(switches),
        }
    }

    /// Waits a moment for its end; true if it has ended.
    pub(super) fn has_ended(&mut self) -> bool {
        const MOMENT: Duration = Duration::from_millis(5);
        match self {
            Self::Child { process, .. } => {
                std::thread::sleep(MOMENT);
                matches!(process.try_wait(), Ok(Some(_)))
            }
            Self::Lent(_) => true,
        }
    }

    /// Ends it. Everything here fails only if it has ended already, which is what it is for.
    pub(super) fn end(&mut self) {
        match self {
            Self::Child { process, profile } => {
                let _ = process.kill();
                let _ = process.wait();
                // Late writers can make one removal fail; what is left after these is the system's.
                for _ in 0..20 {
                    if std::fs::remove_dir_all(profile.path()).is_ok() {
                        break;
                    }
                    std::thread::sleep(Duration::from_millis(25));
                }
            }
            Self::Lent(stream) => {
                let _ = stream.shutdown(Shutdown::Both);
            }
        }
    }
}

fn spawn(switches: &[&str]) -> Result<(Process, Box<dyn Read + Send>), Error> {
    let program = chromium::find().map_err(|missing| Error::Start(missing.to_string()))?;
    let profile = TempDir::new().map_err(|error| Error::Start(error.to_string()))?;
    let mut command = Command::new(&program);
    command.args(switches).arg(format!("--user-data-dir={}", profile.path().display()));
    if chromium::is_root() {
        command.arg("--no-sandbox");
    }
    let mut process = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| Error::Start(format!("{}: {error}", program.display())))?;
    let printed = process.stderr.take().expect("stderr was asked for as a pipe");
    Ok((Process::Child { process, profile }, Box::new(printed)))
}

fn borrow(address: &str, switches: &[&str]) -> Result<(Process, Box<dyn Read + Send>), Error> {
    let connect = || {
        let mut stream = TcpStream::connect(address)?;
        let line: String = switches.iter().map(|switch| format!("{switch}\t")).collect();
        stream.write_all(format!("{line}\n").as_bytes())?;
        let printed = stream.try_clone()?;
        io::Result::Ok((Process::Lent(stream), Box::new(printed) as Box<dyn Read + Send>))
    };
    connect().map_err(|error| Error::Start(format!("the browser lent at {address}: {error}")))
}

/// How the browser calls a file: a lent one knows no drives, and our drive Z is its root.
pub(super) fn path_for_browser(path: &Path) -> PathBuf {
    if env::var_os(lend::VARIABLE).is_none() {
        return path.to_owned();
    }
    let parts =
        path.components().filter(|part| !matches!(part, Component::Prefix(_) | Component::RootDir));
    let parts: Vec<_> = parts.map(|part| part.as_os_str().to_string_lossy()).collect();
    PathBuf::from(format!("/{}", parts.join("/")))
}
