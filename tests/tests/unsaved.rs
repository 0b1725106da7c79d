//! The script that warns users before they leave a form with unsaved input. The form's fields have
//! the same names as properties of form elements. For example, `form.dataset` is one of the fields.

use solohttp::forms::{RecordForm, UNSAVED_WARNING, form, text};
use solohttp::{Handler, Response, Router, iolist};
use solohttp_tests::browser::Browser;
use solohttp_tests::in_each_browser;
use solohttp_tests::served::serve;

#[derive(Debug)]
struct Awkward {
    dataset: String,
    elements: String,
    submit: String,
    action: String,
    method: String,
    id: String,
    name: String,
    matches: String,
}

fn awkward() -> RecordForm<Awkward> {
    form!(Awkward {
        dataset: text("Dataset"),
        elements: text("Elements"),
        submit: text("Submit"),
        action: text("Action"),
        method: text("Method"),
        id: text("Id"),
        name: text("Name"),
        matches: text("Matches"),
    })
}

fn app() -> impl Handler {
    let mut router: Router<()> = Router::new();
    router.get("/", || {
        let page = iolist!["<!DOCTYPE html><title>Form</title>", awkward().blank().render()];
        iolist![page, "<script>", UNSAVED_WARNING, "</script>"]
    });
    router.post("/", || Response::redirect("/other"));
    router.get("/other", || "<title>Other</title>");
    router
}

fn leaving_a_changed_form_warns_for_any_field_names(browser: &Browser) {
    let server = serve(app);
    let mut page = browser.page();
    let other = format!("{}other", server.url);

    page.open(&server.url);
    page.open(&other);
    assert_eq!(page.dialogs().len(), 0, "nothing was typed");

    page.open(&server.url);
    page.click("[name=dataset]");
    page.type_text("typed");
    page.open(&other);
    assert_eq!(page.dialogs().len(), 1, "input would be lost");

    page.open(&server.url);
    page.click("[name=method]");
    page.type_text("typed");
    page.navigate(|page| page.click("button"));
    assert!(page.eval("location.pathname").as_str() == Some("/other"));
    assert_eq!(page.dialogs().len(), 1, "submitting loses nothing");
}

in_each_browser!(leaving_a_changed_form_warns_for_any_field_names);
