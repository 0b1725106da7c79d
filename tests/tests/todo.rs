//! The to-do tutorial, used with the mouse and then with the keyboard alone, and templates that
//! change while the program runs.

use std::fs;
use std::path::Path;

use serde::Serialize;
use solohttp::{Handler, IoList, Result, Router, TemplateFolder};
use solohttp_tests::browser::{Browser, Page};
use solohttp_tests::program::{self, Program};
use solohttp_tests::served::serve;

fn start() -> Program {
    let mut todo = program::example("todo");
    todo.args(["--port", "0", "--no-browser"]);
    program::launch(todo)
}

/// Returns each task's CSS class and text.
fn tasks(page: &mut Page<'_>) -> Vec<(String, String)> {
    let script = "[...document.querySelectorAll('li')].map(li => [li.className, li.querySelector('a')?.innerText ?? li.innerText])";
    serde_json::from_value(page.eval(script)).unwrap()
}

fn task(class: &str, text: &str) -> (String, String) {
    (class.to_owned(), text.to_owned())
}

/// Types into the autofocused field, which receives focus shortly after the page loads.
fn type_into_field(page: &mut Page<'_>, text: &str) {
    page.wait_for("document.activeElement.id === 'text'");
    page.type_text(text);
}

fn works_by_mouse(browser: &Browser) {
    let todo = start();
    let mut page = browser.page();
    page.open(&todo.url);
    assert_eq!(tasks(&mut page), [task("", "Nothing to do.")]);
    for text in ["Tea & <b>cake</b>", "Sleep"] {
        page.navigate(|page| page.click("a[href='/new']"));
        type_into_field(&mut page, text);
        page.navigate(|page| page.click("button"));
    }
    page.navigate(|page| page.click("li:nth-child(2) .tick"));
    assert_eq!(tasks(&mut page), [task("open", "Tea & <b>cake</b>"), task("done", "Sleep")]);
    assert_eq!(page.eval("document.title"), "To do (1)");
    page.navigate(|page| page.click("li:nth-child(1) a"));
    page.eval("document.querySelector('#text').select()");
    page.press("Delete");
    page.navigate(|page| page.click("button"));
    assert_eq!(tasks(&mut page), [task("done", "Sleep")], "saving a blank task deletes it");
    assert_eq!(page.console_errors(), Vec::<String>::new());
}

fn works_by_keyboard_alone(browser: &Browser) {
    let todo = start();
    let mut page = browser.page();
    page.open(&todo.url);
    // The empty list has one link. On the page that it leads to, the field receives focus
    // automatically.
    page.press("Tab");
    page.navigate(|page| page.press("Enter"));
    type_into_field(&mut page, "Tea");
    page.navigate(|page| page.press("Enter"));
    page.press("Tab");
    page.navigate(|page| page.press("Space"));
    assert_eq!(tasks(&mut page), [task("done", "Tea")]);
    page.press("Tab");
    page.press("Tab");
    page.navigate(|page| page.press("Enter"));
    page.wait_for("document.activeElement.id === 'text'");
    page.press("Control+a");
    page.type_text("Coffee");
    page.navigate(|page| page.press("Enter"));
    assert_eq!(tasks(&mut page), [task("done", "Coffee")]);
}

fn each_control_has_an_accessible_name(browser: &Browser) {
    let todo = start();
    let mut page = browser.page();
    page.open(&format!("{}new", todo.url));
    let named = |page: &mut Page<'_>, role: &str| -> Vec<String> {
        let tree = page.accessibility_tree();
        tree.into_iter().filter(|node| node.role == role).map(|node| node.name).collect()
    };
    assert_eq!(named(&mut page, "textbox"), ["What needs to be done?"]);
    type_into_field(&mut page, "Tea");
    page.navigate(|page| page.press("Enter"));
    assert_eq!(named(&mut page, "button"), ["Mark as done: Tea"]);
}

/// Saved changes are shown, and going back or forward doesn't save them again.
fn back_and_forward_after_a_save_show_the_saved_state(browser: &Browser) {
    let todo = start();
    let mut page = browser.page();
    page.open(&todo.url);
    page.navigate(|page| page.click("a[href='/new']"));
    type_into_field(&mut page, "Tea");
    page.navigate(|page| page.press("Enter"));
    page.back();
    assert_eq!(page.eval("document.querySelector('#text') !== null"), true, "the form");
    page.forward();
    assert_eq!(tasks(&mut page), [task("open", "Tea")]);
    page.back();
    page.back();
    assert_eq!(page.url(), todo.url);
    page.open(&todo.url);
    assert_eq!(tasks(&mut page), [task("open", "Tea")], "saved once");
}

fn from_folder(folder: &Path) -> impl Handler + use<> {
    #[derive(Serialize)]
    struct Data {
        name: &'static str,
    }
    let templates = TemplateFolder::new(folder).unwrap().watch(true);
    let mut router: Router<()> = Router::new();
    router.get("/", move || -> Result<IoList> {
        Ok(templates.render("page", &Data { name: "Ann" })?)
    });
    router
}

fn a_changed_template_shows_after_a_reload_and_a_broken_one_says_where(browser: &Browser) {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write("base.tpl", "<!DOCTYPE html><title>{title}</title><p>{body}</p>");
    write("page.tpl", "<extend>base <?title?>Page<?body?>Hello {name}.</extend>");
    let path = folder.path().to_owned();
    let server = serve(move || from_folder(&path));
    let mut page = browser.page();
    page.open(&server.url);
    assert_eq!(page.text(), "Hello Ann.");
    write("page.tpl", "<extend>base <?title?>Page<?body?>Good morning, {name}.</extend>");
    page.open(&server.url);
    assert_eq!(page.text(), "Good morning, Ann.");
    write("base.tpl", "<!DOCTYPE html><title>{title}</title><main>{body} Bye.</main>");
    page.open(&server.url);
    assert_eq!(page.text(), "Good morning, Ann. Bye.");
    write("page.tpl", "<extend>base <?title?>Page<?body?>\nGood morning, {nmae}.</extend>");
    page.open(&server.url);
    let text = page.text();
    for part in ["went wrong", "page.tpl", "Good morning, {nmae}.", "^", "name"] {
        assert!(text.contains(part), "no {part} in:\n{text}");
    }
    let caret = "const pre = document.querySelector('pre'); getComputedStyle(pre).fontFamily";
    assert_eq!(page.eval(caret), "monospace", "the caret position would differ");
}

solohttp_tests::in_each_browser!(
    works_by_mouse,
    works_by_keyboard_alone,
    each_control_has_an_accessible_name,
    back_and_forward_after_a_save_show_the_saved_state,
    a_changed_template_shows_after_a_reload_and_a_broken_one_says_where,
);
