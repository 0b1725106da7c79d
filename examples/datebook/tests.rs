//! Tests of the whole program without a socket, with the date set to Tuesday 31 March 2026.

use super::*;
use jiff::civil::{Date, date};
use solohttp::sqlite::TableScans;
use solohttp::{Request, Response, TestClient};

fn a_tuesday() -> Date {
    date(2026, 3, 31)
}

/// The program with its data folder.
struct Book {
    app: Box<dyn Handler>,
    place: Place,
    _folder: tempfile::TempDir,
}

impl Book {
    fn new(fill: impl FnOnce(&mut Connection)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let place = Place::at(folder.path());
        let mut db = database::open(&database::file(&place)).unwrap();
        fill(&mut db);
        let app = Box::new(app(db, &place, a_tuesday));
        Self { app, place, _folder: folder }
    }
}

impl Handler for Book {
    fn handle(&mut self, state: &mut (), request: &mut Request) -> Response {
        self.app.handle(state, request)
    }
}

/// A dummy place for tests that use a database in memory and import nothing.
fn nowhere() -> Place {
    Place::at("")
}

fn blank() -> Book {
    Book::new(|_| ())
}

fn trial() -> Book {
    Book::new(|db| sample::fill(db, a_tuesday()).unwrap())
}

#[track_caller]
fn get(app: &mut impl Handler, url: &str) -> String {
    let response = Request::get(url).send_to(app);
    let status = response.status();
    let text = response.into_text();
    assert_eq!(status, 200, "{url}: {text}");
    text
}

/// Posts a form and returns the redirect's target.
#[track_caller]
fn post(app: &mut impl Handler, url: &str, fields: &[(&str, &str)]) -> String {
    let response = Request::post(url).form(fields.iter().copied()).send_to(app);
    let location = response.header("location").map(str::to_owned);
    let status = response.status();
    location.unwrap_or_else(|| panic!("{url}: {status} {}", response.into_text()))
}

/// Presses the button “Undo”, and returns the name of the step.
#[track_caller]
fn undo(app: &mut impl Handler) -> String {
    let page = get(app, "/files");
    let button = between(&page, "formaction=\"/__undo/back\"", "</button>")[0];
    let step = between(button, "value=\"", "\"")[0];
    assert_eq!(post(app, "/__undo/back", &[("step", step)]), "/");
    button.split_once("Undo: ").unwrap().1.to_owned()
}

#[track_caller]
fn holds(page: &str, parts: &[&str]) {
    for part in parts {
        assert!(page.contains(part), "no {part} in:\n{page}");
    }
}

/// The strings between the marks `start` and `end`, in order.
fn between<'a>(page: &'a str, start: &str, end: &str) -> Vec<&'a str> {
    page.split(start).skip(1).map(|rest| rest.split(end).next().unwrap()).collect()
}

#[test]
fn every_page_shows_with_and_without_data() {
    for app in [&mut blank() as &mut dyn Handler, &mut trial()] {
        for url in [
            "/",
            "/?day=1900-01-01",
            "/?day=2199-12-31",
            "/month",
            "/month?day=2199-12-31",
            "/month?day=1900-01-31",
            "/day",
            "/day?day=2199-12-31&page=3",
            "/contacts",
            "/contacts?page=4294967295",
            "/tasks",
            "/search",
            "/search?q=a",
            "/files",
            "/contact/new",
            "/appointment/new?day=2026-04-01",
            "/task/new",
        ] {
            let mut request = Request::get(url).build();
            let page = app.handle(&mut (), &mut request);
            let status = page.status();
            let page = page.into_text();
            assert_eq!(status, 200, "{url}: {page}");
            holds(
                &page,
                &["<h1>", "aria-current=\"page\"", "</html>"]
                    [..if url.starts_with("/search") { 1 } else { 3 }],
            );
        }
    }
}

#[test]
fn missing_records_are_not_found_and_invalid_days_are_rejected() {
    let mut app = blank();
    for (url, status) in [
        ("/contact/1/", 404),
        ("/contact/1/photo", 404),
        ("/contact/1/edit", 404),
        ("/appointment/1/edit", 404),
        ("/task/1/edit", 404),
        ("/export/x.csv", 404),
        ("/?day=2026-02-30", 400),
        ("/month?day=x", 400),
        ("/day?day=1066-10-14", 400),
    ] {
        assert_eq!(Request::get(url).send_to(&mut app).status(), status, "{url}");
    }
    for url in [
        "/contact/1/delete",
        "/task/1/delete",
        "/task/1/toggle",
        "/appointment/1/delete",
        "/tasks/sort/colour",
    ] {
        assert_eq!(Request::post(url).send_to(&mut app).status(), 404, "{url}");
    }
    assert_eq!(Request::post("/import/1").send_to(&mut app).status(), 410);
}

