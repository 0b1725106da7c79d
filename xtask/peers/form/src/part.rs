//! A record with ten fields, its form, and reading it from what a browser sends.

use std::hint::black_box;

use race::{Bar, Contender, Row, race};
use serde::{Deserialize, Deserializer};
use solohttp_core::Fields;
use solohttp_forms::{RecordForm, checkbox, form, number, text};

#[derive(Debug, PartialEq, Deserialize)]
pub struct Part {
    pub name: String,
    pub number: u32,
    pub shelf: String,
    pub supplier: String,
    pub unit: String,
    pub price: u64,
    pub stock: u32,
    pub least: u32,
    pub note: String,
    #[serde(deserialize_with = "is_on")]
    pub active: bool,
}

/// Browsers send `on` for a checked box.
fn is_on<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
    Ok(text == "on")
}

pub const SENT: &str = "name=Bolt+M8&number=4711&shelf=B%2F12&supplier=M%C3%BCller+%26+Co&unit=piece&\
                        price=129&stock=12&least=5&note=new&active=on";

/// The same with two mistakes.
pub const WRONG: &str = "name=+&number=4711&shelf=B%2F12&supplier=M%C3%BCller+%26+Co&unit=piece&\
                         price=129&stock=many&least=5&note=new&active=on";

pub fn part_form() -> RecordForm<Part> {
    form!(Part {
        name: text("Name").required(),
        number: number("Number"),
        shelf: text("Shelf"),
        supplier: text("Supplier"),
        unit: text("Unit"),
        price: number("Price"),
        stock: number("Stock").max(9_999),
        least: number("Least"),
        note: text("Note"),
        active: checkbox("Active"),
    })
}

pub fn decode(sent: &str) -> Fields {
    sent.parse().expect("it is sound")
}

pub fn part() -> Part {
    part_form().submit(&decode(SENT)).expect("it is sound")
}

/// Both start from the same bytes. Only solohttp trims and checks.
pub fn submit() -> Row {
    let what = "ten fields read and checked";
    let form = part_form();
    let ours = || form.submit(&decode(black_box(SENT))).expect("it is sound");
    let theirs = || serde_urlencoded::from_str::<Part>(black_box(SENT)).expect("it is sound");
    assert_eq!(ours(), theirs());
    let contenders = vec![
        Contender::new("solohttp", || drop(black_box(ours()))),
        Contender::new("serde_urlencoded", || drop(black_box(theirs()))),
    ];
    Row::new(what, "ns", race(what, contenders)).with_bar(Bar::Times("serde_urlencoded", 1.2))
}
