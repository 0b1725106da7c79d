//! A bound server, which opens the browser and serves requests.
//!
//! Independent of how the server was configured.

use std::fmt;
use std::io;
use std::mem;
use std::net::SocketAddr;
use std::panic::Location;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use super::ports::reachable;
use super::terminal::{announce, is_terminal, print_sign_in_link, warn_of_no_browser};
use crate::access::launch::Launch;
use crate::conn::{Rules, Transfers};
use crate::error::Error;
use crate::event_loop::{Application, EventLoop, StopHandle};
use crate::handler::dispatch::Dispatcher;
use crate::handler::{Handler, IntoHandler};
use crate::remote::{Remote, Target};
use crate::request::Request;
use crate::response::Response;
use crate::server::browser;
use crate::server::signals::Stoppable;
use crate::server::watchdog::Watchdog;

/// A bound server. It accepts connections once [`run`](Self::run) is called.
#[must_use = "call `run`"]
pub struct Listening {
    pub(super) event_loop: EventLoop,
    pub(super) address: SocketAddr,
    pub(super) start_page: Option<String>,
    pub(super) launch: Option<Rc<Launch>>,
    pub(super) quiet: bool,
    pub(super) ignores_signals: bool,
    pub(super) dispatcher: Dispatcher,
    pub(super) notice: String,
}

impl Listening {
    /// Returns the URL at which browsers on this machine reach the root page, with a trailing
    /// slash.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}/", reachable(self.address))
    }

    /// The bound address and port.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns a handle that lets other threads run closures on the handler's state.
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
    /// [`run`](Self::run) panics if the handler has no state of this type.
    #[must_use]
    #[track_caller]
    pub fn remote<S: 'static>(&self) -> Remote<S> {
        let queue = self.event_loop.mailbox().queue();
        queue.promise(Target::new::<S>(None, Location::caller()));
        Remote::new(Some(queue), None)
    }

    /// Returns a handle that stops the server from another thread.
    #[must_use]
    pub fn stop_handle(&self) -> StopHandle {
        self.event_loop.stop_handle()
    }

    /// Returns the token that clients other than browsers send as `Authorization: Bearer`. Returns
    /// `None` if the [launch token](crate::Server::launch_token) is off.
    #[must_use]
    pub fn token(&self) -> Option<&str> {
        self.launch.as_deref().map(Launch::token)
    }

    /// Returns a one-time link, valid for one minute, that signs in a browser and opens the start
    /// page. Up to eight links are valid at a time. Without a launch token, returns the URL of the
    /// start page.
    ///
    /// Don't pass the link on a command line, because every user of the machine can read command
    /// lines.
    ///
    /// # Errors
    /// If the system provides no random bytes.
    pub fn launch_url(&self) -> Result<String, Error> {
        match &self.launch {
            Some(launch) => launch.sign_in_link(Instant::now()).map_err(Error::LaunchUrl),
            None => Ok(self.url() + self.start_page.as_deref().unwrap_or_default()),
        }
    }

    /// Returns the number of responses that are still being sent to slow clients.
    #[must_use]
    pub fn transfers(&self) -> Transfers {
        self.event_loop.transfers()
    }

    /// Returns a handle that tells whether a browser was started but hasn't connected yet.
    #[must_use]
    pub fn pending_launches(&self) -> PendingLaunches {
        PendingLaunches(self.launch.clone())
    }

    /// Writes an HTML file that signs in the browser that opens it and leads to the start page. The
    /// file can be used once. The server removes it after use, or when the server ends. The path,
    /// unlike [`launch_url`](Self::launch_url), may appear on a command line, because no other user
    /// can read the file.
    ///
    /// The file is valid for one minute after the server starts to [run](Self::run).
    ///
    /// # Errors
    /// If the launch token is off, or the data folder is not writable.
    pub fn launch_page(&self) -> Result<LaunchPage, Error> {
        let launch = self.launch.as_deref();
        let launch = launch.ok_or_else(|| io::Error::from(io::ErrorKind::Unsupported));
        let page = launch.and_then(|launch| {
            let url = launch.sign_in_link(Instant::now())?;
            Ok(LaunchPage { file: launch.launch_file(&url)?, url })
        });
        page.map_err(Error::LaunchUrl)
    }

    /// Runs `work` on this thread before the server runs, for example to open a large database.
    /// Until `work` returns, another thread answers all requests with `page`.
    ///
    /// Access is limited to this machine and to allowed hosts, but nobody is signed in yet, so the
    /// page must not show any data. It should reload itself. A request for a sign-in link doesn't
    /// use up the link.
    ///
    /// ```no_run
    /// use solohttp_core::{Error, Response, Server};
    ///
    /// fn main() -> Result<(), Error> {
    ///     let listening = Server::new().bind()?;
    ///     let wait = || Response::html("<meta http-equiv=refresh content=1>Opening …");
    ///     let stock = listening.meanwhile(wait, || vec!["apples", "pears"]);
    ///     listening.run(move || stock.join("\n"))
    /// }
    /// ```
    pub fn meanwhile<M, T>(
        &self,
        page: impl IntoHandler<(), M> + Send,
        work: impl FnOnce() -> T,
    ) -> T {
        let started = self.event_loop.meanwhile();
        let (listeners, access) = match started {
            Ok(started) => started,
            Err(error) => {
                log::warn!(target: "solohttp", "cannot answer requests yet: {error}");
                return work();
            }
        };
        thread::scope(|scope| {
            let (sender, stop) = mpsc::channel();
            let serve = move || {
                let rules = Rules { access, ..Rules::default() };
                let Ok(event_loop) = EventLoop::new(listeners, Rc::new(rules)) else { return };
                let _ = sender.send(event_loop.stop_handle());
                let mut handler = page.into_handler();
                let mut app = Served { handler: &mut handler, dispatcher: Dispatcher::default() };
                let _ended = event_loop.run(&mut app);
            };
            scope.spawn(serve);
            // Stops the other thread even if `work` panics.
            let _stop = StopWhenDropped(stop);
            work()
        })
    }

    /// Serves on the calling thread until a response, a [`StopHandle`] or a
    /// [signal](crate::Server::stop_on_signals) shuts the server down. Drops the handler and its
    /// state before it returns.
    ///
    /// # Errors
    /// If the system's poller fails.
    pub fn run<M>(mut self, handler: impl IntoHandler<(), M>) -> Result<(), Error> {
        let url = self.url();
        if let Some(launch) = &self.launch {
            launch.renew_links(Instant::now());
        }
        // Declared before the handler, and therefore dropped after it. Closing a database may take
        // a while, and a second Ctrl-C must be able to interrupt that.
        let _stoppable = (!self.ignores_signals)
            .then(|| Stoppable::new(self.event_loop.stop_handle(), self.quiet));
        let mut handler = handler.into_handler();
        let _entered = self.event_loop.mailbox().enter();
        let mut dispatcher = mem::take(&mut self.dispatcher);
        dispatcher.watchdog = watchdog(self.event_loop.limits().slow_handler);
        let mut app = Served { handler: &mut handler, dispatcher };
        self.event_loop.mailbox().start(&mut app);
        log::info!(target: "solohttp", "listening on {url}");
        let sign_in = self.open_browser(&url)?;
        if !self.quiet {
            announce(&self.notice, &url, sign_in.as_deref());
        }
        let served = self.event_loop.run(&mut app);
        log::info!(target: "solohttp", "shut down");
        served.map_err(Error::Poll)
    }

    /// Opens the browser if configured to. Returns a sign-in link to print if the user may need
    /// one.
    ///
    /// A terminal always shows the link, because a sandboxed browser may be unable to read the
    /// launch file.
    fn open_browser(&self, url: &str) -> Result<Option<String>, Error> {
        let Some(launch) = &self.launch else {
            if let Some(path) = &self.start_page {
                let page = format!("{url}{path}");
                was_opened(&browser::open(page.as_ref(), |why| warn_of_no_browser(&why)));
            }
            return Ok(None);
        };
        if self.quiet && self.start_page.is_none() {
            return Ok(None);
        }
        let link = self.launch_url()?;
        let is_shown = is_terminal();
        let fallback = (!is_shown && !self.quiet).then(|| link.clone());
        let failed = move |why: String| {
            warn_of_no_browser(&why);
            // Otherwise the user couldn't sign in.
            if let Some(link) = fallback {
                print_sign_in_link(&link);
            }
        };
        let open = |file: PathBuf| browser::open(file.as_ref(), failed);
        let is_opened =
            self.start_page.is_some() && was_opened(&launch.launch_file(&link).and_then(open));
        Ok((!is_opened || is_shown).then_some(link))
    }
}

