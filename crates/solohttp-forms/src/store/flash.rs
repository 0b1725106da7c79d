//! Messages that are shown once, on the next page.

use std::cell::RefCell;
use std::rc::Rc;

use solohttp_core::{IoList, Response, html, is_preview};

use crate::markup::tag::tag;

/// How many messages wait at most: a program that never shows them must not grow.
const MOST: usize = 20;

/// Messages for the next page: a field of the application's state; a clone is the same one.
///
/// ```
/// use solohttp_core::{Request, Response};
/// use solohttp_forms::Flash;
///
/// let mut flash = Flash::new();
/// let same = flash.clone();
/// let save = move || same.say("Saved.", Response::redirect("/"));
/// Request::post("/save").send_to(save);
/// assert_eq!(flash.take(), ["Saved."]); // on the page it leads to
/// assert!(flash.take().is_empty());
/// ```
#[derive(Debug, Clone, Default)]
pub struct Flash {
    waiting: Rc<RefCell<Vec<String>>>,
}

impl Flash {
    /// No messages.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Leaves a message with a response that is about to be sent.
    ///
    /// If a handler around this one puts another response in its place, because a transaction was
    /// lost for example, there is no message: it would not be true.
    #[must_use = "send the response"]
    pub fn say(&self, message: impl Into<String>, response: Response) -> Response {
        let (mut flash, message) = (self.clone(), message.into());
        response.when_final(move || flash.add(message))
    }

    /// Leaves a message at once: for what is true whatever comes after. The oldest goes if too
    /// many wait.
    pub fn add(&mut self, message: impl Into<String>) {
        let mut waiting = self.waiting.borrow_mut();
        if waiting.len() == MOST {
            waiting.remove(0);
        }
        waiting.push(message.into());
    }

    /// Takes all messages, in order. While a HEAD or a prefetch is handled, they are left for the
    /// request after it, whose response somebody reads.
    pub fn take(&mut self) -> Vec<String> {
        if is_preview() { self.waiting.borrow().clone() } else { self.waiting.take() }
    }

    /// Takes all messages as HTML, announced to those who do not see them; nothing if there are
    /// none.
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
    fn only_a_page_that_somebody_reads_takes_a_message() {
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
