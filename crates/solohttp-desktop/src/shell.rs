//! The state shared by all open pages. Owns the event stream, and stops the server when the program
//! should exit.
//!
//! A `Live` refers to the shell, and the shell sends its events, so this file and `live.rs` import
//! each other.

use std::cell::RefCell;
use std::path::PathBuf;
use std::rc::Rc;
use std::time::{Duration, Instant};

use solohttp_core::{
    Event, EventChannel, LaunchPage, Listening, PendingLaunches, Response, StopHandle, Transfers,
    open_in_browser,
};

use crate::live::{INTERVAL, Live};
use crate::presence::{Presence, Seen};
use crate::window::OwnWindow;
use crate::work::Work;

/// The time that pages get to close themselves before the server stops.
const CLOSING: Duration = Duration::from_millis(300);

/// The state shared by all pages of the program. Its methods run on the server's thread.
#[derive(Debug)]
pub(crate) struct Shell {
    pages: EventChannel,
    pub(crate) live: Live,
    pub(crate) work: Work,
    pub(crate) presence: Presence,
    pub(crate) window: Rc<RefCell<OwnWindow>>,
    transfers: Transfers,
    launches: PendingLaunches,
    stop: StopHandle,
    /// The path of the launch page that was opened at startup.
    launch_file: PathBuf,
    /// Whether the program keeps running without a window.
    stays: bool,
    published_at: Option<Instant>,
    ticked_at: Instant,
    started_at: Instant,
    /// Distinguishes this run of the program from others.
    start: u128,
}

impl Shell {
    pub(crate) fn new(
        live: Live,
        work: Work,
        window: Rc<RefCell<OwnWindow>>,
        listening: &Listening,
        start: u128,
    ) -> Self {
        Self {
            pages: EventChannel::new(),
            live,
            work,
            presence: Presence::default(),
            window,
            transfers: listening.transfers(),
            launches: listening.pending_launches(),
            stop: listening.stop_handle(),
            launch_file: PathBuf::new(),
            stays: false,
            published_at: None,
            ticked_at: Instant::now(),
            started_at: Instant::now(),
            start,
        }
    }

    pub(crate) fn opened_by(self, page: &LaunchPage) -> Self {
        Self { launch_file: page.file().to_owned(), ..self }
    }

    pub(crate) fn stays(self, stays: bool) -> Self {
        Self { stays, ..self }
    }

    /// Opens the stream that a browser's pages share.
    pub(crate) fn listen(&mut self) -> Response {
        let stream = self.pages.stream();
        // Recorded now, because the window may be closed again before the next tick.
        self.presence.arrived();
        self.window.borrow_mut().check(true);
        // Pages that were loaded before the last change fetch that change now.
        let changed_at = self.published_at.unwrap_or(self.started_at);
        let age = changed_at.elapsed().as_millis();
        self.pages.publish(Event::named("hello").data(format!("{:x} {age}", self.start)));
        stream
    }

    /// Notifies all pages of the changes, at most once per [`INTERVAL`].
    pub(crate) fn publish_changes(&mut self) {
        let early = self.published_at.and_then(|at| INTERVAL.checked_sub(at.elapsed()));
        if let (Some(early), Some(remote)) = (early, self.live.remote()) {
            drop(remote.after(early, Self::publish_changes));
            return;
        }
        self.published_at = Some(Instant::now());
        let names: Vec<String> = self.live.take().into_iter().collect();
        self.pages.publish(Event::named("changed").data(names.join("\n")));
    }

    /// Notifies all pages that a template or style sheet has changed.
    pub(crate) fn publish_reload(&mut self) {
        self.pages.publish(Event::named("reload").data(""));
    }

    /// Stops the server when no page has been open for a while.
    pub(crate) fn tick(&mut self) {
        let now = Instant::now();
        let since = now.saturating_duration_since(std::mem::replace(&mut self.ticked_at, now));
        let streams = self.pages.listeners();
        let browser = self.window.borrow_mut().check(streams > 0);
        let is_opening = streams == 0 && self.launches.exist();
        if is_opening && self.window.borrow_mut().take_failure() {
            self.open_tab();
        }
        if self.stays {
            return;
        }
        let seen = Seen {
            since,
            streams,
            is_busy: self.transfers.count() > 0 || self.work.is_running(),
            is_opening,
            browser,
        };
        if self.presence.tick(seen) {
            log::info!("the last window was closed");
            self.stop.stop();
        }
    }

    /// Opens a tab of the default browser, because the browser for windows doesn't start.
    fn open_tab(&self) {
        log::warn!("the browser for the window failed to start; opening a tab instead");
        if let Err(error) = open_in_browser(&self.launch_file) {
            log::error!("cannot open a browser: {error}");
        }
    }

    /// Closes all windows and stops the server.
    pub(crate) fn quit(&mut self) {
        self.window.borrow_mut().closes_at_end = true;
        self.pages.publish(Event::named("quit").data(""));
        let stop = |shell: &mut Self| shell.stop.stop();
        // Pages need a moment to receive the event.
        let later = self.live.remote().map(|remote| remote.after(CLOSING, stop));
        if !matches!(later, Some(Ok(_))) {
            self.stop.stop();
        }
    }
}
