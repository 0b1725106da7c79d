//! The list of running jobs and outcomes. Independent of threads and pages.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::SystemTime;

use solohttp_core::{AskError, Ended, Failure};

use super::job::{Cancelled, JobState, Progress};
use super::kept::Kept;

/// The maximum number of outcomes in the list.
const OUTCOMES: usize = 20;

/// How a job ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum End {
    /// Succeeded, with the job's own message, which may be empty.
    Done(String),
    Cancelled,
    /// The program exited before the job had ended.
    Interrupted,
    Failed {
        message: String,
        causes: Vec<String>,
    },
    Panicked(String),
}

impl End {
    /// Classifies the error that a job returned.
    pub(super) fn of(failure: &Failure) -> Self {
        if let Some(error) = failure.error() {
            if error.is::<Cancelled>() {
                return Self::Cancelled;
            }
            if error.is::<Ended>() || error.downcast_ref() == Some(&AskError::Ended) {
                return Self::Interrupted;
            }
        }
        let message = match failure.context() {
            Some(context) => format!("{context}: {failure}"),
            None => failure.to_string(),
        };
        Self::Failed { message, causes: failure.causes().map(ToString::to_string).collect() }
    }
}

#[derive(Debug)]
struct Entry {
    id: u64,
    name: String,
    state: State,
}

#[derive(Debug)]
enum State {
    Running { job: Arc<JobState>, is_cancelling: bool },
    Ended { end: End, is_seen: bool },
}

/// An entry as shown on a page.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Shown {
    pub(super) id: u64,
    pub(super) name: String,
    pub(super) state: ShownState,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum ShownState {
    Running(Progress),
    Cancelling(Progress),
    Ended(End),
}

#[derive(Debug, Default)]
pub(super) struct List {
    /// Oldest first.
    entries: VecDeque<Entry>,
    last_id: u64,
    is_closing: bool,
    kept: Option<Kept>,
}

impl List {
    /// Creates a list whose ids differ from those of earlier runs, because a page from an earlier
    /// run may still show a button.
    pub(super) fn of_this_run() -> Self {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        let last_id = now.map_or(0, |now| u64::try_from(now.as_millis()).unwrap_or(0));
        Self { last_id, ..Self::default() }
    }

    /// Adds a job and returns its id.
    pub(super) fn start(&mut self, name: String, job: Arc<JobState>) -> u64 {
        if self.is_closing {
            job.cancel();
        }
        let id = self.push(name, State::Running { job, is_cancelling: false });
        self.save();
        id
    }

    fn push(&mut self, name: String, state: State) -> u64 {
        self.last_id += 1;
        self.entries.push_back(Entry { id: self.last_id, name, state });
        self.last_id
    }

    pub(super) fn end(&mut self, id: u64, end: End) {
        let is_closing = self.is_closing;
        let Some(entry) = self.entries.iter_mut().find(|entry| entry.id == id) else { return };
        let is_by_user = matches!(entry.state, State::Running { is_cancelling: true, .. });
        let end = match end {
            End::Interrupted if is_by_user => End::Cancelled,
            End::Cancelled if is_closing && !is_by_user => End::Interrupted,
            end => end,
        };
        entry.state = State::Ended { end, is_seen: false };
        self.drop_old();
        self.save();
    }

    /// Drops the oldest outcomes if there are too many.
    fn drop_old(&mut self) {
        let is_ended = |entry: &Entry| matches!(entry.state, State::Ended { .. });
        let ended = self.entries.iter().filter(|entry| is_ended(entry)).count();
        let mut too_many = ended.saturating_sub(OUTCOMES);
        self.entries.retain(|entry| {
            let drops = too_many > 0 && is_ended(entry);
            too_many -= usize::from(drops);
            !drops
        });
    }

    /// Cancels a job. Returns whether pages have to be updated.
    pub(super) fn cancel(&mut self, id: u64) -> bool {
        let entry = self.entries.iter_mut().find(|entry| entry.id == id);
        let Some(State::Running { job, is_cancelling }) = entry.map(|entry| &mut entry.state)
        else {
            return false;
        };
        job.cancel();
        !std::mem::replace(is_cancelling, true)
    }

    pub(super) fn cancel_all(&mut self) {
        for entry in &mut self.entries {
            if let State::Running { job, is_cancelling } = &mut entry.state {
                job.cancel();
                *is_cancelling = true;
            }
        }
    }

    /// Removes an outcome. Returns whether pages have to be updated.
    pub(super) fn dismiss(&mut self, id: u64) -> bool {
        let before = self.entries.len();
        self.entries.retain(|entry| entry.id != id || matches!(entry.state, State::Running { .. }));
        let has_changed = self.entries.len() < before;
        if has_changed {
            self.save();
        }
        has_changed
    }

    /// Cancels all jobs, including those that are started from now on.
    pub(super) fn close(&mut self) {
        self.is_closing = true;
        for entry in &self.entries {
            if let State::Running { job, .. } = &entry.state {
                job.cancel();
            }
        }
    }

    pub(super) fn running(&self) -> usize {
        self.names_of_running().count()
    }

    pub(super) fn names_of_running(&self) -> impl Iterator<Item = &str> {
        let is_running = |entry: &&Entry| matches!(entry.state, State::Running { .. });
        self.entries.iter().filter(is_running).map(|entry| entry.name.as_str())
    }

    /// Returns the entries to show, newest first, and marks their outcomes as seen.
    pub(super) fn shown(&mut self) -> Vec<Shown> {
        let mut is_news = false;
        let show = |entry: &mut Entry| {
            let state = match &mut entry.state {
                State::Running { job, is_cancelling: false } => ShownState::Running(job.progress()),
                State::Running { job, is_cancelling: true } => {
                    ShownState::Cancelling(job.progress())
                }
                State::Ended { end, is_seen } => {
                    is_news |= !std::mem::replace(is_seen, true);
                    ShownState::Ended(end.clone())
                }
            };
            Shown { id: entry.id, name: entry.name.clone(), state }
        };
        let shown = self.entries.iter_mut().rev().map(show).collect();
        if is_news {
            self.save();
        }
        shown
    }

    /// See [`Work::keep_in`](super::Work::keep_in).
    pub(super) fn keep_in(&mut self, file: PathBuf) {
        let (kept, earlier) = Kept::open(file);
        for (name, end) in earlier {
            self.push(name, State::Ended { end, is_seen: false });
        }
        self.drop_old();
        self.kept = Some(kept);
    }

    /// Saves everything that would be lost if the program exited now.
    fn save(&mut self) {
        let Some(kept) = &mut self.kept else { return };
        kept.save(self.entries.iter().filter_map(|entry| match &entry.state {
            State::Running { .. } => Some((entry.name.as_str(), &End::Interrupted)),
            State::Ended { end, is_seen: false } => Some((entry.name.as_str(), end)),
            State::Ended { is_seen: true, .. } => None,
        }));
    }
}
