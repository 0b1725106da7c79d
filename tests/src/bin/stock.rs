//! A desktop program for testing windows, single instances and quitting. Environment variables
//! delay its start (`STOCK_OPENING`, in milliseconds) or make it fail (`STOCK_FAILS`).

use std::io;
use std::thread::sleep;
use std::time::Duration;

use solohttp::sqlite::{Database, rusqlite::Connection};
use solohttp::{
    Desktop, Error, Failure, Handler, Place, Query, Request, Response, Result, Router, SqliteGuard,
    Work,
};

const ICON: &[u8] = include_bytes!("stock.png");

struct App {
    db: Connection,
    work: Work,
}

fn main() -> Result<(), Error> {
    let id = std::env::var("STOCK_ID").unwrap_or_else(|_| "org.example.stock".to_owned());
    Desktop::new(id, "Stock").icon(ICON).window_size(900, 600).run(|place| {
        open_slowly(place)?;
        let open = Database::at(place.file("stock.sqlite"));
        let db = open.migrations(["CREATE TABLE item (name TEXT NOT NULL) STRICT"]).open()?;
        Ok(app(App { db, work: place.work() }))
    })
}

fn open_slowly(place: &Place) -> Result<()> {
    if let Ok(time) = std::env::var("STOCK_OPENING") {
        place.opening("Counting the shelves");
        sleep(Duration::from_millis(time.parse()?));
    }
    match std::env::var("STOCK_FAILS") {
        Ok(why) => Err(Failure::from(why)),
        Err(_) => Ok(()),
    }
}

fn app(app: App) -> impl Handler {
    let mut router = Router::new();
    router.get("/", home);
    router.get("/other", || page("<p>Other</p><p><a href=\"/\">Home</a></p>"));
    router.post("/add", add);
    router.get("/text", || "plain");
    router.get("/download", download);
    router.get("/fails", || -> Result<Response> { Err("out of stock".into()) });
    router.post("/work", work);
    router.get("/pid", || std::process::id().to_string());
    SqliteGuard::new(router, |app: &App| &app.db).with_state(app)
}

fn page(body: &str) -> Response {
    Response::html(format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head><title>Stock</title></head>\n<body>\n{body}\n\
         </body>\n</html>\n"
    ))
}

fn home(app: &mut App) -> Result<Response> {
    let count: i64 = app.db.query_row("SELECT count(*) FROM item", [], |row| row.get(0))?;
    Ok(page(&format!(
        "<h1>Stock</h1>\n<p id=\"count\">{count}</p>\n<p><a href=\"/other\">Other</a></p>\n\
         <form method=\"post\" action=\"/add\"><button id=\"add\">Add</button></form>\n\
         <form method=\"post\" action=\"/__desktop/quit\"><button id=\"quit\">Quit</button></form>\n\
         {}",
        app.work.view()
    )))
}

fn add(app: &mut App) -> Result<Response> {
    app.db.execute("INSERT INTO item VALUES ('bolt')", [])?;
    Ok(Response::redirect("/"))
}

#[derive(serde::Deserialize)]
struct Size {
    megabytes: u64,
}

/// A download of zeros.
fn download(Query(size): Query<Size>) -> Response {
    use solohttp::header::CONTENT_DISPOSITION;
    let len = size.megabytes << 20;
    let response =
        Response::stream("application/octet-stream", io::Read::take(io::repeat(0), len), len);
    response.with_header(CONTENT_DISPOSITION, "attachment; filename=zeros.bin")
}

#[derive(serde::Deserialize)]
struct Time {
    milliseconds: u64,
}

fn work(app: &mut App, Query(time): Query<Time>, _: &Request) -> Response {
    app.work.start("Inventory", move |job| {
        for done in 0..time.milliseconds / 10 {
            job.check()?;
            job.progress(done, time.milliseconds / 10);
            sleep(Duration::from_millis(10));
        }
        Ok("All is there.")
    });
    Response::redirect("/")
}
