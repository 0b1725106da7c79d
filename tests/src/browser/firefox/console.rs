//! A page's complaints in Firefox.

use serde_json::Value;

use crate::browser::session::Event;

/// Returns the error message in an event, if any. Unlike Chromium's console, Firefox's doesn't
/// report resources with an error status, so those complaints come from network events.
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
            let error = plain(&params["errorText"]);
            // Leaving a page aborts its pending requests and event streams, which isn't an error.
            (error != "NS_BINDING_ABORTED").then(|| format!("{url}: {error}"))
        }
        _ => None,
    }
}

fn plain(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