#[test]
fn the_week_begins_on_monday_and_shows_what_is_in_it() {
    let mut app = trial();
    let page = get(&mut app, "/");
    holds(&page, &["Week 14: 30 March to 5 April", "Chess evening", "Ada Lovelace"]);
    assert_eq!(between(&page, "id=\"d", "\"").len(), 7);
    assert!(!page.contains("Car inspection"), "that is next week");
    holds(&get(&mut app, "/?day=2026-04-11"), &["Car inspection", "This week"]);
    holds(&get(&mut app, "/month"), &["March 2026", "Chess evening"]);
    holds(&get(&mut app, "/day"), &["Tuesday 31 March 2026", "19:00–22:00"]);
}

#[test]
fn a_contact_is_picked_in_the_middle_of_an_appointment() {
    let mut browser = TestClient::new(trial());
    let mut page = browser.get("/appointment/new");
    page.fill("What", "  Tea ").fill("Day", "");
    let mut page = browser.press(page, "Pick a contact…");
    holds(page.text(), &["Your appointment is kept as a draft"]);
    page.fill("Find contacts", "zo");
    let page = browser.press(page, "Find");
    let mut page = browser.press(page, "Pick Zoë Quintana");
    assert_eq!([page.value("What"), page.value("Day")], ["  Tea ", ""]);
    assert_eq!(page.value("With"), "Zoë Quintana");
    page.fill("Day", "2026-04-01");
    assert_eq!(browser.press(page, "Save").url(), "/?day=2026-04-01");
    holds(browser.get("/contact/8/").text(), &["Tea"]);
}

#[test]
fn a_contact_that_is_added_for_an_appointment_is_picked() {
    let mut browser = TestClient::new(blank());
    let mut page = browser.get("/appointment/new");
    page.fill("What", "Tea");
    let page = browser.press(page, "Pick a contact…");
    let mut page = browser.follow(page, "New contact");
    page.fill("Name", "Ann");
    let page = browser.press(page, "Save");
    assert_eq!([page.value("What"), page.value("With")], ["Tea", "Ann"]);
}

#[test]
fn an_appointment_ends_after_it_starts() {
    let mut browser = TestClient::new(blank());
    let mut page = browser.get("/appointment/new");
    page.fill("What", "Tea").fill("From", "10:00").fill("To", "09:00");
    let page = browser.press(page, "Save");
    assert_eq!((page.status().as_u16(), page.value("From")), (422, "10:00".to_owned()));
    assert_eq!(page.error_at("To"), Some("The end is before the start."));
}

#[test]
fn deleted_records_can_be_restored_completely() {
    let mut app = trial();
    let photo = b"\x89PNG\r\n\x1a\nphoto".to_vec();
    let mut browser = TestClient::new(&mut app);
    let mut page = browser.get("/contact/1/edit");
    page.fill("Notes", "Likes engines.").upload("Photo", "a.png", photo.clone());
    assert_eq!(browser.press(page, "Save").url(), "/contact/1/");
    let before = (get(&mut app, "/contact/1/"), get(&mut app, "/"));
    assert_eq!(post(&mut app, "/contact/1/delete", &[]), "/contacts");
    let page = get(&mut app, "/");
    holds(&page, &["Undo: “Ada Lovelace” deleted", "Notes on the engine"]);
    assert!(!page.contains("/contact/1/"), "{page}");
    assert_eq!(Request::get("/contact/1/photo").send_to(&mut app).status(), 404);
    undo(&mut app);
    holds(&get(&mut app, "/contact/1/"), &["Undone: “Ada Lovelace” deleted"]);
    let shown = |page: &str| {
        let (_, body) = page.split_once("<h1>").unwrap();
        // Leave out the messages and the buttons.
        let (title, rest) = body.split_once("</h1>").unwrap();
        title.to_owned() + rest.split_once("</form>\n</div>").unwrap().1
    };
    let after = (get(&mut app, "/contact/1/"), get(&mut app, "/"));
    assert_eq!((shown(&before.0), shown(&before.1)), (shown(&after.0), shown(&after.1)));
    let response = Request::get("/contact/1/photo").send_to(&mut app);
    assert_eq!(response.header("content-type"), Some("image/png"));
    assert_eq!(response.into_bytes().unwrap(), photo);
}

