//! Rows in a browser: blank extra rows don't keep a form from being sent, row buttons keep the user's
//! place on a long page, and rows can be a table.

use solohttp::forms::lens::Color;
use solohttp::forms::{
    Choices, FormView, Formlet, RecordForm, STYLE, Submission, checkbox, color, date, form,
    formlet, number, radio, range, rows, select, text,
};
use solohttp::{Handler, IoList, Request, Response, Result, Router, iolist};
use solohttp_tests::browser::{Browser, Page};
use solohttp_tests::in_each_browser;
use solohttp_tests::served::{Served, serve};

use crate::datebook::{axe, check_page};

struct Sheet {
    title: String,
    lines: Vec<Line>,
}

#[derive(Debug)]
struct Line {
    what: String,
    count: u32,
    day: solohttp::forms::jiff::civil::Date,
    kind: String,
    size: i64,
    shade: Color,
    volume: i32,
    checked: bool,
}

#[derive(Clone, Copy)]
enum Kind {
    Long,
    Extra,
    Table,
}

struct EditSheet(Kind);

impl Formlet<Vec<String>> for EditSheet {
    type Record = Sheet;

    fn form(&mut self, _: &mut Vec<String>) -> Result<RecordForm<Sheet>> {
        let line = form!(Line {
            what: text("What").required(),
            count: number("Count").initial(1).help("In pieces."),
            day: date("Day").initial(solohttp::forms::jiff::civil::date(2026, 5, 1)),
            kind: select("Kind", Choices::strings(["Apple", "Pear"])).initial("Pear".into()),
            size: radio("Size", Choices::numbered(1, ["Small", "Large"])).initial(1),
            shade: color("Shade"),
            volume: range("Volume").range(-10..=20).step(4),
            checked: checkbox("Checked").required().initial(true),
        });
        let lines = rows("Lines", line).legend("Line {number}");
        let lines = match self.0 {
            Kind::Long => lines.at_least(3),
            Kind::Extra => lines.extra(2),
            Kind::Table => lines.at_least(3).as_table(),
        };
        Ok(form!(Sheet { title: text("Title").required(), lines: lines }))
    }

    fn save(
        &mut self,
        saved: &mut Vec<String>,
        sheet: Sheet,
        _: &Submission<'_>,
    ) -> Result<Response> {
        saved.push(format!("{} {:?}", sheet.title, sheet.lines));
        Ok(Response::redirect("/saved"))
    }

    fn page(&mut self, _: &mut Vec<String>, view: &FormView<Sheet>, _: &Request) -> Result<IoList> {
        let head = "<!DOCTYPE html><html lang=\"en\"><title>Sheet</title>\
            <meta name=\"viewport\" content=\"width=device-width\">\
            <link rel=\"stylesheet\" href=\"/style.css\"><main><h1>Sheet</h1>";
        Ok(iolist![head, view.render(), "</main></html>"])
    }
}

fn app() -> impl Handler {
    let mut router = Router::new();
    router.mount("/long", formlet(EditSheet(Kind::Long)));
    router.mount("/extra", formlet(EditSheet(Kind::Extra)));
    router.mount("/table", formlet(EditSheet(Kind::Table)));
    router.get("/style.css", || Response::bytes("text/css; charset=utf-8", STYLE));
    router.get("/saved", |saved: &mut Vec<String>| {
        iolist!["<title>Saved</title><pre>", saved.join("\n")]
    });
    router.with_state(Vec::new())
}

fn open<'a>(browser: &'a Browser, path: &str) -> (Served, Page<'a>) {
    let server = serve(app);
    let mut page = browser.page();
    page.set_viewport(800, 600);
    page.open(&format!("{}{path}", server.url));
    (server, page)
}

fn untouched_extra_rows_are_sent_and_left_out(browser: &Browser) {
    let (_server, mut page) = open(browser, "extra");
    page.type_over("[name=title]", "Sheet");
    page.navigate(|page| page.press("Enter"));
    assert_eq!(page.text(), "Sheet []");
}

fn a_row_that_was_begun_is_checked_by_the_program(browser: &Browser) {
    let (_server, mut page) = open(browser, "extra");
    page.type_over("[name=title]", "Sheet");
    page.type_over("[name='lines.1.count']", "7");
    page.navigate(|page| page.press("Enter"));
    let wrong =
        "[...document.querySelectorAll('.form-errors li')].map(it => it.textContent).join()";
    assert_eq!(page.eval(wrong), "Line 1, What: Fill in this field.");
    page.wait_for("document.activeElement.name === 'lines.0.what'");
    page.type_text("Nut");
    page.navigate(|page| page.press("Enter"));
    let saved = page.text();
    assert!(saved.starts_with("Sheet [Line { what: \"Nut\", count: 7, "), "{saved}");
}

