//! A TCP client that sends raw bytes at any pace, and parses responses without judging them.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::time::Duration;

use socket2::{Domain, SockRef, Socket, Type};

mod reply;

pub use reply::Reply;

/// The timeout for a response: far longer than any response takes, even on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// Sends `bytes` on a new connection and returns everything received until the connection is
/// closed.
///
/// # Panics
///
/// If the connection fails, or isn't closed within [`PATIENCE`].
#[track_caller]
#[must_use]
pub fn exchange(server: SocketAddr, bytes: &[u8]) -> Vec<u8> {
    let mut connection = Connection::open(server);
    connection.send(bytes);
    connection.read_to_end()
}

/// Like [`exchange`], but parses the response.
///
/// # Panics
///
/// Like [`exchange`] and [`Reply::parse`].
#[track_caller]
#[must_use]
pub fn ask(server: SocketAddr, bytes: &[u8]) -> Reply {
    Reply::parse(&exchange(server, bytes))
}

/// A TCP connection to the server under test.
#[derive(Debug)]
pub struct Connection {
    stream: TcpStream,
}

impl Connection {
    /// Connects with `TCP_NODELAY`, so that each call to [`send`](Self::send) sends its own
    /// segment.
    #[track_caller]
    #[must_use]
    pub fn open(server: SocketAddr) -> Self {
        match TcpStream::connect_timeout(&server, PATIENCE) {
            Ok(stream) => Self::prepared(stream),
            Err(error) => panic!("cannot connect to {server}: {error}"),
        }
    }

    /// Connects with a receive buffer of about `bytes`, so that the server soon notices a client
    /// that doesn't read.
    #[track_caller]
    #[must_use]
    pub fn open_with_receive_buffer(server: SocketAddr, bytes: usize) -> Self {
        let connect = || {
            let socket = Socket::new(Domain::for_address(server), Type::STREAM, None)?;
            socket.set_recv_buffer_size(bytes)?;
            socket.connect_timeout(&server.into(), PATIENCE)?;
            Ok::<TcpStream, io::Error>(socket.into())
        };
        match connect() {
            Ok(stream) => Self::prepared(stream),
            Err(error) => panic!("cannot connect to {server}: {error}"),
        }
    }

    #[track_caller]
    fn prepared(stream: TcpStream) -> Self {
        let set_up = || {
            stream.set_nodelay(true)?;
            stream.set_read_timeout(Some(PATIENCE))?;
            stream.set_write_timeout(Some(PATIENCE))
        };
        match set_up() {
            Ok(()) => Self { stream },
            Err(error) => panic!("cannot set up a connection: {error}"),
        }
    }

    /// Sends all of `bytes`. A server may respond and close before reading everything, so a broken
    /// pipe is ignored: the response can still be read.
    #[track_caller]
    pub fn send(&mut self, bytes: &[u8]) {
        match self.stream.write_all(bytes) {
            Ok(()) => {}
            Err(error) if is_hang_up(&error) => {}
            Err(error) => panic!("sending {} bytes: {error}", bytes.len()),
        }
    }

    /// Sends each byte in a separate write.
    #[track_caller]
    pub fn send_bytewise(&mut self, bytes: &[u8]) {
        for byte in bytes.chunks(1) {
            self.send(byte);
        }
    }

    /// Shuts down the sending side; responses can still be read.
    #[track_caller]
    pub fn half_close(&mut self) {
        match self.stream.shutdown(Shutdown::Write) {
            Ok(()) => {}
            Err(error) if is_hang_up(&error) => {}
            Err(error) => panic!("closing the sending half: {error}"),
        }
    }

    /// Resets the connection, as a crashed client does.
    #[track_caller]
    pub fn reset(self) {
        if let Err(error) = SockRef::from(&self.stream).set_linger(Some(Duration::ZERO)) {
            panic!("cannot request a reset: {error}");
        }
    }

    /// Reads until the server closes or resets the connection, and returns all bytes received.
    #[track_caller]
    pub fn read_to_end(&mut self) -> Vec<u8> {
        let mut bytes = Vec::new();
        match self.stream.read_to_end(&mut bytes) {
            Ok(_) => bytes,
            Err(error) if is_hang_up(&error) => bytes,
            Err(error) if is_time_out(&error) => {
                let so_far = String::from_utf8_lossy(&bytes);
                panic!("the response didn't end within {PATIENCE:?}; so far: {so_far:?}")
            }
            Err(error) => panic!("reading the response: {error}"),
        }
    }

    /// Reads and parses the whole response.
    #[track_caller]
    pub fn reply(&mut self) -> Reply {
        Reply::parse(&self.read_to_end())
    }

    /// Waits for data and returns at most `limit` bytes. Returns no bytes at the end of the stream.
    #[track_caller]
    pub fn read_some(&mut self, limit: usize) -> Vec<u8> {
        let mut bytes = vec![0; limit];
        match self.stream.read(&mut bytes) {
            Ok(length) => bytes.truncate(length),
            Err(error) if is_hang_up(&error) => bytes.clear(),
            Err(error) => panic!("reading up to {limit} bytes: {error}"),
        }
        bytes
    }

    /// Whether nothing arrives for `time`, not even EOF. If so, the server is still waiting.
    #[track_caller]
    pub fn stays_silent_for(&mut self, time: Duration) -> bool {
        let mut byte = [0];
        let outcome = self
            .stream
            .set_read_timeout(Some(time))
            .and_then(|()| self.stream.peek(&mut byte))
            .map(|_| false)
            .or_else(|error| if is_time_out(&error) { Ok(true) } else { Err(error) });
        let restored = self.stream.set_read_timeout(Some(PATIENCE));
        match (outcome, restored) {
            (Ok(silent), Ok(())) => silent,
            (Err(error), _) if is_hang_up(&error) => false,
            (Err(error), _) | (_, Err(error)) => panic!("listening for {time:?}: {error}"),
        }
    }

    /// Returns the socket, for anything that this type doesn't offer.
    #[must_use]
    pub fn stream(&self) -> &TcpStream {
        &self.stream
    }
}

fn is_hang_up(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::BrokenPipe
            | ErrorKind::ConnectionReset
            | ErrorKind::ConnectionAborted
            | ErrorKind::NotConnected
    )
}

/// An expired timeout is `WouldBlock` on Unix and `TimedOut` on Windows.
pub(crate) fn is_time_out(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut)
}
