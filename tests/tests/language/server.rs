//! The server's and the router's pages, over real sockets.

use std::net::SocketAddr;
use std::sync::mpsc::channel;
use std::time::Duration;

use solohttp::{
    EventChannel, Failure, Handler, IntoResponse as _, Json, Limits, Path, Query, Rejection,
    Request, Response, Result, Router, RouterWords, Server, ServerWords, StaticFolder, StatusCode,
    confirm,
};
use solohttp_tests::served::serve_with;
use solohttp_tests::wire::{Connection, ask};

use super::{Shown, install};

#[derive(Debug, thiserror::Error)]
#[error("§outer¶")]
pub(super) struct Outer(#[source] pub(super) Inner);

#[derive(Debug, thiserror::Error)]
#[error("§inner¶")]
pub(super) struct Inner;

fn app(folder: &std::path::Path) -> impl Handler + use<> {
    install();
    let mut router: Router<()> = Router::new();
    router.post("/form", |request: &Request| -> Result<Response> {
        Ok(Response::text(request.form()?.len().to_string()))
    });
    router.post("/json", |Json(number): Json<u8>| number.to_string());
    router.get("/status/*", |Path(status): Path<u16>| -> Result<Response> {
        Err(Rejection::from(StatusCode::from_u16(status)?).into())
    });
    router.get("/query", |Query(_): Query<(u8,)>| "§¶");
    router.get("/panic", || -> &'static str { panic!("§panic¶") });
    router.get("/error", || -> Result<Response> {
        Err(Failure::from(Outer(Inner)).within("§context¶"))
    });
    router.get("/stream", || EventChannel::new().stream());
    router.post("/ask", confirm("§Go¶", || Ok(Some("§Sure?¶".into())), || "§¶"));
    router.get("/none", || None::<&'static str>);
    router.mount_folder("/files/", StaticFolder::new(folder).listing(true));
    router
}

fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.request_line = 1000;
    limits.head = 2000;
    limits.body = 1000;
    limits.form_fields = 2;
    limits.form_text = 10;
    limits.streams = 0;
    limits.head_timeout = Duration::from_millis(200);
    limits
}

const HEAD: &str = " HTTP/1.1\r\nHost: localhost\r\n";

const FORM: &str = "Content-Type: application/x-www-form-urlencoded\r\n";

/// The path of `§.txt¶`.
const MARKED_FILE: &str = "/files/%C2%A7.txt%C2%B6";

/// Requests with their expected statuses.
fn requests() -> Vec<(u16, String)> {
    let get = |target: &str, fields: &str| format!("GET {target}{HEAD}{fields}\r\n");
    let post = |fields: &str, body: &str| {
        format!("POST /form{HEAD}{fields}Content-Length: {}\r\n\r\n{body}", body.len())
    };
    let part = "--b\r\nContent-Disposition: form-data; name=a\r\n\r\n12345678901\r\n--b--\r\n";
    let mut requests = vec![
        (400, "\x16\x03\x01\r\n\r\n".to_owned()),
        (400, "GET / HTTP/1.1\r\n\r\n".to_owned()),
        (400, "GET / HTTP/1.1\n\n".to_owned()),
        (400, get("/%zz", "")),
        (400, get("/", "Content-Length: 1\r\nContent-Length: 2\r\n")),
        (400, get("/", "Transfer-Encoding: chunked\r\n") + "x\r\n"),
        (400, get("/query?a", "")),
        (400, post("Content-Type: multipart/form-data; boundary=b\r\n", "--b")),
        (400, post(FORM, "a=%FF")),
        (400, post(FORM, "a&b&c")),
        (403, post("Origin: http://evil.example\r\n", "")),
        (403, post("Sec-Fetch-Site: cross-site\r\n", "")),
        (403, get("/", "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors\r\n")),
        (403, "GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n".to_owned()),
        (404, get("/no", "")),
        (404, get("/none", "")),
        (404, get("/form/", "")),
        (404, get("/status/x", "")),
        (404, get("/files/no", "")),
        (405, get("/form", "")),
        (408, "GET / HT".to_owned()),
        (410, format!("POST /ask{HEAD}{FORM}Content-Length: 9\r\n\r\n%3Aform=x")),
        (428, format!("POST /ask{HEAD}Content-Length: 0\r\n\r\n")),
        (412, get(MARKED_FILE, "If-Match: \"x\"\r\n")),
        (413, post("", &"x".repeat(1001))),
        (413, post("Content-Type: multipart/form-data; boundary=b\r\n", part)),
        (414, get(&format!("/{}", "a".repeat(1000)), "")),
        (415, post("Content-Type: text/plain\r\n", "a")),
        (415, post("", "").replace("/form", "/json")),
        (415, post(&format!("{FORM}Content-Encoding: gzip\r\n"), "a")),
        (416, get(MARKED_FILE, "Range: bytes=9-\r\n")),
        (417, get("/", "Expect: tea\r\n")),
        (431, get("/", &format!("A: {}\r\n", "a".repeat(2000)))),
        (500, get("/panic", "")),
        (500, get("/error", "")),
        (501, format!("BREW /form{HEAD}\r\n")),
        (501, format!("TRACE /{HEAD}\r\n")),
        (501, get("/", "Transfer-Encoding: gzip\r\n")),
        (503, get("/stream", "")),
        (505, "GET / HTTP/3.0\r\n\r\n".to_owned()),
        (200, get("/files/", "")),
        (200, get("/files/%C2%A7empty%C2%B6/", "")),
    ];
    for status in 400..600 {
        requests.push((status, get(&format!("/status/{status}"), "")));
    }
    requests
}

fn page(shown: &mut Shown, server: SocketAddr, status: u16, request: &str) {
    let mut connection = Connection::open(server);
    connection.send(request.as_bytes());
    let reply = connection.reply();
    assert_eq!(reply.status, status, "{request}\n{}", reply.text());
    shown.page(request, reply.text());
}

#[test]
fn all_sentences_of_server_and_router_can_be_replaced() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("§.txt¶"), "text").unwrap();
    std::fs::create_dir(folder.path().join("§empty¶")).unwrap();
    let path = folder.path().to_owned();
    let server = serve_with(|| Server::new().limits(limits()), move || app(&path));
    let mut shown = Shown::default();
    for (status, request) in requests() {
        page(&mut shown, server.addr, status, &request);
    }
    signed_out(&mut shown, Some(folder.path().join("data")));
    let file = folder.path().join("§.txt¶");
    signed_out(&mut shown, Some(file));
    // These sentences appear only if the disk fails.
    let unseen = ["not_stored", "not_read"];
    let debug = ["at", "stack"];
    let unseen: Vec<_> = match cfg!(debug_assertions) {
        true => unseen.to_vec(),
        false => unseen.into_iter().chain(debug).collect(),
    };
    shown.all_of("server", ServerWords::default().each_mut(), &unseen);
    shown.all_of("router", RouterWords::default().each_mut(), &["sending"]);
}

