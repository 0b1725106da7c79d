//! Errors: of the server ([`Error`]), of handlers ([`Failure`]) and of clients ([`Rejection`]).

pub(crate) mod backtrace;
mod failure;
mod rejection;

use std::fmt;
use std::io;
use std::net::SocketAddr;

pub use self::failure::Failure;
pub use self::rejection::Rejection;

use crate::server::AlreadyRunning;

/// Why a server could not start or had to end; its text says what to do.
#[non_exhaustive]
pub enum Error {
    /// An argument of the program that [`Server::from_args`](crate::Server::from_args) does not
    /// know.
    Argument(String),
    /// A copy of this program has the port and can be [opened](AlreadyRunning::open).
    AlreadyRunning(AlreadyRunning),
    /// Another program has the port, or a copy of this one that has no launch token.
    PortTaken(SocketAddr),
    /// The system does not let this program use the port.
    PortForbidden(SocketAddr),
    /// Browsers refuse to connect to this port.
    PortBlocked(u16),
    /// The address cannot be listened on.
    Bind(SocketAddr, io::Error),
    /// The address is not one that only this machine reaches.
    NotLoopback(SocketAddr),
    /// Listening beyond this machine without saying under which names.
    NoHostNamed(SocketAddr),
    /// The system's poller failed.
    Poll(io::Error),
    /// The system gave no random bits for the launch token.
    Randomness(io::Error),
    /// No sign-in link could be made.
    LaunchUrl(io::Error),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Argument(argument) => write!(
                f,
                "cannot read the argument `{argument}`: there are `--port N`, where N is 0 to \
                 65535 (0: any free one), `--no-browser` and `--no-token`"
            ),
            Self::AlreadyRunning(first) => write!(f, "already running at {}", first.url()),
            Self::PortTaken(address) => write!(
                f,
                "port {} is taken: is the program running already? Else choose another port, or 0 \
                 for any free one, by `--port N` or `Server::port` (the address was {address})",
                address.port()
            ),
            Self::PortForbidden(address) => write!(
                f,
                "port {} is not allowed: choose one from 1024 to 65535 by `Server::port` (the \
                 address was {address})",
                address.port()
            ),
            Self::PortBlocked(port) => write!(
                f,
                "browsers refuse to open port {port} (ERR_UNSAFE_PORT), because another protocol \
                 uses it: choose another one by `--port N` or `Server::port`, such as 8080"
            ),
            Self::Bind(address, error) => write!(f, "cannot listen on {address}: {error}"),
            Self::NotLoopback(address) => write!(
                f,
                "{address} can be reached from other machines: if that is meant, call \
                 `Server::expose_to_network` instead of `Server::address`"
            ),
            Self::NoHostNamed(address) => write!(
                f,
                "listening on {address} without knowing by which name: call \
                 `Server::allow_host` with each name or address that browsers will use"
            ),
            Self::Poll(error) => write!(f, "cannot wait for connections: {error}"),
            Self::Randomness(error) => write!(f, "cannot make a launch token: {error}"),
            Self::LaunchUrl(error) => write!(f, "cannot make a sign-in link: {error}"),
        }
    }
}

/// The same text: `fn main() -> Result<(), Error>` shows an error by `Debug`.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Bind(_, error)
            | Self::Poll(error)
            | Self::Randomness(error)
            | Self::LaunchUrl(error) => Some(error),
            _ => None,
        }
    }
}
