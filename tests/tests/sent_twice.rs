//! A form is submitted twice in a browser, by a double click and after going back.

use std::time::Duration;

use solohttp::forms::{FormView, Formlet, RecordForm, Submission, form, formlet, text};
use solohttp::{IoList, Request, Response, Result, Router};
use solohttp_tests::browser::{Browser, Page};
use solohttp_tests::in_each_browser;
use solohttp_tests::served::{Served, serve};

struct Note {
    text: String,
}

struct AddNote;

impl Formlet<Vec<String>> for AddNote {
    type Record = Note;

    fn form(&mut self, _: &mut Vec<String>) -> Result<RecordForm<Note>> {
        Ok(form!(Note { text: text("Text").required() }))
    }

    fn save(
        &mut self,
        notes: &mut Vec<String>,
        note: Note,
        _: &Submission<'_>,
    ) -> Result<Response> {
        // Slow enough for a second click while the form is still shown.
        std::thread::sleep(Duration::from_millis(300));
        notes.push(note.text);
        Ok(Response::redirect("/"))
    }

    fn page(&mut self, _: &mut Vec<String>, view: &FormView<Note>, _: &Request) -> Result<IoList> {
        Ok(view.render())
    }
}

fn served() -> Served {
    serve(|| {
        let mut router = Router::new();
        router.mount("/new", formlet(AddNote));
        router.get("/", |notes: &mut Vec<String>| format!("[{}]", notes.join(", ")));
        router.with_state(Vec::new())
    })
}

fn write(page: &mut Page<'_>, server: &Served, text: &str) {
    page.open(&format!("{}new", server.url));
    page.click("#f-text");
    page.type_text(text);
}

fn a_double_click_saves_once(browser: &Browser) {
    let server = served();
    let mut page = browser.page();
    write(&mut page, &server, "tea");
    page.navigate(|page| {
        page.eval(
            "{ const button = document.querySelector('.buttons button');
               setTimeout(() => button.click(), 0);
               setTimeout(() => button.click(), 150); }",
        );
    });
    page.wait_for("document.body.innerText.includes('[')");
    assert_eq!(page.text().trim(), "[tea]");
}

fn resubmitting_after_going_back_shows_a_notice(browser: &Browser) {
    let server = served();
    let mut page = browser.page();
    write(&mut page, &server, "tea");
    page.navigate(|page| page.click(".buttons button"));
    assert_eq!(page.text().trim(), "[tea]");
    std::thread::sleep(Duration::from_millis(1_100));
    page.back();
    page.wait_for("document.querySelector('#f-text')?.value === 'tea'");
    page.navigate(|page| page.click(".buttons button"));
    assert!(page.text().contains("This has already been saved."), "{}", page.text());
    page.navigate(|page| page.click(".buttons button"));
    assert_eq!(page.text().trim(), "[tea, tea]", "an intended resubmission is saved");
}

in_each_browser!(a_double_click_saves_once, resubmitting_after_going_back_shows_a_notice);
