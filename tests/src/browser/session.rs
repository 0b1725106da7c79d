//! A WebSocket to DevTools or WebDriver BiDi, which share a message format: commands with
//! responses, and events in between. Other files interpret the events.

use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tungstenite::{Error as SocketError, Message, WebSocket};

use super::{Error, PATIENCE};

/// A connection to the browser, or to one page of Chromium.
pub(super) struct Session {
    socket: WebSocket<TcpStream>,
    next_id: u64,
    events: Vec<Event>,
}

/// An event.
#[derive(Debug)]
pub(super) struct Event {
    pub(super) method: String,
    pub(super) params: Value,
}

impl Session {
    /// Connects to a `ws://` address.
    pub(super) fn open(url: &str) -> Result<Self, Error> {
        let host = url.strip_prefix("ws://").and_then(|rest| rest.split('/').next());
        let host = host.ok_or_else(|| Error::Protocol(format!("an unknown address {url}")))?;
        let connect = || {
            let stream = TcpStream::connect(host)?;
            stream.set_nodelay(true)?;
            stream.set_read_timeout(Some(PATIENCE))?;
            stream.set_write_timeout(Some(PATIENCE))?;
            Ok::<_, std::io::Error>(stream)
        };
        let stream = connect().map_err(|error| Error::Lost(error.to_string()))?;
        let (socket, _) =
            tungstenite::client(url, stream).map_err(|error| Error::Lost(error.to_string()))?;
        Ok(Self { socket, next_id: 1, events: Vec::new() })
    }

    /// Sends a command and waits for its response. Events in between are kept.
    pub(super) fn call(&mut self, method: &str, params: &Value) -> Result<Value, Error> {
        self.call_within(PATIENCE, method, params)
    }

    /// Like [`Session::call`], for a command that may take longer.
    pub(super) fn call_within(
        &mut self,
        patience: Duration,
        method: &str,
        params: &Value,
    ) -> Result<Value, Error> {
        let id = self.send(method, params)?;
        let deadline = Instant::now() + patience;
        loop {
            let message = self.receive(deadline)?;
            let mut message =
                message.ok_or_else(|| Error::TimedOut(format!("the answer to {method}")))?;
            if message.get("id").and_then(Value::as_u64) != Some(id) {
                self.keep(message)?;
                continue;
            }
            return match message.get("error") {
                // BiDi sends the message next to the error code, DevTools inside the error.
                Some(error) => Err(Error::Protocol(match message["message"].as_str() {
                    Some(words) => format!("{method}: {error}: {words}"),
                    None => format!("{method}: {error}"),
                })),
                None => Ok(message["result"].take()),
            };
        }
    }

    /// Waits until one message has arrived, but for at most `time`.
    pub(super) fn listen(&mut self, time: Duration) -> Result<(), Error> {
        match self.receive(Instant::now() + time)? {
            Some(message) => self.keep(message),
            None => Ok(()),
        }
    }

    /// Returns the events received since the last call.
    pub(super) fn take_events(&mut self) -> Vec<Event> {
        std::mem::take(&mut self.events)
    }

    fn send(&mut self, method: &str, params: &Value) -> Result<u64, Error> {
        let id = self.next_id;
        self.next_id += 1;
        let command = json!({ "id": id, "method": method, "params": params });
        let sent = self.socket.send(Message::text(command.to_string()));
        sent.map_err(|error| Error::Lost(error.to_string()))?;
        Ok(id)
    }

    /// Returns the next message, or `None` at the deadline.
    fn receive(&mut self, deadline: Instant) -> Result<Option<Value>, Error> {
        loop {
            let rest = deadline.saturating_duration_since(Instant::now());
            // A timeout of zero would be an error.
            let rest = rest.max(Duration::from_millis(1));
            let lost = |error: &dyn std::error::Error| Error::Lost(error.to_string());
            self.socket.get_ref().set_read_timeout(Some(rest)).map_err(|error| lost(&error))?;
            match self.socket.read() {
                Ok(Message::Text(text)) => {
                    let message = serde_json::from_str(&text);
                    return message.map(Some).map_err(|error| Error::Protocol(error.to_string()));
                }
                Ok(_) => {}
                Err(SocketError::Io(error)) if crate::wire::is_time_out(&error) => return Ok(None),
                Err(error) => return Err(lost(&error)),
            }
        }
    }

    /// Keeps an event. In Chromium, dialogs are accepted immediately, because they block the page.
    /// Firefox is configured to accept them itself.
    fn keep(&mut self, mut message: Value) -> Result<(), Error> {
        // A late response to a dialog command has an id instead of a method.
        let Some(method) = message.get("method").and_then(Value::as_str) else { return Ok(()) };
        let method = method.to_owned();
        if method == "Page.javascriptDialogOpening" {
            self.send("Page.handleJavaScriptDialog", &json!({ "accept": true }))?;
        }
        self.events.push(Event { method, params: message["params"].take() });
        Ok(())
    }
}

impl std::fmt::Debug for Session {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Session").field("next_id", &self.next_id).finish_non_exhaustive()
    }
}

/// Returns a string field that a response must contain.
pub(super) fn text(value: &Value, key: &str) -> Result<String, Error> {
    let text = value.get(key).and_then(Value::as_str).map(str::to_owned);
    text.ok_or_else(|| Error::Protocol(format!("no {key} in {value}")))
}
