//! How a server is set up, bound and run.
//!
//! Knows nothing of sockets beyond their addresses: `event_loop` has them.

mod listening;

use std::fmt;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::rc::Rc;

pub use self::listening::Listening;

use crate::answer::Answering;
use crate::conn::Rules;
use crate::error::Error;
use crate::event_loop::{EventLoop, Listener};
use crate::failure::Failure;
use crate::handler::IntoHandler;
use crate::launch::{Launch, data_folder};
use crate::limits::Limits;
use crate::request::Request;
use crate::response::Response;

/// Serves a handler at <http://127.0.0.1:8080/> and opens the browser there.
///
/// Returns when a response [shuts the server down](Response::and_shut_down), or on
/// [Ctrl-C](Server::stop_on_signals). The browser that it opens, and no other, is let in: see
/// [`Server::launch_token`].
///
/// # Errors
/// If the port cannot be had.
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
    without_browser: bool,
    launch_token: Option<bool>,
    rotates_token: bool,
    data_folder: Option<PathBuf>,
    quiet: bool,
    ignores_signals: bool,
    rules: Rules,
    answering: Answering,
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
            without_browser: false,
            launch_token: None,
            rotates_token: false,
            data_folder: None,
            quiet: false,
            ignores_signals: false,
            rules: Rules::default(),
            answering: Answering::default(),
        }
    }

    /// [`new`](Self::new), and what the program was started with: `--port N`, `--no-browser`.
    ///
    /// # Errors
    /// If there is another argument, or no port behind `--port`.
    ///
    /// ```no_run
    /// # use solohttp_core::{Error, Server};
    /// fn main() -> Result<(), Error> {
    ///     Server::from_args()?.open_browser("/").run(|| "Try `--port 8123 --no-browser`.")
    /// }
    /// ```
    pub fn from_args() -> Result<Self, Error> {
        Self::new().arguments(std::env::args().skip(1))
    }

    /// Reads these arguments: see [`from_args`](Self::from_args).
    ///
    /// # Errors
    /// If there is another argument, or no port behind `--port`.
    pub fn arguments(mut self, arguments: impl IntoIterator<Item = String>) -> Result<Self, Error> {
        let mut arguments = arguments.into_iter();
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--no-browser" => self.without_browser = true,
                "--port" => {
                    let number = arguments.next().unwrap_or_default();
                    let port = number.parse().ok();
                    self.port = port.ok_or_else(|| Error::Argument(format!("--port {number}")))?;
                }
                _ => return Err(Error::Argument(argument)),
            }
        }
        Ok(self)
    }

    /// Another port; 0 takes any free one.
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

    /// Lets pages of this origin post here, such as `http://127.0.0.1:5173`: exactly, with scheme
    /// and port. All others that are not our own are refused.
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

    /// Lets nobody in but the browser that is opened: any account of this machine can connect to
    /// its loopback ports. On by default if a browser [is opened](Self::open_browser), off by
    /// default if the user goes to a known address by hand, also by `--no-browser`.
    ///
    /// The browser is led to a page that gives it a cookie, good for a year; so bookmarks and open
    /// tabs outlive a restart. A client that is no browser sends the token as `Authorization:
    /// Bearer`; it is in the file `launch-token` of the [`data_folder`](Self::data_folder).
    /// Without a browser to open, the address that lets one in is printed.
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

    /// Opens the user's browser at this path once the port is bound, and lets only that one in:
    /// see [`launch_token`](Self::launch_token).
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
    /// It goes by path and not by handler, because a body that is too large is refused from the
    /// head of the request, before anything of it is read.
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
    /// If the port cannot be had, or the address is not a loopback one and was not asked for by
    /// [`expose_to_network`](Self::expose_to_network).
    pub fn bind(mut self) -> Result<Listening, Error> {
        let listeners = self.listeners()?;
        let address = listeners[0].address();
        if address.ip().is_loopback() {
            self.rules.access.allow_address(address.ip());
        }
        if self.without_browser {
            self.start_page = None;
        }
        let launch = self.launch(address)?;
        self.rules.launch.clone_from(&launch);
        let Self { rules, start_page, quiet, ignores_signals, answering, .. } = self;
        let event_loop = EventLoop::new(listeners, Rc::new(rules)).map_err(Error::Poll)?;
        let listening = Listening::new(event_loop, address, start_page, launch, quiet, answering);
        Ok(if ignores_signals { listening.ignoring_signals() } else { listening })
    }

    /// Only once the port is ours: nobody else may be sent what lets a browser in.
    fn launch(&mut self, address: SocketAddr) -> Result<Option<Rc<Launch>>, Error> {
        if !self.launch_token.unwrap_or(self.start_page.is_some()) {
            return Ok(None);
        }
        let folder = self.data_folder.take().or_else(data_folder);
        let start_page = self.start_page.as_deref().unwrap_or_default();
        let launch = Launch::new(folder, self.rotates_token, reachable(address), start_page);
        launch.map(Rc::new).map(Some).map_err(Error::Randomness)
    }

    /// Binds and serves until a response or a [signal](Self::stop_on_signals) shuts the server
    /// down.
    ///
    /// # Errors
    /// Those of [`bind`](Self::bind), and if the system's poller fails.
    pub fn run<M>(self, handler: impl IntoHandler<(), M>) -> Result<(), Error> {
        self.bind()?.run(handler)
    }

    fn listeners(&self) -> Result<Vec<Listener>, Error> {
        let Some(address) = self.address else { return self.both_loopbacks() };
        let address = SocketAddr::new(address, self.port);
        if !address.ip().is_loopback() {
            if !self.exposed {
                return Err(Error::NotLoopback(address));
            }
            if !self.named_hosts {
                return Err(Error::NoHostNamed(address));
            }
        }
        Ok(vec![try_listen(address)?])
    }

    /// `localhost` means ::1 to some programs and 127.0.0.1 to others, so both are taken, on the
    /// same port. A machine without IPv6 does with one; a stranger on the other is an error,
    /// because it would get what is meant for us.
    fn both_loopbacks(&self) -> Result<Vec<Listener>, Error> {
        let mut tries = if self.port == 0 { 16 } else { 1 };
        loop {
            tries -= 1;
            let v4 = try_listen(SocketAddr::new(Ipv4Addr::LOCALHOST.into(), self.port))?;
            let v6 = SocketAddr::new(Ipv6Addr::LOCALHOST.into(), v4.address().port());
            match try_listen(v6) {
                Ok(v6) => return Ok(vec![v4, v6]),
                Err(error @ Error::PortTaken(_)) if tries == 0 => return Err(error),
                Err(Error::PortTaken(_)) => {}
                Err(error) => {
                    log::warn!(target: "solohttp", "without IPv6: {error}");
                    return Ok(vec![v4]);
                }
            }
        }
    }
}

