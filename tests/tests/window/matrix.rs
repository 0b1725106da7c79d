//! When the program exits, and when it keeps running.

use super::*;

/// Longer than the program waits for another page.
const GRACE: Duration = Duration::from_secs(5);

#[test]
fn it_ends_with_its_last_window_and_so_does_the_browser() {
    let home = Home::new();
    let mut stock = home.open_window();
    stock.end_with_its_window();
    wait("end of the browser", || home.browsers().is_empty(), || format!("{:?}", home.browsers()));
    assert!(home.log().contains("the last window was closed"));
}

#[test]
fn it_survives_reloads_links_and_going_back() {
    let home = Home::new();
    let mut stock = home.open_window();
    home.display.run("wmctrl", &["-a", "Stock"]);
    let before = home.log().matches("GET / -> 200").count();
    for _ in 0..50 {
        home.display.run("xdotool", &["key", "F5"]);
        sleep(Duration::from_millis(100));
    }
    let has_reloaded = || home.log().matches("GET / -> 200").count() > before + 5;
    wait("reloads", has_reloaded, || home.log());
    stock.stays(GRACE);
    // The link is the first element in the tab order.
    home.display.run("xdotool", &["key", "Tab"]);
    home.display.run("xdotool", &["key", "Return"]);
    wait("the other page", || home.log().contains("GET /other -> 200"), || home.log());
    home.display.run("xdotool", &["key", "alt+Left"]);
    stock.stays(GRACE);
    home.wait_for_windows(1);
    stock.end_with_its_window();
}

#[test]
fn closing_one_of_two_windows_changes_nothing() {
    let home = Home::new();
    let mut stock = home.open_window();
    // If the closed window has the stream, the other one takes it over.
    assert!(home.start().wait_for_end().success());
    home.wait_for_windows(2);
    home.close_a_window();
    home.wait_for_windows(1);
    stock.stays(GRACE);
    stock.end_with_its_window();
}

#[test]
fn it_survives_a_crash_of_the_browser_and_opens_again() {
    let home = Home::new();
    let mut stock = home.open_window();
    home.browsers().into_iter().for_each(|process| signal(process, "KILL"));
    wait("the end of the browser", || home.browsers().is_empty(), || home.log());
    stock.stays(GRACE);
    let before = home.streams();
    assert!(home.start().wait_for_end().success());
    home.wait_for_streams(before + 1);
    home.wait_for_windows(1);
    stock.end_with_its_window();
}

#[test]
fn it_survives_a_crash_of_the_page() {
    let home = Home::new();
    let mut stock = home.open_window();
    let profile = format!("--user-data-dir={}", home.data().display());
    let pages = processes(|line| line.contains(&profile) && line.contains("--type=renderer"));
    assert!(!pages.is_empty());
    pages.into_iter().for_each(|process| signal(process, "KILL"));
    stock.stays(GRACE);
    home.browsers().into_iter().for_each(|process| signal(process, "TERM"));
    assert!(stock.wait_for_end().success());
}

#[test]
fn a_browser_that_stands_still_is_not_gone() {
    let home = Home::new();
    let mut stock = home.open_window();
    home.browsers().into_iter().for_each(|process| signal(process, "STOP"));
    stock.stays(2 * GRACE);
    home.browsers().into_iter().for_each(|process| signal(process, "CONT"));
    stock.stays(GRACE);
    stock.end_with_its_window();
}

#[test]
fn a_download_is_finished_first() {
    let home = Home::new();
    let mut stock = home.open_window();
    let mut download = home.send("GET /download?megabytes=100");
    download.read_exact(&mut [0; 1_000]).unwrap();
    home.close_a_window();
    wait("the end of the browser", || home.browsers().is_empty(), || home.log());
    stock.stays(GRACE);
    let mut rest = 0;
    let mut buffer = vec![0; 1 << 20];
    while let count @ 1.. = download.read(&mut buffer).unwrap() {
        rest += count;
    }
    assert!(rest > 99 << 20, "{rest}");
    drop(download);
    assert!(stock.wait_for_end().success());
}

#[test]
fn work_is_finished_first_and_its_outcome_shown_at_the_next_start() {
    let home = Home::new();
    let mut stock = home.open_window();
    assert!(home.ask("POST /work?milliseconds=8000").contains(" 303 "));
    home.close_a_window();
    wait("the end of the browser", || home.browsers().is_empty(), || home.log());
    stock.stays(Duration::from_secs(4));
    assert!(stock.wait_for_end().success());
    let mut stock = home.open();
    let page = home.ask("GET /");
    assert!(page.contains("All is there."), "{page}");
    home.wait_for_windows(1);
    stock.end_with_its_window();
}

#[test]
fn quitting_closes_the_windows() {
    let home = Home::new();
    let mut stock = home.open_window();
    assert!(home.ask("POST /__desktop/quit").contains("Stock has exited"));
    assert!(stock.wait_for_end().success());
    wait("the end of the browser", || home.browsers().is_empty(), || home.log());
    home.wait_for_windows(0);
}
