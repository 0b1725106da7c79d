//! A server that runs on a free port, in a thread of the test program, and stops when dropped.

use std::net::SocketAddr;
use std::sync::mpsc::channel;
use std::thread::{self, JoinHandle};

use solohttp::{IntoHandler, Server, StopHandle};

/// A running server.
#[derive(Debug)]
pub struct Served {
    /// Its address.
    pub addr: SocketAddr,
    /// Its URL, with a trailing slash.
    pub url: String,
    stop: StopHandle,
    thread: Option<JoinHandle<()>>,
}

/// Serves `app()` with default settings. The application is created on the server's thread, because
/// it needn't be `Send`.
#[must_use]
pub fn serve<M, H: IntoHandler<(), M>>(app: impl FnOnce() -> H + Send + 'static) -> Served {
    serve_with(Server::new, app)
}

/// Like [`serve`], but with the settings returned by `server()`. The harness sets the port and
/// suppresses the output.
///
/// # Panics
///
/// If no port is available.
#[must_use]
pub fn serve_with<M, H: IntoHandler<(), M>>(
    server: impl FnOnce() -> Server + Send + 'static,
    app: impl FnOnce() -> H + Send + 'static,
) -> Served {
    let (sender, receiver) = channel();
    let thread = thread::spawn(move || {
        let listening = server()
            .port(0)
            .quiet()
            .stop_on_signals(false)
            .bind()
            .expect("a free port is available");
        let known = (listening.address(), listening.url(), listening.stop_handle());
        sender.send(known).expect("the test waits for the address");
        listening.run(app()).expect("the system's poller works");
    });
    let (addr, url, stop) = receiver.recv().expect("the server starts");
    Served { addr, url, stop, thread: Some(thread) }
}

impl Served {
    /// Stops the server from another thread, as a signal would.
    pub fn stop(&self) {
        self.stop.stop();
    }

    /// Waits until the server has stopped.
    ///
    /// # Panics
    ///
    /// If the server panicked. No request should be able to cause that.
    pub fn wait(&mut self) {
        if let Some(thread) = self.thread.take() {
            assert!(thread.join().is_ok(), "the server's thread panicked");
        }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.stop();
        if !thread::panicking() {
            self.wait();
        }
    }
}