#[test]
fn several_deletions_are_undone_backwards() {
    let mut app = trial();
    post(&mut app, "/appointment/1/delete", &[]);
    post(&mut app, "/contact/3/delete", &[]);
    post(&mut app, "/task/1/delete", &[]);
    let steps = [(); 3].map(|()| undo(&mut app));
    assert_eq!(steps[1..], ["“Emmy Noether” deleted", "“Breakfast” deleted"]);
    holds(&get(&mut app, "/"), &["disabled>Undo</button>"]);
    holds(&get(&mut app, "/appointment/1/edit"), &["value=\"Breakfast\""]);
    // The contact was deleted after the appointment, so the restored appointment still has that
    // contact.
    holds(&get(&mut app, "/appointment/1/edit"), &[" selected>Emmy Noether"]);
}

#[test]
fn a_file_that_is_no_image_is_rejected() {
    let mut browser = TestClient::new(blank());
    let mut page = browser.get("/contact/new");
    page.fill("Name", "Ann").upload("Photo", "a.png", "<svg>");
    let page = browser.press(page, "Save");
    assert_eq!(page.status(), 422);
    assert_eq!(page.error_at("Photo"), Some("Choose a PNG, JPEG, GIF or WebP image."));
}

#[test]
fn tasks_are_sorted_as_was_said_last() {
    let mut app = trial();
    let first = |app: &mut _| {
        let page = get(app, "/tasks");
        between(&page, "aria-label=\"Done: ", "\"").first().map(|title| (*title).to_owned())
    };
    assert_eq!(first(&mut app).as_deref(), Some("Return the library books"));
    assert_eq!(post(&mut app, "/tasks/sort/title", &[]), "/tasks");
    assert_eq!(first(&mut app).as_deref(), Some("Book the train"));
    holds(&get(&mut app, "/tasks"), &["aria-sort=\"ascending\"", "Not done: Buy stamps"]);
    assert_eq!(post(&mut app, "/task/5/toggle", &[]), "/tasks");
    assert_eq!(first(&mut app).as_deref(), Some("Repair the bicycle"));
    assert_eq!(post(&mut app, "/task/2/toggle?at=week", &[]), "/");
}

#[test]
fn search_finds_every_kind_by_the_beginning_of_words() {
    let mut app = trial();
    holds(&get(&mut app, "/search?q=wri"), &["Write to Emmy", "No results."]);
    holds(&get(&mut app, "/search?q=ZOE"), &["Zoë Quintana"]);
    holds(&get(&mut app, "/search?q=cafe+break"), &["Breakfast"]);
    holds(&get(&mut app, "/contacts?q=wire"), &["Grace Hopper"]);
    assert!(!get(&mut app, "/contacts?q=wire").contains("Ada"));
    holds(&get(&mut app, "/search?q=%22%3Cb%3E*"), &["value=\"&quot;&lt;b&gt;*\""]);
}

/// A book with 120 records of each kind, all on one day. Sorting by name gives a different order
/// than sorting by id.
fn full() -> Connection {
    let db = database::in_memory().unwrap();
    for n in 0..120_i64 {
        // Each name occurs three times, with different case and accents.
        let letter = ["N", "n", "Ñ"][usize::try_from(n % 3).unwrap()];
        let name = format!("{letter}{:03}", (n * 7 % 120) / 3);
        let sql = "INSERT INTO contact
            VALUES (NULL, ?1, ?2 * 7 % 11 || '@e', ?2 % 3, '', NULL, sort_key(?1))";
        db.execute(sql, (name, n)).unwrap();
        let sql = "INSERT INTO appointment
            VALUES (NULL, ?1, '2026-03-31', iif(?2, '10:00', NULL), NULL, '', 1, '')";
        db.execute(sql, (format!("A{n:03}"), n % 2 == 0)).unwrap();
        let sql = "INSERT INTO task VALUES (NULL, ?1, 1 + ?2 % 3, iif(?2 % 5, '2026-04-01', NULL), ?2 % 2, '', sort_key(?1))";
        db.execute(sql, (format!("T{n:03}"), n)).unwrap();
    }
    db
}

