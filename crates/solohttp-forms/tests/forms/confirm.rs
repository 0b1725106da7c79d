//! A side button asks before it does something.

use solohttp_core::{
    Fields, Handler as _, IoList, IsHandler, Question, Request, RequestBuilder, Response, Result,
    StatusCode, Upload, WithState,
};
use solohttp_forms::{
    Draft, FormView, Formlet, FormletHandler, RecordForm, Submission, file, form, formlet,
    password, text,
};

use crate::browser;

struct Person {
    name: String,
    pin: String,
    photo: Option<Upload>,
}

#[derive(Default)]
struct People {
    count: usize,
    /// The input that side buttons got.
    pressed: Vec<String>,
}

struct Edit;

impl Formlet<People> for Edit {
    type Record = Person;

    fn form(&mut self, _: &mut People) -> Result<RecordForm<Person>> {
        let form = form!(Person {
            name: text("Name").required(),
            pin: password("PIN"),
            photo: file("Photo").accept("image/*"),
        });
        let form = form.button("save", "Save").side_button("delete", "Delete & forget");
        Ok(form.side_button("look", "Look").last_wins())
    }

    fn load(&mut self, _: &mut People, _: &Request) -> Result<Option<Person>> {
        Ok(Some(Person { name: "Ada".into(), pin: "4711".into(), photo: None }))
    }

    fn confirm(
        &mut self,
        people: &mut People,
        button: &str,
        draft: &Draft<Person>,
    ) -> Result<Option<Question>> {
        let name = draft.input().get("name").unwrap_or_default();
        let question = format!("Delete {name} and {} others?", people.count);
        Ok((button == "delete" && people.count > 0).then(|| question.into()))
    }

    fn on_button(
        &mut self,
        people: &mut People,
        button: &str,
        draft: Draft<Person>,
    ) -> Result<Response> {
        let names = draft.input().iter().map(|(name, _)| name).collect::<Vec<_>>().join(" ");
        people.pressed.push(format!("{button}: {names}"));
        Ok(Response::redirect("/people"))
    }

    fn save(&mut self, _: &mut People, person: Person, _: &Submission<'_>) -> Result<Response> {
        let photo = person.photo.map(|photo| photo.file_name()).unwrap_or_default();
        Ok(Response::text(format!("{} {} {photo}", person.name, person.pin)))
    }

    fn page(&mut self, _: &mut People, view: &FormView<Person>, _: &Request) -> Result<IoList> {
        Ok(view.render())
    }
}

type App = WithState<FormletHandler<Edit>, People>;

fn app(count: usize) -> App {
    formlet(Edit).with_state(People { count, pressed: Vec::new() })
}

/// Sends the form with an unsaved name, after pressing this button.
fn press(button: &str) -> RequestBuilder {
    let fields = [("name", "<Zoë>"), ("pin", "0815"), (":secret", "pin"), (":button", button)];
    Request::post("/edit?from=list").form(fields).upload("photo", "a.png", "image/png", "bytes")
}

/// The form of a page with a question.
fn form_of(page: &str) -> &str {
    let from = page.find("<form").unwrap();
    &page[from..page.find("</form>").unwrap()]
}

fn send(app: &mut App, fields: &Fields) -> Response {
    Request::post("/edit?from=list").form(fields.iter()).send_to::<IsHandler>(app)
}

/// The fields that are sent if the user cancels.
fn canceled(asked: &str) -> Fields {
    let mut fields = browser::submit(asked);
    fields.remove(Question::FIELD);
    fields.push(":button", ":cancel");
    fields
}

#[test]
fn a_side_button_runs_only_after_its_question() {
    let mut app = app(12);
    let asked = press("delete").send_to::<IsHandler>(&mut app);
    assert_eq!(asked.status(), StatusCode::PRECONDITION_REQUIRED);
    let page = asked.into_text();
    for part in [
        "<h1>Delete &lt;Zoë&gt; and 12 others?</h1>",
        "<form method=\"post\" action=\"/edit?from=list\"",
        ">Delete &amp; forget</button> <button name=\":button\" value=\":cancel\">Cancel</button>",
    ] {
        assert!(page.contains(part), "no {part:?} in\n{page}");
    }
    assert!(!page.contains("0815"), "{page}");
    assert!(app.state().pressed.is_empty());
    let confirmed = send(&mut app, &browser::submit(form_of(&page)));
    assert_eq!(confirmed.header("location"), Some("/people"));
    assert_eq!(app.state().pressed, ["delete: name :secret photo:kept"]);
}

#[test]
fn a_side_button_without_a_question_runs_at_once() {
    let mut app = app(12);
    assert_eq!(press("look").send_to::<IsHandler>(&mut app).status(), StatusCode::SEE_OTHER);
    app.state_mut().count = 0;
    assert_eq!(press("delete").send_to::<IsHandler>(&mut app).status(), StatusCode::SEE_OTHER);
    assert_eq!(app.state().pressed.len(), 2);
}

#[test]
fn cancel_leads_back_to_the_input() {
    let mut app = app(12);
    let asked = press("delete").send_to::<IsHandler>(&mut app).into_text();
    let again = send(&mut app, &canceled(form_of(&asked)));
    assert_eq!(again.status(), StatusCode::OK);
    let again = again.into_text();
    for part in ["value=\"&lt;Zoë&gt;\"", "Chosen: a.png"] {
        assert!(again.contains(part), "no {part:?} in\n{again}");
    }
    let mut fields = browser::submit(form_of(&again));
    fields.push("pin", "42");
    assert_eq!(send(&mut app, &fields).into_text(), "<Zoë> 42 a.png", "the file is still there");
    assert!(app.state().pressed.is_empty());
}

#[test]
fn a_question_that_has_changed_is_asked_again() {
    let mut app = app(12);
    let asked = press("delete").send_to::<IsHandler>(&mut app).into_text();
    app.state_mut().count = 13;
    let again = send(&mut app, &browser::submit(form_of(&asked)));
    assert_eq!(again.status(), StatusCode::PRECONDITION_REQUIRED);
    let again = again.into_text();
    assert!(again.contains("and 13 others?"), "{again}");
    assert_eq!(send(&mut app, &browser::submit(form_of(&again))).status(), StatusCode::SEE_OTHER);
}
