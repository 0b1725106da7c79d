//! The program under test in the black-box tests. It uses only the public API and keeps the default
//! protections.

#![allow(clippy::print_stderr, reason = "a program reports errors on the terminal")]
#![allow(clippy::disallowed_methods, reason = "some work must run outside the server's thread")]

use std::env;
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use data_encoding::HEXLOWER;
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use solohttp::sqlite::rusqlite::Connection;
use solohttp::sqlite::{self, Database};
use solohttp::{
    Event, EventChannel, Fields, Handler, IoList, Limits, Query, Remote, Request, Response, Result,
    Router, Server, SqliteGuard, StaticFolder, StatusCode, Upload,
};

/// The command-line options.
struct Options {
    port: u16,
    max_body: u64,
    connections: usize,
    folder: Option<PathBuf>,
    database: Option<PathBuf>,
    stops_on_signals: bool,
}

struct App {
    db: Connection,
    changes: EventChannel,
    ticks: u64,
}

fn main() -> ExitCode {
    env_logger::Builder::from_env(env_logger::Env::default().default_filter_or("warn")).init();
    let options = match options(env::args().skip(1)) {
        Ok(options) => options,
        Err(error) => return fail(&error),
    };
    let mut limits = Limits::default();
    limits.body = options.max_body;
    limits.connections = options.connections;
    let server = Server::new().address([127, 0, 0, 1]).port(options.port).limits(limits);
    let server = server.stop_on_signals(options.stops_on_signals);
    let app = match app(&options) {
        Ok(app) => app,
        Err(error) => return fail(&error.to_string()),
    };
    match server.run(app) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&error.to_string()),
    }
}

fn fail(error: &str) -> ExitCode {
    eprintln!("fixture: {error}");
    ExitCode::FAILURE
}

fn options(mut arguments: impl Iterator<Item = String>) -> Result<Options, String> {
    let Limits { body, connections, .. } = Limits::default();
    let mut options = Options {
        port: 8080,
        max_body: body,
        connections,
        folder: None,
        database: None,
        stops_on_signals: true,
    };
    while let Some(name) = arguments.next() {
        let value = arguments.next().ok_or(format!("{name} needs a value"))?;
        let number = value.parse().map_err(|_| format!("{name} {value}: not a number"));
        match name.as_str() {
            "--port" => options.port = number?,
            "--max-body" => options.max_body = value.parse().map_err(|_| "not a number")?,
            "--connections" => options.connections = value.parse().map_err(|_| "not a number")?,
            "--db" => options.database = Some(PathBuf::from(value)),
            "--static" => options.folder = Some(PathBuf::from(value)),
            "--stop-on-signals" => options.stops_on_signals = value == "true",
            _ => return Err(format!("unknown option {name}")),
        }
    }
    Ok(options)
}