/// Where a browser of this machine finds what listens on this address.
fn reachable(address: SocketAddr) -> SocketAddr {
    match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => (Ipv4Addr::LOCALHOST, address.port()).into(),
        IpAddr::V6(ip) if ip.is_unspecified() => (Ipv6Addr::LOCALHOST, address.port()).into(),
        _ => address,
    }
}

fn try_listen(address: SocketAddr) -> Result<Listener, Error> {
    Listener::bind(address).map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => Error::PortTaken(address),
        io::ErrorKind::PermissionDenied => Error::PortForbidden(address),
        _ => Error::Bind(address, error),
    })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_beyond_this_machine_is_bound_by_accident() {
        let error = |server: Server| server.port(0).bind().unwrap_err();
        let all = [0, 0, 0, 0];
        assert!(matches!(error(Server::new().address(all)), Error::NotLoopback(_)));
        assert!(matches!(error(Server::new().expose_to_network(all)), Error::NoHostNamed(_)));
        let named = Server::new().expose_to_network(all).allow_host("box.example");
        assert!(named.port(0).bind().is_ok());
    }

    #[test]
    fn no_browser_is_sent_to_an_address_that_means_all() {
        let check = |address: &str, expect: &str| {
            assert_eq!(reachable(address.parse().unwrap()).to_string(), expect);
        };
        check("0.0.0.0:80", "127.0.0.1:80");
        check("[::]:80", "[::1]:80");
        check("192.0.2.1:80", "192.0.2.1:80");
        check("127.0.0.1:80", "127.0.0.1:80");
    }
}
