//! A form of ten elements as HTML, compared with the same HTML from a compiled template.

use std::borrow::Cow;
use std::hint::black_box;

use askama::Template;
use race::{Bar, Contender, Row, race};
use serde::Deserialize;
use solohttp_core::IoList;
use solohttp_forms::{FormView, RecordForm};

use crate::part::{Part, SENT, WRONG, decode, part, part_form};

/// The names and labels of the fields.
const FIELDS: [(&str, &str); 10] = [
    ("name", "Name"),
    ("number", "Number"),
    ("shelf", "Shelf"),
    ("supplier", "Supplier"),
    ("unit", "Unit"),
    ("price", "Price"),
    ("stock", "Stock"),
    ("least", "Least"),
    ("note", "Note"),
    ("active", "Active"),
];

/// The form as a template, with everything that doesn't change written out.
#[derive(Template)]
#[template(path = "part.html")]
struct Page<'a> {
    texts: [Cow<'a, str>; 10],
    errors: [Option<&'static str>; 10],
    has_errors: bool,
    /// The index of the first field with an error.
    first: usize,
}

impl<'a> Page<'a> {
    fn new(texts: [Cow<'a, str>; 10], errors: [Option<&'static str>; 10]) -> Self {
        let first = errors.iter().position(Option::is_some);
        Self { texts, errors, has_errors: first.is_some(), first: first.unwrap_or(10) }
    }

    fn of(part: &'a Part) -> Self {
        let text = |text: &'a String| Cow::Borrowed(text.as_str());
        let texts = [
            text(&part.name),
            part.number.to_string().into(),
            text(&part.shelf),
            text(&part.supplier),
            text(&part.unit),
            part.price.to_string().into(),
            part.stock.to_string().into(),
            part.least.to_string().into(),
            text(&part.note),
            if part.active { "on" } else { "" }.into(),
        ];
        Self::new(texts, [None; 10])
    }

    /// Reads what a browser sent, and checks it by hand.
    fn submitted(sent: &'a str) -> Self {
        let Sent { name, number, shelf, supplier, unit, price, stock, least, note, active } =
            serde_urlencoded::from_str(sent).expect("it is sound");
        let texts = [name, number, shelf, supplier, unit, price, stock, least, note, active];
        let whole = |index: usize| texts[index].trim().parse::<u32>().ok();
        let mut errors = [None; 10];
        if texts[0].trim().is_empty() {
            errors[0] = Some("Fill in this field.");
        }
        for index in [1, 6, 7] {
            if whole(index).is_none() {
                errors[index] = Some("Enter a number.");
            }
        }
        if texts[5].trim().parse::<u64>().is_err() {
            errors[5] = Some("Enter a number.");
        }
        if whole(6).is_some_and(|stock| stock > 9_999) {
            errors[6] = Some("Enter 9999 or less.");
        }
        if !matches!(&*texts[9], "" | "on") {
            errors[9] = Some("This choice is no longer available. Choose another one.");
        }
        Self::new(texts, errors)
    }

    fn mistakes(&self) -> impl Iterator<Item = (&str, &str, &str)> {
        let errors = FIELDS.iter().zip(&self.errors);
        errors.filter_map(|(&(name, label), &error)| Some((name, label, error?)))
    }
}

/// The fields as text, because invalid text has to be shown again.
#[derive(Deserialize)]
struct Sent<'a> {
    #[serde(borrow)]
    name: Cow<'a, str>,
    #[serde(borrow)]
    number: Cow<'a, str>,
    #[serde(borrow)]
    shelf: Cow<'a, str>,
    #[serde(borrow)]
    supplier: Cow<'a, str>,
    #[serde(borrow)]
    unit: Cow<'a, str>,
    #[serde(borrow)]
    price: Cow<'a, str>,
    #[serde(borrow)]
    stock: Cow<'a, str>,
    #[serde(borrow)]
    least: Cow<'a, str>,
    #[serde(borrow)]
    note: Cow<'a, str>,
    #[serde(borrow, default)]
    active: Cow<'a, str>,
}

/// The form of a `Formlet` that is the same for all requests.
fn cached() -> RecordForm<Part> {
    RecordForm::cached(part_form)
}

pub fn blank() -> Row {
    race_pages(
        "a blank form of ten elements",
        &|| cached().blank().render(),
        Some(&|| part_form().blank().render()),
        &|| Page::new([""; 10].map(Cow::Borrowed), [None; 10]).render(),
    )
}

pub fn filled() -> Row {
    let part = part();
    assert_eq!(part_form().submit(&decode(SENT)).expect("it is sound"), part);
    race_pages(
        "a form of ten elements filled with a record",
        &|| cached().show(&part).render(),
        Some(&|| part_form().show(&part).render()),
        &|| Page::of(&part).render(),
    )
}

/// Only renders. The input is already checked, and the page has the texts and the errors.
pub fn mistakes() -> Row {
    let (view, page) = (submit(&cached(), WRONG), Page::submitted(WRONG));
    race_pages(
        "a form of ten elements rendered with two mistakes",
        &|| view.render(),
        None,
        &|| page.render(),
    )
}

/// All that happens between the bytes that a browser sent and the page that shows them again.
pub fn again() -> Row {
    race_pages(
        "a form of ten elements read, checked and shown again with two mistakes",
        &|| submit(&cached(), black_box(WRONG)).render(),
        Some(&|| submit(&part_form(), black_box(WRONG)).render()),
        &|| Page::submitted(black_box(WRONG)).render(),
    )
}

fn submit(form: &RecordForm<Part>, sent: &str) -> FormView<Part> {
    form.submit(&decode(sent)).expect_err("there are mistakes")
}

/// The form is declared once (`RecordForm::cached`), or for each page, as it has to be if it depends
/// on the request.
fn race_pages(
    what: &str,
    once: &dyn Fn() -> IoList,
    each: Option<&dyn Fn() -> IoList>,
    theirs: &dyn Fn() -> askama::Result<String>,
) -> Row {
    let template = || theirs().expect("askama renders");
    // askama spells this entity differently.
    let html = template().replace("&#38;", "&amp;");
    // The second time, the form uses what it has kept.
    let ours = [Some(once), Some(once), each];
    assert!(ours.into_iter().flatten().all(|page| page().to_string() == html));
    let what = format!("{what} ({} bytes)", html.len());
    let mut contenders = vec![Contender::new("solohttp", || drop(black_box(once())))];
    contenders.extend(each.map(|each| {
        Contender::new("solohttp, declared for each page", move || drop(black_box(each())))
    }));
    contenders.push(Contender::new("askama", || drop(black_box(template()))));
    Row::new(what.clone(), "ns", race(&what, contenders))
        .with_bar(Bar::Times("askama", 1.5))
        .with_bar(Bar::Most("allocations", 60.0))
}
