//! What the page shows, exposes to screen readers, and has requested.

use std::fs;
use std::path::Path;

use data_encoding::BASE64;

use super::Page;
use crate::browser::error::told;
use crate::browser::{AccessibleNode, Error, NetworkEntry};

/// Observation.
impl Page<'_> {
    /// Returns the visible text.
    #[track_caller]
    pub fn text(&mut self) -> String {
        told(self.try_text())
    }

    /// Returns the URL.
    #[track_caller]
    pub fn url(&mut self) -> String {
        self.eval("location.href").as_str().unwrap_or_default().to_owned()
    }

    /// Returns the accessibility tree in reading order.
    #[track_caller]
    pub fn accessibility_tree(&mut self) -> Vec<AccessibleNode> {
        told(self.tab.accessibility_tree())
    }

    /// Returns all requests made by this tab so far, including favicons.
    #[track_caller]
    pub fn network_log(&mut self) -> Vec<NetworkEntry> {
        self.catch_up();
        self.tab.seen().network.clone()
    }

    /// Returns all complaints so far: exceptions, `console.error`, and resources with an error
    /// status. Firefox doesn't report Content-Security-Policy violations.
    #[track_caller]
    pub fn console_errors(&mut self) -> Vec<String> {
        self.catch_up();
        self.tab.seen().console_errors.clone()
    }

    /// Returns the messages of all dialogs so far. Dialogs are accepted automatically.
    #[track_caller]
    pub fn dialogs(&mut self) -> Vec<String> {
        self.catch_up();
        self.tab.seen().dialogs.clone()
    }

    /// Returns the file names of all downloads so far.
    #[track_caller]
    pub fn downloads(&mut self) -> Vec<String> {
        self.catch_up();
        self.tab.seen().downloads.clone()
    }

    /// Writes a PNG screenshot of the viewport to `path`.
    #[track_caller]
    pub fn screenshot(&mut self, path: impl AsRef<Path>) {
        let data = told(self.tab.screenshot());
        let bytes =
            BASE64.decode(data.as_bytes()).map_err(|error| Error::Protocol(error.to_string()));
        let bytes = told(bytes);
        if let Err(error) = fs::write(path.as_ref(), bytes) {
            panic!("{}: {error}", path.as_ref().display());
        }
    }
}
