//! Tests for the host check, the cross-origin check and resource isolation.

use http::{HeaderMap, HeaderName, HeaderValue};

use super::*;
use crate::url::Target;

const OWN: (&str, &str) = ("host", "127.0.0.1:8080");
const SITE: &str = "sec-fetch-site";

fn status(access: &Access, method: &str, fields: &[(&str, &str)], is_http11: bool) -> u16 {
    let mut headers = HeaderMap::new();
    for (name, value) in fields {
        let name = HeaderName::try_from(*name).unwrap();
        headers.append(name, HeaderValue::try_from(*value).unwrap());
    }
    let method = Method::from_bytes(method.as_bytes()).unwrap();
    let head = Head {
        method,
        target: Target::new("/"),
        authority: None,
        is_http11,
        headers: headers.into(),
    };
    access.check(&head).map_or_else(|rejection| rejection.status().as_u16(), |()| 200)
}

fn check_host(host: &str, expect: u16) {
    assert_eq!(status(&Access::default(), "GET", &[("host", host)], true), expect, "{host:?}");
}

/// Checks a request to our own host with these additional fields.
fn check(method: &str, fields: &[(&str, &str)], expect: u16) {
    let fields = [&[OWN], fields].concat();
    assert_eq!(status(&Access::default(), method, &fields, true), expect, "{method} {fields:?}");
}

#[test]
fn accepts_its_own_names_on_any_port() {
    for host in [
        "127.0.0.1",
        "127.0.0.1:8080",
        "127.0.0.1:1",
        "localhost:99999",
        "LocalHost",
        "[::1]",
        "[::1]:80",
    ] {
        check_host(host, 200);
    }
}

#[test]
fn rejects_other_names() {
    for host in [
        "evil.example",
        "evil.example:8080",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "0.0.0.0:8080",
        "[::]:8080",
        "127.0.0.2",
        "127.1",
        "2130706433",
        "xlocalhost",
        "app.localhost",
    ] {
        check_host(host, 403);
    }
}

#[test]
fn rejects_malformed_hosts() {
    for host in [
        "",
        "localhost.",
        "localhost:",
        "localhost:x",
        "localhost:123456",
        "a@localhost",
        "localhost/x",
        "a, b",
        "local host",
        "[::1",
        "[::1]x",
        "[x]",
        ":80",
        "http://localhost",
        "localhost:80:80",
        "localhost.:80",
        "[::1%25lo]",
        "local%68ost",
        "localhost\t",
    ] {
        check_host(host, 400);
    }
    let raw = HeaderMap::from_iter([(HOST, HeaderValue::from_bytes(b"caf\xe9").unwrap())]);
    let (method, target) = (Method::GET, "/".to_owned());
    let head = Head {
        method,
        target: Target::new(target),
        authority: None,
        is_http11: true,
        headers: raw.into(),
    };
    assert_eq!(Access::default().check(&head).unwrap_err().status(), 400);
}

#[test]
fn rejects_repeated_hosts() {
    let access = Access::default();
    assert_eq!(status(&access, "GET", &[], true), 400);
    assert_eq!(status(&access, "GET", &[], false), 200, "HTTP/1.0 needs none");
    assert_eq!(status(&access, "GET", &[OWN, OWN], true), 400);
    assert_eq!(status(&access, "GET", &[OWN, ("x-forwarded-host", "evil.example")], true), 200);
}

#[test]
fn an_absolute_target_must_have_an_allowed_host() {
    for (authority, expect) in [
        ("localhost:1", 200),
        ("LOCALHOST", 200),
        ("evil.example", 403),
        ("0.0.0.0:80", 403),
        ("u@localhost", 400),
        ("", 400),
    ] {
        let host = HeaderMap::from_iter([(HOST, HeaderValue::from_static("localhost"))]);
        // An HTTP/1.0 request may omit Host, but the target's host is still checked.
        for (is_http11, headers) in [(true, host.clone()), (false, host), (false, HeaderMap::new())]
        {
            let authority = Some(authority.to_owned());
            let target = "/".to_owned();
            let head = Head {
                method: Method::GET,
                target: Target::new(target),
                authority,
                is_http11,
                headers: headers.into(),
            };
            let checked = Access::default().check(&head);
            let found = checked.map_or_else(|rejection| rejection.status().as_u16(), |()| 200);
            assert_eq!(found, expect, "{head:?}");
        }
    }
}

/// The host is checked first, for every method and version.
#[test]
fn another_host_is_rejected_regardless_of_other_fields() {
    let evil = ("host", "evil.example");
    for method in ["GET", "HEAD", "POST", "OPTIONS", "BREW"] {
        for is_http11 in [true, false] {
            for others in [
                &[][..],
                &[(SITE, "same-origin"), ("origin", "http://evil.example")],
                &[("x-forwarded-host", "localhost"), ("forwarded", "host=localhost")],
                &[("origin", "a"), ("origin", "b"), (SITE, "a"), (SITE, "b")],
            ] {
                let fields = [&[evil], others].concat();
                let found = status(&Access::default(), method, &fields, is_http11);
                assert_eq!(found, 403, "{method} {fields:?}");
            }
        }
    }
}

#[test]
fn the_message_names_the_call_that_allows_the_request() {
    let text = |fields: &[(&str, &str)]| {
        let mut headers = HeaderMap::new();
        for (name, value) in fields {
            let name = HeaderName::try_from(*name).unwrap();
            headers.append(name, HeaderValue::try_from(*value).unwrap());
        }
        let (method, target) = (Method::POST, "/".to_owned());
        let head = Head {
            method,
            target: Target::new(target),
            authority: None,
            is_http11: true,
            headers: headers.into(),
        };
        Access::default().check(&head).unwrap_err().detail().to_owned()
    };
    let host = text(&[("host", "evil.example:80")]);
    assert!(host.contains("host evil.example.") && host.contains("Server::allow_host"));
    let origin = text(&[OWN, ("origin", "http://<evil>")]);
    assert!(origin.contains("page of http://<evil>.") && origin.contains("trust_origin"));
}

