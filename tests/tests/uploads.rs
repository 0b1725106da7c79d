//! Uploads over real sockets: in memory and in a temporary file, complete and truncated.

use std::fs;
use std::io::{BufReader, Read as _};

use solohttp::{Handler, Limits, Request, Response, Router, Server};
use solohttp_tests::served::{Served, serve_with};
use solohttp_tests::wire::{Reply, ask};
use tempfile::TempDir;

fn app() -> impl Handler {
    let mut router: Router<()> = Router::new();
    router.post("/import", import);
    router.post("/keep", keep);
    router
}

/// Returns the fields, then each file's name, length and checksum.
fn import(request: &Request) -> solohttp::Result<Response> {
    let mut text = request.form()?.to_string();
    for upload in request.uploads()? {
        let sum: u64 = BufReader::new(upload.reader())
            .bytes()
            .map(|byte| byte.map(u64::from))
            .sum::<Result<_, _>>()?;
        text += &format!(" {}: {} {sum}", upload.file_name(), upload.len());
    }
    Ok(Response::text(text))
}

/// Saves the first file in the folder named by the form.
fn keep(request: &Request) -> solohttp::Result<Response> {
    let folder = request.form()?.get("folder").unwrap_or_default();
    let upload = request.uploads()?.first().ok_or("no file was sent")?;
    upload.persist_in(folder)?;
    Ok(Response::text("kept"))
}

/// Starts a server that keeps bodies of up to 1,000 bytes in memory, and larger ones in `folder`.
fn served(folder: &TempDir) -> Served {
    let folder = folder.path().to_owned();
    let server = move || {
        let mut limits = Limits::default();
        (limits.body, limits.body_in_memory) = (100_000, 1_000);
        Server::new().limits(limits).spool_folder(folder).body_limit_for("/import", 4_000_000)
    };
    serve_with(server, app)
}

fn form(field: (&str, &str), file_name: &str, content: &[u8]) -> Vec<u8> {
    let (name, value) = field;
    let fields = format!(
        "--xY\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n\
         --xY\r\nContent-Disposition: form-data; name=\"f\"; filename=\"{file_name}\"\r\n\r\n"
    );
    [fields.as_bytes(), content, b"\r\n--xY--\r\n"].concat()
}

fn post(server: &Served, path: &str, length: usize, body: &[u8]) -> Reply {
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\n\
         Content-Type: multipart/form-data; boundary=xY\r\n\r\n"
    );
    ask(server.addr, &[head.as_bytes(), body].concat())
}

fn text(reply: &Reply) -> (u16, String) {
    (reply.status, String::from_utf8_lossy(&reply.body).into_owned())
}

/// kali split non-ASCII text, and held every file in memory.
#[test]
fn fields_and_files_arrive_as_they_were_sent() {
    let folder = TempDir::new().unwrap();
    let server = served(&folder);
    for count in [10_u32, 3_000_000] {
        let content: Vec<u8> = (0..count).map(|number| (number % 251).to_le_bytes()[0]).collect();
        let sum: u64 = content.iter().copied().map(u64::from).sum();
        let body = form(("tea", "é"), "C:\\Grün.txt", &content);
        let reply = post(&server, "/import", body.len(), &body);
        let expect = format!("tea=%C3%A9 Grün.txt: {count} {sum}");
        assert_eq!(text(&reply), (200, expect));
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "no file is left");
}

#[test]
fn an_upload_is_kept_and_nothing_is_overwritten() {
    let folder = TempDir::new().unwrap();
    let server = served(&folder);
    let target = TempDir::new().unwrap();
    let body = form(("folder", target.path().to_str().unwrap()), "../tea.txt", &[b'x'; 50_000]);
    assert_eq!(text(&post(&server, "/keep", body.len(), &body)), (200, "kept".to_owned()));
    assert_eq!(fs::read(target.path().join("tea.txt")).unwrap(), [b'x'; 50_000]);
    assert_eq!(post(&server, "/keep", body.len(), &body).status, 200);
    assert_eq!(fs::read(target.path().join("tea-2.txt")).unwrap(), [b'x'; 50_000]);
}

/// One path allows larger bodies than the others. The client can read the rejection.
#[test]
fn a_body_over_the_limit_of_its_path_is_rejected() {
    let folder = TempDir::new().unwrap();
    let server = served(&folder);
    for (path, len) in [("/keep", 100_001), ("/import", 4_000_001)] {
        let body = form(("folder", "/nowhere"), "x", &vec![b'x'; len]);
        assert_eq!(post(&server, path, body.len(), &body).status, 413, "{path}");
        let other = "Content-Type: application/octet-stream\r\n";
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: localhost\r\n{other}Content-Length: {len}\r\n\r\n"
        );
        assert_eq!(ask(server.addr, head.as_bytes()).status, 413, "{path}: before it is read");
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "no file is left");
}

#[test]
fn a_form_truncated_within_its_length_is_rejected() {
    let folder = TempDir::new().unwrap();
    let server = served(&folder);
    let body = form(("tea", "green"), "x", &[b'x'; 5_000]);
    let body = &body[..body.len() - 10];
    assert_eq!(post(&server, "/import", body.len(), body).status, 400);
}

#[test]
fn a_body_that_cannot_be_stored_is_rejected_and_the_next_is_served() {
    let folder = TempDir::new().unwrap();
    let server = served(&folder);
    fs::remove_dir(folder.path()).unwrap();
    let large = form(("tea", "green"), "x", &[b'x'; 50_000]);
    assert_eq!(post(&server, "/import", large.len(), &large).status, 500);
    let small = form(("tea", "green"), "x", b"x");
    assert_eq!(post(&server, "/import", small.len(), &small).status, 200);
    fs::create_dir(folder.path()).unwrap();
}
