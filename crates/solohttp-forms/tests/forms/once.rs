//! List item 13: a form that is sent twice is saved once. (Who may post at all is decided by
//! solohttp-core for every request: Host, Origin, Sec-Fetch-Site.)

use solohttp_core::{Fields, Handler, IoList, IsHandler, Request, Response, Result, WithState};
use solohttp_forms::{
    FormView, Formlet, FormletHandler, RecordForm, Submission, form, formlet, text,
};

use crate::browser;

struct Note {
    text: String,
}

struct AddNote {
    once: bool,
}

impl Formlet<Vec<String>> for AddNote {
    type Record = Note;

    fn form(&mut self, _: &mut Vec<String>) -> Result<RecordForm<Note>> {
        let form = form!(Note { text: text("Text").required() });
        Ok(if self.once { form.once() } else { form })
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

fn app(once: bool) -> App {
    formlet(AddNote { once }).with_state(Vec::new())
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
fn list_13_the_same_form_again_gets_the_same_answer_and_is_not_saved() {
    let mut app = app(true);
    let page = open(&mut app);
    assert_eq!(send(&mut app, &page, "tea"), (303, "/note/1".into()));
    assert_eq!(send(&mut app, &page, "tea"), (303, "/note/1".into()));
    assert_eq!(app.state().as_slice(), ["tea"]);
}

#[test]
fn list_13_going_back_and_changing_something_is_another_submission() {
    let mut app = app(true);
    let page = open(&mut app);
    send(&mut app, &page, "tea");
    assert_eq!(send(&mut app, &page, "coffee"), (303, "/note/2".into()));
    assert_eq!(app.state().as_slice(), ["tea", "coffee"]);
}

#[test]
fn list_13_the_same_text_from_a_new_page_is_saved_again() {
    let mut app = app(true);
    for _ in 0..2 {
        let page = open(&mut app);
        send(&mut app, &page, "tea");
    }
    assert_eq!(app.state().as_slice(), ["tea", "tea"]);
}

#[test]
fn a_redisplayed_form_is_still_the_same_submission() {
    let mut app = app(true);
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
fn what_failed_to_be_saved_may_be_sent_again() {
    let mut app = app(true);
    let page = open(&mut app);
    assert_eq!(send(&mut app, &page, "fails").0, 500);
    assert_eq!(send(&mut app, &page, "fails").0, 303);
    assert_eq!(app.state().as_slice(), ["first try", "fails"]);
}

#[test]
fn a_form_that_does_not_ask_for_it_is_saved_each_time() {
    let mut app = app(false);
    let page = open(&mut app);
    assert_eq!(page.get(":once"), None);
    send(&mut app, &page, "tea");
    send(&mut app, &page, "tea");
    assert_eq!(app.state().as_slice(), ["tea", "tea"]);
}

#[test]
fn what_is_remembered_is_bounded() {
    let mut app = app(true);
    let first = open(&mut app);
    send(&mut app, &first, "first");
    for _ in 0..256 {
        let page = open(&mut app);
        send(&mut app, &page, "x");
    }
    send(&mut app, &first, "first");
    assert_eq!(app.state().len(), 258);
}
