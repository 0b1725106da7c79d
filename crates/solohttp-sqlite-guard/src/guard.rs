//! The outermost handler: checks each response against what happened in the database.
//!
//! `watch` collects the facts and `page` writes the pages; this file only chooses the response.

use std::fmt;

use rusqlite::Connection;
use solohttp_core::{
    Failure, Handler, IntoHandler, Locale, Request, Response, catch_panic, catch_unwind,
};

use crate::copies::page::CopiesPage;
use crate::page::busy::Busy;
use crate::page::lost_changes;
use crate::page::notice;
use crate::undo::Undo;
use crate::undo::recorder::Recorder;
use crate::watch::hooks::Watch;
use crate::watch::moved;
use crate::watch::report::Report;
use crate::words::GuardWords;

/// A handler that replaces a response if it contradicts the database.
///
/// After every request, including one that panicked, it checks each guarded connection:
///
/// | finding | response |
/// |---|---|
/// | an open transaction | the transaction is rolled back, and an error page shows its SQL |
/// | rolled-back changes and a 2xx or 3xx response | replaced by an error page |
/// | rolled-back changes and a 4xx or 5xx response | kept; a 5xx page mentions the rollback |
/// | a busy or locked error, anywhere in the chain of causes | 503, with a button to resend the form |
/// | changes to a file that is no longer at its path, and a 2xx or 3xx response | replaced by an error page; the content is copied to `NAME.rescued` |
/// | an unfinished statement | kept; the log names the statement once |
///
/// A client that [prefers JSON](Request::prefers_json) gets a `Problem` instead of an error page, with
/// the Cargo feature `json`.
///
/// If an [integrity check](crate::Database::integrity_check) found damage, every page shows a
/// warning. Shortly after the last change to a [`Database`](crate::Database), a background thread
/// checkpoints its `-wal` file. From then on, the main file alone is complete and can be copied.
///
/// A change is an inserted, updated or deleted row, or a schema change. Wrap intended rollbacks in
/// [`rollback_on_purpose`](crate::rollback_on_purpose).
///
/// The guard uses the connection's trace and rollback hooks and replaces any that the program set
/// before the first request. If the program sets a trace hook later, the guard logs a warning and
/// sets its own hook again on the next request. The commit, update, busy, progress, WAL and
/// authorizer hooks remain available to the program. A trace hook must not call the guarded
/// handler.
///
/// Panics are only caught with `panic = "unwind"`, the default.
///
/// ```
/// use rusqlite::Connection;
/// use solohttp_core::{Handler, Request};
/// use solohttp_sqlite_guard::{Database, SqliteGuard};
///
/// struct App {
///     db: Connection,
/// }
///
/// fn forgetful(app: &mut App) -> solohttp_core::Result<&'static str> {
///     let tx = app.db.transaction()?;
///     tx.execute("INSERT INTO note VALUES ('buy milk')", [])?;
///     Ok("Saved.") // wrong: dropping `tx` here rolls it back
/// }
///
/// # fn main() -> Result<(), solohttp_sqlite_guard::Error> {
/// let db = Database::in_memory().migrations(["CREATE TABLE note (text TEXT) STRICT"]).open()?;
/// let mut app = SqliteGuard::new(forgetful, |app: &App| &app.db).with_state(App { db });
///
/// let response = Request::post("/note").send_to(&mut app);
/// assert_eq!(response.status(), 500);
/// assert!(response.into_text().contains("INSERT INTO note VALUES"));
/// # Ok(())
/// # }
/// ```
pub struct SqliteGuard<S, H> {
    handler: H,
    databases: Vec<Guarded<S>>,
    undo: Option<Undo>,
    copies: CopiesPage<S>,
}

struct Guarded<S> {
    connection: Box<dyn Fn(&S) -> &Connection>,
    watch: Watch,
    recorder: Option<Recorder>,
}

