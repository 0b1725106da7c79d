//! The guard in a real browser. The tests make every mistake in the tutorial, and check that a
//! locked database file loses no input.

use solohttp_tests::browser::{Browser, Page};
use solohttp_tests::program::{self, Program};

fn start() -> Program {
    let mut guard = program::example("guard");
    guard.args(["--port", "0", "--no-browser"]);
    program::launch(guard)
}

fn notes(page: &mut Page<'_>, url: &str) -> Vec<String> {
    page.open(url);
    let notes =
        page.eval("[...document.querySelectorAll('#notes li')].map(note => note.innerText)");
    serde_json::from_value(notes).unwrap()
}

fn add(page: &mut Page<'_>, url: &str, text: &str) {
    page.open(url);
    page.click("input[name=text]");
    page.type_text(text);
    page.navigate(|page| page.press("Enter"));
}

fn every_mistake_is_reported_and_changes_nothing(browser: &Browser) {
    let guard = start();
    let mut page = browser.page();
    add(&mut page, &guard.url, "true & kept");
    for (link, told) in [
        ("forgotten-commit", "INSERT INTO note (text) VALUES ('forgotten')"),
        ("dropped-transaction", "INSERT INTO note (text) VALUES ('dropped')"),
        ("panic", "index out of bounds"),
        ("error", "NOT NULL constraint failed"),
    ] {
        page.open(&guard.url);
        page.navigate(|page| page.click(&format!("a[href='/{link}']")));
        let text = page.text();
        assert!(text.contains(told) && text.contains("went wrong while"), "{link}: {text}");
        assert!(!text.contains("The note was saved."), "{link}: {text}");
        assert_eq!(notes(&mut page, &guard.url), ["true & kept"], "after {link}");
    }
    page.navigate(|page| page.click("a[href='/on-purpose']"));
    assert!(!page.text().contains("went wrong"), "{}", page.text());
    assert_eq!(notes(&mut page, &guard.url), ["true & kept"]);
}

fn a_locked_file_loses_no_input(browser: &Browser) {
    let guard = start();
    let mut page = browser.page();
    page.open(&format!("{}lock", guard.url));
    let typed = "Zoë's <b> & \"quotes\" 🍰";
    add(&mut page, &guard.url, typed);
    let text = page.text();
    assert!(text.contains("in use by another program"), "{text}");
    page.navigate(|page| page.click("button"));
    assert!(page.text().contains("in use by another program"), "still locked: {}", page.text());
    let mut other_tab = browser.page();
    other_tab.open(&format!("{}unlock", guard.url));
    page.navigate(|page| page.click("button"));
    assert_eq!(notes(&mut page, &guard.url), [typed]);
}

fn a_statement_left_open_is_named_in_the_log(browser: &Browser) {
    let mut guard = start();
    let mut page = browser.page();
    page.open(&format!("{}statement-left-open", guard.url));
    let line = guard.wait_for_line("SELECT text FROM note UNION ALL");
    assert!(line.contains("WARN") || line.contains("ERROR"), "{line}");
}

solohttp_tests::in_each_browser!(
    every_mistake_is_reported_and_changes_nothing,
    a_locked_file_loses_no_input,
    a_statement_left_open_is_named_in_the_log,
);
