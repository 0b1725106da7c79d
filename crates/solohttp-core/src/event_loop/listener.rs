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
            // Windows, for a connection that was reset in the queue (WSAENOTCONN).
            | io::ErrorKind::NotConnected
            | io::ErrorKind::NetworkDown
            | io::ErrorKind::NetworkUnreachable
            | io::ErrorKind::HostUnreachable
            | io::ErrorKind::PermissionDenied
            | io::ErrorKind::TimedOut => Self::Nothing,
            _ if is_out_of_descriptors(&error) => Self::OutOfDescriptors(error),
            _ if is_of_the_network(&error) => Self::Nothing,
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
    /// Something else is wrong, of one connection or for good.
    Fault(io::Error),
}

/// Faults without a success between them. One that lasts would make the loop spin, so after some of
/// them accepting rests; one of a single connection must cost the next nothing.
#[derive(Debug, Default)]
pub(super) struct Faults {
    in_a_row: u32,
}

impl Faults {
    /// More than come from connections that broke while they waited, unless an attacker fills the
    /// queue with them; then a rest is due all the same.
    const MOST: u32 = 256;

    pub(super) fn success(&mut self) {
        self.in_a_row = 0;
    }

    /// Does accepting rest after this one? Only the first of a row is worth a line in the log.
    pub(super) fn fault(&mut self) -> Fault {
        self.in_a_row += 1;
        match self.in_a_row {
            1 => Fault::New,
            Self::MOST.. => {
                self.in_a_row = 0;
                Fault::Lasting
            }
            _ => Fault::Again,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    New,
    Again,
    Lasting,
}

/// ENFILE and EMFILE have the same numbers on Linux, macOS and the BSDs. Windows has WSAEMFILE and
/// WSAENOBUFS; ENOBUFS is 105 on Linux and 55 elsewhere.
fn is_out_of_descriptors(error: &io::Error) -> bool {
    let no_buffers = if cfg!(target_os = "linux") { 105 } else { 55 };
    let number = error.raw_os_error();
    matches!(number, Some(23 | 24 | 10_024 | 10_055))
        || number == Some(no_buffers)
        || error.kind() == io::ErrorKind::OutOfMemory
}

/// Linux reports errors of a connection's network through `accept`, to be retried (accept(2)):
/// ENONET, EPROTO, ENOPROTOOPT, EOPNOTSUPP, EHOSTDOWN.
fn is_of_the_network(error: &io::Error) -> bool {
    cfg!(target_os = "linux") && matches!(error.raw_os_error(), Some(64 | 71 | 92 | 95 | 112))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_of_one_connection_is_none_of_the_next() {
        for kind in [
            io::ErrorKind::ConnectionAborted,
            io::ErrorKind::ConnectionReset,
            io::ErrorKind::NotConnected,
            io::ErrorKind::Interrupted,
        ] {
            assert!(matches!(Accepted::failed(kind.into()), Accepted::Nothing), "{kind}");
        }
        for number in [23, 24, 10_024] {
            let error = io::Error::from_raw_os_error(number);
            assert!(matches!(Accepted::failed(error), Accepted::OutOfDescriptors(_)), "{number}");
        }
        let error = io::ErrorKind::InvalidInput.into();
        assert!(matches!(Accepted::failed(error), Accepted::Fault(_)));
    }

    #[test]
    fn accepting_rests_only_after_many_faults_in_a_row() {
        let mut faults = Faults::default();
        for _ in 0..1_000 {
            assert_eq!(faults.fault(), Fault::New);
            for _ in 2..Faults::MOST {
                assert_eq!(faults.fault(), Fault::Again);
            }
            faults.success();
        }
        let row: Vec<_> = (0..2 * Faults::MOST).map(|_| faults.fault()).collect();
        assert_eq!(row.iter().filter(|fault| **fault == Fault::Lasting).count(), 2);
    }

    #[cfg(windows)]
    #[test]
    fn a_connection_that_was_reset_in_the_queue_is_passed_over() {
        let error = io::Error::from_raw_os_error(10_057);
        assert!(matches!(Accepted::failed(error), Accepted::Nothing));
    }
}
