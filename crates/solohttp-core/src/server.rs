//! How a server is set up, bound and run.
//!
//! Knows nothing of sockets beyond their addresses: `event_loop` has them.

mod already_running;
mod arguments;
mod blocked_ports;
pub(crate) mod browser;
mod listening;
mod ports;
pub(crate) mod signals;
pub(crate) mod watchdog;

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::rc::Rc;

pub use self::already_running::AlreadyRunning;
pub use self::listening::Listening;

use self::arguments::Arguments;
use self::listening::Notice;
use self::ports::reachable;
use crate::access::launch::{Claim, Door, Launch, Running, data_folder};
use crate::conn::Rules;
use crate::error::Error;
use crate::error::failure::Failure;
use crate::event_loop::EventLoop;
use crate::handler::IntoHandler;
use crate::handler::dispatch::Dispatcher;
use crate::limits::Limits;
use crate::request::Request;
use crate::response::Response;

/// Serves a handler at <http://127.0.0.1:8080/> and opens the browser there.
///
/// Returns when a response [shuts the server down](Response::and_shut_down), or on
/// [Ctrl-C](Server::stop_on_signals). Only the browser that it opens is signed in: see
/// [`Server::launch_token`]. If this program is running already, opens the browser there and
/// returns.
///
/// # Errors
/// If the port is unavailable.
///
/// ```no_run
/// use solohttp_core::{Error, Request, serve_http};
///
/// fn main() -> Result<(), Error> {
///     serve_http(|request: &Request| format!("You asked for {}", request.path()))
/// }
/// ```
pub fn serve_http<M>(handler: impl IntoHandler<(), M>) -> Result<(), Error> {
    Server::new().open_browser("/").run(handler)
}

/// How to listen and what to allow; start with [`Server::new`].
///
/// ```no_run
/// use solohttp_core::{Error, Server};
///
/// fn main() -> Result<(), Error> {
///     Server::new().port(8123).open_browser("/today").run(|| "Today is free.")
/// }
/// ```
#[must_use = "call `run` or `bind`"]
pub struct Server {
    address: Option<IpAddr>,
    exposed: bool,
    named_hosts: bool,
    port: u16,
    start_page: Option<String>,
    arguments: Arguments,
    launch_token: Option<bool>,
    rotates_token: bool,
    data_folder: Option<PathBuf>,
    instance: String,
    quiet: bool,
    ignores_signals: bool,
    rules: Rules,
    answering: Dispatcher,
}

impl Default for Server {
    fn default() -> Self {
        Self::new()
    }
}

impl Server {
    /// Port 8080, reachable from this machine only, as 127.0.0.1 and, where there is one, ::1; no
    /// browser is opened.
    pub fn new() -> Self {
        Self {
            address: None,
            exposed: false,
            named_hosts: false,
            port: 8080,
            start_page: None,
            arguments: Arguments::default(),
            launch_token: None,
            rotates_token: false,
            data_folder: None,
            instance: String::new(),
            quiet: false,
            ignores_signals: false,
            rules: Rules::default(),
            answering: Dispatcher::default(),
        }
    }

    /// Sets the port; 0 picks a free one.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Listens on this loopback address alone, for example `127.0.0.1` without `::1`.
    pub fn address(mut self, address: impl Into<IpAddr>) -> Self {
        self.address = Some(address.into());
        self.exposed = false;
        self
    }

    /// Listens on an address that other machines reach. Everybody there can use the application:
    /// there is no login and no encryption. Each name that browsers will use must be named by
    /// [`allow_host`](Self::allow_host).
    pub fn expose_to_network(mut self, address: impl Into<IpAddr>) -> Self {
        self.address = Some(address.into());
        self.exposed = true;
        self
    }

    /// Answers to this name as well: exactly, without port or wildcard, such as `app.localhost`.
    ///
    /// A request that names another host is refused, because a page on the web could otherwise
    /// point its own name at this machine (DNS rebinding).
    pub fn allow_host(mut self, name: &str) -> Self {
        self.rules.access.allow_host(name);
        self.named_hosts = true;
        self
    }

    /// Answers to whatever name it is called by, which lets any page on the web reach it by DNS
    /// rebinding. Only for a server behind a proxy that checks names.
    pub fn allow_any_host(mut self) -> Self {
        self.rules.access.allow_any_host();
        self.named_hosts = true;
        self
    }

    /// Lets pages of this origin read and change everything here, as our own pages can, for example
    /// those of a development server at `http://127.0.0.1:5173`: exactly, with scheme and port.
    /// Their browser's preflight requests are answered, and responses carry the headers of CORS
    /// (Fetch standard, section 3.2). All other foreign origins are refused.
    ///
    /// With a [`launch_token`](Self::launch_token), such a page has to `fetch` with
    /// `credentials: "include"`, and must be on the same host name.
    pub fn trust_origin(mut self, origin: &str) -> Self {
        self.rules.access.trust_origin(origin);
        self
    }

