//! A datebook record is changed in two tabs. Either both changes are saved, or the user is asked
//! which one to keep.

use std::path::{Path, PathBuf};
use std::{env, fs};

use solohttp::forms::{
    FormView, Formlet, RecordForm, STYLE, Submission, form, formlet, number, rows, text,
};
use solohttp::sqlite::rusqlite::Connection;
use solohttp::{Handler, IoList, Request, Response, Result, Router, iolist};
use solohttp_tests::browser::{Browser, Engine, Page};
use solohttp_tests::in_each_browser;
use solohttp_tests::program::{self, Program};
use solohttp_tests::served::serve;
use tempfile::TempDir;

struct Book {
    datebook: Program,
    file: PathBuf,
    folder: TempDir,
}

impl Book {
    /// Starts the program and signs the browser in.
    fn start(browser: &Browser) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("datebook.sqlite");
        let command = program::desktop_example("datebook", folder.path());
        let mut datebook = program::launch(command);
        let mut page = browser.page();
        page.open(&datebook.sign_in_link());
        page.wait_for("document.title.includes('Week') && document.readyState === 'complete'");
        Self { datebook, file, folder }
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.datebook.url)
    }

    /// Returns the rows that a query finds in the file, each as a single string.
    fn rows(&self, sql: &str) -> Vec<String> {
        let db = Connection::open(&self.file).unwrap();
        let mut statement = db.prepare(sql).unwrap();
        let rows = statement.query_map([], |row| row.get(0)).unwrap();
        rows.collect::<Result<Vec<String>, _>>().unwrap()
    }

    fn contacts(&self) -> Vec<String> {
        self.rows(
            "SELECT id || '|' || name || '|' || phone || '|' || notes FROM contact ORDER BY id",
        )
    }
}

fn save(page: &mut Page<'_>) {
    page.navigate(|page| page.click(".buttons button"));
}

fn add_contact(page: &mut Page<'_>, book: &Book) {
    page.open(&book.url("contact/new"));
    page.type_over("#f-name", "Ada");
    page.type_over("#f-phone", "1");
    save(page);
}

/// An invoice with rows, in its own database file. None of the datebook's forms has rows.
struct Invoice {
    customer: String,
    lines: Vec<Line>,
}

struct Line {
    item: String,
    count: i64,
}

struct EditInvoice;

impl Formlet<Connection> for EditInvoice {
    type Record = Invoice;

    fn form(&mut self, _: &mut Connection) -> Result<RecordForm<Invoice>> {
        let line = form!(Line { item: text("Item").required(), count: number("Count") });
        Ok(form!(Invoice { customer: text("Customer"), lines: rows("Lines", line) }))
    }

    fn load(&mut self, db: &mut Connection, _: &Request) -> Result<Option<Invoice>> {
        let customer = db.query_row("SELECT customer FROM invoice", [], |row| row.get(0))?;
        let mut statement = db.prepare("SELECT item, count FROM line ORDER BY place")?;
        let lines = statement
            .query_map([], |row| Ok(Line { item: row.get(0)?, count: row.get(1)? }))?
            .collect::<Result<Vec<Line>, _>>()?;
        Ok(Some(Invoice { customer, lines }))
    }

    fn save(&mut self, db: &mut Connection, it: Invoice, _: &Submission<'_>) -> Result<Response> {
        db.execute("UPDATE invoice SET customer = ?1", [it.customer])?;
        db.execute("DELETE FROM line", [])?;
        for (place, line) in it.lines.into_iter().enumerate() {
            let values = (i64::try_from(place)?, line.item, line.count);
            db.execute("INSERT INTO line (place, item, count) VALUES (?1, ?2, ?3)", values)?;
        }
        Ok(Response::redirect("/saved"))
    }

    fn page(
        &mut self,
        _: &mut Connection,
        view: &FormView<Invoice>,
        _: &Request,
    ) -> Result<IoList> {
        let start = "<!DOCTYPE html><html lang=\"en\"><title>Invoice</title><style>";
        Ok(iolist![start, STYLE, "</style>", view.render()])
    }
}

fn invoices(file: &Path) -> impl Handler + use<> {
    let db = Connection::open(file).unwrap();
    db.execute_batch(
        "CREATE TABLE invoice (customer TEXT);
        CREATE TABLE line (place INTEGER, item TEXT, count INTEGER);
        INSERT INTO invoice VALUES ('Ada');
        INSERT INTO line VALUES (0, 'Bolt', 3), (1, 'Nut', 5);",
    )
    .unwrap();
    let mut router = Router::new();
    router.mount("/invoice", formlet(EditInvoice));
    router.get("/saved", |_: &mut Connection| "<title>Saved</title><p>Saved</p>");
    router.with_state(db)
}

