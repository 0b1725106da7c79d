//! A complete datebook: contacts, appointments and tasks in a database file.
//!
//! Run it with `cargo xtask demo datebook`, or `cargo run --example datebook -- --memory` for a
//! trial with sample data. This file contains the startup code and the routes. Then read `app.rs`
//! (the state), `database.rs` (the tables), `task.rs` and `tasks.rs` (a record, its form, its
//! pages).

mod app;
mod appointment;
mod contact;
mod contacts;
mod database;
mod dates;
mod day;
mod editing;
mod export;
mod ical;
mod import;
mod import_row;
mod month;
mod options;
mod paging;
mod photo;
mod sample;
mod search;
mod task;
mod tasks;
mod undo;
mod week;

use solohttp::forms::FormStore;
use solohttp::sqlite::rusqlite::Connection;
use solohttp::{
    EmbeddedFolder, Handler, Path, Request, Response, Result, Router, Server, SqliteGuard, embed,
};

use crate::app::App;
use crate::options::{Options, Place};

/// Unlike 8080, this port is rarely used by other programs.
const PORT: u16 = 4740;

fn main() -> Result<()> {
    env_logger::Builder::from_env(env_logger::Env::default().default_filter_or("warn")).init();
    let options = Options::read(std::env::args().skip(1))?;
    // Only browsers signed in by the program can open the book. Each book is a separate instance.
    let server = Server::new().port(PORT).arguments(options.for_server)?.open_browser("/");
    let server = server.instance(options.place.name()).body_limit_for("/import", import::LARGEST);
    // The port is bound before the file is opened. If the book is already open, starting the
    // program again shows its pages and leaves the file alone.
    server.run_with(|| {
        let db = match &options.place {
            Place::Memory => sample::book(dates::today())?,
            Place::File(path) => database::open(path)?,
        };
        Ok(app(db, dates::today))
    })
}

// The routes. Reading is a GET; every change is a POST.
fn app(db: Connection, today: fn() -> jiff::civil::Date) -> impl Handler {
    let mut router = Router::new();
    router.get("/", week::show);
    router.get("/month", month::show);
    router.get("/day", day::show);
    router.get("/search", search::show);
    contact_routes(&mut router);
    appointment_routes(&mut router);
    task_routes(&mut router);
    router.get("/files", export::page);
    router.get("/export/*", export::download);
    router.post("/import", import::preview);
    router.post("/import/*", import::keep);
    router.post("/undo", undo::undo);
    router.post("/undo/forget", undo::forget);
    router.post("/quit", quit);
    router.mount_folder("/static/", EmbeddedFolder::new(embed!("datebook", ["style.css"])));
    // The guard makes sure that when a page says "saved", it is true.
    SqliteGuard::new(router, |app: &App| &app.db).with_state(App::new(db, today))
}

// A form is created for each request, because it depends on the record. The store outlives the form
// and remembers submissions and uploads.
fn contact_routes(router: &mut Router<App>) {
    let store = FormStore::new();
    router.get("/contacts", contacts::list);
    router.servlet(["/contact/new", "/contact/*/edit"], move |Path(id): Path<Option<i64>>| {
        store.servlet(contact::Editing { id })
    });
    router.service("/contact/*/", contacts::service());
    router.post("/pick/*/*", contacts::pick);
}

fn appointment_routes(router: &mut Router<App>) {
    let store = FormStore::new();
    router.servlet(
        ["/appointment/new", "/appointment/*/edit"],
        move |app: &mut App, Path(id): Path<Option<i64>>, request: &Request| {
            store.servlet(editing::Editing::new(app, id, request))
        },
    );
    router.post("/appointment/*/delete", editing::delete);
}

fn task_routes(router: &mut Router<App>) {
    let store = FormStore::new();
    router.get("/tasks", tasks::list);
    router.post("/tasks/sort/*", tasks::sort);
    router.servlet(["/task/new", "/task/*/edit"], move |Path(id): Path<Option<i64>>| {
        store.servlet(task::Editing { id })
    });
    router.post("/task/*/toggle", tasks::toggle);
    router.post("/task/*/delete", tasks::delete);
}

// The page is delivered, then the server stops and the file is closed. The page has no style sheet,
// because the server will have stopped before the browser could request it.
fn quit(app: &mut App) -> Result<Response> {
    Ok(Response::html(app.pages.render("bye", &())?).and_shut_down())
}

#[cfg(test)]
mod tests;
