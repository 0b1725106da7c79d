//! The socket of one connection: reads and writes what its [`Conn`] wants until it would block.

use std::io::{self, IoSlice, Read as _, Write as _};
use std::mem;
use std::net::Shutdown;
use std::time::{Duration, Instant};

use mio::net::TcpStream;
use mio::{Interest, Registry, Token};
use socket2::SockRef;

use super::application::Application;
use crate::conn::{Conn, Filled, Want};

/// Bytes that one connection may move before the others get their turn.
///
/// Enough to send a 1 MiB page in one turn. Interleaving eight such pages costs six times as much
/// processor time as sending them one after the other, because none of them stays in the cache.
const VISIT: usize = 1_280 << 10;

/// A received byte counts as this many sent bytes. A longer turn doesn't speed up an upload, since
/// each read takes only what has arrived, and discarding input isn't urgent. Shorter turns let
/// pages through between reads.
const RECEIVED: usize = 8;

/// Slices per write; 1 KiB on the stack.
const SLICES: usize = 64;

/// The end of a response is delayed only up to this size. Beyond this size, a minimal loop gained
/// nothing, and lost time at 64 KiB; larger writes need several packets anyway.
const HOLD_BACK: usize = 8 << 10;

/// Requests are answered within this time unless the handler or the client is slow.
const PROMPT: Duration = Duration::from_micros(500);

pub(super) struct Connection {
    socket: TcpStream,
    pub(super) conn: Conn,
    interest: Option<Interest>,
    /// When a byte was last read or written.
    pub(super) active_at: Instant,
    /// Whether the end of the response is held back so that it is sent in one packet with the FIN.
    is_held_back: bool,
    pub(super) is_queued: bool,
    /// Whether a read may find something, because the poller has reported the socket since the last
    /// read that found nothing.
    pub(super) may_be_readable: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Progress {
    Closed,
    /// The connection has used up its share of this turn and could continue.
    Yielded,
    Blocked(Interest),
}

impl Connection {
    pub(super) fn new(socket: TcpStream, conn: Conn, now: Instant) -> Self {
        Self {
            socket,
            conn,
            interest: None,
            active_at: now,
            is_held_back: false,
            is_queued: false,
            may_be_readable: true,
        }
    }

    /// Asks the poller for an event when the socket is ready for `interest`.
    pub(super) fn register(
        &mut self,
        registry: &Registry,
        token: Token,
        interest: Interest,
    ) -> io::Result<()> {
        match self.interest.replace(interest) {
            Some(before) if before == interest => Ok(()),
            Some(_) => registry.reregister(&mut self.socket, token, interest),
            None => registry.register(&mut self.socket, token, interest),
        }
    }

    /// Moves bytes until the socket would block, the share is used up, or the connection is done.
    pub(super) fn transfer(
        &mut self,
        scratch: &mut [u8],
        budget: &mut usize,
        app: &mut dyn Application,
    ) -> Progress {
        let mut share = VISIT;
        loop {
            let want = self.conn.want();
            let moved = match want {
                Want::Close => {
                    if self.is_held_back {
                        // Closing also sends the delayed bytes, unless input has arrived in the
                        // meantime; in that case, it resets the connection and the bytes are lost.
                        drop(self.socket.shutdown(Shutdown::Write));
                    }
                    return Progress::Closed;
                }
                Want::Reset => {
                    // Fails only if the client has already closed the connection.
                    drop(SockRef::from(&self.socket).set_linger(Some(Duration::ZERO)));
                    return Progress::Closed;
                }
                Want::Respond => {
                    let Some(mut request) = self.conn.take_request() else {
                        return Progress::Closed;
                    };
                    let response = app.handle(&mut request);
                    self.conn.respond(&request, response);
                    continue;
                }
                Want::ShutDownWrite => {
                    // Fails only if the client has disconnected, which the next read notices.
                    drop(self.socket.shutdown(Shutdown::Write));
                    self.conn.write_shut_down(Instant::now());
                    continue;
                }
                Want::Listen if !self.may_be_readable => {
                    // Events must not wait for the client to acknowledge the previous one.
                    if self.interest != Some(Interest::READABLE) {
                        drop(self.socket.set_nodelay(true));
                    }
                    return Progress::Blocked(Interest::READABLE);
                }
                Want::Read | Want::Listen => {
                    self.read(scratch).map(|count| count.saturating_mul(RECEIVED))
                }
                Want::Write => self.write(share, scratch),
            };
            match moved {
                Ok(count) => {
                    *budget = budget.saturating_sub(count);
                    share = share.saturating_sub(count);
                    let had_its_share = share == 0 || (self.conn.is_streaming() && count > 0);
                    if had_its_share && self.conn.want() == want {
                        return Progress::Yielded;
                    }
                }
                Err(error) => {
                    if let Some(progress) = self.interrupted(want, &error) {
                        return progress;
                    }
                }
            }
        }
    }