    /// Lets everybody read this path, which is matched to the letter: pages of other sites may
    /// include it, and it needs no [`launch_token`](Self::launch_token).
    pub fn public_asset(mut self, path: &str) -> Self {
        self.rules.access.public_asset(path);
        self
    }

    /// Requires a launch token, so that only browsers signed in by this program can use it.
    /// Without one, any user on this machine can connect. On by default if the program
    /// [opens a browser](Self::open_browser), also with `--no-browser`; off by default otherwise,
    /// and with `--no-token`.
    ///
    /// The browser is opened at a page that sets a cookie, good for a year, so bookmarks and open
    /// tabs survive a restart. A browser without the cookie is signed in by starting the program
    /// again: see [`AlreadyRunning`]. Where no browser can be opened, a one-time sign-in link is
    /// printed. Other clients send the token as `Authorization: Bearer`; it is in the file
    /// `launch-token` of the [`data_folder`](Self::data_folder).
    pub fn launch_token(mut self, on: bool) -> Self {
        self.launch_token = Some(on);
        self
    }

    /// Makes another launch token: all browsers and clients that were let in so far are shut out.
    /// To delete its file does the same at the next start.
    pub fn rotate_token(mut self) -> Self {
        self.rotates_token = true;
        self
    }

    /// Where the launch token is kept, instead of in a folder named after the program where this
    /// system has the data of applications. It must be closed to other users.
    pub fn data_folder(mut self, folder: impl Into<PathBuf>) -> Self {
        self.data_folder = Some(folder.into());
        self
    }

    /// Names what this copy of the program has open, for example the path of a document. A second
    /// start with the same name and port opens the copy that is running; one with another name
    /// gets [`Error::PortTaken`], or with port 0 a port of its own.
    pub fn instance(mut self, name: impl Into<String>) -> Self {
        self.instance = name.into();
        self
    }

    /// Opens the user's browser at this path once the port is bound, and signs it in: see
    /// [`launch_token`](Self::launch_token).
    pub fn open_browser(mut self, path: &str) -> Self {
        self.start_page = Some(path.trim_start_matches('/').to_owned());
        self
    }

    /// Prints nothing. By default the address goes to standard output, on a line of its own.
    pub fn quiet(mut self) -> Self {
        self.quiet = true;
        self
    }

    /// Whether Ctrl-C and its relatives end the server in order, which is the default: SIGTERM,
    /// SIGHUP, Ctrl-Break, a closed terminal or console window, log-off.
    ///
    /// Responses on their way get [`Limits::shut_down`], then the handler and its state are
    /// dropped, so that files and databases are closed, and [`Listening::run`] returns `Ok`. A
    /// second Ctrl-C ends the process at once, with the exit status 130. Signals that were ignored
    /// when the program started stay ignored, as under `nohup` (on Unix systems other than Linux
    /// this is known for SIGHUP only). When Windows closes the console window, logs off or shuts
    /// down, it may end the process before all of that is done.
    ///
    /// Turn it off if the program handles signals itself and calls a
    /// [`StopHandle`](crate::StopHandle). One process has one set of signals: they stop all of its
    /// servers for which this is on.
    pub fn stop_on_signals(mut self, on: bool) -> Self {
        self.ignores_signals = !on;
        self
    }

    /// Other limits than [`Limits::default`].
    pub fn limits(mut self, limits: Limits) -> Self {
        self.rules.limits = limits;
        self
    }

    /// Lets bodies that are sent to `path`, or to anything below it, have `most` bytes instead of
    /// [`Limits::body`]. The deepest such path decides; its segments are plain text.
    ///
    /// It goes by path and not by handler, because the limit applies from the head of the request
    /// on: a body that is too large is rejected before it is read, and of a multi-part form only
    /// what fits is kept.
    ///
    /// ```
    /// # use solohttp_core::Server;
    /// let server = Server::new().body_limit_for("/import", 1 << 30);
    /// ```
    pub fn body_limit_for(mut self, path: &str, most: u64) -> Self {
        self.rules.allowances.add(path, most);
        self
    }

    /// Where bodies over [`Limits::body_in_memory`] are kept while they are used, instead of in
    /// the system's folder for temporary files. That one may be in memory itself: choose another
    /// for uploads of gigabytes. The files have no names and go by themselves.
    pub fn spool_folder(mut self, folder: impl Into<PathBuf>) -> Self {
        self.rules.spool_folder = folder.into();
        self
    }

    /// The application's own page in place of the minced oath and of the plain ones: for errors,
    /// panics, and each [`Rejection`](crate::Rejection) of a handler, such as 404 and 405. Requests
    /// that no handler sees are refused with a plain page. It belongs to the server, so tests
    /// without one see the plain pages.
    pub fn error_page(
        mut self,
        page: impl FnMut(&Request, &Failure) -> Response + 'static,
    ) -> Self {
        self.answering.error_page = Some(Box::new(page));
        self
    }

