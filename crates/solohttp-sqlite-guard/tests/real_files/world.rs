//! A guarded database in a temporary folder, a second connection, and the log.

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::sync::Once;
use std::time::Duration;

use rusqlite::Connection;
use solohttp_core::{Handler, IntoHandler, Request, RequestBuilder, Response};
use solohttp_sqlite_guard::{Database, SqliteGuard, Undo};
use tempfile::TempDir;

pub(crate) const SCHEMA: &str = "
    CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;
    CREATE TABLE pair (key TEXT PRIMARY KEY, value TEXT) STRICT, WITHOUT ROWID;
    CREATE TABLE child (
        parent INTEGER NOT NULL REFERENCES note DEFERRABLE INITIALLY DEFERRED
    ) STRICT;
    CREATE VIRTUAL TABLE page USING fts5 (text);
    INSERT INTO note VALUES (1, 'first');
    INSERT INTO pair VALUES ('a', 'b');
";

pub(crate) struct App {
    pub(crate) db: Connection,
    pub(crate) path: PathBuf,
}

/// A guarded application with its own file.
pub(crate) struct World {
    pub(crate) app: App,
    undo: Option<Undo>,
    _folder: TempDir,
}

/// The result of a request.
pub(crate) struct Seen {
    pub(crate) status: u16,
    pub(crate) retry_after: Option<String>,
    pub(crate) page: String,
    pub(crate) log: String,
}

impl World {
    pub(crate) fn new() -> Self {
        Self::with_timeout(Duration::ZERO)
    }

    pub(crate) fn with_timeout(timeout: Duration) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("notes <1>.sqlite");
        let path = if cfg!(windows) { folder.path().join("notes.sqlite") } else { path };
        let db = Database::at(&path).busy_timeout(timeout).migrations([SCHEMA]).open().unwrap();
        Self { app: App { db, path }, undo: None, _folder: folder }
    }

    /// Two worlds, without and with undo. Undo must not change what the guard finds.
    pub(crate) fn both() -> [Self; 2] {
        let undo = Some(Undo::new());
        [Self::new(), Self { undo, ..Self::new() }]
    }

    pub(crate) fn path(&self) -> &Path {
        &self.app.path
    }

    /// Sends one request through a guard around `handler`.
    pub(crate) fn send<M>(
        &mut self,
        request: RequestBuilder,
        handler: impl IntoHandler<App, M>,
    ) -> Seen {
        let mut guard = SqliteGuard::new(handler, |app: &App| &app.db);
        if let Some(undo) = &self.undo {
            guard = guard.undo(undo);
        }
        self.send_to(request, &mut guard)
    }

    /// Sends one request to an existing guard.
    pub(crate) fn send_to(
        &mut self,
        request: RequestBuilder,
        guard: &mut impl Handler<App>,
    ) -> Seen {
        listen_to_the_log();
        LOG.take();
        let lent = Lent { guard, app: &mut self.app };
        Seen::new(request.send_to(lent))
    }

    pub(crate) fn post<M>(&mut self, handler: impl IntoHandler<App, M>) -> Seen {
        self.send(Request::post("/save?<x>"), handler)
    }

    /// Another connection to the same file, without a busy timeout.
    pub(crate) fn second(&self) -> Connection {
        let db = Connection::open(self.path()).unwrap();
        db.busy_timeout(Duration::ZERO).unwrap();
        db
    }

    /// The rows of `note` that another connection sees, except the first one.
    pub(crate) fn notes(&self) -> Vec<String> {
        let db = self.second();
        let mut select = db.prepare("SELECT text FROM note WHERE id > 1 ORDER BY id").unwrap();
        select.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    }

    /// Whether another connection can write and the file is undamaged.
    pub(crate) fn is_free_and_sound(&self) -> bool {
        let db = self.second();
        let check: String = db.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
        db.execute_batch("BEGIN IMMEDIATE; ROLLBACK").is_ok() && check == "ok"
    }
}

impl Seen {
    pub(crate) fn new(response: Response) -> Self {
        let status = response.status().as_u16();
        let retry_after = response.header("retry-after").map(str::to_owned);
        Self { status, retry_after, page: response.into_text(), log: LOG.take().join("\n") }
    }

    #[track_caller]
    pub(crate) fn check(&self, status: u16, parts: &[&str]) {
        assert_eq!(self.status, status, "{}\n{}", self.page, self.log);
        for part in parts {
            assert!(self.page.contains(part), "no {part:?} in\n{}", self.page);
        }
    }
}

/// The application as a handler without state.
struct Lent<'a, G> {
    guard: &'a mut G,
    app: &'a mut App,
}

impl<G: Handler<App>> Handler for Lent<'_, G> {
    fn handle(&mut self, (): &mut (), request: &mut Request) -> Response {
        self.guard.handle(self.app, request)
    }
}

thread_local! {
    static LOG: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

struct Kept;

impl log::Log for Kept {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        LOG.with_borrow_mut(|log| log.push(format!("{}: {}", record.level(), record.args())));
    }

    fn flush(&self) {}
}

/// Runs a closure and returns what it logged on this thread.
pub(crate) fn logged(run: impl FnOnce()) -> String {
    listen_to_the_log();
    LOG.take();
    run();
    LOG.take().join("\n")
}

fn listen_to_the_log() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        log::set_logger(&Kept).unwrap();
        log::set_max_level(log::LevelFilter::Warn);
    });
}
