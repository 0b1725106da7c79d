//! Handles a second start of a program: signs a browser in to the instance that is already running.
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

/// How long to wait for the opener to fail. If the opener is the browser itself, it doesn't exit.
const OPENER_TIMEOUT: Duration = Duration::from_secs(2);

/// A running instance of this program, started earlier by the same user with the same
/// [data folder](crate::Server::data_folder), [port](crate::Server::port) and
/// [instance](crate::Server::instance), and with the [launch token](crate::Server::launch_token)
/// turned on.
///
/// [`Server::run`](crate::Server::run) and [`Server::run_with`](crate::Server::run_with) open the
/// running instance automatically. A program that calls [`Server::bind`](crate::Server::bind) must
/// call [`open`](Self::open) itself:
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
/// A running instance is detected by its file lock, which is released when its process ends. The
/// sign-in link is valid because of a file in the data folder, where only this user can write. No
/// secret goes over the network, so a program of another user that has taken the port learns
/// nothing.
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

    /// The URL of the running instance's root page, with a trailing slash.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// Returns a one-time sign-in link that opens the running instance's start page. The link is
    /// valid for one minute.
    ///
    /// # Errors
    /// If the data folder is not writable.
    pub fn launch_url(&self) -> Result<String, Error> {
        Ok(sign_in_link_to(self.address, &self.ticket()?))
    }

    /// Writes a file that signs in the browser that opens it, like
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

    /// Returns whether a browser was started for the running instance within this time and hasn't
    /// connected yet. If so, the second start is probably an impatient double click.
    #[must_use]
    pub fn is_opening(&self, within: Duration) -> bool {
        self.folder.has_launch_file(self.address.port(), within)
    }

    /// Returns whether the running instance answers a request within this time. The request
    /// contains no secret.
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

    /// Opens a browser that is signed in to the running instance. Prints a sign-in link if this
    /// server wasn't configured to open a browser, or if that fails.
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
        // The sender is dropped once the opener has succeeded. If the opener is the browser itself,
        // it keeps running and this times out.
        let failure = failure.recv_timeout(OPENER_TIMEOUT).ok();
        failure.inspect(|why| warn_of_no_browser(why)).is_none()
    }
}
