//! The handler around all others: looks after every request whether the response tells the truth.
//!
//! Judges only; `watch` brings the facts, `page` and `busy` write the pages.

use std::fmt;

use rusqlite::Connection;
use solohttp_core::{Failure, Handler, IntoHandler, Locale, Request, Response, catch_panic};

use crate::busy::Busy;
use crate::notice;
use crate::page;
use crate::report::Report;
use crate::watch::Watch;
use crate::words::GuardWords;

/// A handler whose responses do not lie about the database.
///
/// After every request, also one that panicked, it looks at each guarded connection:
///
/// | what it finds | what becomes of the response |
/// |---|---|
/// | an open transaction | rolled back; an error page that names the SQL |
/// | changes that were rolled back, and a response of 2xx or 3xx | an error page in its place |
/// | the same, and a response of 4xx or 5xx | stays; a 5xx page tells of the rollback too |
/// | an error that says busy or locked, anywhere in its chain of causes | 503, with a button to send the same form again |
/// | changes, while the file is no longer at its path, and a response of 2xx or 3xx | an error page in its place; the content is copied to `NAME.rescued` |
/// | a statement that was not finished | stays; the log names it, once |
///
/// If a [check of the file](crate::Database::integrity_check) found damage, every page says so.
/// A moment after the last change, what was committed is moved from the `-wal` into the file
/// of a [`Database`](crate::Database), so that a copy of the file alone has it.
///
/// Changes are rows that were inserted, updated or deleted, and the schema. Rollbacks that are
/// meant are wrapped in [`rollback_on_purpose`](crate::rollback_on_purpose).
///
/// It uses the connection's trace hook and rollback hook, and replaces what the program had set
/// there before the first request; if the program takes the trace hook later, the guard says so
/// in the log and takes it back with the next request. All other hooks stay free: commit, update,
/// busy, progress, WAL, authorizer. A trace hook must not itself call the guarded handler.
///
/// A panic is only survived with `panic = "unwind"`, which is the default.
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
///     Ok("Saved.") // no, it is not: `tx` is dropped here
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
}

struct Guarded<S> {
    connection: Box<dyn Fn(&S) -> &Connection>,
    watch: Watch,
}

impl<S, H: Handler<S>> SqliteGuard<S, H> {
    /// Guards the connection that `connection` finds in the application's state.
    pub fn new<M>(
        handler: impl IntoHandler<S, M, Handler = H>,
        connection: impl Fn(&S) -> &Connection + 'static,
    ) -> Self {
        Self { handler: handler.into_handler(), databases: Vec::new() }.and_connection(connection)
    }

    /// Guards another connection too. Attached databases need no word: they belong to theirs.
    #[must_use]
    pub fn and_connection(mut self, connection: impl Fn(&S) -> &Connection + 'static) -> Self {
        let watch = Watch::default();
        self.databases.push(Guarded { connection: Box::new(connection), watch });
        self
    }

    fn reports(&self, state: &S, request: &Request) -> Vec<Report> {
        // A change of the schema changes no rows; but it does not come with a GET.
        let is_unsafe = !request.method().is_safe();
        let report = |guarded: &Guarded<S>| {
            let db = (guarded.connection)(state);
            Report::new(db, guarded.watch.end(db, is_unsafe))
        };
        self.databases.iter().filter_map(report).collect()
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
        let response = catch_panic(&mut Inner(&mut self.handler), state, request);
        let reports = self.reports(state, request);
        let response = judge(request, response, &reports);
        self.with_notices(state, response)
    }
}

/// The guarded handler; where that runs no closures itself, they run here, within the guard.
struct Inner<'a, H>(&'a mut H);

impl<S: 'static, H: Handler<S>> Handler<S> for Inner<'_, H> {
    fn handle(&mut self, state: &mut S, request: &mut Request) -> Response {
        let response = self.0.handle(state, request);
        request.run_call(state).unwrap_or(response)
    }
}

fn judge(request: &Request, response: Response, reports: &[Report]) -> Response {
    for report in reports {
        report.log_running(request);
    }
    let shuts_down = response.shuts_down();
    let replaced = if let Some(busy) = Busy::find(&response) {
        busy.log(request);
        reports.iter().for_each(|report| report.log_left_open(request));
        busy.page(request, reports)
    } else if reports.iter().any(|report| report.contradicts(&response)) {
        if is_failure_of_server(&response) {
            return tell_more(request, response, reports);
        }
        reports.iter().for_each(|report| report.log(request, &response));
        page::of(request, &response, reports)
    } else if is_failure_of_server(&response) {
        return tell_more(request, response, reports);
    } else {
        return response;
    };
    if shuts_down { replaced.and_shut_down() } else { replaced }
}

fn is_failure_of_server(response: &Response) -> bool {
    response.failure().is_some_and(|failure| failure.status().is_server_error())
}

/// The page of the failure stays, with its message and its stack: they are the cause.
fn tell_more(request: &Request, response: Response, reports: &[Report]) -> Response {
    reports.iter().for_each(|report| report.log_left_open(request));
    let words = Locale::current::<GuardWords>();
    let told: Vec<String> = reports.iter().flat_map(|report| report.told(&words)).collect();
    if told.is_empty() {
        return response;
    }
    let told = told.join(" ");
    response.map_failure(|failure: Failure| match failure.context() {
        Some(context) => {
            let context = format!("{context}; {told}");
            failure.within(context)
        }
        None => failure.within(told),
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
