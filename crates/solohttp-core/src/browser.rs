//! Opens the user's browser: the only process that the library starts.

/// Opens a page, in the background; a browser that cannot be opened is no reason to stop,
/// because the address is printed as well.
pub(crate) fn open(url: &str) {
    if let Err(error) = open::that_detached(url) {
        log::warn!(target: "solohttp", "cannot open a browser at {url}: {error}");
    }
}
