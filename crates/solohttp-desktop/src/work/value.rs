//! The value of a job, which the application reads when the job has ended.

use std::cell::OnceCell;
use std::fmt;
use std::sync::mpsc::{self, Receiver, Sender, TryRecvError};

use solohttp_core::Result;

use super::{Job, Outcome, Work};
use crate::live::Live;

/// The value that a job returns to the application, created by [`Work::start_with_value`]. Keep it
/// in the application's state.
pub struct JobValue<V> {
    receiver: Receiver<V>,
    /// Set when the job has ended. `None` means that there is no value.
    ended: OnceCell<Option<V>>,
}

/// Whether a job has returned its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobResult<'a, V> {
    /// The job is still running.
    Running,
    /// The job has returned this value.
    Ready(&'a V),
    /// The job has failed or was cancelled. The list of work shows the reason.
    Failed,
}

impl<V> JobValue<V> {
    /// Returns the value if there is one, and otherwise why there is none.
    #[must_use]
    pub fn result(&self) -> JobResult<'_, V> {
        if self.ended.get().is_none() {
            let ended = match self.receiver.try_recv() {
                Ok(value) => Some(value),
                Err(TryRecvError::Disconnected) => None,
                Err(TryRecvError::Empty) => return JobResult::Running,
            };
            self.ended.get_or_init(|| ended);
        }
        match self.ended.get() {
            Some(Some(value)) => JobResult::Ready(value),
            _ => JobResult::Failed,
        }
    }

    /// Returns the value if the job has returned it.
    #[must_use]
    pub fn ready(&self) -> Option<&V> {
        match self.result() {
            JobResult::Ready(value) => Some(value),
            JobResult::Running | JobResult::Failed => None,
        }
    }

    /// Takes the value if the job has returned it.
    #[must_use]
    pub fn into_ready(self) -> Option<V> {
        // Receives the value.
        let _ = self.result();
        self.ended.into_inner().flatten()
    }
}

impl<V: fmt::Debug> fmt::Debug for JobValue<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("JobValue").field(&self.result()).finish()
    }
}

/// Sends the value, and updates open pages even if there is none.
struct Announce<V> {
    /// `None` once the outcome is certain.
    sender: Option<Sender<V>>,
    live: Live,
    live_name: String,
}

impl<V> Drop for Announce<V> {
    fn drop(&mut self) {
        // First, so that the pages see that there will be no value.
        self.sender = None;
        self.live.changed(&self.live_name);
    }
}

impl Work {
    /// Runs a job like [`start`](Self::start), and returns a handle to a value that the application
    /// gets when the job has ended. The job returns the value and the [outcome](Outcome) for the
    /// list.
    ///
    /// When the job has ended in any way, pages update their elements that have `live_name` in
    /// `data-live`, as after [`Live::changed`].
    ///
    /// ```
    /// use solohttp_desktop::{JobResult, JobValue, Work};
    ///
    /// struct App { sum: JobValue<u64>, work: Work }
    ///
    /// let work = Work::default();
    /// let sum = work.start_with_value("Adding", "sum", |job| {
    ///     let mut sum = 0;
    ///     for number in 1..=100 {
    ///         job.check()?;
    ///         job.progress(number, 100);
    ///         sum += number;
    ///     }
    ///     Ok((sum, "Added 100 numbers."))
    /// });
    /// let app = App { sum, work };
    ///
    /// fn page(app: &App) -> String {
    ///     let sum = match app.sum.result() {
    ///         JobResult::Running => "…".to_owned(),
    ///         JobResult::Ready(sum) => sum.to_string(),
    ///         JobResult::Failed => "none".to_owned(),
    ///     };
    ///     format!("<p id=\"sum\" data-live=\"sum\">The sum is {sum}.</p>{}", app.work.view())
    /// }
    /// # app.work.wait();
    /// # assert!(page(&app).contains("The sum is 5050."));
    /// ```
    pub fn start_with_value<V: Send + 'static, T: Outcome>(
        &self,
        name: impl Into<String>,
        live_name: impl Into<String>,
        job: impl FnOnce(&Job) -> Result<(V, T)> + Send + 'static,
    ) -> JobValue<V> {
        let (sender, receiver) = mpsc::channel();
        let live = self.0.live.clone();
        let announce = Announce { sender: Some(sender), live, live_name: live_name.into() };
        self.start(name, move |handle| {
            let (value, outcome) = job(handle)?;
            if let Some(sender) = &announce.sender {
                // Fails if the application no longer wants the value.
                drop(sender.send(value));
            }
            drop(announce);
            Ok(outcome)
        });
        JobValue { receiver, ended: OnceCell::new() }
    }
}