/// The start of a link in the list of contacts, before the id.
const CONTACT: &str = "<th scope=\"row\"><a href=\"/contact/";

const LISTS: [(&str, &str); 9] = [
    ("/contacts", CONTACT),
    ("/contacts?q=n", CONTACT),
    ("/contacts?sort=email", CONTACT),
    ("/contacts?sort=-phone", CONTACT),
    ("/day", "<a href=\"/appointment/"),
    ("/search?q=a", "<a href=\"/appointment/"),
    ("/tasks", "<td><a href=\"/task/"),
    ("/tasks by title", "<td><a href=\"/task/"),
    ("/tasks by priority", "<td><a href=\"/task/"),
];

/// Sets the sort order that `list` names, if any, and returns the URL of the list.
fn sorted<'a>(app: &mut impl Handler, list: &'a str) -> &'a str {
    let Some((url, order)) = list.split_once(" by ") else { return list };
    post(app, &format!("/tasks/sort/{order}"), &[]);
    url
}

/// Returns the ids on each page, starting at `url` and following the link with the text `link`.
fn leaf(app: &mut impl Handler, url: &str, mark: &str, link: &str) -> Vec<Vec<String>> {
    let (mut pages, mut next) = (Vec::new(), Some(url.to_owned()));
    while let Some(url) = next {
        let page = get(app, &url);
        let ids = between(&page, mark, "/").into_iter().filter(|id| *id != "new");
        pages.push(ids.map(str::to_owned).collect());
        next = link_to(&page, link);
        assert!(pages.len() < 10, "{url} never ends");
    }
    pages
}

/// The target of the link with this text.
fn link_to(page: &str, text: &str) -> Option<String> {
    let before = page.split_once(&format!(">{text}</a>"))?.0;
    let tag = before.rsplit_once("<a href=\"").unwrap().1;
    Some(tag.split('"').next().unwrap().replace("&amp;", "&"))
}

#[test]
fn lists_are_cut_into_pages_that_lead_to_each_other() {
    let mut app = app(full(), &nowhere(), a_tuesday);
    for (list, mark) in LISTS {
        let url = sorted(&mut app, list);
        let pages = leaf(&mut app, url, mark, "Next page");
        assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [50, 50, 20], "{list}");
        let mut ids = pages.concat();
        let last = link_to(&get(&mut app, url), "Last page").unwrap();
        let backwards = leaf(&mut app, &last, mark, "Previous page");
        // When going back, the last page and the first page are both full.
        assert_eq!(backwards.iter().map(Vec::len).collect::<Vec<_>>(), [50, 50, 50], "{list}");
        assert_eq!(backwards[0], ids[70..], "{list}");
        assert_eq!(backwards[1], ids[20..70], "{list}");
        assert_eq!(backwards[2], pages[0], "{list}");
        let first = link_to(&get(&mut app, &last), "First page").unwrap();
        assert_eq!(leaf(&mut app, &first, mark, "None")[0], pages[0], "{list}");
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), 120, "{list}: none is twice");
    }
    assert!(get(&mut app, "/").matches("/edit").count() < 30);
    holds(&get(&mut app, "/month"), &["117 more"]);
    assert_eq!(get(&mut app, "/contact/1/").matches("/appointment/").count(), 20);
}

#[test]
fn pages_are_sorted_as_their_lists_are() {
    let db = full();
    let ids = |sql: &str| -> Vec<String> {
        let mut statement = db.prepare(sql).unwrap();
        statement
            .query_map([], |row| row.get::<_, i64>(0))
            .unwrap()
            .map(|id| id.unwrap().to_string())
            .collect()
    };
    let expect = [
        "SELECT id FROM contact ORDER BY name COLLATE names, id",
        "SELECT id FROM contact ORDER BY name COLLATE names, id",
        "SELECT id FROM contact ORDER BY email, id",
        "SELECT id FROM contact ORDER BY phone DESC, id DESC",
        "SELECT id FROM appointment ORDER BY day, starts, id",
        "SELECT id FROM appointment ORDER BY day DESC, starts DESC, id DESC",
        "SELECT id FROM task ORDER BY done, due IS NULL, due, priority DESC, id",
        "SELECT id FROM task ORDER BY done, title COLLATE names, id",
        "SELECT id FROM task ORDER BY done, priority DESC, due IS NULL, due, id",
    ]
    .map(ids);
    let mut app = app(db, &nowhere(), a_tuesday);
    for ((list, mark), expect) in LISTS.into_iter().zip(expect) {
        let url = sorted(&mut app, list);
        assert_eq!(leaf(&mut app, url, mark, "Next page").concat(), expect, "{list}");
    }
}

