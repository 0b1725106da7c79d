//! Binds and runs a configured server.

use std::net::SocketAddr;
use std::rc::Rc;

use super::access_notice::access_notice;
use super::allocator::keep_freed_memory;
use super::ports::reachable;
use super::{AlreadyRunning, Listening, Server};
use crate::access::launch::{Claim, InstanceFolder, Launch, Running, data_folder};
use crate::error::Error;
use crate::event_loop::EventLoop;
use crate::handler::IntoHandler;

impl Server {
    /// Binds the port without serving yet, so [`Listening::url`] is known before the server runs.
    ///
    /// # Errors
    /// If the port is unavailable or blocked by browsers, or if the address isn't a loopback
    /// address and wasn't set by [`expose_to_network`](Self::expose_to_network). Returns
    /// [`Error::AlreadyRunning`] if the launch token is on and another instance of this program is
    /// using the port.
    pub fn bind(mut self) -> Result<Listening, Error> {
        let has_token = self.has_token();
        let running = if has_token { self.claim()? } else { None };
        let listeners = self.ports.bind()?;
        let address = listeners[0].address();
        if address.ip().is_loopback() {
            self.rules.access.allow_address(address.ip());
        }
        let launch = if has_token { Some(self.launch(address, running)?) } else { None };
        if self.arguments.no_browser {
            self.start_page = None;
        }
        self.rules.launch.clone_from(&launch);
        let notice = access_notice(address, has_token, self.arguments);
        let Self { rules, start_page, quiet, ignores_signals, dispatcher, .. } = self;
        keep_freed_memory();
        let event_loop = EventLoop::new(listeners, Rc::new(rules)).map_err(Error::Poll)?;
        Ok(Listening {
            event_loop,
            address,
            start_page,
            launch,
            quiet,
            ignores_signals,
            dispatcher,
            notice,
        })
    }

    fn has_token(&self) -> bool {
        !self.arguments.no_token && self.launch_token.unwrap_or(self.start_page.is_some())
    }

    /// Checks whether another instance is running. If the data folder can't be used, the server
    /// starts anyway. Starting the program a second time then fails because the port is taken.
    fn claim(&mut self) -> Result<Option<Running>, Error> {
        self.data_folder = self.data_folder.take().or_else(data_folder);
        let Some(data_folder) = &self.data_folder else { return Ok(None) };
        let folder = InstanceFolder::new(data_folder, self.ports.port, &self.instance);
        match folder.claim() {
            Ok(Claim::First(running)) => Ok(Some(running)),
            Ok(Claim::Second(address)) => {
                let opens_browser = self.start_page.is_some() && !self.arguments.no_browser;
                let first = AlreadyRunning::new(folder, address, opens_browser, self.quiet);
                Err(Error::AlreadyRunning(first))
            }
            Err(error) => {
                log::warn!(
                    target: "solohttp",
                    "cannot look for another instance of this program in {}: {error}",
                    data_folder.display()
                );
                Ok(None)
            }
        }
    }

    /// Called only after the port is bound, so no other program can receive the sign-in ticket.
    fn launch(
        &mut self,
        address: SocketAddr,
        running: Option<Running>,
    ) -> Result<Rc<Launch>, Error> {
        let (folder, rotates) = (self.data_folder.take(), self.rotates_token);
        let start_page = self.start_page.as_deref().unwrap_or_default();
        let launch = Launch::new(folder, rotates, running, reachable(address), start_page);
        launch.map(Rc::new).map_err(Error::Randomness)
    }

    /// Binds and serves until a response or a [signal](Self::stop_on_signals) shuts the server
    /// down. If an instance of this program is [already running](Error::AlreadyRunning), opens that
    /// instance and returns.
    ///
    /// If the handler or its state opens a file or a database, use [`run_with`](Self::run_with),
    /// which creates them only in the first instance.
    ///
    /// # Errors
    /// The same as for [`bind`](Self::bind). Also returns an error if the system's poller fails.
    pub fn run<M>(self, handler: impl IntoHandler<(), M>) -> Result<(), Error> {
        match self.bind() {
            Err(Error::AlreadyRunning(first)) => first.open(),
            listening => listening?.run(handler),
        }
    }

    /// Like [`run`](Self::run), but creates the application after binding the port. A second
    /// instance doesn't create it, so it neither opens nor migrates the first instance's database.
    ///
    /// # Errors
    /// The same as for [`run`](Self::run). Also returns any error from `app`.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rotate_token_replaces_the_token() {
        let folder = tempfile::tempdir().unwrap();
        let bind = |server: Server| {
            let server = server.port(0).launch_token(true).data_folder(folder.path().join("app"));
            server.bind().unwrap().token().unwrap().to_owned()
        };
        let first = bind(Server::new());
        assert_eq!(bind(Server::new()), first);
        assert_ne!(bind(Server::new().rotate_token()), first);
    }
}
