//! A page's requests, collected from DevTools `Network` events. Each hop of a redirect gets its own
//! entry.

use std::collections::HashMap;

use serde_json::Value;

use crate::browser::NetworkEntry;
use crate::browser::session::Event;

/// Collects entries from events.
#[derive(Debug, Default)]
pub(super) struct NetworkLog {
    /// The index of the latest entry for each request id. All hops of a redirect share one id.
    by_id: HashMap<String, usize>,
}

impl NetworkLog {
    /// Updates the entries according to an event.
    pub(super) fn note(&mut self, event: &Event, entries: &mut Vec<NetworkEntry>) {
        let Some(id) = event.params.get("requestId").and_then(Value::as_str) else { return };
        if event.method == "Network.requestWillBeSent" {
            self.begin(id, &event.params, entries);
        } else if let Some(&index) = self.by_id.get(id) {
            entries[index].note(&event.method, &event.params);
        }
    }

    fn begin(&mut self, id: &str, params: &Value, entries: &mut Vec<NetworkEntry>) {
        let redirect = params.get("redirectResponse");
        if let Some((response, &index)) = redirect.zip(self.by_id.get(id)) {
            entries[index].answer(response);
            entries[index].finished = true;
        }
        self.by_id.insert(id.to_owned(), entries.len());
        let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        entries.push(NetworkEntry {
            url: word(&params["request"]["url"]),
            method: word(&params["request"]["method"]),
            kind: word(&params["type"]),
            status: None,
            from_cache: false,
            headers: HashMap::new(),
            error: None,
            finished: false,
        });
    }
}

impl NetworkEntry {
    fn note(&mut self, method: &str, params: &Value) {
        match method {
            "Network.responseReceived" => self.answer(&params["response"]),
            // Only this event shows that the cache was revalidated; the others report the cached
            // response. This event may arrive before or after them.
            "Network.responseReceivedExtraInfo" if params["statusCode"] == 304 => {
                self.status = Some(304);
                self.from_cache = false;
            }
            "Network.requestServedFromCache" => self.from_cache = true,
            "Network.loadingFinished" => self.finished = true,
            "Network.loadingFailed" => {
                self.error = params["errorText"].as_str().map(str::to_owned);
                self.finished = true;
            }
            _ => {}
        }
    }

    fn answer(&mut self, response: &Value) {
        if self.status != Some(304) {
            self.status = code(&response["status"]);
            self.from_cache |= response["fromDiskCache"] == true;
        }
        let fields = response["headers"].as_object().into_iter().flatten();
        self.headers = fields
            .filter_map(|(name, value)| Some((name.to_lowercase(), value.as_str()?.to_owned())))
            .collect();
    }
}

fn code(value: &Value) -> Option<u16> {
    value.as_u64().and_then(|code| u16::try_from(code).ok())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Feeds a request and these events to a log, then compares the status and `from_cache`.
    fn check(events: &[(&str, Value)], expect: (Option<u16>, bool)) {
        let mut log = NetworkLog::default();
        let mut entries = Vec::new();
        let first = ("requestWillBeSent", json!({ "request": { "url": "/", "method": "GET" } }));
        for (name, params) in [&first].into_iter().chain(events) {
            let mut params = params.clone();
            params["requestId"] = json!("1");
            log.note(&Event { method: format!("Network.{name}"), params }, &mut entries);
        }
        let entry = &entries[0];
        assert_eq!((entry.status, entry.from_cache), expect, "{events:?}");
    }

    #[test]
    fn a_reply_found_valid_is_a_304_in_either_order() {
        let reply = |from_disk: bool| {
            (
                "responseReceived",
                json!({ "response": { "status": 200, "fromDiskCache": from_disk } }),
            )
        };
        let wire = |code: u16| ("responseReceivedExtraInfo", json!({ "statusCode": code }));
        check(&[reply(false), wire(200)], (Some(200), false));
        check(&[reply(true)], (Some(200), true));
        check(&[("requestServedFromCache", json!({})), reply(false)], (Some(200), true));
        check(&[reply(true), wire(304)], (Some(304), false));
        check(&[wire(304), reply(true)], (Some(304), false));
    }

    #[test]
    fn a_redirect_closes_one_entry_and_opens_another() {
        let hop = json!({
            "request": { "url": "/new", "method": "GET" },
            "redirectResponse": { "status": 303, "headers": { "Location": "/new" } },
        });
        check(&[("requestWillBeSent", hop)], (Some(303), false));
    }

    #[test]
    fn a_failure_is_an_entry_without_a_status() {
        check(&[("loadingFailed", json!({ "errorText": "net::ERR_ABORTED" }))], (None, false));
    }
}
