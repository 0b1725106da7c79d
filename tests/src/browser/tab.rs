//! The trait behind [`Page`](super::Page), implemented by both engines. Waiting for conditions is
//! in `page`.

use std::fmt::Debug;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::keyboard::Stroke;
use super::{AccessibleNode, Error, NetworkEntry, PATIENCE};

/// The interval between checks of a condition.
const AGAIN: Duration = Duration::from_millis(15);

/// Pixels from the left and top of the viewport.
pub(super) type Point = (f64, f64);

/// Everything recorded about a tab so far.
#[derive(Debug, Default)]
pub(super) struct Seen {
    pub(super) network: Vec<NetworkEntry>,
    pub(super) console_errors: Vec<String>,
    pub(super) dialogs: Vec<String>,
    /// The file names of downloads.
    pub(super) downloads: Vec<String>,
    /// The number of documents that have finished loading.
    pub(super) loads: usize,
}

/// A tab of a running browser.
pub(super) trait Tab: Debug {
    /// Navigates to `url` and waits until the page and its resources are loaded.
    fn go(&mut self, url: &str) -> Result<(), Error>;

    /// Evaluates an expression; promises are awaited.
    fn eval(&mut self, script: &str) -> Result<Value, Error>;

    fn seen(&self) -> &Seen;

    /// Records the received events.
    fn note_events(&mut self);

    /// Waits until one message has arrived, but for at most `time`.
    fn listen(&mut self, time: Duration) -> Result<(), Error>;

    fn click(&mut self, at: Point) -> Result<(), Error>;

    /// Turns the mouse wheel down by `pixels` CSS pixels.
    fn wheel(&mut self, at: Point, pixels: u32) -> Result<(), Error>;

    fn press(&mut self, stroke: &Stroke) -> Result<(), Error>;

    fn type_text(&mut self, text: &str) -> Result<(), Error>;

    /// The paths must be absolute, and the files must exist.
    fn upload(&mut self, selector: &str, files: &[PathBuf]) -> Result<(), Error>;

    fn set_viewport(&mut self, width: u32, height: u32) -> Result<(), Error>;

    fn set_colour_scheme(&mut self, dark: bool) -> Result<(), Error>;

    /// Brings the tab to the front.
    fn show(&mut self) -> Result<(), Error>;

    fn close(&mut self) -> Result<(), Error>;

    /// Returns a PNG image, in Base64.
    fn screenshot(&mut self) -> Result<String, Error>;

    fn accessibility_tree(&mut self) -> Result<Vec<AccessibleNode>, Error>;
}

/// The result of one attempt. `NotYet` says why there is no value yet.
pub(super) enum Attempt<T> {
    Found(T),
    NotYet(String),
}

/// Retries until a value is found or an error occurs.
pub(super) fn wait<T, X: Tab + ?Sized>(
    tab: &mut X,
    what: &str,
    mut attempt: impl FnMut(&mut X) -> Result<Attempt<T>, Error>,
) -> Result<T, Error> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        tab.note_events();
        match attempt(tab)? {
            Attempt::Found(found) => return Ok(found),
            Attempt::NotYet(reason) if Instant::now() >= deadline => {
                return Err(Error::TimedOut(format!("{what}: {reason}")));
            }
            Attempt::NotYet(_) => tab.listen(AGAIN)?,
        }
    }
}