#[test]
fn a_page_stays_where_it_is_when_rows_come_and_go() {
    let mut app = app(full(), &nowhere(), a_tuesday);
    let pages = leaf(&mut app, "/contacts", CONTACT, "Next page");
    let next = link_to(&get(&mut app, "/contacts"), "Next page").unwrap();
    // Delete the row named by the link, and add a new one before it.
    post(&mut app, &format!("/contact/{}/delete", pages[0][49]), &[]);
    let mut browser = TestClient::new(&mut app);
    let mut page = browser.get("/contact/new");
    page.fill("Name", "A new one");
    browser.press(page, "Save");
    assert_eq!(leaf(&mut app, &next, CONTACT, "None")[0], pages[1]);
    // No row comes after the one in the link, so the last page is shown.
    let last = leaf(&mut app, "/contacts?after=1szzz", CONTACT, "None").remove(0);
    assert_eq!(last, [&pages[1][20..], &pages[2][..]].concat());
}

#[test]
fn no_page_of_a_long_list_reads_more_than_it_shows() {
    let db = full();
    assert_eq!(contacts::all(None).slow_pages(&db).unwrap(), [""; 0]);
    assert_eq!(tasks::all(a_tuesday()).slow_pages(&db).unwrap(), [""; 0]);
    assert_eq!(day::all(a_tuesday()).slow_pages(&db).unwrap(), [""; 0]);
    // Appointments are only listed after a search.
    let mut slow = search::appointments("tea".to_owned()).slow_pages(&db).unwrap();
    slow.retain(|page| page.contains("searched"));
    assert_eq!(slow, [""; 0]);
    db.execute_batch("DROP INDEX contact_by_sort_key; DROP INDEX task_by_due").unwrap();
    assert_eq!(contacts::all(None).slow_pages(&db).unwrap().len(), 2, "in both directions");
    assert_eq!(tasks::all(a_tuesday()).slow_pages(&db).unwrap().len(), 1);
}

#[test]
fn no_page_reads_a_whole_table() {
    let scans = TableScans::watch();
    let mut app = app(full(), &nowhere(), a_tuesday);
    for url in [
        "/",
        "/day?day=2026-03-31",
        "/month",
        "/contacts",
        "/contacts?q=n",
        "/contact/1/",
        "/contact/1/edit",
        "/tasks",
        "/task/1/edit",
        "/search?q=a",
        "/appointment/new",
        "/appointment/1/edit",
        "/files",
        "/export/contacts.csv",
    ] {
        get(&mut app, url);
    }
    assert_eq!(scans.found(&["setting"]), [""; 0]);
    let db = full();
    let drop = "SELECT group_concat('DROP INDEX ' || name, ';') FROM sqlite_schema
        WHERE type = 'index' AND tbl_name = 'appointment'";
    let drop: String = db.query_row(drop, [], |row| row.get(0)).unwrap();
    db.execute_batch(&drop).unwrap();
    get(&mut super::app(db, &nowhere(), a_tuesday), "/");
    assert!(scans.found(&[])[0].contains("reads the whole table appointment"));
}

#[test]
fn several_contacts_are_deleted_after_a_confirmation_and_that_is_one_step() {
    let mut app = trial();
    let page = get(&mut app, "/contacts");
    holds(&page, &["aria-label=\"Select Ada Lovelace\"", "1–8 of 8", "Select all 8"]);
    let chosen = [("row", "1"), ("row", "8"), ("action", "delete")];
    let sure = Request::post("/contacts?sort=-name").form(chosen).send_to(&mut app).into_text();
    holds(&sure, &["<h1>Delete 2 contacts?</h1>", "<li>Ada Lovelace</li>", ">Cancel</a>"]);
    holds(&get(&mut app, "/contacts"), &["Ada Lovelace"]);
    let confirmed = [chosen[0], chosen[1], chosen[2], ("confirmed", "2")];
    let back = post(&mut app, "/contacts?sort=-name", &confirmed);
    assert_eq!(back, "/contacts?sort=-name");
    assert!(!get(&mut app, &back).contains(">Ada Lovelace</a>"));
    assert_eq!(undo(&mut app), "2 contacts deleted");
    holds(&get(&mut app, "/contacts"), &[">Ada Lovelace</a>", ">Zoë Quintana</a>"]);
    // All that a search has found.
    let all = [("all", "list"), ("action", "delete"), ("confirmed", "1")];
    assert_eq!(post(&mut app, "/contacts?q=wire", &all), "/contacts?q=wire");
    holds(&get(&mut app, "/contacts?q=wire"), &["No contacts found."]);
    assert_eq!(count(&app, "contact"), 7);
}

