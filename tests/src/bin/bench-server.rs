//! The server for benchmarks: plain handlers with default settings.

#![allow(clippy::print_stderr, reason = "a program reports errors on the terminal")]

use std::env;
use std::fs::File;
use std::process::ExitCode;

use solohttp::{Handler, IoList, Request, Response, Result, Router, Server, StaticFolder};

/// 64 bytes, repeated to make pages.
const PIECE: &str = "<p>A piece of a page, a piece of a page, a piece of a page.</p>\n";

/// Repetitions per page.
const PIECES: usize = 1_024;

fn main() -> ExitCode {
    let served = Server::from_args().and_then(|server| server.address([127, 0, 0, 1]).run(app()));
    match served {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench-server: {error}");
            ExitCode::FAILURE
        }
    }
}

fn app() -> impl Handler {
    let mut router: Router<()> = Router::new();
    router.get("/", || Response::text("Hello, world!"));
    router.get("/page", || page(PIECES));
    router.get("/big", || page(16 * PIECES));
    router.post("/form", form);
    router.get("/file", file);
    if let Some(site) = env::var_os("BENCH_SITE") {
        router.mount_folder("/site/", StaticFolder::new(site));
    }
    router
}

fn page(pieces: usize) -> IoList {
    let mut page = IoList::new();
    for _ in 0..pieces {
        page.push(PIECE);
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
