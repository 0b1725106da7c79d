//! The program accepts every value that a browser's own validation accepts, and reads the same
//! value from it. This is tested in real browsers with almost-valid input, for each kind of control
//! and its rules.
//!
//! A script enters a string into the control. The form element then parses the control's value, and
//! the result is compared with that value and with `validity.valid`. Intended differences are
//! listed in `exceptions`, with reasons. Each exception must occur in every control and browser
//! that it names.

mod classes;
mod exceptions;
mod texts;

use std::collections::BTreeMap;
use std::rc::Rc;

use jiff::civil::{Date, DateTime, Time};
use serde_json::{Value, json};
use solohttp::Fields;
use solohttp::forms::declare::{Outline, Slot};
use solohttp::forms::lens::{YearMonth, YearWeek};
use solohttp::forms::{
    Element, RecordForm, color, date, date_time, email, fixed_point, month, number, password,
    range, search, tel, text, textarea, time, url, week,
};
use solohttp::iolist;
use solohttp_tests::browser::{Browser, Engine, Page};
use solohttp_tests::in_each_browser;
use solohttp_tests::served::serve;

use classes::{bare, is_unseen, without_thousands};
use exceptions::{EXCEPTIONS, Way};
use texts::texts;

/// The kind of value that a control holds, which determines how values are compared.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Kind {
    /// Text, compared without the invisible characters around it.
    Text,
    /// Like `Text`, but typed, because browsers apply length limits only to typed text.
    Typed,
    /// Multi-line text or a password: typed, and compared exactly.
    Exact,
    /// A number in a text control, which the browser doesn't check.
    Number,
    /// A number in the browser's number control.
    Control,
    Mail,
    Site,
    Civil,
    Hue,
}

/// A control, and how the program reads it.
struct Control {
    name: &'static str,
    kind: Kind,
    html: String,
    read: Read,
}

/// Parses a submitted string, and returns the value as the form would display it.
type Read = Box<dyn Fn(&str) -> Option<String>>;

struct One<V> {
    x: V,
}

fn control<E: Element>(name: &'static str, kind: Kind, element: E) -> Control {
    // Does what `form!` does, but for a generic record, which the macro doesn't support.
    let mut outline = Outline::new();
    let slot = Rc::new(Slot::new(&mut outline, "x", element));
    let show = Rc::clone(&slot);
    let form: RecordForm<One<E::Value>> = RecordForm::declare(
        outline,
        move |place| Some(One { x: slot.parse(place)? }),
        move |record: &One<E::Value>, place| show.show(&record.x, place),
    );
    let form = form.id_prefix(name);
    let html = form.blank()["x"].control().to_string();
    let read = move |text: &str| {
        let record = form.submit(&Fields::from_iter([("x", text)])).ok()?;
        Some(form.fields_of(&record).get("x").unwrap_or_default().to_owned())
    };
    Control { name, kind, html, read: Box::new(read) }
}

impl Control {
    /// Replaces the HTML with the browser's own control for this kind of value. Forms no longer
    /// render that control.
    fn of_browser(self, input: &str) -> Self {
        Self { html: input.to_owned(), ..self }
    }
}

fn controls() -> Vec<Control> {
    let mut controls = text_controls();
    controls.extend(number_controls());
    controls.extend(civil_controls());
    controls
}

