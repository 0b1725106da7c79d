//! Rows: submit buttons add, remove and move them, without losing input.

use solohttp_core::{Fields, Handler, IoList, IsHandler, Request, Response, Result, WithState};
use solohttp_forms::{
    Errors, FormView, Formlet, FormletHandler, RecordForm, Submission, field, fixed_point, form,
    formlet, number, rows, text,
};

use crate::{accessible, browser};

mod extra;
mod fixed;
mod focus;
mod ids;
mod initial;
mod table;

#[derive(Debug, Clone, PartialEq)]
struct Invoice {
    customer: String,
    lines: Vec<Line>,
}

#[derive(Debug, Clone, PartialEq)]
struct Line {
    item: String,
    count: u32,
    price: i64,
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq)]
struct Part {
    name: String,
}

fn invoice_form(spare: usize) -> RecordForm<Invoice> {
    let part = form!(Part { name: text("Name").required() });
    let line = form!(Line {
        item: text("Item").required(),
        count: number("Count").initial(1),
        price: fixed_point("Price", 2),
        parts: rows("Parts", part),
    });
    form!(Invoice {
        customer: text("Customer"),
        lines: rows("Lines", line).at_least(1).at_most(4).extra(spare),
    })
}

struct Edit {
    spare: usize,
}

impl Formlet<Vec<Invoice>> for Edit {
    type Record = Invoice;

    fn form(&mut self, _: &mut Vec<Invoice>) -> Result<RecordForm<Invoice>> {
        Ok(invoice_form(self.spare))
    }

    fn check(
        &mut self,
        _: &mut Vec<Invoice>,
        invoice: &Invoice,
        errors: &mut Errors<Invoice>,
    ) -> Result<()> {
        for (index, line) in invoice.lines.iter().enumerate() {
            if line.item == "bad" {
                errors.on(field!(Invoice.lines).row(index, field!(Line.item)), "Out of stock.");
            }
        }
        Ok(())
    }

    fn save(
        &mut self,
        all: &mut Vec<Invoice>,
        one: Invoice,
        _: &Submission<'_>,
    ) -> Result<Response> {
        all.push(one);
        Ok(Response::redirect("/"))
    }

    fn page(
        &mut self,
        _: &mut Vec<Invoice>,
        view: &FormView<Invoice>,
        _: &Request,
    ) -> Result<IoList> {
        Ok(view.render())
    }
}

type App = WithState<FormletHandler<Edit>, Vec<Invoice>>;

fn app(spare: usize) -> App {
    formlet(Edit { spare }).with_state(Vec::new())
}

/// Types these values, presses a row button, and returns the fields that the next page would send.
fn press(app: &mut App, page: &Fields, typed: &[(&str, &str)], button: &str) -> Fields {
    let mut fields = page.clone();
    fields.remove(":button");
    for (name, text) in typed {
        assert!(fields.remove(name), "{name} in {fields}");
        fields.push(*name, *text);
    }
    fields.push(":row", button);
    let response = Request::post("/").form(fields.iter()).send_to::<IsHandler>(app);
    assert_eq!(response.status(), 200, "{button}");
    let html = response.into_text();
    accessible::check(&html);
    assert!(!html.contains("class=\"error\""), "no validation yet: {html}");
    browser::submit(&html)
}

/// The page of any form after a POST request with these fields.
fn page_after<T: 'static>(form: RecordForm<T>, fields: &[(&str, &str)]) -> String {
    struct Once<T>(Option<RecordForm<T>>);

    impl<T: 'static> Formlet<()> for Once<T> {
        type Record = T;

        fn form(&mut self, (): &mut ()) -> Result<RecordForm<T>> {
            Ok(self.0.take().expect("it is called once"))
        }

        fn save(&mut self, (): &mut (), _: T, _: &Submission<'_>) -> Result<Response> {
            Ok(Response::redirect("/"))
        }

        fn page(&mut self, (): &mut (), view: &FormView<T>, _: &Request) -> Result<IoList> {
            Ok(view.render())
        }
    }
    let mut app = formlet(Once(Some(form))).with_state(());
    let request = Request::post("/").form(fields.iter().copied());
    request.send_to::<IsHandler>(&mut app).into_text()
}

fn items(page: &Fields) -> Vec<&str> {
    page.iter().filter(|(name, _)| name.ends_with(".item")).map(|(_, text)| text).collect()
}

fn open(app: &mut App) -> Fields {
    browser::submit(&Request::get("/").send_to::<IsHandler>(app).into_text())
}

#[test]
fn rows_are_added_moved_and_removed_without_losing_input() {
    let mut app = app(0);
    let page = open(&mut app);
    assert_eq!(items(&page), [""]);
    let page =
        press(&mut app, &page, &[("lines.0.item", "a <b>"), ("customer", "Zoë")], "add lines");
    assert_eq!(page.get("lines.1.count"), Some("1"), "a new row starts as declared");
    let page = press(&mut app, &page, &[("lines.1.item", "b")], "add lines");
    let page =
        press(&mut app, &page, &[("lines.2.item", "c"), ("lines.2.price", "x,y")], "up lines 2");
    assert_eq!(items(&page), ["a <b>", "c", "b"]);
    assert_eq!(page.get("lines.1.price"), Some("x,y"), "invalid text moves along");
    let page = press(&mut app, &page, &[], "down lines 0");
    assert_eq!(items(&page), ["c", "a <b>", "b"]);
    let page = press(&mut app, &page, &[], "remove lines 1");
    assert_eq!(items(&page), ["c", "b"]);
    assert_eq!(page.get("customer"), Some("Zoë"));
}

