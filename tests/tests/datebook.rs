//! Uses the datebook as a user would. The same story runs with the mouse and with the keyboard
//! alone, and its outcome is checked in the database file. Other tests check every page with
//! axe-core and start a second instance.

use std::fs;
use std::path::Path;

use serde_json::Value;
use solohttp::sqlite::rusqlite::Connection;
use solohttp_tests::browser::{Browser, Engine, Page};
use solohttp_tests::program::{self, Program};

fn start(folder: &Path) -> Program {
    program::launch(program::desktop_example("datebook", folder))
}

/// The database in the program's data folder.
const FILE: &str = "datebook.sqlite";

const QUIT: &str = "form[action='/__desktop/quit'] button";

/// The button that imports a file, on the page with the file's preview.
const IMPORT: &str = "form[action^='/import/'] button";

/// Waits until an uploaded file has been checked and its preview appears, without a reload.
fn wait_for_preview(page: &mut Page<'_>) {
    page.wait_for(&format!("document.querySelector(\"{IMPORT}\")"));
}

/// Waits until the file has been imported and the list of contacts has updated itself.
fn wait_for_contact(page: &mut Page<'_>, name: &str) {
    page.wait_for(&format!("document.querySelector('#contacts').innerText.includes('{name}')"));
}

/// The input device used in the story.
#[derive(Clone, Copy, PartialEq)]
enum Hand {
    Mouse,
    Keyboard,
}

impl Hand {
    /// Follows a link or presses a button.
    #[track_caller]
    fn act(self, page: &mut Page<'_>, selector: &str) {
        match self {
            Self::Mouse => page.navigate(|page| page.click(selector)),
            Self::Keyboard => {
                tab_to(page, selector);
                page.navigate(|page| page.press("Enter"))
            }
        };
    }

    /// Checks a box or selects a radio button.
    fn choose(self, page: &mut Page<'_>, selector: &str) {
        match self {
            Self::Mouse => page.click_into(selector),
            Self::Keyboard => {
                // Tab moves to the selected radio button. From there, arrow keys select the others.
                let group = selector.split("[value").next().unwrap();
                tab_to(page, group);
                let is_chosen = format!("document.querySelector({selector:?}).checked");
                for _ in 0..10 {
                    if page.eval(&is_chosen) == true {
                        return;
                    }
                    page.press("ArrowUp");
                }
                panic!("the arrow keys don't reach {selector}");
            }
        }
    }

    /// Ticks a check box.
    fn tick(self, page: &mut Page<'_>, selector: &str) {
        match self {
            Self::Mouse => page.click_into(selector),
            Self::Keyboard => {
                tab_to(page, selector);
                page.press("Space");
            }
        }
        assert_eq!(page.eval(&format!("document.querySelector({selector:?}).checked")), true);
    }

    /// Replaces the text of a field.
    fn write(self, page: &mut Page<'_>, selector: &str, text: &str) {
        match self {
            Self::Mouse => page.click_into(selector),
            Self::Keyboard => tab_to(page, selector),
        }
        page.press("Control+a");
        page.type_text(text);
    }
}

/// Presses Tab until the element has focus.
#[track_caller]
fn tab_to(page: &mut Page<'_>, selector: &str) {
    let is_there = format!("document.activeElement.matches({selector:?})");
    for _ in 0..150 {
        if page.eval(&is_there) == true {
            return;
        }
        page.press("Tab");
    }
    panic!("the Tab key doesn't reach {selector}");
}

/// A one-pixel image.
const PIXEL: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

const CSV: &str = "name,email,phone,notes\r\n\
    Ben,ben@example.org,1,\r\n\
    ,nobody@example.org,2,no name\r\n\
    Cora,cora at example,3,no address\r\n\
    Dora,dora@example.org,4,\"two\r\nlines\"\r\n\
    Edna,5\r\n";

