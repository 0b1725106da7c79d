//! The server for benchmarks: plain handlers with default settings.

#![allow(clippy::print_stderr, reason = "a program reports errors on the terminal")]
#![allow(clippy::disallowed_methods, reason = "some work must run outside the server's thread")]

use std::env;
use std::fs::File;
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use serde::Deserialize;
use solohttp::{
    Event, EventChannel, Handler, IoList, Query, Remote, Request, Response, Result, Router, Server,
    StaticFolder,
};

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

#[derive(Default)]
struct App {
    changes: EventChannel,
    ticks: u64,
}

fn app() -> impl Handler {
    let mut router: Router<App> = Router::new();
    router.get("/", || Response::text("Hello, world!"));
    router.get("/page", || page(PIECES));
    router.get("/big", || page(16 * PIECES));
    router.post("/form", form);
    router.get("/file", file);
    if let Some(site) = env::var_os("BENCH_SITE") {
        router.mount_folder("/site/", StaticFolder::new(site));
    }
    router.get("/stream", |app: &mut App| app.changes.stream());
    router.post("/push", push);
    router.get("/watching", |app: &mut App| Response::text(app.changes.listeners().to_string()));
    router.get("/ticks", |app: &mut App| Response::text(app.ticks.to_string()));
    router.with_state(App::default()).every(Duration::from_millis(100), |app| app.ticks += 1)
}

#[derive(Deserialize)]
struct Push {
    text: String,
    times: u64,
}

fn push(remote: Remote<App>, Query(push): Query<Push>) {
    thread::spawn(move || {
        for _ in 0..push.times {
            let event = Event::message(&push.text);
            if remote.run(move |app| app.changes.publish(event)).is_err() {
                return;
            }
        }
    });
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
