//! What a person sees of a page, what a screen reader is told, and what went over the network.

use std::fs;
use std::path::Path;

use data_encoding::BASE64;

use super::Page;
use crate::browser::error::told;
use crate::browser::{AccessibleNode, Error, NetworkEntry};

/// Looking.
impl Page<'_> {
    /// The text that a person sees.
    #[track_caller]
    pub fn text(&mut self) -> String {
        told(self.try_text())
    }

    /// The address in the address bar.
    #[track_caller]
    pub fn url(&mut self) -> String {
        self.eval("location.href").as_str().unwrap_or_default().to_owned()
    }

    /// What a screen reader is told, in reading order.
    #[track_caller]
    pub fn accessibility_tree(&mut self) -> Vec<AccessibleNode> {
        told(self.tab.accessibility_tree())
    }

    /// Every request that this tab has made so far, favicons included.
    #[track_caller]
    pub fn network_log(&mut self) -> Vec<NetworkEntry> {
        self.catch_up();
        self.tab.seen().network.clone()
    }

    /// What the page has complained about so far: exceptions, `console.error`, and resources with
    /// an error for a status. Firefox does not tell what a Content-Security-Policy refused.
    #[track_caller]
    pub fn console_errors(&mut self) -> Vec<String> {
        self.catch_up();
        self.tab.seen().console_errors.clone()
    }

    /// The texts of all dialogs so far. Each was accepted.
    #[track_caller]
    pub fn dialogs(&mut self) -> Vec<String> {
        self.catch_up();
        self.tab.seen().dialogs.clone()
    }

    /// The names under which the browser was about to save files so far.
    #[track_caller]
    pub fn downloads(&mut self) -> Vec<String> {
        self.catch_up();
        self.tab.seen().downloads.clone()
    }

    /// Writes a PNG picture of what is visible to `path`.
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
