//! Configures, binds and runs a server.

mod access_notice;
mod allocator;
mod already_running;
mod arguments;
mod bind;
mod blocked_ports;
mod browser;
mod listening;
mod ports;
mod signals;
mod terminal;
pub(crate) mod watchdog;

use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;

use bytes::Bytes;

pub use self::already_running::AlreadyRunning;
pub use self::browser::{default_browser, open_in_browser};
pub use self::listening::{LaunchPage, Listening, PendingLaunches};

use self::arguments::Arguments;
use self::ports::Ports;
use crate::conn::Rules;
use crate::error::{Error, Failure};
use crate::handler::IntoHandler;
use crate::handler::dispatch::Dispatcher;
use crate::limits::Limits;
use crate::request::Request;
use crate::response::Response;

/// Serves a handler at <http://127.0.0.1:8080/> and opens the browser.
///
/// Returns when a response [shuts the server down](Response::and_shut_down) or the user presses
/// [Ctrl-C](Server::stop_on_signals). Only the browser that this function opens is signed in (see
/// [`Server::launch_token`]). If this program is already running, opens the running instance in the
/// browser and returns.
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

/// The settings of a server. Start with [`Server::new`].
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
    ports: Ports,
    start_page: Option<String>,
    arguments: Arguments,
    launch_token: Option<bool>,
    rotates_token: bool,
    data_folder: Option<PathBuf>,
    instance: String,
    quiet: bool,
    ignores_signals: bool,
    rules: Rules,
    dispatcher: Dispatcher,
}

impl Default for Server {
    fn default() -> Self {
        Self::new()
    }
}

impl Server {
    /// Creates a server that listens on port 8080 of 127.0.0.1 and, where available, of ::1. Only
    /// this machine can connect. No browser is opened.
    pub fn new() -> Self {
        Self {
            ports: Ports {
                address: None,
                port: 8080,
                preferred: None,
                exposed: false,
                named_hosts: false,
            },
            start_page: None,
            arguments: Arguments::default(),
            launch_token: None,
            rotates_token: false,
            data_folder: None,
            instance: String::new(),
            quiet: false,
            ignores_signals: false,
            rules: Rules::default(),
            dispatcher: Dispatcher::default(),
        }
    }

    /// Like [`new`](Self::new), but applies the program's command-line arguments:
    ///
    /// - `--port N` sets the [port](Self::port).
    /// - `--no-browser` prints a one-time sign-in link in place of opening the browser. The
    ///   [`launch_token`](Self::launch_token) stays on.
    /// - `--no-token` turns the launch token off, so any user on this machine can connect.
    ///
    /// # Errors
    /// If there is any other argument, or no valid port after `--port`.
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

    /// Applies these command-line arguments, as described for [`from_args`](Self::from_args).
    ///
    /// # Errors
    /// If there is any other argument, or no valid port after `--port`.
    pub fn arguments(mut self, arguments: impl IntoIterator<Item = String>) -> Result<Self, Error> {
        self.arguments.parse(arguments)?;
        if let Some(port) = self.arguments.port.take() {
            self.ports.port = port;
        }
        Ok(self)
    }

    /// Sets the port; 0 picks a free one.
    pub fn port(mut self, port: u16) -> Self {
        self.ports.port = port;
        self
    }

    /// Uses this port if it is free, and any other port if not. Applies only if the
    /// [`port`](Self::port) is 0. Bookmarks and data that pages have stored in the browser survive
    /// a restart only if the port stays the same.
    pub fn prefer_port(mut self, port: u16) -> Self {
        self.ports.preferred = Some(port);
        self
    }

    /// Listens on this loopback address only, for example on `127.0.0.1` without `::1`.
    pub fn address(mut self, address: impl Into<IpAddr>) -> Self {
        self.ports.address = Some(address.into());
        self.ports.exposed = false;
        self
    }

    /// Listens on an address that other machines can reach. Anyone on that network can use the
    /// application, because there is no login and no encryption. Every host name that browsers will
    /// use must be allowed with [`allow_host`](Self::allow_host).
    pub fn expose_to_network(mut self, address: impl Into<IpAddr>) -> Self {
        self.ports.address = Some(address.into());
        self.ports.exposed = true;
        self
    }

    /// Allows one more host name, such as `app.localhost`. Names must match exactly, without
    /// wildcards. The port is ignored.
    ///
    /// Requests for any other host are rejected, because a website could otherwise point its own
    /// name at this machine (DNS rebinding).
    pub fn allow_host(mut self, name: &str) -> Self {
        self.rules.access.allow_host(name);
        self.ports.named_hosts = true;
        self
    }

    /// Allows any host name, which exposes the server to every website through DNS rebinding. Use
    /// this only for a server behind a proxy that checks host names.
    pub fn allow_any_host(mut self) -> Self {
        self.rules.access.allow_any_host();
        self.ports.named_hosts = true;
        self
    }

    /// Gives pages from this origin, such as a development server at `http://127.0.0.1:5173`, the
    /// same access as the application's own pages. Scheme, host and port must match exactly. The
    /// server answers preflight requests and adds CORS headers to responses (Fetch standard,
    /// section 3.2). All other cross-origin requests are rejected.
    ///
    /// With a [`launch_token`](Self::launch_token), a page from this origin must call `fetch` with
    /// `credentials: "include"` and have the same host name as the application.
    pub fn trust_origin(mut self, origin: &str) -> Self {
        self.rules.access.trust_origin(origin);
        self
    }

