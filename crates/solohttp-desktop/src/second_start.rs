//! Handles a start while another instance is running: opens a window of that instance, then exits.

use std::time::Duration;

use solohttp_core::{AlreadyRunning, Error};

use crate::opener::Opener;

/// How long the running instance may take to respond. It may be in the middle of a long request.
const PATIENCE: Duration = Duration::from_secs(5);

/// A start within this time after another start counts as an impatient double click, if no page has
/// been shown yet.
const DOUBLE_CLICK: Duration = Duration::from_secs(5);

/// Opens a window of the running instance. This process starts the browser, because operating
/// systems allow only the program that the user has just started to bring a window to the front.
pub(crate) fn open(first: &AlreadyRunning, title: &str, opener: &Opener) -> Result<(), Error> {
    if !first.responds(PATIENCE) {
        return Err(Error::Application(format!(
            "{title} is already running at {}, but doesn't respond. It may be busy: wait a moment \
             and start it again. If that doesn't help, end its process or restart the computer. \
             Saved data isn't lost.",
            first.url()
        )));
    }
    if opener.opens() && first.is_opening(DOUBLE_CLICK) {
        log::info!("already running, and about to open a window");
        return Ok(());
    }
    let page = first.launch_page()?;
    // The browser outlives this process.
    drop(opener.open(title, &first.url(), &page));
    log::info!("already running at {}; opened another window", first.url());
    Ok(())
}
