//! Real windows of a real Chromium, on a virtual screen.

use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use tempfile::TempDir;
use xtask::{browser, tools};

use super::*;

const ID: &str = "org.example.stock";
const TITLE: &str = "Stock";
const SIZE: (u32, u32) = (800, 600);

/// A virtual screen with a window manager.
struct Screen {
    name: String,
    processes: Vec<Child>,
}

/// A window, as the window manager sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Seen {
    id: String,
    size: (u32, u32),
    class: String,
}

impl Screen {
    fn new() -> Self {
        let mut xvfb = Command::new(tool("Xvfb"));
        xvfb.args(["-displayfd", "1", "-nolisten", "tcp", "-screen", "0", "1280x1024x24"]);
        // Otherwise, it restarts when `wmctrl` disconnects first, and the window manager fails.
        xvfb.arg("-noreset");
        let mut xvfb = xvfb.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut number = String::new();
        let output = BufReader::new(xvfb.stdout.take().unwrap()).read_line(&mut number);
        let mut screen = Self { name: format!(":{}", number.trim()), processes: vec![xvfb] };
        assert!(output.unwrap() > 0, "Xvfb printed no display number");
        screen.processes.push(screen.command("openbox").spawn().unwrap());
        wait_until("the window manager runs", || {
            for process in &mut screen.processes {
                assert_eq!(process.try_wait().unwrap(), None, "{process:?}");
            }
            let asked = screen.command("wmctrl").arg("-m").status().unwrap();
            asked.success().then_some(())
        });
        screen
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(tool(program));
        command.env("DISPLAY", &self.name).stdout(Stdio::null()).stderr(Stdio::null());
        command
    }

    /// Returns the program's windows that show its page.
    fn windows(&self) -> Vec<Seen> {
        let listed = self.command("wmctrl").arg("-lGx").stdout(Stdio::piped()).output().unwrap();
        let listed = String::from_utf8(listed.stdout).unwrap();
        let seen = listed.lines().filter_map(|line| {
            let words: Vec<&str> = line.split_whitespace().collect();
            let [id, _, _, _, width, height, class, _, TITLE] = words[..] else { return None };
            let size = (width.parse().unwrap(), height.parse().unwrap());
            Some(Seen { id: id.to_owned(), size, class: class.to_owned() })
        });
        seen.collect()
    }

    fn wait_for_window(&self, size: (u32, u32)) -> Seen {
        wait_until("there is one window of this size", || match &self.windows()[..] {
            [window] if window.size == size => Some(window.clone()),
            _ => None,
        })
    }

    fn resize(&self, window: &Seen, size: (u32, u32)) {
        let place = format!("0,100,100,{},{}", size.0, size.1);
        let mut resize = self.command("wmctrl");
        assert!(resize.args(["-i", "-r", &window.id, "-e", &place]).status().unwrap().success());
    }

    fn close(&self, window: &Seen) {
        let mut close = self.command("wmctrl");
        assert!(close.args(["-i", "-c", &window.id]).status().unwrap().success());
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        for process in &mut self.processes {
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}

fn tool(program: &str) -> PathBuf {
    tools::desktop(program).unwrap_or_else(|error| panic!("{error}"))
}

#[track_caller]
fn wait_until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let until = Instant::now() + Duration::from_secs(60);
    loop {
        if let Some(seen) = look() {
            return seen;
        }
        assert!(Instant::now() < until, "timed out after a minute, waiting until {what}");
        sleep(Duration::from_millis(50));
    }
}

/// Returns a Chromium that opens on this screen, and the page to open.
fn installed(screen: &Screen, folder: &TempDir) -> (Browser, PathBuf) {
    let chromium = browser::CHROMIUM.find().unwrap_or_else(|error| panic!("{error}"));
    let mut script =
        format!("#!/bin/sh\nexport DISPLAY={}\nexec '{}'", screen.name, chromium.display());
    if browser::is_root() {
        script.push_str(" --no-sandbox");
    }
    writeln!(script, " \"$@\"").unwrap();
    let program = folder.path().join("chromium");
    fs::write(&program, script).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    let page = folder.path().join("launch.html");
    fs::write(&page, format!("<!DOCTYPE html><title>{TITLE}</title>")).unwrap();
    let data = folder.path().join(".local").join(ID);
    let browser = Browser::find(&Choice::Program(program), ID, &data).unwrap();
    (browser, page)
}

#[track_caller]
fn check_ended(child: &mut Child) {
    let status = wait_until("the browser ends", || child.try_wait().unwrap());
    assert!(status.success(), "{status}");
}

#[test]
fn remembers_its_size_and_has_the_class_of_the_program() {
    let (screen, folder) = (Screen::new(), TempDir::new().unwrap());
    let (browser, page) = installed(&screen, &folder);
    let mut child = browser.open(&page, Some(SIZE)).unwrap();
    let window = screen.wait_for_window(SIZE);
    assert!(window.class.ends_with(ID), "{window:?}");
    screen.resize(&window, (640, 480));
    let window = screen.wait_for_window((640, 480));
    // The process runs until its last window is closed.
    assert!(child.try_wait().unwrap().is_none());
    screen.close(&window);
    check_ended(&mut child);

    let mut child = browser.open(&page, Some(SIZE)).unwrap();
    screen.wait_for_window((640, 480));
    Browser::close(&mut child).unwrap();
    check_ended(&mut child);
    assert_eq!(screen.windows(), []);
}

#[test]
fn a_second_window_belongs_to_the_process_of_the_first() {
    let (screen, folder) = (Screen::new(), TempDir::new().unwrap());
    let (browser, page) = installed(&screen, &folder);
    let mut first = browser.open(&page, Some(SIZE)).unwrap();
    let window = screen.wait_for_window(SIZE);
    let mut second = browser.open(&page, Some(SIZE)).unwrap();
    check_ended(&mut second);
    wait_until("there are two windows", || (screen.windows().len() == 2).then_some(()));
    screen.close(&window);
    wait_until("there is one window", || (screen.windows().len() == 1).then_some(()));
    assert!(first.try_wait().unwrap().is_none());

    // A killed browser leaves a lock on its profile, which doesn't block the next browser.
    first.kill().unwrap();
    first.wait().unwrap();
    wait_until("the windows are gone", || screen.windows().is_empty().then_some(()));
    let mut third = browser.open(&page, Some(SIZE)).unwrap();
    wait_until("there is a window again", || (screen.windows().len() == 1).then_some(()));
    Browser::close(&mut third).unwrap();
    check_ended(&mut third);
}
