//! A form with every kind of element, filled in by keyboard. Half of the input is invalid at first,
//! and each error is shown next to its field. Once corrected, the record is saved exactly as typed.

use std::collections::BTreeSet;
use std::fs;

use jiff::civil::{Date, DateTime, Time, date, time};
use solohttp::forms::lens::{Color, YearMonth, YearWeek};
use solohttp::forms::{
    Choices, FormView, Formlet, RecordForm, Submission, checkbox, checkboxes, color, date_time,
    email, file, fixed_point, form, formlet, month, multi_select, number, password, radio, range,
    search, select, switch, tel, text, textarea, url, week,
};
use solohttp::{Handler, IoList, Request, Response, Result, Router, Upload, html, iolist};
use solohttp_tests::browser::{AccessibleNode, Browser, Engine, Page};
use solohttp_tests::served::serve;

#[derive(Debug)]
struct Thing {
    name: String,
    find: String,
    mail: String,
    phone: String,
    site: String,
    secret: String,
    count: u8,
    price: i64,
    volume: i32,
    day: Date,
    at: Time,
    moment: DateTime,
    month: YearMonth,
    week: YearWeek,
    shade: Color,
    notes: String,
    kind: String,
    tags: Vec<String>,
    size: i64,
    extras: BTreeSet<String>,
    agreed: bool,
    quiet: bool,
    paper: Upload,
}

fn thing_form() -> RecordForm<Thing> {
    let kinds = || Choices::strings(["Apple", "Pear", "Plum"]);
    form!(Thing {
        name: text("Name").required().max_length(40),
        find: search("Find"),
        mail: email("Mail").required().help("We never write."),
        phone: tel("Phone").pattern(r"\+?[0-9 ]+", "Digits and blanks only."),
        site: url("Site"),
        secret: password("Secret").min_length(4),
        count: number("Count").range(1..=200),
        price: fixed_point("Price", 2),
        volume: range("Volume").range(0..=10).step(1),
        day: solohttp::forms::date("Day"),
        at: solohttp::forms::time("At"),
        moment: date_time("Moment"),
        month: month("Month"),
        week: week("Week"),
        shade: color("Shade"),
        notes: textarea("Notes"),
        kind: select("Kind", kinds()),
        tags: multi_select("Tags", kinds()),
        size: radio("Size", Choices::numbered(1, ["Small", "Large"])),
        extras: checkboxes("Extras", kinds()),
        agreed: checkbox("Agreed"),
        quiet: switch("Quiet"),
        paper: file("Paper"),
    })
    // The browser's own checks would prevent submitting invalid values.
    .without_browser_checks()
}

struct Things;

impl Formlet<Vec<String>> for Things {
    type Record = Thing;

    fn form(&mut self, _: &mut Vec<String>) -> Result<RecordForm<Thing>> {
        Ok(thing_form())
    }

    fn save(
        &mut self,
        saved: &mut Vec<String>,
        thing: Thing,
        _: &Submission<'_>,
    ) -> Result<Response> {
        let paper = String::from_utf8(thing.paper.to_bytes()?.to_vec())?;
        saved.push(describe(&thing, &thing.paper.file_name(), &paper));
        Ok(Response::redirect("/saved"))
    }

    fn page(&mut self, _: &mut Vec<String>, view: &FormView<Thing>, _: &Request) -> Result<IoList> {
        Ok(iolist!["<!DOCTYPE html><html lang=\"en\"><title>Thing</title>", view.render()])
    }
}

/// The whole record as a single string.
fn describe(thing: &Thing, file_name: &str, paper: &str) -> String {
    let Thing { name, find, mail, phone, site, secret, count, price, volume, .. } = thing;
    let Thing { day, at, moment, month, week, shade, notes, kind, tags, .. } = thing;
    let Thing { size, extras, agreed, quiet, .. } = thing;
    let texts = format!("{:?}", [name, find, mail, phone, site, secret, notes, kind]);
    let numbers = format!("{count} {price} {volume} {size} {agreed} {quiet} {shade:?}");
    let times = format!("{day} {at} {moment} {month:?} {week:?}");
    format!("{texts}\n{numbers}\n{times}\n{tags:?} {extras:?} {file_name:?} {paper:?}")
}

