//! Duplicate submissions: a form that is sent twice is saved once.

use solohttp_core::{Fields, Handler, IoList, IsHandler, Request, Response, Result, WithState};
use solohttp_forms::{
    FormView, Formlet, FormletHandler, RecordForm, Submission, form, formlet, text,
};

use crate::browser;

struct Note {
    text: String,
}

struct AddNote {
    duplicates: bool,
}

impl Formlet<Vec<String>> for AddNote {
    type Record = Note;

    fn form(&mut self, _: &mut Vec<String>) -> Result<RecordForm<Note>> {
        let form = form!(Note { text: text("Text").required() });
        Ok(if self.duplicates { form.allow_duplicates() } else { form })
    }

    fn save(
        &mut self,
        notes: &mut Vec<String>,
        note: Note,
        _: &Submission<'_>,
    ) -> Result<Response> {
        if note.text == "fails" && notes.is_empty() {
            notes.push("first try".into());
            return Err("disk".into());
        }
        notes.push(note.text);
        Ok(Response::redirect(format!("/note/{}", notes.len())))
    }

    fn page(&mut self, _: &mut Vec<String>, view: &FormView<Note>, _: &Request) -> Result<IoList> {
        Ok(view.render())
    }
}

type App = WithState<FormletHandler<AddNote>, Vec<String>>;

fn app(duplicates: bool) -> App {
    formlet(AddNote { duplicates }).with_state(Vec::new())
}

fn open(app: &mut App) -> Fields {
    browser::submit(&Request::get("/new").send_to::<IsHandler>(app).into_text())
}

fn send(app: &mut App, page: &Fields, text: &str) -> (u16, String) {
    let mut fields = page.clone();
    fields.remove("text");
    fields.push("text", text);
    let response = Request::post("/new").form(fields.iter()).send_to::<IsHandler>(app);
    (response.status().as_u16(), response.header("location").unwrap_or_default().to_owned())
}

#[test]
fn a_duplicate_gets_the_same_response_and_is_not_saved() {
    let mut app = app(false);
    let page = open(&mut app);
    assert_eq!(send(&mut app, &page, "tea"), (303, "/note/1".into()));
    assert_eq!(send(&mut app, &page, "tea"), (303, "/note/1".into()));
    assert_eq!(app.state().as_slice(), ["tea"]);
}

#[test]
fn a_duplicate_after_another_submission_is_not_a_double_click() {
    let mut app = app(false);
    let page = open(&mut app);
    send(&mut app, &page, "tea");
    send(&mut app, &page, "coffee");
    assert_eq!(
        send(&mut app, &page, "tea").0,
        409,
        "it is reported as a duplicate, not treated as a double click"
    );
    assert_eq!(app.state().as_slice(), ["tea", "coffee"]);
}

/// Waits until a repeated submission no longer counts as a double click.
fn wait() {
    std::thread::sleep(std::time::Duration::from_millis(1_100));
}

#[test]
fn a_late_duplicate_is_reported_and_may_be_saved_again() {
    let mut app = app(false);
    let page = open(&mut app);
    assert_eq!(send(&mut app, &page, "tea"), (303, "/note/1".into()));
    wait();
    let mut fields = page.clone();
    fields.remove("text");
    fields.push("text", "tea");
    let told = Request::post("/new").form(fields.iter()).send_to::<IsHandler>(&mut app);
    assert_eq!(told.status(), 409);
    let html = told.into_text();
    assert!(
        html.contains("This has already been saved. Save again to add it a second time."),
        "{html}"
    );
    assert!(!html.contains("Check these fields"), "no field is invalid: {html}");
    assert_eq!(app.state().as_slice(), ["tea"]);
    let again = browser::submit(&html);
    assert_eq!(again.get("text"), Some("tea"), "no input is lost");
    assert_eq!(send(&mut app, &again, "tea"), (303, "/note/2".into()));
    assert_eq!(app.state().as_slice(), ["tea", "tea"]);
}

