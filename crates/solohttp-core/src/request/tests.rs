//! Tests the public methods of requests.

use super::*;
use crate::response::Response;

fn mounted(target: &str, depth: usize) -> Request {
    let mut request = Request::get(target).build();
    request.enter_mount(depth, [Wildcard { segment: 1, name: Some("id".into()) }]);
    request
}

#[test]
fn separates_path_and_query() {
    let request = Request::get("/a/b?x=1&y=%3D&x=2?").build();
    assert_eq!(request.path(), "/a/b");
    assert_eq!(request.query(), &Fields::from_iter([("x", "1"), ("y", "="), ("x", "2?")]));
    assert_eq!(request.target(), "/a/b?x=1&y=%3D&x=2?");
}

#[test]
fn the_normal_url_keeps_the_query() {
    assert_eq!(Request::get("/a//b/../c?x=//1").build().normal_url().unwrap(), "/a/c?x=//1");
    assert_eq!(Request::get("/a/b/?x=//1").build().normal_url(), None);
}

#[test]
fn a_mount_divides_the_path() {
    let request = mounted("/task/7/edit/now", 2);
    assert_eq!(request.wildcards().collect::<Vec<_>>(), [(Some("id"), "7")]);
    assert_eq!(request.suffix().collect::<Vec<_>>(), ["edit", "now"]);
    assert!(request.has_suffix());
    assert!(!mounted("/task/7", 2).has_suffix());
}

#[test]
fn mounts_nest() {
    let mut request = mounted("/task/7/note/3", 2);
    request.enter_mount(2, [Wildcard { segment: 3, name: None }]);
    assert_eq!(request.mount_depth(), 4);
    assert_eq!(request.own_wildcards().collect::<Vec<_>>(), [(None, "3")]);
    assert_eq!(request.wildcards().collect::<Vec<_>>(), [(Some("id"), "7"), (None, "3")]);
    assert_eq!(request.app_url(["x"]).to_string(), "/task/7/note/3/x");
    assert_eq!(request.router_url(["note", "4"]).to_string(), "/task/7/note/4");
}

#[test]
fn links_start_at_the_root_or_at_the_mount() {
    let request = mounted("/task/a%2Fb/edit", 2);
    assert_eq!(request.app_url(["toggle", "x y"]).to_string(), "/task/a%2Fb/toggle/x%20y");
    assert_eq!(request.root_url(["", "", "a", ""]).to_string(), "/a/", "never another host");
    let query = Fields::from_iter([("k", "1"), ("k", "2")]);
    assert_eq!(request.root_url(["a"]).with_query(&query).to_string(), "/a?k=1&k=2");
}

fn form(kind: &str, body: &[u8]) -> Result<Fields, u16> {
    let request = Request::post("/").header("content-type", kind).body(body).build();
    request.form().cloned().map_err(|rejection| rejection.status().as_u16())
}

#[test]
fn a_form_may_have_a_charset() {
    let fields = Ok(Fields::from_iter([("name", "é")]));
    for kind in
        ["application/x-www-form-urlencoded", "Application/X-WWW-Form-Urlencoded; charset=UTF-8"]
    {
        assert_eq!(form(kind, b"name=%C3%A9"), fields);
    }
}

#[test]
fn rejects_a_form_of_another_type_or_invalid_text() {
    assert_eq!(form("application/json", b"{}"), Err(415));
    assert_eq!(form("application/x-www-form-urlencoded", b"a=%FF"), Err(400));
    assert_eq!(form("application/json", b""), Ok(Fields::new()));
}

#[test]
fn a_form_is_built_as_a_browser_sends_it() {
    let fields = [("a", "1"), ("b\"\r\n", "é----solohttp0")];
    let plain = Request::post("/").form(fields).build();
    assert_eq!(plain.header("content-type"), Some("application/x-www-form-urlencoded"));
    assert!(plain.uploads().unwrap().is_empty());
    let name = "\"\r\n.txt";
    let mixed = Request::post("/").form(fields).upload("f", name, "a/b", "x").build();
    assert_eq!(mixed.form().unwrap(), plain.form().unwrap());
    let [upload] = mixed.uploads().unwrap() else { panic!("there is one upload") };
    assert_eq!((upload.field(), upload.raw_file_name()), ("f", name));
    assert_eq!((upload.content_type(), &*upload.to_bytes().unwrap()), ("a/b", &b"x"[..]));
}

#[test]
fn only_sent_form_returns_a_form_over_the_limit() {
    let build = || {
        let form = Request::post("/").form([("a", "1")]);
        let form = form.upload("big", "b.png", "image/png", vec![b'x'; 5_000]);
        form.upload("small", "s.png", "image/png", vec![b'y'; 50]).body_limit(1_000)
    };
    let status = |handler: fn(&Request) -> crate::Result<Response>| {
        build().send_to(handler).status().as_u16()
    };
    assert_eq!(status(|request| Ok(Response::text(request.form()?.to_string()))), 413);
    assert_eq!(status(|request| Ok(Response::text(request.uploads()?.len().to_string()))), 413);
    let read = |request: &Request| {
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut request.body().reader(), &mut bytes)?;
        Ok(Response::text(bytes.len().to_string()))
    };
    assert_eq!(status(read), 413);
    assert_eq!(status(|_| Ok(Response::text("doesn't read it"))), 200);
    let request = build().build();
    let sent = request.sent_form().unwrap();
    assert_eq!(sent.fields.get("a"), Some("1"));
    assert_eq!((sent.uploads.len(), sent.uploads[0].len()), (1, 50));
    let [file] = sent.oversized else { panic!("one file is too large") };
    assert_eq!((&*file.field, &*file.raw_file_name, file.len), ("big", "b.png", 5_000));
    assert!(request.body().len() > 5_050);
}

#[test]
fn rejects_a_compressed_form() {
    for (coding, allowed) in [("gzip", false), ("br", false), ("Identity", true)] {
        let request =
            Request::post("/").header("content-encoding", coding).form([("a", "1")]).build();
        match request.form() {
            Ok(fields) => assert!(allowed && fields.get("a") == Some("1"), "{coding}"),
            Err(rejection) => {
                assert!(!allowed && rejection.status() == 415, "{coding}");
                assert!(rejection.detail().contains(coding), "{rejection}");
                let (name, value) = rejection.header().unwrap();
                assert_eq!(
                    (name.as_str(), value.as_bytes()),
                    ("accept-encoding", &b"identity"[..])
                );
            }
        }
    }
}
