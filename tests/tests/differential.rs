//! What a browser's own check lets through, the program reads, and as the same value: every kind of
//! control with its rules, over texts that are nearly right, in real browsers.
//!
//! A text is put into the control by script. Then the control's value and `validity.valid` are held
//! against what the element reads from that value.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::rc::Rc;

use solohttp::Fields;
use solohttp::forms::declare::Outline;
use solohttp::forms::{
    Element, RecordForm, color, date, date_time, email, fixed_point, month, number, password,
    range, search, tel, text, textarea, time, url, week,
};
use solohttp::iolist;
use solohttp_tests::browser::{Browser, Engine};
use solohttp_tests::in_each_browser;
use solohttp_tests::served::serve;

use jiff::civil::{Date, DateTime, Time};

/// Texts for each control, of a fixed seed.
const TEXTS: usize = 2_000;

/// Where the program refuses what a browser lets through, and why. An entry that is never met is an
/// error, so that this stays true.
const STRICTER: &[(Engine, &str, &str)] = &[
    (Engine::Chromium, "short", "browsers count what a person typed, not what a script set"),
    (Engine::Firefox, "short", "browsers count what a person typed, not what a script set"),
    (Engine::Chromium, "long", "browsers count what a person typed, not what a script set"),
    (Engine::Firefox, "long", "browsers count what a person typed, not what a script set"),
    (Engine::Chromium, "lines", "browsers count what a person typed, not what a script set"),
    (Engine::Firefox, "lines", "browsers count what a person typed, not what a script set"),
    (Engine::Chromium, "required", "nothing but blanks or invisible characters is blank"),
    (Engine::Firefox, "required", "nothing but blanks or invisible characters is blank"),
    (Engine::Chromium, "whole", "a number is text to the browser: it keeps a comma to be told of"),
    (Engine::Firefox, "whole", "a number is text to the browser: it keeps a comma to be told of"),
    (Engine::Chromium, "float", "a number is text to the browser: it keeps a comma to be told of"),
    (Engine::Firefox, "float", "a number is text to the browser: it keeps a comma to be told of"),
    (Engine::Chromium, "price", "a number is text to the browser: it keeps a comma to be told of"),
    (Engine::Firefox, "price", "a number is text to the browser: it keeps a comma to be told of"),
    (Engine::Chromium, "site", "an address without a host leads nowhere"),
    (Engine::Firefox, "site", "an address without a host leads nowhere"),
    (Engine::Chromium, "tel", "blanks around a text are dropped before its pattern is checked"),
    (Engine::Firefox, "tel", "blanks around a text are dropped before its pattern is checked"),
    (Engine::Chromium, "month", "the calendar ends with the year 9999"),
    (Engine::Firefox, "month", "Firefox has no such control, and shows a text field"),
    (Engine::Firefox, "week", "Firefox has no such control, and shows a text field"),
];

/// One control, and how the program reads it: as the text that the value is shown as.
struct Control {
    name: &'static str,
    html: String,
    read: Read,
}

/// The value of a text, as the text that it is shown as.
type Read = Box<dyn Fn(&str) -> Option<String>>;

struct One<V> {
    x: V,
}

fn control<E>(name: &'static str, element: fn() -> E) -> Control
where
    E: Element,
    E::Value: Debug + 'static,
{
    // As `form!` does it, which takes no generic record.
    let form = move || -> RecordForm<One<E::Value>> {
        let mut outline = Outline::new();
        let slot = Rc::new(outline.add("x", element()));
        let show = Rc::clone(&slot);
        let form = outline.finish(
            move |place| Some(One { x: slot.parse(place)? }),
            move |record: &One<E::Value>, place| show.show(&record.x, place),
        );
        form.id_prefix(name)
    };
    let html = form().blank()["x"].control().to_string();
    let read = move |text: &str| {
        let form = form();
        let record = form.submit(&Fields::from_iter([("x", text)])).ok()?;
        Some(form.fields_of(&record).get("x").unwrap_or_default().to_owned())
    };
    Control { name, html, read: Box::new(read) }
}

fn controls() -> Vec<Control> {
    vec![
        control("plain", || text("x")),
        control("required", || text("x").required()),
        control("short", || text("x").min_length(3)),
        control("long", || text("x").max_length(5)),
        control("pattern", || text("x").pattern("[A-Z]{2}[0-9]*", "Two letters.")),
        control("search", || search("x")),
        control("tel", || tel("x").pattern(r"\+?[0-9 ]+", "Digits.")),
        control("secret", || password("x")),
        control("lines", || textarea("x").max_length(8)),
        control("mail", || email("x")),
        control("site", || url::<String>("x")),
        control("whole", || number::<i64>("x").range(-5..=1_000)),
        control("float", || number::<f64>("x")),
        control("price", || fixed_point("x", 2)),
        control("slider", || range::<i32>("x").range(-20..=20).step(5)),
        control("shade", || color("x")),
        control("day", || {
            date("x").range(Date::constant(2020, 1, 1)..=Date::constant(2026, 12, 31))
        }),
        control("at", || time("x").min(Time::constant(8, 0, 0, 0))),
        control("moment", || date_time("x").max(DateTime::constant(2026, 1, 1, 0, 0, 0, 0))),
        control("month", || month("x")),
        control("week", || week("x")),
    ]
}

/// Multiplies and adds, as in Knuth's MMIX: the same numbers everywhere.
struct Seeded(u64);

impl Seeded {
    fn below(&mut self, most: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % most
    }

    fn pick<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }
}

