//! A client whose request is too large still gets the response, and a form is shown again with all
//! of its other input.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use solohttp::{Limits, Response, Router, Server};
use solohttp_tests::browser::Browser;
use solohttp_tests::in_each_browser;
use solohttp_tests::program;
use solohttp_tests::served::{Served, serve_with};
use solohttp_tests::wire::{PATIENCE, Reply};
use tempfile::TempDir;

fn served() -> Served {
    let server = || {
        let mut limits = Limits::default();
        limits.body = 8 << 20;
        Server::new().limits(limits)
    };
    serve_with(server, || {
        let mut router: Router<()> = Router::new();
        router.post("/", || Response::text("taken"));
        router
    })
}

/// Writes everything before it starts to read, as Firefox and most libraries do.
fn send_all(server: &Served, head: &str, len: u64) -> Reply {
    let mut stream = TcpStream::connect(server.addr).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    write!(stream, "POST / HTTP/1.1\r\nHost: localhost\r\n{head}\r\n").unwrap();
    let mut left = len;
    let piece = vec![b'x'; 256 << 10];
    while left > 0 {
        let count = usize::try_from(left).unwrap_or(usize::MAX).min(piece.len());
        stream.write_all(&piece[..count]).expect("the server reads on");
        left -= u64::try_from(count).unwrap();
    }
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).expect("nothing is reset");
    Reply::parse(&bytes)
}

#[test]
fn a_client_that_sends_everything_first_gets_the_whole_rejection() {
    let server = served();
    for (fields, status) in [
        ("", 413),
        ("Content-Type: multipart/form-data\r\n", 413),
        ("Origin: http://evil.example\r\n", 403),
        ("X Y: malformed\r\n", 400),
    ] {
        for len in [9_400_000, 100_000_000] {
            let reply = send_all(&server, &format!("Content-Length: {len}\r\n{fields}"), len);
            assert_eq!(reply.status, status, "{fields} {len}");
            assert!(String::from_utf8_lossy(&reply.body).contains("</html>"), "{fields} {len}");
        }
    }
}

fn an_oversized_image_redisplays_the_form(browser: &Browser) {
    let folder = TempDir::new().unwrap();
    let picture = folder.path().join("IMG_0001.png");
    File::create(&picture).unwrap().set_len(40 << 20).unwrap();
    let data = folder.path().join("data");
    let mut datebook = program::launch(program::desktop_example("datebook", &data));
    let mut page = browser.page();
    page.open(&datebook.sign_in_link());
    page.wait_for("document.title.includes('Week') && document.readyState === 'complete'");
    page.open(&format!("{}contact/new", datebook.url));
    page.click("[name=name]");
    page.type_text("Ada Lovelace");
    page.click("[name=notes]");
    page.type_text("Writes about engines.");
    page.upload("[name=photo]", &[&picture]);
    page.navigate(|page| page.click("button[value=save], form.solo-form button"));
    let value = |page: &mut solohttp_tests::browser::Page<'_>, name: &str| {
        page.eval(&format!("document.querySelector('[name={name}]').value"))
    };
    assert_eq!(value(&mut page, "name"), "Ada Lovelace");
    assert_eq!(value(&mut page, "notes"), "Writes about engines.");
    let mistake = page.eval("document.querySelector('#f-photo-error').textContent");
    assert_eq!(mistake, "The file is too large (40 MB; the limit is 4 MB).");
}

in_each_browser!(an_oversized_image_redisplays_the_form);
