//! The handler around the application: the crate's own pages, and what open pages are told.

use std::time::Instant;

use solohttp_core::{Event, EventChannel};

use crate::live::{INTERVAL, Live};

/// What all pages of the program share. Its methods run on the server's thread.
#[derive(Debug)]
pub(crate) struct Shell {
    pages: EventChannel,
    live: Live,
    published_at: Option<Instant>,
}

impl Shell {
    /// Tells all pages what has changed, at most once per [`INTERVAL`].
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
}