fn app(options: &Options) -> Result<impl Handler + use<>, sqlite::Error> {
    let mut router: Router<App> = Router::new();
    router.get("/", || Response::text("ok"));
    router.mount("/echo", echo);
    router.post("/upload", upload);
    router.get("/panic", || -> &'static str { panic!("a requested panic") });
    router.get("/error", || Err::<(), _>("a requested error"));
    router.get("/slow", slow);
    router.get("/big", big);
    router.get("/redirect", redirect);
    if let Some(folder) = &options.folder {
        router.mount_folder("/static/", StaticFolder::new(folder));
    }
    router.post("/sqlite/add", add);
    router.post("/sqlite/forget", forget);
    router.get("/sqlite/count", count);
    router.get("/stream", |app: &mut App| app.changes.stream());
    router.post("/push", push);
    router.get("/watching", |app: &mut App| Response::text(app.changes.listeners().to_string()));
    router.get("/ticks", |app: &mut App| Response::text(app.ticks.to_string()));
    router.post("/panic-outside", panic_outside);
    router.post("/forget-outside", forget_outside);
    router.get("/quit", || Response::text("bye").and_shut_down());
    let database = match &options.database {
        Some(file) => Database::at(file),
        None => Database::in_memory(),
    };
    let db = database.migrations(["CREATE TABLE note (text TEXT NOT NULL) STRICT"]).open()?;
    let app = App { db, changes: EventChannel::new(), ticks: 0 };
    let app = SqliteGuard::new(router, |app: &App| &app.db).with_state(app);
    Ok(app.every(Duration::from_millis(100), |app| app.ticks += 1))
}

fn add(app: &mut App) -> Result<Response> {
    sqlite::write(&mut app.db, |tx| Ok(tx.execute("INSERT INTO note VALUES ('kept')", [])?))?;
    Ok(Response::text("added"))
}

/// Forgets to commit, so that the guard has something to report.
fn forget(app: &mut App) -> Result<Response> {
    app.db.execute_batch("BEGIN; INSERT INTO note VALUES ('forgotten')")?;
    Ok(Response::text("added, or so it says"))
}

fn count(app: &mut App) -> Result<Response> {
    let rows: i64 = app.db.query_row("SELECT count(*) FROM note", [], |row| row.get(0))?;
    Ok(Response::text(rows.to_string()))
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

fn panic_outside(remote: Remote<App>) {
    thread::spawn(move || remote.run(|_| panic!("the fixture panics outside of requests")));
}

fn forget_outside(remote: Remote<App>) {
    thread::spawn(move || {
        remote.run(|app| {
            let forgotten = "BEGIN; INSERT INTO note VALUES ('forgotten outside')";
            app.db.execute_batch(forgotten).expect("the table is there");
        })
    });
}

fn echo(request: &Request) -> Result<Response> {
    let (form, uploads) = match (request.form(), request.uploads()) {
        (Err(rejection), _) if rejection.status() == StatusCode::UNSUPPORTED_MEDIA_TYPE => {
            (&Fields::new(), &[][..])
        }
        (form, uploads) => (form?, uploads?),
    };
    let file = |upload: &Upload| {
        json!({
            "name": upload.field(),
            "filename": upload.raw_file_name(),
            "content_type": upload.content_type(),
            "size": upload.len(),
        })
    };
    let mut headers = serde_json::Map::new();
    for name in request.headers().keys() {
        let values = request.headers().get_all(name).iter();
        let values = values.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
        headers.insert(name.to_string(), values.collect());
    }
    let echo = json!({
        "method": request.method().as_str(),
        "path": request.segments().collect::<Vec<_>>(),
        "query": pairs(request.query()),
        "headers": headers,
        "body_length": request.body().len(),
        "form": pairs(form),
        "files": uploads.iter().map(file).collect::<Value>(),
    });
    Ok(Response::bytes("application/json", echo.to_string()))
}

fn pairs(fields: &Fields) -> Value {
    fields.iter().map(|(name, value)| json!([name, value])).collect()
}

/// Reads each file as a stream, because it may not fit in memory.
fn upload(request: &Request) -> Result<Response> {
    let mut lines = String::new();
    for upload in request.uploads()? {
        let mut hasher = Sha256::new();
        let mut reader = BufReader::with_capacity(64 << 10, upload.reader());
        loop {
            let bytes = reader.fill_buf()?;
            if bytes.is_empty() {
                break;
            }
            hasher.update(bytes);
            let count = bytes.len();
            reader.consume(count);
        }
        let hash = HEXLOWER.encode(&hasher.finalize());
        lines += &format!("{} {} {hash}\n", upload.field(), upload.len());
    }
    Ok(Response::text(lines))
}

#[derive(Deserialize)]
struct Slow {
    ms: u64,
}

fn slow(Query(slow): Query<Slow>) -> Response {
    thread::sleep(Duration::from_millis(slow.ms));
    Response::text("slept")
}

#[derive(Deserialize)]
struct Big {
    bytes: usize,
}

fn big(Query(big): Query<Big>) -> Option<IoList> {
    (big.bytes <= 50_000_000).then(|| IoList::from(vec![b'x'; big.bytes]))
}

#[derive(Deserialize)]
struct Redirect {
    to: String,
}

fn redirect(Query(redirect): Query<Redirect>) -> Response {
    Response::redirect(redirect.to)
}
