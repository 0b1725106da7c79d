//! Rows as a table, and the legends of rows.

use solohttp_core::Fields;
use solohttp_forms::{
    Choices, RecordForm, ValidationError, checkbox, form, group, hidden, lens, number, radio,
    row_id, rows, select, text,
};

use crate::{accessible, browser};

struct Order {
    lines: Vec<Line>,
}

#[derive(Clone)]
struct Line {
    id: Option<i64>,
    item: String,
    count: u32,
    kind: String,
    size: i64,
    gift: bool,
    version: i64,
    place: Place,
}

#[derive(Clone)]
struct Place {
    street: String,
}

fn line_form() -> RecordForm<Line> {
    form!(Line {
        id: row_id(),
        item: text("Item").required().help("As on the label."),
        count: number("Count").min(1),
        kind: select("Kind", Choices::strings(["Apple", "Pear"])),
        size: radio("Size", Choices::numbered(1, ["Small", "Large"])),
        gift: checkbox("Gift"),
        version: hidden(lens::NumberLens::default()).initial(1),
        place: group("Place", form!(Place { street: text("Street") })),
    })
}

fn order_form() -> RecordForm<Order> {
    form!(Order { lines: rows("Lines", line_form()).as_table() })
}

fn line() -> Line {
    let place = Place { street: "Elm".into() };
    let (item, kind) = ("Nut <1>".to_owned(), "Pear".to_owned());
    Line { id: Some(7), item, count: 6, kind, size: 1, gift: true, version: 3, place }
}

#[test]
fn a_table_has_a_column_for_each_visible_field() {
    let html = order_form().show(&Order { lines: vec![line(), line()] }).render().to_string();
    accessible::check(&html);
    for (count, part) in [
        (
            1,
            "<thead><tr><td></td><th scope=\"col\" class=\"required\"><span class=\"label\"><span id=\"f-lines:item\">Item",
        ),
        (1, "<p class=\"help\" id=\"f-lines:item-help\">As on the label.</p>"),
        (6, "<th scope=\"col\""),
        (1, "<tr><th scope=\"row\" id=\"f-lines:1\">2</th>"),
        (1, "aria-labelledby=\"f-lines:item f-lines:0\""),
        (2, "aria-describedby=\"f-lines:item-help\""),
        (2, "role=\"radiogroup\" aria-required=\"true\""),
        (1, "<div aria-labelledby=\"f-lines:size f-lines:1\""),
        // Only fields in groups have labels of their own.
        (2, ">Street</label>"),
        (0, ">Item</label>"),
        (2, "type=\"hidden\" name=\"lines:row\""),
        (1, "<input type=\"hidden\" name=\"lines.1.version\" value=\"3\">"),
        (1, "<input type=\"hidden\" name=\"lines.1.id:id\" value=\"7\">"),
    ] {
        assert_eq!(html.matches(part).count(), count, "{part}: {html}");
    }
    let back = order_form().submit(&browser::submit(&html)).unwrap();
    assert_eq!(back.lines.len(), 2);
    assert_eq!((back.lines[1].item.as_str(), back.lines[1].id), ("Nut <1>", Some(7)));
    assert!((back.lines[1].gift, back.lines[1].version) == (true, 3));
}

#[test]
fn errors_in_a_table_are_next_to_their_controls() {
    let sent = [("lines:row", "0"), ("lines.0.item", ""), ("lines.0.version", "1")];
    let again = order_form().submit(&Fields::from_iter(sent)).err().unwrap();
    let html = again.render().to_string();
    accessible::check(&html);
    let cell = "<td class=\"bad\"><p class=\"error\" id=\"f-lines-0-item-error\">";
    assert!(html.contains(cell), "{html}");
    let described = "aria-describedby=\"f-lines:item-help f-lines-0-item-error\"";
    assert!(html.contains(described), "{html}");
    assert!(html.contains("<a href=\"#f-lines-0-item\">Lines 1, Item: Fill in"), "{html}");
}

#[test]
fn a_table_without_rows_is_only_its_button() {
    let html = order_form().blank().render().to_string();
    assert!(!html.contains("<table") && html.contains("value=\"add lines\""), "{html}");
}

#[test]
fn rows_have_the_legend_that_they_were_given() {
    struct Orders {
        lines: Vec<Item>,
        table: Vec<Item>,
    }
    struct Item {
        item: String,
    }
    let item = || form!(Item { item: text("Item").required() });
    let form = form!(Orders {
        lines: rows("Lines", item()).legend("Line no. {number}"),
        table: rows("Table", item()).legend("{number} of {rows}").as_table(),
    });
    let new = || vec![Item { item: String::new() }];
    let html = form.show(&Orders { lines: new(), table: new() }).render().to_string();
    for part in [
        "<legend>Line no. 1</legend>",
        "aria-label=\"Remove: Line no. 1\"",
        "<th scope=\"row\" id=\"f-table:0\">1 of Table</th>",
    ] {
        assert!(html.contains(part), "{part}: {html}");
    }
    let sent = [("lines:row", "0"), ("lines.0.item", "")];
    let again = form.submit(&Fields::from_iter(sent)).err().unwrap();
    let errors: Vec<_> = again.errors().collect();
    assert_eq!(errors, [("lines.0.item", &ValidationError::Missing)]);
    assert!(again.render().to_string().contains(">Line no. 1, Item: Fill in"));
}

#[test]
#[should_panic(expected = "unknown placeholder {n}")]
fn a_legend_with_an_unknown_placeholder_panics() {
    let _ = rows("Lines", line_form()).legend("Line {n}");
}
