//! Tests of the state and its pages, without a socket.

use solohttp_core::{Locale, Rejection, Request, Response, StatusCode, TestClient};
use solohttp_desktop::Work;
use solohttp_router::{Path, Router};
use solohttp_sqlite_guard::{Copies, Record as _};

use super::*;
use crate::forms::{Choices, FormPage, select, text};

crate::record! {
    #[derive(Serialize)]
    struct Shelf in "shelf" {
        name: String = text("Name").required(),
    }
}

crate::record! {
    struct Sample in "sample" form(shelves: Choices<i64>) {
        code: String = text("Code").required(),
        shelf: Option<i64> = select("Shelf", shelves).optional(),
    }
}

#[derive(Debug, Default)]
struct Own {
    restored: usize,
}

type App = RecordApp<Own>;

const SCHEMA: &str = "
    CREATE TABLE shelf (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;
    CREATE TABLE sample (
        id INTEGER PRIMARY KEY,
        code TEXT NOT NULL UNIQUE,
        shelf INTEGER REFERENCES shelf
    ) STRICT;
    CREATE TABLE visit (page TEXT NOT NULL) STRICT";

fn templates() -> TemplateFolder {
    TemplateFolder::embedded(&[
        (
            "page",
            "<!DOCTYPE html><title>{title} – {shelves}</title>{flash}{work}{undo}<main>{body}</main>",
        ),
        ("list", "<extend>page <?body?><?each rows?><p>{name}</p><?end each?></extend>"),
        ("form", "<extend>page <?body?>{form}</extend>"),
    ])
}

fn app_in(place: &Place, database: Database) -> RecordHandler<Own> {
    let database = database.migrations([SCHEMA]).record::<Shelf>().record::<Sample>();
    let app = RecordApp::open(place, database, templates())
        .unwrap()
        .with_state(Own::default())
        .frame(|app| {
            let sql = "SELECT count(*) FROM shelf";
            let shelves: i64 = app.db.query_row(sql, [], |row| row.get(0))?;
            Ok(values! { shelves })
        })
        .undo_except(["visit"])
        .after_restore(|app| app.state.restored += 1);
    let mut router = Router::new();
    router.get("/", list);
    router.mount("/shelf", App::pages(|shelf: &Shelf| &shelf.name).titles("New shelf", "Shelf"));
    router.mount(
        "/sample",
        App::pages_with_form(
            |sample: &Sample| &sample.code,
            |app, _| Ok(Sample::form(Choices::new(Shelf::labels(&app.db, |one| &one.name)?))),
        ),
    );
    let fixed = App::pages(|shelf: &Shelf| &shelf.name).without_delete();
    router.mount(
        "/fixed",
        fixed.load(|app, id| {
            let Shelf { name } = Shelf::get(&app.db, id)?;
            Ok(Shelf { name: name.to_uppercase() })
        }),
    );
    router.mount("/first", first_shelf());
    router.post("/rename/*", rename);
    router.post("/visit", |app: &mut App| -> Result<Response> {
        app.write("Visited", |tx| Ok(tx.execute("INSERT INTO visit VALUES ('list')", [])?))?;
        Ok(Response::redirect("/"))
    });
    app.serve(router)
}

fn app() -> RecordHandler<Own> {
    app_in(&Place::at(""), Database::in_memory())
}

fn list(app: &mut App) -> Result<IoList> {
    app.page("Shelves", "list", &values! { rows: Shelf::select(&app.db, "ORDER BY name", [])? })
}

/// Edits the shelf with the key 1.
fn first_shelf() -> FormPage<App, Shelf> {
    App::form(
        |_, _| Ok(Shelf::form()),
        |app, shelf: Shelf, _| {
            app.write("First shelf renamed", |tx| Ok(shelf.update(tx, 1)?))?;
            app.say("Renamed.");
            Ok(Response::redirect("/"))
        },
    )
    .title("First shelf")
    .load(|app, _| Shelf::get(&app.db, 1))
}

/// Says that all is well, but fails for some ids.
fn rename(app: &mut App, Path(id): Path<i64>) -> Result<Response> {
    app.say("Renamed.");
    match id {
        1 => Ok(Response::redirect("/")),
        2 => Ok(Response::text("Not this one.").with_status(StatusCode::CONFLICT)),
        _ => Err(Rejection::new(StatusCode::CONFLICT, "Not this one.").into()),
    }
}

fn add(browser: &mut TestClient<RecordHandler<Own>>, name: &str) -> String {
    let mut form = browser.get("/shelf/new");
    assert_eq!(form.title(), format!("New shelf – {}", number_of_shelves(browser)));
    form.fill("Name", name);
    browser.press(form, "Save").text().to_owned()
}

fn number_of_shelves(browser: &TestClient<RecordHandler<Own>>) -> i64 {
    let db = &browser.handler().state().db;
    db.query_row("SELECT count(*) FROM shelf", [], |row| row.get(0)).unwrap()
}

#[test]
fn a_record_is_added_saved_and_deleted_in_steps_that_can_be_undone() {
    let mut browser = TestClient::new(app());
    let list = add(&mut browser, "Fridge & co");
    assert!(list.contains("“Fridge & co” added"), "{list}");
    assert!(list.contains("Undo: “Fridge & co” added"), "{list}");

    let mut form = browser.get("/shelf/1/edit");
    assert_eq!(form.title(), "Shelf – 1");
    form.fill("Name", "Attic");
    let list = browser.press(form, "Save");
    assert!(list.text().contains("Undo: “Attic” saved"), "{}", list.text());

    let form = browser.get("/shelf/1/edit");
    let list = browser.press(form, "Delete");
    assert!(list.text().contains("Undo: “Attic” deleted"), "{}", list.text());
    assert_eq!(number_of_shelves(&browser), 0);
    browser.press(list, "Undo: “Attic” deleted");
    assert_eq!(number_of_shelves(&browser), 1);
    assert!(browser.get("/").text().contains("Redo: “Attic” deleted"));
}

#[test]
fn a_program_replaces_what_the_pages_begin_with() {
    let mut app = app();
    Request::post("/fixed/new").form([("name", "Attic")]).send_to(&mut app);
    let page = Request::get("/fixed/1/edit").send_to(&mut app).into_text();
    assert!(page.contains("value=\"ATTIC\"") && !page.contains("Delete"), "{page}");
    assert_eq!(Request::post("/fixed/1/delete").send_to(&mut app).status(), 404);
}

#[test]
fn a_form_of_its_own_has_the_programs_page() {
    let mut browser = TestClient::new(app());
    add(&mut browser, "Attic");
    let mut form = browser.get("/first");
    assert_eq!(form.title(), "First shelf – 1");
    form.fill("Name", "Cellar");
    let list = browser.press(form, "Save");
    assert!(list.text().contains("Renamed.") && list.text().contains("Cellar"));
    browser.press(list, "Undo: First shelf renamed");
    assert!(browser.get("/").text().contains("Attic"));
}

#[test]
fn the_choices_of_a_reference_are_sorted_labels() {
    let mut browser = TestClient::new(app());
    for name in ["Zulu", "äther", "Bravo"] {
        add(&mut browser, name);
    }
    let mut form = browser.get("/sample/new");
    let html = form.html().into_owned();
    let at = |name: &str| html.find(&format!(">{name}</option>")).unwrap();
    assert!(at("äther") < at("Bravo") && at("Bravo") < at("Zulu"), "{html}");
    form.fill("Code", "A").choose("Shelf", "äther");
    browser.press(form, "Save");
    let db = &browser.handler().state().db;
    let sample = Sample::get(db, 1).unwrap();
    assert_eq!(Shelf::label(db, sample.shelf, |one| &one.name).unwrap().as_deref(), Some("äther"));
}

#[test]
fn a_violated_constraint_is_shown_and_nothing_is_said() {
    let mut browser = TestClient::new(app());
    for status in [200, 422] {
        let mut form = browser.get("/sample/new");
        form.fill("Code", "A");
        let page = browser.press(form, "Save");
        assert_eq!(page.status(), status);
    }
    let page = browser.get("/").text().to_owned();
    assert!(page.contains("Undo: “A” added") && !page.starts_with("“A” added"), "{page}");
}

#[test]
fn a_message_is_shown_once_and_only_after_success() {
    let mut app = app();
    for id in [2, 3] {
        Request::post(&format!("/rename/{id}")).send_to(&mut app);
        let page = Request::get("/").send_to(&mut app).into_text();
        assert!(!page.contains("Renamed."), "{id}: {page}");
    }
    Request::post("/rename/1").send_to(&mut app);
    assert!(Request::get("/").send_to(&mut app).into_text().contains("Renamed."));
    assert!(!Request::get("/").send_to(&mut app).into_text().contains("Renamed."));
}

#[test]
fn excluded_tables_are_not_in_the_list_of_changes() {
    let mut app = app();
    Request::post("/visit").send_to(&mut app);
    assert!(app.state().undo.steps().is_empty());
    Request::post("/shelf/new").form([("name", "Attic")]).send_to(&mut app);
    assert_eq!(app.state().undo.steps()[0].name, "“Attic” added");
}

#[test]
fn the_sentences_are_those_of_the_locale() {
    let words = RecordWords { added: "„{name}“ angelegt".into(), ..RecordWords::default() };
    Locale::new().with(words).install();
    let mut app = app();
    Request::post("/shelf/new").form([("name", "Keller")]).send_to(&mut app);
    assert!(Request::get("/").send_to(&mut app).into_text().contains("„Keller“ angelegt"));
    Locale::new().install();
}

#[test]
fn data_takes_precedence_over_the_frame_and_the_programs_frame_over_the_librarys() {
    let app = RecordApp::open(&Place::at(""), Database::in_memory(), {
        TemplateFolder::embedded(&[("one", "{title} {undo} {shop}")])
    });
    let app = app.unwrap().frame(|_| Ok(values! { shop: "Corner", undo: "no undo" }));
    let text = |data: &dyn Fn(&RecordApp) -> Result<IoList>| data(&app).unwrap().to_string();
    assert_eq!(text(&|app| app.page("A & B", "one", &())), "A &amp; B no undo Corner");
    assert_eq!(
        text(&|app| app.page("A", "one", &values! { title: "B", shop: "C" })),
        "B no undo C"
    );
    let failing = app.frame(|_| Err::<(), _>("no frame".into()));
    assert_eq!(failing.page("A", "one", &()).unwrap_err().to_string(), "no frame");
}

#[test]
fn a_copy_is_restored_and_the_program_forgets_what_it_has_read() {
    let folder = tempfile::tempdir().unwrap();
    let place = Place::at(folder.path());
    let database = || Database::at(place.file("lab.sqlite")).daily_copies(7).without_thread();
    drop(app_in(&place, database()));
    let mut browser = TestClient::new(app_in(&place, database()));
    let file = browser.handler().state().file.clone();
    assert_eq!(file.file_name().unwrap(), "lab.sqlite");
    add(&mut browser, "Attic");
    let copies = Copies::of(&browser.handler().state().db).unwrap().list().unwrap();
    let copy = copies.first().expect("opening has made a copy").name.clone();
    let page = browser.get("/__copies/");
    assert!(page.html().contains(&copy), "{}", page.html());
    let restore = Request::post("/__copies/restore").form([("copy", copy.as_str())]);
    restore.send_to(browser.handler_mut());
    let state = browser.handler().state();
    assert_eq!((number_of_shelves(&browser), state.state.restored), (0, 1));
    assert!(state.undo.steps().is_empty());
}

#[test]
fn a_transaction_that_is_left_open_is_reported_and_nothing_is_said() {
    let mut router = Router::new();
    router.post("/", |app: &mut RecordApp| -> Result<Response> {
        app.db.execute_batch("BEGIN; CREATE TABLE lost (x) STRICT")?;
        app.say("Saved.");
        Ok(Response::redirect("/"))
    });
    router.get("/", |app: &mut RecordApp| app.flash.take().concat());
    let app = RecordApp::open(&Place::at(""), Database::in_memory(), templates()).unwrap();
    let mut app = app.serve(router);
    assert_eq!(Request::post("/").send_to(&mut app).status(), 500);
    assert_eq!(Request::get("/").send_to(&mut app).into_text(), "");
}

#[test]
#[should_panic(expected = "call `with_state` before `frame`")]
fn the_state_comes_before_the_frame() {
    let app = RecordApp::open(&Place::at(""), Database::in_memory(), templates()).unwrap();
    let _ = app.frame(|_| Ok(())).with_state(1);
}

#[test]
fn jobs_are_those_of_the_place() {
    let app = app();
    let work: &Work = &app.state().work;
    work.start("Sum", |_| Ok("3"));
    work.wait();
    let page = app.state().page("A", "list", &values! { rows: [(); 0] }).unwrap();
    assert!(page.to_string().contains('3'), "{page}");
}