/// Adds, picks, sorts, searches, deletes, undoes, imports, exports and quits, then checks the file.
#[track_caller]
fn story(browser: &Browser, hand: Hand) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(FILE);
    let mut datebook = start(folder.path());
    let mut page = browser.page();
    sign_in(&mut page, &mut datebook);
    let day = page.eval("document.querySelector('.day:last-child h2').id.slice(1)");
    add_a_contact(hand, &mut page, folder.path());
    make_an_appointment(hand, &mut page);
    add_and_sort_tasks(hand, &mut page);
    search(hand, &mut page);
    undo_a_delete(hand, &mut page);
    import_and_export(hand, &mut page, folder.path());
    delete_several_and_undo(hand, &mut page);
    // After a change that makes a page obsolete, the page may still request itself once before the
    // next page loads. Errors are collected before quitting, because the last page keeps trying to
    // reach the program after it has ended.
    let is_obsolete = |error: &str| {
        let is = |path: &str, status| {
            error.starts_with(&format!("{}{path}/", datebook.url)) && error.contains(status)
        };
        is("contact", "404") || is("import", "410")
    };
    let errors = page.console_errors().into_iter().filter(|error| !is_obsolete(error));
    assert_eq!(errors.collect::<Vec<_>>(), Vec::<String>::new());
    hand.act(&mut page, QUIT);
    assert!(page.text().contains("Datebook has exited"), "{}", page.text());
    assert!(datebook.wait().success());
    let log = page.network_log();
    assert!(
        log.iter()
            .all(|entry| entry.url.starts_with(&datebook.url) || entry.url.starts_with("data:"))
    );
    check_file(&file, day.as_str().unwrap());
}

fn add_a_contact(hand: Hand, page: &mut Page<'_>, folder: &Path) {
    let photo = folder.join("ann.png");
    fs::write(&photo, data_encoding::BASE64.decode(PIXEL.as_bytes()).unwrap()).unwrap();
    hand.act(page, "nav a[href='/contacts']");
    hand.act(page, "a[href='/contact/new']");
    hand.write(page, "#f-name", "Ann Ünal <a@b>");
    hand.write(page, "#f-email", "ann@example.org");
    // Tests can't operate the system's file dialog.
    page.upload("#f-photo", &[photo]);
    hand.act(page, "button[value=save]");
    page.wait_for("document.querySelector('.photo').naturalWidth === 1");
    page.wait_for(
        "document.querySelector('.flash').textContent.includes('“Ann Ünal <a@b>” added')",
    );
}

fn make_an_appointment(hand: Hand, page: &mut Page<'_>) {
    hand.act(page, "nav a[href='/']");
    // The last day shown is a Sunday, which is never in the past.
    hand.act(page, ".day:last-child .add");
    hand.write(page, "#f-title", "Tea & cake");
    // How a time is typed depends on the system's language.
    page.eval("document.querySelector('#f-from').value = '16:30'");
    hand.act(page, "button[value=pick]");
    hand.write(page, "#contacts-q", "ann");
    page.navigate(|page| page.press("Enter"));
    hand.act(page, "[aria-label^=Pick]");
    let typed =
        "[...document.querySelectorAll('#f-title, #f-from')].map(field => field.value).join()";
    assert_eq!(page.eval(typed), "Tea & cake,16:30", "the input is kept");
    hand.act(page, "button[value=save]");
    let line = page.eval("document.querySelector('.day:last-child li').innerText");
    assert_eq!(
        line.as_str().unwrap().split_whitespace().collect::<Vec<_>>().join(" "),
        "16:30 Tea & cake with Ann Ünal <a@b>"
    );
}

fn titles(page: &mut Page<'_>) -> Value {
    page.eval("[...document.querySelectorAll('tbody td:nth-child(2)')].map(cell => cell.innerText).join()")
}

fn add_and_sort_tasks(hand: Hand, page: &mut Page<'_>) {
    hand.act(page, "nav a[href='/tasks']");
    hand.act(page, "a[href='/task/new']");
    for (title, priority, button) in
        [("Zip", "Normal", "again"), ("Mow", "High", "again"), ("Ask", "Normal", "save")]
    {
        hand.write(page, "#f-title", title);
        hand.choose(page, &format!("[name=priority][value={priority}]"));
        hand.act(page, &format!("button[value={button}]"));
    }
    assert_eq!(titles(page), "Mow,Zip,Ask");
    hand.act(page, "form[action='/tasks/sort/title'] button");
    assert_eq!(titles(page), "Ask,Mow,Zip");
    hand.act(page, "tr:nth-child(2) .tick");
    assert_eq!(titles(page), "Ask,Zip,Mow", "completed tasks come last");
}