/// An HTML file that signs in the browser that opens it. See [`Listening::launch_page`].
#[derive(Debug)]
pub struct LaunchPage {
    pub(super) file: PathBuf,
    pub(super) url: String,
}

impl LaunchPage {
    /// The path of the file.
    #[must_use]
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// The one-time link in the file.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }
}

/// Sign-in links and [`LaunchPage`]s that no browser has used yet.
#[derive(Debug, Clone)]
pub struct PendingLaunches(Option<Rc<Launch>>);

impl PendingLaunches {
    /// Returns whether any link is still valid and unused, including links created when the program
    /// was started a second time. Reads the data folder.
    #[must_use]
    pub fn exist(&self) -> bool {
        self.0.as_ref().is_some_and(|launch| launch.is_pending(Instant::now()))
    }
}

struct StopWhenDropped(mpsc::Receiver<StopHandle>);

impl Drop for StopWhenDropped {
    fn drop(&mut self) {
        // Fails if the other thread has already ended, because it couldn't start its event loop.
        if let Ok(stop) = self.0.recv() {
            stop.stop();
        }
    }
}

/// The application that the event loop serves.
struct Served<'a> {
    handler: &'a mut dyn Handler,
    dispatcher: Dispatcher,
}

impl Application for Served<'_> {
    fn handle(&mut self, request: &mut Request) -> Response {
        self.dispatcher.dispatch(self.handler, request)
    }
}

/// Logs a failure to open the browser. The server continues anyway, since it also prints the
/// address.
fn was_opened(opened: &io::Result<()>) -> bool {
    if let Err(error) = opened {
        warn_of_no_browser(error);
    }
    opened.is_ok()
}

/// Starts the watchdog. If that fails, the server runs without one.
fn watchdog(threshold: Duration) -> Option<Watchdog> {
    let report = move |request: &str| {
        log::warn!(
            target: "solohttp",
            "{request} has been running for more than {threshold:?}; all other requests are blocked"
        );
    };
    let started = Watchdog::start(threshold, report);
    started
        .inspect_err(|error| log::warn!(target: "solohttp", "cannot start the watchdog: {error}"))
        .ok()
}

impl fmt::Debug for Listening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Listening").field("url", &self.url()).finish_non_exhaustive()
    }
}
