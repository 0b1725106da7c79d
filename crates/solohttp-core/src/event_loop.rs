//! The only place that knows sockets and mio: one thread that waits for all of them at once.
//!
//! It knows no word of HTTP. A connection is a [`Conn`]: bytes go in, bytes come out, it says
//! what it wants. The fast path is accept, one read, one write, close: the poller is asked only
//! when `accept` or `read` has nothing more to give, and a connection is registered with it only
//! if its bytes are not here yet.
//!
//! Fairness: each turn moves at most [`TURN`] bytes before new connections and new events are
//! looked at again, so a hundred clients with large transfers delay an honest one by one turn.

mod connections;
mod listener;
mod stop;
mod transfer;

use std::collections::VecDeque;
use std::io;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use mio::net::TcpStream;
use mio::{Events, Poll, Token, Waker};

pub(crate) use self::listener::Listener;
pub use self::stop::StopHandle;
pub(crate) use self::stop::Wake;

use self::connections::Connections;
use self::listener::{Accepted, Fault, Faults};
use self::transfer::{Connection, Progress};
use crate::conn::{Conn, Rules, Want};
use crate::event_stream::Wakeups;
use crate::limits::Limits;
use crate::remote::call::LocalCall;
use crate::remote::calls::Calls;
use crate::remote::queue::Queue;

/// Bytes moved in one turn of the loop, 0.1 ms or so of copying; the visit that goes beyond it is
/// the last of its turn.
const TURN: usize = 512 << 10;

/// What one step costs of a turn beside its bytes, so that small ones end a turn as well.
const STEP: usize = 4 << 10;

/// How long accepting rests when the system has no descriptors left and none can be freed, or when
/// it has failed for a second.
const REST: Duration = Duration::from_millis(100);

/// Descriptors that are left to the application when the system's limit is met: its database,
/// its files.
const SPARE: usize = 64;

/// Who has taken nothing for so long goes before a newcomer is refused.
const STUCK: Duration = Duration::from_secs(1);

/// How long fewer connections are kept after that.
const SCARCITY: Duration = Duration::from_secs(30);

const WAKER: Token = Token(usize::MAX);
const FIRST_LISTENER: usize = usize::MAX - 16;

pub(crate) struct EventLoop {
    poll: Poll,
    listeners: Vec<Listener>,
    connections: Connections,
    /// Connections that can go on without waiting.
    runnable: VecDeque<usize>,
    rules: Rc<Rules>,
    scratch: Box<[u8]>,
    most: usize,
    /// When the poller was last asked: what came later is not known yet.
    polled_at: Instant,
    /// The earliest deadline of any connection, or earlier than that.
    wake_at: Option<Instant>,
    faults: Faults,
    resting_until: Option<Instant>,
    scarce_until: Option<Instant>,
    stopping: Option<Instant>,
    stop: StopHandle,
    calls: Calls,
    wakeups: Wakeups,
    /// Reused from turn to turn.
    woken: Vec<usize>,
}

/// What the loop serves.
pub(crate) trait Application {
    /// Answers a connection that has a request ready.
    fn answer(&mut self, conn: &mut Conn);

    /// Makes a call from outside of requests, and returns whether the server ends after it.
    fn call(&mut self, calls: &mut Calls, call: LocalCall) -> bool;
}

/// Has the allocator of Linux, glibc's, keep a few mebibytes of what was freed for the next page: twice
/// what was once asked for in one piece and given back, where it would be 128 KiB. While the memory of
/// each page of a mebibyte came from the system anew, 4 KiB at a time, such a page took nearly four
/// times as long (in a virtual machine, where that is dear). Elsewhere it changes nothing.
fn keep_freed_memory() {
    drop(std::hint::black_box(Vec::<u8>::with_capacity(4 << 20)));
}