fn search(hand: Hand, page: &mut Page<'_>) {
    hand.write(page, "header [type=search]", "cak");
    page.navigate(|page| page.press("Enter"));
    let found = page.text();
    assert!(found.contains("Tea & cake") && !found.contains("Zip"), "{found}");
}

fn undo_a_delete(hand: Hand, page: &mut Page<'_>) {
    hand.act(page, "main a[href^='/contact/']");
    let contact = page.eval("location.href").as_str().unwrap().to_owned();
    let delete = "“Ann Ünal <a@b>” deleted";
    hand.act(page, ".delete button");
    let gone = page.text();
    assert!(gone.contains(&format!("Undo: {delete}")), "{gone}");
    // In a text field, Ctrl-Z undoes typing. The list page opens with a text field focused.
    page.press("Control+z");
    assert_eq!(page.text(), gone);
    page.eval("document.activeElement.blur()");
    page.navigate(|page| page.press("Control+z"));
    let text = page.text();
    assert!(text.contains(&format!("Undone: {delete}")), "{text}");
    assert!(text.contains(&format!("Redo: {delete}")), "{text}");
    page.open(&contact);
    assert!(page.text().contains("Tea & cake"), "with its appointment");
    hand.act(page, "nav a[href='/tasks']");
    page.navigate(|page| page.press("Control+Shift+z"));
    assert!(page.text().contains(&format!("Redone: {delete}")));
    hand.act(page, "#solo-undo button[name=step]");
    page.open(&contact);
    assert!(page.text().contains("Tea & cake"));
}

fn import_and_export(hand: Hand, page: &mut Page<'_>, folder: &Path) {
    let csv = folder.join("people.csv");
    fs::write(&csv, CSV).unwrap();
    hand.act(page, "nav a[href='/files']");
    page.upload("#f-file", &[csv]);
    hand.act(page, "form[action='/import'] button");
    wait_for_preview(page);
    let lines = "[...document.querySelectorAll('.error')].map(cell => cell.previousElementSibling.innerText).join()";
    assert_eq!(page.eval(lines), "3,4,7");
    assert!(page.text().contains("2 valid, 3 invalid (will be skipped)."));
    hand.act(page, IMPORT);
    wait_for_contact(page, "Ben");
    let outcome = "Imported into contacts: 2. Invalid rows skipped: 3.";
    page.wait_for(&format!("document.body.innerText.includes('{outcome}')"));
    hand.act(page, "nav a[href='/files']");
    let fetch = "fetch(document.querySelector('a[href$=\"contacts.csv\"]').href).then(response => response.text())";
    let expect = "name,email,phone,fee,notes\nAnn Ünal <a@b>,ann@example.org,,,\nBen,ben@example.org,1,,\nDora,dora@example.org,4,,\"two\r\nlines\"\n";
    assert_eq!(
        page.eval(fetch).as_str().unwrap().replace("\r\n", "\n"),
        expect.replace("\r\n", "\n")
    );
}

fn names(page: &mut Page<'_>) -> Value {
    page.eval("[...document.querySelectorAll('tbody th a')].map(name => name.innerText).join()")
}

/// Sorts the contacts, deletes two of them after a confirmation, and undoes that.
fn delete_several_and_undo(hand: Hand, page: &mut Page<'_>) {
    hand.act(page, "nav a[href='/contacts']");
    assert_eq!(names(page), "Ann Ünal <a@b>,Ben,Dora");
    hand.act(page, "th[aria-sort=ascending] a");
    assert_eq!(names(page), "Dora,Ben,Ann Ünal <a@b>");
    hand.tick(page, "[aria-label='Select Dora']");
    hand.tick(page, "[aria-label='Select Ben']");
    hand.act(page, "#contacts-bulk button");
    let question = page.text();
    assert!(question.contains("Delete 2 contacts?") && question.contains("Dora"), "{question}");
    hand.act(page, "main button[value=delete]");
    assert_eq!(names(page), "Ann Ünal <a@b>");
    assert_eq!(page.eval("location.search"), "?sort=-name", "the order is kept");
    hand.act(page, "#solo-undo button[name=step]");
    assert!(page.text().contains("Undone: 2 contacts deleted"));
    assert_eq!(names(page), "Dora,Ben,Ann Ünal <a@b>");
}

