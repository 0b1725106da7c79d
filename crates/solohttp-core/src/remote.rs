//! Work that doesn't come from a request: timers, and closures from other threads. The event loop
//! runs this work between requests, with `&mut` access to the state.
//!
//! `queue` accepts closures from other threads, `call` carries a closure to its state, `timers`
//! keeps closures until they are due, and `calls` runs them for the event loop. A program that has
//! neither timers nor closures contains only `mailbox`, which stays empty.

mod call;
mod calls;
mod ended;
mod mailbox;
mod queue;
mod target;
mod timers;

use std::fmt;
use std::marker::PhantomData;
use std::panic::Location;
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

use self::call::Call;
pub(crate) use self::call::CarriedCall;
pub use self::ended::{AskError, Ended};
pub(crate) use self::mailbox::{Entered, Mailbox};
use self::queue::{Message, Queue};
use self::target::SendRepeated;
pub(crate) use self::target::{Repeated, Target, once, repeated};
pub(crate) use self::timers::LocalTimer;
use self::timers::NewTimer;
pub use self::timers::Timer;

/// A handle for running closures with the application's state, from any thread.
///
/// A handler can take a `Remote` as an argument. To get one before the server runs, call
/// [`Listening::remote`](crate::Listening::remote). Closures run on the server's thread, between
/// requests and in order of arrival, so the state needs no lock. A [guard](crate::Handler) around
/// the handler also wraps closures, just like requests.
///
/// ```
/// use solohttp_core::{Remote, Response};
///
/// struct App {
///     progress: Option<u32>,
/// }
///
/// fn import(app: &mut App, remote: Remote<App>) -> Response {
///     app.progress = Some(0);
///     std::thread::spawn(move || {
///         for percent in 1..=100 {
///             // … do some work, then report progress. This fails once the server has stopped.
///             if remote.run(move |app| app.progress = Some(percent)).is_err() {
///                 return;
///             }
///         }
///         remote.run(|app| app.progress = None).ok();
///     });
///     Response::redirect("/import")
/// }
/// ```
pub struct Remote<S> {
    queue: Option<Arc<Queue>>,
    instance: Option<u64>,
    state: PhantomData<fn(&mut S)>,
}

impl<S: 'static> Remote<S> {
    /// Sends a closure to the server's thread. The closure runs between two requests, after all
    /// closures that were sent earlier.
    ///
    /// Blocks while 1,024 closures are waiting, so that a fast thread can't exhaust memory. Never
    /// blocks when called on the server's own thread. If the closure panics, the log entry includes
    /// the location of this call.
    ///
    /// ```
    /// # use solohttp_core::{Ended, Remote};
    /// fn count(remote: &Remote<u64>) -> Result<(), Ended> {
    ///     remote.run(|count| *count += 1)
    /// }
    /// ```
    ///
    /// # Errors
    /// [`Ended`] if the server has stopped or is stopping. A closure that was accepted earlier runs
    /// within [`Limits::shut_down`](crate::Limits::shut_down), or not at all.
    #[track_caller]
    pub fn run(&self, closure: impl FnOnce(&mut S) + Send + 'static) -> Result<(), Ended> {
        self.push(Message::Call(Call::new(self.target(), closure)))
    }

    /// Runs a closure and waits for its result.
    ///
    /// ```
    /// # use solohttp_core::{AskError, Remote};
    /// fn read(remote: &Remote<Vec<String>>) -> Result<Option<String>, AskError> {
    ///     remote.ask(|names| names.last().cloned())
    /// }
    /// ```
    ///
    /// # Errors
    /// If the server has stopped, the closure panicked, or its changes were rolled back.
    ///
    /// # Panics
    /// If called on the server's own thread, which would deadlock. Handlers and closures already
    /// have access to the state.
    #[track_caller]
    pub fn ask<T: Send + 'static>(
        &self,
        closure: impl FnOnce(&mut S) -> T + Send + 'static,
    ) -> Result<T, AskError> {
        let queue = self.queue.as_ref().ok_or(AskError::Ended)?;
        assert!(
            !queue.is_on_loop_thread(),
            "`Remote::ask` would deadlock on the server's own thread: use the state that the \
             handler or closure already has, or `Remote::run`"
        );
        let (answer, answered) = mpsc::channel();
        let (outcome, judged) = mpsc::channel();
        let call = Call::new(self.target(), move |state: &mut S| {
            // This fails only if the caller is no longer waiting.
            drop(answer.send(closure(state)));
        });
        let call = call.and_then(move |succeeded| {
            // This fails only if the caller is no longer waiting.
            let _ = outcome.send(succeeded);
        });
        self.push(Message::Call(call)).map_err(|Ended| AskError::Ended)?;
        match judged.recv() {
            Ok(true) => answered.try_recv().map_err(|_| AskError::Failed),
            Ok(false) => Err(AskError::Failed),
            Err(mpsc::RecvError) => Err(AskError::Ended),
        }
    }

    /// Runs a closure every `period`, starting after one `period`.
    ///
    /// The times don't drift. If calls are missed because the machine sleeps or a handler is
    /// running, a single call makes up for all of them. A period of zero counts as one millisecond.
    ///
    /// # Errors
    /// [`Ended`] if the server has stopped.
    #[track_caller]
    pub fn every(
        &self,
        period: Duration,
        closure: impl FnMut(&mut S) + Send + 'static,
    ) -> Result<Timer, Ended> {
        self.set_timer(self.target(), period, Some(period), Box::new(repeated(closure)))
    }

    /// Runs a closure once, after `delay`.
    ///
    /// # Errors
    /// [`Ended`] if the server has stopped.
    #[track_caller]
    pub fn after(
        &self,
        delay: Duration,
        closure: impl FnOnce(&mut S) + Send + 'static,
    ) -> Result<Timer, Ended> {
        self.set_timer(self.target(), delay, None, Box::new(once(closure)))
    }

    /// Returns a handle for another state of the same server. If no handler has this state, its
    /// closures are dropped and an error is logged.
    #[must_use]
    pub fn for_state<T: 'static>(&self) -> Remote<T> {
        Remote::new(self.queue.clone(), None)
    }

    fn set_timer(
        &self,
        target: Target,
        first: Duration,
        period: Option<Duration>,
        action: Box<SendRepeated>,
    ) -> Result<Timer, Ended> {
        let timer = NewTimer::new(target, Some(Instant::now()), first, period, action);
        let handle = timer.handle();
        self.push(Message::Timer(timer))?;
        Ok(handle)
    }

    fn push(&self, message: Message) -> Result<(), Ended> {
        self.queue.as_ref().ok_or(Ended)?.push(message)
    }

    #[track_caller]
    fn target(&self) -> Target {
        Target::new::<S>(self.instance, Location::caller())
    }
}

impl<S> Remote<S> {
    pub(crate) fn new(queue: Option<Arc<Queue>>, instance: Option<u64>) -> Self {
        Self { queue, instance, state: PhantomData }
    }
}

/// Creates a handle without a server, for tests. Its methods return [`Ended`].
impl<S> Default for Remote<S> {
    fn default() -> Self {
        Self::new(None, None)
    }
}

impl<S> Clone for Remote<S> {
    fn clone(&self) -> Self {
        Self { queue: self.queue.clone(), instance: self.instance, state: PhantomData }
    }
}

impl<S> fmt::Debug for Remote<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Remote").field(&std::any::type_name::<S>()).finish()
    }
}
