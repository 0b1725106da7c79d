//! One connection's socket: reads and writes what its [`Conn`] wants until that would block.

use std::io::{self, IoSlice, Read as _, Write as _};
use std::mem;
use std::net::Shutdown;
use std::time::{Duration, Instant};

use mio::net::TcpStream;
use mio::{Interest, Registry, Token};
use socket2::SockRef;

use super::Application;
use crate::conn::{Conn, Filled, Want};

/// Bytes that one connection may move before the others have their turn.
///
/// Enough for a page of a mebibyte in one go: eight such pages that wait for each other cost six
/// times as much processor time as one after the other, because none stays in the cache.
const VISIT: usize = 1_280 << 10;

/// A received byte counts as this many sent ones. An upload gains nothing from long visits, since
/// each read takes what has arrived, and what is thrown away is in no hurry at all; shorter ones let
/// pages through between them.
const RECEIVED: usize = 8;

/// Pieces given to the system at a time; 1 KiB on the stack.
const SLICES: usize = 64;

/// The end of a response that is held back is no longer than this: from here on no gain was measured
/// on a bare loop, and at 64 KiB a loss. What is longer leaves in several packets anyway.
const HOLD_BACK: usize = 8 << 10;

/// A request is answered within this time, unless its handler or its peer is slow.
const PROMPT: Duration = Duration::from_micros(500);

pub(super) struct Connection {
    socket: TcpStream,
    pub(super) conn: Conn,
    interest: Option<Interest>,
    /// When bytes last came or went.
    pub(super) active: Instant,
    /// Does the end of the response wait for the end of the connection, to leave with it?
    is_held_back: bool,
    pub(super) is_queued: bool,
    /// Whether a read may find something: the poller has told of the socket since one found nothing.
    pub(super) may_be_readable: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Progress {
    Closed,
    /// It has had its share of this turn.
    CanGoOn,
    Waits(Interest),
}

impl Connection {
    pub(super) fn new(socket: TcpStream, conn: Conn, now: Instant) -> Self {
        let (interest, is_held_back, is_queued) = (None, false, false);
        let may_be_readable = true;
        Self { socket, conn, interest, active: now, is_held_back, is_queued, may_be_readable }
    }

    /// Has the poller tell when the socket is ready for `interest`.
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

    /// Moves bytes until the socket would block, the visit's share is used up, or all is done.
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
                        // Closing alone would send it as well, but not if bytes came meanwhile: it
                        // would then reset the connection, and what was held back be lost.
                        drop(self.socket.shutdown(Shutdown::Write));
                    }
                    return Progress::Closed;
                }
                Want::Reset => {
                    // An error means that the peer is gone, and so is the connection.
                    drop(SockRef::from(&self.socket).set_linger(Some(Duration::ZERO)));
                    return Progress::Closed;
                }
                Want::Answer => {
                    app.answer(&mut self.conn);
                    continue;
                }
                Want::EndWriting => {
                    // An error means that the peer is gone; the drain finds that out.
                    drop(self.socket.shutdown(Shutdown::Write));
                    self.conn.ended_writing(Instant::now());
                    continue;
                }
                // Each event is one write, and must not wait for the last one's acknowledgement.
                Want::Listen if !self.may_be_readable => {
                    if self.interest != Some(Interest::READABLE) {
                        drop(self.socket.set_nodelay(true));
                    }
                    return Progress::Waits(Interest::READABLE);
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
                        return Progress::CanGoOn;
                    }
                }
                Err(error) => match error.kind() {
                    io::ErrorKind::Interrupted => {}
                    io::ErrorKind::WouldBlock if want == Want::Listen => {
                        self.may_be_readable = false;
                    }
                    io::ErrorKind::WouldBlock if want == Want::Read => {
                        return Progress::Waits(Interest::READABLE);
                    }
                    io::ErrorKind::WouldBlock => {
                        self.conn.blocked(Instant::now());
                        if self.conn.want() != Want::Write {
                            continue;
                        }
                        // Only a response in several writes could be held back by Nagle's
                        // algorithm; the common one is a single write and a close. Failing at
                        // this changes nothing but speed.
                        drop(self.socket.set_nodelay(true));
                        return Progress::Waits(Interest::WRITABLE);
                    }
                    _ => {
                        log::debug!(target: "solohttp", "a connection broke: {error}");
                        return Progress::Closed;
                    }
                },
            }
        }
    }

    fn read(&mut self, scratch: &mut [u8]) -> io::Result<usize> {
        let count = self.socket.read(scratch)?;
        self.active = Instant::now();
        match count {
            0 => self.conn.receive_end(self.active),
            _ => self.conn.receive(&scratch[..count], self.active),
        }
        Ok(count)
    }

    fn write(&mut self, most: usize, scratch: &mut [u8]) -> io::Result<usize> {
        let mut slices = [IoSlice::new(&[]); SLICES];
        let Filled { count: filled, is_last } = self.conn.output(&mut slices, most);
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
        let before = mem::replace(&mut self.active, Instant::now());
        if self.active.duration_since(before) > PROMPT {
            self.look_for_more(scratch);
        }
        self.conn.sent(count, self.active);
        Ok(count)
    }

    /// Takes in what came behind the request since it was read. Closing a socket that has bytes
    /// unread resets it, and a reset can destroy the response (RFC 9112 section 9.6).
    ///
    /// A peer that sends more at all sends it at once, so only a request that was long in the
    /// making has it come later than the read that made it whole; the others save the call.
    fn look_for_more(&mut self, scratch: &mut [u8]) {
        if let Ok(count @ 1..) = self.socket.read(scratch) {
            self.conn.receive(&scratch[..count], self.active);
        }
    }
}

/// Writes what only the end of the connection follows, so that both leave in one packet: on
/// loopback that saves an eighth of all that a small response costs the server.
#[cfg(any(target_os = "linux", target_os = "android"))]
fn write_last(socket: &TcpStream, slices: &[IoSlice<'_>]) -> io::Result<usize> {
    const FLAGS: libc::c_int = libc::MSG_MORE | libc::MSG_NOSIGNAL;
    // Through mio, which has to know if this would block.
    socket.try_io(|| SockRef::from(socket).send_vectored_with_flags(slices, FLAGS))
}

/// Other systems know no such flag for one write.
#[cfg(not(any(target_os = "linux", target_os = "android")))]
fn write_last(mut socket: &TcpStream, slices: &[IoSlice<'_>]) -> io::Result<usize> {
    socket.write_vectored(slices)
}