fn the_rows_of_an_invoice_are_merged_or_chosen(browser: &Browser) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("invoices.sqlite");
    let server = serve({
        let file = file.clone();
        move || invoices(&file)
    });
    let kept = || -> String {
        let sql = "SELECT (SELECT customer FROM invoice) || '|' ||
            (SELECT group_concat(item || ' ' || count) FROM (SELECT * FROM line ORDER BY place))";
        Connection::open(&file).unwrap().query_row(sql, [], |row| row.get(0)).unwrap()
    };
    let (mut one, mut two) = (browser.page(), browser.page());
    let url = format!("{}invoice", server.url);
    one.open(&url);
    two.open(&url);
    one.type_over("#f-customer", "Grace");
    two.navigate(|page| page.click("[value='remove lines 0']"));
    save(&mut one);
    save(&mut two);
    assert_eq!(two.text().trim(), "Saved");
    assert_eq!(kept(), "Grace|Nut 5", "the customer of one, the rows of the other");

    one.open(&url);
    two.open(&url);
    one.type_over("#f-lines-0-count", "6");
    two.type_over("#f-lines-0-count", "7");
    save(&mut one);
    save(&mut two);
    assert!(
        two.text().contains("This has changed since you opened the form. It is now “Nut, 6”."),
        "{}",
        two.text()
    );
    assert_eq!(kept(), "Grace|Nut 6");
    shoot(&mut two, "invoice.png");
    two.click("#f-lines-version-0");
    save(&mut two);
    assert_eq!(kept(), "Grace|Nut 7");
}

/// If the environment variable `SHOTS` names a folder, saves a screenshot there for manual review.
fn shoot(page: &mut Page<'_>, name: &str) {
    if let Some(folder) = env::var_os("SHOTS") {
        page.eval(
            "document.querySelector('.versions, .buttons').scrollIntoView({block: 'center'})",
        );
        page.screenshot(Path::new(&folder).join(name));
    }
}

fn two_tabs_that_change_different_fields_are_both_kept(browser: &Browser) {
    let book = Book::start(browser);
    let (mut one, mut two) = (browser.page(), browser.page());
    add_contact(&mut one, &book);
    one.open(&book.url("contact/1/edit"));
    two.open(&book.url("contact/1/edit"));
    one.type_over("#f-phone", "2");
    two.type_over("#f-notes", "Met in Turin");
    save(&mut one);
    save(&mut two);
    assert!(two.text().contains("“Ada” saved"), "{}", two.text());
    assert_eq!(book.contacts(), ["1|Ada|2|Met in Turin"]);
}

fn two_tabs_that_change_one_field_are_asked_which_one_to_save(browser: &Browser) {
    let book = Book::start(browser);
    let (mut one, mut two) = (browser.page(), browser.page());
    add_contact(&mut one, &book);
    for (choice, expect) in [(1, "2"), (0, "3")] {
        one.open(&book.url("contact/1/edit"));
        two.open(&book.url("contact/1/edit"));
        let first = if choice == 1 { "2" } else { "4" };
        one.type_over("#f-phone", first);
        two.type_over("#f-phone", "3");
        two.type_over("#f-notes", &format!("Notes {choice}"));
        save(&mut one);
        save(&mut two);
        let told = format!("This has changed since you opened the form. It is now “{first}”.");
        assert!(two.text().contains(&told), "{}", two.text());
        assert_eq!(two.eval("document.querySelector('#f-phone').value"), "3");
        let before = book.contacts();
        assert!(before[0].starts_with(&format!("1|Ada|{first}|")), "{before:?}");
        shoot(&mut two, "conflict.png");
        two.click(&format!("#f-phone-version-{choice}"));
        save(&mut two);
        assert_eq!(book.contacts(), [format!("1|Ada|{expect}|Notes {choice}")]);
    }
}

fn a_contact_that_another_tab_deleted_is_offered_as_a_new_one(browser: &Browser) {
    let book = Book::start(browser);
    let (mut one, mut two) = (browser.page(), browser.page());
    add_contact(&mut one, &book);
    two.open(&book.url("contact/1/edit"));
    two.type_over("#f-notes", "Met in Turin");
    one.open(&book.url("contact/1/edit"));
    one.navigate(|page| page.click("form[action='/contact/1/delete'] button"));
    assert_eq!(book.contacts(), Vec::<String>::new());
    save(&mut two);
    assert!(
        two.text().contains("This record has been deleted since you opened the form."),
        "{}",
        two.text()
    );
    assert_eq!(book.contacts(), Vec::<String>::new());
    shoot(&mut two, "deleted.png");
    save(&mut two);
    let contacts = book.contacts();
    assert_eq!(contacts.len(), 1, "{contacts:?}");
    assert!(contacts[0].ends_with("|Ada|1|Met in Turin"), "{contacts:?}");
    assert!(two.text().contains("“Ada” added"), "{}", two.text());
}

