//! Firefox over WebDriver BiDi. <https://w3c.github.io/webdriver-bidi/>

use std::process::Command;
use std::sync::{Arc, Mutex};

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
    // Locked for one command at a time. All commands come from one thread.
    hub: Arc<Mutex<Hub>>,
    /// The user context for new tabs, or `None` for the default one.
    context: Option<String>,
    process: Process,
    // Released after the process has ended.
    _slot: Option<Slot>,
}

impl Firefox {
    /// Starts an instance for the pool. The number of concurrent tests already limits the pool's
    /// size.
    pub(super) fn start() -> Result<Self, Error> {
        Self::start_in(None)
    }

    /// Waits until the number of running instances is below the limit, then starts another.
    pub(super) fn start_another() -> Result<Self, Error> {
        Self::start_in(Some(Slot::acquire()))
    }

    fn start_in(slot: Option<Slot>) -> Result<Self, Error> {
        let program = process::program(&FIREFOX)?;
        let starting = slot::wait_to_start();
        let profile =
            profile::create().map_err(|error| Error::Start(format!("a profile: {error}")))?;
        let mut command = Command::new(program);
        command
            .args(["--headless", "--no-remote", "--remote-debugging-port=0"])
            // Needed for the accessibility tree and the color scheme, which the protocol doesn't
            // cover.
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
        Ok(Self { hub: Arc::new(Mutex::new(hub)), context: None, process, _slot: slot })
    }
}

impl Instance for Firefox {
    fn open_context(&mut self) -> Result<(), Error> {
        let answer = hub::lock(&self.hub).call("browser.createUserContext", &json!({}))?;
        self.context = Some(text(&answer, "userContext")?);
        Ok(())
    }

    fn close_context(&mut self) -> Result<(), Error> {
        let mut hub = hub::lock(&self.hub);
        let context = json!({ "userContext": self.context.take() });
        hub.call("browser.removeUserContext", &context)?;
        hub.forget_tabs();
        Ok(())
    }

    fn new_tab(&self) -> Result<Box<dyn Tab>, Error> {
        let mut hub = hub::lock(&self.hub);
        let mut tab = json!({ "type": "tab" });
        if let Some(context) = &self.context {
            tab["userContext"] = json!(context);
        }
        let answer = hub.call("browsingContext.create", &tab)?;
        let context = text(&answer, "context")?;
        hub.take_events(&context);
        Ok(Box::new(FirefoxTab::new(Arc::clone(&self.hub), context)))
    }

    fn crash(&mut self) {
        const QUIT: &str = "Services.startup.quit(Services.startup.eForceQuit)";
        // Firefox may exit before it responds.
        let _ = hub::lock(&self.hub).eval_as_browser(QUIT);
        self.process.wait_for_end();
    }
}

impl Drop for Firefox {
    fn drop(&mut self) {
        // A clean exit also ends the browser's child processes, and stops writes to the profile.
        if hub::lock(&self.hub).call("browser.close", &json!({})).is_ok() {
            self.process.wait_for_end();
        }
    }
}
