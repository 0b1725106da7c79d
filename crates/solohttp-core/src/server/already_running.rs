//! Handles a second start of a program: signs a browser in to the copy that is already running.
//!
//! This module and `error` import each other: `bind` returns this type inside an error, and the
//! type's methods can fail.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::sync::mpsc::channel;
use std::time::Duration;

use super::LaunchPage;
use super::terminal::{is_terminal, print, print_sign_in_link, warn_of_no_browser};
use crate::access::launch::{FileTicket, InstanceFolder, launch_file_for, sign_in_link_to};
use crate::error::Error;
use crate::server::browser;

/// How long to wait in case the opener fails. If the opener is the browser itself, it doesn't exit.
const OPENER_TIMEOUT: Duration = Duration::from_secs(2);

/// A running copy of this program, started earlier by the same user with the same
/// [data folder](crate::Server::data_folder), [port](crate::Server::port) and
/// [instance](crate::Server::instance), and with the [launch token](crate::Server::launch_token)
/// turned on.
///
/// [`Server::run`](crate::Server::run) and [`Server::run_with`](crate::Server::run_with) open it
/// automatically. A program that calls [`Server::bind`](crate::Server::bind) does so with
/// [`open`](Self::open):
///
/// ```no_run
/// use solohttp_core::{Error, Server};
///
/// fn main() -> Result<(), Error> {
///     let listening = match Server::new().open_browser("/").bind() {
///         Err(Error::AlreadyRunning(first)) => return first.open(),
///         listening => listening?,
///     };
///     log::info!("sign in with {}", listening.launch_url()?);
///     listening.run(|| "Peace be with you.")
/// }
/// ```
///
/// No secret goes over the network, so another user's program that has taken the port learns
/// nothing: the link is valid because of a file in the data folder, to which only this user can
/// write. A running copy is detected through its file lock, which is released when its process
/// ends.
#[derive(Debug)]
pub struct AlreadyRunning {
    folder: InstanceFolder,
    address: SocketAddr,
    opens_browser: bool,
    quiet: bool,
}

impl AlreadyRunning {
    pub(super) fn new(
        folder: InstanceFolder,
        address: SocketAddr,
        opens_browser: bool,
        quiet: bool,
    ) -> Self {
        Self { folder, address, opens_browser, quiet }
    }

    /// The URL of the running copy's root page, with a trailing slash.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// Returns a one-time sign-in link that opens the running copy's start page. The link is valid
    /// for one minute.
    ///
    /// # Errors
    /// If the data folder is not writable.
    pub fn launch_url(&self) -> Result<String, Error> {
        Ok(sign_in_link_to(self.address, &self.ticket()?))
    }

    /// Writes a file that signs in the browser that opens it: see
    /// [`Listening::launch_page`](crate::Listening::launch_page).
    ///
    /// # Errors
    /// If the data folder is not writable.
    pub fn launch_page(&self) -> Result<LaunchPage, Error> {
        let ticket = self.ticket()?;
        let file = launch_file_for(&self.folder, self.address, &ticket);
        let url = sign_in_link_to(self.address, &ticket);
        file.map(|file| LaunchPage { file, url }).map_err(Error::LaunchUrl)
    }

    /// Whether a browser was started for the running copy within this time, and hasn't arrived yet.
    /// A second start is then an impatient double click.
    #[must_use]
    pub fn is_opening(&self, within: Duration) -> bool {
        self.folder.has_launch_file(self.address.port(), within)
    }

    /// Whether the running copy answers a request within this time. Sends no secret.
    #[must_use]
    pub fn responds(&self, within: Duration) -> bool {
        let request = format!("HEAD / HTTP/1.0\r\nHost: {}\r\n\r\n", self.address);
        let ask = || {
            let mut socket = TcpStream::connect_timeout(&self.address, within)?;
            socket.set_read_timeout(Some(within))?;
            socket.write_all(request.as_bytes())?;
            socket.read_exact(&mut [0; 5])
        };
        ask().is_ok()
    }

    /// Opens the browser and signs it in to the running copy, if this server was configured to open
    /// a browser. Otherwise prints a sign-in link.
    ///
    /// # Errors
    /// If the data folder is not writable.
    pub fn open(&self) -> Result<(), Error> {
        let ticket = self.ticket()?;
        let is_opened = self.opens_browser && self.open_browser(&ticket);
        let what = if is_opened { "; opened in the browser" } else { "" };
        log::info!(target: "solohttp", "already running at {}{what}", self.url());
        if !self.quiet {
            print(&format!("Already running{what}.\n{}", self.url()));
            if !is_opened || is_terminal() {
                print_sign_in_link(&sign_in_link_to(self.address, &ticket));
            }
        }
        Ok(())
    }

    fn ticket(&self) -> Result<FileTicket, Error> {
        self.folder.leave_ticket().map_err(Error::LaunchUrl)
    }

    fn open_browser(&self, ticket: &FileTicket) -> bool {
        let (sender, failure) = channel();
        // The receiver may be gone.
        let failed = move |why| drop(sender.send(why));
        let open = |file: PathBuf| browser::open(file.as_ref(), failed);
        if let Err(error) = launch_file_for(&self.folder, self.address, ticket).and_then(open) {
            warn_of_no_browser(&error);
            return false;
        }
        // An opener that succeeds drops the sender; one that is the browser itself keeps it.
        let failure = failure.recv_timeout(OPENER_TIMEOUT).ok();
        failure.inspect(|why| warn_of_no_browser(why)).is_none()
    }
}
