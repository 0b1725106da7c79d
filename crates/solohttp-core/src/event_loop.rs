//! The event loop, which serves all connections on one thread. No other module uses sockets or mio.
//!
//! The loop is independent of HTTP. A connection is a [`Conn`], a state machine that takes bytes,
//! produces bytes and returns its next action. The fast path is accept, one read, one write, close.
//! A connection is registered with the poller only once a read or write would block.
//!
//! For fairness, one turn moves at most [`TURN`] bytes before the loop accepts connections and
//! polls again. A hundred large transfers therefore delay a small request by one turn.

mod application;
mod capacity;
mod connections;
mod listener;
mod stop;
mod transfer;

use std::collections::VecDeque;
use std::io;
use std::rc::Rc;
use std::time::{Duration, Instant};

use mio::net::TcpStream;
use mio::{Events, Poll, Token, Waker};

pub(crate) use self::application::Application;
pub(crate) use self::listener::Listener;
pub use self::stop::StopHandle;
pub(crate) use self::stop::Wake;

use self::connections::Connections;
use self::listener::{Accepted, Fault, Faults};
use self::transfer::{Connection, Progress};
use crate::access::Access;
use crate::conn::{Conn, Rules, Transfers, Want};
use crate::event_stream::Wakeups;
use crate::limits::Limits;
use crate::remote::Mailbox;

/// Maximum number of bytes to move in one turn of the loop, which is about 0.1 ms of copying. A
/// single connection may exceed this limit, but then the turn ends.
const TURN: usize = 512 << 10;

/// The fixed cost of serving a connection, in bytes. Because of this cost, many small transfers
/// also end a turn.
const STEP: usize = 4 << 10;

const WAKER: Token = Token(usize::MAX);
const FIRST_LISTENER: usize = usize::MAX - 16;

pub(crate) struct EventLoop {
    poll: Poll,
    listeners: Vec<Listener>,
    connections: Connections,
    /// Connections that can make progress without waiting.
    runnable: VecDeque<usize>,
    rules: Rc<Rules>,
    scratch: Box<[u8]>,
    max_connections: usize,
    /// The time of the last poll. The loop doesn't know about later events yet.
    polled_at: Instant,
    /// A lower bound for the deadlines of all connections. May be earlier than any of them.
    wake_at: Option<Instant>,
    faults: Faults,
    accept_paused_until: Option<Instant>,
    scarce_until: Option<Instant>,
    stopping_since: Option<Instant>,
    stop: StopHandle,
    mailbox: Mailbox,
    wakeups: Wakeups,
    /// Stored only to reuse the allocation.
    woken: Vec<usize>,
}

impl EventLoop {
    pub(crate) fn new(mut listeners: Vec<Listener>, rules: Rc<Rules>) -> io::Result<Self> {
        let poll = Poll::new()?;
        for (index, listener) in listeners.iter_mut().enumerate() {
            listener.register(poll.registry(), Token(FIRST_LISTENER + index))?;
        }
        let wake = Wake::new(Waker::new(poll.registry(), WAKER)?);
        let mailbox = Mailbox::new(Some(wake.clone()));
        Ok(Self {
            poll,
            listeners,
            connections: Connections::default(),
            runnable: VecDeque::new(),
            max_connections: rules.limits.connections.max(1),
            rules,
            scratch: vec![0; 64 << 10].into(),
            polled_at: Instant::now(),
            wake_at: None,
            faults: Faults::default(),
            accept_paused_until: None,
            scarce_until: None,
            stopping_since: None,
            stop: StopHandle::new(wake),
            mailbox,
            wakeups: Wakeups::default(),
            woken: Vec::new(),
        })
    }

    pub(crate) fn stop_handle(&self) -> StopHandle {
        self.stop.clone()
    }

    pub(crate) fn transfers(&self) -> Transfers {
        self.rules.transfers.clone()
    }

    /// Returns handles to the same listeners, for another loop to use while this one isn't running.
    /// Also returns the same access rules, but without the launch token.
    pub(crate) fn meanwhile(&self) -> io::Result<(Vec<Listener>, Access)> {
        let listeners =
            self.listeners.iter().map(Listener::try_clone).collect::<io::Result<_>>()?;
        Ok((listeners, self.rules.access.clone()))
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.rules.limits
    }

    pub(crate) fn mailbox(&self) -> &Mailbox {
        &self.mailbox
    }

