//! A start while a copy of the program is running: that copy gets a window, and this one ends.

use std::time::Duration;

use solohttp_core::{AlreadyRunning, Error};

use crate::opener::Opener;

/// How long the running copy may take to respond. It may be in the middle of a long request.
const PATIENCE: Duration = Duration::from_secs(5);

/// A start within this time after another, while no page is shown yet, is an impatient double click.
const DOUBLE_CLICK: Duration = Duration::from_secs(5);

/// Opens the running copy. The browser is started here, since a system lets only the program that was
/// clicked put its window in front.
pub(crate) fn open(first: &AlreadyRunning, title: &str, opener: &Opener) -> Result<(), Error> {
    if !first.responds(PATIENCE) {
        return Err(Error::Application(format!(
            "{title} is already running at {}, but doesn't respond. It may be busy: wait a moment \
             and start it again. If that doesn't help, end its process or restart the computer; \
             no data is lost that was saved.",
            first.url()
        )));
    }
    if opener.opens() && first.is_opening(DOUBLE_CLICK) {
        log::info!("already running, and about to open a window");
        return Ok(());
    }
    let page = first.launch_page()?;
    // The process lives on by itself.
    drop(opener.open(title, &first.url(), &page));
    log::info!("already running at {}; opened another window", first.url());
    Ok(())
}
