//! Long work on threads, and the list that shows it.
//!
//! `job` is the thread's side of a job, `rate` estimates the time left, `list` keeps running jobs
//! and outcomes, `view` renders them, `requests` handles the buttons, `kept` stores outcomes that
//! haven't been shown yet, and `value` returns a job's value to the application.

#![allow(clippy::disallowed_types, reason = "jobs' threads and the server's share the list")]

mod job;
mod kept;
mod list;
mod rate;
mod requests;
#[cfg(test)]
mod tests;
mod value;
mod view;
mod words;

use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use serde::{Serialize, Serializer};
use solohttp_core::{Html, IoList, Result, catch_unwind};

use self::job::JobState;
pub use self::job::{Cancelled, Job};
use self::list::{End, List};
pub use self::value::{JobResult, JobValue};
pub use self::words::WorkWords;
use crate::live::Live;

/// The name that is announced to open pages when the list changes.
const LIVE_NAME: &str = "solo-work";

/// Runs long work on other threads, and shows it on pages. Clones are cheap and share one list.
///
/// ```
/// use solohttp_core::{Remote, Response, Result, iolist};
/// use solohttp_desktop::Work;
///
/// struct App {
///     names: Vec<String>,
///     work: Work,
/// }
///
/// fn import(app: &mut App) -> Response {
///     app.work.start("Importing names", |job| {
///         let remote = job.remote::<App>();
///         for number in 0..1_000 {
///             job.check()?; // ends the job if the user has cancelled it
///             let name = format!("Name {number}"); // … some work …
///             remote.run(move |app| app.names.push(name))?;
///             job.progress(number + 1, 1_000);
///         }
///         Ok("1,000 names were imported.")
///     });
///     Response::redirect("/")
/// }
///
/// fn page(app: &mut App) -> Response {
///     Response::html(iolist!["<!DOCTYPE html><title>Names</title>", app.work.view()])
/// }
/// ```
///
/// Closing the last window doesn't end the program while a job is running. If the user quits, jobs
/// are cancelled and get five seconds to stop. Outcomes that no page has shown yet are shown in the
/// next run.
///
/// `Work::default()` is for tests. It runs jobs on threads, but there is no server for
/// [`Job::remote`] to use. [`wait`](Self::wait) waits until all jobs have ended:
///
/// ```
/// let work = solohttp_desktop::Work::default();
/// work.start("Sum", |_| Ok(format!("The sum is {}.", 1 + 2)));
/// work.wait();
/// assert!(work.view().to_string().contains("The sum is 3."));
/// ```
#[derive(Clone, Default)]
pub struct Work(Arc<Shared>);

#[derive(Default)]
struct Shared {
    live: Live,
    /// Locked only briefly: to start or end a job, or to show the list.
    list: Mutex<List>,
    /// Notified when a job has ended.
    has_ended: Condvar,
}

/// The return value of a job: the message to show as its outcome, or `()`, which is shown as
/// "Done".
pub trait Outcome: private::Sealed {}

mod private {
    pub trait Sealed {
        fn into_text(self) -> String;
    }
}

macro_rules! outcomes {
    ($($type:ty: $into_text:expr,)*) => {
        $(impl Outcome for $type {}

        impl private::Sealed for $type {
            fn into_text(self) -> String {
                let into_text: fn(Self) -> String = $into_text;
                into_text(self)
            }
        })*
    };
}

outcomes! {
    (): |()| String::new(),
    String: |text| text,
    &str: str::to_owned,
}

impl Work {
    pub(crate) fn new(live: Live) -> Self {
        Self(Arc::new(Shared { live, list: Mutex::new(List::of_this_run()), ..Shared::default() }))
    }