/// Checks the entire content of the database file.
fn check_file(file: &Path, day: &str) {
    let db = Connection::open(file).unwrap();
    let rows = |sql: &str| -> Vec<String> {
        let mut statement = db.prepare(sql).unwrap();
        let rows = statement.query_map([], |row| row.get(0)).unwrap();
        rows.collect::<Result<_, _>>().unwrap()
    };
    let pixel = data_encoding::BASE64.decode(PIXEL.as_bytes()).unwrap();
    let photo = format!("1|image/png|{}", data_encoding::HEXUPPER.encode(&pixel));
    assert_eq!(
        rows("SELECT contact || '|' || media_type || '|' || hex(bytes) FROM photo"),
        [photo]
    );
    assert_eq!(
        rows(
            "SELECT concat_ws('|', name, email, phone, replace(notes, char(13), '')) FROM contact ORDER BY id"
        ),
        [
            "Ann Ünal <a@b>|ann@example.org||",
            "Ben|ben@example.org|1|",
            "Dora|dora@example.org|4|two\nlines"
        ]
    );
    assert_eq!(
        rows(
            "SELECT concat_ws('|', title, day, starts, ends, place, contact, notes) FROM appointment"
        ),
        [format!("Tea & cake|{day}|16:30||1|")]
    );
    assert_eq!(
        rows("SELECT concat_ws('|', title, priority, due, done, notes) FROM task ORDER BY id"),
        ["Zip|2|0|", "Mow|3|1|", "Ask|2|0|"]
    );
    assert_eq!(
        rows("SELECT name || '=' || value FROM setting WHERE name <> 'book'"),
        ["tasks sorted by=title"]
    );
    assert_eq!(rows("PRAGMA integrity_check"), ["ok"]);
    // FTS5 compares its index with the tables.
    for table in ["contact", "appointment", "task"] {
        let check = format!(
            "INSERT INTO {table}_words ({table}_words, rank) VALUES ('integrity-check', 1)"
        );
        db.execute(&check, []).unwrap();
    }
}

/// Chooses a number format, uploads a file, and waits for its preview.
fn look_at(page: &mut Page<'_>, decimal: &str, csv: &Path) {
    Hand::Mouse.act(page, "nav a[href='/files']");
    page.click(&format!("[name=decimal][value={decimal}]"));
    page.upload("#f-file", &[csv]);
    Hand::Mouse.act(page, "form[action='/import'] button");
    wait_for_preview(page);
}

fn numbers_are_imported_as_the_file_writes_them_or_not_at_all(browser: &Browser) {
    let folder = tempfile::tempdir().unwrap();
    let (file, csv) = (folder.path().join(FILE), folder.path().join("fees.csv"));
    fs::write(
        &csv,
        "name;fee\r\nAnn;1.234,50\r\nBob;1 234,50\r\nCleo;0,25\r\nDora;1.50\r\nEve;\r\n",
    )
    .unwrap();
    let mut datebook = start(folder.path());
    let mut page = browser.page();
    sign_in(&mut page, &mut datebook);
    let wrong = "[...document.querySelectorAll('.error')].map(cell => \
        cell.previousElementSibling.innerText + ' ' + cell.innerText).join('|')";
    look_at(&mut page, "point", &csv);
    assert_eq!(
        page.eval(wrong),
        "2 fee: “1.234,50” is not a number like 1,234.50.|\
         3 fee: “1 234,50” is not a number like 1,234.50.|\
         4 fee: “0,25” is not a number like 1,234.50."
    );
    look_at(&mut page, "comma", &csv);
    assert_eq!(page.eval(wrong), "5 fee: “1.50” is not a number like 1.234,50.");
    Hand::Mouse.act(&mut page, IMPORT);
    wait_for_contact(&mut page, "Ann");
    Hand::Mouse.act(&mut page, "#contacts tbody a");
    assert!(page.text().contains("1234.50"), "{}", page.text());
    Hand::Mouse.act(&mut page, QUIT);
    assert!(datebook.wait().success());
    let db = Connection::open(&file).unwrap();
    let mut statement =
        db.prepare("SELECT name, typeof(fee), fee FROM contact ORDER BY id").unwrap();
    let kept = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap();
    let kept: Vec<(String, String, Option<i64>)> = kept.collect::<Result<_, _>>().unwrap();
    let expect = [
        ("Ann", "integer", Some(123_450)),
        ("Bob", "integer", Some(123_450)),
        ("Cleo", "integer", Some(25)),
        ("Eve", "null", None),
    ];
    assert_eq!(kept, expect.map(|(name, kind, fee)| (name.to_owned(), kind.to_owned(), fee)));
}

