//! A complete datebook: contacts, appointments and tasks in a database file.
//!
//! Run it with `cargo xtask demo datebook`, or `cargo run --example datebook -- --memory` for a
//! trial with sample data. This file contains the startup code and the routes. Then read `app.rs`
//! (the state), `database.rs` (the tables), `task.rs` and `tasks.rs` (a record, its form, its
//! pages), `import.rs` (long work on a thread).

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
mod month;
mod sample;
mod search;
mod task;
mod tasks;
mod week;

use solohttp::desktop::Desktop;
use solohttp::forms::{FormStore, today};
use solohttp::sqlite::rusqlite::Connection;
use solohttp::{EmbeddedFolder, Handler, Place, Result, Router, embed};

// Closing the last window ends the program, unless an import is running.
fn main() -> Result<()> {
    // `--memory` is a trial with sample data, in a folder that is deleted at the end.
    let (trial, mut arguments): (Vec<_>, Vec<_>) =
        std::env::args_os().skip(1).partition(|argument| argument == "--memory");
    let trial = if trial.is_empty() { None } else { Some(tempfile::tempdir()?) };
    arguments.extend(trial.iter().flat_map(|folder| ["--data".into(), folder.path().into()]));
    let desktop = Desktop::new("solohttp-datebook", "Datebook").icon(include_bytes!("icon.png"));
    let desktop = desktop.server(|server| server.body_limit_for("/import", import::LARGEST));
    desktop.arguments(arguments).run(|place| {
        let mut db = database::open(&database::file(place))?;
        if trial.is_some() {
            sample::fill(&mut db, today())?;
        }
        Ok(app(db, place, today))
    })?;
    Ok(())
}

// The routes. Reading is a GET; every change is a POST.
fn app(db: Connection, place: &Place, today: fn() -> jiff::civil::Date) -> impl Handler + use<> {
    let mut router = Router::new();
    router.get("/", week::show);
    router.get("/month", month::show);
    router.get("/day", day::show);
    router.get("/search", search::show);
    // A record's pages handle `new`, `*/`, `*/edit` and `*/delete` below their paths.
    router.mount("/contact", contact::pages());
    router.get("/contact/*/photo", contacts::photo);
    router.get("/contacts", contacts::list);
    router.post("/contacts", contacts::list);
    router.post("/pick/*/*", contacts::pick);
    router.mount("/appointment", appointment::pages());
    router.mount("/task", task::pages());
    router.post("/task/*/toggle", tasks::toggle);
    router.get("/tasks", tasks::list);
    router.post("/tasks/sort/*", tasks::sort);
    // The store outlives the form and remembers uploads.
    let uploads = FormStore::new();
    router.servlet(["/files", "/import"], move || uploads.servlet(import::Uploading));
    router.get("/export/*", export::download);
    router.get("/import/*", import::preview);
    router.post("/import/*", import::import);
    router.mount_folder("/static/", EmbeddedFolder::new(embed!("datebook", ["style.css"])));
    // This adds the guard, which makes sure that a page says "saved" only if that is true, undo, and
    // a page with the daily copies of the last week, any of which can be restored.
    app::new(db, place, today).serve(router)
}

#[cfg(test)]
mod tests;
