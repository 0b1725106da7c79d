//! A server that has its port: what it tells the terminal, how it opens the browser and serves.
//!
//! Knows nothing of how it was set up.

use std::fmt;
use std::io::{self, IsTerminal as _, Write as _};
use std::mem;
use std::net::SocketAddr;
use std::panic::Location;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::arguments::Arguments;
use super::ports::reachable;
use crate::access::launch::Launch;
use crate::conn::Conn;
use crate::error::Error;
use crate::event_loop::{Application, EventLoop, StopHandle};
use crate::handler::dispatch::{Dispatcher, Outcome};
use crate::handler::{Handler, IntoHandler};
use crate::remote::Remote;
use crate::remote::call::{LocalCall, Target};
use crate::remote::calls::Calls;
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
    dispatcher: Dispatcher,
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
        dispatcher: Dispatcher,
        notice: Notice,
    ) -> Self {
        let ignores_signals = false;
        Self { event_loop, address, start_page, launch, quiet, ignores_signals, dispatcher, notice }
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

    /// Hands in closures for the state of the handler that will [run](Self::run), from other threads.
    ///
    /// ```no_run
    /// use solohttp_core::{Error, Handler, IntoHandler, Server};
    ///
    /// fn main() -> Result<(), Error> {
    ///     let listening = Server::new().bind()?;
    ///     let remote = listening.remote();
    ///     std::thread::spawn(move || remote.run(|lines: &mut Vec<String>| lines.push("Hi".into())));
    ///     let page = |lines: &mut Vec<String>| lines.join("\n");
    ///     listening.run(page.into_handler().with_state(Vec::new()))
    /// }
    /// ```
    ///
    /// # Panics
    /// `run` panics if its handler has no state of this type.
    #[must_use]
    #[track_caller]
    pub fn remote<S: 'static>(&self) -> Remote<S> {
        let queue = Arc::clone(self.event_loop.queue());
        queue.promise(Target::new::<S>(None, Location::caller()));
        Remote::new(Some(queue), None)
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
    pub fn run<M>(mut self, handler: impl IntoHandler<(), M>) -> Result<(), Error> {
        let url = self.url();
        // Before the handler, so that it is dropped after it: closing a database may take a while,
        // and a second Ctrl-C must end that too.
        let _stoppable = (!self.ignores_signals)
            .then(|| Stoppable::new(self.event_loop.stop_handle(), self.quiet));
        let mut handler = handler.into_handler();
        let _entered = self.event_loop.calls().queue().enter();
        let mut dispatcher = mem::take(&mut self.dispatcher);
        dispatcher.watchdog = watchdog(self.event_loop.limits().slow_handler);
        let mut app = Served { handler: &mut handler, dispatcher };
        app.start(self.event_loop.calls());
        log::info!(target: "solohttp", "listening on {url}");
        let way_in = self.open_browser(&url)?;
        if !self.quiet {
            announce(&self.notice, &url, way_in.as_deref());
        }
        let served = self.event_loop.run(&mut app);
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

/// The application as the event loop serves it.
struct Served<'a> {
    handler: &'a mut dyn Handler,
    dispatcher: Dispatcher,
}

impl Served<'_> {
    /// Sets the timers that the handlers bring, and looks for the states that closures will be for.
    fn start(&mut self, calls: &mut Calls) {
        drop(self.make(calls, LocalCall::start()));
        for target in calls.queue().take_promised() {
            let (call, _) = self.make(calls, LocalCall::probe(target));
            assert!(
                !call.is_some_and(|call| call.is_undelivered()),
                "no handler has the state `{}`, which `Listening::remote` was called for at {}: \
                 the type has to be that of a value given to `with_state`",
                target.state_name(),
                target.location
            );
        }
    }

    fn make(&mut self, calls: &mut Calls, call: LocalCall) -> (Option<LocalCall>, Outcome) {
        let (mut call, outcome) = self.dispatcher.call(self.handler, call);
        let timers = call.as_mut().map(LocalCall::take_timers).unwrap_or_default();
        timers.into_iter().for_each(|timer| calls.add_timer(timer));
        (call, outcome)
    }
}

impl Application for Served<'_> {
    fn answer(&mut self, conn: &mut Conn) {
        conn.answer(|request| self.dispatcher.answer(self.handler, request));
    }

    fn call(&mut self, calls: &mut Calls, call: LocalCall) -> bool {
        let (call, outcome) = self.make(calls, call);
        if let Some(call) = call {
            if call.is_undelivered() {
                let (state, place) = (call.target.state_name(), call.target.location);
                log::error!(target: "solohttp", "no handler has the state `{state}` of {place}");
            }
            call.end(outcome.succeeded);
        }
        outcome.shuts_down
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
