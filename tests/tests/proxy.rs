//! A real nginx in front of an application, with the configuration from the guide.
//!
//! nginx listens on a Unix socket, so there can be no port conflict. These tests run only on Linux,
//! where nginx is easy to install.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::net::UnixStream;
use std::process::{Child, Command, Stdio};

use solohttp::{Handler, Request, Response, Result, Router, Server};
use solohttp_tests::served::{Served, serve_with};
use solohttp_tests::wire::{PATIENCE, Reply};
use tempfile::TempDir;

const GUIDE: &str = include_str!("../../crates/solohttp/docs/proxy.md");

/// nginx in front of an application.
struct Proxied {
    nginx: Child,
    folder: TempDir,
    _server: Served,
}

impl Drop for Proxied {
    fn drop(&mut self) {
        // Either call fails only if nginx has already exited.
        let _ = self.nginx.kill();
        let _ = self.nginx.wait();
    }
}

fn app() -> impl Handler {
    let mut router: Router<()> = Router::new();
    router.get("/from", |request: &Request| {
        Response::text(request.header("x-forwarded-for").unwrap_or_default().to_owned())
    });
    router.post("/upload", |request: &Request| -> Result<Response> {
        let lengths: Vec<u64> = request.uploads()?.iter().map(|upload| upload.len()).collect();
        Ok(Response::text(format!("{lengths:?} {}", request.form()?.len())))
    });
    router
}

/// Returns the directives from the guide that concern the application.
fn location(server: &Served) -> String {
    let start = GUIDE.find("    client_max_body_size").unwrap();
    let end = start + GUIDE[start..].find("\n}\n").unwrap();
    let text = &GUIDE[start..end];
    assert!(text.contains("http://127.0.0.1:8080"), "the guide names the program's address");
    text.replace("http://127.0.0.1:8080", &format!("http://{}", server.addr))
}

fn start() -> Proxied {
    let server = || {
        Server::new()
            .allow_host("shop.example.org")
            .trust_origin("https://shop.example.org")
            .body_limit_for("/upload", 1 << 30)
    };
    let server = serve_with(server, app);
    let folder = TempDir::new().unwrap();
    let path = folder.path().display();
    let bodies = folder.path().join("bodies");
    let temporary: String = ["proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|kind| format!("{kind}_temp_path {path}/{kind};\n"))
        .concat();
    let configuration = format!(
        "daemon off; master_process off; pid {path}/pid; error_log stderr notice;\n\
         events {{}}\nhttp {{\naccess_log off; client_body_temp_path {};\n{temporary}\
         server {{ listen unix:{path}/socket;\n{}\n}}\n}}\n",
        bodies.display(),
        location(&server),
    );
    fs::write(folder.path().join("nginx.conf"), &configuration).unwrap();
    let mut nginx =
        Command::new(xtask::tools::nginx().unwrap_or_else(|missing| panic!("{missing}")));
    nginx.args(["-e", "stderr", "-p"]).arg(folder.path()).args(["-c", "nginx.conf"]);
    let mut nginx = nginx.stderr(Stdio::piped()).spawn().expect("nginx starts");
    let mut said = BufReader::new(nginx.stderr.take().unwrap()).lines().map_while(Result::ok);
    // nginx prints this line when it is ready.
    let is_ready = said.any(|line| line.contains("OS: "));
    assert!(is_ready, "nginx refuses\n{configuration}");
    std::thread::spawn(move || said.for_each(drop));
    // With this folder gone, nginx fails if it buffers a body.
    fs::remove_dir_all(bodies).unwrap();
    Proxied { nginx, folder, _server: server }
}

fn ask(proxied: &Proxied, bytes: &[u8]) -> (u16, String) {
    let mut stream = UnixStream::connect(proxied.folder.path().join("socket")).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream.write_all(bytes).unwrap();
    let mut reply = Vec::new();
    stream.read_to_end(&mut reply).unwrap();
    let reply = Reply::parse(&reply);
    (reply.status, String::from_utf8_lossy(&reply.body).into_owned())
}

fn upload(origin: &str, bytes: usize) -> Vec<u8> {
    let start = b"--xY\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a\"\r\n\r\n";
    let body = [start.as_slice(), &vec![b'x'; bytes], b"\r\n--xY--\r\n"].concat();
    let head = format!(
        "POST /upload HTTP/1.0\r\nHost: shop.example.org\r\nOrigin: {origin}\r\n\
         Content-Type: multipart/form-data; boundary=xY\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), &body].concat()
}

#[test]
fn the_guides_configuration_forwards_host_and_client_address() {
    let proxied = start();
    let get = |host: &str| {
        format!("GET /from HTTP/1.0\r\nHost: {host}\r\nX-Forwarded-For: 192.0.2.1\r\n\r\n")
    };
    // The address is the one that nginx saw, not the one that the client claims.
    assert_eq!(ask(&proxied, get("shop.example.org").as_bytes()), (200, "unix:".to_owned()));
    assert_eq!(ask(&proxied, get("evil.example.org").as_bytes()).0, 403);
}

#[test]
fn the_guides_configuration_allows_large_uploads() {
    let proxied = start();
    let sent = ask(&proxied, &upload("https://shop.example.org", 24_000_000));
    assert_eq!(sent, (200, "[24000000] 0".to_owned()));
    assert_eq!(ask(&proxied, &upload("https://evil.example.org", 7)).0, 403);
}