    /// Makes this exact path public. Other sites may embed it, and requests for it don't need the
    /// [`launch_token`](Self::launch_token).
    pub fn public_asset(mut self, path: &str) -> Self {
        self.rules.access.public_asset(path);
        self
    }

    /// Sets whether a launch token is required. With it, only browsers signed in by this program
    /// can use the application. Without it, any user on this machine can connect.
    ///
    /// The token is on by default if the program [opens a browser](Self::open_browser), even with
    /// `--no-browser`, and otherwise off. It is always off with `--no-token`.
    ///
    /// The browser opens a page that sets a cookie. The cookie is valid for a year, so bookmarks
    /// and open tabs survive a restart. To sign in another browser, start the program again (see
    /// [`AlreadyRunning`]). If no browser can be opened, a one-time sign-in link is printed. Other
    /// clients read the token from the file `launch-token` in the
    /// [`data_folder`](Self::data_folder) and send it as `Authorization: Bearer`.
    pub fn launch_token(mut self, on: bool) -> Self {
        self.launch_token = Some(on);
        self
    }

    /// Replaces the launch token, which signs out all browsers and clients. Deleting the token
    /// file does the same at the next start.
    pub fn rotate_token(mut self) -> Self {
        self.rotates_token = true;
        self
    }

    /// Sets the folder for the launch token. Other users must not be able to read this folder. The
    /// default is a folder named after the program in the system's standard location for
    /// application data.
    pub fn data_folder(mut self, folder: impl Into<PathBuf>) -> Self {
        self.data_folder = Some(folder.into());
        self
    }

    /// Distinguishes instances of the program, for example by the path of the open document.
    /// Starting the program again with the same name and port opens the running instance. With
    /// another name, a second start fails with [`Error::PortTaken`] or, if the port is 0, gets its
    /// own port.
    pub fn instance(mut self, name: impl Into<String>) -> Self {
        self.instance = name.into();
        self
    }

    /// Opens the user's browser at this path once the port is bound, and signs it in (see
    /// [`launch_token`](Self::launch_token)).
    pub fn open_browser(mut self, path: &str) -> Self {
        self.start_page = Some(path.trim_start_matches('/').to_owned());
        self
    }

    /// Prints nothing to standard output. By default, the server prints messages, with its address
    /// on a separate line.
    pub fn quiet(mut self) -> Self {
        self.quiet = true;
        self
    }

    /// Sets whether Ctrl-C and similar signals (SIGTERM, SIGHUP, Ctrl-Break, a closed terminal or
    /// console window, log-off) stop the server gracefully. On by default.
    ///
    /// Responses in progress get [`Limits::shut_down`] to finish. Then the handler and its state
    /// are dropped, which closes files and databases, and [`Listening::run`] returns `Ok`. A second
    /// Ctrl-C ends the process immediately, with exit status 130. Signals that were ignored when
    /// the program started stay ignored, as under `nohup` (on Unix systems other than Linux, this
    /// is detected for SIGHUP only). When Windows closes the console window, logs off or shuts
    /// down, it may end the process before all of this is done.
    ///
    /// Turn this off if the program handles signals itself and calls a
    /// [`StopHandle`](crate::StopHandle). A signal goes to the whole process, so it stops every
    /// server that has this setting on.
    pub fn stop_on_signals(mut self, on: bool) -> Self {
        self.ignores_signals = !on;
        self
    }

    /// Replaces the default limits.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.rules.limits = limits;
        self
    }

    /// Sets the maximum size of request bodies sent to `path` or anything below it. Overrides
    /// [`Limits::body`]. The deepest matching path wins. `path` is not percent-encoded.
    ///
    /// The limit depends on the path rather than on the handler, because it applies as soon as the
    /// head has arrived. A larger body is rejected before it is read. If a multipart form is too
    /// large, only the parts that fit are stored.
    ///
    /// ```
    /// # use solohttp_core::Server;
    /// let server = Server::new().body_limit_for("/import", 1 << 30);
    /// ```
    pub fn body_limit_for(mut self, path: &str, max: u64) -> Self {
        self.rules.body_limits.add(path, max);
        self
    }

    /// Sets the folder for request bodies larger than [`Limits::body_in_memory`]. The files have no
    /// names and are removed automatically. The default is the system's temporary folder. It may
    /// itself be in memory, so choose another folder for multi-gigabyte uploads.
    pub fn spool_folder(mut self, folder: impl Into<PathBuf>) -> Self {
        self.rules.spool_folder = folder.into();
        self
    }

    /// Inserts HTML, such as a script, at the end of every page, including error pages. Pages that
    /// are streamed, compressed or fetched by a script stay unchanged.
    ///
    /// ```
    /// # use solohttp_core::Server;
    /// let server = Server::new().end_pages_with("<script src=\"/live.js\" defer></script>\n");
    /// ```
    pub fn end_pages_with(mut self, html: impl Into<Bytes>) -> Self {
        self.rules.page_end = Some(html.into());
        self
    }

    /// Sets a custom error page, which is shown for errors, panics, and every
    /// [`Rejection`](crate::Rejection) returned by a handler, such as 404 and 405. Requests that
    /// are rejected before they reach a handler still get the default page. Tests without a server
    /// always see the default page.
    pub fn error_page(
        mut self,
        page: impl FnMut(&Request, &Failure) -> Response + 'static,
    ) -> Self {
        self.dispatcher.error_page = Some(Box::new(page));
        self
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server")
            .field("ports", &self.ports)
            .field("start_page", &self.start_page)
            .field("rules", &self.rules)
            .finish_non_exhaustive()
    }
}