impl<S, H: Handler<S>> SqliteGuard<S, H> {
    /// Guards the connection that `connection` returns from the application's state.
    pub fn new<M>(
        handler: impl IntoHandler<S, M, Handler = H>,
        connection: impl Fn(&S) -> &Connection + 'static,
    ) -> Self {
        Self {
            handler: handler.into_handler(),
            databases: Vec::new(),
            undo: None,
            copies: CopiesPage::default(),
        }
        .and_connection(connection)
    }

    /// Guards another connection too. Attached databases are covered by the connection they are
    /// attached to.
    #[must_use]
    pub fn and_connection(mut self, connection: impl Fn(&S) -> &Connection + 'static) -> Self {
        let watch = Watch::default();
        self.databases.push(Guarded { connection: Box::new(connection), watch, recorder: None });
        self
    }

    /// Records what each request changes, so that the user can undo it. See [`Undo`].
    #[must_use]
    pub fn undo(mut self, undo: &Undo) -> Self {
        self.undo = Some(undo.clone());
        self
    }

    /// Adds pages that list the [copies](crate::Copies) of a connection's file and let the user
    /// restore one. Link to `/__copies/`.
    ///
    /// ```
    /// use solohttp_core::{Handler, Request};
    /// use solohttp_sqlite_guard::{Database, SqliteGuard, rusqlite::Connection};
    ///
    /// struct App {
    ///     db: Connection,
    /// }
    ///
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let path = folder.path().join("shop.sqlite");
    /// let db = Database::at(path).daily_copies(7).open()?;
    /// let guard = SqliteGuard::new(|| "<a href=\"/__copies/\">Copies</a>", |app: &App| &app.db);
    /// let mut app = guard.copies(|app: &mut App| &mut app.db).with_state(App { db });
    /// let list = Request::get("/__copies/").send_to(&mut app).into_text();
    /// assert!(list.contains("Copies of shop.sqlite"));
    /// # Ok::<(), solohttp_sqlite_guard::Error>(())
    /// ```
    ///
    /// A restore saves the current content as another copy and runs any pending migrations. It also
    /// clears the [`Undo`] list. If the program caches database content in memory, reload it in
    /// [`after_restore`](Self::after_restore).
    #[must_use]
    pub fn copies(mut self, connection: impl Fn(&mut S) -> &mut Connection + 'static) -> Self {
        self.copies.connection = Some(Box::new(connection));
        self
    }

    /// Sets a callback to run after a user has restored a copy on the pages of
    /// [`copies`](Self::copies).
    #[must_use]
    pub fn after_restore(mut self, then: impl Fn(&mut S) + 'static) -> Self {
        self.copies.after_restore = Some(Box::new(then));
        self
    }

    fn reports(&self, state: &S, request: &Request) -> Vec<Report> {
        // A schema change doesn't raise the row count, so every unsafe request is assumed to have
        // made one. A GET request doesn't change the schema.
        let is_unsafe = !request.method().is_safe();
        let report = |guarded: &Guarded<S>| {
            let db = (guarded.connection)(state);
            Report::new(db, guarded.watch.end(db, is_unsafe))
        };
        self.databases.iter().filter_map(report).collect()
    }

    fn begin_step(&mut self, state: &S) {
        let Some(undo) = &self.undo else { return };
        undo.begin_request();
        for (at, guarded) in self.databases.iter_mut().enumerate() {
            let db = (guarded.connection)(state);
            undo.begin(&mut guarded.recorder, db, at, &guarded.watch);
        }
    }

    /// Responds to the buttons of [`Undo::view`].
    fn undo_or_redo(&self, state: &S, request: &Request) -> Option<Response> {
        let of = |guarded| {
            let Guarded { connection, recorder, .. }: &Guarded<S> = guarded;
            (connection(state), recorder.as_ref())
        };
        self.undo.as_ref()?.respond(request, || self.databases.iter().map(of).collect())
    }

    /// Responds to a request for the pages about copies.
    fn copies_page(&self, state: &mut S, request: &Request) -> Option<Response> {
        let has_moved =
            |state: &S| self.databases.iter().any(|it| moved::has_moved((it.connection)(state)));
        let (response, is_restored) = self.copies.respond(state, request, has_moved)?;
        if is_restored && let Some(undo) = &self.undo {
            undo.clear();
        }
        Some(response)
    }

