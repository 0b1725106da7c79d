//! Tests the response status for each exceeded limit. The client must be able to read the response
//! even while it is still sending. A request just within the limit is served.

use solohttp::{Handler, Limits, Request, Response, Result, Router};
use solohttp_tests::served::{Served, serve};
use solohttp_tests::wire::Connection;

fn app() -> impl Handler {
    let mut router: Router<()> = Router::new();
    router.mount("/", |request: &Request| -> Result<Response> {
        let fields = if request.body().is_empty() { 0 } else { request.form()?.len() };
        Ok(Response::text(fields.to_string()))
    });
    router
}

/// Sends a request with these fields and body, plus more data if the request should be rejected.
fn check(server: &Served, line: &str, fields: &str, body: &str, expect: u16) {
    let mut connection = Connection::open(server.addr);
    let head = format!("{line} HTTP/1.1\r\nHost: localhost\r\n{fields}\r\n");
    connection.send(format!("{head}{body}").as_bytes());
    if expect != 200 {
        connection.send(&[b'x'; 1_000_000]);
    }
    let reply = connection.reply();
    assert_eq!(reply.status, expect, "{line:.60} {fields:.60}");
    assert_eq!(reply.content_length(), Some(reply.body.len()), "the page is complete");
}

fn form(kind: &str, body: &str) -> String {
    format!("Content-Type: {kind}\r\nContent-Length: {}\r\n", body.len())
}

#[test]
fn heads_have_limits_of_line_size_and_fields() {
    let server = serve(app);
    let limits = Limits::default();
    let line = |length: usize| format!("GET /?{}", "a".repeat(length - "GET /? HTTP/1.1".len()));
    check(&server, &line(limits.request_line), "", "", 200);
    check(&server, &line(limits.request_line + 1), "", "", 414);
    check(&server, "GET /", &format!("Cookie: {}\r\n", "a".repeat(60_000)), "", 200);
    check(&server, "GET /", &format!("Cookie: {}\r\n", "a".repeat(limits.head)), "", 431);
    // `Host` is one of the fields.
    check(&server, "GET /", &"A: b\r\n".repeat(limits.header_fields - 1), "", 200);
    check(&server, "GET /", &"A: b\r\n".repeat(limits.header_fields + 1), "", 431);
}

#[test]
fn bodies_are_rejected_by_their_declared_length() {
    let server = serve(app);
    let declared = |length: u64| format!("Content-Length: {length}\r\n");
    check(&server, "POST /", &declared(Limits::default().body + 1), "", 413);
    check(&server, "POST /", &declared(10_000_000_000), "", 413);
    let chunked = "Transfer-Encoding: chunked\r\n";
    check(&server, "POST /", chunked, "1000001\r\n", 413);
    check(&server, "POST /", chunked, "FFFFFFFFFFFFFFFF\r\n", 413);
}

#[test]
fn forms_have_a_limit_of_fields() {
    let server = serve(app);
    let most = Limits::default().form_fields;
    for (count, expect) in [(most, 200), (most + 1, 400)] {
        let pairs = vec!["a=1"; count].join("&");
        check(
            &server,
            "POST /",
            &form("application/x-www-form-urlencoded", &pairs),
            &pairs,
            expect,
        );
        let part = "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n";
        let parts = format!("{}--b--\r\n", part.repeat(count));
        check(&server, "POST /", &form("multipart/form-data; boundary=b", &parts), &parts, expect);
    }
}
