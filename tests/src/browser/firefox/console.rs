//! What a page complains about, as Firefox tells it.

use serde_json::Value;

use crate::browser::session::Event;

/// What an event complains about, if it does. Chromium's console has a line for each resource with
/// an error for a status, and Firefox's has not, so one is made.
pub(super) fn complaint(event: &Event) -> Option<String> {
    let params = &event.params;
    match event.method.as_str() {
        "log.entryAdded" if params["level"] == "error" => {
            params["text"].as_str().map(str::to_owned)
        }
        "network.responseCompleted" => {
            let response = &params["response"];
            let status = response["status"].as_u64().filter(|status| *status >= 400)?;
            let words = response["statusText"].as_str().unwrap_or_default();
            let url = response["url"].as_str().unwrap_or_default();
            Some(format!("{url}: the server responded with a status of {status} ({words})"))
        }
        "network.fetchError" => {
            let url = params["request"]["url"].as_str().unwrap_or_default();
            Some(format!("{url}: {}", plain(&params["errorText"])))
        }
        _ => None,
    }
}

fn plain(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