impl EventLoop {
    pub(crate) fn new(mut listeners: Vec<Listener>, rules: Rc<Rules>) -> io::Result<Self> {
        keep_freed_memory();
        let poll = Poll::new()?;
        for (index, listener) in listeners.iter_mut().enumerate() {
            listener.register(poll.registry(), Token(FIRST_LISTENER + index))?;
        }
        let wake = Wake::new(Waker::new(poll.registry(), WAKER)?);
        let calls = Calls::new(Arc::new(Queue::new(wake.clone())));
        Ok(Self {
            poll,
            listeners,
            connections: Connections::default(),
            runnable: VecDeque::new(),
            most: rules.limits.connections.max(1),
            rules,
            scratch: vec![0; 64 << 10].into(),
            polled_at: Instant::now(),
            wake_at: None,
            faults: Faults::default(),
            resting_until: None,
            scarce_until: None,
            stopping: None,
            stop: StopHandle::new(wake),
            calls,
            wakeups: Wakeups::default(),
            woken: Vec::new(),
        })
    }

    pub(crate) fn stop_handle(&self) -> StopHandle {
        self.stop.clone()
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.rules.limits
    }

    pub(crate) fn queue(&self) -> &Arc<Queue> {
        self.calls.queue()
    }

    pub(crate) fn calls(&mut self) -> &mut Calls {
        &mut self.calls
    }

    /// Runs until stopped.
    pub(crate) fn run(mut self, app: &mut dyn Application) -> io::Result<()> {
        let mut events = Events::with_capacity(256);
        loop {
            let mut budget = TURN;
            self.accept(&mut budget, app);
            self.run_ready(&mut budget, app);
            self.run_calls(app);
            self.wake_listeners();
            // Only after what is here was read: while a handler took long, nobody was late.
            self.expire();
            if self.is_over() {
                return Ok(());
            }
            self.wait(&mut events)?;
        }
    }

    fn accept(&mut self, budget: &mut usize, app: &mut dyn Application) {
        if self.resting_until.is_some_and(|until| Instant::now() < until) {
            return;
        }
        self.resting_until = None;
        if self.scarce_until.is_some_and(|until| Instant::now() >= until) {
            self.scarce_until = None;
            self.most = self.rules.limits.connections.max(1);
        }
        for index in 0..self.listeners.len() {
            while let Some(listener) = self.listeners.get_mut(index)
                && *budget > 0
                && listener.is_ready()
                && self.resting_until.is_none()
            {
                *budget = budget.saturating_sub(STEP);
                match listener.accept() {
                    Accepted::Connection(socket) => {
                        self.faults.success();
                        self.admit(socket, budget, app);
                    }
                    Accepted::Nothing => self.faults.success(),
                    Accepted::OutOfDescriptors(error) => self.save_descriptors(&error),
                    Accepted::Fault(error) => match self.faults.fault(Instant::now()) {
                        Fault::First => {
                            log::warn!(target: "solohttp", "cannot accept a connection: {error}");
                        }
                        Fault::Again => {}
                        Fault::Rest(rest) => self.resting_until = Instant::now().checked_add(rest),
                    },
                }
            }
        }
    }

    /// There is no portable way to ask for the limit, so it is learnt here: fewer connections are
    /// kept for a while, and an accept that cannot succeed is never repeated at once.
    fn save_descriptors(&mut self, error: &io::Error) {
        let now = Instant::now();
        self.most = self.connections.len().saturating_sub(SPARE).max(16).min(self.most);
        self.scarce_until = now.checked_add(SCARCITY);
        log::warn!(target: "solohttp", "{error}; keeping {} connections", self.most);
        let before = self.connections.len();
        while self.connections.len() > self.most && self.drop_idlest() {}
        if self.connections.len() == before && !self.drop_idlest() {
            self.resting_until = now.checked_add(REST);
        }
    }

    /// Serves a new connection as far as its bytes are here, and keeps it if it has to wait.
    fn admit(&mut self, socket: TcpStream, budget: &mut usize, app: &mut dyn Application) {
        let now = Instant::now();
        let mut connection = Connection::new(socket, Conn::new(Rc::clone(&self.rules), now), now);
        let progress = connection.transfer(&mut self.scratch, budget, app);
        self.note_shut_down(connection.conn.shuts_down());
        if progress == Progress::Closed {
            return;
        }
        while self.connections.len() >= self.most && self.drop_idlest() {}
        if self.connections.len() >= self.most {
            self.drop_stuck(now);
        }
        if self.connections.len() >= self.most {
            log::warn!(target: "solohttp", "{} connections are busy; one more is refused", self.most);
            return;
        }
        let index = self.connections.insert(connection);
        self.after_transfer(index, progress);
    }

