//! What a person does on a page, as the browser's own input events.

use std::path::Path;

use serde_json::{Value, json};

use super::{Attempt, Page};
use crate::browser::error::told;
use crate::browser::process::path_for_browser;
use crate::browser::{Error, keyboard};

/// Pixels from the left and top of the viewport.
type Point = (f64, f64);

/// Acting, as by mouse and keyboard.
impl Page<'_> {
    /// Presses and releases the left button at the centre of the first element that `selector`
    /// matches, once it is there, visible, and not covered by another.
    #[track_caller]
    pub fn click(&mut self, selector: &str) {
        let centre = told(self.centre_of(selector));
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
        let files: Result<Vec<_>, _> = paths.iter().map(std::path::absolute).collect();
        let files = match files {
            Ok(files) if files.iter().all(|file| file.is_file()) => {
                files.iter().map(|file| path_for_browser(file)).collect::<Vec<_>>()
            }
            files => panic!("not all of these are files: {files:?}"),
        };
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

    fn centre_of(&mut self, selector: &str) -> Result<Point, Error> {
        let script = format!("({FIND_CENTRE})({})", Value::from(selector));
        self.wait(&format!("{selector} to click on"), |page| match page.try_eval(&script) {
            Ok(found) => Ok(match (found["x"].as_f64(), found["y"].as_f64()) {
                (Some(x), Some(y)) => Attempt::Found((x, y)),
                _ => Attempt::NotYet(found.as_str().unwrap_or("it is nowhere").to_owned()),
            }),
            // The document is just changing; a wrong selector would throw for ever.
            Err(Error::Protocol(reason)) => Ok(Attempt::NotYet(reason)),
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
    return { x, y };
}";