#[test]
fn changed_content_is_a_new_submission() {
    let mut app = app(false);
    let page = open(&mut app);
    send(&mut app, &page, "tea");
    assert_eq!(send(&mut app, &page, "coffee"), (303, "/note/2".into()));
    assert_eq!(app.state().as_slice(), ["tea", "coffee"]);
}

#[test]
fn the_same_text_from_a_new_page_is_saved_again() {
    let mut app = app(false);
    for _ in 0..2 {
        let page = open(&mut app);
        send(&mut app, &page, "tea");
    }
    assert_eq!(app.state().as_slice(), ["tea", "tea"]);
}

#[test]
fn a_redisplayed_form_is_still_the_same_submission() {
    let mut app = app(false);
    let page = open(&mut app);
    let again = Request::post("/new").form(page.iter()).send_to::<IsHandler>(&mut app);
    assert_eq!(again.status(), 422);
    let again = browser::submit(&again.into_text());
    assert_eq!(again.get(":once"), page.get(":once"));
    send(&mut app, &again, "tea");
    send(&mut app, &again, "tea");
    assert_eq!(app.state().as_slice(), ["tea"]);
}

#[test]
fn a_failed_submission_may_be_sent_again() {
    let mut app = app(false);
    let page = open(&mut app);
    assert_eq!(send(&mut app, &page, "fails").0, 500);
    assert_eq!(send(&mut app, &page, "fails").0, 303);
    assert_eq!(app.state().as_slice(), ["first try", "fails"]);
}

#[test]
fn a_form_that_allows_duplicates_is_saved_each_time() {
    let mut app = app(true);
    let page = open(&mut app);
    assert_eq!(page.get(":once"), None);
    send(&mut app, &page, "tea");
    send(&mut app, &page, "tea");
    assert_eq!(app.state().as_slice(), ["tea", "tea"]);
}

#[test]
fn the_number_of_submissions_is_limited() {
    let mut app = app(false);
    let first = open(&mut app);
    send(&mut app, &first, "first");
    for _ in 0..256 {
        let page = open(&mut app);
        send(&mut app, &page, "x");
    }
    send(&mut app, &first, "first");
    assert_eq!(app.state().len(), 258);
}

/// Acts like a database guard: rolls the save back and sends a different page.
struct TakesBack<H> {
    form: H,
    takes_back: bool,
}

impl<H: Handler<Vec<String>>> Handler<Vec<String>> for TakesBack<H> {
    fn handle(&mut self, notes: &mut Vec<String>, request: &mut Request) -> Response {
        let response = self.form.handle(notes, request);
        if !self.takes_back {
            return response;
        }
        notes.pop();
        Response::text("It was not saved after all.")
    }
}

#[test]
fn a_rolled_back_submission_is_not_remembered() {
    let form = formlet(AddNote { duplicates: false });
    let mut guarded = TakesBack { form, takes_back: false };
    let mut notes = Vec::new();
    let page = Request::get("/new").send_to(asked(&mut guarded, &mut notes)).into_text();
    let mut fields = browser::submit(&page);
    fields.remove("text");
    fields.push("text", "kept");
    let post = || Request::post("/new").form(fields.iter());
    guarded.takes_back = true;
    post().send_to(asked(&mut guarded, &mut notes));
    assert!(notes.is_empty());
    guarded.takes_back = false;
    for _ in 0..2 {
        assert_eq!(post().send_to(asked(&mut guarded, &mut notes)).status(), 303);
    }
    assert_eq!(notes, ["kept"], "it is saved once when it is sent again");
}

/// Lends a handler and its state for one request.
fn asked<'a, H: Handler<Vec<String>>>(
    handler: &'a mut H,
    notes: &'a mut Vec<String>,
) -> impl Handler + use<'a, H> {
    struct Lent<'a, H>(&'a mut H, &'a mut Vec<String>);
    impl<H: Handler<Vec<String>>> Handler for Lent<'_, H> {
        fn handle(&mut self, (): &mut (), request: &mut Request) -> Response {
            self.0.handle(self.1, request)
        }
    }
    Lent(handler, notes)
}
