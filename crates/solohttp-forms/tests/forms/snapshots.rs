//! Snapshots of every element's HTML: blank, filled in and invalid. Set `UPDATE_SNAPSHOTS=1` to
//! overwrite them with the current HTML, then review the diff.

use std::fs;
use std::path::Path;

use solohttp_core::{Fields, IoList, iolist};
use solohttp_forms::lens::{Lens, Text};
use solohttp_forms::{
    Attributes, Choices, Element, ElementInfo, FieldView, FormData, RecordForm, ValidationError,
    ValidationErrors, checkbox, checkboxes, color, entry, field, form, group, hidden, multi_select,
    number, password, radio, range, row_id, rows, select, tag, text, textarea, time,
};

use crate::{datebook, values};

#[track_caller]
pub(crate) fn check(name: &str, html: &str) {
    // One line per element, for readability.
    let html = html.replace("><", ">\n<");
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/forms/snapshots").join(name);
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        fs::write(&file, &html).unwrap();
    }
    let expect = fs::read_to_string(&file).unwrap_or_default().replace("\r\n", "\n");
    assert!(html == expect, "{name} is now:\n{html}\n\nand was:\n{expect}");
}

#[test]
fn every_element_blank() {
    check("blank.html", &values::form().blank().render().to_string());
}

#[test]
fn every_element_filled() {
    check("filled.html", &values::form().show(&values::sample()).render().to_string());
}

#[test]
fn every_element_invalid() {
    let view = values::form().submit(&values::wrong()).unwrap_err();
    check("wrong.html", &view.render().to_string());
}

#[test]
fn the_forms_of_a_datebook() {
    for (place, html) in datebook::pages().iter().enumerate() {
        check(&format!("datebook-{place}.html"), html);
    }
}

/// A lens with attributes that collide with those of the form.
struct Odd;

impl Lens for Odd {
    type Value = String;

    fn show(&self, value: &String) -> String {
        value.clone()
    }

    fn parse(&self, text: &str) -> Result<String, ValidationError> {
        if text == "bad" { Err("Not <this> one.".into()) } else { Ok(text.to_owned()) }
    }

    fn attributes(&self, attributes: &mut Attributes) {
        attributes.set("type", "odd");
        attributes.set("aria-invalid", "false");
        attributes.set("list", "mine");
        attributes.set("data-\u{e9}", "&");
        attributes.set_flag("required");
    }
}

/// An element with two controls.
struct Pair(ElementInfo);

impl Element for Pair {
    type Value = String;

    fn info(&self) -> &ElementInfo {
        &self.0
    }

    fn show(&self, name: &str, value: &String, fields: &mut Fields) {
        fields.push(name, value);
    }

    fn parse(&self, name: &str, data: &FormData, _: &mut ValidationErrors) -> Option<String> {
        Some(data.text(name).to_owned())
    }

    fn control(&self, field: &FieldView) -> IoList {
        let first = tag("input").attrs(&field.attributes()).attr("value", field.text());
        iolist![first.void(), tag("input").attr("name", field.name()).void()]
    }
}

struct Mixed {
    id: Option<i64>,
    name: String,
    odd: String,
    code: String,
    pair: String,
    count: u32,
    level: i32,
    tint: solohttp_forms::lens::Color,
    at: jiff::civil::Time,
    kind: String,
    size: Option<i64>,
    marks: Vec<String>,
    tags: Vec<String>,
    notes: String,
    gift: bool,
    secret: String,
    version: i64,
    place: Place,
}

struct Place {
    street: String,
    floor: Option<u8>,
}

struct Shipment {
    mixed: Vec<Mixed>,
    head: Mixed,
}

