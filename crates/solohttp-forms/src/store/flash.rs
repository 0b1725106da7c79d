//! One-shot messages for the next page.

use std::cell::RefCell;
use std::rc::Rc;

use solohttp_core::{IoList, Response, html, is_preview};

use crate::markup::tag::tag;

/// The maximum number of pending messages. Limits the memory that a program uses if it never shows
/// them.
const MAX_MESSAGES: usize = 20;

/// One-shot messages for the next page. Keep this in the application's state. Clones share the
/// messages.
///
/// ```
/// use solohttp_core::{Request, Response};
/// use solohttp_forms::Flash;
///
/// let mut flash = Flash::new();
/// let same = flash.clone();
/// let save = move || same.say("Saved.", Response::redirect("/"));
/// Request::post("/save").send_to(save);
/// assert_eq!(flash.take(), ["Saved."]); // on the next page
/// assert!(flash.take().is_empty());
/// ```
#[derive(Debug, Clone, Default)]
pub struct Flash {
    pending: Rc<RefCell<Vec<String>>>,
}

impl Flash {
    /// Creates an empty list of messages.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a message once this response is final.
    ///
    /// If a handler around this one replaces the response, for example because a transaction
    /// failed, the message is discarded.
    #[must_use = "send the response"]
    pub fn say(&self, message: impl Into<String>, response: Response) -> Response {
        let (mut flash, message) = (self.clone(), message.into());
        response.when_final(move || flash.add(message))
    }

    /// Adds a message immediately, whatever happens to the response. If there are already 20
    /// messages, the oldest is dropped.
    pub fn add(&mut self, message: impl Into<String>) {
        let mut pending = self.pending.borrow_mut();
        if pending.len() == MAX_MESSAGES {
            pending.remove(0);
        }
        pending.push(message.into());
    }

    /// Takes all messages, in order. During a HEAD request or a prefetch, returns them but keeps
    /// them for the next request.
    pub fn take(&mut self) -> Vec<String> {
        if is_preview() { self.pending.borrow().clone() } else { self.pending.take() }
    }

    /// Takes all messages and renders them as HTML that screen readers announce. Returns an empty
    /// list if there are none.
    pub fn render(&mut self) -> IoList {
        let messages = self.take();
        if messages.is_empty() {
            return IoList::new();
        }
        let lines = messages.iter().map(|message| {
            let mut line = IoList::from("<p>");
            html::escape_into(message, &mut line);
            line.push("</p>");
            line
        });
        tag("div").attr("class", "flash").attr("role", "status").content(lines.collect::<IoList>())
    }
}

#[cfg(test)]
mod tests {
    use solohttp_core::{Method, Request};

    use super::*;

    #[test]
    fn previews_do_not_consume_messages() {
        let mut flash = Flash::new();
        flash.add("Saved.");
        let mut shown = |request: solohttp_core::RequestBuilder| {
            let mut seen = Vec::new();
            request.send_to(|| seen = flash.take());
            seen
        };
        assert_eq!(shown(Request::with_method(Method::HEAD, "/")), ["Saved."]);
        assert_eq!(shown(Request::get("/").header("sec-purpose", "prefetch")), ["Saved."]);
        assert_eq!(shown(Request::get("/")), ["Saved."]);
        assert!(shown(Request::get("/")).is_empty());
    }
}
