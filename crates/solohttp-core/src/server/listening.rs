//! A server that has its port: what it tells the terminal, how it opens the browser and serves.
//!
//! Knows nothing of how it was set up.

use std::fmt;
use std::io::{self, IsTerminal as _, Write as _};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::rc::Rc;
use std::time::{Duration, Instant};

use super::arguments::Arguments;
use super::ports::reachable;
use crate::access::launch::Launch;
use crate::error::Error;
use crate::event_loop::{EventLoop, StopHandle};
use crate::handler::dispatch::Dispatcher;
use crate::handler::{Handler, IntoHandler};
use crate::server::browser;
use crate::server::signals::Stoppable;
use crate::server::watchdog::Watchdog;

/// A server that has its port, and accepts connections once it runs.
#[must_use = "call `run`"]
pub struct Listening {
    event_loop: EventLoop,
    address: SocketAddr,
    start_page: Option<String>,
    launch: Option<Rc<Launch>>,
    quiet: bool,
    ignores_signals: bool,
    answering: Dispatcher,
    notice: Notice,
}

/// What the terminal is told of who can connect, and how to have it otherwise.
#[derive(Debug)]
pub(super) struct Notice(String);

impl Notice {
    pub(super) fn new(address: SocketAddr, has_token: bool, arguments: Arguments) -> Self {
        let whom = if has_token {
            "Only browsers signed in by this program"
        } else if address.ip().is_loopback() {
            "All programs and users of this machine"
        } else {
            "Everyone in the network"
        };
        let otherwise = match (has_token, arguments.are_read) {
            (true, true) => "on; turn it off with `--no-token`",
            (true, false) => "on; turn it off with `Server::launch_token(false)`",
            (false, _) if arguments.no_token => "off; turn it on by leaving out `--no-token`",
            (false, _) => "off; turn it on with `Server::launch_token(true)`",
        };
        Self(format!("{whom} can connect (the launch token is {otherwise})."))
    }
}

impl Listening {
    pub(super) fn new(
        event_loop: EventLoop,
        address: SocketAddr,
        start_page: Option<String>,
        launch: Option<Rc<Launch>>,
        quiet: bool,
        answering: Dispatcher,
        notice: Notice,
    ) -> Self {
        let ignores_signals = false;
        Self { event_loop, address, start_page, launch, quiet, ignores_signals, answering, notice }
    }

    pub(super) fn ignoring_signals(self) -> Self {
        Self { ignores_signals: true, ..self }
    }

    /// The address of the root page for browsers of this machine, with a slash at its end.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}/", reachable(self.address))
    }

    /// The address and port that were bound.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Ends the server from another thread.
    #[must_use]
    pub fn stop_handle(&self) -> StopHandle {
        self.event_loop.stop_handle()
    }

    /// What a client that is no browser has to send as `Authorization: Bearer`, if
    /// [`Server::launch_token`](crate::Server::launch_token) is on.
    #[must_use]
    pub fn token(&self) -> Option<&str> {
        self.launch.as_deref().map(Launch::token)
    }

    /// Makes a link that signs in one browser, within a minute, and shows it the start page; up to
    /// eight are good at a time. Without a launch token, the address of the start page.
    ///
    /// The address must not get onto a command line, which every user of the machine can read.
    ///
    /// # Errors
    /// If the system gives no random bits.
    pub fn launch_url(&self) -> Result<String, Error> {
        match &self.launch {
            Some(launch) => launch.admit(Instant::now()).map_err(Error::LaunchUrl),
            None => Ok(self.url() + self.start_page.as_deref().unwrap_or_default()),
        }
    }

    /// Serves on the calling thread until a response, a [`StopHandle`] or a
    /// [signal](crate::Server::stop_on_signals) ends it. The handler and its state are dropped
    /// before it returns.
    ///
    /// # Errors
    /// If the system's poller fails.
    pub fn run<M>(self, handler: impl IntoHandler<(), M>) -> Result<(), Error> {
        let url = self.url();
        // Before the handler, so that it is dropped after it: closing a database may take a while,
        // and a second Ctrl-C must end that too.
        let _stoppable = (!self.ignores_signals)
            .then(|| Stoppable::new(self.event_loop.stop_handle(), self.quiet));
        let mut handler = handler.into_handler();
        log::info!(target: "solohttp", "listening on {url}");
        let way_in = self.open_browser(&url)?;
        if !self.quiet {
            announce(&self.notice, &url, way_in.as_deref());
        }
        let mut answering = self.answering;
        answering.watchdog = watchdog(self.event_loop.limits().slow_handler);
        let served = self.event_loop.run(&mut |conn| {
            conn.answer(|request| answering.answer(&mut handler as &mut dyn Handler, request));
        });
        log::info!(target: "solohttp", "shut down");
        served.map_err(Error::Poll)
    }

    /// Opens the browser if one was asked for; returns the address that lets one in if the person
    /// has to open it.
    ///
    /// A terminal shows it in any case: a browser may be unable to read our file.
    fn open_browser(&self, url: &str) -> Result<Option<String>, Error> {
        let Some(launch) = &self.launch else {
            if let Some(path) = &self.start_page {
                let page = format!("{url}{path}");
                tell(&browser::open(page.as_ref(), |why| warn_of_no_browser(&why)));
            }
            return Ok(None);
        };
        let address = self.launch_url()?;
        let is_shown = is_terminal();
        let way_in = (!is_shown && !self.quiet).then(|| address.clone());
        let failed = move |why: String| {
            warn_of_no_browser(&why);
            // Nobody else could let one in any more.
            if let Some(address) = way_in {
                show_way_in(&address);
            }
        };
        let open = |file: PathBuf| browser::open(file.as_ref(), failed);
        let is_opened = self.start_page.is_some() && tell(&launch.file(&address).and_then(open));
        Ok((!is_opened || is_shown).then_some(address))
    }
}

/// A browser that cannot be opened is no reason to stop, because its address is printed too.
fn tell(opened: &io::Result<()>) -> bool {
    if let Err(error) = opened {
        warn_of_no_browser(error);
    }
    opened.is_ok()
}

pub(super) fn warn_of_no_browser(why: &dyn fmt::Display) {
    log::warn!(target: "solohttp", "cannot open a browser: {why}");
}

/// A server without one serves as well.
fn watchdog(patience: Duration) -> Option<Watchdog> {
    let report = move |what: &str| {
        log::warn!(
            target: "solohttp",
            "{what} runs for more than {patience:?}, and everybody waits for it"
        );
    };
    let started = Watchdog::start(patience, report);
    started.inspect_err(|error| log::warn!(target: "solohttp", "no watchdog: {error}")).ok()
}

/// Who can connect and how to end it; then the address alone on a line, so that people and
/// programs find it; then the way in for a browser that did not open by itself.
fn announce(Notice(notice): &Notice, url: &str, way_in: Option<&str>) {
    print(&format!("{notice} Press Ctrl-C to stop.\n{url}"));
    if let Some(way_in) = way_in {
        show_way_in(way_in);
    }
}

pub(super) fn show_way_in(address: &str) {
    print(&format!("One-time sign-in link, valid for one minute: {address}"));
}

pub(super) fn is_terminal() -> bool {
    io::stdout().is_terminal()
}

/// Standard output may be closed; the server is of use all the same.
pub(super) fn print(text: &str) {
    let mut out = io::stdout().lock();
    drop(writeln!(out, "{text}"));
    drop(out.flush());
}

impl fmt::Debug for Listening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Listening").field("url", &self.url()).finish_non_exhaustive()
    }
}
