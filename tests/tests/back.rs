//! The browser's Back button keeps unsaved input and shows saved changes.

use solohttp::{Handler, Response, Router, iolist};
use solohttp_tests::browser::{Browser, Engine, Page};
use solohttp_tests::in_each_browser;
use solohttp_tests::served::serve;

#[derive(Default)]
struct App {
    saved: u32,
}

fn app() -> impl Handler {
    let mut router: Router<App> = Router::new();
    router.get("/", |app: &mut App| {
        iolist!["<title>List</title><p>", app.saved, "</p><a href=\"/edit\">Edit</a>"]
    });
    router.get("/edit", || {
        "<title>Edit</title><form method=\"post\"><input name=\"a\"><textarea name=\"b\"></textarea>\
         <button>Save</button></form><a href=\"/\">List</a>"
    });
    router.post("/edit", |app: &mut App| {
        app.saved += 1;
        Response::redirect("/saved")
    });
    router.get("/saved", || "<title>Saved</title>");
    router.with_state(App::default())
}

fn go_back(page: &mut Page<'_>, steps: u32, title: &str) {
    // Goes back only after the evaluation, because going back earlier would abort the evaluation.
    page.eval(&format!("void setTimeout(() => history.go(-{steps}), 0)"));
    page.wait_for(&format!("document.title === '{title}' && document.readyState === 'complete'"));
}

/// Runs only in Chromium, because Firefox can either show saved changes or keep unsaved input, but
/// not both.
#[test]
fn back_shows_what_was_saved() {
    let server = serve(app);
    let browser = Browser::shared(Engine::Chromium);
    let mut page = browser.page();
    page.open(&server.url);
    for saved in ["1", "2"] {
        page.navigate(|page| page.click("a"));
        page.click("[name=a]");
        page.type_text("typed");
        page.navigate(|page| page.click("button"));
        go_back(&mut page, 2, "List");
        page.wait_for(&format!("document.querySelector('p').textContent === '{saved}'"));
    }
}

fn back_keeps_what_was_typed(browser: &Browser) {
    let server = serve(app);
    let mut page = browser.page();
    page.open(&format!("{}edit", server.url));
    page.click("[name=a]");
    page.type_text("short");
    page.click("[name=b]");
    page.type_text("long");
    page.navigate(|page| page.click("a"));
    go_back(&mut page, 1, "Edit");
    page.wait_for("document.querySelector('[name=a]').value === 'short'");
    page.wait_for("document.querySelector('[name=b]').value === 'long'");
}

in_each_browser!(back_keeps_what_was_typed);