    /// Turns what the request saved into a step that can be undone.
    fn end_step(&mut self, state: &S, request: &Request, response: &Response) {
        let Some(undo) = &self.undo else { return };
        let status = response.status();
        let databases = self.databases.iter_mut();
        undo.end_request(
            databases.map(|it| ((it.connection)(state), &it.watch, &mut it.recorder)),
            status.is_success() || status.is_redirection(),
            !request.method().is_safe(),
        );
    }

    fn with_notices(&self, state: &S, response: Response) -> Response {
        self.databases.iter().fold(response, |response, guarded| {
            let Some(damage) = guarded.watch.damage() else { return response };
            let path = (guarded.connection)(state).path().unwrap_or_default();
            response.with_notice(notice::of(path.as_ref(), &damage))
        })
    }
}

impl<S: 'static, H: Handler<S>> Handler<S> for SqliteGuard<S, H> {
    fn handle(&mut self, state: &mut S, request: &mut Request) -> Response {
        for guarded in &mut self.databases {
            guarded.watch.begin((guarded.connection)(state));
        }
        self.begin_step(state);
        let own = catch_unwind(|| {
            self.undo_or_redo(state, request).or_else(|| self.copies_page(state, request))
        });
        let response = match own {
            Ok(Some(response)) => response,
            Ok(None) => catch_panic(&mut Inner(&mut self.handler), state, request),
            Err(failure) => Response::failed(failure),
        };
        let reports = self.reports(state, request);
        let response = check(request, response, &reports);
        self.end_step(state, request, &response);
        self.with_notices(state, response)
    }
}

/// Wraps the guarded handler. If the handler doesn't run the closure that a request carries, it
/// runs here, where the guard covers it.
struct Inner<'a, H>(&'a mut H);

impl<S: 'static, H: Handler<S>> Handler<S> for Inner<'_, H> {
    fn handle(&mut self, state: &mut S, request: &mut Request) -> Response {
        let response = self.0.handle(state, request);
        request.run_call(state).unwrap_or(response)
    }
}

fn check(request: &Request, response: Response, reports: &[Report]) -> Response {
    for report in reports {
        report.log_running(request);
    }
    let shuts_down = response.shuts_down();
    let replaced = if let Some(busy) = Busy::find(&response) {
        busy.log(request);
        reports.iter().for_each(|report| report.log_left_open(request));
        busy.page(request, reports)
    } else if reports.iter().any(|report| report.contradicts(&response)) {
        if is_server_error(&response) {
            return add_context(request, response, reports);
        }
        reports.iter().for_each(|report| report.log(request, &response));
        lost_changes::page(request, &response, reports)
    } else if is_server_error(&response) {
        return add_context(request, response, reports);
    } else {
        return response;
    };
    if shuts_down { replaced.and_shut_down() } else { replaced }
}

fn is_server_error(response: &Response) -> bool {
    response.failure().is_some_and(|failure| failure.status().is_server_error())
}

/// Keeps the error page, which shows the cause, and adds what was rolled back.
fn add_context(request: &Request, response: Response, reports: &[Report]) -> Response {
    reports.iter().for_each(|report| report.log_left_open(request));
    let words = Locale::current::<GuardWords>();
    let losses: Vec<String> = reports.iter().flat_map(|report| report.summary(&words)).collect();
    if losses.is_empty() {
        return response;
    }
    let losses = losses.join(" ");
    response.map_failure(|failure: Failure| match failure.context() {
        Some(context) => {
            let context = format!("{context}; {losses}");
            failure.within(context)
        }
        None => failure.within(losses),
    })
}

impl<S, H: fmt::Debug> fmt::Debug for SqliteGuard<S, H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqliteGuard")
            .field("handler", &self.handler)
            .field("databases", &self.databases.len())
            .finish()
    }
}
