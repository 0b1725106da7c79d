//! A tab: where it goes, and waiting for what comes.
//! What a person does in it is in `act`, by real input events only; what one sees, in `look`.

use std::marker::PhantomData;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::console::{self, Console};
use super::error::told;
use super::network::NetworkLog;
use super::session::Session;
use super::{Browser, Error, PATIENCE};

mod act;
mod look;

/// How often a condition is looked at again.
const AGAIN: Duration = Duration::from_millis(15);

/// One tab. Methods panic at the caller's line when something does not come within
/// [`PATIENCE`]; dialogs (`alert`, `confirm`) are accepted and kept in [`Page::dialogs`].
#[derive(Debug)]
pub struct Page<'browser> {
    session: Session,
    /// The id of the main frame, to tell its events from those of frames within the page.
    frame: String,
    network: NetworkLog,
    console: Console,
    dialogs: Vec<String>,
    /// The document loads that are complete, by their loader's id.
    loaded: Vec<String>,
    browser: PhantomData<&'browser Browser>,
}

/// What came of looking once; the text is the reason why there is nothing.
enum Attempt<T> {
    Found(T),
    NotYet(String),
}

/// Going somewhere.
impl Page<'_> {
    /// Goes to `url`, waits until the page and all it needs is loaded, and returns how long that
    /// took by the browser's own clock (Navigation Timing).
    #[track_caller]
    pub fn open(&mut self, url: &str) -> Duration {
        told(self.try_open(url))
    }

    /// Does `action`, which must lead to another document, waits until that is loaded, and
    /// returns how long it took.
    #[track_caller]
    pub fn navigate(&mut self, action: impl FnOnce(&mut Self)) -> Duration {
        self.catch_up();
        let before = self.loaded.len();
        action(self);
        let loaded = self.wait_for_load("another document", |loaded| loaded.len() > before);
        told(loaded.and_then(|()| self.load_time()))
    }

    /// The value of a JavaScript expression. A promise is awaited; `undefined` becomes null.
    #[track_caller]
    pub fn eval(&mut self, script: &str) -> Value {
        match self.try_eval(script) {
            Ok(value) => value,
            Err(error) => panic!("{error}\nin: {script}"),
        }
    }

    /// Waits until a JavaScript expression, or what it promises, is truthy, also across a change
    /// of document. An exception counts as false: what it is about may not be there yet.
    #[track_caller]
    pub fn wait_for(&mut self, condition: &str) {
        let script = format!("Promise.resolve({condition}).then(Boolean)");
        let waited = self.wait(condition, |page| match page.try_eval(&script) {
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
}

/// The same, where a failure is what a test is after.
impl Page<'_> {
    /// Like [`Page::open`].
    ///
    /// # Errors
    ///
    /// [`Error::Navigation`] if the server cannot be reached, or answers with what is no page.
    pub fn try_open(&mut self, url: &str) -> Result<Duration, Error> {
        let answer = self.session.call("Page.navigate", &json!({ "url": url }))?;
        if let Some(reason) = answer.get("errorText").and_then(Value::as_str) {
            return Err(Error::Navigation { url: url.to_owned(), reason: reason.to_owned() });
        }
        // Without a loader it was a jump within the document, which is complete already.
        if let Some(loader) = answer.get("loaderId").and_then(Value::as_str) {
            self.wait_for_load(url, |loaded| loaded.iter().any(|loaded| loaded == loader))?;
        }
        self.load_time()
    }

    /// Like [`Page::eval`].
    ///
    /// # Errors
    ///
    /// [`Error::Script`] if the script throws or its promise is rejected.
    pub fn try_eval(&mut self, script: &str) -> Result<Value, Error> {
        let mut answer = self.session.call(
            "Runtime.evaluate",
            &json!({ "expression": script, "awaitPromise": true, "returnByValue": true }),
        )?;
        match answer.get("exceptionDetails") {
            Some(details) => Err(Error::Script(console::exception(details))),
            None => Ok(answer["result"]["value"].take()),
        }
    }
}

impl Page<'_> {
    /// Connects to the tab at `url`, whose main frame has the same id as the tab itself.
    pub(super) fn attach(url: &str, frame: &str) -> Result<Self, Error> {
        let mut session = Session::open(url)?;
        for domain in ["Page", "Runtime", "Network", "Log", "Accessibility"] {
            session.call(&format!("{domain}.enable"), &json!({}))?;
        }
        session.call("Page.setLifecycleEventsEnabled", &json!({ "enabled": true }))?;
        // Several tabs may be open; each must take keys as if it were the one in front.
        session.call("Emulation.setFocusEmulationEnabled", &json!({ "enabled": true }))?;
        // The first, empty document tells of itself too, and nobody asked for it.
        session.take_events();
        Ok(Self {
            session,
            frame: frame.to_owned(),
            network: NetworkLog::default(),
            console: Console::default(),
            dialogs: Vec::new(),
            loaded: Vec::new(),
            browser: PhantomData,
        })
    }

    #[track_caller]
    fn call(&mut self, method: &str, params: &Value) -> Value {
        told(self.session.call(method, params))
    }

    /// Takes note of all events that the browser sent before now: answers keep their order.
    #[track_caller]
    fn catch_up(&mut self) {
        self.call("Runtime.evaluate", &json!({ "expression": "0" }));
        self.note_events();
    }

    fn note_events(&mut self) {
        for event in self.session.take_events() {
            self.network.note(&event);
            self.console.note(&event);
            let word = |key: &str| event.params[key].as_str().unwrap_or_default().to_owned();
            match event.method.as_str() {
                "Page.lifecycleEvent"
                    if word("name") == "load" && word("frameId") == self.frame =>
                {
                    self.loaded.push(word("loaderId"));
                }
                "Page.javascriptDialogOpening" => self.dialogs.push(word("message")),
                _ => {}
            }
        }
    }

    fn wait_for_load(
        &mut self,
        what: &str,
        is_done: impl Fn(&[String]) -> bool,
    ) -> Result<(), Error> {
        self.wait(what, |page| {
            page.note_events();
            Ok(match is_done(&page.loaded) {
                true => Attempt::Found(()),
                false => Attempt::NotYet("it is not loaded".to_owned()),
            })
        })
    }

    /// Tries until something is found; an error ends the waiting.
    fn wait<T>(
        &mut self,
        what: &str,
        mut attempt: impl FnMut(&mut Self) -> Result<Attempt<T>, Error>,
    ) -> Result<T, Error> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            match attempt(self)? {
                Attempt::Found(found) => return Ok(found),
                Attempt::NotYet(reason) if Instant::now() >= deadline => {
                    return Err(Error::TimedOut(format!("{what}: {reason}")));
                }
                Attempt::NotYet(_) => self.session.listen(AGAIN)?,
            }
        }
    }

    fn try_text(&mut self) -> Result<String, Error> {
        let text = self.try_eval("(document.body || document.documentElement).innerText")?;
        Ok(text.as_str().unwrap_or_default().to_owned())
    }

    /// The time from the start of the navigation to the end of the load event, which the browser
    /// notes a moment after it has told us of the event.
    fn load_time(&mut self) -> Result<Duration, Error> {
        const SCRIPT: &str = "new Promise(done => (function look() {
            const end = performance.getEntriesByType('navigation')[0].loadEventEnd;
            end > 0 ? done(end) : setTimeout(look, 1);
        })())";
        let milliseconds = self.try_eval(SCRIPT)?.as_f64().unwrap_or_default();
        Ok(Duration::from_secs_f64(milliseconds / 1000.0))
    }
}