    /// Lets the connections that can go on do so in turn, until the turn's bytes are moved.
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
        let mut shuts_down = false;
        self.calls.run_turn(|calls, call| {
            shuts_down |= app.call(calls, call);
            !shuts_down
        });
        self.note_shut_down(shuts_down);
    }

    /// Lets those connections go on that have events to write.
    fn wake_listeners(&mut self) {
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
            Progress::CanGoOn => {
                self.enqueue(index);
                Ok(())
            }
            Progress::Waits(interest) => {
                if let Some(listener) = connection.conn.listener() {
                    listener.wake_by(index, &self.wakeups);
                }
                connection.register(self.poll.registry(), Token(index), interest).map_err(Some)
            }
        };
        if let Err(error) = outcome {
            if let Some(error) = error {
                log::warn!(target: "solohttp", "cannot wait for a connection: {error}");
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
        // Dropping the socket closes it, which also ends its registration.
        drop(self.connections.remove(index));
    }

    fn drop_idlest(&mut self) -> bool {
        let idlest = self.connections.idlest();
        if let Some(index) = idlest {
            self.remove(index);
        }
        idlest.is_some()
    }

    /// Of clients that take nothing of their response, the one that has not for longest goes, so
    /// that they cannot shut out everybody else together.
    fn drop_stuck(&mut self, now: Instant) {
        if let Some(index) = now.checked_sub(STUCK).and_then(|since| self.connections.stuck(since))
        {
            self.remove(index);
        }
    }

    fn note_shut_down(&mut self, shuts_down: bool) {
        if shuts_down {
            self.stopping.get_or_insert_with(Instant::now);
        }
    }

    /// Once stopping: closes the listeners, and tells when the last response is delivered or its
    /// time is up.
    fn is_over(&mut self) -> bool {
        if self.stop.is_asked() {
            self.stopping.get_or_insert_with(Instant::now);
        }
        let Some(since) = self.stopping else { return false };
        self.listeners.clear();
        if let Some(launch) = &self.rules.launch {
            launch.end();
        }
        self.calls.close();
        let ends_now = |conn: &Conn| conn.is_receiving() || conn.is_event_stream();
        self.connections.retain(|connection| !ends_now(&connection.conn));
        let until = since.checked_add(self.rules.limits.shut_down);
        self.wake_at = self.wake_at.into_iter().chain(until).min();
        let is_done = self.connections.is_empty() && !self.calls.is_waiting();
        is_done || until.is_some_and(|until| Instant::now() >= until)
    }

    /// Asks the poller: without waiting if there is work, else until the next deadline.
    fn wait(&mut self, events: &mut Events) -> io::Result<()> {
        let resting = self.resting_until;
        let can_accept = resting.is_none() && self.listeners.iter().any(Listener::is_ready);
        let timeout = if can_accept || !self.runnable.is_empty() || self.calls.is_waiting() {
            Some(Duration::ZERO)
        } else {
            let at = self.wake_at.into_iter().chain(resting).chain(self.calls.next_due()).min();
            at.map(|at| at.saturating_duration_since(Instant::now()))
        };
        let polled = self.poll.poll(events, timeout);
        self.polled_at = Instant::now();
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

    /// Tells connections whose deadline has passed. Deadlines only ever move back while bytes
    /// flow, so looking at all of them when the earliest known one is due costs nothing per
    /// request, and never misses one.
    fn expire(&mut self) {
        let Some(at) = self.wake_at else { return };
        // Not by the time it is: while a handler ran, bytes may have come that nobody was told of.
        if self.polled_at < at {
            return;
        }
        let (due, now) = (self.polled_at, Instant::now());
        let mut earliest: Option<Instant> = None;
        let mut expired = Vec::new();
        for (index, connection) in self.connections.iter_mut() {
            match connection.conn.deadline() {
                // What waits for its turn has bytes here that are not read yet.
                Some(deadline) if deadline <= due && connection.is_queued => earliest = Some(due),
                Some(deadline) if deadline <= due => {
                    // One that writes tries once more, which decides.
                    if connection.conn.want() != Want::Write {
                        connection.conn.out_of_time(now);
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
