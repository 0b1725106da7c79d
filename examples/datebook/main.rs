//! A datebook, from start to finish: contacts, appointments and tasks in a file of the user's.
//!
//! Run it with `cargo xtask demo datebook`, or `cargo run --example datebook -- --memory` for a
//! trial with sample data. This file shows how a program starts and which page is where; then read
//! `app.rs` (the state), `database.rs` (the tables), `task.rs` and `tasks.rs` (a record, its form,
//! its pages), and whatever you need. Every file says what it shows.

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

/// Not 8080, which every other program wants.
const PORT: u16 = 4740;

fn main() -> Result<()> {
    env_logger::Builder::from_env(env_logger::Env::default().default_filter_or("warn")).init();
    let options = Options::read(std::env::args().skip(1))?;
    // Only browsers that the program signs in see the book. Each book is an instance of its own.
    let server = Server::new().port(PORT).arguments(options.for_server)?.open_browser("/");
    let server = server.instance(options.place.name()).body_limit_for("/import", import::LARGEST);
    // The port comes before the file: if this book is open already, its pages are what is wanted,
    // and the file is left alone.
    server.run_with(|| {
        let db = match &options.place {
            Place::Memory => sample::book(dates::today())?,
            Place::File(path) => database::open(path)?,
        };
        Ok(app(db, dates::today))
    })
}

// Which page is where. What only shows is a GET; what changes anything is a POST.
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
    // The guard sees to it that a page which says "saved" is right.
    SqliteGuard::new(router, |app: &App| &app.db).with_state(App::new(db, today))
}

// A form is made for each request, because it has to know which record it is about. The desk
// outlives it: it remembers which forms were sent, and the files that came with them.
fn contact_routes(router: &mut Router<App>) {
    let desk = FormStore::new();
    router.get("/contacts", contacts::list);
    router.servlet(["/contact/new", "/contact/*/edit"], move |Path(id): Path<Option<i64>>| {
        desk.servlet(contact::Editing { id })
    });
    router.service("/contact/*/", contacts::service());
    router.post("/pick/*/*", contacts::pick);
}

fn appointment_routes(router: &mut Router<App>) {
    let desk = FormStore::new();
    router.servlet(
        ["/appointment/new", "/appointment/*/edit"],
        move |app: &mut App, Path(id): Path<Option<i64>>, request: &Request| {
            desk.servlet(editing::Editing::new(app, id, request))
        },
    );
    router.post("/appointment/*/delete", editing::delete);
}

fn task_routes(router: &mut Router<App>) {
    let desk = FormStore::new();
    router.get("/tasks", tasks::list);
    router.post("/tasks/sort/*", tasks::sort);
    router.servlet(["/task/new", "/task/*/edit"], move |Path(id): Path<Option<i64>>| {
        desk.servlet(task::Editing { id })
    });
    router.post("/task/*/toggle", tasks::toggle);
    router.post("/task/*/delete", tasks::delete);
}

// The page is delivered, then the server ends; the file is closed, and so is the program. The page
// is whole in itself: nobody is there any more to answer for a style sheet.
fn quit(app: &mut App) -> Result<Response> {
    Ok(Response::html(app.pages.render("bye", &())?).and_shut_down())
}

#[cfg(test)]
mod tests;