/// Goes back to the form after a save.
fn back_to_the_form(page: &mut Page<'_>) {
    page.back();
    page.wait_for("document.readyState === 'complete' && document.querySelector('#f-phone')");
}

fn a_contact_that_is_saved_again_after_going_back_meets_no_conflict(browser: &Browser) {
    let book = Book::start(browser);
    let mut page = browser.page();
    add_contact(&mut page, &book);
    page.open(&book.url("contact/1/edit"));
    page.type_over("#f-notes", "One");
    page.type_over("#f-phone", "2");
    save(&mut page);
    for (notes, phone) in [("Two", "2"), ("Two", "22"), ("Three", "3")] {
        back_to_the_form(&mut page);
        page.type_over("#f-notes", notes);
        page.type_over("#f-phone", phone);
        save(&mut page);
        assert!(page.text().contains("“Ada” saved"), "{}", page.text());
        assert_eq!(book.contacts(), [format!("1|Ada|{phone}|{notes}")]);
    }
}

fn going_back_saves_over_nothing_that_another_tab_saved_since(browser: &Browser) {
    let book = Book::start(browser);
    let (mut one, mut two) = (browser.page(), browser.page());
    add_contact(&mut one, &book);
    one.open(&book.url("contact/1/edit"));
    two.open(&book.url("contact/1/edit"));
    one.type_over("#f-notes", "One");
    save(&mut one);
    two.type_over("#f-phone", "2");
    save(&mut two);
    back_to_the_form(&mut one);
    one.type_over("#f-notes", "Two");
    save(&mut one);
    assert!(one.text().contains("“Ada” saved"), "{}", one.text());
    assert_eq!(book.contacts(), ["1|Ada|2|Two"]);
}

/// Writes a file that passes for an image because of its first bytes.
fn picture(folder: &Path, name: &str) -> PathBuf {
    let path = folder.join(format!("{name}.png"));
    fs::write(&path, [b"\x89PNG\r\n\x1a\n", name.as_bytes()].concat()).unwrap();
    path
}

#[test]
fn a_photo_that_both_tabs_replaced_is_asked_about_and_one_beside_a_text_is_merged() {
    let browser = Browser::shared(Engine::Chromium);
    let book = Book::start(&browser);
    let (mut one, mut two) = (browser.page(), browser.page());
    let [first, second, third] =
        ["first", "second", "third"].map(|name| picture(book.folder.path(), name));
    let photo = || book.rows("SELECT CAST(substr(bytes, 9) AS TEXT) FROM photo");
    add_contact(&mut one, &book);

    one.open(&book.url("contact/1/edit"));
    two.open(&book.url("contact/1/edit"));
    one.upload("#f-photo", &[&first]);
    two.type_over("#f-notes", "Met in Turin");
    save(&mut one);
    save(&mut two);
    assert_eq!(book.contacts(), ["1|Ada|1|Met in Turin"]);
    assert_eq!(photo(), ["first"]);

    for (choice, expect) in [(1, "second"), (0, "third")] {
        one.open(&book.url("contact/1/edit"));
        two.open(&book.url("contact/1/edit"));
        let (theirs, mine) = if choice == 1 { (&second, &third) } else { (&first, &third) };
        one.upload("#f-photo", &[theirs]);
        two.upload("#f-photo", &[mine]);
        save(&mut one);
        let before = photo();
        save(&mut two);
        let name = theirs.file_name().unwrap().to_str().unwrap();
        let told = format!("This has changed since you opened the form. It is now “{name}”.");
        assert!(two.text().contains(&told), "{}", two.text());
        assert_eq!(photo(), before, "nothing is saved");
        shoot(&mut two, "photo.png");
        two.click(&format!("#f-photo-version-{choice}"));
        save(&mut two);
        assert_eq!(photo(), [expect]);
    }
}

in_each_browser!(
    the_rows_of_an_invoice_are_merged_or_chosen,
    two_tabs_that_change_different_fields_are_both_kept,
    two_tabs_that_change_one_field_are_asked_which_one_to_save,
    a_contact_that_another_tab_deleted_is_offered_as_a_new_one,
    a_contact_that_is_saved_again_after_going_back_meets_no_conflict,
    going_back_saves_over_nothing_that_another_tab_saved_since,
);
