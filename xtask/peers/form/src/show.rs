//! A form of ten elements as HTML, compared with the same HTML from a compiled template.

use std::borrow::Cow;
use std::hint::black_box;

use askama::Template;
use race::{Bar, Contender, Row, race};
use solohttp_core::{Fields, IoList};
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

    /// Checks the fields by hand.
    fn check(fields: &'a Fields) -> Self {
        let texts = FIELDS.map(|(name, _)| Cow::Borrowed(fields.get(name).unwrap_or_default()));
        let number = |text: &str| text.trim().parse::<u64>().ok();
        let mut errors = [None; 10];
        if texts[0].trim().is_empty() {
            errors[0] = Some("Fill in this field.");
        }
        for index in [1, 5, 6, 7] {
            if number(&texts[index]).is_none() {
                errors[index] = Some("Enter a number.");
            }
        }
        if number(&texts[6]).is_some_and(|stock| stock > 9_999) {
            errors[6] = Some("Enter 9999 or less.");
        }
        Self::new(texts, errors)
    }

    fn mistakes(&self) -> impl Iterator<Item = (&str, &str, &str)> {
        let errors = FIELDS.iter().zip(&self.errors);
        errors.filter_map(|(&(name, label), &error)| Some((name, label, error?)))
    }
}

/// The form of a `Formlet` that is the same for all requests.
fn cached() -> RecordForm<Part> {
    RecordForm::cached(part_form)
}

pub fn blank() -> Row {
    race_pages(
        "a blank form of ten elements",
        &|| cached().blank().render(),
        &|| part_form().blank().render(),
        &|| Page::new([""; 10].map(Cow::Borrowed), [None; 10]).render(),
    )
}

pub fn filled() -> Row {
    let part = part();
    assert_eq!(part_form().submit(&decode(SENT)).expect("it is sound"), part);
    race_pages(
        "a form of ten elements filled with a record",
        &|| cached().show(&part).render(),
        &|| part_form().show(&part).render(),
        &|| Page::of(&part).render(),
    )
}

pub fn mistakes() -> Row {
    let fields = decode(WRONG);
    let again = |view: Result<Part, FormView<Part>>| view.expect_err("there are mistakes").render();
    race_pages(
        "a form of ten elements checked and shown again with two mistakes",
        &|| again(cached().submit(&fields)),
        &|| again(part_form().submit(&fields)),
        &|| Page::check(&fields).render(),
    )
}

/// The form is declared once (`RecordForm::cached`), or for each page, as it has to be if it depends
/// on the request.
fn race_pages(
    what: &str,
    once: &dyn Fn() -> IoList,
    each: &dyn Fn() -> IoList,
    theirs: &dyn Fn() -> askama::Result<String>,
) -> Row {
    let template = || theirs().expect("askama renders");
    let html = each().to_string();
    // The second time, the form uses what it has kept.
    assert!([once(), once()].iter().all(|page| page.to_string() == html));
    // askama spells this entity differently.
    assert_eq!(html, template().replace("&#38;", "&amp;"));
    let what = format!("{what} ({} bytes)", html.len());
    let contenders = vec![
        Contender::new("solohttp", || drop(black_box(once()))),
        Contender::new("solohttp, declared for each page", || drop(black_box(each()))),
        Contender::new("askama", || drop(black_box(template()))),
    ];
    Row::new(what.clone(), "ns", race(&what, contenders))
        .with_bar(Bar::Times("askama", 1.5))
        .with_bar(Bar::Most("allocations", 60.0))
}