fn text_controls() -> Vec<Control> {
    vec![
        control("text", Kind::Text, text("x")),
        control("text_required", Kind::Text, text("x").required()),
        control("text_min", Kind::Typed, text("x").min_length(3)),
        control("text_max", Kind::Typed, text("x").max_length(5)),
        control(
            "text_pattern",
            Kind::Text,
            text("x").pattern("[A-Z]{2}[0-9]*", "Two letters.").optional(),
        ),
        control("search", Kind::Text, search("x").required()),
        control("search_lengths", Kind::Typed, search("x").min_length(2).max_length(6)),
        control("tel", Kind::Text, tel("x").pattern(r"\+?[0-9 ]+", "Digits.")),
        control("tel_lengths", Kind::Typed, tel("x").required().min_length(3).max_length(7)),
        control("password", Kind::Exact, password("x")),
        control(
            "password_lengths",
            Kind::Exact,
            password("x").required().min_length(4).max_length(9),
        ),
        control("textarea", Kind::Exact, textarea("x").required()),
        control("textarea_lengths", Kind::Exact, textarea("x").min_length(3).max_length(8)),
        control("mail", Kind::Mail, email("x")),
        control("mail_required", Kind::Mail, email("x").required()),
        control("mail_lengths", Kind::Mail, email("x").max_length(12).optional()),
        control("mail_pattern", Kind::Mail, email("x").pattern(r"[a-z.]+@b\.de", "Ours.")),
        control("site", Kind::Site, url::<String>("x")),
        control("site_required", Kind::Site, url::<String>("x").required()),
        control("color", Kind::Hue, color("x")),
    ]
}

fn number_controls() -> Vec<Control> {
    vec![
        control("whole", Kind::Number, number::<i64>("x").range(-5..=1_000)),
        control("natural", Kind::Number, number::<u16>("x").step(5).optional()),
        control("float", Kind::Number, number::<f64>("x")),
        control("price", Kind::Number, fixed_point("x", 2)),
        control("whole_control", Kind::Control, number::<i64>("x").range(-5..=1_000))
            .of_browser("<input type=number name=x min=-5 max=1000 required>"),
        control("step_control", Kind::Control, number::<i64>("x").range(0..=2_000).step(5))
            .of_browser("<input type=number name=x min=0 max=2000 step=5 required>"),
        control("float_control", Kind::Control, number::<f64>("x").min(-0.5))
            .of_browser("<input type=number name=x step=any min=-0.5 required>"),
        control("price_control", Kind::Control, fixed_point("x", 2))
            .of_browser("<input type=number name=x step=0.01 required>"),
        control("slider", Kind::Control, range::<i32>("x").range(-20..=20)),
        control("slider_steps", Kind::Control, range::<i32>("x").range(-20..=20).step(5)),
        control("slider_float", Kind::Control, range::<f64>("x").range(0.0..=1.0).step(0.1)),
    ]
}

fn civil_controls() -> Vec<Control> {
    let clock = |hour, minute| Time::constant(hour, minute, 0, 0);
    vec![
        control("date", Kind::Civil, date("x")),
        control(
            "date_range",
            Kind::Civil,
            date("x").range(Date::constant(2020, 1, 1)..=Date::constant(2026, 12, 31)),
        ),
        control("date_optional", Kind::Civil, date("x").max(Date::constant(2024, 5, 5)).optional()),
        control("time", Kind::Civil, time("x")),
        control("time_min", Kind::Civil, time("x").min(clock(8, 0))),
        control("time_range", Kind::Civil, time("x").range(clock(8, 0)..=clock(17, 30)).optional()),
        control("time_night", Kind::Civil, time("x").range(clock(22, 0)..=clock(6, 0)).optional()),
        control("time_step", Kind::Civil, {
            let day = clock(0, 0)..=clock(23, 59);
            time("x").range(day).step(std::time::Duration::from_secs(5 * 60)).optional()
        }),
        control(
            "date_step",
            Kind::Civil,
            date("x").min(Date::constant(1999, 1, 4)).step(2).optional(),
        ),
        control("moment_step", Kind::Civil, {
            let least = DateTime::constant(1990, 1, 1, 0, 0, 0, 0);
            date_time("x").min(least).step(std::time::Duration::from_secs(120)).optional()
        }),
        control(
            "month_step",
            Kind::Civil,
            month("x").min(YearMonth::new(1900, 1).unwrap()).step(2),
        ),
        control("week_step", Kind::Civil, week("x").min(YearWeek::new(1900, 1).unwrap()).step(2)),
        control("moment", Kind::Civil, date_time("x")),
        control(
            "moment_max",
            Kind::Civil,
            date_time("x").max(DateTime::constant(2026, 1, 1, 0, 0, 0, 0)),
        ),
        control(
            "moment_min",
            Kind::Civil,
            date_time("x").min(DateTime::constant(2025, 1, 1, 12, 0, 0, 0)).optional(),
        ),
        control("month", Kind::Civil, month("x")),
        control(
            "month_range",
            Kind::Civil,
            month("x").range(YearMonth::new(2020, 2).unwrap()..=YearMonth::new(2025, 11).unwrap()),
        ),
        control("week", Kind::Civil, week("x")),
        control(
            "week_range",
            Kind::Civil,
            week("x").range(YearWeek::new(2020, 2).unwrap()..=YearWeek::new(2025, 40).unwrap()),
        ),
    ]
}