/// Shows the pages for signing in with the launch token. If `folder` is a file, nothing can be
/// stored.
fn signed_out(shown: &mut Shown, folder: Option<std::path::PathBuf>) {
    let (sender, receiver) = channel();
    let thread = std::thread::spawn(move || {
        let server = Server::new().port(0).quiet().launch_token(true);
        let server = folder.into_iter().fold(server, Server::data_folder);
        let listening = server.bind().unwrap();
        let url = listening.launch_url().unwrap();
        sender.send((listening.address(), url, listening.stop_handle())).unwrap();
        install();
        listening.run(|| StatusCode::OK.into_response()).unwrap();
    });
    let (addr, url, stop) = receiver.recv().unwrap();
    let ticket = url.split_once(&addr.to_string()).unwrap().1;
    let host = format!(" HTTP/1.1\r\nHost: {addr}\r\n");
    let mut see = |status: u16, target: &str, fields: &str| {
        let reply = ask(addr, format!("GET {target}{host}{fields}\r\n").as_bytes());
        assert_eq!(reply.status, status, "{target}");
        shown.page(target, reply.text());
    };
    see(200, ticket, "");
    see(401, ticket, "");
    see(401, "/", "");
    see(
        401,
        "/",
        "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\n",
    );
    stop.stop();
    thread.join().unwrap();
}