fn app() -> impl Handler {
    let mut router = Router::new();
    router.mount("/thing", formlet(Things));
    router.get("/saved", |saved: &mut Vec<String>| {
        iolist!["<title>Saved</title><pre>", html::escape(&saved.join("\n--\n")).into_owned()]
    });
    router.with_state(Vec::new())
}

/// Presses Tab until the control with this name has focus.
#[track_caller]
fn tab_to(page: &mut Page<'_>, name: &str) {
    for _ in 0..20 {
        if page.eval("document.activeElement.name") == name {
            return;
        }
        page.press("Tab");
    }
    panic!("the Tab key does not reach {name}");
}

fn keys(page: &mut Page<'_>, keys: &str) {
    for key in keys.chars() {
        page.press(&key.to_string());
    }
}

fn type_in(page: &mut Page<'_>, name: &str, text: &str) {
    tab_to(page, name);
    page.press("Control+a");
    page.type_text(text);
}

/// Fills in a date field part by part. Completing a part moves on to the next.
fn key_in(page: &mut Page<'_>, name: &str, parts: &str) {
    tab_to(page, name);
    keys(page, parts);
}

fn nodes(page: &mut Page<'_>) -> Vec<AccessibleNode> {
    page.accessibility_tree()
}

#[track_caller]
fn node<'a>(nodes: &'a [AccessibleNode], name: &str) -> &'a AccessibleNode {
    // In Firefox, the chosen file is part of a file input's accessible name.
    let is_name = |told: &str| {
        told.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with(" Browse…"))
    };
    let is_control = |node: &&AccessibleNode| {
        is_name(&node.name) && !["StaticText", "LabelText", "Legend", "link"].contains(&&*node.role)
    };
    nodes.iter().find(is_control).unwrap_or_else(|| panic!("no control {name} in {nodes:#?}"))
}

/// Fields that must be marked invalid, with words that their description must contain.
const WRONG: [(&str, &str); 12] = [
    ("Name", "Fill in"),
    ("Mail", "We never write."),
    ("Phone", "Digits and blanks only."),
    ("Site", "address"),
    ("Secret", "4"),
    ("Count", "200"),
    ("Day", "Fill in"),
    ("Moment", "Fill in"),
    ("Week", "Fill in"),
    ("Kind", "Fill in"),
    ("Size", "Fill in"),
    ("Paper", "Fill in"),
];

const RIGHT: [&str; 9] =
    ["Find", "Price", "Volume", "At", "Month", "Notes", "Tags", "Agreed", "Quiet"];

fn fill_in_half_wrong(page: &mut Page<'_>) {
    type_in(page, "find", "a b");
    type_in(page, "mail", "a@");
    type_in(page, "phone", "call me");
    type_in(page, "site", "no address");
    type_in(page, "secret", "abc");
    type_in(page, "count", "201");
    type_in(page, "price", "12.05");
    tab_to(page, "volume");
    page.press("Home");
    page.press("ArrowRight");
    key_in(page, "at", "1159P");
    match page.engine() {
        Engine::Chromium => {
            key_in(page, "month", "f");
            page.press("ArrowRight");
            keys(page, "2025");
        }
        // Firefox has no controls for months and weeks, only text fields.
        Engine::Firefox => type_in(page, "month", "2025-02"),
    }
    type_in(page, "notes", "  first 😀\n\"<b>&amp;</b>'\n");
    tab_to(page, "tags");
    page.press("ArrowDown");
    page.press("Shift+ArrowDown");
    tab_to(page, "extras");
    page.press("Space");
    tab_to(page, "quiet");
    page.press("Space");
    page.navigate(|page| page.press("Enter"));
}

