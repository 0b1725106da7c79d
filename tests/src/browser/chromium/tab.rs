//! A Chromium tab, with its own connection.

use std::path::PathBuf;
use std::time::Duration;

use serde_json::{Value, json};

use super::network::NetworkLog;
use super::{accessibility, console, keyboard};
use crate::browser::keyboard::Stroke;
use crate::browser::session::{Session, text};
use crate::browser::tab::{Attempt, Point, Seen, Tab, wait};
use crate::browser::{AccessibleNode, Error};

#[derive(Debug)]
pub(super) struct ChromiumTab {
    session: Session,
    /// The id of the main frame, used to ignore events from nested frames.
    frame: String,
    network: NetworkLog,
    seen: Seen,
    /// The loader ids of documents that have finished loading.
    loaded: Vec<String>,
}

impl ChromiumTab {
    /// Connects to the tab at `url`. The main frame has the same id as the tab.
    pub(super) fn attach(url: &str, frame: &str) -> Result<Self, Error> {
        let mut session = Session::open(url)?;
        for domain in ["Page", "Runtime", "Network", "Log"] {
            session.call(&format!("{domain}.enable"), &json!({}))?;
        }
        session.call("Page.setLifecycleEventsEnabled", &json!({ "enabled": true }))?;
        // With several tabs open, each must accept keys as if it were active.
        session.call("Emulation.setFocusEmulationEnabled", &json!({ "enabled": true }))?;
        // Discard the events of the initial blank document.
        session.take_events();
        Ok(Self {
            session,
            frame: frame.to_owned(),
            network: NetworkLog::default(),
            seen: Seen::default(),
            loaded: Vec::new(),
        })
    }
}

impl Tab for ChromiumTab {
    fn go(&mut self, url: &str) -> Result<(), Error> {
        let answer = self.session.call("Page.navigate", &json!({ "url": url }))?;
        if let Some(reason) = answer.get("errorText").and_then(Value::as_str) {
            return Err(Error::Navigation { url: url.to_owned(), reason: reason.to_owned() });
        }
        // Without a loader, the navigation stayed within the document, so it is already complete.
        let Some(loader) = answer.get("loaderId").and_then(Value::as_str) else { return Ok(()) };
        wait(self, url, |tab| {
            Ok(match tab.loaded.iter().any(|loaded| loaded == loader) {
                true => Attempt::Found(()),
                false => Attempt::NotYet("it is not loaded".to_owned()),
            })
        })
    }

    fn eval(&mut self, script: &str) -> Result<Value, Error> {
        let mut answer = self.session.call(
            "Runtime.evaluate",
            &json!({ "expression": script, "awaitPromise": true, "returnByValue": true }),
        )?;
        match answer.get("exceptionDetails") {
            Some(details) => Err(Error::Script(console::exception(details))),
            None => Ok(answer["result"]["value"].take()),
        }
    }

    fn seen(&self) -> &Seen {
        &self.seen
    }

    fn note_events(&mut self) {
        for event in self.session.take_events() {
            self.network.note(&event, &mut self.seen.network);
            self.seen.console_errors.extend(console::complaint(&event));
            let word = |key: &str| event.params[key].as_str().unwrap_or_default().to_owned();
            match event.method.as_str() {
                "Page.lifecycleEvent"
                    if word("name") == "load" && word("frameId") == self.frame =>
                {
                    self.loaded.push(word("loaderId"));
                    self.seen.loads += 1;
                }
                "Page.downloadWillBegin" => self.seen.downloads.push(word("suggestedFilename")),
                "Page.javascriptDialogOpening" => self.seen.dialogs.push(word("message")),
                _ => {}
            }
        }
    }

    fn listen(&mut self, time: Duration) -> Result<(), Error> {
        self.session.listen(time)
    }

    fn show(&mut self) -> Result<(), Error> {
        self.session.call("Page.bringToFront", &json!({})).map(drop)
    }

    fn close(&mut self) -> Result<(), Error> {
        self.session.call("Page.close", &json!({})).map(drop)
    }

    fn click(&mut self, at: Point) -> Result<(), Error> {
        for (kind, buttons) in [("mouseMoved", 0), ("mousePressed", 1), ("mouseReleased", 0)] {
            let button = if kind == "mouseMoved" { "none" } else { "left" };
            let event = json!({
                "type": kind, "x": at.0, "y": at.1,
                "button": button, "buttons": buttons, "clickCount": 1,
            });
            self.session.call("Input.dispatchMouseEvent", &event)?;
        }
        Ok(())
    }

    fn wheel(&mut self, at: Point, pixels: u32) -> Result<(), Error> {
        let event = json!({
            "type": "mouseWheel", "x": at.0, "y": at.1, "deltaX": 0, "deltaY": pixels,
        });
        self.session.call("Input.dispatchMouseEvent", &event).map(drop)
    }

    fn press(&mut self, stroke: &Stroke) -> Result<(), Error> {
        for event in keyboard::events(stroke) {
            self.session.call("Input.dispatchKeyEvent", &event)?;
        }
        Ok(())
    }

    fn type_text(&mut self, text: &str) -> Result<(), Error> {
        self.session.call("Input.insertText", &json!({ "text": text })).map(drop)
    }

    fn upload(&mut self, selector: &str, files: &[PathBuf]) -> Result<(), Error> {
        let document = self.session.call("DOM.getDocument", &json!({ "depth": 0 }))?;
        let query = json!({ "nodeId": document["root"]["nodeId"], "selector": selector });
        let found = self.session.call("DOM.querySelector", &query)?;
        if found["nodeId"] == 0 {
            return Err(Error::Protocol(format!("no element matches {selector}")));
        }
        let choice = json!({ "files": files, "nodeId": found["nodeId"] });
        self.session.call("DOM.setFileInputFiles", &choice).map(drop)
    }

    fn set_viewport(&mut self, width: u32, height: u32) -> Result<(), Error> {
        let metrics = json!({
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false,
        });
        self.session.call("Emulation.setDeviceMetricsOverride", &metrics).map(drop)
    }

    fn set_colour_scheme(&mut self, dark: bool) -> Result<(), Error> {
        let scheme = if dark { "dark" } else { "light" };
        let media = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        self.session.call("Emulation.setEmulatedMedia", &media).map(drop)
    }

    fn screenshot(&mut self) -> Result<String, Error> {
        let picture = self.session.call("Page.captureScreenshot", &json!({ "format": "png" }))?;
        text(&picture, "data")
    }

    fn accessibility_tree(&mut self) -> Result<Vec<AccessibleNode>, Error> {
        let tree = self.session.call("Accessibility.getFullAXTree", &json!({}))?;
        let nodes = tree["nodes"].as_array().into_iter().flatten();
        Ok(nodes.filter_map(accessibility::read).collect())
    }
}
