//! A port that is taken, and what a failed accept on it means.

use std::io;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use mio::net::{TcpListener, TcpStream};
use mio::{Interest, Registry, Token};

use super::REST;

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
            | io::ErrorKind::NotConnected => Self::Nothing,
            _ if is_out_of_descriptors(&error) => Self::OutOfDescriptors(error),
            _ if is_protocol_error(&error) => Self::Nothing,
            _ => Self::Fault(error),
        }
    }
}

#[derive(Debug)]
pub(super) enum Accepted {
    Connection(TcpStream),
    /// None is there, or one that its peer has given up; the next may be fine.
    Nothing,
    /// No more can be accepted until some are closed.
    OutOfDescriptors(io::Error),
    /// Something else is wrong, with one connection, its network, or for good.
    Fault(io::Error),
}

/// Faults without a success between them.
///
/// A fault may be that of one connection, and then costs the next nothing; or it lasts, and would
/// make the loop spin. An attacker can queue thousands of connections that fail, but a queue is
/// empty after a moment. So the first second of a row has hardly any rest.
#[derive(Debug, Default)]
pub(super) struct Faults {
    row: Option<Row>,
}

#[derive(Debug)]
struct Row {
    since: Instant,
    length: u32,
}

impl Faults {
    /// Faults between two rests: more than a queue usually holds.
    const RUN: u32 = 256;

    /// A row that is older than this lasts.
    const LASTING: Duration = Duration::from_secs(1);

    /// A rest within a row that may still end.
    const SHORT: Duration = Duration::from_millis(1);

    pub(super) fn success(&mut self) {
        self.row = None;
    }

    pub(super) fn fault(&mut self, now: Instant) -> Fault {
        let Some(Row { since, length }) = &mut self.row else {
            self.row = Some(Row { since: now, length: 1 });
            return Fault::First;
        };
        *length += 1;
        if *length < Self::RUN {
            return Fault::Again;
        }
        *length = 0;
        let lasts = now.saturating_duration_since(*since) >= Self::LASTING;
        Fault::Rest(if lasts { REST } else { Self::SHORT })
    }
}

/// What to do about a fault of `accept`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// Log it and go on.
    First,
    /// Go on.
    Again,
    /// Accept nothing for so long.
    Rest(Duration),
}

/// ENFILE and EMFILE have the same numbers on Linux, macOS and the BSDs. Windows has WSAEMFILE and
/// WSAENOBUFS; ENOBUFS is 105 on Linux and 55 elsewhere.
fn is_out_of_descriptors(error: &io::Error) -> bool {
    let no_buffers = if cfg!(any(target_os = "linux", target_os = "android")) { 105 } else { 55 };
    let number = error.raw_os_error();
    matches!(number, Some(23 | 24 | 10_024 | 10_055))
        || number == Some(no_buffers)
        || error.kind() == io::ErrorKind::OutOfMemory
}

/// EPROTO: a connection that broke while it waited (Stevens, UNIX Network Programming, 5.11).
fn is_protocol_error(error: &io::Error) -> bool {
    let number = if cfg!(any(target_os = "linux", target_os = "android")) { 71 } else { 100 };
    cfg!(unix) && error.raw_os_error() == Some(number)
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
        for kind in [io::ErrorKind::InvalidInput, io::ErrorKind::NetworkDown] {
            assert!(matches!(Accepted::failed(kind.into()), Accepted::Fault(_)), "{kind}");
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn numbers_of_this_system_are_known() {
        let failed = |number| Accepted::failed(io::Error::from_raw_os_error(number));
        assert!(matches!(failed(71), Accepted::Nothing), "EPROTO");
        assert!(matches!(failed(105), Accepted::OutOfDescriptors(_)), "ENOBUFS");
        assert!(matches!(failed(12), Accepted::OutOfDescriptors(_)), "ENOMEM");
    }

    /// Goes through so many faults in a row of which each takes `each`; returns the time they took.
    fn row(faults: &mut Faults, count: u32, each: Duration) -> Duration {
        let start = Instant::now();
        let mut now = start;
        for number in 0..count {
            now += each;
            match faults.fault(now) {
                Fault::First => assert_eq!(number, 0, "a row is logged once"),
                Fault::Again => {}
                Fault::Rest(rest) => now += rest,
            }
        }
        now - start
    }

    #[test]
    fn a_fault_that_does_not_last_costs_the_next_connection_nothing() {
        let mut faults = Faults::default();
        for _ in 0..1_000 {
            assert_eq!(row(&mut faults, 200, Duration::ZERO), Duration::ZERO);
            faults.success();
        }
        // A queue full of them: 39 short rests.
        assert_eq!(row(&mut faults, 10_000, Duration::ZERO), Duration::from_millis(39));
    }

    #[test]
    fn a_fault_that_lasts_does_not_make_the_loop_spin() {
        let mut faults = Faults::default();
        let each = Duration::from_micros(2);
        let busy = each * 1_000_000;
        assert!(row(&mut faults, 1_000_000, each) > 100 * busy);
    }

    #[cfg(windows)]
    #[test]
    fn a_connection_that_was_reset_in_the_queue_is_passed_over() {
        let error = io::Error::from_raw_os_error(10_057);
        assert!(matches!(Accepted::failed(error), Accepted::Nothing));
    }
}