/// Pieces of texts that are nearly right, for each kind; and for all.
const ANY: &[&str] =
    &["", " ", "a", "é", "\u{200B}", "😀", "-", "0", "x y", "\t", "ß", "\u{A0}", "%20"];
const NUMBER: &[&str] = &[
    "1", "0", "25", "-", "+", ".", ",", "e", "E+2", "e5", "999999", "1.0", ".5", " ", "00",
    "1e400", "'",
];
const MAIL: &[&str] = &[
    "a",
    "@",
    "b.de",
    ".",
    "bücher",
    "xn--bcher-kva",
    "-",
    "_",
    "+tag",
    " ",
    "名",
    "a.b",
    "!",
    "\"",
    ",",
    "example.org",
    "é",
];
const SITE: &[&str] = &[
    "http:",
    "https:",
    "//",
    "/",
    "example.org",
    "a b",
    "?q=ä b",
    "#x",
    "file:///c:/a b.txt",
    "mailto:",
    "@",
    ":80",
    "é.de",
    " ",
    "ftp:",
    "javascript:",
    "x",
    "[::1]",
    "\\",
    "%",
];
const DATE: &[&str] = &[
    "2025", "-", "03", "12", "31", "29", "02", "T", " ", ":", "17", "30", "59", ".5", ".123", "W",
    "W53", "W14", "0001", "24", "00", "60", "+", "275760",
];
const HUE: &[&str] =
    &["#", "ff", "00", "8", "red", "GG", "#ff8000", "#FFF", " ", "ab", "rgb(1,2,3)"];

fn texts(name: &str) -> Vec<String> {
    let own = match name {
        "mail" => MAIL,
        "site" => SITE,
        "whole" | "float" | "price" | "slider" => NUMBER,
        "day" | "at" | "moment" | "month" | "week" => DATE,
        "shade" => HUE,
        _ => &["AB", "A", "12", "B7", "+", " ", "abc", "\n", "\r\n"],
    };
    let whole: &[&str] = match name {
        "mail" => &["a@b.de", "a@bücher.de", "a@xn--bcher-kva.de", "a.b+c@d.example"],
        "site" => {
            &["http://a/b c", "file:///c:/a b.txt", "https://example.org/ä?b=c d#e", "mailto:a@b"]
        }
        "whole" => &["1e2", "1.0", "1e+2", "-5", "1000", "1001"],
        "day" => &["2025-03-31", "2019-12-31", "2025-02-29", "2020-01-01"],
        "at" => &["08:00", "07:59", "23:59:59", "12:00:00.5"],
        "moment" => {
            &["2025-03-31T17:30", "2025-03-31 17:30", "2026-01-01T00:00", "2027-01-01T00:00"]
        }
        "month" => &["2025-03", "2025-13"],
        "week" => &["2025-W14", "2020-W53", "2021-W53"],
        _ => &[],
    };
    let mut seeded = Seeded(name.bytes().fold(14, |seed, byte| seed * 31 + u64::from(byte)));
    let mut texts: Vec<String> = whole.iter().map(|text| (*text).to_owned()).collect();
    while texts.len() < TEXTS {
        let pieces = 1 + seeded.below(6);
        let text = (0..pieces).map(|_| match seeded.below(12) {
            0 => seeded.pick(ANY),
            _ => seeded.pick(own),
        });
        texts.push(text.collect());
    }
    texts
}

