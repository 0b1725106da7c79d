//! The browser process that shows the program's window.

use std::process::Child;
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::browser::Browser;
use crate::presence::OwnBrowser;

/// How long the browser may take to close its windows when the program quits.
const PATIENCE: Duration = Duration::from_secs(3);

/// The browser process with the program's own profile, if this instance of the program started one.
/// The process exits when its last window is closed.
#[derive(Debug, Default)]
pub(crate) struct OwnWindow {
    child: Option<Child>,
    state: OwnBrowser,
    /// Whether a page was open while the process ran. If not, the process exiting means nothing,
    /// because it may have passed the page to another process with the same profile.
    has_shown: bool,
    /// Whether the process exited with an error before it showed a page.
    has_failed: bool,
    /// Whether to close the window when the program exits.
    pub(crate) closes_at_end: bool,
}

impl OwnWindow {
    pub(crate) fn new(child: Option<Child>) -> Self {
        let state = if child.is_some() { OwnBrowser::Running } else { OwnBrowser::Unknown };
        Self { child, state, has_shown: false, has_failed: false, closes_at_end: false }
    }

    /// Checks whether the process has exited.
    pub(crate) fn check(&mut self, has_page: bool) -> OwnBrowser {
        match self.child.as_mut().map(Child::try_wait) {
            Some(Ok(None)) => self.has_shown |= has_page,
            Some(Ok(Some(status))) => {
                self.child = None;
                self.has_failed = !self.has_shown && !status.success();
                self.state = match self.has_shown {
                    true if status.success() => OwnBrowser::Closed,
                    true => OwnBrowser::Crashed,
                    false => OwnBrowser::Unknown,
                };
                log::info!("the browser has exited: {status}");
            }
            // Another process shows the pages, so it no longer matters when this one exits.
            None if has_page => self.state = OwnBrowser::Unknown,
            None => {}
            Some(Err(_)) => {
                self.child = None;
                self.state = OwnBrowser::Unknown;
            }
        }
        self.state
    }

    /// Returns whether the process failed to open a window. Returns `true` only once per failure.
    pub(crate) fn take_failure(&mut self) -> bool {
        std::mem::take(&mut self.has_failed)
    }

    /// Closes the windows if the user has quit, and waits for the browser process to exit.
    pub(crate) fn end(&mut self) {
        let Some(child) = self.child.as_mut().filter(|_| self.closes_at_end) else { return };
        if let Err(error) = Browser::close(child) {
            log::warn!("cannot close the window: {error}");
            return;
        }
        let until = Instant::now() + PATIENCE;
        while matches!(child.try_wait(), Ok(None)) && Instant::now() < until {
            sleep(Duration::from_millis(20));
        }
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::process::{Command, Stdio};

    use super::*;

    fn ended(command: &str, has_shown: bool) -> OwnBrowser {
        let mut shell = Command::new("sh");
        shell.args(["-c", &format!("read line; {command}")]).stdin(Stdio::piped());
        let mut child = shell.spawn().unwrap();
        let input = child.stdin.take();
        let mut window = OwnWindow::new(Some(child));
        assert_eq!(window.check(has_shown), OwnBrowser::Running);
        drop(input);
        loop {
            match window.check(false) {
                OwnBrowser::Running => sleep(Duration::from_millis(5)),
                state => {
                    assert_eq!(window.check(false), state);
                    assert_eq!(window.check(true), OwnBrowser::Unknown, "in another browser");
                    return state;
                }
            }
        }
    }

    #[test]
    fn the_end_of_the_process_says_something_only_if_it_has_shown_a_page() {
        assert_eq!(ended("exit 0", true), OwnBrowser::Closed);
        assert_eq!(ended("kill -9 $$", true), OwnBrowser::Crashed);
        assert_eq!(ended("exit 0", false), OwnBrowser::Unknown);
        assert_eq!(ended("exit 1", false), OwnBrowser::Unknown);
    }
}
