//! The first tutorial's program, started and used in a browser.

use std::process::Command;

use solohttp_tests::browser::Browser;
use solohttp_tests::program::{self, Program};
use solohttp_tests::wire::ask;

fn start() -> Program {
    let mut intro: Command = program::example("intro");
    intro.args(["--port", "0", "--no-browser"]);
    program::launch(intro)
}

fn get(intro: &Program, target: &str) -> (u16, String) {
    let request = format!("GET {target} HTTP/1.1\r\nHost: {}\r\n\r\n", intro.addr);
    let reply = ask(intro.addr, request.as_bytes());
    (reply.status, String::from_utf8_lossy(&reply.body).into_owned())
}

#[test]
fn prints_its_address_on_its_own_line() {
    let mut intro = start();
    let url = intro.url.clone();
    let begun = std::time::Instant::now();
    while !intro.output().contains(&url) {
        assert!(begun.elapsed() < program::PATIENCE, "{:?}", intro.output());
        std::thread::yield_now();
    }
}

#[test]
fn counts_panics_and_goes_on() {
    let intro = start();
    for visit in 1..=4 {
        let (status, page) = get(&intro, "/");
        assert_eq!(status, 200);
        assert!(page.contains(&format!("This is connection {visit} ")), "{page}");
    }
    let (status, page) = get(&intro, "/");
    assert_eq!(status, 500);
    assert!(page.contains("This is what a panic looks like."), "{page}");
    // The source position is shown in debug builds only.
    assert_eq!(page.contains("intro.rs:"), cfg!(debug_assertions), "{page}");
    assert_eq!(get(&intro, "/").0, 200);
}

#[test]
fn an_error_page_links_to_what_failed() {
    let intro = start();
    let (status, page) = get(&intro, "/search?q=error&x=%22%3E%3Cscript%3E");
    assert_eq!(status, 500);
    assert!(
        page.contains("went wrong while handling GET <a href=\"/search?q=error&amp;x=%22%3E"),
        "{page}"
    );
    assert!(!page.contains("<script>"), "{page}");
}

#[test]
fn quits_after_its_last_page() {
    let mut intro = start();
    let quit = format!("POST /quit HTTP/1.1\r\nHost: {}\r\nContent-Length: 0\r\n\r\n", intro.addr);
    let reply = ask(intro.addr, quit.as_bytes());
    assert!(String::from_utf8_lossy(&reply.body).contains("Goodbye."));
    assert!(intro.wait().success());
}

#[test]
fn a_second_start_on_the_port_fails_with_a_message() {
    let intro = start();
    let mut second = program::example("intro");
    let port = intro.addr.port().to_string();
    let output = second.args(["--port", &port, "--no-browser"]).output().unwrap();
    let words = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        !output.status.success() && words.contains(&format!("port {port} is already in use")),
        "{words}"
    );
}

fn works_in_a_browser(browser: &Browser) {
    let mut intro = start();
    let mut page = browser.page();
    page.open(&intro.url);
    assert!(page.text().contains("Peace be with you.") && page.text().contains("connection 1 "));
    page.navigate(|page| page.click("a[href='/add/5/7']"));
    assert_eq!(page.text(), "The sum of <5> and <7> is <12>.");
    page.open(&intro.url);
    page.click("input[name=q]");
    page.type_text("<b>&\"é");
    page.navigate(|page| page.press("Enter"));
    assert!(page.text().contains("You searched for “<b>&\"é”."), "{}", page.text());
    page.open(&intro.url);
    page.open(&intro.url);
    page.open(&intro.url);
    assert!(page.text().contains("This is what a panic looks like."), "{}", page.text());
    page.open(&intro.url);
    assert!(page.text().contains("connection 6 "));
    page.navigate(|page| page.click("form[action='/quit'] button"));
    assert!(page.text().contains("Goodbye."), "{}", page.text());
    assert!(intro.wait().success());
}

/// For `localhost`, browsers may use the IPv4 or the IPv6 address, and try one after the other.
fn answers_to_every_name_of_this_machine(browser: &Browser) {
    let intro = start();
    let port = intro.addr.port();
    let mut page = browser.page();
    // On a system without IPv6, nothing can listen on this address.
    let v6 = std::net::TcpListener::bind("[::1]:0").is_ok().then_some("[::1]");
    for name in ["127.0.0.1", "localhost"].into_iter().chain(v6) {
        page.open(&format!("http://{name}:{port}/"));
        assert!(page.text().contains("Peace be with you."), "{name}: {}", page.text());
    }
}

solohttp_tests::in_each_browser!(answers_to_every_name_of_this_machine, works_in_a_browser,);
