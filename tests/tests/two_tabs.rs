//! One record of the datebook in two tabs: what both changed is in the file, or was asked first.

use std::env;
use std::path::{Path, PathBuf};

use solohttp::sqlite::rusqlite::Connection;
use solohttp_tests::browser::{Browser, Page};
use solohttp_tests::program::{self, Program};
use tempfile::TempDir;

struct Book {
    datebook: Program,
    file: PathBuf,
    _folder: TempDir,
}

impl Book {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("book.sqlite");
        let mut datebook = program::example("datebook");
        datebook.args(["--port", "0", "--no-browser", "--file", file.to_str().unwrap()]);
        Self { datebook: program::launch(datebook), file, _folder: folder }
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.datebook.url)
    }

    /// What the file holds, one text per row.
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

fn write(page: &mut Page<'_>, selector: &str, text: &str) {
    page.click(selector);
    page.press("Control+a");
    page.type_text(text);
}

fn save(page: &mut Page<'_>) {
    page.navigate(|page| page.click(".buttons button"));
}

fn add_contact(page: &mut Page<'_>, book: &Book) {
    page.open(&book.url("contact/new"));
    write(page, "#f-name", "Ada");
    write(page, "#f-phone", "1");
    save(page);
}

/// Where a person looks at the page: `SHOTS` names a folder.
fn shoot(page: &mut Page<'_>, name: &str) {
    if let Some(folder) = env::var_os("SHOTS") {
        page.screenshot(Path::new(&folder).join(name));
    }
}

#[test]
fn two_tabs_that_change_different_fields_are_both_kept() {
    let (book, browser) = (Book::start(), Browser::launch());
    let (mut one, mut two) = (browser.page(), browser.page());
    add_contact(&mut one, &book);
    one.open(&book.url("contact/1/edit"));
    two.open(&book.url("contact/1/edit"));
    write(&mut one, "#f-phone", "2");
    write(&mut two, "#f-notes", "Met in Turin");
    save(&mut one);
    save(&mut two);
    assert!(two.text().contains("Ada is saved."), "{}", two.text());
    assert_eq!(book.contacts(), ["1|Ada|2|Met in Turin"]);
}

#[test]
fn two_tabs_that_change_one_field_are_asked_which_one_to_save() {
    let (book, browser) = (Book::start(), Browser::launch());
    let (mut one, mut two) = (browser.page(), browser.page());
    add_contact(&mut one, &book);
    for (choice, expect) in [(1, "2"), (0, "3")] {
        one.open(&book.url("contact/1/edit"));
        two.open(&book.url("contact/1/edit"));
        let first = if choice == 1 { "2" } else { "4" };
        write(&mut one, "#f-phone", first);
        write(&mut two, "#f-phone", "3");
        write(&mut two, "#f-notes", &format!("Notes {choice}"));
        save(&mut one);
        save(&mut two);
        let told = format!("Changed meanwhile: it is now “{first}”.");
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

#[test]
fn a_contact_that_another_tab_deleted_is_offered_as_a_new_one() {
    let (book, browser) = (Book::start(), Browser::launch());
    let (mut one, mut two) = (browser.page(), browser.page());
    add_contact(&mut one, &book);
    two.open(&book.url("contact/1/edit"));
    write(&mut two, "#f-notes", "Met in Turin");
    one.open(&book.url("contact/1/edit"));
    one.navigate(|page| page.click("form[action='/contact/1/delete'] button"));
    assert_eq!(book.contacts(), Vec::<String>::new());
    save(&mut two);
    assert!(two.text().contains("This record was deleted meanwhile."), "{}", two.text());
    assert_eq!(book.contacts(), Vec::<String>::new());
    shoot(&mut two, "deleted.png");
    save(&mut two);
    let contacts = book.contacts();
    assert_eq!(contacts.len(), 1, "{contacts:?}");
    assert!(contacts[0].ends_with("|Ada|1|Met in Turin"), "{contacts:?}");
    assert!(two.text().contains("Ada is saved."), "{}", two.text());
}
