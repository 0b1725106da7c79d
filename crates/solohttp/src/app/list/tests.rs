//! Tests of the page of a list, without a socket.

use solohttp_core::{Numerals, TestClient, TestPage};
use solohttp_desktop::Place;
use solohttp_forms::{DecimalMark, fixed_point, radio, text};
use solohttp_router::Router;
use solohttp_sqlite_guard::{Cell, Database};
use solohttp_template::TemplateFolder;

use super::*;
use crate::app::RecordHandler;

crate::record! {
    #[derive(Serialize, serde::Deserialize)]
    struct Item in "item" by "number" {
        name: String = text("Name").required(),
        shelf: String = text("Shelf"),
        price: i64 = fixed_point("Price", 2),
    }
}

crate::record! {
    struct Settings in "setting" {
        decimal: DecimalMark [choice] = radio("Number format", DecimalMark::choices()),
    }
}

crate::record! {
    struct Move {
        to: String = text("Shelf").required(),
    }
}

type App = RecordApp;

const SCHEMA: &str = "
    CREATE TABLE item (
        number INTEGER PRIMARY KEY,
        name TEXT NOT NULL,
        shelf TEXT NOT NULL CHECK (shelf <> 'roof'),
        price INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE sale (item INTEGER NOT NULL REFERENCES item) STRICT;
    INSERT INTO item VALUES (1, 'Tea', 'A', 1250), (2, 'Rice', 'B', 99), (3, 'Salt', 'A', 5);
    CREATE TABLE setting (id INTEGER PRIMARY KEY, decimal TEXT NOT NULL) STRICT;
    INSERT INTO setting VALUES (1, 'point')";

fn items(_: &App) -> Result<List<Stored<Item>>> {
    Ok(Item::list()
        .noun("item", "items")
        .filter("shelf", "Shelf", [("A", "A"), ("B", "B")], "shelf = :shelf")
        .column("Name", "name", |item| Cell::text(&item.name))
        .column("Price", "price", |item| Cell::number(format!("{:.2}", item.price as f64 / 100.0))))
}

fn page() -> RecordList<App, Stored<Item>> {
    App::list("Items", items)
        .add_at("/item/new")
        .with(|app| {
            let sql = "SELECT sum(price) FROM item";
            let sum: Option<i64> = app.db.query_row(sql, [], |row| row.get(0))?;
            Ok(values! { sum })
        })
        .bulk_open("Move…", "/move")
        .bulk_set(BulkAction::new("to-c", "Move to C"), "shelf", "C")
        .bulk_set(BulkAction::new("to-roof", "Move to the roof").at_once(), "shelf", "roof")
        .bulk_delete("Delete")
        .bulk(BulkAction::new("say", "Say").at_once(), |app, rows| {
            app.say(format!("{}: {:?}", rows.counted(), rows.ids(&app.db)?));
            Ok(rows.redirect())
        })
}

fn move_page() -> FormPage<App, Move> {
    App::bulk_form(
        items,
        |_| Ok(Move::form()),
        |tx, rows, form| {
            let update = "UPDATE item SET shelf = :to WHERE number IN selected";
            Ok(rows.execute(tx, update, &[(":to", &form.to)])?)
        },
    )
}

fn browser() -> TestClient<RecordHandler> {
    let templates = TemplateFolder::embedded(&[
        ("page", "<!DOCTYPE html><title>{title}</title>{flash}{undo}<main>{body}</main>"),
        ("list", "<extend>page <?body?><a href=\"{add_at:url}\">New</a> Sum {sum} {list}</extend>"),
        ("form", "<extend>page <?body?>{form}</extend>"),
    ]);
    let database = Database::in_memory().migrations([SCHEMA]).record::<Item>().record::<Settings>();
    let app = RecordApp::open(&Place::at(""), database, templates)
        .unwrap()
        .numerals(|app| Ok(Settings::get(&app.db, 1)?.decimal.numerals()));
    let mut router = Router::new();
    router.mount("/items", page());
    router.mount("/item", App::pages(|item: &Item| &item.name).index(page()));
    router.mount("/move", move_page());
    #[cfg(feature = "json")]
    router.mount(
        "/api/items",
        App::pages(|item: &Item| &item.name).api(|app, _| Ok(Item::select(&app.db, "", [])?)),
    );
    router.mount("/settings", App::pages(|_: &Settings| "Settings").single(1));
    router.get("/style.css", App::style("body { color: navy }"));
    TestClient::new(app.serve(router))
}

fn shelves(browser: &TestClient<RecordHandler>) -> String {
    let db = &browser.handler().state().db;
    let sql = "SELECT coalesce(group_concat(shelf, '' ORDER BY number), '') FROM item";
    db.query_row(sql, [], |row| row.get(0)).unwrap()
}

/// Selects these rows, and presses a button.
fn act(
    browser: &mut TestClient<RecordHandler>,
    url: &str,
    rows: &[&str],
    button: &str,
) -> TestPage {
    let mut page = browser.get(url);
    for row in rows {
        page.check(&format!("Select {row}"));
    }
    browser.press(page, button)
}

#[test]
fn a_list_has_the_programs_page_and_its_values() {
    let mut browser = browser();
    let page = browser.get("/items?shelf=A");
    assert_eq!(page.title(), "Items");
    let html = page.html();
    assert!(html.contains("<a href=\"/item/new\">New</a> Sum 1354"), "{html}");
    assert!(html.contains("Tea") && !html.contains("Rice"));
    assert!(html.contains("data-live=\"records\""), "{html}");
}

#[test]
fn selected_rows_are_set_by_a_step_that_can_be_undone() {
    let mut browser = browser();
    let question = act(&mut browser, "/items", &["Tea", "Rice"], "Move to C");
    assert_eq!(question.title(), "Move to C 2 items?");
    assert!(!question.html().contains("Sum"), "the question has its own page");
    assert_eq!(shelves(&browser), "ABA");
    let list = browser.press(question, "Move to C");
    assert!(list.text().contains("2 items changed"), "{}", list.text());
    assert_eq!(shelves(&browser), "CCA");
    browser.press(list, "Undo: 2 items changed");
    assert_eq!(shelves(&browser), "ABA");
}

#[test]
fn all_rows_under_a_filter_are_set_although_the_column_has_its_name() {
    let mut browser = browser();
    let sent = [("all", "list"), ("action", "to-c"), ("confirmed", "2")];
    let done = Request::post("/items?shelf=A").form(sent).send_to(browser.handler_mut());
    assert_eq!(done.header("location"), Some("/items?shelf=A"));
    assert_eq!(shelves(&browser), "CBC");
}

#[test]
fn selected_rows_are_deleted_by_their_key() {
    let mut browser = browser();
    let question = act(&mut browser, "/items", &["Rice"], "Delete");
    assert_eq!(question.title(), "Delete one item?");
    let list = browser.press(question, "Delete");
    assert!(list.text().contains("one item deleted"), "{}", list.text());
    assert_eq!(shelves(&browser), "AA");
    browser.press(list, "Undo: one item deleted");
    assert_eq!(shelves(&browser), "ABA");
}

#[test]
fn an_action_of_the_programs_own_gets_the_rows() {
    let mut browser = browser();
    let list = act(&mut browser, "/items", &["Tea", "Salt"], "Say");
    assert!(list.text().contains("2 items: [1, 3]"), "{}", list.text());
}

#[test]
fn a_violated_constraint_changes_nothing_and_says_nothing() {
    let mut browser = browser();
    let answer = act(&mut browser, "/items", &["Tea", "Rice"], "Move to the roof");
    assert_eq!(answer.status(), 409, "{}", answer.text());
    assert!(answer.text().contains("so none was changed"), "{}", answer.text());
    assert_eq!(shelves(&browser), "ABA");
    assert!(!browser.get("/items").text().contains("changed"));
}

#[test]
fn what_is_still_in_use_is_not_deleted() {
    let mut browser = browser();
    browser.handler().state().db.execute("INSERT INTO sale VALUES (2)", []).unwrap();
    let question = act(&mut browser, "/items", &["Tea", "Rice"], "Delete");
    let answer = browser.press(question, "Delete");
    assert_eq!(answer.status(), 409);
    assert!(answer.text().contains("still in use, so none was deleted"), "{}", answer.text());
    assert_eq!(shelves(&browser), "ABA");
    let form = browser.get("/item/2/edit");
    let answer = browser.press(form, "Delete");
    assert_eq!(answer.status(), 409);
    assert!(answer.text().contains("This is still in use."), "{}", answer.text());
    if cfg!(feature = "json") {
        let request = Request::with_method(Method::DELETE, "/api/items/2");
        let answer = request.send_to(browser.handler_mut());
        assert_eq!(answer.status(), 409);
        assert_eq!(answer.header("content-type"), Some("application/problem+json"));
    }
    assert_eq!(shelves(&browser), "ABA");
}

#[test]
fn a_form_changes_the_selected_rows() {
    let mut browser = browser();
    let mut form = act(&mut browser, "/items?shelf=A", &["Tea", "Salt"], "Move…");
    assert_eq!(form.title(), "Change 2 items");
    form.fill("Shelf", "D");
    let list = browser.press(form, "Save");
    assert!(list.text().contains("2 items changed"), "{}", list.text());
    assert_eq!(list.url(), "/items?shelf=A");
    assert_eq!(shelves(&browser), "DBD");
    browser.press(list, "Undo: 2 items changed");
    assert_eq!(shelves(&browser), "ABA");
}

#[test]
fn the_index_of_a_records_pages_is_where_they_lead_back_to() {
    let mut browser = browser();
    let mut form = browser.get("/item/2/edit");
    assert!(form.html().contains("href=\"/item\""), "{}", form.html());
    form.fill("Name", "Brown rice");
    let list = browser.press(form, "Save");
    assert_eq!((list.url(), list.title()), ("/item", "Items"));
    assert!(list.text().contains("Brown rice"));
    let form = browser.get("/item/2/edit");
    assert_eq!(browser.press(form, "Delete").url(), "/item");
    // Actions are posted to the index too.
    let question = act(&mut browser, "/item", &["Tea"], "Delete");
    assert_eq!(question.title(), "Delete one item?");
}

#[test]
fn other_paths_and_methods_are_refused() {
    let mut browser = browser();
    assert_eq!(browser.get("/items/7").status(), 404);
    let put = Request::with_method(Method::PUT, "/items").send_to(browser.handler_mut());
    assert_eq!(
        (put.status().as_u16(), put.header("allow")),
        (405, Some("GET, HEAD, POST, OPTIONS"))
    );
}

#[test]
fn the_number_format_is_that_of_the_settings_from_the_next_request_on() {
    let mut browser = browser();
    assert!(browser.get("/items").text().contains("12.50"));
    let mut form = browser.get("/settings");
    form.choose("Number format", "1.234,50");
    browser.press(form, "Save");
    let page = browser.get("/items");
    assert!(page.text().contains("12,50"), "{}", page.text());
    assert_eq!(browser.get("/item/1/edit").value("Price"), "12,50");
    browser.press(page, "Undo: “Settings” saved");
    assert!(browser.get("/items").text().contains("12.50"));
    Locale::install_part(Numerals::default());
}

#[test]
fn settings_that_cannot_be_read_are_reported() {
    let mut browser = browser();
    browser.handler().state().db.execute("DELETE FROM setting", []).unwrap();
    assert_eq!(browser.get("/items").status(), 404);
}

#[test]
fn the_style_sheet_is_the_librarys_and_then_the_programs() {
    let mut browser = browser();
    let style = Request::get("/style.css").send_to(browser.handler_mut());
    assert_eq!(style.header("content-type"), Some("text/css; charset=utf-8"));
    let style = style.into_text();
    assert!(style.starts_with(solohttp_forms::STYLE) && style.ends_with("body { color: navy }"));
}