#[test]
fn the_shown_contacts_are_a_file() {
    let mut app = trial();
    let page = get(&mut app, "/contacts?q=example&sort=-name");
    let csv = link_to(&page, "Download as CSV").unwrap();
    let csv = Request::get(&csv).send_to(&mut app).into_text();
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!(lines.len(), 9);
    assert_eq!(lines[0], "\u{feff}\"Name\",\"E-mail\",\"Phone\"");
    assert_eq!(lines[1], "\"Zoë Quintana\",\"zoe@example.org\",\"'+34 91 000 0008\"");
}

/// Uploads a file, waits until it is checked, and returns its preview and the preview's URL.
#[track_caller]
fn look_at(book: &mut Book, fields: &[(&str, &str)], csv: &[u8]) -> (String, String) {
    let response = upload(book, fields, csv);
    let url = response.header("location").expect("a redirect to the preview").to_owned();
    book.place.work().wait();
    (get(book, &url), url)
}

fn upload(book: &mut Book, fields: &[(&str, &str)], csv: &[u8]) -> Response {
    let decimal = [("decimal", "point")].into_iter();
    let request = Request::post("/import").form(decimal.chain(fields.iter().copied()));
    request.upload("file", "people.csv", "text/csv", csv.to_vec()).send_to(book)
}

/// Imports a previewed file, and returns the redirect's target.
#[track_caller]
fn import(book: &mut Book, url: &str) -> String {
    let shown = post(book, url, &[]);
    book.place.work().wait();
    shown
}

const CONTACTS: &[(&str, &str)] = &[("kind", "contacts")];

/// Returns a file with this many contacts. Checking a hundred thousand takes some seconds.
fn people(count: u32) -> Vec<u8> {
    let rows = (1..=count).map(|number| format!("Person {number},p{number}@example.org\n"));
    format!("name,email\n{}", rows.collect::<String>()).into_bytes()
}

fn count(book: &Book, table: &str) -> u32 {
    let db = Connection::open(database::file(&book.place)).unwrap();
    db.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap()
}

#[test]
fn a_file_is_previewed_and_only_its_valid_rows_are_imported() {
    let mut app = blank();
    let csv = b"\xef\xbb\xbfEmail;Name\r\nann@example.org;Ann\r\nx;Bob\r\n;\"C;\nc\"\r\n;\r\n;a;b\r\n\xff;D\r\n";
    let (preview, url) = look_at(&mut app, CONTACTS, csv);
    holds(&preview, &["2 valid, 4 invalid (will be skipped).", "Email: Enter an email"]);
    holds(&preview, &["The row has 3 cells, but there are 2 columns.", "The file is not UTF-8"]);
    assert_eq!(between(&preview, "<tr><td>", "</td>")[..4], ["3", "6", "7", "8"], "lines");
    holds(&get(&mut app, "/contacts"), &["No contacts found."]);
    assert_eq!(import(&mut app, &url), "/contacts");
    let page = get(&mut app, "/contacts");
    holds(&page, &["Imported into contacts: 2. Invalid rows skipped: 4.", ">Ann<", "C;\nc"]);
    holds(&page, &["Valid rows: 2. Invalid rows: 4."]);
    assert_eq!(Request::post(&url).send_to(&mut app).status(), 410, "not twice");
    assert_eq!(Request::get(&url).send_to(&mut app).status(), 410, "not twice");
}

