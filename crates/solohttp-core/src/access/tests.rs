//! Rows of the Host rule, the cross-origin rule and the read isolation.

use http::{HeaderName, HeaderValue};

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
    let head = Head { method, target: Target::new("/"), authority: None, is_http11, headers };
    access.check(&head).map_or_else(|rejection| rejection.status().as_u16(), |()| 200)
}

fn check_host(host: &str, expect: u16) {
    assert_eq!(status(&Access::default(), "GET", &[("host", host)], true), expect, "{host:?}");
}

/// From our own name, with these further fields.
fn check(method: &str, fields: &[(&str, &str)], expect: u16) {
    let fields = [&[OWN], fields].concat();
    assert_eq!(status(&Access::default(), method, &fields, true), expect, "{method} {fields:?}");
}

#[test]
fn answers_to_its_own_names_on_any_port() {
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
fn refuses_other_names() {
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
fn refuses_what_is_no_host() {
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
        headers: raw,
    };
    assert_eq!(Access::default().check(&head).unwrap_err().status(), 400);
}

#[test]
fn a_host_is_named_once() {
    let access = Access::default();
    assert_eq!(status(&access, "GET", &[], true), 400);
    assert_eq!(status(&access, "GET", &[], false), 200, "HTTP/1.0 needs none");
    assert_eq!(status(&access, "GET", &[OWN, OWN], true), 400);
    assert_eq!(status(&access, "GET", &[OWN, ("x-forwarded-host", "evil.example")], true), 200);
}

#[test]
fn an_absolute_target_is_held_to_the_same_names() {
    for (authority, expect) in [
        ("localhost:1", 200),
        ("LOCALHOST", 200),
        ("evil.example", 403),
        ("0.0.0.0:80", 403),
        ("u@localhost", 400),
        ("", 400),
    ] {
        let host = HeaderMap::from_iter([(HOST, HeaderValue::from_static("localhost"))]);
        // HTTP/1.0 may come without Host, but not around the rule.
        for (is_http11, headers) in [(true, host.clone()), (false, host), (false, HeaderMap::new())]
        {
            let authority = Some(authority.to_owned());
            let target = "/".to_owned();
            let head = Head {
                method: Method::GET,
                target: Target::new(target),
                authority,
                is_http11,
                headers,
            };
            let checked = Access::default().check(&head);
            let found = checked.map_or_else(|rejection| rejection.status().as_u16(), |()| 200);
            assert_eq!(found, expect, "{head:?}");
        }
    }
}

/// The Host rule comes before all others, and holds for every method and version.
#[test]
fn another_name_is_refused_whatever_else_is_said() {
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
fn what_is_refused_is_named_with_the_call_that_lets_it_in() {
    let text = |fields: &[(&str, &str)]| {
        let mut headers = HeaderMap::new();
        for (name, value) in fields {
            let name = HeaderName::try_from(*name).unwrap();
            headers.append(name, HeaderValue::try_from(*value).unwrap());
        }
        let (method, target) = (Method::POST, "/".to_owned());
        let head =
            Head { method, target: Target::new(target), authority: None, is_http11: true, headers };
        Access::default().check(&head).unwrap_err().detail().to_owned()
    };
    let host = text(&[("host", "evil.example:80")]);
    assert!(host.contains("host evil.example.") && host.contains("Server::allow_host"));
    let origin = text(&[OWN, ("origin", "http://<evil>")]);
    assert!(origin.contains("page of http://<evil>.") && origin.contains("trust_origin"));
}

#[test]
fn the_address_that_is_listened_on_is_a_name_too() {
    let mut access = Access::default();
    access.allow_address("127.0.0.2".parse().unwrap());
    access.allow_address("::2".parse().unwrap());
    for (host, expect) in [("127.0.0.2:80", 200), ("[::2]", 200), ("127.0.0.3", 403)] {
        assert_eq!(status(&access, "GET", &[("host", host)], true), expect, "{host}");
    }
}

#[test]
fn answers_to_a_name_that_was_allowed() {
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
fn refuses_repeated_origins_and_sites() {
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

/// A foreign page can send the handshake of a WebSocket to anybody, without fetch metadata.
#[test]
fn a_foreign_page_opens_no_other_protocol() {
    for method in ["GET", "OPTIONS"] {
        let upgrade = |origin| [("upgrade", "websocket"), ("origin", origin)];
        check(method, &upgrade("http://evil.example"), 403);
        check(method, &upgrade("http://127.0.0.1:8081"), 403);
        check(method, &upgrade("null"), 403);
        check(method, &upgrade("http://127.0.0.1:8080"), 200);
        check(method, &[("upgrade", "h2c")], 200);
        // Without one it is a plain read, which the fetch metadata decide on.
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
            headers: HeaderMap::from_iter(headers),
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
