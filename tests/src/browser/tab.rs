//! What both engines can: the trait behind [`Page`](super::Page).
//! Nothing here waits for a condition of a page; that is written once, in `page`.

use std::fmt::Debug;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::keyboard::Stroke;
use super::{AccessibleNode, Error, NetworkEntry, PATIENCE};

/// How often a condition is looked at again.
const AGAIN: Duration = Duration::from_millis(15);

/// Pixels from the left and top of the viewport.
pub(super) type Point = (f64, f64);

/// What a tab has told of itself so far.
#[derive(Debug, Default)]
pub(super) struct Seen {
    pub(super) network: Vec<NetworkEntry>,
    pub(super) console_errors: Vec<String>,
    pub(super) dialogs: Vec<String>,
    /// The names under which files would be saved.
    pub(super) downloads: Vec<String>,
    /// How many documents have been loaded to their end.
    pub(super) loads: usize,
}

/// One tab of a running browser.
pub(super) trait Tab: Debug {
    /// Goes to `url` and waits until the page and all it needs is loaded.
    fn go(&mut self, url: &str) -> Result<(), Error>;

    /// The value of an expression; promises are awaited.
    fn eval(&mut self, script: &str) -> Result<Value, Error>;

    fn seen(&self) -> &Seen;

    /// Takes note of what has been received.
    fn note_events(&mut self);

    /// Receives for at most this long, or until something has come.
    fn listen(&mut self, time: Duration) -> Result<(), Error>;

    fn click(&mut self, at: Point) -> Result<(), Error>;

    /// Turns the mouse wheel by this many CSS pixels, towards the end of the page.
    fn wheel(&mut self, at: Point, pixels: u32) -> Result<(), Error>;

    fn press(&mut self, stroke: &Stroke) -> Result<(), Error>;

    fn type_text(&mut self, text: &str) -> Result<(), Error>;

    /// The paths are absolute, and files are there.
    fn upload(&mut self, selector: &str, files: &[PathBuf]) -> Result<(), Error>;

    fn set_viewport(&mut self, width: u32, height: u32) -> Result<(), Error>;

    fn set_colour_scheme(&mut self, dark: bool) -> Result<(), Error>;

    fn close(&mut self) -> Result<(), Error>;

    /// In Base64.
    fn screenshot(&mut self) -> Result<String, Error>;

    fn accessibility_tree(&mut self) -> Result<Vec<AccessibleNode>, Error>;
}

/// What came of looking once; the text is the reason why there is nothing.
pub(super) enum Attempt<T> {
    Found(T),
    NotYet(String),
}

/// Tries until something is found; an error ends the waiting.
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
