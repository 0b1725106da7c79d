//! The server that measurements drive: plain handlers with default settings, written as a user
//! would write them.

#![allow(clippy::print_stderr, reason = "a program says on the terminal what it cannot do")]

use std::env;
use std::fs::File;
use std::process::ExitCode;

use solohttp::{Bytes, Handler, IoList, Request, Response, Result, Router, Server, StaticFolder};

/// A page is so many pieces of 64 bytes.
const PIECES: usize = 1_024;

fn main() -> ExitCode {
    let served = Server::from_args()
        .and_then(|server| server.address([127, 0, 0, 1]).run(app(shared_piece())));
    match served {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench-server: {error}");
            ExitCode::FAILURE
        }
    }
}

fn app(piece: Bytes) -> impl Handler {
    let mut router: Router<()> = Router::new();
    router.get("/", || Response::text("Hello, world!"));
    let pieces = piece.clone();
    router.get("/page", move || page(&pieces, PIECES));
    router.get("/big", move || page(&piece, 16 * PIECES));
    router.post("/form", form);
    router.get("/file", file);
    if let Some(site) = env::var_os("BENCH_SITE") {
        router.mount_folder("/site/", StaticFolder::new(site));
    }
    router
}

fn shared_piece() -> Bytes {
    let piece = format!("<p>{}</p>\n", "A piece of a page, ".repeat(3));
    Bytes::from(piece.into_bytes()).slice(..64)
}

fn page(piece: &Bytes, pieces: usize) -> IoList {
    let mut page = IoList::new();
    for _ in 0..pieces {
        page.push_shared(piece.clone());
    }
    page
}

fn form(request: &Request) -> Result<Response> {
    Ok(Response::text(format!("fields={}", request.form()?.len())))
}

fn file() -> Result<Response> {
    let file = File::open(env::var_os("BENCH_FILE").ok_or("BENCH_FILE names no file")?)?;
    let len = file.metadata()?.len();
    Ok(Response::stream("application/octet-stream", file, len))
}