fn a_book_is_kept_by_mouse(browser: &Browser) {
    story(browser, Hand::Mouse);
}

fn a_book_is_kept_by_keyboard_alone(browser: &Browser) {
    story(browser, Hand::Keyboard);
}

/// Opens the week page with the sign-in link that the program has printed.
#[track_caller]
fn sign_in(page: &mut Page<'_>, datebook: &mut Program) {
    page.open(&datebook.sign_in_link());
    page.wait_for(&format!(
        "location.href === '{}' && document.title.includes('Week') && document.readyState === 'complete'",
        datebook.url
    ));
}

fn check_undo_and_copies(
    page: &mut Page<'_>,
    check: &mut impl FnMut(&mut Page<'_>, &str),
    url: &str,
) {
    page.open(&format!("{url}contact/1/"));
    page.navigate(|page| page.click(".delete button"));
    check(page, "contacts with an undo");
    page.navigate(|page| page.click("#contacts-bulk button"));
    assert!(page.text().contains("Select at least one row."));
    check(page, "contacts of which none is selected");
    page.click_into("#contacts-bulk [name=all]");
    page.navigate(|page| page.click("#contacts-bulk button"));
    assert!(page.text().contains("Delete 7 contacts?"));
    check(page, "confirmation");
    page.open(&format!("{url}__copies/"));
    check(page, "copies");
}

/// Checks the pages shown while a large import is being validated and after it is cancelled.
fn check_long_work(
    page: &mut Page<'_>,
    check: &mut impl FnMut(&mut Page<'_>, &str),
    folder: &Path,
) {
    let csv = folder.join("many.csv");
    let rows = (0..3_000_000).map(|number| format!("{number}\n"));
    fs::write(&csv, format!("name\n{}", rows.collect::<String>())).unwrap();
    page.navigate(|page| page.click("nav a[href='/files']"));
    page.upload("#f-file", &[csv]);
    page.navigate(|page| page.click("form[action='/import'] button"));
    page.wait_for("document.querySelector('#solo-work progress').value > 0");
    check(page, "a file that is being checked");
    page.navigate(|page| page.click("#solo-work form[action$='/cancel'] button"));
    page.wait_for("document.querySelector('#solo-work').innerText.includes('Cancelled')");
    // The page shows that the job has ended before the preview updates itself.
    page.wait_for("document.body.innerText.includes('The check was cancelled or failed.')");
    check(page, "cancelled work");
    while page.eval("document.querySelectorAll('#solo-work li').length") != 0 {
        page.navigate(|page| page.click("#solo-work form button"));
    }
}

/// The axe-core script, which `cargo xtask test` downloads.
pub(crate) fn axe() -> String {
    let script = xtask::tools::axe(Path::new(env!("CARGO_TARGET_TMPDIR")));
    fs::read_to_string(script.unwrap_or_else(|missing| panic!("{missing}"))).unwrap()
}

/// Checks the open page with axe-core, and checks that nothing overflows on a narrow or a wide
/// screen.
#[track_caller]
pub(crate) fn check_page(page: &mut Page<'_>, axe: &str, name: &str) {
    for width in [400, 1600] {
        page.set_viewport(width, 900);
        let wide = page.eval("document.documentElement.scrollWidth").as_u64().unwrap();
        assert!(wide <= u64::from(width), "{name} is {wide} pixels wide on {width}");
    }
    page.eval(&format!("{axe}; 0"));
    for dark in [false, true] {
        page.emulate_colour_scheme(dark);
        let found = page.eval(
            "axe.run(document).then(result => result.violations.flatMap(rule => \
             rule.nodes.map(node => rule.id + ': ' + node.html + ' ' + node.failureSummary)))",
        );
        assert!(found == Value::Array(Vec::new()), "{name}, dark: {dark}\n{found:#}");
    }
}

/// Starts the datebook with sample data.
fn trial() -> Program {
    let mut datebook = program::example_with_token("datebook");
    datebook.args(["--memory", "--no-browser", "--port", "0"]);
    program::launch(datebook)
}

fn axe_finds_no_violation_on_any_page_in_light_or_dark(browser: &Browser) {
    let axe = axe();
    let folder = tempfile::tempdir().unwrap();
    let mut datebook = trial();
    let mut page = browser.page();
    sign_in(&mut page, &mut datebook);
    let mut count = 0;
    let mut check = |page: &mut Page<'_>, name: &str| {
        check_page(page, &axe, name);
        count += 1;
    };
    for path in [
        "",
        "month",
        "day",
        "contacts",
        "contacts?q=nobody",
        "contacts?q=e&sort=-name",
        "contact/1/",
        "contact/new",
        "contact/1/edit",
        "appointment/new",
        "appointment/1/edit",
        "tasks",
        "task/new",
        "task/1/edit",
        "search",
        "search?q=e",
        "files",
        "day?day=2199-12-31",
    ] {
        page.open(&format!("{}{path}", datebook.url));
        check(&mut page, path);
    }
    for form in ["contact/new", "appointment/new", "task/new"] {
        page.open(&format!("{}{form}", datebook.url));
        // Bypasses the browser's own checks, to see the server's errors.
        let send = "const form = document.querySelector('.solo-form'); form.noValidate = true; form.querySelector('[value=save]').click()";
        page.navigate(|page| drop(page.eval(send)));
        assert!(page.text().contains("Fill in this field."));
        check(&mut page, &format!("{form} with errors"));
    }
    page.open(&format!("{}appointment/new", datebook.url));
    page.navigate(|page| page.click("button[value=pick]"));
    check(&mut page, "picking a contact");
    check_undo_and_copies(&mut page, &mut check, &datebook.url);
    let csv = folder.path().join("people.csv");
    fs::write(&csv, CSV).unwrap();
    page.open(&format!("{}files", datebook.url));
    page.upload("#f-file", &[csv]);
    page.navigate(|page| page.click("form[action='/import'] button"));
    wait_for_preview(&mut page);
    check(&mut page, "preview of an import");
    page.navigate(|page| page.click(IMPORT));
    wait_for_contact(&mut page, "Ben");
    check(&mut page, "contacts with an outcome");
    check_long_work(&mut page, &mut check, folder.path());
    page.navigate(|page| page.click(QUIT));
    check(&mut page, "the end");
    assert_eq!(count, 31, "pages");
    assert!(datebook.wait().success());
}

#[test]
fn a_second_start_opens_the_book_that_is_open_and_touches_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let [a, b] = ["a", "b"].map(|name| folder.path().join(name));
    let command = |book: &Path, port: u16| {
        let mut datebook = program::desktop_example("datebook", book);
        datebook.args(["--port", &port.to_string()]);
        datebook
    };
    let run = |book: &Path, port| {
        let output = command(book, port).output().unwrap();
        let told = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8(told).unwrap())
    };
    let mut first = program::launch(command(&a, 0));
    let browser = Browser::launch_in(Engine::Chromium);
    let mut page = browser.page();
    sign_in(&mut page, &mut first);
    let (ended_well, told) = run(&a, 0);
    assert!(ended_well && told.contains(&first.url), "{told}");
    page.open(told.split("one minute: ").nth(1).unwrap().trim());
    page.wait_for(&format!("location.href === '{}'", first.url));
    let (ended_well, told) = run(&b, first.addr.port());
    assert!(!ended_well && told.contains("is already in use"), "{told}");
    assert!(!b.join(FILE).exists(), "the port is bound before the file is opened");
}

solohttp_tests::in_each_browser!(
    axe_finds_no_violation_on_any_page_in_light_or_dark,
    numbers_are_imported_as_the_file_writes_them_or_not_at_all,
    a_book_is_kept_by_mouse,
    a_book_is_kept_by_keyboard_alone,
);
