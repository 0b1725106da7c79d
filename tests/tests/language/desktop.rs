//! A desktop program: its pages, its list of work, and the message on a page that is still open
//! after the program has ended. The program is this test program, started again.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use solohttp::desktop::{Cancelled, DesktopWords, INSTALL, Job, QUIT, UNINSTALL, WorkWords};
use solohttp::{Desktop, Response, Result, Router, Work};
use solohttp_tests::browser::{Browser, Page};
use solohttp_tests::in_each_browser;
use solohttp_tests::program::{self, Program};
use solohttp_tests::wire::{PATIENCE, Reply, ask};
use tempfile::TempDir;

use super::server::{Inner, Outer};
use super::{Shown, install};

/// Names the program's data folder. Only the program itself has this variable.
const DATA: &str = "SOLOHTTP_LANGUAGE_DATA";

/// The test that runs the program.
const PROGRAM: &str = "language::desktop::all_sentences_of_desktop_programs_can_be_replaced";

/// The time left of jobs, in seconds: one for each of the sentences.
const LEFT: [u64; 5] = [5, 30, 70, 1_200, 10_800];

struct App {
    work: Work,
    /// Whether jobs that wait may go on.
    goes_on: Arc<AtomicBool>,
}

/// Runs the program, which ends when a page quits it.
fn run(data: &str) {
    let arguments = ["--no-browser", "--port", "0", "--data", data];
    let desktop = Desktop::new("org.example.marks", "§Marks¶").arguments(arguments);
    desktop
        .run(|place| {
            install();
            Ok(router().with_state(App { work: place.work(), goes_on: Arc::default() }))
        })
        .unwrap();
}

impl App {
    /// Starts a job for each state that the list can show.
    fn start(&mut self) {
        let wait = |goes_on: &AtomicBool| {
            while !goes_on.load(Ordering::Relaxed) {
                thread::sleep(Duration::from_millis(5));
            }
        };
        let goes_on = Arc::clone(&self.goes_on);
        self.work.start("§step¶", move |job| {
            job.progress(1, 4);
            wait(&goes_on);
            Ok(())
        });
        let goes_on = Arc::clone(&self.goes_on);
        self.work.start("§slow to stop¶", move |_| -> Result<()> {
            wait(&goes_on);
            Err(Cancelled.into())
        });
        for left in LEFT {
            self.work.start("§steady¶", move |job| steady(job, left));
        }
        self.work.start("§silent¶", |_| Ok(()));
        self.work.start("§talkative¶", |_| Ok("§all is there¶"));
        self.work.start("§failing¶", |_| -> Result<()> { Err(Outer(Inner).into()) });
        self.work.start("§panicking¶", |_| -> Result<()> { panic!("§panic¶") });
    }
}

/// Does a thousand steps per second, until it is cancelled. The time left stays the same.
fn steady(job: &Job, left: u64) -> Result<()> {
    let started = Instant::now();
    loop {
        job.check()?;
        let done = u64::try_from(started.elapsed().as_millis())?;
        job.progress(done, done + left * 1_000);
        thread::sleep(Duration::from_millis(10));
    }
}

fn router() -> Router<App> {
    let mut router: Router<App> = Router::new();
    router.get("/", |app: &mut App| Response::page("§¶", app.work.view()));
    router.post("/start", |app: &mut App| {
        app.start();
        Response::redirect("/")
    });
    router.post("/go-on", |app: &mut App| {
        app.goes_on.store(true, Ordering::Relaxed);
        Response::redirect("/")
    });
    router
}

/// The running program with its folders.
struct Marks {
    folder: TempDir,
    program: Program,
    cookie: String,
}

