//! A server on its own thread.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::mpsc::channel;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use solohttp_core::{Handler, Limits, Remote, Server, StopHandle};

/// Stops the server when dropped.
pub(crate) struct Running<S> {
    pub(crate) address: SocketAddr,
    /// A handle for the server's state.
    pub(crate) remote: Remote<S>,
    stop: StopHandle,
    thread: Option<JoinHandle<()>>,
}

impl<S: 'static> Running<S> {
    /// Serves the handler that `app` returns, which needn't be `Send`.
    pub(crate) fn new<H: Handler>(
        limits: Limits,
        app: impl FnOnce() -> H + Send + 'static,
    ) -> Self {
        let (sender, receiver) = channel();
        let thread = thread::spawn(move || {
            let server = Server::new().port(0).quiet().stop_on_signals(false).limits(limits);
            let listening = server.bind().unwrap();
            sender
                .send((listening.address(), listening.remote(), listening.stop_handle()))
                .unwrap();
            listening.run(app()).unwrap();
        });
        let (address, remote, stop) = receiver.recv().unwrap();
        Self { address, remote, stop, thread: Some(thread) }
    }

    /// Sends a request without reading the response.
    pub(crate) fn ask(&self, method: &str, path: &str, fields: &str) -> TcpStream {
        let mut socket = TcpStream::connect(self.address).unwrap();
        socket.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        write!(socket, "{method} {path} HTTP/1.0\r\nHost: localhost\r\n{fields}\r\n").unwrap();
        socket
    }

    /// Returns the whole response.
    pub(crate) fn get(&self, path: &str) -> String {
        let mut text = String::new();
        self.ask("GET", path, "").read_to_string(&mut text).unwrap();
        text
    }

    /// Returns the body of the response.
    pub(crate) fn page(&self, path: &str) -> String {
        let text = self.get(path);
        text.split_once("\r\n\r\n").map(|(_, body)| body.to_owned()).unwrap_or_default()
    }

    pub(crate) fn end(&mut self) {
        self.stop.stop();
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap();
        }
    }
}

impl<S> Drop for Running<S> {
    fn drop(&mut self) {
        self.stop.stop();
        // A second panic would abort the process and hide the first one.
        if let Some(thread) = self.thread.take()
            && !thread::panicking()
        {
            thread.join().unwrap();
        }
    }
}