#[test]
fn rows_can_be_nested() {
    let mut app = app(0);
    let page = open(&mut app);
    let page = press(&mut app, &page, &[("lines.0.item", "a")], "add lines");
    let page = press(&mut app, &page, &[("lines.1.item", "b")], "add lines.1.parts");
    let page = press(&mut app, &page, &[("lines.1.parts.0.name", "bolt")], "up lines 1");
    assert_eq!(page.get("lines.0.parts.0.name"), Some("bolt"));
    assert_eq!(items(&page), ["b", "a"]);
}

#[test]
fn a_record_with_rows_is_saved_and_errors_find_their_row() {
    let mut app = app(0);
    let fields = [
        // The markers define the order of the rows. The keys are arbitrary.
        ("lines:row", "7"),
        ("lines.7.item", "bolt"),
        ("lines.7.count", "2"),
        ("lines.7.price", "0.5"),
        ("lines:row", "x"),
        ("lines.x.item", "bad"),
        ("lines.x.count", "0"),
        ("lines.x.price", "1"),
    ];
    let response = Request::post("/").form(fields).send_to::<IsHandler>(&mut app);
    assert_eq!(response.status(), 422);
    let html = response.into_text();
    assert!(html.contains("id=\"f-lines-1-item-error\">Out of stock.</p>"), "{html}");
    assert!(
        html.contains("<a href=\"#f-lines-1-item\">Lines 2, Item: Out of stock.</a>"),
        "{html}"
    );
    let mut sent = browser::submit(&html);
    sent.remove("lines.1.item");
    sent.push("lines.1.item", "nut");
    let response = Request::post("/").form(sent.iter()).send_to::<IsHandler>(&mut app);
    assert_eq!(response.status(), 303);
    let line = |item: &str, count, price| Line { item: item.into(), count, price, parts: vec![] };
    assert_eq!(app.state()[0].lines, [line("bolt", 2, 50), line("nut", 0, 100)]);
}

#[test]
fn blank_extra_rows_are_not_saved() {
    let mut app = app(2);
    let mut page = open(&mut app);
    assert_eq!(items(&page), ["", "", ""]);
    for (name, text) in [("lines.2.item", "late"), ("lines.2.price", "3")] {
        page.remove(name);
        page.push(name, text);
    }
    let response = Request::post("/").form(page.iter()).send_to::<IsHandler>(&mut app);
    assert_eq!(response.status(), 303);
    let lines = &app.state()[0].lines;
    assert_eq!(lines.iter().map(|line| line.item.as_str()).collect::<Vec<_>>(), ["late"]);
}

#[test]
fn an_error_after_blank_rows_finds_its_row() {
    let mut app = app(2);
    let mut page = open(&mut app);
    for (name, text) in [("lines.2.item", "bad"), ("lines.2.price", "3")] {
        page.remove(name);
        page.push(name, text);
    }
    let response = Request::post("/").form(page.iter()).send_to::<IsHandler>(&mut app);
    assert_eq!(response.status(), 422);
    let html = response.into_text();
    assert!(html.contains("value=\"bad\" aria-required=\"true\" id=\"f-lines-0-item\""), "{html}");
    assert!(html.contains("id=\"f-lines-0-item-error\">Out of stock."), "{html}");
    assert_eq!(items(&browser::submit(&html)), ["bad", "", ""], "there are two extra rows");
}

#[test]
fn the_number_of_rows_is_limited() {
    let told = |count: usize| {
        let mut fields = Fields::new();
        for row in 0..count {
            fields.push("lines:row", row.to_string());
            fields.push(format!("lines.{row}.item"), "x");
            fields.push(format!("lines.{row}.count"), "1");
            fields.push(format!("lines.{row}.price"), "1");
        }
        invoice_form(0).submit(&fields).map_err(|again| again["lines"].error_text())
    };
    assert_eq!(told(0).unwrap_err(), "At least 1 required.");
    assert_eq!(told(5).unwrap_err(), "At most 4 allowed.");
    assert_eq!(told(4).unwrap().lines.len(), 4);
}

#[test]
fn buttons_of_unknown_rows_are_rejected() {
    for button in [
        "remove lines 1",
        "up lines 0",
        "down lines 0",
        "up lines 18446744073709551615",
        "add customer",
        "add nothing",
        "drop lines 0",
        "remove lines",
        "",
    ] {
        let mut app = app(0);
        let mut page = open(&mut app);
        page.push(":row", button);
        let response = Request::post("/").form(page.iter()).send_to::<IsHandler>(&mut app);
        assert_eq!(response.status(), 400, "{button:?}");
    }
}

#[test]
fn forged_row_keys_are_harmless() {
    let fields = [
        ("lines:row", "0"),
        ("lines:row", "0"),
        ("lines:row", "0.parts"),
        ("lines:row", ""),
        ("lines.0.item", "a"),
        ("lines.0.count", "1"),
        ("lines.0.price", "1"),
    ];
    assert_eq!(invoice_form(0).submit(&Fields::from_iter(fields)).unwrap().lines.len(), 1);
}

#[test]
fn enter_saves_instead_of_pressing_a_row_button() {
    // Enter presses the first button of the form.
    assert_eq!(open(&mut app(1)).get(":button"), Some("save"));
}
