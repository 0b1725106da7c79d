//! Closures from other threads are guarded like requests.

#![allow(clippy::disallowed_methods, reason = "all of this is tests")]

use std::sync::mpsc::channel;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use rusqlite::Connection;
use solohttp_core::{AskError, Handler, IntoHandler, Remote, Server, StopHandle, TestLoop};
use solohttp_sqlite_guard::{Database, SqliteGuard};

struct App {
    db: Connection,
}

impl App {
    fn add(&self, text: &str) {
        self.db.execute("INSERT INTO note VALUES (?1)", [text]).unwrap();
    }
}

fn page(_: &mut App) -> &'static str {
    "page"
}

fn open(file: &std::path::Path) -> Connection {
    Database::at(file).migrations(["CREATE TABLE note (text TEXT) STRICT"]).open().unwrap()
}

fn run(file: &std::path::Path) -> (Remote<App>, StopHandle, JoinHandle<()>) {
    let (sender, receiver) = channel();
    let file = file.to_owned();
    let thread = thread::spawn(move || {
        let listening = Server::new().port(0).quiet().stop_on_signals(false).bind().unwrap();
        sender.send((listening.remote(), listening.stop_handle())).unwrap();
        let guarded = SqliteGuard::new(page.into_handler(), |app: &App| &app.db);
        listening.run(guarded.with_state(App { db: open(&file) })).unwrap();
    });
    let (remote, stop) = receiver.recv().unwrap();
    (remote, stop, thread)
}

fn notes(remote: &Remote<App>) -> Vec<String> {
    let read = |app: &mut App| {
        let mut statement = app.db.prepare("SELECT text FROM note ORDER BY rowid").unwrap();
        let rows = statement.query_map([], |row| row.get(0)).unwrap();
        rows.collect::<Result<Vec<String>, _>>().unwrap()
    };
    remote.ask(read).unwrap()
}

#[test]
fn what_a_closure_leaves_open_is_rolled_back_and_not_called_done() {
    let folder = tempfile::tempdir().unwrap();
    let (remote, stop, thread) = run(&folder.path().join("notes.sqlite"));
    remote.run(|app| app.add("one")).unwrap();
    let forgotten = remote.ask(|app| {
        app.db.execute_batch("BEGIN").unwrap();
        app.add("forgotten");
    });
    assert_eq!(forgotten, Err(AskError::Failed));
    let panicked: Result<(), AskError> = remote.ask(|app| {
        app.db.execute_batch("BEGIN").unwrap();
        app.add("lost");
        panic!("in the middle");
    });
    assert_eq!(panicked, Err(AskError::Failed));
    let rolled_back = remote.ask(|app| {
        let tx = app.db.transaction().unwrap();
        tx.execute("INSERT INTO note VALUES ('dropped')", []).unwrap();
    });
    assert_eq!(rolled_back, Err(AskError::Failed));
    assert_eq!(remote.ask(|app| app.add("two")), Ok(()));
    assert_eq!(notes(&remote), ["one", "two"]);
    stop.stop();
    thread.join().unwrap();
}

#[test]
fn tests_without_a_server_see_what_the_guard_finds() {
    let folder = tempfile::tempdir().unwrap();
    let db = open(&folder.path().join("notes.sqlite"));
    let mut app = SqliteGuard::new(page, |app: &App| &app.db).with_state(App { db });
    let mut test_loop = TestLoop::new();
    let remote: Remote<App> = test_loop.remote();
    remote.run(|app| app.add("one")).unwrap();
    let forgetful = |app: &mut App| {
        app.db.execute_batch("BEGIN").unwrap();
        app.add("forgotten");
    };
    remote.run(forgetful).unwrap();
    let statuses: Vec<_> =
        test_loop.run(&mut app).iter().map(|ran| ran.status().as_u16()).collect();
    assert_eq!(statuses, [204, 500]);
    let count = |db: &Connection| db.query_row("SELECT count(*) FROM note", [], |row| row.get(0));
    assert_eq!(count(&app.state().db), Ok(1));
}

#[test]
fn a_stop_in_the_middle_leaves_nothing_half_done() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("notes.sqlite");
    let (remote, stop, thread) = run(&file);
    let workers: Vec<_> = (0..3)
        .map(|worker| {
            let remote = remote.clone();
            thread::spawn(move || {
                let mut accepted = 0_i64;
                // Each closure adds two rows or none.
                while remote
                    .run(move |app| {
                        let tx = app.db.transaction().unwrap();
                        for half in ["a", "b"] {
                            let text = format!("{worker} {half}");
                            tx.execute("INSERT INTO note VALUES (?1)", [text]).unwrap();
                        }
                        tx.commit().unwrap();
                    })
                    .is_ok()
                {
                    accepted += 1;
                }
                accepted
            })
        })
        .collect();
    thread::sleep(Duration::from_millis(200));
    let start = Instant::now();
    stop.stop();
    thread.join().unwrap();
    let took = start.elapsed();
    assert!(took < Duration::from_secs(6), "{took:?}");
    let accepted: i64 = workers.into_iter().map(|worker| worker.join().unwrap()).sum();
    let db = open(&file);
    let count = |half: &str| -> i64 {
        let sql = "SELECT count(*) FROM note WHERE text LIKE '%' || ?1";
        db.query_row(sql, [half], |row| row.get(0)).unwrap()
    };
    assert_eq!(count("a"), count("b"));
    assert!(count("a") > 0 && count("a") <= accepted, "{} of {accepted}", count("a"));
}