#[test]
fn a_file_says_how_it_writes_numbers() {
    let mut app = blank();
    let csv = "name;fee\nAnn;1.234,50\nBob;0,5\nCleo;1.5\n".as_bytes();
    let point = [("kind", "contacts"), ("decimal", "point")];
    let (preview, _) = look_at(&mut app, &point, csv);
    holds(&preview, &["1 valid, 2 invalid (will be skipped)."]);
    assert_eq!(between(&preview, "<tr><td>", "</td>")[..2], ["2", "3"], "lines");
    holds(&preview, &["fee: “1.234,50” is not a number like 1,234.50."]);
    let comma = [("kind", "contacts"), ("decimal", "comma")];
    let (preview, url) = look_at(&mut app, &comma, csv);
    holds(&preview, &["2 valid, 1 invalid (will be skipped)."]);
    holds(&preview, &["fee: “1.5” is not a number like 1.234,50."]);
    import(&mut app, &url);
    holds(&get(&mut app, "/contact/1/"), &["<dt>Hourly fee</dt><dd>1234.50</dd>"]);
    holds(&get(&mut app, "/contact/1/edit"), &["name=\"fee\"", "value=\"1234.50\""]);
    let csv = Request::get("/export/contacts.csv").send_to(&mut app).into_text();
    assert_eq!(csv, "\u{feff}name,email,phone,fee,notes\r\nAnn,,,1234.50,\r\nBob,,,0.50,\r\n");
}

#[test]
fn a_book_in_another_country_has_other_numbers() {
    solohttp::Locale::new().with(solohttp::Numerals::new(',').group('.')).install();
    let mut app = blank();
    holds(&get(&mut app, "/files"), &["value=\"comma\" checked"]);
    let comma = [("kind", "contacts"), ("decimal", "comma")];
    let (_, url) = look_at(&mut app, &comma, "name;fee\nAnn;1.234,50\n".as_bytes());
    import(&mut app, &url);
    holds(&get(&mut app, "/contact/1/"), &["<dd>1.234,50</dd>"]);
    let csv = Request::get("/export/contacts.csv").send_to(&mut app).into_text();
    assert_eq!(csv, "\u{feff}name;email;phone;fee;notes\r\nAnn;;;\"1234,50\";\r\n");
}

#[test]
fn files_that_cannot_be_read_are_explained() {
    let mut app = blank();
    let mut check = |kind: &str, csv: &str, why: &str| {
        let response = upload(&mut app, &[("kind", kind)], csv.as_bytes());
        assert_eq!(response.status(), 422);
        holds(&response.into_text(), &["<h1>Import and export</h1>", why]);
    };
    check("contacts", "", "The column “name” is missing.");
    check("cats", "name\n", "This choice is no longer available.");
    check("contacts", "name,colour\n", "Unknown column “colour”. The columns are name, email");
    check("contacts", "name,Name\n", "two columns “name”");
    check("tasks", "due\n", "The column “title” is missing.");
    check("appointments", "notes\n", "These columns are missing: title, day.");
}

#[test]
fn rows_obey_the_rules_of_the_forms() {
    let mut app = trial();
    let mut check = |kind: &str, csv: &str, valid: &str, wrong: &[&str]| {
        let (preview, _) = look_at(&mut app, &[("kind", kind)], csv.as_bytes());
        holds(&preview, &[valid]);
        assert_eq!(between(&preview, "<td class=\"error\">", "</td>"), wrong);
    };
    let people = "name,email,fee\nAda,,\n ,x,\nAnn,,1.500\nAnn,,-1\n";
    check(
        "contacts",
        people,
        "1 valid, 3 invalid",
        &[
            "name: Fill in this field. email: Enter an email address such as name@example.org.",
            "fee: Enter at most 2 decimal places.",
            "fee: Enter 0.00 or more.",
        ],
    );
    let dates = "title,day,from,to,contact\nTea,2026-03-31,,,ada lovelace \n\
        Tea,2026-03-31,10:00,09:00,\nTea,2026-03-31,,09:00,Bob\nTea,2026-03-31,,09:00,\n";
    check(
        "appointments",
        dates,
        "1 valid, 3 invalid",
        &[
            "to: The end is before the start.",
            "contact: No contact is named “Bob”.",
            "to: Enter the start time, too.",
        ],
    );
    let tasks = "title,priority,done\nA,HIGH,yes\nB,,\nC,3,x\nD,urgent,\nE,low,maybe\n";
    check(
        "tasks",
        tasks,
        "3 valid, 2 invalid",
        &[
            "priority: Enter one of High, Normal, Low, not “urgent”.",
            "done: Enter yes or no, not “maybe”.",
        ],
    );
}

