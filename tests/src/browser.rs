//! Starts a real headless Chromium with a fresh profile, and ends it.
//! Pages and what one does on them are in `page`; the protocol is in `session`.

use std::cell::RefCell;
use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStderr, Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;
use tempfile::TempDir;
use xtask::chromium;

mod accessibility;
mod console;
mod error;
mod keyboard;
mod network;
mod page;
mod session;

pub use accessibility::AccessibleNode;
pub use error::Error;
pub use network::NetworkEntry;
pub use page::Page;

use error::told;
use session::Session;

/// How long anything in the browser may take before the test fails. A cold start on a busy
/// machine with two cores has been seen to take several seconds.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// No window, no first-run pages, and no talk with anyone but the server under test.
const SWITCHES: &[&str] = &[
    "--headless=new",
    "--remote-debugging-port=0",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    // Containers give /dev/shm too little room for a page.
    "--disable-dev-shm-usage",
    "--disable-extensions",
    "--disable-features=MediaRouter,OptimizationHints,Translate",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--force-color-profile=srgb",
    "--metrics-recording-only",
    "--no-default-browser-check",
    "--no-first-run",
    "--no-proxy-server",
    // On macOS and Linux desktops a fresh profile would ask for the keys of the user.
    "--password-store=basic",
    "--use-mock-keychain",
];

/// A running browser. It ends, and its profile goes, when this is dropped.
#[derive(Debug)]
pub struct Browser {
    process: Child,
    endpoint: String,
    session: RefCell<Session>,
    // Dropped last: the browser writes to it until its end.
    profile: TempDir,
}

impl Browser {
    /// Starts Chromium as `xtask::chromium::find` finds it.
    ///
    /// # Panics
    ///
    /// If there is none, or it does not come up within [`PATIENCE`].
    #[track_caller]
    #[must_use]
    pub fn launch() -> Self {
        Self::launch_with(&[])
    }

    /// The same with further switches of the command line.
    ///
    /// # Panics
    ///
    /// As [`launch`](Self::launch).
    #[track_caller]
    #[must_use]
    pub fn launch_with(switches: &[&str]) -> Self {
        told(Self::try_launch(switches))
    }

    /// Opens an empty page in a tab of its own. All pages share one profile, as a person's do.
    #[track_caller]
    #[must_use]
    pub fn page(&self) -> Page<'_> {
        told(self.try_page())
    }

    fn try_launch(switches: &[&str]) -> Result<Self, Error> {
        let program = chromium::find().map_err(|missing| Error::Start(missing.to_string()))?;
        let profile = TempDir::new().map_err(|error| Error::Start(error.to_string()))?;
        let mut command = Command::new(&program);
        command
            .args(SWITCHES)
            .args(switches)
            .arg(format!("--user-data-dir={}", profile.path().display()));
        if chromium::is_root() {
            command.arg("--no-sandbox");
        }
        command.arg("about:blank").stdin(Stdio::null()).stdout(Stdio::null());
        let mut process = command
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| Error::Start(format!("{}: {error}", program.display())))?;
        let stderr = process.stderr.take().expect("stderr was asked for as a pipe");
        let connected = devtools_url(stderr)
            .and_then(|url| Session::open(&url).map(|session| (url, session)))
            .inspect_err(|_| end(&mut process));
        let (endpoint, session) = connected?;
        Ok(Self { process, endpoint, session: RefCell::new(session), profile })
    }

    fn try_page(&self) -> Result<Page<'_>, Error> {
        let mut session = self.session.borrow_mut();
        let answer = session.call("Target.createTarget", &json!({ "url": "about:blank" }))?;
        let target = session::text(&answer, "targetId")?;
        // The browser's own address ends in /devtools/browser/ID.
        let (host, _) = self
            .endpoint
            .split_once("/devtools/")
            .ok_or_else(|| Error::Protocol(format!("an unknown address {}", self.endpoint)))?;
        Page::attach(&format!("{host}/devtools/page/{target}"), &target)
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Asked politely, it takes its own children along and stops writing to the profile.
        let asked = self.session.get_mut().call("Browser.close", &json!({}));
        let deadline = Instant::now() + Duration::from_secs(5);
        while asked.is_ok() && Instant::now() < deadline {
            if let Ok(Some(_)) = self.process.try_wait() {
                break;
            }
            thread::sleep(Duration::from_millis(5));
        }
        end(&mut self.process);
        // Late writers can make one removal fail; what is left after these is the system's.
        for _ in 0..20 {
            if fs::remove_dir_all(self.profile.path()).is_ok() {
                break;
            }
            thread::sleep(Duration::from_millis(25));
        }
    }
}

/// Both calls fail only if the process has ended already, which is what they are for.
fn end(process: &mut Child) {
    let _ = process.kill();
    let _ = process.wait();
}

/// Waits for the line in which Chromium prints its address, and goes on emptying its stderr.
fn devtools_url(stderr: ChildStderr) -> Result<String, Error> {
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
            Ok(line) => match line.strip_prefix("DevTools listening on ") {
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
