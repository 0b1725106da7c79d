//! Chromium (or Chrome, or Edge) over the DevTools protocol.

use std::cell::RefCell;
use std::process::Command;

use serde_json::json;
use tempfile::TempDir;
use xtask::browser::{self, CHROMIUM};

use super::process::{self, Process, path_for_browser};
use super::session::{self, Session};
use super::tab::Tab;
use super::{Error, Instance, REBOUND_NAMES};

mod accessibility;
mod console;
mod keyboard;
mod network;
mod tab;

use tab::ChromiumTab;

/// Suppresses the window, first-run pages, and all network traffic except requests to the server
/// under test.
const SWITCHES: &[&str] = &[
    "--headless=new",
    "--remote-debugging-port=0",
    "--animation-duration-scale=0",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    // Containers often make /dev/shm too small for a page.
    "--disable-dev-shm-usage",
    "--disable-extensions",
    // The suggestions of the address bar are pages that each new window loads. A test opens a window
    // per tab, and these pages took half of the time.
    "--disable-features=MediaRouter,OptimizationHints,PreloadTopChromeWebUI,Translate,\
     WebUIOmniboxAimPopup,WebUIOmniboxPopup",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--force-color-profile=srgb",
    "--metrics-recording-only",
    "--no-default-browser-check",
    "--no-first-run",
    "--no-proxy-server",
    // On macOS and Linux desktops, a fresh profile would otherwise ask for access to the user's
    // keychain.
    "--password-store=basic",
    "--use-mock-keychain",
];

/// A running Chromium.
#[derive(Debug)]
pub(super) struct Chromium {
    endpoint: String,
    session: RefCell<Session>,
    /// The browser context for new tabs, or `None` for the default one.
    context: Option<String>,
    process: Process,
}

impl Chromium {
    /// Starts Chromium with additional switches.
    pub(super) fn start(switches: &[&str]) -> Result<Self, Error> {
        let program = process::program(&CHROMIUM)?;
        let profile = TempDir::new().map_err(|error| Error::Start(error.to_string()))?;
        let mut command = Command::new(&program);
        command
            .args(SWITCHES)
            .args(switches)
            .arg(format!("--user-data-dir={}", path_for_browser(profile.path()).display()));
        let rules = REBOUND_NAMES.map(|name| format!("MAP {name} 127.0.0.1"));
        command.arg(format!("--host-resolver-rules={}", rules.join(",")));
        if browser::is_root() {
            command.arg("--no-sandbox");
        }
        command.arg("about:blank");
        let (process, endpoint) = Process::start(&mut command, profile, "DevTools listening on ")?;
        let session = RefCell::new(Session::open(&endpoint)?);
        Ok(Self { endpoint, session, context: None, process })
    }
}

impl Instance for Chromium {
    fn open_context(&mut self) -> Result<(), Error> {
        let answer = self.session.get_mut().call("Target.createBrowserContext", &json!({}))?;
        self.context = Some(session::text(&answer, "browserContextId")?);
        Ok(())
    }

    fn close_context(&mut self) -> Result<(), Error> {
        let context = json!({ "browserContextId": self.context.take() });
        self.session.get_mut().call("Target.disposeBrowserContext", &context).map(drop)
    }

    fn new_tab(&self) -> Result<Box<dyn Tab>, Error> {
        let mut session = self.session.borrow_mut();
        let mut tab = json!({ "url": "about:blank" });
        if let Some(context) = &self.context {
            tab["browserContextId"] = json!(context);
        }
        let answer = session.call("Target.createTarget", &tab)?;
        let target = session::text(&answer, "targetId")?;
        // The browser's own address ends in /devtools/browser/ID.
        let (host, _) = self
            .endpoint
            .split_once("/devtools/")
            .ok_or_else(|| Error::Protocol(format!("an unknown address {}", self.endpoint)))?;
        Ok(Box::new(ChromiumTab::attach(&format!("{host}/devtools/page/{target}"), &target)?))
    }

    fn crash(&mut self) {
        // A browser that crashes sends no response.
        let _ = self.session.get_mut().call("Browser.crash", &json!({}));
        self.process.wait_for_end();
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        // A clean exit also stops the browser's child processes, and stops writes to the profile.
        if self.session.get_mut().call("Browser.close", &json!({})).is_ok() {
            self.process.wait_for_end();
        }
    }
}