    /// Runs a job on its own thread. The list shows it as `name`.
    ///
    /// The job reports its [progress](Job::progress), stops when it is
    /// [cancelled](Job::is_cancelled), and returns its [outcome](Outcome). Errors and panics are
    /// shown in the list and logged.
    ///
    /// No [`Locale`](solohttp_core::Locale) is installed on the thread, so a job that needs one
    /// must install it first.
    pub fn start<T: Outcome>(
        &self,
        name: impl Into<String>,
        job: impl FnOnce(&Job) -> Result<T> + Send + 'static,
    ) {
        let (name, state) = (name.into(), Arc::new(JobState::new()));
        let id = self.list().start(name.clone(), Arc::clone(&state));
        let handle = Job { state, live: self.0.live.clone() };
        let run = {
            let (work, name) = (self.clone(), name.clone());
            move || {
                let returned = catch_unwind(|| job(&handle).map(private::Sealed::into_text));
                work.end(id, &name, returned);
            }
        };
        match thread::Builder::new().name(format!("job {id}")).spawn(run) {
            Ok(_detached) => self.0.live.changed(LIVE_NAME),
            Err(error) => self.end(id, &name, Ok(Err(error.into()))),
        }
    }

    /// Records how a job ended. The outer error is a panic.
    fn end(&self, id: u64, name: &str, returned: Result<Result<String>>) {
        let end = match returned {
            Ok(Ok(text)) => End::Done(text),
            Ok(Err(failure)) => {
                let end = End::of(&failure);
                if matches!(end, End::Failed { .. }) {
                    failure.log(format_args!("the job {name:?}"));
                }
                end
            }
            Err(panic) => {
                panic.log(format_args!("the job {name:?}"));
                End::Panicked(panic.to_string())
            }
        };
        self.list().end(id, end);
        self.0.has_ended.notify_all();
        self.0.live.changed(LIVE_NAME);
    }

    /// Renders the list: each running job with its progress and a button that cancels it, and each
    /// ended job with its outcome and a button that dismisses it. The list updates itself in open
    /// pages. It is a `<section id="solo-work">`, which is empty if there are no jobs.
    ///
    /// Outcomes stay until the user dismisses them, or until there are twenty newer ones.
    #[must_use]
    pub fn view(&self) -> IoList {
        view::render(&self.list().shown())
    }

    /// Returns whether any job is running.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.list().running() > 0
    }

    /// Cancels all running jobs, as the buttons in the list do.
    pub fn cancel_all(&self) {
        self.list().cancel_all();
        self.0.live.changed(LIVE_NAME);
    }

    /// Waits until no job is running. This is meant for tests. Never call it on the server's
    /// thread, because a job may be waiting for that thread.
    pub fn wait(&self) {
        let ended = self.0.has_ended.wait_while(self.list(), |list| list.running() > 0);
        drop(ended.unwrap_or_else(PoisonError::into_inner));
    }

    /// Loads the outcomes that haven't been shown yet from this file, and keeps the file up to date
    /// from now on. Jobs that were running when the program crashed are shown as interrupted.
    pub(crate) fn keep_in(&self, file: PathBuf) {
        self.list().keep_in(file);
    }

    /// Cancels all jobs and waits until they have stopped, but not for longer than `limit`. Jobs
    /// that are started later are cancelled at once. Call this only after the server has stopped
    /// running closures. Otherwise, a job that is waiting for a closure couldn't stop.
    pub(crate) fn close(&self, limit: Duration) {
        let mut list = self.list();
        list.close();
        let waited = self.0.has_ended.wait_timeout_while(list, limit, |list| list.running() > 0);
        let (list, _) = waited.unwrap_or_else(PoisonError::into_inner);
        for name in list.names_of_running() {
            log::warn!(target: "solohttp", "the job {name:?} did not stop when the program ended");
        }
    }

    fn list(&self) -> MutexGuard<'_, List> {
        // The list stays consistent even if code panics while it holds the lock.
        self.0.list.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Serialized as [`Html`], so a template can insert the [list](Work::view).
impl Serialize for Work {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Html::from(self.view()).serialize(serializer)
    }
}

impl fmt::Debug for Work {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Work").field("running", &self.list().running()).finish_non_exhaustive()
    }
}
