//! A Firefox tab.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};

use super::hub::{Hub, lock};
use super::network::NetworkLog;
use super::{accessibility, console, keyboard};
use crate::browser::keyboard::Stroke;
use crate::browser::session::text;
use crate::browser::tab::{Attempt, Point, Seen, Tab, wait};
use crate::browser::{AccessibleNode, Error};

#[derive(Debug)]
pub(super) struct FirefoxTab {
    hub: Arc<Mutex<Hub>>,
    context: String,
    network: NetworkLog,
    seen: Seen,
}

impl FirefoxTab {
    pub(super) fn new(hub: Arc<Mutex<Hub>>, context: String) -> Self {
        Self { hub, context, network: NetworkLog::default(), seen: Seen::default() }
    }

    /// Sends a command for this tab.
    fn call(&self, method: &str, mut params: Value) -> Result<Value, Error> {
        params["context"] = json!(self.context);
        lock(&self.hub).call(method, &params)
    }

    /// Activates the tab and performs input actions. Only the active tab receives input.
    fn perform(&self, source: &Value) -> Result<(), Error> {
        lock(&self.hub).activate(&self.context)?;
        self.call("input.performActions", json!({ "actions": [source] })).map(drop)
    }

    fn perform_keys(&self, keys: &[Value]) -> Result<(), Error> {
        self.perform(&json!({ "type": "key", "id": "keyboard", "actions": keys }))
    }
}

impl Tab for FirefoxTab {
    fn go(&mut self, url: &str) -> Result<(), Error> {
        match self.call("browsingContext.navigate", json!({ "url": url, "wait": "complete" })) {
            Ok(_) => Ok(()),
            Err(Error::Protocol(reason)) => {
                // Extracts the error's name from the message.
                let mut words = reason.split(|c: char| c != '_' && !c.is_ascii_alphanumeric());
                let name = words.find(|word| word.starts_with("NS_"));
                let reason = name.unwrap_or(&reason).to_owned();
                Err(Error::Navigation { url: url.to_owned(), reason })
            }
            Err(error) => Err(error),
        }
    }

    fn eval(&mut self, script: &str) -> Result<Value, Error> {
        lock(&self.hub).eval(&self.context, script)
    }

    fn seen(&self) -> &Seen {
        &self.seen
    }

    fn note_events(&mut self) {
        for event in lock(&self.hub).take_events(&self.context) {
            self.network.note(&event, &mut self.seen.network);
            self.seen.console_errors.extend(console::complaint(&event));
            let word = |key: &str| event.params[key].as_str().unwrap_or_default().to_owned();
            match event.method.as_str() {
                "browsingContext.load" if event.params["context"] == *self.context => {
                    self.seen.loads += 1;
                }
                "browsingContext.downloadWillBegin" => {
                    self.seen.downloads.push(word("suggestedFilename"));
                }
                "browsingContext.userPromptOpened" => self.seen.dialogs.push(word("message")),
                _ => {}
            }
        }
    }

    fn listen(&mut self, time: Duration) -> Result<(), Error> {
        lock(&self.hub).listen(time)
    }

    fn show(&mut self) -> Result<(), Error> {
        lock(&self.hub).activate(&self.context)
    }

    fn close(&mut self) -> Result<(), Error> {
        self.call("browsingContext.close", json!({})).map(drop)
    }

    fn click(&mut self, at: Point) -> Result<(), Error> {
        let pointer = json!({
            "type": "pointer", "id": "mouse", "parameters": { "pointerType": "mouse" },
            "actions": [
                { "type": "pointerMove", "x": at.0, "y": at.1 },
                { "type": "pointerDown", "button": 0 },
                { "type": "pointerUp", "button": 0 },
            ],
        });
        self.perform(&pointer)
    }

    fn wheel(&mut self, at: Point, pixels: u32) -> Result<(), Error> {
        // Wheel actions take integer positions.
        let (x, y) = (at.0.round(), at.1.round());
        let scroll = json!({ "type": "scroll", "x": x, "y": y, "deltaX": 0, "deltaY": pixels });
        self.perform(&json!({ "type": "wheel", "id": "wheel", "actions": [scroll] }))
    }

    fn press(&mut self, stroke: &Stroke) -> Result<(), Error> {
        self.perform_keys(&keyboard::stroke(stroke))
    }

    fn type_text(&mut self, text: &str) -> Result<(), Error> {
        self.perform_keys(&keyboard::text(text))
    }

    fn upload(&mut self, selector: &str, files: &[PathBuf]) -> Result<(), Error> {
        let locator = json!({ "type": "css", "value": selector });
        let nodes = json!({ "locator": locator, "maxNodeCount": 1 });
        let found = self.call("browsingContext.locateNodes", nodes)?;
        let Some(node) = found["nodes"].get(0) else {
            return Err(Error::Protocol(format!("no element matches {selector}")));
        };
        let element = json!({ "sharedId": node["sharedId"] });
        self.call("input.setFiles", json!({ "element": element, "files": files })).map(drop)
    }

    fn set_viewport(&mut self, width: u32, height: u32) -> Result<(), Error> {
        let viewport = json!({ "width": width, "height": height });
        let params = json!({ "viewport": viewport, "devicePixelRatio": 1 });
        self.call("browsingContext.setViewport", params).map(drop)
    }

    fn set_colour_scheme(&mut self, dark: bool) -> Result<(), Error> {
        let scheme = if dark { "dark" } else { "light" };
        let mut hub = lock(&self.hub);
        hub.activate(&self.context)?;
        hub.eval_as_browser(&format!(
            "gBrowser.selectedBrowser.browsingContext.prefersColorSchemeOverride = '{scheme}'"
        ))?;
        drop(hub);
        // The content process is notified a moment later.
        let is_there = format!("matchMedia('(prefers-color-scheme: {scheme})').matches");
        wait(self, &is_there.clone(), |tab| {
            Ok(match tab.eval(&is_there)? {
                Value::Bool(true) => Attempt::Found(()),
                _ => Attempt::NotYet("the page has the other colours".to_owned()),
            })
        })
    }

    fn screenshot(&mut self) -> Result<String, Error> {
        text(&self.call("browsingContext.captureScreenshot", json!({}))?, "data")
    }

    fn accessibility_tree(&mut self) -> Result<Vec<AccessibleNode>, Error> {
        lock(&self.hub).activate(&self.context)?;
        // The tree lags behind the page, so two successive readings must be the same.
        let mut last = Value::Null;
        wait(self, "the accessibility tree", |tab| {
            let focus = tab.eval("document.activeElement?.id ?? ''")?;
            let tree = lock(&tab.hub).eval_as_browser(accessibility::READ)?;
            let is_still = tree == std::mem::replace(&mut last, tree.clone());
            let nodes = tree.as_array().into_iter().flatten();
            let nodes: Vec<_> = nodes.map(|node| accessibility::read(node, &focus)).collect();
            Ok(match is_still && !nodes.is_empty() {
                true => Attempt::Found(nodes),
                false => Attempt::NotYet("it doesn't exist yet, or is still changing".to_owned()),
            })
        })
    }
}
