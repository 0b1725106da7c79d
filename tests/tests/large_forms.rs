//! Forms with thousands of fields, in a browser, with the server's default limits.

use solohttp::forms::{
    Choices, FormView, Formlet, RecordForm, Submission, checkboxes, form, formlet, group, rows,
    text,
};
use solohttp::{IoList, Request, Response, Result, Router};
use solohttp_tests::browser::Browser;
use solohttp_tests::in_each_browser;
use solohttp_tests::served::{Served, serve};

const BOXES: u32 = 20_000;
const ROWS: usize = 500;

#[derive(Clone, Default)]
struct Selection {
    picked: Vec<u32>,
}

#[derive(Clone)]
struct Half {
    a: String,
    b: String,
    c: String,
    d: String,
    e: String,
    f: String,
}

#[derive(Clone)]
struct Line {
    left: Half,
    right: Half,
}

#[derive(Clone)]
struct Table {
    lines: Vec<Line>,
}

#[derive(Default)]
struct App {
    picked: Vec<u32>,
    lines: Vec<Line>,
}

struct Select;

impl Formlet<App> for Select {
    type Record = Selection;

    fn form(&mut self, _: &mut App) -> Result<RecordForm<Selection>> {
        let choices = Choices::new((0..BOXES).map(|number| (number, number.to_string())));
        Ok(form!(Selection { picked: checkboxes("Picked", choices) }))
    }

    fn load(&mut self, app: &mut App, _: &Request) -> Result<Option<Selection>> {
        Ok(Some(Selection { picked: app.picked.clone() }))
    }

    fn save(&mut self, app: &mut App, it: Selection, _: &Submission<'_>) -> Result<Response> {
        app.picked = it.picked;
        Ok(Response::redirect("/saved"))
    }

    fn page(&mut self, _: &mut App, view: &FormView<Selection>, _: &Request) -> Result<IoList> {
        Ok(view.render())
    }
}

struct Edit;

fn half() -> RecordForm<Half> {
    form!(Half {
        a: text("A"),
        b: text("B"),
        c: text("C"),
        d: text("D"),
        e: text("E"),
        f: text("F"),
    })
}

impl Formlet<App> for Edit {
    type Record = Table;

    fn form(&mut self, _: &mut App) -> Result<RecordForm<Table>> {
        let line = form!(Line { left: group("Left", half()), right: group("Right", half()) });
        Ok(form!(Table { lines: rows("Lines", line) }))
    }

    fn load(&mut self, app: &mut App, _: &Request) -> Result<Option<Table>> {
        Ok(Some(Table { lines: app.lines.clone() }))
    }

    fn save(&mut self, app: &mut App, it: Table, _: &Submission<'_>) -> Result<Response> {
        app.lines = it.lines;
        Ok(Response::redirect("/saved"))
    }

    fn page(&mut self, _: &mut App, view: &FormView<Table>, _: &Request) -> Result<IoList> {
        Ok(view.render())
    }
}

fn served() -> Served {
    serve(|| {
        let half = Half {
            a: "a".into(),
            b: "b".into(),
            c: "c".into(),
            d: "d".into(),
            e: "e".into(),
            f: "f".into(),
        };
        let line = Line { left: half.clone(), right: half };
        let mut router = Router::new();
        router.mount("/select", formlet(Select));
        router.mount("/edit", formlet(Edit));
        router.get("/saved", |app: &mut App| {
            let count = app.lines.iter().filter(|line| line.right.f == "new").count();
            format!("{} picked, {count} of {} changed", app.picked.len(), app.lines.len())
        });
        router.with_state(App { picked: Vec::new(), lines: vec![line; ROWS] })
    })
}

fn a_large_form_is_saved_with_the_default_limits(browser: &Browser) {
    let server = served();
    let mut page = browser.page();
    page.open(&format!("{}select", server.url));
    page.eval("document.querySelectorAll('[type=checkbox]').forEach(box => box.checked = true)");
    page.navigate(|page| page.click(".buttons button"));
    assert_eq!(page.text().trim(), "20000 picked, 0 of 500 changed");
    page.open(&format!("{}edit", server.url));
    assert_eq!(page.eval("document.querySelectorAll('input[type=text]').length"), 6_000);
    let last = "input[id^='f-lines-'][id$='-right-f']";
    page.eval(&format!("document.querySelectorAll(\"{last}\").forEach(it => it.value = 'new')"));
    page.navigate(|page| page.click(".buttons button"));
    assert_eq!(page.text().trim(), "20000 picked, 500 of 500 changed");
}

in_each_browser!(a_large_form_is_saved_with_the_default_limits);
