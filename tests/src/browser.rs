//! Starts a real headless Chromium with a fresh profile, and ends it.
//! Pages and what one does on them are in `page`; the protocol is in `session`.

use std::cell::RefCell;
use std::io::{BufRead, BufReader, Read};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;

mod accessibility;
mod console;
mod error;
mod keyboard;
mod network;
mod page;
mod process;
mod session;

pub use accessibility::AccessibleNode;
pub use error::Error;
pub use network::NetworkEntry;
pub use page::Page;

use error::told;
use process::Process;
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
    process: Process,
    endpoint: String,
    session: RefCell<Session>,
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
        let switches = [SWITCHES, switches, &["about:blank"]].concat();
        let (mut process, printed) = Process::start(&switches)?;
        let connected = devtools_url(printed)
            .and_then(|url| Session::open(&url).map(|session| (url, session)))
            .inspect_err(|_| process.end());
        let (endpoint, session) = connected?;
        Ok(Self { process, endpoint, session: RefCell::new(session) })
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
            if self.process.has_ended() {
                break;
            }
        }
        self.process.end();
    }
}

/// Waits for the line in which Chromium prints its address, and goes on emptying its stderr.
fn devtools_url(stderr: impl Read + Send + 'static) -> Result<String, Error> {
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