    /// Runs until stopped.
    pub(crate) fn run(mut self, app: &mut dyn Application) -> io::Result<()> {
        let mut events = Events::with_capacity(256);
        loop {
            let mut budget = TURN;
            self.accept(&mut budget, app);
            self.run_ready(&mut budget, app);
            self.run_calls(app);
            self.wake_event_streams();
            // This must come after reading, so that a slow handler doesn't make other connections
            // expire.
            self.expire();
            if self.has_finished() {
                return Ok(());
            }
            self.wait(&mut events)?;
        }
    }

    fn accept(&mut self, budget: &mut usize, app: &mut dyn Application) {
        if self.accept_paused_until.is_some_and(|until| Instant::now() < until) {
            return;
        }
        self.accept_paused_until = None;
        if self.scarce_until.is_some_and(|until| Instant::now() >= until) {
            self.scarce_until = None;
            self.max_connections = self.rules.limits.connections.max(1);
        }
        for index in 0..self.listeners.len() {
            while let Some(listener) = self.listeners.get_mut(index)
                && *budget > 0
                && listener.is_ready()
                && self.accept_paused_until.is_none()
            {
                *budget = budget.saturating_sub(STEP);
                match listener.accept() {
                    Accepted::Connection(socket) => {
                        self.faults.success();
                        self.serve_new(socket, budget, app);
                    }
                    Accepted::Nothing => self.faults.success(),
                    Accepted::OutOfDescriptors(error) => self.save_descriptors(&error),
                    Accepted::Fault(error) => match self.faults.fault(Instant::now()) {
                        Fault::First => {
                            log::warn!(target: "solohttp", "cannot accept a connection: {error}");
                        }
                        Fault::Repeated => {}
                        Fault::Pause(pause) => {
                            self.accept_paused_until = Instant::now().checked_add(pause);
                        }
                    },
                }
            }
        }
    }

    /// Serves a new connection as far as possible without waiting. Keeps the connection if it isn't
    /// done.
    fn serve_new(&mut self, socket: TcpStream, budget: &mut usize, app: &mut dyn Application) {
        let now = Instant::now();
        let mut connection = Connection::new(socket, Conn::new(Rc::clone(&self.rules), now), now);
        let progress = connection.transfer(&mut self.scratch, budget, app);
        self.note_shut_down(connection.conn.shuts_down());
        if progress == Progress::Closed {
            return;
        }
        while self.connections.len() >= self.max_connections && self.drop_idlest() {}
        if self.connections.len() >= self.max_connections {
            self.drop_stuck(now);
        }
        if self.connections.len() >= self.max_connections {
            log::warn!(
                target: "solohttp",
                "limit of {} connections reached; refusing a connection",
                self.max_connections
            );
            return;
        }
        let index = self.connections.insert(connection);
        self.after_transfer(index, progress);
    }

    /// Serves runnable connections in order until the turn's budget is used up.
    fn run_ready(&mut self, budget: &mut usize, app: &mut dyn Application) {
        while *budget > 0 {
            let Some(index) = self.runnable.pop_front() else { return };
            let Some(connection) = self.connections.get_mut(index) else { continue };
            *budget = budget.saturating_sub(STEP);
            connection.is_queued = false;
            let progress = connection.transfer(&mut self.scratch, budget, app);
            let shuts_down = connection.conn.shuts_down();
            self.note_shut_down(shuts_down);
            self.after_transfer(index, progress);
        }
    }

    /// Runs closures from other threads and due timers, for a bounded time.
    fn run_calls(&mut self, app: &mut dyn Application) {
        if let Some(work) = self.mailbox.work() {
            let shuts_down = work.run_turn(app);
            self.note_shut_down(shuts_down);
        }
    }

    /// Enqueues the connections that have events to write.
    fn wake_event_streams(&mut self) {
        if self.wakeups.is_empty() {
            return;
        }
        let mut woken = std::mem::take(&mut self.woken);
        self.wakeups.take(&mut woken);
        woken.drain(..).for_each(|index| self.enqueue(index));
        self.woken = woken;
    }

    fn after_transfer(&mut self, index: usize, progress: Progress) {
        let Some(connection) = self.connections.get_mut(index) else { return };
        let outcome = match progress {
            Progress::Closed => Err(None),
            Progress::Yielded => {
                self.enqueue(index);
                Ok(())
            }
            Progress::Blocked(interest) => {
                if let Some(events) = connection.conn.event_stream() {
                    events.wake_by(index, &self.wakeups);
                }
                connection.register(self.poll.registry(), Token(index), interest).map_err(Some)
            }
        };
        if let Err(error) = outcome {
            if let Some(error) = error {
                log::warn!(target: "solohttp", "cannot poll a connection: {error}");
            }
            self.remove(index);
        } else if let Some(deadline) = self.connections.deadline(index) {
            self.wake_at = Some(self.wake_at.map_or(deadline, |at| at.min(deadline)));
        }
    }