fn correct(page: &mut Page<'_>) {
    // The first invalid field receives focus automatically.
    page.wait_for("document.activeElement.name === 'name'");
    type_in(page, "name", "Zoë \"O'Neill\" <b>&amp; 😀");
    type_in(page, "mail", "zoe@example.org");
    type_in(page, "phone", "+49 30 1");
    type_in(page, "site", "https://example.org/?a=1&b=2");
    type_in(page, "secret", " p<&\"w ");
    type_in(page, "count", "200");
    key_in(page, "day", "02292024");
    key_in(page, "moment", "12312025");
    // Chromium's year field accepts more than four digits, so moving on to the next field takes an
    // explicit key press.
    if page.engine() == Engine::Chromium {
        page.press("ArrowRight");
    }
    keys(page, "0130A");
    match page.engine() {
        Engine::Chromium => {
            key_in(page, "week", "53");
            keys(page, "2020");
        }
        Engine::Firefox => type_in(page, "week", "2020-W53"),
    }
    tab_to(page, "kind");
    page.press("p");
    tab_to(page, "size");
    page.press("Space");
    page.press("ArrowDown");
    tab_to(page, "agreed");
    page.press("Space");
}

fn every_element_works_by_keyboard_and_shows_its_error(browser: &Browser) {
    let server = serve(app);
    let folder = tempfile::tempdir().unwrap();
    let paper = folder.path().join("päper 1.txt");
    fs::write(&paper, "line 1\n<line> 2 😀").unwrap();
    let mut page = browser.page();
    page.open(&format!("{}thing", server.url));
    fill_in_half_wrong(&mut page);
    let told_of = nodes(&mut page);
    for (name, words) in WRONG {
        let node = node(&told_of, name);
        assert!(node.is_invalid(), "{name} is not invalid: {node:?}");
        assert!(node.description.contains(words), "{name}: {:?} lacks {words}", node.description);
    }
    for name in RIGHT {
        let node = node(&told_of, name);
        assert!(!node.is_invalid(), "{name} is invalid: {node:?}");
    }
    correct(&mut page);
    page.upload("input[type=file]", &[&paper]);
    page.eval("document.querySelector('[name=shade]').value = '#336699'");
    page.navigate(|page| page.click("button"));
    let saved = page.eval("document.querySelector('pre')?.textContent ?? document.body.innerText");
    let expected = Thing {
        name: "Zoë \"O'Neill\" <b>&amp; 😀".to_owned(),
        find: "a b".to_owned(),
        mail: "zoe@example.org".to_owned(),
        phone: "+49 30 1".to_owned(),
        site: "https://example.org/?a=1&b=2".to_owned(),
        secret: " p<&\"w ".to_owned(),
        count: 200,
        price: 1205,
        volume: 1,
        day: date(2024, 2, 29),
        at: time(23, 59, 0, 0),
        moment: date(2025, 12, 31).at(1, 30, 0, 0),
        month: YearMonth::new(2025, 2).unwrap(),
        week: YearWeek::new(2020, 53).unwrap(),
        shade: Color { red: 0x33, green: 0x66, blue: 0x99 },
        notes: "  first 😀\n\"<b>&amp;</b>'\n".to_owned(),
        kind: "Pear".to_owned(),
        tags: vec!["Apple".to_owned(), "Pear".to_owned()],
        size: 2,
        extras: BTreeSet::from(["Apple".to_owned()]),
        agreed: true,
        quiet: true,
        paper: no_upload(),
    };
    let expected = describe(&expected, "päper 1.txt", "line 1\n<line> 2 😀");
    assert_eq!(saved.as_str().unwrap(), expected);
}

/// A placeholder, because uploads are compared by name and content instead.
fn no_upload() -> Upload {
    let request = Request::post("/").upload("paper", "x", "text/plain", "x").build();
    request.uploads().unwrap()[0].clone()
}

solohttp_tests::in_each_browser!(every_element_works_by_keyboard_and_shows_its_error,);
