//! Live pages: the application names what has changed, and open pages update themselves.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use solohttp_core::Remote;

use crate::locked::Locked;
use crate::shell::Shell;

/// The minimum time between two events. Names that change in between are sent together.
pub(crate) const INTERVAL: Duration = Duration::from_millis(100);

/// Updates open pages after a change. Clones are cheap and can be sent to other threads.
///
/// An element with an `id` is fetched again when one of the names in its `data-live` attribute has
/// changed. For example, `<section id="tasks" data-live="tasks">` shows the current tasks after
/// `live.changed("tasks")`. The user's input, focus and scroll position are kept.
///
/// `Live::default()` does nothing. It is meant for tests.
#[derive(Clone, Default)]
pub struct Live(Arc<Shared>);

#[derive(Default)]
struct Shared {
    changed: Locked<BTreeSet<String>>,
    /// `None` in tests.
    remote: Option<Remote<Shell>>,
}

impl Live {
    pub(crate) fn new(remote: Remote<Shell>) -> Self {
        Self(Arc::new(Shared { changed: Locked::default(), remote: Some(remote) }))
    }

    /// Makes all open pages update the elements that have this name in `data-live`. Can be called
    /// from a handler, a closure or another thread. A handler can call it before or after the
    /// change itself, because pages are notified after the request.
    pub fn changed(&self, name: &str) {
        let Some(remote) = &self.0.remote else { return };
        let is_first = self.0.changed.with(|changed| {
            let is_first = changed.is_empty();
            changed.insert(name.to_owned());
            is_first
        });
        if is_first {
            // Runs after the current request, so that pages see its changes. Fails only if the
            // server has stopped, and then there are no pages to update.
            remote.run(Shell::publish_changes).ok();
        }
    }

    /// Takes the names that have changed.
    pub(crate) fn take(&self) -> BTreeSet<String> {
        self.0.changed.with(std::mem::take)
    }

    /// Returns the shell's own handle, or `None` in tests.
    pub(crate) fn remote(&self) -> Option<&Remote<Shell>> {
        self.0.remote.as_ref()
    }
}

impl fmt::Debug for Live {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Live").finish_non_exhaustive()
    }
}
