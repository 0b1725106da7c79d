//! User input on a page, sent as the browser's own input events.

use std::path::Path;

use serde_json::Value;

use super::Page;
use crate::browser::error::told;
use crate::browser::keyboard::Stroke;
use crate::browser::process::path_for_browser;
use crate::browser::tab::{Attempt, Point, wait};
use crate::browser::{Error, keyboard};

/// Mouse and keyboard.
impl Page<'_> {
    /// Clicks the center of the first element that matches `selector`, as soon as it is visible and
    /// not covered.
    #[track_caller]
    pub fn click(&mut self, selector: &str) {
        let centre = told(self.centre_of(selector));
        told(self.tab.click(centre));
    }

    /// Clicks a field and replaces its text.
    #[track_caller]
    pub fn type_over(&mut self, selector: &str, text: &str) {
        self.click_into(selector);
        self.press("Control+a");
        self.type_text(text);
    }

    /// Clicks a field until it has focus. A single click may miss, because a page may still scroll
    /// after the browser has gone back.
    #[track_caller]
    pub fn click_into(&mut self, selector: &str) {
        let has_focus = format!("document.activeElement.matches({})", Value::from(selector));
        for _ in 0..10 {
            self.click(selector);
            if self.eval(&has_focus) == true {
                return;
            }
        }
        panic!("{selector} doesn't receive focus when clicked");
    }

    /// Turns the mouse wheel down by `pixels` CSS pixels, over the center of the first element that
    /// matches `selector`.
    #[track_caller]
    pub fn wheel(&mut self, selector: &str, pixels: u32) {
        let centre = told(self.centre_of(selector));
        told(self.tab.wheel(centre, pixels));
    }

    /// Presses and releases a key: `Tab`, `Enter`, `Space`, `Escape`, `ArrowDown`, …, or a
    /// character, with optional modifiers as in `Shift+Tab` and `Control+a`.
    #[track_caller]
    pub fn press(&mut self, key: &str) {
        let Some(stroke) = Stroke::read(key) else {
            panic!("no key {key:?}; known are {}", keyboard::known());
        };
        told(self.tab.press(&stroke));
    }

    /// Types `text`, in any writing system, into the focused element. Chromium gets it all at once,
    /// as if from an input method; Firefox gets it key by key.
    #[track_caller]
    pub fn type_text(&mut self, text: &str) {
        told(self.tab.type_text(text));
    }

    /// Chooses files for the file input that matches `selector`.
    #[track_caller]
    pub fn upload(&mut self, selector: &str, paths: &[impl AsRef<Path>]) {
        let files: Result<Vec<_>, _> = paths.iter().map(std::path::absolute).collect();
        let files = match files {
            Ok(files) if files.iter().all(|file| file.is_file()) => files,
            files => panic!("not all of these are files: {files:?}"),
        };
        let files: Vec<_> = files.iter().map(|file| path_for_browser(file)).collect();
        told(self.tab.upload(selector, &files));
    }

    /// Sets the size of the viewport in CSS pixels.
    #[track_caller]
    pub fn set_viewport(&mut self, width: u32, height: u32) {
        told(self.tab.set_viewport(width, height));
    }

    /// Emulates the user's preference for dark or light colors.
    #[track_caller]
    pub fn emulate_colour_scheme(&mut self, dark: bool) {
        told(self.tab.set_colour_scheme(dark));
    }

    fn centre_of(&mut self, selector: &str) -> Result<Point, Error> {
        let script = format!("({FIND_CENTRE})({})", Value::from(selector));
        wait(&mut *self.tab, &format!("{selector} to click on"), |tab| match tab.eval(&script) {
            Ok(found) => Ok(match (found["x"].as_f64(), found["y"].as_f64()) {
                (Some(x), Some(y)) => Attempt::Found((x, y)),
                _ => Attempt::NotYet(found.as_str().unwrap_or("it is nowhere").to_owned()),
            }),
            // The document is changing. A call that throws isn't retried, because an invalid
            // selector would keep throwing until the timeout.
            Err(Error::Protocol(reason)) => Ok(Attempt::NotYet(reason)),
            Err(error) => Err(error),
        })
    }
}

/// JavaScript that returns the center of an element, or a message saying why it can't be clicked.
/// It uses the element's first line, because the middle of a link that wraps may be outside the
/// link. After scrolling, it looks again: a new page may still scroll to its fragment, and the click
/// would miss.
const FIND_CENTRE: &str = "selector => {
    const element = document.querySelector(selector);
    if (!element) return 'no element matches';
    const before = element.getClientRects()[0];
    element.scrollIntoView({ block: 'center', inline: 'center', behavior: 'instant' });
    const box = element.getClientRects()[0];
    if (!box || !box.width || !box.height) return 'it is not visible';
    if (Math.abs(before.x - box.x) + Math.abs(before.y - box.y) > 1) return 'the page scrolls';
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    const top = document.elementFromPoint(x, y);
    if (!element.contains(top)) return 'it is covered by ' + (top ? top.outerHTML : 'nothing');
    return { x, y };
}";
