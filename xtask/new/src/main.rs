//! A list of items in a database: a starting point for your own program.
//!
//! `cargo run` starts it, `cargo test` tests it, and `cargo build --release` makes a single file
//! that you can give away. Change `Item`, its table and its templates.

// Release builds open no console window on Windows.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

use serde::Serialize;
use solohttp::forms::{Flash, RecordForm, RecordPages, STYLE, number, text, textarea};
use solohttp::sqlite::rusqlite::Connection;
use solohttp::sqlite::{Database, Record, write};
use solohttp::template::template_folder;
use solohttp::{
    Desktop, Handler, Html, IoList, Live, Response, Result, Router, SqliteGuard, TemplateFolder,
    iolist, record, values,
};

/// The program's folders are named after this ID. Replace `org.example` with your own domain, in
/// reverse order, and never change the ID after a release.
const ID: &str = concat!("org.example.", env!("CARGO_PKG_NAME"));

/// The migrations. Add new ones at the end, and never change one that has been released.
const MIGRATIONS: &[&str] = &["CREATE TABLE item (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        amount INTEGER NOT NULL,
        note TEXT NOT NULL
    ) STRICT"];

/// The state of the program. Every handler gets it as `&mut App`.
struct App {
    db: Connection,
    pages: TemplateFolder,
    flash: Flash,
    live: Live,
}

record! {
    /// A row of the table `item`: each field with its column and its place in the form.
    #[derive(Serialize)]
    struct Item in "item" {
        name: String = text("Name").required().max_length(80).autofocus(),
        amount: i64 = number("Amount").min(0),
        note: String = textarea("Note"),
    }
}

/// Opens a window. Only one instance of the program runs; a second start opens another window of
/// that instance.
fn main() -> Result<(), solohttp::Error> {
    Desktop::new(ID, "Items")
        .run(|place| app(Database::at(place.file("items.sqlite")), place.live()))
}

/// The whole application. It is separate from `main`, so that tests can use it without a server.
fn app(database: Database, live: Live) -> Result<impl Handler + use<>> {
    let db = database.migrations(MIGRATIONS).record::<Item>().open()?;
    let mut router = Router::new();
    router.get("/", list);
    router.mount("/item", item_pages());
    router.get("/style.css", style);
    router.post("/quit", quit);
    let app = App {
        db,
        pages: pages(),
        flash: Flash::new(),
        live,
    };
    // After every request, the guard checks for forgotten transactions.
    Ok(SqliteGuard::new(router, |app: &App| &app.db).with_state(app))
}

/// In debug builds, templates are files that you can change while the program runs. Release builds
/// embed them.
fn pages() -> TemplateFolder {
    template_folder!("templates": "page", "list", "form")
}

fn list(app: &mut App) -> Result<IoList> {
    let messages = Html::from(app.flash.render());
    let items = Item::select(&app.db, "ORDER BY name", [])?;
    Ok(app.pages.render("list", &values! { messages, items })?)
}

/// The pages that add an item (`/item/new`), edit it (`/item/7/edit`) and delete it.
fn item_pages() -> RecordPages<App, Item> {
    RecordPages::new(
        |_: &mut App, _| Ok(RecordForm::cached(Item::form)),
        |app, id| Item::get(&app.db, id),
        |app, item, id| {
            let id = write(&mut app.db, |tx| Ok(item.save(tx, id)?))?;
            app.live.changed("items");
            Ok(id)
        },
    )
    .titles("New item", "Item")
    .after_save(|app, _| Ok(app.flash.say("Saved.", Response::redirect("/"))))
    .confirm_delete(|_, _, item| Ok(Some(format!("Delete “{}”?", item.name).into())))
    .delete(|app, id, _| {
        write(&mut app.db, |tx| Ok(Item::delete(tx, id)?))?;
        app.live.changed("items");
        Ok(())
    })
    .after_delete(|app, _, _| Ok(app.flash.say("Deleted.", Response::redirect("/"))))
    .page(|app, page| {
        let (title, form) = (&page.title, Html::from(page.render()));
        Ok(app.pages.render("form", &values! { title, form })?)
    })
}

/// Serves the program's own style sheet together with the library's style sheet for forms.
fn style() -> Response {
    let own = include_str!("../static/style.css");
    Response::bytes("text/css; charset=utf-8", iolist![own, STYLE])
}

fn quit() -> Response {
    Response::page("Goodbye.", "<p>You can close this window.</p>").and_shut_down()
}

#[cfg(test)]
mod tests {
    use solohttp::TestClient;

    use super::*;

    fn browser() -> TestClient<impl Handler> {
        TestClient::new(app(Database::in_memory(), Live::default()).unwrap())
    }

    #[test]
    fn an_item_is_added_changed_and_deleted() {
        let mut browser = browser();
        let list = browser.get("/");
        assert!(list.text().contains("Nothing yet."));
        let mut form = browser.follow(list, "New item");
        form.fill("Name", "Tea & cake").fill("Amount", "7");
        let list = browser.press(form, "Save");
        assert!(list.text().contains("Saved."));

        let mut form = browser.follow(list, "Tea & cake");
        form.fill("Name", "Tea").fill("Amount", "1234");
        let list = browser.press(form, "Save");
        assert!(list.text().contains("1,234"));

        let form = browser.follow(list, "Tea");
        let question = browser.press(form, "Delete");
        assert!(question.text().contains("Delete “Tea”?"));
        let list = browser.press(question, "Delete");
        assert!(list.text().contains("Nothing yet."));
    }

    #[test]
    fn errors_are_shown_at_their_fields() {
        let mut browser = browser();
        let mut form = browser.get("/item/new");
        form.fill("Name", " ").fill("Amount", "7");
        let mut form = browser.press(form, "Save");
        assert_eq!(form.error_at("Name"), Some("Fill in this field."));
        form.fill("Name", "Tea");
        browser.press(form, "Save");

        let mut form = browser.get("/item/new");
        form.fill("Name", "Tea").fill("Amount", "8");
        let form = browser.press(form, "Save");
        assert_eq!(form.error_at("Name"), Some("This is already taken."));
        assert_eq!(browser.get("/item/9/edit").status(), 404);
    }
}
