//! Encodes an event as lines of text.

use std::fmt::Display;
use std::time::Duration;

/// An event for the listeners of an [`EventChannel`](crate::EventChannel).
///
/// No input can forge another field or event. Every line of the data gets its own field, and line
/// breaks in names and IDs become spaces.
///
/// ```
/// use solohttp_core::Event;
/// let event = Event::named("changed").data("tasks\nappointments").id(7);
/// assert_eq!(event.to_string(), "event: changed\nid: 7\ndata: tasks\ndata: appointments\n\n");
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[must_use = "publish it"]
pub struct Event {
    comment: Option<String>,
    name: Option<String>,
    id: Option<String>,
    retry: Option<Duration>,
    data: Option<String>,
}

impl Event {
    /// Creates an event that scripts receive with `addEventListener(name, …)`.
    pub fn named(name: impl Display) -> Self {
        Self { name: Some(one_line(&name)), ..Self::default() }
    }

    /// Creates an event without a name, which scripts receive with `onmessage`.
    pub fn message(data: impl Display) -> Self {
        Self::default().data(data)
    }

    /// Creates a comment, which scripts don't receive.
    pub fn comment(text: impl Display) -> Self {
        Self { comment: Some(text.to_string()), ..Self::default() }
    }

    /// Sets the data. Browsers drop events without a `data` field, so a named event always has this
    /// field, even if it is empty.
    pub fn data(mut self, data: impl Display) -> Self {
        self.data = Some(data.to_string());
        self
    }

    /// Sets the ID, which browsers send as the `Last-Event-ID` header field when they reconnect. To
    /// read it, use [`Request::header`](crate::Request::header).
    pub fn id(mut self, id: impl Display) -> Self {
        // Browsers ignore an ID that contains NUL.
        self.id = Some(one_line(&id).replace('\0', " "));
        self
    }

    /// Sets how long browsers wait before they reconnect. This also applies to all later
    /// disconnections.
    pub fn retry(mut self, delay: Duration) -> Self {
        self.retry = Some(delay);
        self
    }
}

impl Display for Event {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(comment) = &self.comment {
            lines(comment).try_for_each(|line| writeln!(f, ": {line}"))?;
        }
        if let Some(name) = &self.name {
            writeln!(f, "event: {name}")?;
        }
        if let Some(id) = &self.id {
            writeln!(f, "id: {id}")?;
        }
        if let Some(retry) = &self.retry {
            writeln!(f, "retry: {}", retry.as_millis())?;
        }
        let data = self.data.as_deref().or(self.name.as_ref().map(|_| ""));
        if let Some(data) = data {
            lines(data).try_for_each(|line| writeln!(f, "data: {line}"))?;
        }
        f.write_str("\n")
    }
}

fn one_line(text: &dyn Display) -> String {
    text.to_string().replace(['\r', '\n'], " ")
}

/// Splits a string into lines at each CRLF, LF or CR, like a browser that reads the stream.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let Some(end) = text.find(['\r', '\n']) else { return rest.take() };
        let width = if text[end..].starts_with("\r\n") { 2 } else { 1 };
        rest = Some(&text[end + width..]);
        Some(&text[..end])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(event: &Event, expect: &str) {
        assert_eq!(event.to_string(), expect);
    }

    #[test]
    fn fields_come_one_a_line() {
        check(&Event::message("hi"), "data: hi\n\n");
        check(&Event::named("tick"), "event: tick\ndata: \n\n");
        check(&Event::comment("still here"), ": still here\n\n");
        let retry = Event::named("a").retry(Duration::from_millis(2_500)).id("x");
        check(&retry, "event: a\nid: x\nretry: 2500\ndata: \n\n");
    }

    #[test]
    fn line_ends_forge_nothing() {
        let data = Event::message("a\r\nb\rc\nevent: forged\n\n");
        check(&data, "data: a\ndata: b\ndata: c\ndata: event: forged\ndata: \ndata: \n\n");
        check(&Event::named("a\ndata: b").id("1\r\0"), "event: a data: b\nid: 1  \ndata: \n\n");
        check(&Event::comment("a\n\ndata: b"), ": a\n: \n: data: b\n\n");
    }
}
