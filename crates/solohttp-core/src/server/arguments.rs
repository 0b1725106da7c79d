//! What the user says on the command line.

use super::Server;
use crate::error::Error;

#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Arguments {
    pub(super) are_read: bool,
    pub(super) no_browser: bool,
    pub(super) no_token: bool,
}

impl Server {
    /// [`new`](Self::new) with the program's own arguments:
    ///
    /// - `--port N` sets the [port](Self::port).
    /// - `--no-browser` opens no browser. The [`launch_token`](Self::launch_token) stays on, and a
    ///   one-time sign-in link is printed.
    /// - `--no-token` turns the launch token off: any user on this machine can connect.
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
        self.arguments.are_read = true;
        let mut arguments = arguments.into_iter();
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--no-browser" => self.arguments.no_browser = true,
                "--no-token" => self.arguments.no_token = true,
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
}