/// Asserts that this control has the focus and is in view.
#[track_caller]
fn is_at(page: &mut Page<'_>, name: &str, value: &str) {
    page.wait_for(&format!(
        "document.activeElement.name === '{name}' && document.activeElement.value === '{value}'"
    ));
    // Chromium scrolls a moment after it has moved the focus. Firefox may cut off the border.
    page.wait_for(
        "(box => box.top > -4 && box.bottom < innerHeight + 4)\
         (document.activeElement.getBoundingClientRect())",
    );
}

fn press(page: &mut Page<'_>, command: &str) {
    page.navigate(|page| page.click(&format!("button[value='{command}']")));
}

fn row_buttons_keep_the_place_on_a_long_page(browser: &Browser) {
    // A link to an error has left its fragment in the URL. It must not win over the new row.
    let (_server, mut page) = open(browser, "long#f-title");
    for row in 0..3 {
        page.type_over(&format!("[name='lines.{row}.what']"), &format!("row {row}"));
    }
    press(&mut page, "add lines");
    is_at(&mut page, "lines.3.what", "");
    let height = page.eval("document.documentElement.scrollHeight").as_u64().unwrap();
    assert!(height > 1_800, "{height} pixels fit on a few screens");
    page.type_text("row 3");
    press(&mut page, "up lines 3");
    is_at(&mut page, "lines.2.what", "row 3");
    press(&mut page, "down lines 0");
    is_at(&mut page, "lines.1.what", "row 0");
    press(&mut page, "remove lines 1");
    is_at(&mut page, "lines.1.what", "row 3");
    press(&mut page, "remove lines 2");
    is_at(&mut page, ":row", "add lines");
    page.navigate(|page| page.press("Enter"));
    is_at(&mut page, "lines.2.what", "");
}

fn a_table_of_rows_works_by_keyboard_and_axe_finds_nothing(browser: &Browser) {
    let axe = axe();
    let (_server, mut page) = open(browser, "table");
    check_page(&mut page, &axe, "a table of rows");
    page.set_viewport(800, 600);
    let nodes = page.accessibility_tree();
    for name in ["What Line 2", "Count Line 2", "Day Line 2", "Kind Line 2", "Checked Line 2"] {
        assert!(nodes.iter().any(|node| node.name == name), "{name}: {nodes:#?}");
    }
    let count = nodes.iter().find(|node| node.name == "Count Line 2").unwrap();
    assert!(count.description.contains("In pieces."), "{count:?}");

    page.type_over("[name=title]", "Sheet");
    for row in 0..3 {
        page.type_over(&format!("[name='lines.{row}.what']"), &format!("row {row}"));
        page.press("Tab");
        page.press("Control+a");
        page.type_text(if row == 1 { "many" } else { "5" });
    }
    press(&mut page, "up lines 2");
    is_at(&mut page, "lines.1.what", "row 2");
    page.navigate(|page| page.press("Enter"));
    is_at(&mut page, "lines.2.count", "many");
    check_page(&mut page, &axe, "a table of rows with an error");
    let nodes = page.accessibility_tree();
    let wrong = nodes.iter().find(|node| node.name == "Count Line 3").unwrap();
    assert!(wrong.is_invalid() && wrong.description.contains("Enter a number."), "{wrong:?}");
    page.type_over("[name='lines.2.count']", "6");
    page.navigate(|page| page.press("Enter"));
    let saved = page.text();
    assert!(saved.starts_with("Sheet [Line { what: \"row 0\", count: 5, "), "{saved}");
}

fn axe_finds_nothing_in_extra_rows(browser: &Browser) {
    let axe = axe();
    let (_server, mut page) = open(browser, "extra");
    check_page(&mut page, &axe, "extra rows");
    page.navigate(|page| page.click("button[value='add lines']"));
    check_page(&mut page, &axe, "extra rows after a row button");
}

in_each_browser!(
    untouched_extra_rows_are_sent_and_left_out,
    a_row_that_was_begun_is_checked_by_the_program,
    row_buttons_keep_the_place_on_a_long_page,
    a_table_of_rows_works_by_keyboard_and_axe_finds_nothing,
    axe_finds_nothing_in_extra_rows,
);
