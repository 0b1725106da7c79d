//! What a person sees of a page, what a screen reader is told, and what went over the network.

use std::fs;
use std::path::Path;

use data_encoding::BASE64;
use serde_json::json;

use super::Page;
use crate::browser::error::told;
use crate::browser::session::text;
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
        let tree = self.call("Accessibility.getFullAXTree", &json!({}));
        let nodes = tree["nodes"].as_array().into_iter().flatten();
        nodes.filter_map(AccessibleNode::read).collect()
    }

    /// Every request that this tab has made so far, favicons included.
    #[track_caller]
    pub fn network_log(&mut self) -> Vec<NetworkEntry> {
        self.catch_up();
        self.network.entries.clone()
    }

    /// What the page has complained about so far: exceptions, `console.error`, failed resources.
    #[track_caller]
    pub fn console_errors(&mut self) -> Vec<String> {
        self.catch_up();
        self.console.errors.clone()
    }

    /// The texts of all dialogs so far. Each was accepted.
    #[track_caller]
    pub fn dialogs(&mut self) -> Vec<String> {
        self.catch_up();
        self.dialogs.clone()
    }

    /// Writes a PNG picture of what is visible to `path`.
    #[track_caller]
    pub fn screenshot(&mut self, path: impl AsRef<Path>) {
        let picture = self.call("Page.captureScreenshot", &json!({ "format": "png" }));
        let data = told(text(&picture, "data"));
        let bytes =
            BASE64.decode(data.as_bytes()).map_err(|error| Error::Protocol(error.to_string()));
        let bytes = told(bytes);
        if let Err(error) = fs::write(path.as_ref(), bytes) {
            panic!("{}: {error}", path.as_ref().display());
        }
    }
}
