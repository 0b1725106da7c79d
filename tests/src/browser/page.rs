//! A tab, and what a person does and sees in it.
//! Acts by real input events only; scripts are for looking.

use std::fs;
use std::marker::PhantomData;
use std::path::Path;
use std::time::{Duration, Instant};

use data_encoding::BASE64;
use serde_json::{Value, json};

use super::console::{self, Console};
use super::network::NetworkLog;
use super::session::{Session, text};
use super::{AccessibleNode, Browser, Error, NetworkEntry, PATIENCE, keyboard};

/// How often a condition is looked at again.
const AGAIN: Duration = Duration::from_millis(15);

/// Pixels from the left and top of the viewport.
type Point = (f64, f64);

/// One tab. Methods panic at the caller's line when something does not come within
/// [`PATIENCE`]; dialogs (`alert`, `confirm`) are accepted and kept in [`Page::dialogs`].
#[derive(Debug)]
pub struct Page<'browser> {
    session: Session,
    network: NetworkLog,
    console: Console,
    dialogs: Vec<String>,
    /// The document loads that are complete, by their loader's id.
    loaded: Vec<String>,
    browser: PhantomData<&'browser Browser>,
}

/// Going somewhere and looking around.
impl Page<'_> {
    /// Goes to `url`, waits until the page and all it needs is loaded, and returns how long that
    /// took by the browser's own clock (Navigation Timing).
    #[track_caller]
    pub fn open(&mut self, url: &str) -> Duration {
        self.try_open(url).unwrap_or_else(|error| panic!("{error}"))
    }

    /// Does `action`, which must lead to another document, waits until that is loaded, and
    /// returns how long it took.
    #[track_caller]
    pub fn navigate(&mut self, action: impl FnOnce(&mut Self)) -> Duration {
        self.loaded.clear();
        action(self);
        let loaded = self.wait("a new document", |page| {
            page.hear()?;
            Ok(if page.loaded.is_empty() { Err(String::new()) } else { Ok(()) })
        });
        let took = loaded.and_then(|()| self.load_time());
        took.unwrap_or_else(|error| panic!("{error}"))
    }

    /// The value of a JavaScript expression. A promise is awaited; `undefined` becomes null.
    #[track_caller]
    pub fn eval(&mut self, script: &str) -> Value {
        self.try_eval(script).unwrap_or_else(|error| panic!("{script}: {error}"))
    }

    /// Waits until a JavaScript expression is truthy, also across a change of document.
    #[track_caller]
    pub fn wait_for(&mut self, condition: &str) {
        let waited =
            self.wait(condition, |page| match page.try_eval(&format!("!!({condition})")) {
                Ok(Value::Bool(true)) => Ok(Ok(())),
                Ok(_) => Ok(Err("it stays false".to_owned())),
                // A property of what is not there yet, or of a document that is just going.
                Err(error @ (Error::Script(_) | Error::Protocol(_))) => Ok(Err(error.to_string())),
                Err(error) => Err(error),
            });
        if let Err(error) = waited {
            panic!("{error}\non the page: {:?}", self.try_text().unwrap_or_default());
        }
    }

    /// The text that a person sees.
    #[track_caller]
    pub fn text(&mut self) -> String {
        self.try_text().unwrap_or_else(|error| panic!("the text of the page: {error}"))
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
        let data = text(&picture, "data").unwrap_or_else(|error| panic!("{error}"));
        let bytes = BASE64.decode(data.as_bytes());
        let bytes = bytes.unwrap_or_else(|error| panic!("the picture: {error}"));
        if let Err(error) = fs::write(path.as_ref(), bytes) {
            panic!("{}: {error}", path.as_ref().display());
        }
    }
}

