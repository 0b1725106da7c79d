//! A tab: navigation, scripts and waiting. User input is in `act`, observation in `look`.

use std::marker::PhantomData;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::error::told;
use super::tab::{Attempt, Tab, wait};
use super::{Browser, Engine, Error, PATIENCE};

mod act;
mod look;

/// A tab. Methods panic at the caller's line when something doesn't happen within
/// [`PATIENCE`](super::PATIENCE). Dialogs (`alert`, `confirm`) are accepted, and recorded in
/// [`Page::dialogs`].
#[derive(Debug)]
pub struct Page<'browser> {
    pub(super) tab: Box<dyn Tab>,
    pub(super) engine: Engine,
    pub(super) browser: PhantomData<&'browser Browser>,
}

/// Navigation.
impl Page<'_> {
    /// Navigates to `url`, waits until the page and its resources are loaded, and returns the load
    /// time as measured by the browser (Navigation Timing).
    #[track_caller]
    pub fn open(&mut self, url: &str) -> Duration {
        told(self.try_open(url))
    }

    /// Runs `action`, which must navigate, waits until the new document is loaded, and returns the
    /// load time.
    #[track_caller]
    pub fn navigate(&mut self, action: impl FnOnce(&mut Self)) -> Duration {
        self.catch_up();
        let before = self.tab.seen().loads;
        action(self);
        let loaded = wait(&mut *self.tab, "another document", |tab| {
            Ok(match tab.seen().loads > before {
                true => Attempt::Found(()),
                false => Attempt::NotYet("it is not loaded".to_owned()),
            })
        });
        told(loaded.and_then(|()| self.load_time()))
    }

    /// Brings the tab to the front. In Firefox, other tabs are hidden.
    #[track_caller]
    pub fn show(&mut self) {
        told(self.tab.show());
    }

    /// Closes the tab.
    #[track_caller]
    pub fn close(mut self) {
        told(self.tab.close());
    }

    /// Goes back in the history and waits for the page, whether it is restored from memory or
    /// loaded again.
    #[track_caller]
    pub fn back(&mut self) {
        self.leave_by("history.back()");
    }

    /// Goes forward in the history, like [`Page::back`].
    #[track_caller]
    pub fn forward(&mut self) {
        self.leave_by("history.forward()");
    }

    /// Evaluates a JavaScript expression. Promises are awaited; `undefined` becomes null.
    #[track_caller]
    pub fn eval(&mut self, script: &str) -> Value {
        match self.try_eval(script) {
            Ok(value) => value,
            Err(error) => panic!("{error}\nin: {script}"),
        }
    }

    /// Waits until the value of a JavaScript expression, or of its promise, is truthy, even across
    /// navigations. An exception counts as false, because the elements that the expression uses may
    /// not exist yet.
    #[track_caller]
    pub fn wait_for(&mut self, condition: &str) {
        let script = format!("Promise.resolve({condition}).then(Boolean)");
        let waited = wait(&mut *self.tab, condition, |tab| match tab.eval(&script) {
            Ok(Value::Bool(true)) => Ok(Attempt::Found(())),
            Ok(_) => Ok(Attempt::NotYet("it stays false".to_owned())),
            Err(Error::Script(error)) if error.starts_with("SyntaxError") => {
                Err(Error::Script(error))
            }
            Err(error @ (Error::Script(_) | Error::Protocol(_))) => {
                Ok(Attempt::NotYet(error.to_string()))
            }
            Err(error) => Err(error),
        });
        if let Err(error) = waited {
            panic!("{error}\non the page: {:?}", self.try_text().unwrap_or_default());
        }
    }

    /// Returns the engine of this page.
    #[must_use]
    pub fn engine(&self) -> Engine {
        self.engine
    }
}

/// Variants that return errors, for testing failures.
impl Page<'_> {
    /// Like [`Page::open`].
    ///
    /// # Errors
    ///
    /// [`Error::Navigation`] if the server can't be reached or the response isn't a page.
    pub fn try_open(&mut self, url: &str) -> Result<Duration, Error> {
        self.tab.go(url)?;
        self.load_time()
    }

    /// Like [`Page::eval`].
    ///
    /// # Errors
    ///
    /// [`Error::Script`] if the script throws or its promise is rejected.
    pub fn try_eval(&mut self, script: &str) -> Result<Value, Error> {
        self.tab.eval(script)
    }
}

impl Page<'_> {
    /// Runs a script that leaves the document, and waits for the next one. A mark tells the two
    /// documents apart. It is removed on leaving, because a document restored from memory would
    /// still have it. The script runs a moment later, so that the document is still there to
    /// respond.
    #[track_caller]
    fn leave_by(&mut self, script: &str) {
        self.eval(&format!(
            "window.isLeft = true; \
             addEventListener('pagehide', () => delete window.isLeft, {{ once: true }}); setTimeout(() => {{ {script} }})"
        ));
        self.wait_for("!window.isLeft && document.readyState === 'complete'");
    }

    /// Processes all events that the browser has sent so far. The response to a command arrives
    /// after all of them.
    #[track_caller]
    fn catch_up(&mut self) {
        told(self.tab.eval("0"));
        self.tab.note_events();
    }

    fn try_text(&mut self) -> Result<String, Error> {
        let text = self.try_eval("(document.body || document.documentElement).innerText")?;
        Ok(text.as_str().unwrap_or_default().to_owned())
    }

    /// The time from the start of the navigation to the end of the load event. The browser doesn't
    /// record the end time until a moment after the event.
    fn load_time(&mut self) -> Result<Duration, Error> {
        const SCRIPT: &str = "new Promise(done => (function look() {
            const end = performance.getEntriesByType('navigation')[0].loadEventEnd;
            end > 0 ? done(end) : setTimeout(look, 1);
        })())";
        let deadline = Instant::now() + PATIENCE;
        loop {
            match self.try_eval(SCRIPT) {
                // The page redirects to another one, as a launch file does.
                Err(Error::Protocol(_)) if Instant::now() < deadline => {}
                milliseconds => {
                    let milliseconds = milliseconds?.as_f64().unwrap_or_default();
                    return Ok(Duration::from_secs_f64(milliseconds / 1000.0));
                }
            }
        }
    }
}
