//! Tests of the import with a real file, without a socket.

use solohttp_core::{Request, TestClient, TestPage, values};
use solohttp_desktop::Place;
use solohttp_forms::{Choices, fixed_point, select, text};
use solohttp_router::Router;
use solohttp_sqlite_guard::Database;
use solohttp_template::TemplateFolder;
use tempfile::TempDir;

use super::*;
use crate::app::RecordHandler;

crate::record! {
    struct Shelf in "shelf" {
        name: String = text("Name").required(),
    }
}

crate::record! {
    struct Sample in "sample" form(shelves: Choices<i64>) {
        code: String = text("Code").required(),
        mass: i64 = fixed_point("Mass", 1),
        shelf: Option<i64> = select("Shelf", shelves).optional(),
    }
}

crate::record! {
    struct Part in "part" form(parts: Choices<i64>) {
        name: String = text("Name").required(),
        whole: Option<i64> = select("Whole", parts).optional(),
    }
}

type App = RecordApp;
type Browser = TestClient<RecordHandler>;

const SCHEMA: &str = "
    CREATE TABLE shelf (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;
    INSERT INTO shelf VALUES (7, 'Fridge');
    CREATE TABLE sample (
        id INTEGER PRIMARY KEY,
        code TEXT NOT NULL UNIQUE,
        mass INTEGER NOT NULL,
        shelf INTEGER REFERENCES shelf
    ) STRICT;
    INSERT INTO sample VALUES (1, 'A', 5, NULL);
    CREATE TABLE part (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        whole INTEGER REFERENCES part
    ) STRICT;
    INSERT INTO part VALUES (3, 'Pump', NULL)";

fn sample_form(db: &Connection) -> Result<RecordForm<Sample>> {
    Ok(Sample::form(Choices::new(Shelf::labels(db, |shelf| &shelf.name)?)))
}

fn part_form(db: &Connection) -> Result<RecordForm<Part>> {
    Ok(Part::form(Choices::new(Part::labels(db, |part| &part.name)?)))
}

fn browser() -> (Browser, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let templates = TemplateFolder::embedded(&[
        ("page", "<!DOCTYPE html><title>{title}</title>{flash}{work}{undo}<main>{body}</main>"),
        ("home", "<extend>page <?body?>Home</extend>"),
        ("form", "<extend>page <?body?>{form}</extend>"),
    ]);
    let place = Place::at(folder.path());
    let database = Database::at(place.file("lab.sqlite")).migrations([SCHEMA]);
    let database = database.record::<Shelf>().record::<Sample>().record::<Part>();
    let app = RecordApp::open(&place, database, templates).unwrap();
    let mut router = Router::new();
    router.get("/home", |app: &mut App| app.page("Home", "home", &values! {}));
    router.any("/import", App::import(sample_form).back_to("/home"));
    router.any("/parts", App::import(part_form).back_to("/home"));
    (TestClient::new(app.serve(router)), folder)
}

/// Imports a file, and waits for the job.
fn import(browser: &mut Browser, csv: &str, set: impl Fn(&mut TestPage)) -> TestPage {
    let mut page = browser.get("/import");
    page.upload("CSV file", "list.csv", csv);
    set(&mut page);
    let answer = browser.press(page, "Import");
    browser.handler().state().work.wait();
    if answer.status() == 200 { browser.get(answer.url()) } else { answer }
}

fn samples(browser: &Browser) -> String {
    let sql =
        "SELECT group_concat(code || mass || ifnull(shelf, ''), ' ' ORDER BY code) FROM sample";
    browser.handler().state().db.query_row(sql, [], |row| row.get(0)).unwrap()
}

#[test]
fn a_file_is_imported_as_one_change() {
    let (mut browser, _folder) = browser();
    let page = browser.get("/import");
    assert_eq!(page.title(), "Import");
    assert!(page.text().contains("in any order: code, mass, shelf."), "{}", page.text());
    let page = import(&mut browser, "Mass,code,Shelf\n1.5,B,Fridge\n2,C,\n", |_| {});
    assert_eq!(page.url(), "/home");
    assert!(page.text().contains("Rows imported: 2."), "{}", page.text());
    assert_eq!(samples(&browser), "A5 B157 C20");
    browser.press(page, "Undo: “list.csv” imported");
    assert_eq!(samples(&browser), "A5");
}

#[test]
fn rows_may_refer_to_their_own_table() {
    let (mut browser, _folder) = browser();
    let mut page = browser.get("/parts");
    page.upload("CSV file", "parts.csv", "name,whole\nRotor,Pump\n");
    browser.press(page, "Import");
    browser.handler().state().work.wait();
    let sql = "SELECT whole FROM part WHERE name = 'Rotor'";
    let db = &browser.handler().state().db;
    assert_eq!(db.query_row(sql, [], |row| row.get::<_, i64>(0)), Ok(3));
}

#[test]
fn wrong_columns_are_shown_at_the_file() {
    let (mut browser, _folder) = browser();
    let page = import(&mut browser, "code,colour\nB,red\n", |_| {});
    assert_eq!(page.status(), 422);
    assert!(page.error_at("CSV file").is_some_and(|error| error.contains("colour")));
    assert!(!browser.handler().state().work.is_running());
}

#[test]
fn invalid_rows_stop_the_import_and_are_listed_by_line() {
    let (mut browser, _folder) = browser();
    let page = import(&mut browser, "code,mass\nB,1\n,x\nA,2\nB,3\n", |_| {});
    let text = page.text();
    for line in
        ["Line 3: code: Fill in this field.", "Line 4: code: This is already taken.", "Line 5"]
    {
        assert!(text.contains(line), "{text}");
    }
    assert_eq!(samples(&browser), "A5");
}

#[test]
fn invalid_rows_are_skipped_if_the_user_says_so() {
    let (mut browser, _folder) = browser();
    let mut csv = String::from("code,mass\nB,1\n");
    csv += &",x\n".repeat(25);
    let page = import(&mut browser, &csv, |page| {
        page.check("Skip invalid rows");
    });
    let text = page.text();
    assert!(text.contains("Rows imported: 1. Rows skipped: 25. Line 3: code: Fill in"), "{text}");
    assert!(text.contains("Line 22:") && !text.contains("Line 23:"), "{text}");
    assert!(text.contains("And 5 more invalid rows."), "{text}");
    assert_eq!(samples(&browser), "A5 B10");
}

#[test]
fn numbers_have_the_format_that_the_user_chooses() {
    let (mut browser, _folder) = browser();
    import(&mut browser, "code;mass\nB;1,5\n", |page| {
        page.choose("Number format", "1.234,50");
    });
    assert_eq!(samples(&browser), "A5 B15");
}

#[test]
fn the_job_speaks_the_language_of_the_application() {
    let import_words = ImportWords {
        file: "Datei".into(),
        import: "Einlesen".into(),
        rows: "{count} Zeilen eingelesen.".into(),
        ..ImportWords::default()
    };
    let mut form_words = FormWords::default();
    form_words.csv_line = "Zeile {line}: {error}".into();
    Locale::new().with(import_words).with(form_words).install();
    let (mut browser, _folder) = browser();
    for (csv, says) in
        [("code,mass\nB,1\n", "1 Zeilen eingelesen."), ("code,mass\n,1\n", "Zeile 2:")]
    {
        let mut page = browser.get("/import");
        page.upload("Datei", "list.csv", csv);
        browser.press(page, "Einlesen");
        browser.handler().state().work.wait();
        let page = browser.get("/home");
        assert!(page.text().contains(says), "{}", page.text());
    }
    Locale::new().install();
}

#[test]
fn a_file_is_needed() {
    let (mut browser, _folder) = browser();
    let answer = Request::post("/import").form([("decimal", "0")]).send_to(browser.handler_mut());
    assert_eq!(answer.status(), 422);
}
