//! A second start of a program: signs a browser in at the copy that is running.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::mpsc::channel;
use std::time::Duration;

use super::listening::{is_terminal, print, show_way_in, warn_of_no_browser};
use crate::access::launch::{Door, FileTicket, file_at, sign_in_at};
use crate::error::Error;
use crate::server::browser;

/// How long a browser's opener is given to say that there is no browser. One that is the browser
/// itself does not end at all.
const PATIENCE: Duration = Duration::from_secs(2);

/// A copy of this program that is running: its user has started it before, with the same
/// [data folder](crate::Server::data_folder), [port](crate::Server::port) and
/// [instance](crate::Server::instance), and with the
/// [launch token](crate::Server::launch_token) on.
///
/// [`Server::run`](crate::Server::run) and [`Server::run_with`](crate::Server::run_with) open it by
/// themselves. A program that calls [`Server::bind`](crate::Server::bind) does the same by
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
/// Nothing secret goes over the network, so a program of another user that has the port learns
/// nothing: the link is good because a file in the data folder says so, and only this user can
/// write there. That the copy is running is known by a lock, which ends with its process.
#[derive(Debug)]
pub struct AlreadyRunning {
    door: Door,
    address: SocketAddr,
    opens_browser: bool,
    quiet: bool,
}

impl AlreadyRunning {
    pub(super) fn new(door: Door, address: SocketAddr, opens_browser: bool, quiet: bool) -> Self {
        Self { door, address, opens_browser, quiet }
    }

    /// The address of the root page of the running copy, with a slash at its end.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// Makes a link that signs in one browser at the running copy within a minute, and shows it
    /// the start page.
    ///
    /// # Errors
    /// If nothing can be written to the data folder.
    pub fn launch_url(&self) -> Result<String, Error> {
        Ok(sign_in_at(self.address, &self.ticket()?))
    }

    /// Opens the browser, signed in at the running copy, if this start was to open one; else
    /// prints a link to sign in with.
    ///
    /// # Errors
    /// If nothing can be written to the data folder.
    pub fn open(&self) -> Result<(), Error> {
        let ticket = self.ticket()?;
        let is_opened = self.opens_browser && self.open_browser(&ticket);
        let what = if is_opened { "; opened in the browser" } else { "" };
        log::info!(target: "solohttp", "already running at {}{what}", self.url());
        if !self.quiet {
            print(&format!("Already running{what}.\n{}", self.url()));
            if !is_opened || is_terminal() {
                show_way_in(&sign_in_at(self.address, &ticket));
            }
        }
        Ok(())
    }

    fn ticket(&self) -> Result<FileTicket, Error> {
        self.door.leave_ticket().map_err(Error::LaunchUrl)
    }

    fn open_browser(&self, ticket: &FileTicket) -> bool {
        let (sender, failure) = channel();
        // Sent to nobody once this start has ended.
        let failed = move |why| drop(sender.send(why));
        let open = |file: PathBuf| browser::open(file.as_ref(), failed);
        if let Err(error) = file_at(&self.door, self.address, ticket).and_then(open) {
            warn_of_no_browser(&error);
            return false;
        }
        // An opener that ends well drops the sender, one that is the browser keeps it.
        let failure = failure.recv_timeout(PATIENCE).ok();
        failure.inspect(|why| warn_of_no_browser(why)).is_none()
    }
}
