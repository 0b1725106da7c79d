//! Firefox by WebDriver BiDi, which it speaks by itself.
//! <https://w3c.github.io/webdriver-bidi/>

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
mod room;
mod tab;
mod value;

use hub::Hub;
use room::Room;
use tab::FirefoxTab;

/// A running Firefox.
#[derive(Debug)]
pub(super) struct Firefox {
    hub: Rc<RefCell<Hub>>,
    process: Process,
    // Let go when the process has ended.
    _room: Room,
}

impl Firefox {
    pub(super) fn start() -> Result<Self, Error> {
        let program = process::program(&FIREFOX)?;
        let room = Room::enter();
        let starting = room::wait_to_start();
        let profile =
            profile::create().map_err(|error| Error::Start(format!("a profile: {error}")))?;
        let mut command = Command::new(program);
        command
            .args(["--headless", "--no-remote", "--remote-debugging-port=0"])
            // For what is not in the protocol: the accessibility tree, and dark colours.
            .arg("--remote-allow-system-access")
            .arg("--profile")
            .arg(path_for_browser(profile.path()));
        if cfg!(windows) {
            // Else the process that we know ends at once, and its child is Firefox.
            command.arg("--wait-for-browser");
        }
        if cfg!(target_os = "linux") {
            // It refuses to start if its home belongs to another account, as under sudo.
            command.env("HOME", profile.path());
        }
        command.arg("about:blank");
        let (process, address) =
            Process::start(&mut command, profile, "WebDriver BiDi listening on ")?;
        let hub = Hub::open(&format!("{address}/session"))?;
        drop(starting);
        Ok(Self { hub: Rc::new(RefCell::new(hub)), process, _room: room })
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
        // Asked politely, it takes its own children along and stops writing to the profile.
        if self.hub.borrow_mut().call("browser.close", &json!({})).is_ok() {
            self.process.wait_for_end();
        }
    }
}
