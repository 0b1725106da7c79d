//! The socket of a connection. Reads and writes for its [`Conn`] until the socket would block.

use std::io::{self, IoSlice, Read as _, Write as _};
use std::mem;
use std::net::Shutdown;
use std::time::{Duration, Instant};

use mio::net::TcpStream;
use mio::{Interest, Registry, Token};
use socket2::SockRef;

use super::application::Application;
use crate::conn::{Conn, Filled, Want};

/// Maximum number of bytes that a connection may move before other connections are served.
///
/// This is enough to send a 1 MiB page at once. Interleaving eight pages of this size costs six
/// times as much processor time as sending them one after the other, because none of them stays in
/// the cache.
const VISIT: usize = 1_280 << 10;

/// A received byte counts as this many sent bytes. Longer turns don't speed up an upload, because
/// each read takes only the bytes that have arrived, and discarding input isn't urgent. With
/// shorter turns, other pages can be sent between reads.
const RECEIVED: usize = 8;

/// Maximum number of slices per write. The array takes 1 KiB on the stack.
const SLICES: usize = 64;

/// Maximum size of a last write that is held back. Larger writes need several packets anyway. In a
/// minimal test loop, holding them back gained nothing, and it cost time at 64 KiB.
const HOLD_BACK: usize = 8 << 10;

/// Requests are answered within this time, unless the handler or the client is slow.
const PROMPT: Duration = Duration::from_micros(500);

/// A piece of a streamed body that takes longer to read ends the turn. That is as long as a turn of
/// copying. A reader may take milliseconds, for example if it queries a database.
const LONG_READ: Duration = Duration::from_micros(100);

pub(super) struct Connection {
    socket: TcpStream,
    pub(super) conn: Conn,
    interest: Option<Interest>,
    /// When a byte was last read or written.
    pub(super) active_at: Instant,
    /// Whether the end of the response is held back so that it is sent in one packet with the FIN.
    is_held_back: bool,
    pub(super) is_queued: bool,
    /// Whether a read may return bytes. False after a read that would have blocked, until the
    /// poller reports the socket again.
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

    /// Makes the poller report when the socket is ready for `interest`.
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

    /// Moves bytes until the socket would block, the connection has used up its share of the turn,
    /// or the connection is done.
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
                        // Closing alone would also send the delayed bytes, but if input has arrived
                        // in the meantime, the close resets the connection and the bytes are lost.
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
                    // An event must not wait until the client has acknowledged the previous one.
                    if self.interest != Some(Interest::READABLE) {
                        drop(self.socket.set_nodelay(true));
                    }
                    return Progress::Blocked(Interest::READABLE);
                }
                Want::Read | Want::Listen => {
                    self.read(scratch).map(|count| count.saturating_mul(RECEIVED))
                }
                Want::Write if self.conn.is_streaming() => self.write_piece(share, scratch, budget),
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

    /// Decides how to react to an error. Returns `None` to continue.
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
                // Nagle's algorithm delays only responses that take several writes. Most responses
                // are a single write and a close. If this call fails, only speed is lost.
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

    /// Writes a piece of a streamed body. Ends the turn if that takes long.
    fn write_piece(
        &mut self,
        max: usize,
        scratch: &mut [u8],
        budget: &mut usize,
    ) -> io::Result<usize> {
        let started = Instant::now();
        let written = self.write(max, scratch);
        if started.elapsed() > LONG_READ {
            *budget = 0;
        }
        written
    }

    /// Reads bytes that have arrived after the request. Closing a socket with unread bytes resets
    /// the connection, and a reset can destroy the response (RFC 9112 section 9.6).
    ///
    /// Clients send surplus bytes right after the request, so the last read can have missed them
    /// only if the response took a long time. All other responses save this system call.
    fn read_surplus(&mut self, scratch: &mut [u8]) {
        if let Ok(count @ 1..) = self.socket.read(scratch) {
            self.conn.receive(&scratch[..count], self.active_at);
        }
    }
}

/// Writes the end of a response so that it is sent in one packet with the FIN. On loopback, this
/// saves an eighth of the server's time for a small response.
#[cfg(any(target_os = "linux", target_os = "android"))]
fn write_last(socket: &TcpStream, slices: &[IoSlice<'_>]) -> io::Result<usize> {
    const FLAGS: libc::c_int = libc::MSG_MORE | libc::MSG_NOSIGNAL;
    // The call goes through mio, which must know whether the write would block.
    socket.try_io(|| SockRef::from(socket).send_vectored_with_flags(slices, FLAGS))
}

/// Other systems have no such per-write flag.
#[cfg(not(any(target_os = "linux", target_os = "android")))]
fn write_last(mut socket: &TcpStream, slices: &[IoSlice<'_>]) -> io::Result<usize> {
    socket.write_vectored(slices)
}
