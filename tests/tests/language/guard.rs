//! The guard's pages.

use std::time::{Duration, Instant};

use solohttp::sqlite::rusqlite::Connection;
use solohttp::sqlite::{Database, GuardWords, Record as _, SqliteGuard, columns};
use solohttp::{
    Handler, IsHandler, Method, Rejection, Request, RequestBuilder, Response, Result, StatusCode,
};

use super::{Shown, install};

const SCHEMA: &str = "
    CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT UNIQUE);
    CREATE TABLE child (
        parent INTEGER NOT NULL REFERENCES note DEFERRABLE INITIALLY DEFERRED
    );
    INSERT INTO note VALUES (1, 'first'), (2, 'second');
";

struct Note {
    text: String,
}

columns!(Note in "note" { text });

struct App {
    db: Connection,
    other: Connection,
}

/// An action that a handler performs before it responds.
type Deed = fn(&mut App) -> Result<()>;

const ADD: &str = "INSERT INTO note (text) VALUES ('a')";

/// One action for each way to lose changes.
fn deeds() -> Vec<(&'static str, Deed)> {
    vec![
        ("left open", |app| Ok(app.db.execute_batch(&format!("BEGIN; {ADD}"))?)),
        ("nothing changed", |app| Ok(app.db.execute_batch("BEGIN")?)),
        ("schema", |app| Ok(app.db.execute_batch("BEGIN; CREATE TABLE x (y)")?)),
        ("schema and rows", |app| {
            Ok(app.db.execute_batch(&format!("BEGIN; CREATE TABLE x (y); {ADD}"))?)
        }),
        ("dropped", |app| {
            let tx = app.db.transaction()?;
            tx.execute_batch(&format!("{ADD}; INSERT INTO note (text) VALUES ('b')"))?;
            Ok(())
        }),
        ("one saved", |app| {
            app.db.execute_batch(ADD)?;
            Ok(app.db.execute_batch("BEGIN; INSERT INTO note (text) VALUES ('b')")?)
        }),
        ("two saved", |app| {
            app.db.execute_batch("INSERT INTO note (text) VALUES ('b'), ('c')")?;
            Ok(app.db.execute_batch("BEGIN")?)
        }),
        ("many statements", |app| {
            app.db.execute_batch("BEGIN")?;
            for number in 0..50 {
                app.db.execute("INSERT INTO note (text) VALUES (?1)", [number])?;
            }
            Ok(())
        }),
        ("savepoint", |app| {
            let mut tx = app.db.transaction()?;
            let savepoint = tx.savepoint_with_name("s")?;
            savepoint.execute_batch(ADD)?;
            drop(savepoint);
            Ok(tx.commit()?)
        }),
        ("commit failed", |app| {
            let tx = app.db.transaction()?;
            tx.execute_batch("INSERT INTO child VALUES (7)")?;
            let _ = tx.commit();
            Ok(())
        }),
        ("refused", |app| {
            app.db.execute_batch(&format!("BEGIN; {ADD}"))?;
            let _ = app.db.execute_batch("INSERT OR ROLLBACK INTO note VALUES (1, 'b')");
            Ok(())
        }),
    ]
}

fn app(path: &std::path::Path) -> App {
    let open = || Database::at(path).busy_timeout(Duration::ZERO).migrations([SCHEMA]).open();
    let (db, other) = (open().unwrap(), open().unwrap());
    App { db, other }
}

fn memory() -> App {
    let open = || Connection::open_in_memory().unwrap();
    let (db, other) = (open(), open());
    db.execute_batch("PRAGMA foreign_keys = ON").unwrap();
    db.execute_batch(SCHEMA).unwrap();
    App { db, other }
}

fn send(
    app: App,
    request: RequestBuilder,
    handler: impl Fn(&mut App) -> Result<Response> + 'static,
) -> String {
    let guard = SqliteGuard::new(handler, |app: &App| &app.db);
    let page = request.send_to(guard.with_state(app));
    assert!(page.status().as_u16() >= 500 || page.status() == 503, "{}", page.status());
    page.into_text()
}

fn busy(shown: &mut Shown) {
    let folder = tempfile::tempdir().unwrap();
    let mut place = 0;
    let mut see = |what: &str, request: RequestBuilder, deed: Deed| {
        place += 1;
        let app = app(&folder.path().join(format!("{place}.sqlite")));
        shown.page(
            what,
            &send(app, request, move |app| {
                deed(app)?;
                Ok(Response::text("§¶"))
            }),
        );
    };
    let lock: Deed = |app| {
        app.other.execute_batch("BEGIN IMMEDIATE")?;
        Ok(app.db.execute_batch(ADD)?)
    };
    see("busy, read", Request::get("/"), lock);
    see("busy, form", Request::post("/").form([("a", "b")]), lock);
    see(
        "busy, form with a password",
        Request::post("/").form([("a", "b"), (":secret", "a")]),
        lock,
    );
    see("busy, form with a NUL", Request::post("/").form([("a", "\0")]), lock);
    see("busy, other method", Request::with_method(Method::PUT, "/"), lock);
    see("busy, part saved", Request::post("/"), |app| {
        app.db.execute_batch(ADD)?;
        app.other.execute_batch("BEGIN IMMEDIATE")?;
        Ok(app.db.execute_batch("INSERT INTO note (text) VALUES ('b')")?)
    });
    see("overtaken", Request::post("/"), |app| {
        app.db.execute_batch("BEGIN; SELECT * FROM note")?;
        app.other.execute_batch(ADD)?;
        Ok(app.db.execute_batch("INSERT INTO note (text) VALUES ('b')")?)
    });
    see("locked by itself", Request::post("/"), |app| {
        let mut select = app.db.prepare("SELECT text FROM note")?;
        let mut rows = select.query([])?;
        rows.next()?;
        std::mem::forget(rows);
        std::mem::forget(select);
        Ok(app.db.execute_batch("DROP TABLE note")?)
    });
}

