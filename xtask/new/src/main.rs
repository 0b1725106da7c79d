//! A list of items in a database: a starting point for your own program.
//!
//! `cargo run` starts it, `cargo test` tests it, and `cargo build --release` makes a single file
//! that you can give away. Change `Item`, its table and its templates.

// Release builds open no console window on Windows.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

use solohttp::prelude::*;

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

record! {
    /// A row of the table `item`: each field with its column and its place in the form.
    struct Item in "item" {
        name: String = text("Name").required().max_length(80).autofocus(),
        amount: i64 = number("Amount").min(0),
        note: String = textarea("Note"),
    }
}

/// The state of the program: the database, the templates, messages, undo, and more. Every handler
/// gets it as `&mut App`. For state of your own, see `RecordApp::with_state`.
type App = RecordApp;

/// Opens a window. Only one instance of the program runs; a second start opens another window of
/// that instance.
fn main() -> Result<(), solohttp::Error> {
    Desktop::new(ID, "Items").run(|place| {
        let database = Database::at(place.file("items.sqlite"));
        app(place, database.integrity_check().daily_copies(7))
    })
}

/// The whole application. It is separate from `main`, so that tests can use it without a server.
fn app(place: &Place, database: Database) -> Result<impl Handler + use<>> {
    let database = database.migrations(MIGRATIONS).record::<Item>();
    // In debug builds, you can change the templates while the program runs.
    let templates = template_folder!("templates": "form", "list", "page");
    let app = RecordApp::open(place, database, templates)?;

    let mut router = Router::new();
    router.any("/", list());
    // The pages that add an item (`/item/new`), edit it (`/item/7/edit`) and delete it.
    let item_pages = App::pages(|item: &Item| &item.name).titles("New item", "Item");
    router.mount("/item", item_pages);
    // The program's own style sheet, after the library's for forms and lists.
    router.get("/style.css", App::style(include_str!("../static/style.css")));
    Ok(app.serve(router))
}

/// The list of all items, where the user can select some to delete them.
fn list() -> RecordList<App, Stored<Item>> {
    App::list("Items", |_| {
        Ok(Item::list()
            .noun("item", "items")
            .empty("Nothing yet.")
            .column("Name", "name", |it| Cell::link(format!("/item/{}/edit", it.id), &it.name))
            .sort_by("name COLLATE names")
            .row_header()
            .column("Amount", "amount", |it| Cell::number(it.amount))
            .sort_by("amount")
            .column("Note", "note", |it| Cell::text(&it.note))
            .sorted_by("name"))
    })
    .add_at("/item/new")
    .bulk_delete("Delete")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn browser() -> TestClient<impl Handler> {
        TestClient::new(app(&Place::at(""), Database::in_memory()).unwrap())
    }

    #[test]
    fn an_item_is_added_changed_and_deleted() {
        let mut browser = browser();
        let list = browser.get("/");
        assert!(list.text().contains("Nothing yet."));
        let mut form = browser.follow(list, "New item");
        form.fill("Name", "Tea & cake").fill("Amount", "7");
        let list = browser.press(form, "Save");
        assert!(list.text().contains("“Tea & cake” added"));

        let mut form = browser.follow(list, "Tea & cake");
        form.fill("Name", "Tea").fill("Amount", "1234");
        let list = browser.press(form, "Save");
        assert!(list.text().contains("1234"));

        let form = browser.follow(list, "Tea");
        let list = browser.press(form, "Delete");
        assert!(list.text().contains("Nothing yet."));
        let list = browser.press(list, "Undo: “Tea” deleted");
        assert!(list.text().contains("1234"));
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