impl Marks {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let program = Self::launch(folder.path());
        Self { folder, program, cookie: String::new() }
    }

    fn launch(folder: &Path) -> Program {
        let mut command = Command::new(env::current_exe().unwrap());
        command.args(["--exact", PROGRAM, "--nocapture"]).env(DATA, folder.join("data"));
        // The folders of the menu, on all systems.
        for name in ["HOME", "XDG_DATA_HOME", "APPDATA", "LOCALAPPDATA"] {
            command.env(name, folder.join("home"));
        }
        program::launch(command)
    }

    /// Where the menu's files are.
    fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    /// Kills the program and starts it again.
    fn restart(self) -> Self {
        let Self { folder, program, .. } = self;
        drop(program);
        let program = Self::launch(folder.path());
        Self { folder, program, cookie: String::new() }
    }

    fn sign_in(&mut self) {
        self.cookie = self.program.sign_in();
    }

    #[track_caller]
    fn send(&self, status: u16, request: &str) -> Reply {
        let (addr, cookie) = (self.program.addr, &self.cookie);
        let head = format!("Host: {addr}\r\nCookie: {cookie}\r\nOrigin: http://{addr}\r\n");
        let head = if request.starts_with("POST") { head + "Content-Length: 0\r\n" } else { head };
        let reply = ask(addr, format!("{request} HTTP/1.1\r\n{head}\r\n").as_bytes());
        assert_eq!(reply.status, status, "{request}: {}", reply.text());
        reply
    }

    /// Shows the list until it has shown all of these sentences.
    #[track_caller]
    fn watch(&self, shown: &mut Shown, sentences: &[&str]) {
        let is_missing =
            |shown: &Shown| sentences.iter().any(|name| !shown.0.contains(&format!("work.{name}")));
        let until = Instant::now() + PATIENCE;
        while is_missing(shown) {
            let page = self.send(200, "GET /");
            shown.page("the list of work", page.text());
            assert!(Instant::now() < until, "not all of {sentences:?} in {}", page.text());
            thread::sleep(Duration::from_millis(50));
        }
    }

    /// Presses the buttons of a job that needs a while to stop.
    fn cancel(&self, shown: &mut Shown) {
        let page = self.send(200, "GET /");
        let (before, _) = page.text().split_once("§slow to stop¶").unwrap();
        let (_, id) = before.rsplit_once("<li id=\"solo-work-").unwrap();
        let (id, _) = id.split_once('"').unwrap();
        let button = format!("/__desktop/work/{id}/cancel");
        shown.page("a link", self.send(405, &format!("GET {button}")).text());
        self.send(303, &format!("POST {button}"));
        self.watch(shown, &["cancelling"]);
        self.send(303, "POST /go-on");
        self.watch(shown, &["cancelled"]);
    }

    /// Adds the program to the menu and removes it.
    fn menu(&self, shown: &mut Shown) {
        // A file where the folder should be.
        fs::write(self.home(), "").unwrap();
        let page = self.send(500, &format!("POST {INSTALL}"));
        let (before, error) = page.text().split_once("<strong>").unwrap();
        let (_, after) = error.split_once("</strong>").unwrap();
        shown.page("no menu, except for the system's error", &format!("{before}{after}"));
        fs::remove_file(self.home()).unwrap();
        for path in [INSTALL, UNINSTALL] {
            let page = self.send(200, &format!("POST {path}"));
            let mut parts = page.text().split("<li>");
            let mut rest = parts.next().unwrap().to_owned();
            for part in parts {
                let (path, after) = part.split_once("</li>").unwrap();
                assert!(Path::new(path).starts_with(self.home()), "{path}");
                rest.push_str(after);
            }
            assert!(page.text().contains("<li>"), "{}", page.text());
            shown.page(path, &rest);
        }
    }
}

#[test]
fn all_sentences_of_desktop_programs_can_be_replaced() {
    if let Ok(data) = env::var(DATA) {
        return run(&data);
    }
    let mut shown = Shown::default();
    let mut marks = Marks::start();
    marks.sign_in();
    shown.page("no work", marks.send(200, "GET /").text());
    marks.send(303, "POST /start");
    marks.watch(
        &mut shown,
        &["percent", "left_moment", "left_seconds", "left_minute", "left_minutes", "left_hours"],
    );
    marks.watch(&mut shown, &["done", "failed", "cause", "panicked"]);
    marks.cancel(&mut shown);
    marks.menu(&mut shown);
    // The jobs with much time left are still running.
    let mut marks = marks.restart();
    marks.sign_in();
    marks.watch(&mut shown, &["interrupted"]);
    let script = marks.send(200, "GET /__desktop/page.js");
    let (_, ended) = script.text().split_once("ended=\"").unwrap();
    shown.page("the sentence in the script", ended.split_once('"').unwrap().0);
    shown.page("quit", marks.send(200, &format!("POST {QUIT}")).text());
    shown.all_of("desktop", DesktopWords::default().each_mut(), &[]);
    shown.all_of("work", WorkWords::default().each_mut(), &[]);
}

fn a_page_of_a_program_that_has_ended_shows_no_other_words(browser: &Browser) {
    let mut marks = Marks::start();
    let mut page = browser.page();
    // The link opens a page that redirects to another one, possibly before the first one has
    // loaded.
    drop(page.try_open(&marks.program.sign_in_link()));
    page.wait_for("location.pathname === '/' && document.readyState === 'complete'");
    let until = Instant::now() + PATIENCE;
    while !page.network_log().iter().any(|entry| entry.url.ends_with("/__desktop/events")) {
        assert!(Instant::now() < until, "the page opens no stream");
    }
    let mut shown = Shown::default();
    let mut look = |page: &mut Page<'_>, what: &str| {
        let html = page.eval("document.documentElement.outerHTML");
        shown.page(what, html.as_str().unwrap());
        shown.0.contains("desktop.ended")
    };
    assert!(!look(&mut page, "before"));
    drop(marks.program);
    page.wait_for("document.querySelector('[role=alert]')");
    assert!(look(&mut page, "after"));
}

in_each_browser!(a_page_of_a_program_that_has_ended_shows_no_other_words);