    /// Takes the port, so that [`Listening::url`] is known before the server runs.
    ///
    /// # Errors
    /// If the port is unavailable or refused by browsers, or the address is not a loopback one and was not set by
    /// [`expose_to_network`](Self::expose_to_network). [`Error::AlreadyRunning`] if the launch
    /// token is on and a copy of this program has the port.
    pub fn bind(mut self) -> Result<Listening, Error> {
        let has_token = self.has_token();
        let running = if has_token { self.claim()? } else { None };
        let listeners = self.listeners()?;
        let address = listeners[0].address();
        if address.ip().is_loopback() {
            self.rules.access.allow_address(address.ip());
        }
        let launch = if has_token { Some(self.launch(address, running)?) } else { None };
        if self.arguments.no_browser {
            self.start_page = None;
        }
        self.rules.launch.clone_from(&launch);
        let notice = Notice::new(address, has_token, self.arguments);
        let Self { rules, start_page, quiet, ignores_signals, answering, .. } = self;
        let event_loop = EventLoop::new(listeners, Rc::new(rules)).map_err(Error::Poll)?;
        let listening =
            Listening::new(event_loop, address, start_page, launch, quiet, answering, notice);
        Ok(if ignores_signals { listening.ignoring_signals() } else { listening })
    }

    fn has_token(&self) -> bool {
        !self.arguments.no_token && self.launch_token.unwrap_or(self.start_page.is_some())
    }

    /// Is this the first start? A folder in which others cannot be found is no reason not to
    /// start; then a second start finds the port taken.
    fn claim(&mut self) -> Result<Option<Running>, Error> {
        self.data_folder = self.data_folder.take().or_else(data_folder);
        let Some(folder) = &self.data_folder else { return Ok(None) };
        let door = Door::new(folder, self.port, &self.instance);
        match door.claim() {
            Ok(Claim::First(running)) => Ok(Some(running)),
            Ok(Claim::Second(address)) => {
                let opens_browser = self.start_page.is_some() && !self.arguments.no_browser;
                let first = AlreadyRunning::new(door, address, opens_browser, self.quiet);
                Err(Error::AlreadyRunning(first))
            }
            Err(error) => {
                log::warn!(
                    target: "solohttp",
                    "cannot look for another copy of this program in {}: {error}",
                    folder.display()
                );
                Ok(None)
            }
        }
    }

    /// Only once the port is ours: nobody else may be sent what lets a browser in.
    fn launch(
        &mut self,
        address: SocketAddr,
        running: Option<Running>,
    ) -> Result<Rc<Launch>, Error> {
        let (folder, anew) = (self.data_folder.take(), self.rotates_token);
        let start_page = self.start_page.as_deref().unwrap_or_default();
        let launch = Launch::new(folder, anew, running, reachable(address), start_page);
        launch.map(Rc::new).map_err(Error::Randomness)
    }

    /// Binds and serves until a response or a [signal](Self::stop_on_signals) shuts the server
    /// down. If a copy of this program [runs already](Error::AlreadyRunning), opens that one
    /// instead, and returns.
    ///
    /// # Errors
    /// Those of [`bind`](Self::bind), and if the system's poller fails.
    pub fn run<M>(self, handler: impl IntoHandler<(), M>) -> Result<(), Error> {
        match self.bind() {
            Err(Error::AlreadyRunning(first)) => first.open(),
            listening => listening?.run(handler),
        }
    }

    /// As [`run`](Self::run), but makes the application once the port is bound: a second start
    /// doesn't open the database of the first.
    ///
    /// # Errors
    /// Those of [`run`](Self::run) and of `app`.
    ///
    /// ```no_run
    /// # use solohttp_core::{Error, IntoHandler, Server};
    /// # fn app(file: &str) -> std::io::Result<fn() -> &'static str> { Ok(|| "") }
    /// fn main() -> Result<(), Box<dyn std::error::Error>> {
    ///     Server::from_args()?.open_browser("/").run_with(|| Ok(app("shop.sqlite")?))
    /// }
    /// ```
    pub fn run_with<M, H, E>(self, app: impl FnOnce() -> Result<H, E>) -> Result<(), E>
    where
        H: IntoHandler<(), M>,
        E: From<Error>,
    {
        match self.bind() {
            Err(Error::AlreadyRunning(first)) => Ok(first.open()?),
            listening => Ok(listening?.run(app()?)?),
        }
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server")
            .field("address", &self.address)
            .field("port", &self.port)
            .field("start_page", &self.start_page)
            .field("rules", &self.rules)
            .finish_non_exhaustive()
    }
}
