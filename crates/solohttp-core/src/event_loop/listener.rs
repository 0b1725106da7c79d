//! A port that is taken, and what a failed accept on it means.

use std::io;
use std::net::SocketAddr;

use mio::net::{TcpListener, TcpStream};
use mio::{Interest, Registry, Token};

/// A socket that listens.
#[derive(Debug)]
pub(crate) struct Listener {
    socket: TcpListener,
    address: SocketAddr,
    /// May there be connections to accept? The poller tells only of new ones.
    is_ready: bool,
}

impl Listener {
    /// Listens with a queue that holds what a browser opens at once and far more.
    pub(crate) fn bind(address: SocketAddr) -> io::Result<Self> {
        let socket = TcpListener::bind(address)?;
        Ok(Self { address: socket.local_addr()?, socket, is_ready: true })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(super) fn register(&mut self, registry: &Registry, token: Token) -> io::Result<()> {
        registry.register(&mut self.socket, token, Interest::READABLE)
    }

    /// The poller tells that there are connections.
    pub(super) fn set_ready(&mut self) {
        self.is_ready = true;
    }

    pub(super) fn is_ready(&self) -> bool {
        self.is_ready
    }

    pub(super) fn accept(&mut self) -> Accepted {
        match self.socket.accept() {
            Ok((socket, _peer)) => Accepted::Connection(socket),
            Err(error) => {
                self.is_ready = error.kind() != io::ErrorKind::WouldBlock;
                Accepted::failed(error)
            }
        }
    }
}

impl Accepted {
    fn failed(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::WouldBlock
            | io::ErrorKind::Interrupted
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::NetworkDown
            | io::ErrorKind::NetworkUnreachable
            | io::ErrorKind::HostUnreachable
            | io::ErrorKind::PermissionDenied
            | io::ErrorKind::TimedOut => Self::Nothing,
            _ if is_out_of_descriptors(&error) => Self::OutOfDescriptors(error),
            _ => Self::Fault(error),
        }
    }
}

#[derive(Debug)]
pub(super) enum Accepted {
    Connection(TcpStream),
    /// None is there, or one had a fault of its own or of its network; the next may be fine.
    Nothing,
    /// No more can be accepted until some are closed.
    OutOfDescriptors(io::Error),
    /// Something else is wrong; trying again at once would only spin.
    Fault(io::Error),
}

/// ENFILE and EMFILE have the same numbers on Linux, macOS and the BSDs; Windows has WSAEMFILE.
fn is_out_of_descriptors(error: &io::Error) -> bool {
    matches!(error.raw_os_error(), Some(23 | 24 | 10_024))
        || error.kind() == io::ErrorKind::OutOfMemory
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_of_one_connection_is_none_of_the_next() {
        for kind in [io::ErrorKind::ConnectionAborted, io::ErrorKind::Interrupted] {
            assert!(matches!(Accepted::failed(kind.into()), Accepted::Nothing), "{kind}");
        }
        for number in [23, 24, 10_024] {
            let error = io::Error::from_raw_os_error(number);
            assert!(matches!(Accepted::failed(error), Accepted::OutOfDescriptors(_)), "{number}");
        }
        let error = io::ErrorKind::InvalidInput.into();
        assert!(matches!(Accepted::failed(error), Accepted::Fault(_)));
    }
}