#[test]
fn what_is_exported_can_be_imported() {
    let mut from = trial();
    let mut to = blank();
    for kind in ["contacts", "appointments", "tasks"] {
        let url = format!("/export/{kind}.csv");
        let csv = Request::get(&url).send_to(&mut from).into_bytes().unwrap();
        let (preview, at) = look_at(&mut to, &[("kind", kind)], &csv);
        assert!(!preview.contains("invalid ("), "{preview}");
        import(&mut to, &at);
        assert_eq!(Request::get(&url).send_to(&mut to).into_bytes().unwrap(), csv, "{kind}");
    }
    let calendar = Request::get("/export/appointments.ics").send_to(&mut from);
    assert_eq!(calendar.header("content-type"), Some("text/calendar; charset=utf-8"));
    let calendar = calendar.into_text();
    assert_eq!(calendar.matches("BEGIN:VEVENT\r\n").count(), 17);
    holds(
        &calendar,
        &["DTSTART:20260331T190000\r\nDTEND:20260331T220000\r\nSUMMARY:Chess evening\r\n"],
    );
}

#[test]
fn the_book_stays_usable_while_a_file_is_checked_and_cancelling_ends_that() {
    let mut app = trial();
    let response = upload(&mut app, CONTACTS, &people(100_000));
    let url = response.header("location").unwrap().to_owned();
    holds(&get(&mut app, &url), &["is being checked", "Checking people.csv", "<progress"]);
    assert_eq!(post(&mut app, &url, &[]), url, "too early");
    post(&mut app, "/task/1/toggle", &[]);
    holds(&get(&mut app, "/"), &["Chess evening", "Checking people.csv"]);
    app.place.work().cancel_all();
    app.place.work().wait();
    holds(&get(&mut app, &url), &["The check was cancelled or failed.", ">Cancelled<"]);
    assert_eq!(post(&mut app, &url, &[]), url);
    assert_eq!(count(&app, "contact"), 8);
}

#[test]
fn cancelling_an_import_leaves_nothing_of_it() {
    let mut app = blank();
    let (_, url) = look_at(&mut app, CONTACTS, &people(20_000));
    post(&mut app, &url, &[]);
    let work = app.place.work();
    while !work.view().to_string().contains(
        "Importing people.csv</span>\n<progress aria-labelledby=\"solo-work-2-name\" value=",
    ) {
        std::thread::yield_now();
    }
    work.cancel_all();
    work.wait();
    holds(&get(&mut app, "/contacts"), &[">Cancelled<", "No contacts found."]);
    assert_eq!(count(&app, "contact"), 0);
    assert_eq!(count(&app, "contact_words WHERE contact_words MATCH 'person'"), 0);
    import_again(&mut app);
}

/// Checks that an import works as if nothing had been cancelled.
#[track_caller]
fn import_again(app: &mut Book) {
    let (_, url) = look_at(app, CONTACTS, b"name\nAnn");
    import(app, &url);
    holds(&get(app, "/search?q=ann"), &["<a href=\"/contact/1/\">Ann</a>"]);
}

#[test]
fn what_the_user_saves_during_an_import_goes_first() {
    let mut app = trial();
    let (_, url) = look_at(&mut app, CONTACTS, &people(5_000));
    post(&mut app, &url, &[]);
    let mut browser = TestClient::new(&mut app);
    for _ in 0..20 {
        let mut page = browser.get("/task/new");
        page.fill("Task", "Now").choose("Priority", "High");
        assert_eq!(browser.press(page, "Save").url(), "/tasks");
    }
    app.place.work().wait();
    assert_eq!(count(&app, "task WHERE title = 'Now'"), 20);
    holds(&get(&mut app, "/contacts"), &["Imported into contacts: 5000."]);
    assert_eq!(count(&app, "contact"), 8 + 5_000);
    holds(&get(&mut app, "/search?q=4999"), &["Person 4999"]);
}

#[test]
fn a_contact_that_is_deleted_before_the_import_is_left_out() {
    let mut app = trial();
    let csv = b"title,day,contact\nTea,2026-04-01,Ada Lovelace\n";
    let (_, url) = look_at(&mut app, &[("kind", "appointments")], csv);
    post(&mut app, "/contact/1/delete", &[]);
    import(&mut app, &url);
    assert_eq!(count(&app, "appointment WHERE title = 'Tea' AND contact IS NULL"), 1);
}

#[test]
fn all_templates_can_be_parsed() {
    app::pages().parse_all().unwrap();
}
