//! Handles the list's buttons. They are small forms, so they work without a script.

use solohttp_core::{Allow, Method, Request, Response};

use super::{LIVE_NAME, Work};

impl Work {
    /// Handles the requests under `/__desktop/work/`. Returns `None` for all others.
    pub(crate) fn handle(&self, request: &Request) -> Option<Response> {
        let segments: Vec<&str> = request.segments().collect();
        let ["__desktop", "work", id, action @ ("cancel" | "dismiss")] = segments[..] else {
            return None;
        };
        if request.method() != Method::POST {
            return Some(Allow::new([Method::POST]).respond(request));
        }
        // An entry that is no longer in the list was dismissed in another tab.
        let has_changed = id.parse().is_ok_and(|id| match action {
            "cancel" => self.list().cancel(id),
            _ => self.list().dismiss(id),
        });
        if has_changed {
            self.0.live.changed(LIVE_NAME);
        }
        Some(Response::redirect(request.referring_path()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leads_back_to_the_page_and_nowhere_else() {
        let check = |referer: &str, expect: &str| {
            let request = Request::with_method(Method::POST, "/__desktop/work/1/cancel");
            let request = request.header("host", "127.0.0.1:4740").header("referer", referer);
            let response = Work::default().handle(&request.build()).unwrap();
            assert_eq!(response.status(), 303);
            assert_eq!(response.header("location"), Some(expect), "{referer}");
        };
        check("http://127.0.0.1:4740/contacts?after=a%20b", "/contacts?after=a%20b");
        check("http://127.0.0.1:4740/", "/");
        check("http://127.0.0.1:4740", "/");
        check("http://127.0.0.1:47401/x", "/");
        check("http://127.0.0.1:4740.example.org/x", "/");
        check("http://127.0.0.1:4740@example.org/x", "/");
        check("http://127.0.0.1:4740//example.org/x", "/");
        check("http://127.0.0.1:4740/\\example.org/x", "/");
        check("https://127.0.0.1:4740/x", "/");
        check("http://example.org/x", "/");
        check("file:///home/x", "/");
        check("", "/");
    }

    #[test]
    fn leaves_other_requests_alone() {
        let work = Work::default();
        for path in [
            "/",
            "/__desktop/work",
            "/__desktop/work/1",
            "/__desktop/work/1/pause",
            "/a/work/1/cancel",
        ] {
            let request = Request::with_method(Method::POST, path).build();
            assert!(work.handle(&request).is_none(), "{path}");
        }
    }

    #[test]
    fn a_link_cancels_nothing() {
        let work = Work::default();
        let response = work.handle(&Request::get("/__desktop/work/1/cancel").build()).unwrap();
        assert_eq!(response.status(), 405);
    }

    #[test]
    fn an_unknown_id_is_ignored() {
        for id in ["7", "x", "-1", "99999999999999999999999999"] {
            let path = format!("/__desktop/work/{id}/dismiss");
            let request = Request::with_method(Method::POST, &path).build();
            assert_eq!(Work::default().handle(&request).unwrap().status(), 303);
        }
    }
}
