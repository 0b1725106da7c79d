//! A listening socket, and the reaction to a failing `accept`.

use std::io;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use mio::net::{TcpListener, TcpStream};
use mio::{Interest, Registry, Token};
use socket2::SockRef;

/// How long to stop accepting if no descriptor can be freed, or after a second of failures.
pub(super) const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

#[derive(Debug)]
pub(crate) struct Listener {
    socket: TcpListener,
    address: SocketAddr,
    /// Whether there may be connections to accept. The poller reports each connection only once.
    is_ready: bool,
}

impl Listener {
    /// Listens with the standard library's backlog, which far exceeds the number of connections
    /// that a browser opens at the same time.
    pub(crate) fn bind(address: SocketAddr) -> io::Result<Self> {
        let socket = TcpListener::bind(address)?;
        Ok(Self { address: socket.local_addr()?, socket, is_ready: true })
    }

    /// Returns another handle to the same socket.
    pub(super) fn try_clone(&self) -> io::Result<Self> {
        let socket: std::net::TcpListener = SockRef::from(&self.socket).try_clone()?.into();
        // On Windows, a duplicated socket may be blocking.
        socket.set_nonblocking(true)?;
        Ok(Self { address: self.address, socket: TcpListener::from_std(socket), is_ready: true })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(super) fn register(&mut self, registry: &Registry, token: Token) -> io::Result<()> {
        registry.register(&mut self.socket, token, Interest::READABLE)
    }

    pub(super) fn set_ready(&mut self) {
        self.is_ready = true;
    }

    pub(super) fn is_ready(&self) -> bool {
        self.is_ready
    }

    pub(super) fn accept(&mut self) -> Accepted {
        match self.socket.accept() {
            Ok((socket, _)) => Accepted::Connection(socket),
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
            // On Windows, the connection was reset while queued (WSAENOTCONN).
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
    /// No connection is queued, or the client has closed it. The next connection may be fine.
    Nothing,
    /// No connection can be accepted until some descriptors are closed.
    OutOfDescriptors(io::Error),
    /// Any other error. It may affect a single connection or be permanent.
    Fault(io::Error),
}

/// Counts consecutive failures of `accept`.
///
/// If a failure affects a single connection, it shouldn't delay the next one. If a failure is
/// permanent, the loop would spin without pauses. An attacker can queue thousands of failing
/// connections, but the queue soon empties. Pauses are therefore rare and short during the first
/// second of failures.
#[derive(Debug, Default)]
pub(super) struct Faults {
    streak: Option<Streak>,
}

#[derive(Debug)]
struct Streak {
    since: Instant,
    length: u32,
}

impl Faults {
    /// The number of failures between two pauses. A queue is usually shorter.
    const RUN: u32 = 256;

    /// Failures that have lasted longer than this count as permanent.
    const PERMANENT_AFTER: Duration = Duration::from_secs(1);

    const SHORT_PAUSE: Duration = Duration::from_millis(1);

    pub(super) fn success(&mut self) {
        self.streak = None;
    }

    pub(super) fn fault(&mut self, now: Instant) -> Fault {
        let Some(Streak { since, length }) = &mut self.streak else {
            self.streak = Some(Streak { since: now, length: 1 });
            return Fault::First;
        };
        *length += 1;
        if *length < Self::RUN {
            return Fault::Repeated;
        }
        *length = 0;
        let is_permanent = now.saturating_duration_since(*since) >= Self::PERMANENT_AFTER;
        Fault::Pause(if is_permanent { ACCEPT_PAUSE } else { Self::SHORT_PAUSE })
    }
}

/// How to react to a failure of `accept`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// Log it and continue.
    First,
    /// Continue.
    Repeated,
    /// Stop accepting for this long.
    Pause(Duration),
}

/// ENFILE and EMFILE have the same numbers on Linux, macOS and the BSDs. ENOBUFS is 105 on Linux
/// and 55 on other Unix systems. Windows has WSAEMFILE and WSAENOBUFS.
fn is_out_of_descriptors(error: &io::Error) -> bool {
    let no_buffers = if cfg!(any(target_os = "linux", target_os = "android")) { 105 } else { 55 };
    let number = error.raw_os_error();
    matches!(number, Some(23 | 24 | 10_024 | 10_055))
        || number == Some(no_buffers)
        || error.kind() == io::ErrorKind::OutOfMemory
}

/// EPROTO means that the connection failed while queued (Stevens, UNIX Network Programming, 5.11).
fn is_protocol_error(error: &io::Error) -> bool {
    let number = if cfg!(any(target_os = "linux", target_os = "android")) { 71 } else { 100 };
    cfg!(unix) && error.raw_os_error() == Some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_connection_is_skipped() {
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
    fn knows_the_error_numbers_of_linux() {
        let failed = |number| Accepted::failed(io::Error::from_raw_os_error(number));
        assert!(matches!(failed(71), Accepted::Nothing), "EPROTO");
        assert!(matches!(failed(105), Accepted::OutOfDescriptors(_)), "ENOBUFS");
        assert!(matches!(failed(12), Accepted::OutOfDescriptors(_)), "ENOMEM");
    }

    /// Reports `count` consecutive failures that take `each` apiece. Returns the total time,
    /// including pauses.
    fn streak(faults: &mut Faults, count: u32, each: Duration) -> Duration {
        let start = Instant::now();
        let mut now = start;
        for number in 0..count {
            now += each;
            match faults.fault(now) {
                Fault::First => assert_eq!(number, 0, "a streak is logged once"),
                Fault::Repeated => {}
                Fault::Pause(pause) => now += pause,
            }
        }
        now - start
    }

    #[test]
    fn a_short_streak_does_not_delay_the_next_connection() {
        let mut faults = Faults::default();
        for _ in 0..1_000 {
            assert_eq!(streak(&mut faults, 200, Duration::ZERO), Duration::ZERO);
            faults.success();
        }
        // A full queue causes 39 short pauses.
        assert_eq!(streak(&mut faults, 10_000, Duration::ZERO), Duration::from_millis(39));
    }

    #[test]
    fn a_permanent_failure_does_not_make_the_loop_spin() {
        let mut faults = Faults::default();
        let each = Duration::from_micros(2);
        let busy = each * 1_000_000;
        assert!(streak(&mut faults, 1_000_000, each) > 100 * busy);
    }

    #[cfg(windows)]
    #[test]
    fn a_connection_that_was_reset_while_queued_is_skipped() {
        let error = io::Error::from_raw_os_error(10_057);
        assert!(matches!(Accepted::failed(error), Accepted::Nothing));
    }
}
