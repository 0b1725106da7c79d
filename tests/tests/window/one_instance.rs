//! A second start, a start after a crash, and access by other users.

use super::*;

#[test]
fn ten_starts_at_once_are_one_program() {
    let home = Home::new();
    let mut starts: Vec<Stock<'_>> = (0..10).map(|_| home.start()).collect();
    home.wait_for_streams(1);
    let running = |starts: &mut Vec<Stock<'_>>| {
        starts.iter_mut().filter_map(|start| (!start.has_ended()).then_some(())).count()
    };
    wait("one instance", || running(&mut starts) == 1, || home.log());
    let mut first = None;
    for mut start in starts {
        if start.has_ended() {
            assert!(start.wait_for_end().success());
        } else {
            first = Some(start);
        }
    }
    assert_eq!(home.log().matches("migrated schema").count(), 1);
    home.wait_for_windows(1);
    while !home.display.windows("Stock").is_empty() {
        home.close_a_window();
        sleep(Duration::from_millis(100));
    }
    assert!(first.unwrap().wait_for_end().success());
}

#[test]
fn after_a_crash_the_next_start_works_on_the_same_port() {
    let home = Home::new();
    let mut stock = home.open();
    let port = home.port();
    assert!(home.ask("POST /add").contains(" 303 "));
    stock.child.kill().unwrap();
    stock.child.wait().unwrap();
    let mut stock = home.open();
    assert_eq!(home.port(), port);
    assert!(home.ask("GET /").contains("<p id=\"count\">1</p>"));
    // The old window reconnects, so there are now two windows.
    home.ask("POST /__desktop/quit");
    assert!(stock.wait_for_end().success());
}

#[test]
fn if_its_port_is_taken_it_uses_another_one() {
    let home = Home::new();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    fs::create_dir(home.data().join("desktop")).unwrap();
    fs::write(home.data().join(PORT), port.to_string()).unwrap();
    let mut stock = home.open();
    assert_ne!(home.port(), port);
    home.ask("POST /__desktop/quit");
    assert!(stock.wait_for_end().success());
}

#[test]
fn another_port_is_no_other_program() {
    let home = Home::new();
    let mut first = home.start_by(&mut home.command_with(&["--no-browser"]));
    wait("the first", || home.log().contains("listening on"), || home.log());
    let mut second = home.start_by(&mut home.command_with(&["--no-browser", "--port", "47400"]));
    assert!(second.wait_for_end().success());
    assert!(!first.has_ended());
    drop(first);
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let mut third = home.start_by(&mut home.command_with(&["--no-browser", "--port", &port]));
    assert_eq!(third.wait_for_end().code(), Some(1));
}

#[test]
fn two_data_folders_are_two_programs() {
    let home = Home::new();
    let other = home.path("other");
    let mut command = home.command_with(&["--no-browser"]);
    let mut first = home.start_by(&mut command);
    wait("the first", || home.data().join(PORT).exists(), || home.log());
    let mut command = home.command_with(&["--no-browser", "--data"]);
    let mut second = home.start_by(command.arg(&other));
    wait("the second", || other.join(PORT).exists(), || home.log());
    let mut command = home.command_with(&["--no-browser"]);
    let mut third = home.start_by(command.env("STOCK_ID", "org.example.shop"));
    assert!(!first.has_ended() && !second.has_ended());
    third.stays(Duration::from_secs(1));
}

#[test]
fn a_copy_that_does_not_respond_is_told_in_the_browser() {
    let home = Home::new();
    home.save_opened_page();
    let first = home.start_by(&mut home.command_with(&["--no-browser"]));
    wait("the first", || home.log().contains("listening on"), || home.log());
    signal(first.child.id(), "STOP");
    let mut second = home.start_by(&mut home.command_with(&["--tab"]));
    assert!(!second.wait_for_end().success());
    let page = home.opened_page();
    assert!(page.contains("t respond. It may be busy"), "{page}");
    signal(first.child.id(), "CONT");
}

#[test]
fn others_on_this_machine_can_neither_use_nor_read_it() {
    let home = Home::new();
    let _stock = home.start_by(&mut home.command_with(&["--no-browser"]));
    wait("the program", || home.log().contains("listening on"), || home.log());
    for path in ["/", "/__desktop/events", "/__desktop/page.js", "/__launch"] {
        let mut stream = home.connect();
        write!(stream, "GET {path} HTTP/1.0\r\nHost: localhost\r\n\r\n").unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        assert!(text.starts_with("HTTP/1.0 401 "), "{path}: {text}");
    }
    let mode = |path: PathBuf| fs::metadata(path).unwrap().permissions().mode() & 0o077;
    let data = home.data();
    for name in ["running", "desktop", "logs", "cache", "launch-token", "stock.sqlite"] {
        assert_eq!(mode(data.join(name)), 0, "{name}");
    }
}