    fn enqueue(&mut self, index: usize) {
        if let Some(connection) = self.connections.get_mut(index)
            && !std::mem::replace(&mut connection.is_queued, true)
        {
            self.runnable.push_back(index);
        }
    }

    fn remove(&mut self, index: usize) {
        // Dropping the socket closes and deregisters it.
        drop(self.connections.remove(index));
    }

    fn note_shut_down(&mut self, shuts_down: bool) {
        if shuts_down {
            self.stopping_since.get_or_insert_with(Instant::now);
        }
    }

    /// While stopping, closes the listeners and idle connections. Returns `true` once the last
    /// response has been delivered or the shutdown timeout has passed.
    fn has_finished(&mut self) -> bool {
        if self.stop.is_requested() {
            self.stopping_since.get_or_insert_with(Instant::now);
        }
        let Some(since) = self.stopping_since else { return false };
        self.listeners.clear();
        if let Some(launch) = &self.rules.launch {
            launch.end();
        }
        let work = self.mailbox.work();
        if let Some(work) = work {
            work.close();
        }
        let ends_now = |conn: &Conn| conn.is_receiving() || conn.event_stream().is_some();
        self.connections.retain(|connection| !ends_now(&connection.conn));
        let until = since.checked_add(self.rules.limits.shut_down);
        self.wake_at = self.wake_at.into_iter().chain(until).min();
        let is_done = self.connections.is_empty() && !work.is_some_and(|work| work.is_waiting());
        is_done || until.is_some_and(|until| Instant::now() >= until)
    }

    /// Polls for events. Waits until the next deadline, or not at all if there is work to do.
    fn wait(&mut self, events: &mut Events) -> io::Result<()> {
        let paused = self.accept_paused_until;
        let can_accept = paused.is_none() && self.listeners.iter().any(Listener::is_ready);
        let work = self.mailbox.work();
        let may_wait = || work.is_none_or(|work| work.prepare_to_wait());
        let has_work = can_accept || !self.runnable.is_empty() || !may_wait();
        let timeout = if has_work {
            Some(Duration::ZERO)
        } else {
            let next_due = work.and_then(|work| work.next_due());
            let at = self.wake_at.into_iter().chain(paused).chain(next_due).min();
            at.map(|at| at.saturating_duration_since(Instant::now()))
        };
        let polled = self.poll.poll(events, timeout);
        self.polled_at = Instant::now();
        if let Some(work) = work {
            work.end_wait();
        }
        match polled {
            Err(error) if error.kind() != io::ErrorKind::Interrupted => return Err(error),
            _ => {}
        }
        for event in events.iter() {
            match event.token() {
                WAKER => {}
                Token(token) if token >= FIRST_LISTENER => {
                    if let Some(listener) = self.listeners.get_mut(token - FIRST_LISTENER) {
                        listener.set_ready();
                    }
                }
                Token(index) => {
                    if let Some(connection) = self.connections.get_mut(index) {
                        connection.may_be_readable = true;
                    }
                    self.enqueue(index);
                }
            }
        }
        Ok(())
    }

    /// Expires connections whose deadline has passed.
    ///
    /// While bytes flow, deadlines only move later. Scanning only when the earliest known deadline
    /// is due therefore misses no deadline, and costs nothing per request.
    fn expire(&mut self) {
        let Some(at) = self.wake_at else { return };
        // Compares with the time of the last poll rather than the current time, because bytes may
        // have arrived while a handler ran.
        if self.polled_at < at {
            return;
        }
        let (due, now) = (self.polled_at, Instant::now());
        let mut earliest: Option<Instant> = None;
        let mut expired = Vec::new();
        for (index, connection) in self.connections.iter_mut() {
            match connection.conn.deadline() {
                // A queued connection may have unread bytes.
                Some(deadline) if deadline <= due && connection.is_queued => earliest = Some(due),
                Some(deadline) if deadline <= due => {
                    // A blocked write is retried once before it expires.
                    if connection.conn.want() != Want::Write {
                        connection.conn.time_out(now);
                    }
                    expired.push(index);
                }
                Some(deadline) => {
                    earliest = Some(earliest.map_or(deadline, |at| at.min(deadline)));
                }
                None => {}
            }
        }
        self.wake_at = earliest;
        for index in expired {
            self.enqueue(index);
        }
    }
}
