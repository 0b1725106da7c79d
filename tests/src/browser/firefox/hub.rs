//! The single connection to Firefox, shared by its tabs. Sorts events by tab.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};

use crate::browser::Error;
use crate::browser::session::{Event, Session, text};

/// Firefox prints its address long before its window is ready: with four instances starting at the
/// same time on two busy cores, 30 seconds weren't enough.
const START: Duration = Duration::from_secs(120);

const EVENTS: &[&str] = &[
    "browsingContext.contextCreated",
    "browsingContext.downloadWillBegin",
    "browsingContext.load",
    "browsingContext.userPromptOpened",
    "log.entryAdded",
    "network.beforeRequestSent",
    "network.fetchError",
    "network.responseCompleted",
    "network.responseStarted",
];

#[derive(Debug)]
pub(super) struct Hub {
    session: Session,
    /// The parent of each frame.
    parents: HashMap<String, String>,
    /// Events that haven't been taken yet, by tab.
    events: HashMap<String, Vec<Event>>,
    /// The active tab, which is the only one that receives input.
    front: String,
    /// The browser's window, where scripts have full privileges.
    window: Option<String>,
}

/// Locks the hub. Only a panic in the harness itself could poison the lock.
pub(super) fn lock(hub: &Mutex<Hub>) -> MutexGuard<'_, Hub> {
    hub.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Hub {
    pub(super) fn open(url: &str) -> Result<Self, Error> {
        let mut session = Session::open(url)?;
        let wishes = json!({ "unhandledPromptBehavior": { "default": "accept" } });
        let capabilities = json!({ "capabilities": { "alwaysMatch": wishes } });
        session.call_within(START, "session.new", &capabilities)?;
        session.call("session.subscribe", &json!({ "events": EVENTS }))?;
        Ok(Self {
            session,
            parents: HashMap::new(),
            events: HashMap::new(),
            front: String::new(),
            window: None,
        })
    }

    pub(super) fn call(&mut self, method: &str, params: &Value) -> Result<Value, Error> {
        self.session.call(method, params)
    }

    pub(super) fn listen(&mut self, time: Duration) -> Result<(), Error> {
        self.session.listen(time)
    }

    /// Activates the tab and focuses its page. A page loses focus when its tab moves to another
    /// process, for example when navigating to another site.
    pub(super) fn activate(&mut self, tab: &str) -> Result<(), Error> {
        if self.front != tab {
            self.call("browsingContext.activate", &json!({ "context": tab }))?;
            tab.clone_into(&mut self.front);
        }
        self.eval_as_browser("gBrowser.selectedBrowser.focus()").map(drop)
    }

    /// Forgets all tabs after they have been closed.
    pub(super) fn forget_tabs(&mut self) {
        self.session.take_events();
        self.parents.clear();
        self.events.clear();
        self.front.clear();
    }

    /// Runs a script in the browser's own window, with the browser's privileges.
    pub(super) fn eval_as_browser(&mut self, script: &str) -> Result<Value, Error> {
        let window = match &self.window {
            Some(window) => window.clone(),
            None => {
                let scope = json!({ "moz:scope": "chrome", "maxDepth": 0 });
                let tree = self.call("browsingContext.getTree", &scope)?;
                text(&tree["contexts"][0], "context")?
            }
        };
        let answer = self.eval(&window, script);
        self.window = Some(window);
        answer
    }

    pub(super) fn eval(&mut self, context: &str, script: &str) -> Result<Value, Error> {
        let answer = self.call(
            "script.evaluate",
            &json!({
                "expression": script, "target": { "context": context }, "awaitPromise": true,
            }),
        )?;
        super::value::outcome(&answer)
    }

    /// Returns the events that have arrived for this tab and its frames since the last call.
    pub(super) fn take_events(&mut self, tab: &str) -> Vec<Event> {
        for event in self.session.take_events() {
            let context = event.params["context"].as_str();
            let context = context.or_else(|| event.params["source"]["context"].as_str());
            let Some(context) = context.map(str::to_owned) else { continue };
            if event.method == "browsingContext.contextCreated"
                && let Some(parent) = event.params["parent"].as_str()
            {
                self.parents.insert(context.clone(), parent.to_owned());
            }
            let mut top = &context;
            while let Some(parent) = self.parents.get(top) {
                top = parent;
            }
            self.events.entry(top.to_owned()).or_default().push(event);
        }
        self.events.remove(tab).unwrap_or_default()
    }
}
