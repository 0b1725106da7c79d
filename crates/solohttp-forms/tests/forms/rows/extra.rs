//! Extra rows: a blank one is left out of the record, so nothing may keep it from being sent.

use std::collections::BTreeSet;

use solohttp_core::{Fields, Upload};
use solohttp_forms::lens::Color;
use solohttp_forms::{
    Choices, RecordForm, checkbox, checkboxes, color, date, file, form, group, hidden,
    multi_select, number, password, radio, range, rows, select, switch, text, textarea,
};

use super::{app, items, open, press};
use crate::html::{Tag, Token, parse};
use crate::{accessible, browser};

struct Sheet {
    title: String,
    lines: Vec<Line>,
}

struct Line {
    text: String,
    area: String,
    count: u8,
    day: jiff::civil::Date,
    shade: Color,
    volume: i32,
    size: i64,
    kind: String,
    tags: Vec<String>,
    picks: BTreeSet<String>,
    agreed: bool,
    loud: bool,
    secret: String,
    paper: Option<Upload>,
    version: Option<i64>,
    place: Place,
    parts: Vec<Part>,
}

struct Place {
    street: String,
}

struct Part {
    name: String,
}

fn line_form() -> RecordForm<Line> {
    let kinds = || Choices::strings(["Apple", "Pear"]);
    form!(Line {
        text: text("Text").required(),
        area: textarea("Area").required(),
        count: number("Count"),
        day: date("Day"),
        shade: color("Shade"),
        volume: range("Volume").range(-10..=20).step(4),
        size: radio("Size", Choices::numbered(1, ["Small", "Large"])),
        kind: select("Kind", kinds()),
        tags: multi_select("Tags", kinds()).required(),
        picks: checkboxes("Picks", kinds()).required(),
        agreed: checkbox("Agreed").required(),
        loud: switch("Loud").required(),
        secret: password("Secret").required(),
        paper: file("Paper"),
        version: hidden(solohttp_forms::lens::NumberLens::<i64>::default()).optional(),
        place: group("Place", form!(Place { street: text("Street").required() })),
        parts: rows("Parts", form!(Part { name: text("Name").required() })).at_least(1),
    })
}

fn sheet_form() -> RecordForm<Sheet> {
    form!(Sheet { title: text("Title").required(), lines: rows("Lines", line_form()).extra(2) })
}

fn tags(html: &str) -> Vec<Tag> {
    let start = |token| match token {
        Token::Start(tag) => Some(tag),
        _ => None,
    };
    parse(html).into_iter().filter_map(start).collect()
}

#[test]
fn no_control_in_an_extra_row_is_required_by_the_browser() {
    let html = sheet_form().blank().render().to_string();
    accessible::check(&html);
    let tags = tags(&html);
    let names = |attribute: &str| -> BTreeSet<&str> {
        tags.iter().filter(|tag| tag.has(attribute)).filter_map(|tag| tag.get("name")).collect()
    };
    assert_eq!(names("required"), BTreeSet::from(["title"]), "{html}");
    // Screen readers still announce required fields, and their labels have the asterisk.
    for name in ["text", "area", "count", "day", "kind", "tags", "agreed", "place.street"] {
        let name = format!("lines.1.{name}");
        assert!(names("aria-required").contains(name.as_str()), "{name}: {html}");
    }
    let marked = html.matches("class=\"field required").count();
    assert_eq!(marked, 1 + 2 * 15, "{html}");
}

#[test]
fn untouched_extra_rows_are_no_rows() {
    let sent = browser::submit(&sheet_form().blank().render().to_string());
    // A color and a slider are never blank.
    assert_eq!(
        (sent.get("lines.0.shade"), sent.get("lines.0.volume")),
        (Some("#000000"), Some("6"))
    );
    let mut filled = sent.clone();
    filled.remove("title");
    filled.push("title", "Sheet");
    let sheet = sheet_form().submit(&filled).unwrap();
    assert_eq!((sheet.title.as_str(), sheet.lines.len()), ("Sheet", 0));

    // Moving the slider begins a row, which the program checks.
    filled.remove("lines.1.volume");
    filled.push("lines.1.volume", "10");
    let again = sheet_form().submit(&filled).err().unwrap();
    assert!(again.errors().any(|(name, _)| name == "lines.0.text"), "{again:?}");
    assert!(again.errors().all(|(name, _)| name.starts_with("lines.0.")), "{again:?}");
}

#[test]
fn a_select_and_a_radio_group_in_an_extra_row_can_be_cleared() {
    struct Pick {
        kind: String,
        size: i64,
    }
    struct Picks {
        picks: Vec<Pick>,
    }
    let pick = form!(Pick {
        kind: select("Kind", Choices::strings(["Apple", "Pear"])),
        size: radio("Size", Choices::numbered(1, ["Small"])),
    });
    let form = form!(Picks { picks: rows("Picks", pick).extra(1) });
    let html = form
        .show(&Picks { picks: vec![Pick { kind: "Pear".into(), size: 1 }] })
        .render()
        .to_string();
    for blank in ["<option value=\"\">", "name=\"picks.0.size\" value=\"\""] {
        assert!(html.contains(blank), "{blank}: {html}");
    }
    let cleared = [("picks:row", "0"), ("picks.0.kind", ""), ("picks.0.size", "")];
    assert_eq!(form.submit(&Fields::from_iter(cleared)).unwrap().picks.len(), 0);
}

#[test]
fn row_buttons_count_blank_rows_between_filled_ones() {
    let mut app = app(2);
    let page = open(&mut app);
    assert_eq!(items(&page), ["", "", ""]);
    let typed = [("lines.0.item", "first"), ("lines.2.item", "last")];
    let page = press(&mut app, &page, &typed, "up lines 2");
    assert_eq!(items(&page), ["first", "last", "", ""]);
    let page = press(&mut app, &page, &[], "down lines 1");
    assert_eq!(items(&page), ["first", "", "last", ""]);
    let page = press(&mut app, &page, &[], "remove lines 2");
    assert_eq!(items(&page), ["first", "", ""]);
}