fn what_the_browser_lets_through_is_read_as_the_same_value(browser: &Browser) {
    let page = iolist!["<!DOCTYPE html><meta charset=\"utf-8\"><title>Controls</title><form>"];
    let html = controls().iter().fold(page, |mut page, control| {
        page.push(format!("<p data-name=\"{}\">{}</p>", control.name, control.html));
        page
    });
    let html = html.to_string();
    let server = serve(move || move || solohttp::IoList::from(html.clone()));
    let mut page = browser.page();
    page.open(&server.url);
    let mut met: BTreeMap<&str, (usize, String)> = BTreeMap::new();
    let mut faults = Vec::new();
    for control in controls() {
        let texts = texts(control.name);
        let script = format!(
            "(texts => {{
                const control = document.querySelector('[data-name={}] [name=x]');
                return texts.map(text => {{
                    control.value = text;
                    return [control.value, control.validity.valid];
                }});
            }})({})",
            control.name,
            serde_json::to_string(&texts).unwrap()
        );
        let seen = page.eval(&script);
        assert_eq!(seen.as_array().map(Vec::len), Some(TEXTS));
        for (text, seen) in texts.iter().zip(seen.as_array().unwrap()) {
            let (value, valid) = (seen[0].as_str().unwrap(), seen[1].as_bool().unwrap());
            // As a form sends it (WHATWG HTML section 4.10.21.4).
            let sent = value.replace("\r\n", "\n").replace('\n', "\r\n");
            match (control.read)(&sent) {
                None if valid && control.name != "shade" => {
                    met.entry(control.name).or_insert((0, text.clone())).0 += 1;
                }
                // Blank may be a value of its own, and a record shows numbers in one spelling.
                Some(read) if valid && !is_same(control.name, &sent, &read) => {
                    faults
                        .push(format!("{}: {text:?} is {sent:?}, read as {read:?}", control.name));
                }
                _ => {}
            }
        }
    }
    faults.extend(unlisted(browser.engine(), &met));
    assert!(
        faults.is_empty(),
        "{} faults:\n{}",
        faults.len(),
        faults[..faults.len().min(40)].join("\n")
    );
}

/// What is refused and not on the list, and what is on the list and not refused.
fn unlisted(engine: Engine, met: &BTreeMap<&str, (usize, String)>) -> Vec<String> {
    let listed: Vec<&str> =
        STRICTER.iter().filter(|(of, ..)| *of == engine).map(|(_, name, _)| *name).collect();
    let refused =
        met.iter().filter(|(name, _)| !listed.contains(name)).map(|(name, (times, text))| {
            format!("{name}: {times} texts are valid in {engine:?} and refused, such as {text:?}")
        });
    let over = listed.iter().filter(|name| !met.contains_key(*name));
    let over =
        over.map(|name| format!("{name}: nothing is refused any more; take it off the list"));
    refused.chain(over).collect()
}

/// Is what the record shows what the control had?
fn is_same(name: &str, sent: &str, read: &str) -> bool {
    let sent = sent.replace("\r\n", "\n");
    match name {
        "secret" => sent == read,
        "lines" => sent == read,
        "whole" | "float" | "price" | "slider" => {
            let number =
                |text: &str| text.trim().replace(['\u{200B}', ' ', '\u{A0}'], "").parse::<f64>();
            matches!((number(&sent), number(read)), (Ok(sent), Ok(read)) if sent == read)
        }
        // What nobody can see is dropped.
        "mail" => sent.trim().replace('\u{200B}', "") == read || sent.contains("xn--"),
        "at" | "moment" | "day" | "month" | "week" => {
            let plain = |text: &str| {
                let text = text.trim().replace(' ', "T");
                let text = text.trim_end_matches('0').trim_end_matches('.').to_owned();
                text.trim_end_matches(":0").trim_end_matches(':').to_owned()
            };
            plain(&sent) == plain(read)
        }
        _ => {
            let litter = |c: char| c.is_whitespace() || c == '\u{200B}';
            sent.trim_matches(litter) == read.trim_matches(litter)
        }
    }
}

in_each_browser!(what_the_browser_lets_through_is_read_as_the_same_value);
