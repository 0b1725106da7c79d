//! A page's complaints: console errors, uncaught exceptions, and failed resources.

use serde_json::Value;

use crate::browser::session::Event;

/// Returns the complaint in an event, if any.
pub(super) fn complaint(event: &Event) -> Option<String> {
    let params = &event.params;
    match event.method.as_str() {
        "Runtime.exceptionThrown" => Some(exception(&params["exceptionDetails"])),
        "Runtime.consoleAPICalled" if params["type"] == "error" => {
            let arguments = params["args"].as_array().map(Vec::as_slice).unwrap_or_default();
            Some(arguments.iter().map(argument).collect::<Vec<_>>().join(" "))
        }
        "Log.entryAdded" if params["entry"]["level"] == "error" => {
            Some(format!("{}: {}", plain(&params["entry"]["url"]), plain(&params["entry"]["text"])))
        }
        _ => None,
    }
}

/// Returns an exception's message, with a stack trace if the exception is an `Error`.
pub(super) fn exception(details: &Value) -> String {
    let thrown = &details["exception"];
    match thrown.get("description").and_then(Value::as_str) {
        Some(description) => description.to_owned(),
        None => format!("{} {}", plain(&details["text"]), argument(thrown)).trim().to_owned(),
    }
}

fn argument(object: &Value) -> String {
    let text = object.get("value").or_else(|| object.get("description"));
    text.map(plain).unwrap_or_default()
}

/// Formats a JSON value as a console shows it: strings without quotes, and null as an empty string.
fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