/// The minimum number of valid strings per control. With too few, the comparison would prove
/// little.
const ENOUGH: usize = 20;

/// The findings in one browser.
#[derive(Default)]
struct Findings {
    count: usize,
    valid: usize,
    /// The number of faults, and some examples, by control and kind of fault.
    faults: BTreeMap<(&'static str, &'static str), (usize, Vec<String>)>,
    /// How often each exception occurred, by index and control.
    met: BTreeMap<(usize, &'static str), usize>,
}

impl Findings {
    fn fault(&mut self, control: &Control, what: &'static str, text: String) {
        let (count, some) = self.faults.entry((control.name, what)).or_default();
        *count += 1;
        if some.len() < 8 {
            some.push(text);
        }
    }

    /// Records a difference as a fault, unless it is a listed exception.
    fn differ(&mut self, engine: Engine, control: &Control, way: Way, (sent, typed): (&str, &str)) {
        let listed = EXCEPTIONS.iter().position(|known| {
            known.engines.contains(&engine)
                && known.controls.contains(&control.name)
                && known.way == way
                && (known.only)(sent, typed)
        });
        match listed {
            Some(listed) => *self.met.entry((listed, control.name)).or_default() += 1,
            None if way == Way::Stricter => {
                self.fault(control, "valid but refused", format!("{sent:?}"));
            }
            None => self.fault(control, "invalid but read", format!("{sent:?}")),
        }
    }

    fn check(&mut self, page: &mut Page<'_>, control: &Control) {
        let is_typed = matches!(control.kind, Kind::Typed | Kind::Exact | Kind::Mail);
        let texts = texts(control.name, control.kind);
        let seen = page.eval(&format!("({ENTER})({})", json!([control.name, texts, is_typed])));
        let seen = seen.as_array().unwrap();
        assert_eq!(seen.len(), texts.len());
        let mut pairs = Vec::new();
        let valid_before = self.valid;
        for (text, seen) in texts.iter().zip(seen) {
            self.count += 1;
            let is_valid = seen[1].as_bool().unwrap();
            // The value as a form submits it (WHATWG HTML section 4.10.21.4).
            let sent = seen[0].as_str().unwrap().replace("\r\n", "\n").replace('\n', "\r\n");
            self.valid += usize::from(is_valid);
            match (control.read)(&sent) {
                None if is_valid => {
                    self.differ(page.engine(), control, Way::Stricter, (&sent, text));
                }
                None => {}
                Some(_) if !is_valid => {
                    self.differ(page.engine(), control, Way::Laxer, (&sent, text));
                }
                Some(read) => pairs.push((sent, read)),
            }
        }
        self.compare(page, control, &pairs);
        let valid = self.valid - valid_before;
        if valid < ENOUGH {
            self.fault(
                control,
                "run with too few valid values to compare",
                format!("{valid} in all"),
            );
        }
    }

    /// Returns a message for each exception that didn't occur.
    fn never_met(&self, engine: Engine) -> impl Iterator<Item = String> {
        let listed =
            EXCEPTIONS.iter().enumerate().filter(move |(_, known)| known.engines.contains(&engine));
        let pairs = listed
            .flat_map(|(at, known)| known.controls.iter().map(move |name| (at, *name, known.why)));
        pairs
            .filter(|(at, name, _)| !self.met.contains_key(&(*at, *name)))
            .map(|(_, name, why)| format!("{name}: never occurred; remove it from the list: {why}"))
    }

