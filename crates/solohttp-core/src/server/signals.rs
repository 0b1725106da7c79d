//! Ctrl-C and its relatives: they stop every running server of this process in order.
//!
//! The system delivers signals to the process, so there is one list of servers for all threads. A
//! small thread takes the signals (`unix`, `windows`); it can still report when a handler blocks.

use std::io::{self, Write as _};
use std::process;
#[expect(clippy::disallowed_types, reason = "signals belong to the process, not to a thread")]
use std::sync::Mutex;
use std::sync::{MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::event_loop::StopHandle;

#[cfg(unix)]
mod unix;
#[cfg(unix)]
use self::unix as system;
#[cfg(windows)]
mod windows;
#[cfg(windows)]
use self::windows as system;

/// The exit status of a program that Ctrl-C ended: 128 + SIGINT.
const INTERRUPTED: i32 = 130;

/// `timeout` and some shells send the same signal to the process and to its group; that is still
/// one Ctrl-C.
const SAME_PRESS: Duration = Duration::from_millis(100);

#[expect(clippy::disallowed_types, reason = "locked for a few instructions, never by a request")]
static SERVERS: Mutex<Servers> =
    Mutex::new(Servers { is_listening: false, running: Vec::new(), next_id: 0, asked_at: None });

/// The servers that a signal stops.
struct Servers {
    is_listening: bool,
    running: Vec<Running>,
    next_id: u64,
    /// When a signal asked the running servers to stop.
    asked_at: Option<Instant>,
}

struct Running {
    id: u64,
    stop: StopHandle,
    is_quiet: bool,
}

/// The kind of a signal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Signal {
    /// Someone pressed Ctrl-C; a second press ends the process at once.
    Interrupt,
    /// The system, or the closed terminal, wants the process to end. It may say so twice.
    #[cfg_attr(
        all(windows, not(test)),
        expect(dead_code, reason = "the console's events come as one kind")
    )]
    Terminate,
}

/// What a signal leads to.
#[derive(Debug, PartialEq, Eq)]
enum Reaction {
    /// No server runs: do what the system would have done.
    Default,
    /// Ask the servers to stop; whether to mention it on the terminal.
    Stopping {
        is_told: bool,
    },
    /// They were asked before, and nobody wants to wait any more.
    EndNow,
    Nothing,
}

/// Signals stop the server until this is dropped.
#[derive(Debug)]
#[must_use = "dropping it leaves signals to the system again"]
pub(crate) struct Stoppable(u64);

impl Stoppable {
    /// From now on, signals stop this server in order.
    pub(crate) fn new(stop: StopHandle, is_quiet: bool) -> Self {
        let mut servers = servers();
        if !servers.is_listening {
            match system::listen() {
                Ok(()) => servers.is_listening = true,
                // The usual reason is a handler of the program's own, which then stays.
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
            self.asked_at = None;
        }
    }

    fn react(&mut self, signal: Signal, now: Instant) -> Reaction {
        if self.running.is_empty() {
            return Reaction::Default;
        }
        let Some(asked_at) = self.asked_at else {
            self.asked_at = Some(now);
            let is_told =
                signal == Signal::Interrupt && self.running.iter().any(|server| !server.is_quiet);
            return Reaction::Stopping { is_told };
        };
        let is_again = signal == Signal::Interrupt && now.duration_since(asked_at) > SAME_PRESS;
        if is_again { Reaction::EndNow } else { Reaction::Nothing }
    }

    fn stop(&self) {
        self.running.iter().for_each(|running| running.stop.stop());
    }
}

/// Reacts to a signal, on the thread that takes them; `default` does what the system would do.
#[expect(clippy::exit, reason = "a second Ctrl-C means not to wait for what still runs")]
fn receive(signal: Signal, default: impl FnOnce()) {
    let reaction = servers().react(signal, Instant::now());
    match reaction {
        Reaction::Default => default(),
        Reaction::Stopping { is_told } => {
            log::info!(target: "solohttp", "stopping on a signal");
            if is_told {
                // The terminal may be gone.
                drop(writeln!(io::stdout(), "Stopping; press Ctrl-C again to end at once."));
            }
            // Last, because the process may end then.
            servers().stop();
        }
        Reaction::EndNow => process::exit(INTERRUPTED),
        Reaction::Nothing => {}
    }
}

#[cfg(test)]
mod tests;
