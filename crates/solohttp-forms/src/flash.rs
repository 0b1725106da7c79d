//! Messages that are shown once, on the next page.

use solohttp_core::{IoList, html};

use crate::tag::tag;

/// How many messages wait at most: a program that never shows them must not grow.
const MOST: usize = 20;

/// Messages for the next page: a field of the application's state.
///
/// ```
/// use solohttp_forms::Flash;
/// let mut flash = Flash::new();
/// flash.add("Saved."); // then redirect
/// assert_eq!(flash.take(), ["Saved."]); // on the page it leads to
/// assert!(flash.take().is_empty());
/// ```
#[derive(Debug, Clone, Default)]
pub struct Flash {
    waiting: Vec<String>,
}

impl Flash {
    /// No messages.
    #[must_use]
    pub const fn new() -> Self {
        Self { waiting: Vec::new() }
    }

    /// Leaves a message. The oldest goes if too many wait.
    pub fn add(&mut self, message: impl Into<String>) {
        if self.waiting.len() == MOST {
            self.waiting.remove(0);
        }
        self.waiting.push(message.into());
    }

    /// Takes all messages, in order.
    pub fn take(&mut self) -> Vec<String> {
        std::mem::take(&mut self.waiting)
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