/// Shows the page for a database file that was left by a crash and has one overwritten page.
fn damaged(shown: &mut Shown) {
    let folder = tempfile::tempdir().unwrap();
    let (path, crashed) = (folder.path().join("a.sqlite"), folder.path().join("crashed"));
    let database = |path: &std::path::Path| Database::at(path).migrations([SCHEMA]);
    let db = database(&path).without_thread().open().unwrap();
    let fill = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
                INSERT INTO note (text) SELECT printf('note %080d', i) FROM n";
    db.execute_batch(fill).unwrap();
    db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    db.execute_batch(ADD).unwrap();
    std::fs::create_dir(&crashed).unwrap();
    for name in ["a.sqlite", "a.sqlite-wal"] {
        std::fs::copy(folder.path().join(name), crashed.join(name)).unwrap();
    }
    let crashed = crashed.join("a.sqlite");
    let mut bytes = std::fs::read(&crashed).unwrap();
    let page = bytes.len() / 4096 / 2 * 4096;
    bytes[page..page + 4096].fill(0x5a);
    std::fs::write(&crashed, &bytes).unwrap();

    let (db, other) = (
        database(&crashed).integrity_check().open().unwrap(),
        Connection::open_in_memory().unwrap(),
    );
    let guard = SqliteGuard::new(|| Response::html("<body>§¶</body>"), |app: &App| &app.db);
    let mut app = guard.with_state(App { db, other });
    let deadline = Instant::now() + Duration::from_secs(20);
    while !shown.0.contains("guard.damaged") {
        assert!(Instant::now() < deadline, "the damage was not found in time");
        let page = Request::get("/").send_to::<IsHandler>(&mut app).into_text();
        shown.page("damaged", &page);
        std::thread::yield_now();
    }
}

/// Shows the pages for database files that were removed while open. One file can still be copied,
/// and the other one's folder is gone, too.
#[cfg(unix)]
fn moved(shown: &mut Shown) {
    let folder = tempfile::tempdir().unwrap();
    for what in ["file moved", "folder gone"] {
        let within = folder.path().join(format!("§{what}¶"));
        std::fs::create_dir(&within).unwrap();
        let app = app(&within.join("a.sqlite"));
        if what == "folder gone" {
            std::fs::remove_dir_all(&within).unwrap();
        } else {
            std::fs::remove_file(within.join("a.sqlite")).unwrap();
        }
        let page = send(app, Request::post("/"), |app| {
            app.db.execute_batch(ADD)?;
            Ok(Response::text("§¶"))
        });
        shown.page(what, &page);
    }
}

#[test]
fn all_sentences_of_the_guard_can_be_replaced() {
    install();
    let mut shown = Shown::default();
    for (what, deed) in deeds() {
        shown.page(
            what,
            &send(memory(), Request::post("/"), move |app| {
                deed(app)?;
                Ok(Response::text("§¶"))
            }),
        );
        shown.page(
            what,
            &send(memory(), Request::post("/"), move |app| {
                deed(app)?;
                Err("§error¶".into())
            }),
        );
    }
    shown.page(
        "rejected",
        &send(memory(), Request::post("/"), |app| {
            app.db.execute_batch("BEGIN")?;
            Err(Rejection::new(StatusCode::NOT_FOUND, "§gone¶").into())
        }),
    );
    shown.page(
        "no record",
        &send(memory(), Request::post("/"), |app| {
            app.db.execute_batch("BEGIN")?;
            Note::get(&app.db, 7).map(|_| Response::text(""))
        }),
    );
    let open = memory();
    open.db.execute_batch(&format!("BEGIN; {ADD}")).unwrap();
    shown.page("open before", &send(open, Request::post("/"), |_| Ok(Response::text("§¶"))));
    busy(&mut shown);
    damaged(&mut shown);
    // These sentences appear only if the disk fails.
    let broken = ["not_rolled_back", "also_not_rolled_back"];
    #[cfg(unix)]
    let unseen = {
        moved(&mut shown);
        broken
    };
    // Windows doesn't allow moving an open file.
    #[cfg(not(unix))]
    let unseen: Vec<_> = {
        let moved = ["moved", "moved_file", "moved_rescued", "moved_lost"];
        broken.into_iter().chain(moved).collect()
    };
    shown.all_of("guard", GuardWords::default().each_mut(), &unseen);
}
