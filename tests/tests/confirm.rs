//! A page asks before something dangerous happens: without scripts, by keyboard, in each browser.

use solohttp::forms::{
    Draft, FormView, Formlet, RecordForm, Submission, form, formlet, text, textarea,
};
use solohttp::{IoList, Question, Request, Response, Result, Router, confirm, iolist};
use solohttp_tests::browser::{Browser, Page};
use solohttp_tests::in_each_browser;
use solohttp_tests::served::{Served, serve};

use crate::datebook::{axe, check_page};

#[derive(Default)]
struct App {
    names: Vec<String>,
}

struct Person {
    name: String,
    notes: String,
}

struct Edit;

impl Formlet<App> for Edit {
    type Record = Person;

    fn form(&mut self, _: &mut App) -> Result<RecordForm<Person>> {
        let form = form!(Person { name: text("Name").required(), notes: textarea("Notes") });
        Ok(form.button("save", "Save").side_button("clear", "Delete everybody"))
    }

    fn confirm(&mut self, app: &mut App, _: &str, _: &Draft<Person>) -> Result<Option<Question>> {
        ask(app)
    }

    fn on_button(&mut self, app: &mut App, _: &str, _: Draft<Person>) -> Result<Response> {
        Ok(clear(app))
    }

    fn save(&mut self, app: &mut App, person: Person, _: &Submission<'_>) -> Result<Response> {
        app.names.push(person.name + &person.notes);
        Ok(Response::redirect("/"))
    }

    fn page(&mut self, _: &mut App, view: &FormView<Person>, _: &Request) -> Result<IoList> {
        let start = "<!DOCTYPE html><html lang=\"en\"><title>Edit</title><main><h1>Edit</h1>";
        Ok(iolist![start, view.render()])
    }
}

fn ask(app: &mut App) -> Result<Option<Question>> {
    let count = app.names.len();
    let question = format!("Delete all {count} people?");
    Ok((count > 0).then(|| Question::new(question).detail("Their notes are deleted, too.")))
}

fn clear(app: &mut App) -> Response {
    app.names.clear();
    Response::redirect("/")
}

fn home(app: &mut App) -> IoList {
    let form = "<form method=\"post\" action=\"/clear\"><button>Delete everybody</button></form>";
    iolist!["<!DOCTYPE html><title>People</title>[", app.names.join(", "), "]", form]
}

fn served() -> Served {
    serve(|| {
        let mut router = Router::new();
        router.get("/", home);
        router.post("/clear", confirm("Delete everybody", ask, clear));
        router.mount("/edit", formlet(Edit));
        router.with_state(App { names: vec!["Ada".to_owned(), "Grace".to_owned()] })
    })
}

/// The label of the element that has the focus.
fn focused(page: &mut Page<'_>) -> String {
    page.eval("document.activeElement.innerText").as_str().unwrap_or_default().to_owned()
}

fn a_button_asks_first(browser: &Browser) {
    let server = served();
    let mut page = browser.page();
    page.open(&format!("{}?from=here", server.url));
    page.navigate(|page| page.click("button"));
    assert_eq!(page.eval("document.querySelector('h1').innerText"), "Delete all 2 people?");
    check_page(&mut page, &axe(), "the question");

    page.navigate(|page| page.click(".buttons a"));
    assert!(page.text().contains("[Ada, Grace]"), "{}", page.text());
    assert_eq!(page.eval("location.search"), "?from=here");

    page.navigate(|page| page.click("button"));
    page.press("Tab");
    assert_eq!(focused(&mut page), "Delete everybody");
    page.press("Tab");
    assert_eq!(focused(&mut page), "Cancel");
    page.navigate(|page| page.click(".buttons button"));
    assert!(page.text().contains("[]"), "{}", page.text());
    assert_eq!(page.eval("location.pathname"), "/");
}

fn a_side_button_asks_first_and_cancel_keeps_the_input(browser: &Browser) {
    let server = served();
    let mut page = browser.page();
    page.open(&format!("{}edit", server.url));
    page.click("#f-notes");
    page.type_text("one\ntwo & <three>");
    page.navigate(|page| page.click("button[value=clear]"));
    assert_eq!(page.eval("document.querySelector('h1').innerText"), "Delete all 2 people?");
    check_page(&mut page, &axe(), "the question");

    page.navigate(|page| page.click("button[value=':cancel']"));
    assert_eq!(page.eval("document.querySelector('#f-notes').value"), "one\ntwo & <three>");

    page.navigate(|page| page.click("button[value=clear]"));
    page.navigate(|page| page.click(".buttons button"));
    assert!(page.text().contains("[]"), "{}", page.text());
}

in_each_browser!(a_button_asks_first, a_side_button_asks_first_and_cancel_keeps_the_input);
