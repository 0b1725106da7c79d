//! A page's requests, collected from BiDi's network events.

use std::collections::HashMap;

use serde_json::Value;

use crate::browser::NetworkEntry;
use crate::browser::session::Event;

/// Collects entries from events.
#[derive(Debug, Default)]
pub(super) struct NetworkLog {
    /// The index of the entry for each request id and redirect count. All hops of a redirect share
    /// one id.
    by_id: HashMap<(String, u64), usize>,
}

impl NetworkLog {
    /// Updates the entries according to an event.
    pub(super) fn note(&mut self, event: &Event, entries: &mut Vec<NetworkEntry>) {
        let params = &event.params;
        let Some(id) = params["request"]["request"].as_str() else { return };
        let id = (id.to_owned(), params["redirectCount"].as_u64().unwrap_or_default());
        if event.method == "network.beforeRequestSent" {
            self.by_id.insert(id, entries.len());
            entries.push(begun(&params["request"]));
        } else if let Some(&index) = self.by_id.get(&id) {
            note(&mut entries[index], &event.method, params);
        }
    }
}

fn begun(request: &Value) -> NetworkEntry {
    let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    NetworkEntry {
        url: word(&request["url"]),
        method: word(&request["method"]),
        kind: kind(request["destination"].as_str().unwrap_or_default()).to_owned(),
        status: None,
        from_cache: false,
        headers: HashMap::new(),
        error: None,
        finished: false,
    }
}

/// Translates a request destination (Fetch, 2.2.5) to Chromium's name for it.
fn kind(destination: &str) -> &str {
    match destination {
        "document" | "iframe" | "frame" => "Document",
        "style" => "Stylesheet",
        "image" => "Image",
        "script" | "worker" => "Script",
        "font" => "Font",
        "audio" | "video" | "track" => "Media",
        "" => "Fetch",
        other => other,
    }
}

fn note(entry: &mut NetworkEntry, method: &str, params: &Value) {
    match method {
        "network.responseStarted" => answer(entry, &params["response"]),
        "network.responseCompleted" => {
            answer(entry, &params["response"]);
            entry.finished = true;
        }
        "network.fetchError" => {
            entry.error = params["errorText"].as_str().map(str::to_owned);
            entry.finished = true;
        }
        _ => {}
    }
}

fn answer(entry: &mut NetworkEntry, response: &Value) {
    let status = response["status"].as_u64().and_then(|code| u16::try_from(code).ok());
    if entry.status != Some(304) {
        entry.status = status;
    }
    entry.from_cache = response["fromCache"] == true && entry.status != Some(304);
    let fields = response["headers"].as_array().into_iter().flatten();
    entry.headers = fields
        .filter_map(|field| {
            let value = field["value"]["value"].as_str()?;
            Some((field["name"].as_str()?.to_lowercase(), value.to_owned()))
        })
        .collect();
}
