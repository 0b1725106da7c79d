//! Rows keep their identity: `save` knows which are new, changed, moved or removed.

use solohttp_core::{
    Fields, Handler, IoList, IsHandler, Rejection, Request, Response, Result, StatusCode,
};
use solohttp_forms::{
    FormView, Formlet, RecordForm, RowDiff, Submission, form, formlet, row_id, rows, text,
};

use crate::browser;

#[derive(Debug, Clone, PartialEq)]
struct Order {
    name: String,
    lines: Vec<Line>,
}

#[derive(Debug, Clone, PartialEq)]
struct Line {
    id: Option<i64>,
    item: String,
}

struct App {
    order: Option<Order>,
    /// What `save` has done to the rows.
    log: Vec<String>,
    next_id: i64,
}

struct Edit {
    extra: usize,
    last_wins: bool,
}

impl Formlet<App> for Edit {
    type Record = Order;

    fn form(&mut self, _: &mut App) -> Result<RecordForm<Order>> {
        let line = form!(Line { id: row_id(), item: text("Item").required() });
        let form =
            form!(Order { name: text("Name"), lines: rows("Lines", line).extra(self.extra) });
        Ok(if self.last_wins { form.last_wins() } else { form })
    }

    fn load(&mut self, app: &mut App, _: &Request) -> Result<Option<Order>> {
        match &app.order {
            Some(order) => Ok(Some(order.clone())),
            None => Err(Rejection::new(StatusCode::NOT_FOUND, "Gone.").into()),
        }
    }

    fn can_save_as_new(&self) -> bool {
        true
    }

    fn save(&mut self, app: &mut App, mut order: Order, _: &Submission<'_>) -> Result<Response> {
        let before = app.order.clone().map(|order| order.lines).unwrap_or_default();
        let diff = RowDiff::between(&before, &order.lines, |line| line.id);
        let mut log: Vec<String> = Vec::new();
        log.extend(diff.removed.iter().map(|line| format!("- {}", line.item)));
        log.extend(diff.inserted.iter().map(|(at, line)| format!("+ {at} {}", line.item)));
        log.extend(diff.changed.iter().map(|(at, line)| format!("= {at} {}", line.item)));
        log.extend(diff.moved.iter().map(|(at, line)| format!("> {at} {}", line.item)));
        app.log = log;
        for line in &mut order.lines {
            line.id = line.id.or_else(|| {
                app.next_id += 1;
                Some(app.next_id)
            });
        }
        app.order = Some(order);
        Ok(Response::redirect("/"))
    }

    fn page(&mut self, _: &mut App, view: &FormView<Order>, _: &Request) -> Result<IoList> {
        Ok(view.render())
    }
}

fn app_with(edit: Edit) -> solohttp_core::WithState<solohttp_forms::FormletHandler<Edit>, App> {
    let line = |id, item: &str| Line { id: Some(id), item: item.to_owned() };
    let lines = vec![line(1, "a"), line(2, "b"), line(3, "c")];
    let order = Some(Order { name: "Order".to_owned(), lines });
    formlet(edit).with_state(App { order, log: Vec::new(), next_id: 10 })
}

type TestApp = solohttp_core::WithState<solohttp_forms::FormletHandler<Edit>, App>;

fn app() -> TestApp {
    app_with(Edit { extra: 0, last_wins: false })
}

fn open(app: &mut TestApp) -> Fields {
    browser::submit(&Request::get("/").send_to::<IsHandler>(app).into_text())
}

fn set(page: &mut Fields, name: &str, text: &str) {
    page.remove(name);
    page.push(name, text);
}

fn press(app: &mut TestApp, mut page: Fields, button: &str) -> Fields {
    page.remove(":button");
    page.push(":row", button);
    browser::submit(&Request::post("/").form(page.iter()).send_to::<IsHandler>(app).into_text())
}

#[track_caller]
fn save(app: &mut TestApp, page: &Fields, expect: &[&str]) {
    let response = Request::post("/").form(page.iter()).send_to::<IsHandler>(&mut *app);
    assert_eq!(response.status(), 303, "{}", response.into_text());
    assert_eq!(app.state().log, expect);
}

#[test]
fn an_id_travels_with_its_row() {
    let mut app = app();
    let page = open(&mut app);
    let page = press(&mut app, page, "up lines 2");
    let page = press(&mut app, page, "remove lines 0");
    let mut page = press(&mut app, page, "add lines");
    set(&mut page, "lines.1.item", "B");
    set(&mut page, "lines.2.item", "new");
    save(&mut app, &page, &["- a", "+ 2 new", "= 1 B", "> 0 c"]);
    let ids: Vec<_> = app.state().order.iter().flat_map(|o| &o.lines).map(|l| l.id).collect();
    assert_eq!(ids, [Some(3), Some(2), Some(11)]);
}

#[test]
fn an_unchanged_form_changes_no_row() {
    let mut app = app();
    let page = open(&mut app);
    save(&mut app, &page, &[]);
}

#[test]
fn an_existing_row_that_is_cleared_is_removed() {
    let mut app = app_with(Edit { extra: 1, last_wins: false });
    let mut page = open(&mut app);
    set(&mut page, "lines.1.item", " ");
    save(&mut app, &page, &["- b", "> 1 c"]);
}

#[test]
fn ids_that_the_record_does_not_have_make_new_rows() {
    for last_wins in [false, true] {
        let mut app = app_with(Edit { extra: 0, last_wins });
        let mut page = open(&mut app);
        // A row of another record, a row twice, and something else.
        set(&mut page, "lines.0.id:id", "99");
        set(&mut page, "lines.1.id:id", "3");
        set(&mut page, "lines.2.id:id", "x");
        let page = press(&mut app, page, "add lines");
        let mut page = page;
        set(&mut page, "lines.3.item", "d");
        set(&mut page, "lines.3.id:id", "3");
        let expect = ["- a", "- b", "+ 0 a", "+ 2 c", "+ 3 d", "= 1 b"];
        save(&mut app, &page, &expect);
    }
}

#[test]
fn all_rows_of_a_record_that_is_saved_as_new_are_new() {
    let mut app = app();
    let mut page = open(&mut app);
    app.state_mut().order = None;
    page.remove(":button");
    page.push(":button", ":new save");
    save(&mut app, &page, &["+ 0 a", "+ 1 b", "+ 2 c"]);
}

#[test]
fn rows_inserted_again_elsewhere_are_no_conflict() {
    let mut app = app();
    let mut page = open(&mut app);
    for line in app.state_mut().order.iter_mut().flat_map(|order| &mut order.lines) {
        line.id = line.id.map(|id| id + 100);
    }
    set(&mut page, "lines.0.item", "A");
    save(&mut app, &page, &["- a", "- b", "- c", "+ 0 A", "+ 1 b", "+ 2 c"]);
}

#[test]
fn a_conflict_shows_no_ids() {
    let mut app = app();
    let mut page = open(&mut app);
    if let Some(order) = &mut app.state_mut().order {
        order.lines[0].item = "theirs".to_owned();
    }
    set(&mut page, "lines.0.item", "mine");
    let response = Request::post("/").form(page.iter()).send_to::<IsHandler>(&mut app);
    assert_eq!(response.status(), 409);
    let html = response.into_text();
    assert!(html.contains("“theirs; b; c”"), "{html}");
}
