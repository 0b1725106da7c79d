//! After a row button, the new or moved row has the focus.

use solohttp_core::{Fields, IsHandler, Request};
use solohttp_forms::{form, hidden, lens, number, row_id, rows, text};

use super::{App, app, open, page_after, press};
use crate::html::{Token, parse};

/// Presses a row button, and returns the name of the control that gets the focus.
fn focus_after(app: &mut App, page: &Fields, button: &str) -> Option<String> {
    let mut fields = page.clone();
    fields.remove(":button");
    fields.push(":row", button);
    let html = Request::post("/").form(fields.iter()).send_to::<IsHandler>(app).into_text();
    let focused: Vec<String> = parse(&html)
        .iter()
        .filter_map(|token| match token {
            Token::Start(tag) if tag.has("autofocus") => {
                Some(format!("{} {}", tag.get("name")?, tag.get("value").unwrap_or_default()))
            }
            _ => None,
        })
        .collect();
    assert!(focused.len() <= 1, "{focused:?}");
    focused.first().map(|name| name.trim().to_owned())
}

#[test]
fn the_row_that_a_button_has_changed_gets_the_focus() {
    let mut app = app(0);
    let mut page = open(&mut app);
    for row in ["lines.0.item", "lines.1.item", "lines.2.item"] {
        page = press(&mut app, &page, &[(row, row)], "add lines");
    }
    let page = press(&mut app, &page, &[], "remove lines 3");
    for (button, expect) in [
        ("add lines", "lines.3.item"),
        ("up lines 2", "lines.1.item lines.2.item"),
        ("down lines 0", "lines.1.item lines.0.item"),
        // The next row takes the place of the removed one.
        ("remove lines 0", "lines.0.item lines.1.item"),
        ("remove lines 2", ":row add lines"),
        ("add lines.1.parts", "lines.1.parts.0.name"),
    ] {
        assert_eq!(focus_after(&mut app, &page, button).as_deref(), Some(expect), "{button}");
    }
}

#[test]
fn the_focus_skips_what_the_user_cannot_change() {
    struct Line {
        id: Option<i64>,
        version: Option<i64>,
        number: i64,
        item: String,
    }
    struct Order {
        lines: Vec<Line>,
    }
    let line = form!(Line {
        id: row_id(),
        version: hidden(lens::NumberLens::default()).optional(),
        number: number("Number").initial(1).read_only(),
        item: text("Item"),
    });
    let order = form!(Order { lines: rows("Lines", line) });
    let html = page_after(order, &[(":row", "add lines")]);
    assert!(html.contains("id=\"f-lines-0-item\" name=\"lines.0.item\" autofocus"), "{html}");
}