    /// Decides what to do after an error: `None` means to continue.
    fn interrupted(&mut self, want: Want, error: &io::Error) -> Option<Progress> {
        match (error.kind(), want) {
            (io::ErrorKind::Interrupted, _) => None,
            (io::ErrorKind::WouldBlock, Want::Listen) => {
                self.may_be_readable = false;
                None
            }
            (io::ErrorKind::WouldBlock, Want::Read) => Some(Progress::Blocked(Interest::READABLE)),
            (io::ErrorKind::WouldBlock, _) => {
                self.conn.write_blocked(Instant::now());
                if self.conn.want() != Want::Write {
                    return None;
                }
                // Nagle's algorithm delays only responses sent in several writes; most are a single
                // write and a close. If this fails, only speed is lost.
                drop(self.socket.set_nodelay(true));
                Some(Progress::Blocked(Interest::WRITABLE))
            }
            _ => {
                log::debug!(target: "solohttp", "connection error: {error}");
                Some(Progress::Closed)
            }
        }
    }

    fn read(&mut self, scratch: &mut [u8]) -> io::Result<usize> {
        let count = self.socket.read(scratch)?;
        self.active_at = Instant::now();
        match count {
            0 => self.conn.receive_end(self.active_at),
            _ => self.conn.receive(&scratch[..count], self.active_at),
        }
        Ok(count)
    }

    fn write(&mut self, max: usize, scratch: &mut [u8]) -> io::Result<usize> {
        let mut slices = [IoSlice::new(&[]); SLICES];
        let Filled { count: filled, is_last } = self.conn.output(&mut slices, max);
        let count = match &slices[..filled] {
            [] => 0,
            slices => {
                let len: usize = slices.iter().map(|slice| slice.len()).sum();
                self.is_held_back = is_last && len <= HOLD_BACK;
                let written = if self.is_held_back {
                    write_last(&self.socket, slices)
                } else {
                    self.socket.write_vectored(slices)
                };
                match written? {
                    0 => return Err(io::ErrorKind::WriteZero.into()),
                    count => count,
                }
            }
        };
        let before = mem::replace(&mut self.active_at, Instant::now());
        if self.active_at.duration_since(before) > PROMPT {
            self.read_surplus(scratch);
        }
        self.conn.sent(count, self.active_at);
        Ok(count)
    }

    /// Reads bytes that have arrived after the request. Closing a socket with unread bytes resets
    /// it, and a reset can destroy the response (RFC 9112 section 9.6).
    ///
    /// Clients send surplus bytes right away, so the last read can have missed some only if the
    /// response took a long time. All other responses do without this system call.
    fn read_surplus(&mut self, scratch: &mut [u8]) {
        if let Ok(count @ 1..) = self.socket.read(scratch) {
            self.conn.receive(&scratch[..count], self.active_at);
        }
    }
}

/// Writes the end of a response so that it leaves in one packet with the FIN. On loopback, this
/// saves an eighth of what a small response costs the server.
#[cfg(any(target_os = "linux", target_os = "android"))]
fn write_last(socket: &TcpStream, slices: &[IoSlice<'_>]) -> io::Result<usize> {
    const FLAGS: libc::c_int = libc::MSG_MORE | libc::MSG_NOSIGNAL;
    // This goes through mio, which must know whether the call would block.
    socket.try_io(|| SockRef::from(socket).send_vectored_with_flags(slices, FLAGS))
}

/// Other systems have no such per-write flag.
#[cfg(not(any(target_os = "linux", target_os = "android")))]
fn write_last(mut socket: &TcpStream, slices: &[IoSlice<'_>]) -> io::Result<usize> {
    socket.write_vectored(slices)
}