/// Acting, as by mouse and keyboard.
impl Page<'_> {
    /// Presses and releases the left button at the centre of the first element that `selector`
    /// matches, once it is there, visible, and not covered by another.
    #[track_caller]
    pub fn click(&mut self, selector: &str) {
        let centre = self.centre_of(selector).unwrap_or_else(|error| panic!("{error}"));
        for (kind, buttons) in [("mouseMoved", 0), ("mousePressed", 1), ("mouseReleased", 0)] {
            let button = if kind == "mouseMoved" { "none" } else { "left" };
            let event = json!({
                "type": kind, "x": centre.0, "y": centre.1,
                "button": button, "buttons": buttons, "clickCount": 1,
            });
            self.call("Input.dispatchMouseEvent", &event);
        }
    }

    /// Presses and releases a key: `Tab`, `Enter`, `Space`, `Escape`, `ArrowDown`, …, a
    /// character, each with modifiers before it, as in `Shift+Tab` and `Control+a`.
    #[track_caller]
    pub fn press(&mut self, key: &str) {
        let Some(events) = keyboard::stroke(key) else {
            panic!("no key {key:?}; known are {}", keyboard::known());
        };
        for event in events {
            self.call("Input.dispatchKeyEvent", &event);
        }
    }

    /// Types `text` where the focus is, as an input method does: any script, all at once.
    #[track_caller]
    pub fn type_text(&mut self, text: &str) {
        self.call("Input.insertText", &json!({ "text": text }));
    }

    /// Chooses files for the file input that `selector` matches.
    #[track_caller]
    pub fn upload(&mut self, selector: &str, paths: &[impl AsRef<Path>]) {
        let absolute = |path: &Path| match path.canonicalize() {
            Ok(path) => path,
            Err(error) => panic!("{}: {error}", path.display()),
        };
        let files: Vec<_> = paths.iter().map(|path| absolute(path.as_ref())).collect();
        let document = self.call("DOM.getDocument", &json!({ "depth": 0 }));
        let root = &document["root"]["nodeId"];
        let query = json!({ "nodeId": root, "selector": selector });
        let found = self.call("DOM.querySelector", &query);
        if found["nodeId"] == 0 {
            panic!("no element matches {selector}");
        }
        let choice = json!({ "files": files, "nodeId": found["nodeId"] });
        self.call("DOM.setFileInputFiles", &choice);
    }

    /// Makes the viewport this many CSS pixels wide and high.
    #[track_caller]
    pub fn set_viewport(&mut self, width: u32, height: u32) {
        let metrics = json!({
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false,
        });
        self.call("Emulation.setDeviceMetricsOverride", &metrics);
    }

    /// Lets the page believe that the person prefers dark colours, or light ones.
    #[track_caller]
    pub fn emulate_colour_scheme(&mut self, dark: bool) {
        let scheme = if dark { "dark" } else { "light" };
        let media = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        self.call("Emulation.setEmulatedMedia", &media);
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
            self.wait(url, |page| {
                page.hear()?;
                let is_loaded = page.loaded.iter().any(|loaded| loaded == loader);
                Ok(if is_loaded { Ok(()) } else { Err("it never finished loading".to_owned()) })
            })?;
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
    pub(super) fn open_session(url: &str) -> Result<Self, Error> {
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
            network: NetworkLog::default(),
            console: Console::default(),
            dialogs: Vec::new(),
            loaded: Vec::new(),
            browser: PhantomData,
        })
    }

    #[track_caller]
    fn call(&mut self, method: &str, params: &Value) -> Value {
        self.session.call(method, params).unwrap_or_else(|error| panic!("{error}"))
    }

    /// Takes note of all events that the browser sent before now: answers keep their order.
    #[track_caller]
    fn catch_up(&mut self) {
        self.call("Runtime.evaluate", &json!({ "expression": "0" }));
        self.note_events();
    }

    /// Waits a moment for events, and takes note of them.
    fn hear(&mut self) -> Result<(), Error> {
        self.note_events();
        self.session.listen(AGAIN)?;
        self.note_events();
        Ok(())
    }

    fn note_events(&mut self) {
        for event in self.session.take_events() {
            self.network.note(&event);
            self.console.note(&event);
            let word = |key: &str| event.params[key].as_str().unwrap_or_default().to_owned();
            match event.method.as_str() {
                "Page.lifecycleEvent" if event.params["name"] == "load" => {
                    self.loaded.push(word("loaderId"));
                }
                "Page.javascriptDialogOpening" => self.dialogs.push(word("message")),
                _ => {}
            }
        }
    }

    /// Tries until there is an answer. The inner error is the reason why there is none yet; the
    /// outer one ends the waiting.
    fn wait<T>(
        &mut self,
        what: &str,
        mut attempt: impl FnMut(&mut Self) -> Result<Result<T, String>, Error>,
    ) -> Result<T, Error> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            match attempt(self)? {
                Ok(found) => return Ok(found),
                Err(reason) if Instant::now() >= deadline => {
                    return Err(Error::TimedOut(format!("{what}: {reason}")));
                }
                Err(_) => self.session.listen(AGAIN)?,
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

    fn centre_of(&mut self, selector: &str) -> Result<Point, Error> {
        let script = format!("({FIND_CENTRE})({})", Value::from(selector));
        self.wait(&format!("{selector} to click on"), |page| match page.try_eval(&script) {
            Ok(Value::Array(point)) => {
                let [x, y] = [0, 1].map(|axis| point.get(axis).and_then(Value::as_f64));
                Ok(x.zip(y).ok_or_else(|| "it is nowhere".to_owned()))
            }
            Ok(reason) => Ok(Err(reason.as_str().unwrap_or("it is nowhere").to_owned())),
            // The document is just changing; a wrong selector would throw for ever.
            Err(Error::Protocol(reason)) => Ok(Err(reason)),
            Err(error) => Err(error),
        })
    }
}

/// Either the centre of an element or a text that says why it cannot be clicked. The centre is
/// that of its first line: the middle of a link that goes over two lines may be beside it.
const FIND_CENTRE: &str = "selector => {
    const element = document.querySelector(selector);
    if (!element) return 'no element matches';
    element.scrollIntoView({ block: 'center', inline: 'center', behavior: 'instant' });
    const box = element.getClientRects()[0];
    if (!box || !box.width || !box.height) return 'it is not visible';
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    const top = document.elementFromPoint(x, y);
    if (!element.contains(top)) return 'it is covered by ' + (top ? top.outerHTML : 'nothing');
    return [x, y];
}";