#[test]
fn the_bound_address_is_allowed() {
    let mut access = Access::default();
    access.allow_address("127.0.0.2".parse().unwrap());
    access.allow_address("::2".parse().unwrap());
    for (host, expect) in [("127.0.0.2:80", 200), ("[::2]", 200), ("127.0.0.3", 403)] {
        assert_eq!(status(&access, "GET", &[("host", host)], true), expect, "{host}");
    }
}

#[test]
fn accepts_an_allowed_name() {
    let mut access = Access::default();
    access.allow_host("App.localhost");
    assert_eq!(status(&access, "GET", &[("host", "app.localhost:1")], true), 200);
    assert_eq!(status(&access, "GET", &[("host", "x.app.localhost")], true), 403);
    access.allow_any_host();
    assert_eq!(status(&access, "GET", &[("host", "evil.example")], true), 200);
}

#[test]
fn only_our_own_pages_may_write() {
    for method in ["POST", "PUT", "PATCH", "DELETE", "BREW"] {
        check(method, &[], 200);
        check(method, &[(SITE, "same-origin")], 200);
        check(method, &[(SITE, "none")], 200);
        check(method, &[(SITE, "same-site")], 403);
        check(method, &[(SITE, "cross-site")], 403);
        for strange in ["something new", "", "Same-Origin", "same-origin, none"] {
            check(method, &[(SITE, strange)], 403);
        }
        check(method, &[("origin", "http://127.0.0.1:8080")], 200);
        check(method, &[("origin", "HTTP://127.0.0.1:8080")], 200);
        for foreign in [
            "null",
            "https://127.0.0.1:8080",
            "http://127.0.0.1:8081",
            "http://127.0.0.1",
            "http://localhost:8080",
            "http://evil.example",
            "",
        ] {
            check(method, &[("origin", foreign)], 403);
        }
        check(method, &[(SITE, "cross-site"), ("origin", "http://127.0.0.1:8080")], 403);
    }
}

#[test]
fn rejects_repeated_origins_and_sites() {
    check("POST", &[(SITE, "none"), (SITE, "none")], 400);
    check("POST", &[("origin", "http://127.0.0.1:8080"), ("origin", "null")], 400);
}

#[test]
fn a_trusted_origin_is_exact() {
    let mut access = Access::default();
    access.trust_origin("http://127.0.0.1:5173");
    let post =
        |origin| status(&access, "POST", &[OWN, (SITE, "same-site"), ("origin", origin)], true);
    assert_eq!(post("http://127.0.0.1:5173"), 200);
    assert_eq!(post("http://127.0.0.1:51730"), 403);
    assert_eq!(post("https://127.0.0.1:5173"), 403);
}

#[test]
fn a_foreign_page_may_link_but_not_include() {
    let fetch =
        |site, mode, dest| [(SITE, site), ("sec-fetch-mode", mode), ("sec-fetch-dest", dest)];
    for method in ["GET", "HEAD", "OPTIONS"] {
        for site in ["cross-site", "same-site"] {
            check(method, &fetch(site, "navigate", "document"), 200);
            check(method, &fetch(site, "navigate", "iframe"), 403);
            check(method, &fetch(site, "no-cors", "image"), 403);
            check(method, &fetch(site, "no-cors", "script"), 403);
            check(method, &fetch(site, "cors", "empty"), 403);
            check(method, &[(SITE, site)], 403);
        }
        check(method, &fetch("same-origin", "no-cors", "image"), 200);
        check(method, &fetch("none", "navigate", "document"), 200);
        check(method, &[], 200);
    }
}

/// Any page can send a WebSocket handshake to any host, without Fetch Metadata.
#[test]
fn a_foreign_page_cannot_open_a_websocket() {
    for method in ["GET", "OPTIONS"] {
        let upgrade = |origin| [("upgrade", "websocket"), ("origin", origin)];
        check(method, &upgrade("http://evil.example"), 403);
        check(method, &upgrade("http://127.0.0.1:8081"), 403);
        check(method, &upgrade("null"), 403);
        check(method, &upgrade("http://127.0.0.1:8080"), 200);
        check(method, &[("upgrade", "h2c")], 200);
        // Without an upgrade, this is a plain read, which only Fetch Metadata can block.
        check(method, &[("origin", "http://evil.example")], 200);
    }
}

#[test]
fn a_public_asset_may_be_included_but_not_written() {
    let mut access = Access::default();
    access.public_asset("/logo.svg");
    let from_elsewhere = |method: &str, target: &str| {
        let headers = [(HOST, "localhost"), (SEC_FETCH_SITE, "cross-site")];
        let headers = headers.map(|(name, value)| (name, HeaderValue::from_static(value)));
        let head = Head {
            method: Method::from_bytes(method.as_bytes()).unwrap(),
            target: Target::new(target),
            authority: None,
            is_http11: true,
            headers: HeaderMap::from_iter(headers).into(),
        };
        access.check(&head).is_ok()
    };
    assert!(from_elsewhere("GET", "/logo.svg") && from_elsewhere("HEAD", "/logo.svg?v=2"));
    for (method, target) in
        [("POST", "/logo.svg"), ("GET", "/logo.svg/"), ("GET", "/logo"), ("GET", "//logo.svg")]
    {
        assert!(!from_elsewhere(method, target), "{method} {target}");
    }
}
