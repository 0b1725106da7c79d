//! The pages shown while the data is being opened, and after opening it has failed.

use super::*;

/// Returns a command that starts the program in a tab of a browser that saves the page.
fn in_a_tab(home: &Home) -> Command {
    home.save_opened_page();
    home.command_with(&["--tab"])
}

/// Waits for the saved page, and returns the target of its link.
fn link(home: &Home) -> String {
    let page = home.opened_page();
    let (_, rest) = page.split_once(";url=").unwrap();
    let (url, _) = rest.split_once('"').unwrap();
    url.split_once("/__launch").map(|(_, query)| format!("/__launch{query}")).unwrap()
}

fn visit(home: &Home, target: &str) -> String {
    let mut stream = home.connect();
    let head = "Host: localhost\r\nSec-Fetch-Dest: document";
    write!(stream, "GET {target} HTTP/1.0\r\n{head}\r\n\r\n").unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    text
}

/// Waits until the application runs, then visits it. Until then, requests get the opening page.
fn visit_application(home: &Home, target: &str) -> String {
    wait("the program", || home.log().contains("listening on"), || home.log());
    visit(home, target)
}

#[test]
fn the_window_says_what_is_going_on() {
    let home = Home::new();
    let mut command = in_a_tab(&home);
    let _stock = home.start_by(command.env("STOCK_OPENING", "3000"));
    let link = link(&home);
    let page = visit(&home, &link);
    assert!(page.contains("Stock is opening") && page.contains("Counting the shelves"), "{page}");
    let others = visit(&home, "/");
    assert!(others.contains("Stock is opening") && !others.contains("Counting"), "{others}");
    let page = visit_application(&home, &link);
    assert!(page.contains("Set-Cookie: solo_") || page.contains("set-cookie: solo_"), "{page}");
}

#[test]
fn the_window_says_why_it_cannot_be_opened() {
    let home = Home::new();
    let mut command = in_a_tab(&home);
    let mut stock = home.start_by(command.env("STOCK_FAILS", "the shelves are <missing>"));
    let page = visit(&home, &link(&home));
    assert!(page.contains("Stock cannot be opened"), "{page}");
    assert!(page.contains("the shelves are &lt;missing&gt;") && page.contains("log.txt"), "{page}");
    assert_eq!(stock.wait_for_end().code(), Some(1));
}

#[test]
fn a_folder_that_cannot_be_used_is_told_in_the_browser() {
    let home = Home::new();
    fs::write(home.path("file"), "").unwrap();
    let mut command = in_a_tab(&home);
    command.arg("--data").arg(home.path("file").join("stock"));
    let mut stock = home.start_by(&mut command);
    assert_eq!(stock.wait_for_end().code(), Some(1));
    let page = home.opened_page();
    assert!(page.contains("cannot be used") && page.contains("--data"), "{page}");
}

#[test]
fn without_a_browser_for_windows_it_opens_a_tab() {
    let home = Home::new();
    home.save_opened_page();
    let mut command = home.command_with(&[]);
    let _stock = home.start_by(command.env("PATH", home.folder.path()));
    let page = visit_application(&home, &link(&home));
    assert!(page.contains("et-cookie: solo_") || page.contains("et-Cookie: solo_"), "{page}");
}

#[test]
fn a_browser_that_fails_is_replaced_by_a_tab() {
    let home = Home::new();
    home.save_opened_page();
    let broken = home.script("chromium", "exit 21");
    let mut command = home.command_with(&["--browser"]);
    let _stock = home.start_by(command.arg(broken));
    let page = visit_application(&home, &link(&home));
    assert!(page.contains("olo_"), "{page}");
}

#[test]
fn without_any_browser_it_prints_a_link() {
    let home = Home::new();
    let empty = home.path("empty");
    fs::create_dir(&empty).unwrap();
    let mut command = home.command_with(&[]);
    let mut stock = home.start_by(command.env("PATH", empty).stdout(Stdio::piped()));
    let printed = BufReader::new(stock.child.stdout.take().unwrap());
    let link = printed.lines().map_while(Result::ok).find(|line| line.contains("/__launch?t="));
    let link = link.unwrap();
    let target = link.split_once("/__launch").map(|(_, query)| format!("/__launch{query}"));
    assert!(visit_application(&home, &target.unwrap()).contains("olo_"));
    assert!(!stock.has_ended());
}
