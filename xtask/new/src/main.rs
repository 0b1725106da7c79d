//! A list of items in a database: a starting point for your own program.
//!
//! `cargo run` starts it, `cargo test` tests it, and `cargo build --release` makes a single file
//! that you can give away. Change `Item`, its form, its table and its templates.

// Release builds open no console window on Windows.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

use serde::Serialize;
use solohttp::forms::{
    Draft, Flash, FormStore, FormView, Formlet, RecordForm, STYLE, Submission, form, number, text,
    textarea,
};
use solohttp::sqlite::rusqlite::Connection;
use solohttp::sqlite::{Database, Record, columns, write};
use solohttp::template::template_folder;
use solohttp::{
    Desktop, Handler, Html, IoList, Live, Path, Question, Request, Response, Result, Router,
    SqliteGuard, TemplateFolder, iolist, values,
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

/// A row of the table `item`, and what the form edits.
#[derive(Serialize)]
struct Item {
    name: String,
    amount: i64,
    note: String,
}

columns!(Item in "item" { name, amount, note });

/// Opens a window. Only one instance of the program runs; a second start opens another window of
/// that instance.
fn main() -> Result<(), solohttp::Error> {
    Desktop::new(ID, "Items").run(|place| {
        app(Database::at(place.file("items.sqlite")), place.live())
    })
}

/// The whole application. It is separate from `main`, so that tests can use it without a server.
fn app(database: Database, live: Live) -> Result<impl Handler + use<>> {
    let db = database.migrations(MIGRATIONS).record::<Item>().open()?;
    let mut router = Router::new();
    router.get("/", list);
    let store = FormStore::new();
    router.servlet(
        ["/item/new", "/item/*"],
        move |Path(id): Path<Option<i64>>| store.servlet(EditItem { id }),
    );
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

/// The form for the item with this id, or for a new item.
struct EditItem {
    id: Option<i64>,
}

impl Formlet<App> for EditItem {
    type Record = Item;

    fn form(&mut self, _: &mut App) -> Result<RecordForm<Item>> {
        let form = form!(Item {
            name: text("Name").required().max_length(80).autofocus(),
            amount: number("Amount").min(0),
            note: textarea("Note"),
        });
        Ok(match self.id {
            Some(_) => form.button("save", "Save").side_button("delete", "Delete"),
            None => form,
        })
    }

    fn load(&mut self, app: &mut App, _: &Request) -> Result<Option<Item>> {
        self.id.map(|id| Item::get(&app.db, id)).transpose()
    }

    /// Asks before an item is deleted.
    fn confirm(&mut self, app: &mut App, _: &str, _: &Draft<Item>) -> Result<Option<Question>> {
        let item = self.id.map(|id| Item::get(&app.db, id)).transpose()?;
        Ok(item.map(|item| format!("Delete “{}”?", item.name).into()))
    }

    fn on_button(&mut self, app: &mut App, _: &str, _: Draft<Item>) -> Result<Response> {
        if let Some(id) = self.id {
            write(&mut app.db, |tx| Ok(Item::delete(tx, id)?))?;
        }
        app.live.changed("items");
        Ok(app.flash.say("Deleted.", Response::redirect("/")))
    }

    fn save(&mut self, app: &mut App, item: Item, _: &Submission<'_>) -> Result<Response> {
        write(&mut app.db, |tx| Ok(item.save(tx, self.id)?))?;
        app.live.changed("items");
        Ok(app.flash.say("Saved.", Response::redirect("/")))
    }

    fn page(&mut self, app: &mut App, view: &FormView<Item>, _: &Request) -> Result<IoList> {
        let is_new = self.id.is_none();
        Ok(app.pages.render("form", &values! { is_new, form: view })?)
    }
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
        assert_eq!(browser.get("/item/9").status(), 404);
    }
}