    /// Checks that each record shows the same value as the control.
    fn compare(&mut self, page: &mut Page<'_>, control: &Control, pairs: &[(String, String)]) {
        let is_same: Vec<bool> = match control.kind {
            Kind::Mail | Kind::Control | Kind::Civil | Kind::Hue => {
                let same = page.eval(&format!("({COMPARE})({})", json!([control.name, pairs])));
                same.as_array().unwrap().iter().map(|same| same == &Value::Bool(true)).collect()
            }
            kind => pairs.iter().map(|(sent, read)| is_same_text(kind, sent, read)).collect(),
        };
        for ((sent, read), _) in pairs.iter().zip(is_same).filter(|(_, is_same)| !is_same) {
            self.fault(control, "read as another value", format!("{sent:?} as {read:?}"));
        }
    }
}

fn is_same_text(kind: Kind, sent: &str, read: &str) -> bool {
    match kind {
        Kind::Exact => sent.replace("\r\n", "\n") == read,
        Kind::Number => {
            let sent = bare(sent).replace('\u{2212}', "-").replace("- ", "-");
            let sent = without_thousands(&sent.replace(is_unseen, ""));
            match (sent.parse::<f64>(), read.parse::<f64>()) {
                (Ok(sent), Ok(read)) => sent == read,
                // At least one isn't a number, so both must be blank.
                _ => sent.is_empty() && read.is_empty(),
            }
        }
        // Browsers drop tabs within a URL.
        Kind::Site => bare(sent).replace('\t', "") == read,
        _ => bare(sent) == read,
    }
}

/// JavaScript that enters each string into a control, and returns the resulting values and their
/// validity. It hides the other controls, because the browser lays out the page after each typed
/// string.
const ENTER: &str = "([name, texts, isTyped]) => {
    for (const other of document.querySelectorAll('p')) {
        other.hidden = other.dataset.name !== name;
    }
    const control = document.querySelector(`[data-name=${name}] [name=x]`);
    const enter = isTyped
        ? text => {
            control.focus();
            control.select();
            document.execCommand(text ? 'insertText' : 'delete', false, text);
        }
        : text => { control.value = text; };
    return texts.map(text => {
        enter(text);
        return [control.value, control.validity.valid];
    });
}";

/// JavaScript that returns whether two strings are the same value to the browser: the same number,
/// date or domain.
const COMPARE: &str = "([name, pairs]) => {
    const control = document.querySelector(`[data-name=${name}] [name=x]`);
    const address = text => {
        const [local, domain] = text.replace(/[\\u200B\\u180E]/g, '').trim().split('@');
        try { return local + '@' + new URL('http://' + domain).hostname; } catch { return text; }
    };
    const value = text => {
        if (control.type === 'email') return address(text);
        control.value = text;
        const number = control.valueAsNumber;
        return Number.isNaN(number) ? control.value.trim() : number;
    };
    return pairs.map(([sent, read]) => value(sent) === value(read));
}";

fn valid_browser_values_are_read_as_the_same_value(browser: &Browser) {
    let html = controls().iter().fold(
        iolist![
            "<!DOCTYPE html><meta charset=\"utf-8\"><title>Controls</title><form spellcheck=false>"
        ],
        |mut page, control| {
            page.push(format!("<p data-name=\"{}\">{}</p>", control.name, control.html));
            page
        },
    );
    let html = html.to_string();
    let server = serve(move || move || solohttp::IoList::from(html.clone()));
    let mut page = browser.page();
    page.open(&server.url);
    let mut found = Findings::default();
    for control in controls() {
        found.check(&mut page, &control);
    }
    let mut faults: Vec<String> = found
        .faults
        .iter()
        .map(|((name, what), (count, some))| {
            format!("{name}: {count} {what}, such as {}", some.join(" "))
        })
        .collect();
    faults.extend(found.never_met(browser.engine()));
    assert!(
        faults.is_empty(),
        "{} faults in {} texts, of which {} are valid:\n{}",
        faults.len(),
        found.count,
        found.valid,
        faults.join("\n")
    );
}

in_each_browser!(valid_browser_values_are_read_as_the_same_value);
