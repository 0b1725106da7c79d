//! Stops all running servers of this process gracefully on Ctrl-C and similar signals.
//!
//! A signal is delivered to the whole process, so there is one list of servers for all threads. A
//! separate thread (see `unix` and `windows`) receives signals, even while a handler is blocked.

mod signal;
#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

use std::io::{self, Write as _};
use std::process;
#[expect(clippy::disallowed_types, reason = "signals belong to the process, not to a thread")]
use std::sync::Mutex;
use std::sync::{MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use self::signal::Signal;
#[cfg(unix)]
use self::unix as system;
#[cfg(windows)]
use self::windows as system;
use crate::event_loop::StopHandle;

/// The exit status after Ctrl-C: 128 + SIGINT.
const INTERRUPTED: i32 = 130;

/// `timeout` and some shells send a signal both to the process and to its group. Two signals within
/// this time count as one.
const DUPLICATE_WITHIN: Duration = Duration::from_millis(100);

#[expect(clippy::disallowed_types, reason = "locked for a few instructions, never by a request")]
static SERVERS: Mutex<Servers> =
    Mutex::new(Servers { is_listening: false, running: Vec::new(), next_id: 0, stopped_at: None });

/// The servers that a signal stops.
struct Servers {
    is_listening: bool,
    running: Vec<Running>,
    next_id: u64,
    /// When a signal asked the running servers to stop.
    stopped_at: Option<Instant>,
}

struct Running {
    id: u64,
    stop: StopHandle,
    is_quiet: bool,
}

/// The reaction to a signal.
#[derive(Debug, PartialEq, Eq)]
enum Reaction {
    /// Take the system's default action, because no server is running.
    Default,
    /// Stop the servers. Print a message unless all of them are quiet.
    Stop {
        prints: bool,
    },
    /// End the process, because the servers are already stopping.
    EndNow,
    Nothing,
}

/// Lets signals stop a server until this value is dropped.
#[derive(Debug)]
#[must_use = "signals stop the server only until this is dropped"]
pub(crate) struct Stoppable(u64);

impl Stoppable {
    pub(crate) fn new(stop: StopHandle, is_quiet: bool) -> Self {
        let mut servers = servers();
        if !servers.is_listening {
            match system::listen(receive) {
                Ok(()) => servers.is_listening = true,
                // Usually, the program has its own handler, which stays in place.
                Err(error) => {
                    log::warn!(target: "solohttp", "cannot handle Ctrl-C: {error}");
                }
            }
        }
        Self(servers.add(stop, is_quiet))
    }
}

impl Drop for Stoppable {
    fn drop(&mut self) {
        servers().remove(self.0);
    }
}

fn servers() -> MutexGuard<'static, Servers> {
    SERVERS.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Servers {
    fn add(&mut self, stop: StopHandle, is_quiet: bool) -> u64 {
        self.next_id += 1;
        let id = self.next_id;
        self.running.push(Running { id, stop, is_quiet });
        id
    }

    fn remove(&mut self, id: u64) {
        self.running.retain(|running| running.id != id);
        if self.running.is_empty() {
            self.stopped_at = None;
        }
    }

    fn react(&mut self, signal: Signal, now: Instant) -> Reaction {
        if self.running.is_empty() {
            return Reaction::Default;
        }
        let Some(stopped_at) = self.stopped_at else {
            self.stopped_at = Some(now);
            let prints =
                signal == Signal::Interrupt && self.running.iter().any(|server| !server.is_quiet);
            return Reaction::Stop { prints };
        };
        let is_second =
            signal == Signal::Interrupt && now.duration_since(stopped_at) > DUPLICATE_WITHIN;
        if is_second { Reaction::EndNow } else { Reaction::Nothing }
    }

    fn stop(&self) {
        self.running.iter().for_each(|running| running.stop.stop());
    }
}

/// Reacts to a signal, on the thread that receives it.
#[expect(clippy::exit, reason = "a second Ctrl-C ends the process without waiting for handlers")]
fn receive(signal: Signal, default: &dyn Fn()) {
    let reaction = servers().react(signal, Instant::now());
    match reaction {
        Reaction::Default => default(),
        Reaction::Stop { prints } => {
            log::info!(target: "solohttp", "stopping on a signal");
            if prints {
                // The terminal may be gone.
                drop(writeln!(io::stdout(), "Stopping. Press Ctrl-C again to quit immediately."));
            }
            // This comes last, because the process may end right afterwards.
            servers().stop();
        }
        Reaction::EndNow => process::exit(INTERRUPTED),
        Reaction::Nothing => {}
    }
}

#[cfg(test)]
mod tests;