fn mixed_form() -> RecordForm<Mixed> {
    let place = form!(Place {
        street: text("Street").required().max_length(9).attr("maxlength", 5).attr("class", "w"),
        floor: number("Floor").optional().range(0..=9).help("If <any>."),
    });
    form!(Mixed {
        id: row_id(),
        name: text("Name & more").required().help("As on the label.").attr("aria-labelledby", "x"),
        odd: entry("Odd", Odd).suggestions(["<1>", "2"]).attr("list", "theirs"),
        code: text("Code").pattern("[A-Z]{2}", "Two \"letters\".").suggestions(["AB"]),
        pair: Pair(ElementInfo::new("Pair")),
        count: number("Count").min(1).attr("inputmode", "none").autofocus(),
        level: range("Level").range(0..=10).step(2),
        tint: color("Tint"),
        at: time("At").range(time_of(8)..=time_of(20)),
        kind: select("Kind", Choices::strings(["Apple", "Pear"])).blank_label("-").required(),
        size: radio("Size", Choices::numbered(1, ["Small", "Large"])).optional().attr("class", "r"),
        marks: checkboxes("Marks", Choices::strings(["a", "<b>"])).at_least(1).help("Some."),
        tags: multi_select("Tags", Choices::strings(["x", "y"])).required(),
        notes: textarea("Notes").max_length(90).attr("rows", 3),
        gift: checkbox("Gift").required().attr("class", "g"),
        secret: password("Secret").required(),
        version: hidden(Text).attr("class", "v").through(|_| Ok::<_, &str>(1), i64::to_string),
        place: group("Place", place),
    })
}

fn time_of(hour: i8) -> jiff::civil::Time {
    jiff::civil::time(hour, 0, 0, 0)
}

/// The whole form, each of its pieces, and all attributes.
fn all_of(form: &RecordForm<Shipment>, fields: &Fields) -> String {
    let view = match form.submit(fields) {
        Ok(record) => form.show(&record),
        Err(view) => view,
    };
    let mut html = view.render().to_string();
    let pieces = view.pieces().map(|(name, piece)| format!("\n{name}: {piece}"));
    html.extend(pieces);
    for row in view[field!(Shipment.mixed)].rows() {
        html += &format!("\n{}: {}{}", row.legend(), row.marker(), row.buttons());
        for field in row.fields() {
            html += &tag("\ni").attrs(&field.attributes()).void().to_string();
            html += &format!("{}{}{}", field.label(), field.help(), field.error_text());
        }
    }
    html
}

fn shipments() -> [(&'static str, RecordForm<Shipment>); 3] {
    let mixed = || rows("Mixed <rows>", mixed_form()).help("Rows.");
    let form = |mixed| form!(Shipment { mixed: mixed, head: group("Head", mixed_form()) });
    [
        ("rows", form(mixed()).id_prefix("a&b").action("/x?a&b").without_browser_checks()),
        ("table", form(mixed().as_table().legend("Line {number}")).button("go", "<Go>")),
        ("extra", form(mixed().extra(2)).side_button("up", "Up").button("save", "Save")),
    ]
}

#[test]
fn rows_groups_and_attributes_that_replace_others() {
    let sent = Fields::from_iter([
        ("mixed:row", "0"),
        ("mixed.0.id:id", "<7>"),
        ("mixed.0.odd", "bad"),
        ("mixed.0.name", "two\nlines"),
        ("mixed.0.code", "abc"),
        ("mixed.0.pair", "\"p\""),
        ("mixed.0.level", "3"),
        ("mixed.0.tint", "blue"),
        ("mixed.0.at", "09:00:01.5"),
        ("mixed.0.kind", "Fig"),
        ("mixed.0.size", "3"),
        ("mixed.0.marks", "<b>"),
        ("mixed.0.marks", "c"),
        ("mixed.0.tags", "y"),
        ("mixed.0.notes", "<\n>"),
        ("mixed.0.gift", "on"),
        ("mixed.0.secret", "pass"),
        ("mixed.0.place.floor", "12"),
        ("mixed:row", "1"),
        ("head.name", "fine"),
        ("head.at", "09:00:01"),
        ("head.kind", "Pear"),
        ("head.level", "4"),
        ("head.count", "5"),
        ("head.size", "2"),
    ]);
    for (name, form) in shipments() {
        check(&format!("mixed-{name}.html"), &all_of(&form, &sent));
        let blank = form.blank();
        check(&format!("mixed-{name}-blank.html"), &blank.render().to_string());
    }
}

#[test]
fn one_form_shows_every_state_in_turn() {
    let form = values::form();
    for _ in 0..2 {
        check("blank.html", &form.blank().render().to_string());
        check("wrong.html", &form.submit(&values::wrong()).unwrap_err().render().to_string());
        check("filled.html", &form.show(&values::sample()).render().to_string());
    }
}
