//! Firefox over WebDriver BiDi. <https://w3c.github.io/webdriver-bidi/>

use std::cell::RefCell;
use std::process::Command;
use std::rc::Rc;

use serde_json::json;
use xtask::browser::FIREFOX;

use super::process::{self, Process, path_for_browser};
use super::session::text;
use super::tab::Tab;
use super::{Error, Instance};

mod accessibility;
mod console;
mod hub;
mod keyboard;
mod network;
mod profile;
mod slot;
mod tab;
mod value;

use hub::Hub;
use slot::Slot;
use tab::FirefoxTab;

/// A running Firefox.
#[derive(Debug)]
pub(super) struct Firefox {
    hub: Rc<RefCell<Hub>>,
    process: Process,
    // Released after the process has ended.
    _slot: Slot,
}

impl Firefox {
    pub(super) fn start() -> Result<Self, Error> {
        let program = process::program(&FIREFOX)?;
        let slot = Slot::acquire();
        let starting = slot::wait_to_start();
        let profile =
            profile::create().map_err(|error| Error::Start(format!("a profile: {error}")))?;
        let mut command = Command::new(program);
        command
            .args(["--headless", "--no-remote", "--remote-debugging-port=0"])
            // For features outside the protocol: the accessibility tree and the color scheme.
            .arg("--remote-allow-system-access")
            .arg("--profile")
            .arg(path_for_browser(profile.path()));
        if cfg!(windows) {
            // Otherwise, the process started here exits immediately and leaves Firefox running as
            // its child.
            command.arg("--wait-for-browser");
        }
        if cfg!(target_os = "linux") {
            // Firefox refuses to start if `HOME` belongs to another account, as it does under sudo.
            command.env("HOME", profile.path());
        }
        command.arg("about:blank");
        let (process, address) =
            Process::start(&mut command, profile, "WebDriver BiDi listening on ")?;
        let hub = Hub::open(&format!("{address}/session"))?;
        drop(starting);
        Ok(Self { hub: Rc::new(RefCell::new(hub)), process, _slot: slot })
    }
}

impl Instance for Firefox {
    fn new_tab(&self) -> Result<Box<dyn Tab>, Error> {
        let mut hub = self.hub.borrow_mut();
        let answer = hub.call("browsingContext.create", &json!({ "type": "tab" }))?;
        let context = text(&answer, "context")?;
        hub.take_events(&context);
        Ok(Box::new(FirefoxTab::new(Rc::clone(&self.hub), context)))
    }
}

impl Drop for Firefox {
    fn drop(&mut self) {
        // A clean exit also stops the browser's child processes, and stops writes to the profile.
        if self.hub.borrow_mut().call("browser.close", &json!({})).is_ok() {
            self.process.wait_for_end();
        }
    }
}
