//! The error types for servers ([`Error`]), handlers ([`Failure`]), clients ([`Rejection`]) and
//! databases ([`ConstraintError`]).

pub(crate) mod backtrace;
mod constraint;
mod failure;
mod rejection;

use std::fmt;
use std::io;
use std::net::SocketAddr;

pub use self::constraint::{ConstraintError, ConstraintKind};
pub use self::failure::Failure;
pub use self::rejection::Rejection;

use crate::server::AlreadyRunning;

/// An error that prevents a server from starting or continuing. Most messages say how to fix the
/// problem.
#[non_exhaustive]
pub enum Error {
    /// A command-line argument that [`Server::from_args`](crate::Server::from_args) doesn't accept.
    Argument(String),
    /// An instance of this program is already running. To open it, call [`AlreadyRunning::open`].
    AlreadyRunning(AlreadyRunning),
    /// The port is in use by another program, or by an instance of this one that has no launch
    /// token.
    PortTaken(SocketAddr),
    /// The operating system denies access to the port.
    PortForbidden(SocketAddr),
    /// Browsers block this port.
    PortBlocked(u16),
    /// Listening on the address failed.
    Bind(SocketAddr, io::Error),
    /// The address is reachable from other machines.
    NotLoopback(SocketAddr),
    /// The server is exposed to the network, but no allowed host names are configured.
    NoHostNamed(SocketAddr),
    /// Polling for connections failed.
    Poll(io::Error),
    /// The operating system couldn't provide random bytes for the launch token.
    Randomness(io::Error),
    /// The sign-in link couldn't be created.
    LaunchUrl(io::Error),
    /// The application couldn't be created, or the system refused something that it needs. The
    /// string is the complete message.
    Application(String),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Argument(argument) => write!(
                f,
                "unknown or invalid argument `{argument}`: use `--port N` (N from 0 to 65535, 0 for \
                 any free port), `--no-browser` or `--no-token`"
            ),
            Self::AlreadyRunning(first) => write!(f, "already running at {}", first.url()),
            Self::PortTaken(address) => write!(
                f,
                "port {} is already in use: is the program already running? If not, choose another \
                 port, or 0 for any free one, with `--port N` or `Server::port` (the address was \
                 {address})",
                address.port()
            ),
            Self::PortForbidden(address) => write!(
                f,
                "port {} needs more privileges: choose one from 1024 to 65535 with `Server::port` \
                 (the address was {address})",
                address.port()
            ),
            Self::PortBlocked(port) => write!(
                f,
                "browsers block port {port} (ERR_UNSAFE_PORT), because another protocol uses it: \
                 choose another one with `--port N` or `Server::port`, such as 8080"
            ),
            Self::Bind(address, error) => write!(f, "cannot listen on {address}: {error}"),
            Self::NotLoopback(address) => write!(
                f,
                "other machines can reach {address}: if this is intended, call \
                 `Server::expose_to_network` instead of `Server::address`"
            ),
            Self::NoHostNamed(address) => write!(
                f,
                "no host name is allowed for {address}: call `Server::allow_host` with each name \
                 or address that browsers will use"
            ),
            Self::Poll(error) => write!(f, "cannot poll for connections: {error}"),
            Self::Randomness(error) => write!(f, "cannot create a launch token: {error}"),
            Self::LaunchUrl(error) => write!(f, "cannot create a sign-in link: {error}"),
            Self::Application(message) => f.write_str(message),
        }
    }
}

/// Formats the error like `Display`, because `fn main() -> Result<(), Error>` prints errors with
/// `Debug`.
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
