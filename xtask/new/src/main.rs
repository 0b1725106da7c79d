//! A list of items in a database: a starting point for your own program.
//!
//! `cargo run` starts it, `cargo test` tests it, and `cargo build --release` makes a single file
//! that you can give away. Change `Item`, its form, its table and its templates.

// Release builds open no console window on Windows.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

use std::error::Error;

use serde::Serialize;
use solohttp::forms::{
    Draft, Errors, Flash, FormStore, FormView, Formlet, RecordForm, STYLE, Submission, field, form,
    number, text, textarea,
};
use solohttp::sqlite::rusqlite::{self, Connection, OptionalExtension, ffi};
use solohttp::sqlite::{Database, write};
use solohttp::template::template_folder;
use solohttp::{
    Desktop, Handler, Html, IoList, Live, Path, Question, Rejection, Request, Response, Result,
    Router, SqliteGuard, StatusCode, TemplateFolder, iolist,
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

struct Item {
    name: String,
    amount: i64,
    note: String,
}

/// Opens a window. Only one instance of the program runs; a second start opens another window of
/// that instance.
fn main() -> Result<(), solohttp::Error> {
    Desktop::new(ID, "Items").run(|place| {
        app(Database::at(place.file("items.sqlite")), place.live())
    })
}

/// The whole application. It is separate from `main`, so that tests can use it without a server.
fn app(database: Database, live: Live) -> Result<impl Handler + use<>> {
    let db = database.migrations(MIGRATIONS).open()?;
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
    #[derive(Serialize)]
    struct Row {
        id: i64,
        name: String,
        amount: i64,
        note: String,
    }
    #[derive(Serialize)]
    struct List {
        messages: Html,
        items: Vec<Row>,
    }
    let mut select = app
        .db
        .prepare("SELECT id, name, amount, note FROM item ORDER BY name")?;
    let rows = select.query_map([], |row| {
        Ok(Row {
            id: row.get("id")?,
            name: row.get("name")?,
            amount: row.get("amount")?,
            note: row.get("note")?,
        })
    })?;
    let items = rows.collect::<rusqlite::Result<Vec<_>>>()?;
    let list = List {
        messages: app.flash.render().into(),
        items,
    };
    Ok(app.pages.render("list", &list)?)
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
        let Some(id) = self.id else { return Ok(None) };
        let select = "SELECT name, amount, note FROM item WHERE id = ?1";
        let found = app.db.query_row(select, [id], |row| {
            Ok(Item {
                name: row.get("name")?,
                amount: row.get("amount")?,
                note: row.get("note")?,
            })
        });
        let found = found.optional()?;
        Ok(Some(found.ok_or_else(gone)?))
    }

    /// Asks before an item is deleted.
    fn confirm(&mut self, app: &mut App, _: &str, _: &Draft<Item>) -> Result<Option<Question>> {
        let select = "SELECT name FROM item WHERE id = ?1";
        let name = app.db.query_row(select, [self.id], |row| row.get(0));
        let name: String = name.optional()?.ok_or_else(gone)?;
        Ok(Some(format!("Delete “{name}”?").into()))
    }

    fn on_button(&mut self, app: &mut App, _: &str, _: Draft<Item>) -> Result<Response> {
        write(&mut app.db, |tx| {
            Ok(tx.execute("DELETE FROM item WHERE id = ?1", [self.id])?)
        })?;
        app.live.changed("items");
        Ok(app.flash.say("Deleted.", Response::redirect("/")))
    }

    fn save(&mut self, app: &mut App, item: Item, _: &Submission<'_>) -> Result<Response> {
        let Item { name, amount, note } = item;
        write(&mut app.db, |tx| {
            let Some(id) = self.id else {
                let insert = "INSERT INTO item (name, amount, note) VALUES (?1, ?2, ?3)";
                tx.execute(insert, (name, amount, note))?;
                return Ok(());
            };
            let update = "UPDATE item SET name = ?2, amount = ?3, note = ?4 WHERE id = ?1";
            match tx.execute(update, (id, name, amount, note))? {
                0 => Err(gone().into()),
                _ => Ok(()),
            }
        })?;
        app.live.changed("items");
        Ok(app.flash.say("Saved.", Response::redirect("/")))
    }

    /// Shows a database error next to its field.
    fn map_error(&mut self, error: &(dyn Error + 'static), errors: &mut Errors<Item>) {
        let error = error.downcast_ref().and_then(rusqlite::Error::sqlite_error);
        if error.is_some_and(|error| error.extended_code == ffi::SQLITE_CONSTRAINT_UNIQUE) {
            errors.on(field!(Item.name), "This name is already taken.");
        }
    }

    fn page(&mut self, app: &mut App, view: &FormView<Item>, _: &Request) -> Result<IoList> {
        #[derive(Serialize)]
        struct Page {
            is_new: bool,
            form: Html,
        }
        let page = Page {
            is_new: self.id.is_none(),
            form: view.render().into(),
        };
        Ok(app.pages.render("form", &page)?)
    }
}

fn gone() -> Rejection {
    Rejection::new(StatusCode::NOT_FOUND, "There is no such item.")
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
    use super::*;

    fn asked(app: &mut impl Handler, target: &str) -> (u16, String) {
        let response = Request::get(target).send_to(app);
        (response.status().as_u16(), response.into_text())
    }

    fn sent(app: &mut impl Handler, target: &str, name: &str, amount: &str) -> (u16, String) {
        let fields = [("name", name), ("amount", amount), ("note", "")];
        let response = Request::post(target).form(fields).send_to(app);
        (response.status().as_u16(), response.into_text())
    }

    #[test]
    fn an_item_is_added_changed_and_deleted() {
        let mut app = app(Database::in_memory(), Live::default()).unwrap();
        assert!(asked(&mut app, "/").1.contains("Nothing yet."));
        assert!(asked(&mut app, "/item/new").1.contains("New item"));
        assert_eq!(sent(&mut app, "/item/new", "Tea & cake", "7").0, 303);
        let list = asked(&mut app, "/").1;
        assert!(
            list.contains("Tea &amp; cake") && list.contains("Saved."),
            "{list}"
        );
        assert!(asked(&mut app, "/item/1").1.contains("value=\"7\""));
        assert_eq!(sent(&mut app, "/item/1", "Tea", "1234").0, 303);
        assert!(asked(&mut app, "/").1.contains("1,234"));
        let delete = [("name", "Tea"), (":button", "delete")];
        let question = Request::post("/item/1").form(delete).send_to(&mut app);
        assert!(question.into_text().contains("Delete “Tea”?"));
        let confirmed = [(Question::FIELD, "Delete “Tea”?")];
        let delete = delete.into_iter().chain(confirmed);
        let deleted = Request::post("/item/1").form(delete).send_to(&mut app);
        assert_eq!(deleted.status(), 303);
        assert!(asked(&mut app, "/").1.contains("Nothing yet."));
    }

    #[test]
    fn errors_are_shown_at_their_fields() {
        let mut app = app(Database::in_memory(), Live::default()).unwrap();
        sent(&mut app, "/item/new", "Tea", "7");
        let (status, page) = sent(&mut app, "/item/new", "Tea", "8");
        assert!(
            status == 422 && page.contains("This name is already taken."),
            "{page}"
        );
        let (status, page) = sent(&mut app, "/item/new", "", "many");
        assert!(
            status == 422 && page.contains("Enter a number."),
            "{page}"
        );
        assert_eq!(asked(&mut app, "/item/9").0, 404);
        assert_eq!(sent(&mut app, "/item/9", "Cake", "1").0, 404);
    }
}
